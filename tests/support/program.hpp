// The program as its users meet it: started with arguments, judged by its output, its exit code and what it leaves
// behind.
#pragma once
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace qantar::testing {

namespace fs = std::filesystem;

inline std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void write_file(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

/// A fresh folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "qantar_cli_XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const fs::path& path() const { return path_; }
  fs::path operator/(const std::string& name) const { return path_ / name; }
  /// Names of what lies in it.
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(path_)) out.push_back(entry.path().filename().string());
    return out;
  }

 private:
  fs::path path_;
};

/// How a call ended. `code` is 128 + signal for a program that a signal ended.
struct Ended {
  int code = -1;
  std::string out, err;
};

/// A program under way; it is ended when it goes out of scope.
class Running {
 public:
  Running(const std::string& program, const std::vector<std::string>& arguments, const std::string& stdout_to = "") {
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const std::string out = stdout_to.empty() ? (streams_ / "out").string() : stdout_to;
    const std::string err = (streams_ / "err").string();
    child_ = fork();
    if (child_ < 0) throw std::runtime_error("no child process");
    if (child_ > 0) return;
    const int in = open("/dev/null", O_RDONLY);
    dup2(in, 0);
    dup2(open(out.c_str(), O_WRONLY | O_CREAT, 0600), 1);
    dup2(open(err.c_str(), O_WRONLY | O_CREAT, 0600), 2);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  ~Running() {
    if (child_ > 0) finish(std::chrono::seconds(0));
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void send(int signal) const { kill(child_, signal); }

  /// Waits, and ends the program by force when it takes longer.
  Ended finish(std::chrono::milliseconds patience = std::chrono::minutes(10)) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    int status = 0;
    while (waitpid(child_, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() > deadline) {
        kill(child_, SIGKILL);
        waitpid(child_, &status, 0);
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    child_ = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text_of(streams_ / "out"),
            text_of(streams_ / "err")};
  }

 private:
  Folder streams_;
  pid_t child_ = -1;
};

/// Runs `qantar` with these arguments to its end.
inline Ended qantar(const std::vector<std::string>& arguments) { return Running(QANTAR_PROGRAM, arguments).finish(); }

inline fs::path source(const std::string& relative) { return fs::path(QANTAR_SOURCE_DIR) / relative; }
inline std::string small_case() { return source("tests/support/small_case").string(); }

/// A copy of the small case to be spoilt.
class CaseCopy {
 public:
  CaseCopy() { fs::copy(small_case(), path(), fs::copy_options::recursive); }
  std::string path() const { return (folder_ / "copy").string(); }
  fs::path operator/(const std::string& file) const { return fs::path(path()) / file; }
  /// Replaces the first occurrence in a file. Throws when there is none, so that no test spoils nothing.
  void replace(const std::string& file, const std::string& old, const std::string& by) const {
    std::string text = text_of(*this / file);
    const auto at = text.find(old);
    if (at == std::string::npos) throw std::runtime_error(file + " has no \"" + old + "\"");
    write_file(*this / file, text.replace(at, old.size(), by));
  }

 private:
  Folder folder_;
};

}  // namespace qantar::testing
