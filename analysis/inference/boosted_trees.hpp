// Which account does a record come from, when the answer need not be linear in its columns?
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "analysis/inference/simulated_datasets.hpp"

namespace qantar::analysis {

/// Stochastic gradient boosting (Friedman 2002) of the multinomial log likelihood by trees of depth 3, grown by XGBoost
/// (Chen and Guestrin 2016), as what is added to the scores of another classifier. A record that says "never" goes to
/// whichever side of a split fits it better. Values are taken in single precision.
class BoostedTrees {
 public:
  /// Rounds between two looks at the rows left out, the most rounds that are grown, and how many without an improvement
  /// end the growth.
  static constexpr std::size_t stride = 10, most = 200, patience = 40;

  /// `keep[i]` is 0 for rows to leave out; growth is judged by these. `start` are the scores of each row to which
  /// the trees add. Throws std::invalid_argument when all rows are left out or none is, when sizes do not fit, and what
  /// RecordOrder throws.
  BoostedTrees(const SimulatedDatasets& records, std::span<const char> keep,
               const std::vector<std::vector<double>>& start);

  /// -ln P(truth) summed over the rows left out, after 10, 20, ... rounds.
  const std::vector<double>& loss() const { return loss_; }
  /// What the trees add to the logarithms of probabilities, up to a constant, after `rounds` rounds.
  std::vector<double> scores(std::span<const double> record, std::size_t rounds) const;

 private:
  RecordOrder order_;
  std::shared_ptr<void> booster_;
  std::vector<double> loss_;
};

}  // namespace qantar::analysis
