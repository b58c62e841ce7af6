// Prior distributions, drawn by quantile so that a uniform (from a draw or from a design) maps monotonically to a value.
#pragma once
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace qantar::sim {

enum class Family { fixed, uniform, log_uniform, normal, lognormal, half_normal, beta, gamma };

/// A distribution of one number, truncated to [low, high] (by conditioning, not by clamping).
class Distribution {
 public:
  Distribution() = default;
  /// `arguments` by family: fixed {value}; uniform, log_uniform {low, high}; normal {mean, sd};
  /// lognormal {median, sd of the log}; half_normal {sd of the full normal}; beta {a, b}; gamma {mean, shape}.
  /// Throws std::invalid_argument with what is impossible and what would be possible (see `problem`).
  Distribution(Family family, std::vector<double> arguments);

  /// Why these arguments make no distribution; empty when they do.
  static std::string problem(Family family, const std::vector<double>& arguments);
  static std::string_view name(Family family);              ///< as written in a case file: "beta"
  static bool parse(std::string_view name, Family& family);  ///< the inverse; false for an unknown name
  static const std::vector<Family>& families();              ///< all that a case file may name, without `fixed`
  static std::vector<std::string> argument_names(Family family);

  /// Restricts the support. Returns false when no probability is left inside.
  bool truncate(double low, double high);

  /// The value below which a share u of the (truncated) distribution lies, 0 < u < 1. Bits do not depend on the
  /// machine. Monotone in u; always inside the truncation.
  double quantile(double u) const;
  /// Untruncated distribution function.
  double cdf(double x) const;

  bool is_fixed() const { return family_ == Family::fixed; }
  Family family() const { return family_; }
  const std::vector<double>& arguments() const { return arguments_; }
  double low() const { return low_; }
  double high() const { return high_; }
  std::string text() const;  ///< "beta(4, 2)"

 private:
  double untruncated(double u) const;
  Family family_ = Family::fixed;
  std::vector<double> arguments_{0.0};
  double low_ = -std::numeric_limits<double>::infinity(), high_ = std::numeric_limits<double>::infinity();
  double u_low_ = 0, u_high_ = 1;
};

}  // namespace qantar::sim
