#include "analysis/statistics/weights.hpp"

#include <algorithm>
#include <limits>

#include "sim/numerics.hpp"

namespace qantar::analysis {

std::vector<double> normalised(std::span<const double> log_weights) {
  constexpr double none = -std::numeric_limits<double>::infinity();
  double top = none, sum = 0;
  for (const double w : log_weights) top = std::max(top, w);
  std::vector<double> out(log_weights.size(), 0.0);
  if (top == none) return out;
  for (std::size_t i = 0; i < out.size(); ++i) sum += out[i] = sim::exp(log_weights[i] - top);
  for (double& w : out) w /= sum;
  return out;
}

double effective_sample_size(std::span<const double> weights) {
  double sum = 0, squares = 0;
  for (const double w : weights) {
    sum += w;
    squares += w * w;
  }
  return squares > 0 ? sum * sum / squares : 0.0;
}

}  // namespace qantar::analysis
