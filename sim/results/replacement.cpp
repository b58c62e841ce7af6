#include "sim/results/replacement.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/results/provenance.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::sim {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& target) { return target.has_parent_path() ? target.parent_path() : fs::path("."); }

std::string remedy_for(const fs::path& target) {
  std::error_code error;
  const std::string folder = fs::absolute(folder_of(target), error).string();
  return fs::is_directory(folder_of(target), error)
             ? fmt::format("Free space in {} or choose another folder", folder)
             : fmt::format("The folder {} is gone: make it again, or choose another", folder);
}

fs::path make_temporary(const fs::path& target) {
  constexpr int tries = 10;
  std::random_device random;
  for (int i = 0; i < tries; ++i) {
    fs::path path =
        fmt::format("{}.tmp.{}.{}.{:08x}{:08x}", target.string(), host_name(), getpid(), random(), random());
    const int id = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (id >= 0) {
      close(id);
      return path;
    }
    if (errno != EEXIST) break;
  }
  throw std::system_error(errno, std::generic_category(), "cannot make a file beside it");
}

bool is_orphan(const fs::path& file) {
  const std::string name = file.filename().string(), mark = ".tmp." + host_name() + ".";
  const auto at = name.rfind(mark);
  if (at == std::string::npos) return false;
  pid_t maker = 0;
  const char* const end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + at + mark.size(), end, maker);
  if (error != std::errc() || maker <= 0 || rest == end || *rest != '.') return false;
  // A process of another user is alive too, though no signal can be sent to it.
  return kill(maker, 0) != 0 && errno == ESRCH && fs::is_regular_file(fs::symlink_status(file));
}

void remove_orphans(const fs::path& target) {
  const std::string begins = target.filename().string() + ".tmp.";
  std::error_code error;
  std::vector<fs::path> orphans;
  for (fs::directory_iterator it(folder_of(target), error), end; !error && it != end; it.increment(error))
    if (it->path().filename().string().starts_with(begins) && is_orphan(it->path())) orphans.push_back(it->path());
  for (const auto& orphan : orphans) fs::remove(orphan, error);
}

namespace {

// Whether only another user may replace a file, though anybody may write into its folder, as in /tmp.
bool is_of_another(const fs::path& target) {
  struct stat file {
  }, folder{};
  if (lstat(target.c_str(), &file) != 0 || stat(folder_of(target).c_str(), &folder) != 0) return false;
  const uid_t me = geteuid();
  return (folder.st_mode & S_ISVTX) && me != 0 && file.st_uid != me && folder.st_uid != me;
}

}  // namespace

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
  if (!fs::exists(fs::symlink_status(target, ignored))) return;
  if (!replace) fail("the file exists already", "Choose another name, or replace it with --force");
  if (is_of_another(target)) fail("the file belongs to another user, and so does its folder", "Choose another name");
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
  remove_orphans(target);
  fs::path temporary;
  std::error_code ignored;
  bool moved = false;
  try {
    temporary = make_temporary(target);
    std::ofstream out(temporary, std::ios::binary);
    write(out);
    out.close();
    if (!out) throw std::system_error(ENOSPC, std::generic_category());
    moved = move_into_place(temporary, target, replace);
    sync_folder(folder_of(target));
  } catch (const std::system_error&) {
    fs::remove(temporary, ignored);
    throw OutputError(fmt::format("{}: cannot be written. {}", target.string(), remedy_for(target)));
  } catch (...) {
    fs::remove(temporary, ignored);
    throw;
  }
  if (moved) return;
  fs::remove(temporary, ignored);
  check_target(target, false);
}

}  // namespace qantar::sim
