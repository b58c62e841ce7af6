#include "sim/results/child.hpp"

#include <cerrno>
#include <csignal>
#include <exception>
#include <system_error>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace qantar::sim {
namespace {

/// The life of the child: reports are texts that end in a zero byte. Leaves without running anything of the
/// parent's.
[[noreturn]] void live(int pipe_end, const std::function<void(const Report&)>& work) {
  // A library that dies may print, which would help nobody.
  if (const int nowhere = open("/dev/null", O_WRONLY); nowhere >= 0) {
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
  }
  std::signal(SIGALRM, SIG_DFL);
  const Report report = [&](const std::string& text) {
    const std::string line = text + '\0';
    for (std::size_t done = 0; done < line.size();) {
      const ssize_t n = write(pipe_end, line.data() + done, line.size() - done);
      if (n <= 0) _exit(1);
      done += n;
    }
  };
  try {
    work(report);
  } catch (const std::exception& e) {
    report(e.what());
  } catch (...) {
    _exit(1);
  }
  _exit(0);
}

std::string read_to_end(int pipe_end) {
  std::string text;
  char block[4096];
  for (ssize_t n; (n = read(pipe_end, block, sizeof block)) != 0;) {
    if (n > 0) text.append(block, static_cast<std::size_t>(n));
    if (n < 0 && errno != EINTR) break;
  }
  return text;
}

}  // namespace

Outcome in_child(const std::function<void(const Report&)>& work) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  const pid_t child = fork();
  if (child == 0) live(ends[1], work);
  const int error = errno;
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    throw std::system_error(error, std::generic_category(), "cannot start a child process");
  }
  const std::string text = read_to_end(ends[0]);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  Outcome out;
  for (std::size_t from = 0, to; (to = text.find('\0', from)) != std::string::npos; from = to + 1)
    out.reports.push_back(text.substr(from, to - from));
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    out.end = Outcome::End::stalled;
  else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    out.end = Outcome::End::crashed;
  return out;
}

}  // namespace qantar::sim
