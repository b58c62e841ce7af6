#include "sim/results/replacement.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include "sim/results/provenance.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::sim {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& target) { return target.has_parent_path() ? target.parent_path() : fs::path("."); }

fs::path temporary_name(const fs::path& target) {
  return fmt::format("{}.tmp.{}.{}", target.string(), host_name(), getpid());
}

void check_target(const fs::path& target, bool replace) {
  std::error_code ignored;
  const auto fail = [&](const std::string& problem, const std::string& remedy) {
    throw OutputError(fmt::format("{}: {}. {}", target.string(), problem, remedy));
  };
  if (target.filename().empty() || fs::is_directory(target, ignored))
    fail("this is a folder, not a file", "Give the name of a file in it");
  if (!fs::is_directory(folder_of(target), ignored))
    fail("the folder does not exist", "Create it first: mkdir -p " + folder_of(target).string());
  if (access(folder_of(target).c_str(), W_OK) != 0)
    fail(fmt::format("the folder cannot be written: {}", std::strerror(errno)), "Choose another folder");
  if (fs::exists(fs::symlink_status(target, ignored)) && !replace)
    fail("the file exists already", "Choose another name, or replace it with --force");
}

void sync_folder(const fs::path& folder) {
  // The rename itself is only safe on disk when its folder is. Some file systems cannot do it; nothing is
  // lost then.
  const int id = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (id < 0) return;
  fsync(id);
  close(id);
}

bool move_into_place(const fs::path& from, const fs::path& to, bool replace) {
  if (!replace) {
    if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno == EEXIST) return false;
    // Not every file system has it.
    if (errno != EINVAL && errno != ENOSYS)
      throw std::system_error(errno, std::generic_category(), "cannot rename " + from.string());
    if (fs::exists(fs::symlink_status(to))) return false;
  }
  fs::rename(from, to);
  return true;
}

void write_text_file(const fs::path& target, bool replace, const std::function<void(std::ostream&)>& write) {
  check_target(target, replace);
  const fs::path temporary = temporary_name(target);
  std::error_code ignored;
  bool moved = false;
  try {
    std::ofstream out(temporary, std::ios::binary);
    write(out);
    out.close();
    if (!out) throw std::system_error(ENOSPC, std::generic_category());
    moved = move_into_place(temporary, target, replace);
    sync_folder(folder_of(target));
  } catch (const std::system_error&) {
    fs::remove(temporary, ignored);
    throw OutputError(
        fmt::format("{}: cannot be written. Free space or choose another folder with -o", target.string()));
  } catch (...) {
    fs::remove(temporary, ignored);
    throw;
  }
  if (moved) return;
  fs::remove(temporary, ignored);
  check_target(target, false);
}

}  // namespace qantar::sim
