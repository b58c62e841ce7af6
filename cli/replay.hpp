// A trial once more, from what a result holds about its own making.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "agents/models.hpp"
#include "cli/sweep/swept_case.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::cli {

/// Rebuilds the case of a result from the input files and overrides that it stores. Throws ResultError when this
/// program cannot read them.
class Replay {
 public:
  Replay(std::string path, const sim::ResultReader& result);

  /// The trial as this program runs it, with its events. Throws ResultError, which names the first number that
  /// differs from the stored row, when it is not the same bit for bit.
  sim::TrialResult trial(std::int64_t index) const;
  const agents::Hypothesis& hypothesis(std::int32_t index) const;

 private:
  std::string path_;
  const sim::ResultReader& result_;
  std::unique_ptr<const SweptCase> sweep_;      ///< of a result that was merged from one
  std::vector<agents::Hypothesis> hypotheses_;  ///< in the order of the result's hypotheses
};

}  // namespace qantar::cli
