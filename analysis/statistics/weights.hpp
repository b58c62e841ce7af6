// Weights of a sample.
#pragma once
#include <span>
#include <vector>

namespace qantar::analysis {

/// exp(x - max x) / sum, in the order given; all 0 when every weight is -infinity.
std::vector<double> normalised(std::span<const double> log_weights);

/// (sum w)^2 / sum w^2: how many equally weighted points are worth as much (Kish 1965). 0 without weight.
double effective_sample_size(std::span<const double> weights);

}  // namespace qantar::analysis
