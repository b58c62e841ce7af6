#include "analysis/inference/marginals.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/statistics/quantile.hpp"
#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

constexpr std::array points{0.05, 0.5, 0.95};

std::size_t bin_of(double quantile, std::size_t bins) {
  return std::min(bins - 1, static_cast<std::size_t>(quantile * sim::real(bins)));
}

}  // namespace

std::vector<Marginal> marginals(const Account& account, const Trials& trials, std::span<const double> weights,
                                std::size_t bins) {
  std::vector<Marginal> out;
  for (const auto& prior : account.priors.all()) {
    if (prior.distribution.is_fixed()) continue;
    const std::size_t at = out.size();
    Marginal& m = out.emplace_back();
    m.name = prior.name;
    std::vector<double> share(bins, 0.0);
    for (std::size_t i = 0; i < trials.size(); ++i) {
      m.quantile.push_back(sim::normal_cdf(trials.z_of(i)[at]));
      share[bin_of(m.quantile.back(), bins)] += weights[i];
    }
    for (const double x : share) {
      m.density.push_back(x * sim::real(bins));
      if (x > 0) m.information_gain += x * std::log(m.density.back());
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double quantile = weighted_quantile(m.quantile, weights, points[i]);
      m.prior[i] = prior.distribution.quantile(points[i]);
      m.posterior[i] = prior.distribution.quantile(std::clamp(quantile, 0x1p-60, 1.0 - 0x1p-53));
    }
  }
  std::ranges::stable_sort(out, std::ranges::greater{}, &Marginal::information_gain);
  return out;
}

std::vector<double> joint_density(const Marginal& a, const Marginal& b, std::span<const double> weights,
                                  std::size_t bins) {
  std::vector<double> cells(bins * bins, 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i)
    cells[bin_of(a.quantile[i], bins) * bins + bin_of(b.quantile[i], bins)] += weights[i];
  for (double& x : cells) x *= sim::real(bins * bins);
  return cells;
}

}  // namespace qantar::analysis
