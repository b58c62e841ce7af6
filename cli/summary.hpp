// The outcomes of a run in a few lines: what happened how often, and how much of it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "sim/results/result_file.hpp"

namespace qantar::cli {

/// One outcome under one hypothesis, over the trials that did not fail.
struct OutcomeSummary {
  bool is_share = true;                    ///< of trials in which it is so; otherwise an amount
  double share = 0, low = 0, high = 0;     ///< share with its 95 % interval (Wilson)
  double median = 0, least = 0, most = 0;  ///< median and 5 to 95 % of trials; of a time: of those in which it happened
  bool has_median = false;
};

/// All flags, times, counts and amounts of a result that are one number per trial.
struct ResultSummary {
  std::vector<sim::HypothesisLabel> hypotheses;
  std::vector<std::int64_t> trials, failed;  ///< by hypothesis
  std::vector<sim::Variable> outcomes;
  std::vector<std::vector<OutcomeSummary>> values;  ///< by outcome, then hypothesis
};

ResultSummary summarise(const sim::ResultReader& result);
std::string text_of(const ResultSummary& summary, const sim::Clock& clock);
nlohmann::json json_of(const ResultSummary& summary);

}  // namespace qantar::cli
