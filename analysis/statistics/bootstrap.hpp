// How far would a result differ with other rows of the design? Bootstrap intervals of functions of means.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace qantar::analysis {

struct Interval {
  double low = 0, high = 0;
};

/// A statistic with two 95 % intervals for what it estimates, in its unit. NaN in NaN where it is undefined.
struct Bootstrapped {
  double value = 0;
  /// Between the 2.5 and 97.5 % points of the resamples.
  Interval percentile;
  /// Bias-corrected and accelerated (Efron 1987), the acceleration by jackknife; shifts with the scale of the
  /// statistic. NaN where the value lies outside of all resamples or only one block is there.
  Interval bca;
  /// Share of resamples in which the statistic was undefined. They are left out; above 5 % both intervals are NaN.
  double undefined = 0;
};

struct Resampling {
  std::uint64_t seed = 0;          ///< resample r of n blocks is the same for every statistic
  std::uint32_t resamples = 2000;  ///< at least 100
};

/// Statistics of means: reads the mean of each moment and writes one number for each statistic, NaN where undefined.
using Statistics = std::function<void(std::span<const double> means, std::span<double> out)>;

/// Bootstrap over whole blocks, such as base rows or trajectories, that are independent of each other. `blocks` holds
/// the moments of one block after the other: a resample is then a sum and a block left out a difference, so the work is
/// blocks x moments x resamples. Center what will be squared and subtracted. Blocks of a low-discrepancy sequence are
/// not independent but help each other: the intervals are then wider than needed.
/// Throws std::invalid_argument when there is no block, or the numbers do not fit the moments.
std::vector<Bootstrapped> bootstrap(std::span<const double> blocks, std::size_t moments, std::size_t statistics,
                                    const Statistics& f, const Resampling& resampling = {});

}  // namespace qantar::analysis
