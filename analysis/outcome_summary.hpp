// What the trials of a result come to, outcome by outcome.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "analysis/statistics/wilson.hpp"
#include "sim/results/result_file.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// One number over the trials of one hypothesis.
struct OutcomeSummary {
  /// Of trials in which it is so or happens, with its 95 % interval (Wilson); of a flag: among those that say. NaN for
  /// amounts, which have no share.
  Estimate share{std::numeric_limits<double>::quiet_NaN(), 0, 1};
  /// `sim::band_quantiles` of amounts, and of times where it happens; NaN where there is none, as of flags.
  std::array<double, sim::band_quantiles.size()> quantiles{};

  bool has_quantiles() const { return !std::isnan(quantiles.front()); }
};

/// Whether it is counted in how many trials something is so or happens.
inline bool is_share(sim::ValueKind kind) { return kind == sim::ValueKind::flag || kind == sim::ValueKind::time; }

/// `values` in any order; NaN of a time: it did not happen, of anything else: undefined.
OutcomeSummary summarise(sim::ValueKind kind, std::vector<double> values);

/// Rows of a result, ascending, by hypothesis.
using RowsByHypothesis = std::vector<std::vector<std::size_t>>;
/// Those of the trials that did not fail.
RowsByHypothesis good_rows(const sim::ResultReader& result);

/// Of an outcome without code: by its number (one, or one for each label of its axes), then hypothesis.
std::vector<std::vector<OutcomeSummary>> summarise(const sim::ResultReader& result, const sim::Variable& outcome,
                                                   const RowsByHypothesis& rows);

/// Trials of one hypothesis.
struct TrialCounts {
  std::int64_t trials = 0, failed = 0;
};
std::vector<TrialCounts> trial_counts(const sim::ResultReader& result);

}  // namespace qantar::analysis
