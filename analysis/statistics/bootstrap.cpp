#include "analysis/statistics/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "analysis/statistics/quantile.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr double most_undefined = 0.05;
constexpr std::uint32_t resampling_purpose = 0xb0075742U;  // keeps these draws apart from others of the same seed

/// Skewness of the influence of single blocks, over six.
double acceleration(const std::vector<double>& left_out) {
  double mean = 0;
  for (const double x : left_out) mean += x / sim::real(left_out.size());
  double squares = 0, cubes = 0;
  for (const double x : left_out) {
    const double d = mean - x;
    squares += d * d;
    cubes += d * d * d;
  }
  return squares > 0 ? cubes / (6.0 * squares * std::sqrt(squares)) : 0.0;
}

Interval bca(double value, const std::vector<double>& sorted, const std::vector<double>& left_out) {
  // Ties count half, so that a statistic that never varies keeps its place.
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
  const double place = 0.5 * sim::real((first - sorted.begin()) + (last - sorted.begin()));
  const double bias = sim::normal_quantile(place / sim::real(sorted.size()));
  const double a = acceleration(left_out);
  const auto end = [&](double z) {
    const double shifted = bias + z, scale = 1.0 - a * shifted;
    if (!std::isfinite(shifted) || !(scale > 0)) return undefined;
    return quantile(sorted, sim::normal_cdf(bias + shifted / scale));
  };
  constexpr double z = normal_975;
  const Interval out{end(-z), end(z)};
  if (out.low == out.low && out.high == out.high) return out;
  return {undefined, undefined};
}

}  // namespace

std::vector<Bootstrapped> bootstrap(std::span<const double> blocks, std::size_t moments, std::size_t statistics,
                                    const Statistics& f, const Resampling& resampling) {
  if (moments == 0 || blocks.empty() || blocks.size() % moments != 0)
    throw std::invalid_argument("a bootstrap of " + std::to_string(blocks.size()) + " numbers in blocks of " +
                                std::to_string(moments) + ": a multiple of them above 0 is needed");
  const std::size_t n = blocks.size() / moments;
  if (n > 0xffffffffULL) throw std::invalid_argument("a bootstrap of " + std::to_string(n) + " blocks: too many");
  if (resampling.resamples < 100)
    throw std::invalid_argument("a bootstrap with " + std::to_string(resampling.resamples) +
                                " resamples: at least 100 are needed for 95 % intervals");

  std::vector<double> means(moments), out(statistics), total(moments, 0.0);
  const auto evaluate = [&](const std::vector<double>& sums, double count) {
    for (std::size_t m = 0; m < moments; ++m) means[m] = sums[m] / count;
    f(means, out);
  };
  const auto add = [&](std::vector<double>& sums, std::size_t block) {
    const double* from = blocks.data() + block * moments;
    for (std::size_t m = 0; m < moments; ++m) sums[m] += from[m];
  };

  for (std::size_t i = 0; i < n; ++i) add(total, i);
  evaluate(total, sim::real(n));
  std::vector<Bootstrapped> result(statistics);
  for (std::size_t s = 0; s < statistics; ++s)
    result[s] = {out[s], {undefined, undefined}, {undefined, undefined}, out[s] == out[s] ? 0.0 : 1.0};
  if (n < 2) return result;  // nothing is known about other blocks

  std::vector<std::vector<double>> resampled(statistics), left_out(statistics);
  std::vector<double> sums(moments);
  for (std::uint32_t r = 0; r < resampling.resamples; ++r) {
    std::ranges::fill(sums, 0.0);
    sim::Block words{};
    for (std::size_t i = 0; i < n; ++i) {
      if (i % 4 == 0)
        words =
            sim::philox({static_cast<std::uint32_t>(i / 4), r, 0, resampling_purpose},
                        static_cast<std::uint32_t>(resampling.seed), static_cast<std::uint32_t>(resampling.seed >> 32));
      add(sums, static_cast<std::size_t>((std::uint64_t{words[i % 4]} * n) >> 32));
    }
    evaluate(sums, sim::real(n));
    for (std::size_t s = 0; s < statistics; ++s)
      if (out[s] == out[s]) resampled[s].push_back(out[s]);
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t m = 0; m < moments; ++m) sums[m] = total[m] - blocks[i * moments + m];
    evaluate(sums, sim::real(n - 1));
    for (std::size_t s = 0; s < statistics; ++s)
      if (out[s] == out[s]) left_out[s].push_back(out[s]);
  }
  for (std::size_t s = 0; s < statistics; ++s) {
    if (!(result[s].value == result[s].value)) continue;
    auto& sorted = resampled[s];
    result[s].undefined = 1.0 - sim::real(sorted.size()) / resampling.resamples;
    if (result[s].undefined > most_undefined) continue;
    std::ranges::sort(sorted);
    result[s].percentile = {quantile(sorted, 0.025), quantile(sorted, 0.975)};
    if (left_out[s].size() == n) result[s].bca = bca(result[s].value, sorted, left_out[s]);
  }
  return result;
}

}  // namespace qantar::analysis
