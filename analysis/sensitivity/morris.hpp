// Which inputs matter at all? Elementary effects (Morris 1991; Campolongo, Cariboni and Saltelli 2007) from the Morris
// design of sim/design: cheap, for leaving inputs out before Sobol' indices are paid for.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "analysis/statistics/bootstrap.hpp"
#include "sim/design/morris.hpp"

namespace qantar::analysis {

/// Of the elementary effects of one factor: the change of the output for the whole range of the factor's uniform
/// number, (after - before) x direction / step, in the unit of the output.
struct FactorEffects {
  /// Mean effect. Noise leaves it right on average.
  Bootstrapped mu;
  /// Mean size of an effect. Noise makes it larger, and by how much depends on the law of the effects, so there is no
  /// correction that always holds: compare it with `MorrisEffects::noise_mu_star`, and see `root_mean_square`.
  Bootstrapped mu_star;
  /// Standard deviation of the effects, without that of noise when `MorrisEffects::corrected`: interactions and
  /// curvature. 0 when noise alone explains how the effects differ.
  Bootstrapped sigma;
  /// Root of the mean squared effect, without noise when corrected; 0 when noise alone explains it. Whatever the law,
  /// what mu* would be without noise lies between |mu| and this, up to the error of both.
  Bootstrapped root_mean_square;
};

struct MorrisEffects {
  std::vector<FactorEffects> factors;  ///< in the order of the design
  /// Whether noise was measured, and taken out of sigma and root_mean_square: needs 2 replicates.
  bool corrected = false;
  double noise_variance = 0;  ///< between the replicates of a row; NaN with one replicate
  /// The mu* of a factor that does nothing: sqrt(2 / pi) times the standard deviation that noise gives to an effect,
  /// sqrt(2 noise_variance / replicates) / step. For normal noise, which means over replicates approach. A factor with
  /// a mu* like this has shown nothing. NaN with one replicate.
  double noise_mu_star = 0;
};

/// Elementary effects with bootstrap intervals over trajectories. outputs[trajectory][factors + 1][replicate], as the
/// rows of the design; a sweep that was cut short is analysed with the design of its whole trajectories. Luck must be
/// independent between rows. A constant output has effects of 0. Throws std::invalid_argument for a size that does not
/// fit, with both sizes, for fewer than 2 trajectories, and for an output that is not finite, naming its row.
MorrisEffects morris_effects(std::span<const double> outputs, const sim::MorrisDesign& design,
                             std::size_t replicates = 1, const Resampling& resampling = {});

}  // namespace qantar::analysis
