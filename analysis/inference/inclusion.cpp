#include "analysis/inference/inclusion.hpp"

#include <cmath>
#include <cstdint>
#include <stdexcept>

#include <fmt/format.h>

#include "analysis/statistics/weights.hpp"

namespace qantar::analysis {
namespace {

std::vector<char> where_on(const Trials& trials, std::size_t column) {
  std::vector<char> out;
  for (std::size_t i = 0; i < trials.size(); ++i)
    out.push_back(!trials.failed[i] && trials.outcomes_of(i)[column] == 1.0);
  return out;
}

}  // namespace

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

std::vector<Inclusion> switch_inclusion(const AccountTrials& account, std::span<const double> weights,
                                        std::size_t first, std::size_t count) {
  const std::vector<double> alike(account.prior.size(), 1.0);
  std::vector<Inclusion> out;
  for (std::size_t column = first; column < first + count; ++column)
    out.push_back({inclusion_probability(where_on(account.prior, column), alike).value,
                   inclusion_probability(where_on(account.evidence, column), weights)});
  return out;
}

}  // namespace qantar::analysis
