// A real Slurm for one test, and what a test does to it.
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include "tests/support/program.hpp"

namespace qantar::testing {

/// Four nodes with a core each. It goes with the test, and also when the test is killed.
class Lab {
 public:
  Lab() {
    setenv("LAB_OWNER", std::to_string(getpid()).c_str(), 1);
    const Ended ended = script({"start", dir(), "4"});
    if (ended.code == 77) absent_ = ended.err;
    if (ended.code != 0 && ended.code != 77) throw std::runtime_error(ended.err);
    started_ = ended.code == 0;
    setenv("SLURM_CONF", (folder_ / "lab/slurm.conf").c_str(), 1);
  }
  ~Lab() {
    if (!started_) return;
    const Ended ended = script({"stop", dir()});
    if (ended.code != 0) std::fprintf(stderr, "%s", ended.err.c_str());
  }
  Lab(const Lab&) = delete;
  Lab& operator=(const Lab&) = delete;

  /// Why this machine can have none; empty when it has.
  const std::string& absent() const { return absent_; }
  void kill_node(const std::string& node) const { lose("node-kill", node); }
  void cut_node(const std::string& node) const { lose("node-cut", node); }

 private:
  static Ended script(std::vector<std::string> words) {
    words.insert(words.begin(), source("tests/cluster/slurm-lab.sh").string());
    return Running("bash", words).finish();
  }
  std::string dir() const { return (folder_ / "lab").string(); }
  /// Slurm would notice by itself, after 16 seconds.
  void lose(const std::string& how, const std::string& node) const {
    const Ended ended = script({how, dir(), node});
    if (ended.code != 0) throw std::runtime_error(ended.err);
    const Ended told = Running("scontrol", {"update", "nodename=" + node, "state=down", "reason=test"}).finish();
    if (told.code != 0) throw std::runtime_error(told.err);
  }

  Folder folder_;
  std::string absent_;
  bool started_ = false;
};

inline bool within(std::chrono::seconds patience, const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return true;
}

/// Where each running task of an array runs, by its index.
inline std::map<int, std::string> running_tasks(const std::string& array) {
  std::map<int, std::string> nodes;
  std::istringstream lines(
      Running("squeue", {"--noheader", "--states=RUNNING", "--format=%K %N", "--jobs", array}).finish().out);
  int task = 0;
  for (std::string node; lines >> task >> node;) nodes[task] = node;
  return nodes;
}

/// Processes that work on one shard of a sweep, as their command lines say.
inline std::vector<pid_t> workers(const fs::path& folder, const std::string& shard) {
  std::vector<pid_t> out;
  const std::string zero(1, '\0'), wanted = folder.string() + zero + "--shard" + zero + shard + zero;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (text_of(entry.path() / "cmdline").find(wanted) != std::string::npos) out.push_back(std::stoi(name));
  }
  return out;
}

}  // namespace qantar::testing
