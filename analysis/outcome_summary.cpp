#include "analysis/outcome_summary.hpp"

#include <algorithm>

#include "analysis/statistics/quantile.hpp"
#include "sim/conversions.hpp"

namespace qantar::analysis {

OutcomeSummary summarise(sim::ValueKind kind, std::vector<double> values) {
  OutcomeSummary out;
  out.quantiles.fill(std::numeric_limits<double>::quiet_NaN());
  const auto trials = std::ssize(values);
  std::erase_if(values, [](double x) { return std::isnan(x); });
  if (kind == sim::ValueKind::flag) {
    out.share = wilson(std::ranges::count(values, 1.0), std::ssize(values));
    return out;
  }
  if (kind == sim::ValueKind::time) out.share = wilson(std::ssize(values), trials);
  std::ranges::sort(values);
  if (!values.empty())
    for (std::size_t i = 0; i < out.quantiles.size(); ++i) out.quantiles[i] = quantile(values, sim::band_quantiles[i]);
  return out;
}

RowsByHypothesis good_rows(const sim::ResultReader& result) {
  RowsByHypothesis out(result.run().hypotheses.size());
  const auto hypothesis = result.hypothesis(), status = result.status();
  for (std::size_t row = 0; row < status.size(); ++row)
    if (status[row] == sim::to_underlying(sim::TrialStatus::ok)) out.at(hypothesis[row]).push_back(row);
  return out;
}

std::vector<std::vector<OutcomeSummary>> summarise(const sim::ResultReader& result, const sim::Variable& outcome,
                                                   const RowsByHypothesis& rows) {
  const auto numbers = result.variable(outcome.name);
  const std::size_t size = result.layout().size(outcome);
  std::vector<std::vector<OutcomeSummary>> out(size);
  for (std::size_t i = 0; i < size; ++i)
    for (const auto& of_hypothesis : rows) {
      std::vector<double> values;
      for (const std::size_t row : of_hypothesis) values.push_back(numbers[row * size + i]);
      out[i].push_back(summarise(outcome.kind, std::move(values)));
    }
  return out;
}

std::vector<TrialCounts> trial_counts(const sim::ResultReader& result) {
  std::vector<TrialCounts> out(result.run().hypotheses.size());
  const auto hypothesis = result.hypothesis(), status = result.status();
  for (std::size_t t = 0; t < status.size(); ++t) {
    TrialCounts& of = out.at(hypothesis[t]);
    ++of.trials;
    of.failed += status[t] == sim::to_underlying(sim::TrialStatus::failed);
  }
  return out;
}

}  // namespace qantar::analysis
