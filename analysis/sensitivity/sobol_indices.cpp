#include "analysis/sensitivity/sobol_indices.hpp"

#include <limits>
#include <stdexcept>

#include "analysis/sensitivity/outputs.hpp"
#include "sim/conversions.hpp"

namespace qantar::analysis {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
const Bootstrapped nothing{undefined, {undefined, undefined}, {undefined, undefined}, 1.0};

// Moments of a base row; three for each factor follow.
enum Moment : std::size_t { a, b, square, product, noise, shared };
enum FactorMoment : std::size_t { mixed, product_with_b, half_square, of_factor };

}  // namespace

SobolIndices sobol_indices(std::span<const double> outputs, const SaltelliSize& size, const Resampling& resampling) {
  if (size.factors < 1) throw std::invalid_argument("Sobol' indices of 0 factors: at least 1 is needed");
  const std::size_t rows = size.factors + 2, n = size.base_rows, moments = shared + of_factor * size.factors;
  check_blocks(n, "base row");
  const RowMeans y = row_means(outputs, n, rows, size.replicates, "base row");

  std::vector<double> blocks(n * moments, 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    const auto at = [&](std::size_t row) { return y.mean[j * rows + row] - y.centre; };
    double* m = blocks.data() + j * moments;
    m[a] = at(0);
    m[b] = at(1);
    m[square] = 0.5 * (at(0) * at(0) + at(1) * at(1));
    m[product] = at(0) * at(1);
    // Each row alone has the law of all inputs, so the noise of every row of the block counts alike.
    for (std::size_t row = 0; row < rows && !y.variance.empty(); ++row)
      m[noise] += y.variance[j * rows + row] / sim::real(rows);
    for (std::size_t i = 0; i < size.factors; ++i) {
      double* f = m + shared + of_factor * i;
      const double x = at(2 + i);
      f[mixed] = x;
      f[product_with_b] = x * at(1);
      f[half_square] = 0.5 * (at(0) - x) * (at(0) - x);
    }
  }

  const auto replicates = sim::real(size.replicates);
  const double unbiased = 2.0 * sim::real(n) / (2.0 * sim::real(n) - 1.0);
  const auto variance = [&](std::span<const double> means) {
    const double mean = 0.5 * (means[a] + means[b]);
    return unbiased * (means[square] - mean * mean) - means[noise] / replicates;
  };
  const std::size_t share = 2 * size.factors, variance_itself = share + 1;
  const auto statistics = [&](std::span<const double> means, std::span<double> out) {
    const double v = variance(means), mean = 0.5 * (means[a] + means[b]);
    for (std::size_t i = 0; i < size.factors; ++i) {
      const auto* f = means.data() + shared + of_factor * i;
      const double first = f[product_with_b] - means[product] - mean * (f[mixed] - means[a]);
      const double total = f[half_square] - means[noise] / replicates;
      out[2 * i] = v > 0 ? first / v : undefined;
      out[2 * i + 1] = v > 0 ? total / v : undefined;
    }
    // Without any effect of the inputs all of a trial is noise.
    const double effect = v > 0 ? v : 0.0;
    out[share] = effect + means[noise] > 0 ? means[noise] / (effect + means[noise]) : undefined;
    out[variance_itself] = v;
  };

  SobolIndices result;
  result.mean = y.centre;
  result.corrected = size.replicates > 1;
  if (y.constant) {
    result.factors.assign(size.factors, {nothing, nothing});
    result.noise_variance = result.corrected ? 0.0 : undefined;
    result.noise_share = nothing;
    result.undefined_because = "the output is " + std::to_string(y.centre) + " in every row: no variance to share out";
    return result;
  }
  const auto found = bootstrap(blocks, moments, variance_itself + 1, statistics, resampling);
  for (std::size_t i = 0; i < size.factors; ++i) result.factors.push_back({found[2 * i], found[2 * i + 1]});
  result.variance = found[variance_itself].value;
  result.noise_share = result.corrected ? found[share] : nothing;
  result.noise_variance = undefined;
  if (result.corrected) {
    double sum = 0;
    for (const double s : y.variance) sum += s;
    result.noise_variance = sum / sim::real(y.variance.size());
  }
  if (!(result.variance > 0))
    result.undefined_because = "row means vary no more than luck makes them (" + std::to_string(size.replicates) +
                               " replicates): more base rows or replicates may tell";
  return result;
}

}  // namespace qantar::analysis
