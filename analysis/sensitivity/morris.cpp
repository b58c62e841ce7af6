#include "analysis/sensitivity/morris.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/sensitivity/outputs.hpp"
#include "sim/conversions.hpp"

namespace qantar::analysis {
namespace {

// Moments of a trajectory for each factor; the noise of the trajectory follows them. Squares are of the distance from
// the mean effect, which keeps their digits.
enum Moment : std::size_t { distance, size, square, of_factor };
enum Result : std::size_t { mu, mu_star, sigma, root_mean_square, results };

}  // namespace

MorrisEffects morris_effects(std::span<const double> outputs, const sim::MorrisDesign& design, std::size_t replicates,
                             const Resampling& resampling) {
  const std::size_t n = design.trajectories();
  const std::size_t factors = design.factors(), rows = factors + 1;
  check_blocks(n, "trajectory");
  const RowMeans y = row_means(outputs, n, rows, replicates, "trajectory");

  std::vector<double> effects(n * factors), centre(factors, 0.0);
  for (std::size_t t = 0; t < n; ++t) {
    const auto moves = design.moves(t);
    for (std::size_t k = 0; k < factors; ++k) {
      const double change = y.mean[t * rows + k + 1] - y.mean[t * rows + k];
      const double effect = change * moves[k].direction / sim::MorrisDesign::step;
      effects[t * factors + moves[k].factor] = effect;
      centre[moves[k].factor] += effect / sim::real(n);
    }
  }
  const std::size_t noise = of_factor * factors, moments = noise + 1;
  std::vector<double> blocks(n * moments, 0.0);
  for (std::size_t t = 0; t < n; ++t) {
    double* m = blocks.data() + t * moments;
    for (std::size_t i = 0; i < factors; ++i) {
      const double effect = effects[t * factors + i], d = effect - centre[i];
      m[of_factor * i + distance] = d;
      m[of_factor * i + size] = std::fabs(effect);
      m[of_factor * i + square] = d * d;
    }
    for (std::size_t row = 0; row < rows && !y.variance.empty(); ++row)
      m[noise] += y.variance[t * rows + row] / sim::real(rows);
  }

  constexpr double step = sim::MorrisDesign::step;
  const double of_an_effect = 2.0 / (sim::real(replicates) * step * step);
  const double unbiased = sim::real(n) / (sim::real(n) - 1.0);
  const auto statistics = [&](std::span<const double> means, std::span<double> out) {
    const auto root = [](double x) { return std::sqrt(std::max(0.0, x)); };
    for (std::size_t i = 0; i < factors; ++i) {
      const double* m = means.data() + of_factor * i;
      double* to = out.data() + results * i;
      const double luck = means[noise] * of_an_effect, mean = centre[i] + m[distance];
      to[mu] = mean;
      to[mu_star] = m[size];
      to[sigma] = root(unbiased * (m[square] - m[distance] * m[distance]) - luck);
      to[root_mean_square] = root(m[square] + centre[i] * (mean + m[distance]) - luck);
    }
  };
  const auto found = bootstrap(blocks, moments, results * factors, statistics, resampling);

  MorrisEffects result;
  result.corrected = replicates > 1;
  result.noise_variance = std::numeric_limits<double>::quiet_NaN();
  if (result.corrected) {
    double sum = 0;
    for (const double s : y.variance) sum += s;
    result.noise_variance = sum / sim::real(y.variance.size());
  }
  constexpr double two_over_pi = 0.6366197723675814;
  result.noise_mu_star = std::sqrt(two_over_pi * of_an_effect * result.noise_variance);
  for (std::size_t i = 0; i < factors; ++i) {
    const auto* r = found.data() + results * i;
    result.factors.push_back({r[mu], r[mu_star], r[sigma], r[root_mean_square]});
  }
  return result;
}

}  // namespace qantar::analysis
