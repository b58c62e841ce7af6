#include "analysis/inference/proposal.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>

#include "analysis/statistics/weights.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

constexpr double degrees = 5, wide = 2;
constexpr std::size_t most_active = 10;
constexpr double fewest_points = 100;  // of a population in more dimensions than that
// Addresses of the draws of a proposal.
enum DrawOfPoint : std::uint32_t { component = 1, normals, tails };

/// Lower Cholesky factor, with sums in a fixed order: it moves candidates, and the bits of a library's product depend
/// on the width of its vectors.
std::vector<double> cholesky(std::vector<double> a, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = a[i * n + j];
      for (std::size_t k = 0; k < j; ++k) sum -= a[i * n + k] * a[j * n + k];
      a[i * n + j] = i == j ? std::sqrt(sum) : sum / a[j * n + j];
    }
  return a;
}

/// x^n by squaring.
double power(double x, std::size_t n) {
  double out = 1;
  for (; n > 0; n >>= 1, x *= x)
    if (n & 1) out *= x;
  return out;
}

/// Weights of a population, summing to 1.
std::vector<double> shares(const Population& p) {
  double total = 0;
  for (const double w : p.weight) total += w;
  if (!(total > 0) || !std::isfinite(total))
    throw std::invalid_argument("a proposal around " + std::to_string(p.size()) +
                                " points that have no weight: begin with the prior");
  std::vector<double> out(p.weight);
  for (double& w : out) w /= total;
  return out;
}

std::vector<double> mean_of(const Population& p, const std::vector<double>& weight) {
  std::vector<double> mean(p.dimension, 0.0);
  for (std::size_t i = 0; i < p.size(); ++i)
    for (std::size_t k = 0; k < p.dimension; ++k) mean[k] += weight[i] * p.point(i)[k];
  return mean;
}

std::vector<std::size_t> all_of(std::size_t dimension) {
  std::vector<std::size_t> out(dimension);
  std::iota(out.begin(), out.end(), std::size_t{0});
  return out;
}

/// Dimensions along which a population is not the prior: by the likelihood ratio, to second order, of a normal law with
/// its mean and variance against the standard one, which for points of the prior is chi-square with 2 degrees of
/// freedom: the greatest of all exceeds 2 log(dimensions / 0.01) once in a hundred populations.
std::vector<std::size_t> active_dimensions(const Population& p) {
  auto order = all_of(p.dimension);
  if (p.dimension <= most_active) return order;
  const auto weight = shares(p);
  const auto mean = mean_of(p, weight);
  const double n = effective_sample_size(weight);
  if (n < fewest_points) return {};
  std::vector<double> ratio(p.dimension);
  for (std::size_t k = 0; k < p.dimension; ++k) {
    double variance = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      const double gap = p.point(i)[k] - mean[k];
      variance += weight[i] * gap * gap;
    }
    ratio[k] = n * (mean[k] * mean[k] + 0.5 * (variance - 1.0) * (variance - 1.0));
  }
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t k) { return ratio[k]; });
  const double by_luck = 2.0 * sim::log(sim::real(p.dimension) / 0.01);
  std::size_t count = 0;
  while (count < most_active && ratio[order[count]] > by_luck) ++count;
  order.resize(count);
  std::ranges::sort(order);
  return order;
}

}  // namespace

double log_normal_density(std::span<const double> z, double sd) {
  double squares = 0;
  for (const double x : z) squares += x * x;
  return -0.5 * squares / (sd * sd) - sim::real(z.size()) * (0.5 * sim::log(2.0 * std::numbers::pi) + sim::log(sd));
}

Proposal::Proposal(std::size_t dimension, double prior_sd) : dimension_(dimension), prior_sd_(prior_sd) {
  if (!(prior_sd > 0) || !std::isfinite(prior_sd))
    throw std::invalid_argument("priors of standard deviation " + std::to_string(prior_sd) + ": it must lie above 0");
}

Proposal::Proposal(const Population& population, double prior_share, double wide_share, double scale, double shrink)
    : Proposal(population, all_of(population.dimension), prior_share, wide_share, scale, shrink) {}

Proposal::Proposal(const Population& population, std::vector<std::size_t> active, double prior_share, double wide_share,
                   double scale, double shrink)
    : dimension_(population.dimension), active_(std::move(active)), prior_share_(prior_share), wide_share_(wide_share) {
  if (!(prior_share >= 0 && wide_share >= 0 && prior_share + wide_share > 0 && prior_share + wide_share <= 1))
    throw std::invalid_argument("a proposal with shares " + std::to_string(prior_share) + " and " +
                                std::to_string(wide_share) + " of the priors: their sum must lie in (0, 1]");
  const std::size_t d = active_.size(), n = population.size();
  const auto weight = shares(population);
  const auto mean = mean_of(population, weight);
  std::vector<double> covariance(d * d, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const auto z = population.point(i);
    for (std::size_t k = 0; k < d; ++k)
      for (std::size_t l = 0; l <= k; ++l)
        covariance[k * d + l] +=
            scale * weight[i] * (z[active_[k]] - mean[active_[k]]) * (z[active_[l]] - mean[active_[l]]);
  }
  // Keeps the factor regular when all points are one or lie on a line.
  for (std::size_t k = 0; k < d; ++k) covariance[k * d + k] += 1e-6 * covariance[k * d + k] + 1e-12;
  root_ = cholesky(std::move(covariance), d);

  double sum = 0;
  std::vector<double> centre(d);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < d; ++k)
      centre[k] = mean[active_[k]] + shrink * (population.point(i)[active_[k]] - mean[active_[k]]);
    const auto white = whitened(centre);
    centres_.insert(centres_.end(), white.begin(), white.end());
    cumulative_.push_back(sum += weight[i]);
  }
  for (double& c : cumulative_) c /= sum;

  const auto dim = sim::real(d);
  kernel_constant_ = sim::log_gamma(0.5 * (degrees + dim)) - sim::log_gamma(0.5 * degrees) -
                     0.5 * dim * sim::log(degrees * std::numbers::pi);
  for (std::size_t k = 0; k < d; ++k) kernel_constant_ -= sim::log(root_[k * d + k]);
}

