// Prior distributions, drawn by quantile so that a uniform (from a draw or from a design) maps monotonically
// to a value.
#pragma once
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "sim/numerics.hpp"

namespace qantar::sim {

enum class Family { fixed, uniform, log_uniform, normal, lognormal, half_normal, beta, gamma };

/// A distribution of one number, truncated to [low, high] (by conditioning, not by clamping).
class Distribution {
 public:
  Distribution() = default;
  /// `arguments` by family: fixed {value}; uniform, log_uniform {low, high}; normal {mean, sd};
  /// lognormal {median, sd of the log}; half_normal {sd of the full normal}; beta {a, b}; gamma {mean,
  /// shape}. a, b and shape lie in [0.01, 10000], where quantiles hold 9 digits and more. Throws
  /// std::invalid_argument with what is impossible and what would be possible (see `problem`).
  Distribution(Family family, std::vector<double> arguments);

  /// Why these arguments make no distribution; empty when they do.
  static std::string problem(Family family, const std::vector<double>& arguments);
  static std::string_view name(Family family);               ///< as written in a case file: "beta"
  static bool parse(std::string_view name, Family& family);  ///< the inverse; false for an unknown name
  static const std::vector<Family>& families();              ///< all that a case file may name, without `fixed`
  static std::vector<std::string> argument_names(Family family);

  /// Restricts the support to what is also inside [low, high]. Returns false, and changes nothing, when no
  /// probability is left inside. A fixed value has all its probability in one point.
  bool truncate(double low, double high);

  /// The value below which a share u of the (truncated) distribution lies, 0 < u < 1. Bits do not depend on
  /// the machine. Monotone in u (up to the last bit where a formula gives the value); always inside the
  /// truncation. Throws std::invalid_argument for another u.
  double quantile(double u) const;

  bool is_fixed() const { return family_ == Family::fixed; }
  Family family() const { return family_; }
  const std::vector<double>& arguments() const { return arguments_; }
  double low() const { return low_; }    ///< of the truncation, -infinity without one
  double high() const { return high_; }  ///< of the truncation, infinity without one
  std::string text() const;              ///< "beta(4, 2)"

 private:
  Tails tails(double x) const;
  double untruncated(const Tails& p) const;

  Family family_ = Family::fixed;
  std::vector<double> arguments_{0.0};
  double low_ = -std::numeric_limits<double>::infinity(), high_ = std::numeric_limits<double>::infinity();
  Tails at_low_{0, 1}, at_high_{1, 0};  ///< of the untruncated distribution at the ends of the truncation
};

}  // namespace qantar::sim
