// Was a mechanism at work, whatever account it belongs to? Share of a posterior in which a switch is on.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "analysis/inference/account_trials.hpp"
#include "analysis/statistics/wilson.hpp"

namespace qantar::analysis {

/// Inclusion probability of a switch that trials of one account leave open: weighted share of trials in which it is on,
/// with Wilson's 95 % interval for the effective number of trials (error of simulation only). `on` holds one flag per
/// trial, weights >= 0 need not be normalised. NaN in [0, 1] without weight. Throws std::invalid_argument when the
/// sizes differ.
Estimate inclusion_probability(std::span<const char> on, std::span<const double> weights);

/// What an account that leaves a switch open says of it.
struct Inclusion {
  double before = 0;  ///< share of trials under the priors
  Estimate after;     ///< inclusion probability given the record
};

/// Of `count` switches whose state, 1 or 0, is in the outcomes from `first` on; in a failed trial all are off.
/// `weights` are those of the evidence trials.
std::vector<Inclusion> switch_inclusion(const AccountTrials& account, std::span<const double> weights,
                                        std::size_t first, std::size_t count);

}  // namespace qantar::analysis
