// The outcomes of a run in a few lines: what happened how often, and how much of it.
#pragma once
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "analysis/outcome_summary.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::cli {

/// All flags, times, counts and amounts of a result that are one number per trial.
struct ResultSummary {
  std::vector<sim::HypothesisLabel> hypotheses;
  std::vector<analysis::TrialCounts> counts;  ///< by hypothesis
  std::vector<sim::Variable> outcomes;
  std::vector<std::vector<analysis::OutcomeSummary>> values;  ///< by outcome, then hypothesis
};

ResultSummary summarise(const sim::ResultReader& result);
std::string text_of(const ResultSummary& summary, const sim::Clock& clock);
nlohmann::json json_of(const ResultSummary& summary);

}  // namespace qantar::cli
