#include "analysis/statistics/quantile.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "sim/conversions.hpp"

namespace qantar::analysis {

double quantile(std::span<const double> sorted, double p) {
  const double position = p * sim::real(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - sim::real(below)) * (sorted[above] - sorted[below]);
}

double weighted_quantile(std::span<const double> values, std::span<const double> weights, double p) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  double passed = 0;
  for (const std::size_t i : order) {
    passed += weights[i];
    if (passed >= p) return values[i];
  }
  return values[order.back()];
}

}  // namespace qantar::analysis
