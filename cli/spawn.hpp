// Another program, started without a shell and waited for.
#pragma once
#include <string>
#include <vector>

namespace qantar::cli {

struct SpawnEnd {
  int code = -1;         ///< exit code; 128 + signal for a program that a signal ended
  bool started = false;  ///< false when there is no such program
  std::string out, err;
};

/// Runs a program that is found as a shell finds it. Throws std::system_error when this machine has no room for it.
SpawnEnd spawn(const std::vector<std::string>& words);

}  // namespace qantar::cli
