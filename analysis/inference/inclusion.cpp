#include "analysis/inference/inclusion.hpp"

#include <cmath>
#include <cstdint>
#include <stdexcept>

#include <fmt/format.h>

#include "analysis/inference/proposal.hpp"

namespace qantar::analysis {

Estimate inclusion_probability(std::span<const char> on, std::span<const double> weights) {
  if (on.size() != weights.size())
    throw std::invalid_argument(fmt::format("{} flags with {} weights: as many are needed", on.size(), weights.size()));
  double sum = 0, with = 0;
  for (std::size_t i = 0; i < on.size(); ++i) {
    sum += weights[i];
    if (on[i]) with += weights[i];
  }
  if (!(sum > 0)) return wilson(0, 0);
  const double share = with / sum, size = effective_sample_size(weights);
  const Estimate rounded = wilson(std::llround(share * size), std::llround(size));
  return {share, std::min(share, rounded.low), std::max(share, rounded.high)};
}

}  // namespace qantar::analysis
