// Was a mechanism at work, whatever account it belongs to? Share of a posterior in which a switch is on.
#pragma once
#include <span>

#include "analysis/statistics/wilson.hpp"

namespace qantar::analysis {

/// Inclusion probability of a switch that trials of one account leave open: weighted share of trials in which it is on,
/// with Wilson's 95 % interval for the effective number of trials (error of simulation only). `on` holds one flag per
/// trial, weights >= 0 need not be normalised. NaN in [0, 1] without weight. Throws std::invalid_argument when the
/// sizes differ.
Estimate inclusion_probability(std::span<const char> on, std::span<const double> weights);

}  // namespace qantar::analysis
