#include "analysis/calibration/chains.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "sim/conversions.hpp"

namespace qantar::analysis {
namespace {

double mean(std::span<const double> x) { return std::accumulate(x.begin(), x.end(), 0.0) / sim::real(x.size()); }

double autocovariance(std::span<const double> x, double mean, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = 0; i + lag < x.size(); ++i) sum += (x[i] - mean) * (x[i + lag] - mean);
  return sum / sim::real(x.size());
}

}  // namespace

ChainDiagnostics chain_diagnostics(std::span<const double> draws, std::size_t length) {
  const std::size_t half = length / 2;
  std::vector<std::span<const double>> parts;
  for (std::size_t first = 0; first + length <= draws.size(); first += length) {
    parts.push_back(draws.subspan(first, half));
    parts.push_back(draws.subspan(first + length - half, half));
  }
  const double n = sim::real(half), m = sim::real(parts.size());
  std::vector<double> means;
  double within = 0;
  for (const auto& part : parts) {
    means.push_back(mean(part));
    within += autocovariance(part, means.back(), 0) * n / (n - 1.0) / m;
  }
  const double grand = mean(means);
  double between = 0;
  for (const double x : means) between += (x - grand) * (x - grand) / (m - 1.0);
  if (!(within > 0)) return {std::numeric_limits<double>::quiet_NaN(), 0.0};
  const double total = within * (n - 1.0) / n + between;
  const auto correlation = [&](std::size_t lag) {
    double covariance = 0;
    for (std::size_t p = 0; p < parts.size(); ++p) covariance += autocovariance(parts[p], means[p], lag) / m;
    return 1.0 - (within - covariance * n / (n - 1.0)) / total;
  };
  double sum = 0, before = std::numeric_limits<double>::infinity();
  for (std::size_t lag = 0; lag + 1 < half; lag += 2) {
    const double pair = (lag == 0 ? 1.0 : correlation(lag)) + correlation(lag + 1);
    if (pair <= 0) break;
    before = std::min(before, pair);
    sum += before;
  }
  return {std::sqrt(total / within), std::min(n * m, n * m / std::max(1.0, 2.0 * sum - 1.0))};
}

}  // namespace qantar::analysis
