// A file appears complete or not at all: it is written under a temporary name beside its target and renamed.
#pragma once
#include <filesystem>
#include <functional>
#include <ostream>

namespace qantar::sim {

/// Throws OutputError when the target exists and `replace` is false, or its folder is missing or cannot be written.
void check_target(const std::filesystem::path& target, bool replace);

/// What to do when a file cannot be written there.
std::string remedy_for(const std::filesystem::path& target);

std::filesystem::path folder_of(const std::filesystem::path& target);
/// Makes an empty file beside the target, under a name that nobody can foresee and at which nothing stood, no link
/// either. The name tells host and process. Throws std::system_error.
std::filesystem::path make_temporary(const std::filesystem::path& target);
/// Whether a file has such a name, and the process that made it was one of this host and is gone.
bool is_orphan(const std::filesystem::path& file);
/// Removes what killed processes have left of a target.
void remove_orphans(const std::filesystem::path& target);

/// Returns whether it was moved: without `replace` a file that appeared meanwhile stays.
bool move_into_place(const std::filesystem::path& from, const std::filesystem::path& to, bool replace);
/// All of it for a text: `write` fills a temporary file, which is then renamed. Nothing stays when that fails, or when
/// `write` throws. Throws OutputError.
void write_text_file(const std::filesystem::path& target, bool replace,
                     const std::function<void(std::ostream&)>& write);
/// Makes a rename in the folder last. Some file systems cannot do it; nothing is lost then.
void sync_folder(const std::filesystem::path& folder);

}  // namespace qantar::sim
