// Where trials are run: mixtures on the probit scale, where every prior is standard normal.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "sim/trial_key.hpp"

namespace qantar::analysis {

/// Weighted points on the probit scale.
struct Population {
  std::size_t dimension = 0;
  std::vector<double> z;       ///< one point after the other
  std::vector<double> weight;  ///< one per point, >= 0; any sum above 0

  std::size_t size() const { return weight.size(); }
  std::span<const double> point(std::size_t i) const { return std::span(z).subspan(i * dimension, dimension); }
};

/// The least share of the prior in a defensive proposal: prior density / proposal density is at most its inverse.
inline constexpr double least_prior_share = 0.2;

/// A share of the prior, a share of a prior twice as wide, and Student kernels around the points of a population. The
/// prior's share bounds every importance weight from above (Hesterberg 1995), the tails of the kernels keep it bounded
/// where the kernels are narrow. A pure function of the draws it is given.
class Proposal {
 public:
  /// The prior alone, with this standard deviation instead of 1. Throws std::invalid_argument when it is not above 0.
  explicit Proposal(std::size_t dimension, double prior_sd = 1);
  /// Kernels with 5 degrees of freedom. `prior_share` + `wide_share` lie in (0, 1]; `scale` times the covariance of the
  /// population is that of each kernel's normal core; `shrink` in (0, 1] moves kernels towards the mean by that factor.
  /// Throws std::invalid_argument for a population without weight.
  Proposal(const Population& population, double prior_share, double wide_share, double scale, double shrink);

  /// For weights: 20 % prior, 10 % wide prior, 70 % what follows the population. Of more than 10 dimensions there is no
  /// wide prior, in which no trial would ever have weight, but 30 % prior; and where no dimension takes part (see
  /// smoothed) it is the prior alone.
  static Proposal defensive(const Population& population);
  bool is_prior() const { return cumulative_.empty(); }
  /// Kernels together have the covariance of the population (West 1993, with the bandwidth of Silverman 1986 for the
  /// effective number of points). Of more than 10 dimensions only those take part, at most 10, along which the
  /// population differs most from the prior and by more than luck; along the others kernels are the prior, so idle
  /// parameters cost nothing. A population worth fewer than 100 points cannot tell luck from more.
  static Proposal smoothed(const Population& population, double prior_share, double wide_share);
  /// For acceptance: kernels of twice the covariance (Beaumont et al. 2009).
  static Proposal perturbation(const Population& population, double prior_share) {
    return {population, prior_share, 0.0, 2.0, 1.0};
  }

  std::size_t dimension() const { return dimension_; }
  std::vector<double> draw(const sim::Draws& draws) const;
  /// Natural log of the density with respect to z.
  double log_density(std::span<const double> z) const;

 private:
  Proposal(const Population& population, std::vector<std::size_t> active, double prior_share, double wide_share,
           double scale, double shrink);
  std::vector<double> whitened(std::span<const double> active) const;

  std::size_t dimension_ = 0;
  std::vector<std::size_t> active_;  ///< dimensions along which kernels are not the prior
  double prior_sd_ = 1;              ///< where there are no kernels
  double prior_share_ = 1, wide_share_ = 0;
  std::vector<double> root_;        ///< lower Cholesky factor of the kernels' covariance, row by row
  std::vector<double> centres_;     ///< root^-1 times the kernels' centres
  std::vector<double> cumulative_;  ///< sums of the kernels' weights, ending in 1
  double kernel_constant_ = 0;      ///< log density of a kernel at its centre
};

/// Natural log of the density of independent normal numbers with this standard deviation.
double log_normal_density(std::span<const double> z, double sd);

}  // namespace qantar::analysis
