// Work that may crash or never end, done in a child process.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace qantar::sim {

using Report = std::function<void(const std::string&)>;

struct Outcome {
  enum class End { good, crashed, stalled };
  std::vector<std::string> reports;  ///< what the work said before it ended
  End end = End::good;
};

/// Runs `work` in a child. It stalls when an alarm(2) that it has set for itself goes off; without one it may
/// take as long as it likes. What it prints is lost.
Outcome in_child(const std::function<void(const Report&)>& work);

}  // namespace qantar::sim
