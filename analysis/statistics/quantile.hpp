// Quantiles of samples and of the normal law.
#pragma once
#include <span>

namespace qantar::analysis {

inline constexpr double normal_975 = 1.959963984540054;  ///< 97.5 % point of the standard normal law

/// Linear between order statistics (type 7 of Hyndman and Fan 1996). `sorted` has at least one value; 0 <= p <= 1.
double quantile(std::span<const double> sorted, double p);

/// The least value with a share p of the weight at or below it; the greatest one when the weights sum to less.
/// `values`, at least one, in any order; `weights` has as many.
double weighted_quantile(std::span<const double> values, std::span<const double> weights, double p);

}  // namespace qantar::analysis
