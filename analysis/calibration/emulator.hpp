// What a trial gives on average at parameters where none was run, how much luck spreads it, and how sure that is: a
// regression of one outcome on the parameters, learnt from trials at many places rather than from many at one.
//
// Parameters are quantiles of their priors, uniform on (0, 1). Mean and variance are each a sum of products of Legendre
// polynomials, which are orthogonal there. Of two hundred parameters few move an outcome, so terms enter one by one,
// the one that explains most first, as long as one explains more than the best of as many idle ones would (risk
// inflation criterion, Foster and George 1994; sparse polynomial chaos, Blatman and Sudret 2011): first straight and
// curved ones of every parameter, then higher and joint ones of those that matter. What is left is luck, and takes the
// place of a random field: here luck is most of what varies, and a field would have nothing to hold on to.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace qantar::analysis {

/// A product of Legendre polynomials, normalised on (0, 1): parameter and degree of each. Empty: the constant 1.
using PolynomialTerm = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

/// At one place.
struct Emulated {
  double mean = 0;
  double mean_variance = 0;  ///< of the mean, for want of trials
  double luck_variance = 0;  ///< of a trial around the mean
};

class Emulator {
 public:
  /// Learns from trials at the places `u`, `dimension` numbers in (0, 1) for each of `y`. With fewer trials than
  /// 2 the variance is unknown: throws std::invalid_argument.
  Emulator(std::span<const double> u, std::size_t dimension, std::span<const double> y);

  Emulated at(std::span<const double> u) const;
  /// Parameters that the mean or the variance depends on, in ascending order.
  std::vector<std::size_t> active() const;

 private:
  struct Regression {
    std::vector<PolynomialTerm> terms;
    std::vector<double> coefficient;
    std::vector<double> inverse_root;  ///< of the Gram matrix: rows of the inverse of its lower Cholesky factor
    double residual_variance = 0;

    void values(std::span<const double> u, std::vector<double>& out) const;
  };
  static Regression fitted(std::span<const double> u, std::size_t dimension, std::span<const double> y);

  Regression mean_, variance_;
  double least_variance_ = 0;
};

}  // namespace qantar::analysis
