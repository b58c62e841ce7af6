// Which input does an output depend on, alone and together with others? Shares of variance (Sobol' 1993) from the
// Saltelli design of sim/design.
//
// With luck, an output is Y = E[Y|x] + noise. Indices here are of E[Y|x], which is what inputs can explain; indices of
// Y itself would fall with every bit of luck, and total indices counted from pairs of rows would rise. Trials of
// different rows and replicates have independent luck, so what noise adds is known once rows are repeated: with the
// variance s2 between the R replicates of a row, s2 / R to the variance of row means and to the numerator of a total
// index, and nothing to the numerator of a first-order index. Rows that share their luck (the same replicates of a
// common seed) break this.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "analysis/statistics/bootstrap.hpp"

namespace qantar::analysis {

struct SaltelliSize {
  std::size_t base_rows = 0;   ///< at least 2; some hundreds for intervals of use
  std::size_t factors = 0;     ///< at least 1
  std::size_t replicates = 1;  ///< trials of each row, at least 1
};

struct FactorIndices {
  /// Share of the variance that is explained by the factor alone, V[E(Y|x_i)] / V: estimator of Saltelli et al. (2010),
  /// a covariance. May fall below 0 by chance.
  Bootstrapped first;
  /// Share that remains as long as the factor is unknown: estimator of Jansen (1999). Not below 0 without correction.
  Bootstrapped total;
};

struct SobolIndices {
  std::vector<FactorIndices> factors;  ///< in the order of the design
  double mean = 0;
  /// Of E[Y|x] over the design when `corrected`, of Y otherwise; in squared units of the output.
  double variance = 0;
  /// Whether luck was taken out. Impossible with one replicate: the indices are then of the single trial with its luck,
  /// first-order indices too low and total indices too high by a part of a noise share that is unknown.
  bool corrected = false;
  /// Variance between replicates, and its share of the variance of a single trial; NaN with one replicate. An index of
  /// E[Y|x] times 1 - noise_share is the share of a single trial's variance.
  double noise_variance = 0;
  Bootstrapped noise_share;
  /// Why indices are NaN: the output never varies, or no more than luck does. Empty when they are not.
  std::string undefined_because;
};

/// First-order and total indices with bootstrap intervals over base rows. outputs[base row][factors + 2][replicate], as
/// the rows of a saltelli design: A, B, then A with column i from B. Throws std::invalid_argument for a size that does
/// not fit, with both sizes, and for an output that is not finite, naming its row.
SobolIndices sobol_indices(std::span<const double> outputs, const SaltelliSize& size,
                           const Resampling& resampling = {});

}  // namespace qantar::analysis
