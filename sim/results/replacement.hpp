// A file appears complete or not at all: it is written under a temporary name beside its target and renamed.
#pragma once
#include <filesystem>

namespace qantar::sim {

/// Throws OutputError when the target exists and `replace` is false, or its folder is missing or cannot be written.
void check_target(const std::filesystem::path& target, bool replace);

std::filesystem::path folder_of(const std::filesystem::path& target);
/// Beside the target; no other process uses it, on whatever machine.
std::filesystem::path temporary_name(const std::filesystem::path& target);

/// Returns whether it was moved: without `replace` a file that appeared meanwhile stays.
bool move_into_place(const std::filesystem::path& from, const std::filesystem::path& to, bool replace);
/// Makes a rename in the folder last. Some file systems cannot do it; nothing is lost then.
void sync_folder(const std::filesystem::path& folder);

}  // namespace qantar::sim
