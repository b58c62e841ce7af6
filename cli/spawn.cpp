#include "cli/spawn.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace qantar::cli {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

/// Files take any amount without anybody reading at the other end.
File scratch() {
  File file(std::tmpfile(), std::fclose);
  if (!file) throw std::system_error(errno, std::generic_category(), "a temporary file");
  return file;
}

std::string contents_of(std::FILE* file) {
  std::rewind(file);
  std::string text;
  std::array<char, 4096> some{};
  while (const std::size_t n = std::fread(some.data(), 1, some.size(), file)) text.append(some.data(), n);
  return text;
}

}  // namespace

SpawnEnd spawn(const std::vector<std::string>& words) {
  const File out = scratch(), err = scratch();
  auto copy = words;
  std::vector<char*> argv;
  for (auto& word : copy) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_addopen(&streams, 0, "/dev/null", 0, 0);
  posix_spawn_file_actions_adddup2(&streams, fileno(out.get()), 1);
  posix_spawn_file_actions_adddup2(&streams, fileno(err.get()), 2);
  pid_t child = 0;
  const int error = posix_spawnp(&child, argv[0], &streams, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&streams);
  SpawnEnd end;
  if (error == ENOENT || error == EACCES) return end;
  if (error != 0) throw std::system_error(error, std::generic_category(), words.front());
  end.started = true;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  end.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  end.out = contents_of(out.get());
  end.err = contents_of(err.get());
  return end;
}

}  // namespace qantar::cli
