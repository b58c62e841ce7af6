#include "analysis/statistics/wilson.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/statistics/quantile.hpp"
#include "sim/conversions.hpp"

namespace qantar::analysis {

Estimate wilson(std::int64_t hits, std::int64_t trials) {
  if (trials <= 0) return {std::numeric_limits<double>::quiet_NaN(), 0.0, 1.0};
  constexpr double z = normal_975;
  const auto n = sim::real(trials);
  const double p = sim::real(hits) / n;
  const double scale = 1.0 + z * z / n;
  const double centre = (p + z * z / (2.0 * n)) / scale;
  const double half = z / scale * std::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
  // At the ends the formula is exact; only rounding could leave the share outside.
  return {p, std::clamp(centre - half, 0.0, p), std::clamp(centre + half, p, 1.0)};
}

}  // namespace qantar::analysis
