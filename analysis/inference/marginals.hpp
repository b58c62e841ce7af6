// What the record says of the parameters of an account: where the trials that fit it lie in their priors.
#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "analysis/inference/account.hpp"
#include "analysis/inference/evidence_estimate.hpp"

namespace qantar::analysis {

/// Of one prior that is not fixed.
struct Marginal {
  std::string name;
  std::array<double, 3> prior{}, posterior{};  ///< 5, 50 and 95 % points, in the unit of the parameter
  std::vector<double> quantile;                ///< of each trial in the prior, in [0, 1]
  std::vector<double> density;                 ///< relative to the prior, in equal bins of that quantile; 1: as before
  double information_gain = 0;                 ///< nats, from the bins; 0 when the record says nothing
};

/// One per prior that is not fixed, most informed first. `weights` of the trials sum to 1.
std::vector<Marginal> marginals(const Account& account, const Trials& trials, std::span<const double> weights,
                                std::size_t bins);

/// Density of two parameters relative to their priors, in bins x bins equal cells, by the quantile of `a`, then of `b`.
std::vector<double> joint_density(const Marginal& a, const Marginal& b, std::span<const double> weights,
                                  std::size_t bins);

}  // namespace qantar::analysis