Proposal Proposal::defensive(const Population& population) {
  if (population.dimension <= most_active) return smoothed(population, least_prior_share, 0.1);
  Proposal out = smoothed(population, 0.3, 0.0);
  return out.active_.empty() ? Proposal(population.dimension) : out;
}

Proposal Proposal::smoothed(const Population& population, double prior_share, double wide_share) {
  auto active = active_dimensions(population);
  const double n = std::max(2.0, effective_sample_size(population.weight));
  const auto d = sim::real(active.size());
  const double h = std::min(0.9, sim::pow(4.0 / (n * (d + 2.0)), 1.0 / (d + 4.0)));
  return {population, std::move(active), prior_share, wide_share, h * h, std::sqrt(1.0 - h * h)};
}

std::vector<double> Proposal::whitened(std::span<const double> active) const {
  const std::size_t d = active_.size();
  std::vector<double> out(active.begin(), active.end());
  for (std::size_t k = 0; k < d; ++k) {
    for (std::size_t l = 0; l < k; ++l) out[k] -= root_[k * d + l] * out[l];
    out[k] /= root_[k * d + k];
  }
  return out;
}

std::vector<double> Proposal::draw(const sim::Draws& draws) const {
  std::vector<double> z(dimension_);
  for (std::size_t k = 0; k < dimension_; ++k) z[k] = draws.normal(normals, static_cast<std::uint32_t>(k), 0);
  if (cumulative_.empty()) {
    for (double& x : z) x *= prior_sd_;
    return z;
  }
  const sim::Block choice = draws.block(component, 0, 0);
  const double component_at = sim::open_unit(choice[0]);
  if (component_at < prior_share_) return z;
  if (component_at < prior_share_ + wide_share_) {
    for (double& x : z) x *= wide;
    return z;
  }
  // A chi-square number of 5 degrees: two exponentials and the square of a normal number.
  const sim::Block tail = draws.block(tails, 0, 0);
  const double normal = sim::normal_quantile(sim::open_unit(tail[2]));
  const double chi_square =
      normal * normal - 2.0 * (sim::log(sim::open_unit(tail[0])) + sim::log(sim::open_unit(tail[1])));
  const double stretch = std::sqrt(degrees / chi_square);
  const auto found = std::ranges::lower_bound(cumulative_, sim::open_unit(choice[1]));
  const auto kernel = std::min(static_cast<std::size_t>(found - cumulative_.begin()), cumulative_.size() - 1);
  const std::size_t d = active_.size();
  std::vector<double> white(d);
  for (std::size_t k = 0; k < d; ++k) white[k] = centres_[kernel * d + k] + stretch * z[active_[k]];
  for (std::size_t k = 0; k < d; ++k) {
    z[active_[k]] = 0;
    for (std::size_t l = 0; l <= k; ++l) z[active_[k]] += root_[k * d + l] * white[l];
  }
  return z;
}

double Proposal::log_density(std::span<const double> z) const {
  if (cumulative_.empty()) return log_normal_density(z, prior_sd_);
  const double prior = log_normal_density(z, 1.0);
  double log_kernels = -std::numeric_limits<double>::infinity();
  const double kernel_share = 1.0 - prior_share_ - wide_share_;
  if (kernel_share > 0) {
    const std::size_t d = active_.size();
    std::vector<double> active(d);
    for (std::size_t k = 0; k < d; ++k) active[k] = z[active_[k]];
    const auto white = whitened(active);
    double sum = 0, before = 0;
    for (std::size_t i = 0; i < cumulative_.size(); ++i) {
      double squares = 0;
      for (std::size_t k = 0; k < d; ++k) {
        const double gap = white[k] - centres_[i * d + k];
        squares += gap * gap;
      }
      // (1 + squares / degrees)^(-(degrees + d) / 2)
      sum += (cumulative_[i] - before) / power(std::sqrt(1.0 + squares / degrees), std::size_t{5} + d);
      before = cumulative_[i];
    }
    log_kernels = prior - log_normal_density(active, 1.0) + kernel_constant_ + sim::log(kernel_share * sum);
  }
  const double log_prior = prior + sim::log(prior_share_);
  const double log_wide = log_normal_density(z, wide) + sim::log(wide_share_);
  const double top = std::max({log_prior, log_wide, log_kernels});
  return top + sim::log(sim::exp(log_prior - top) + sim::exp(log_wide - top) + sim::exp(log_kernels - top));
}

}  // namespace qantar::analysis
