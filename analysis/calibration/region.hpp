// Which parameters are left: those under which the record is no wonder (history matching, Craig et al. 1997; of random
// models, Andrianakis et al. 2015). A row is implausible at a place by |documented - mean| in standard deviations of
// what is uncertain there: the luck of a trial with the errors of a record, and the emulator. A place is left while its
// rows are within three standard deviations (Pukelsheim 1994: at least 95 % of any law of one peak). Of many rows some
// lie outside by luck alone: the one that is farthest off may be as far as in 99 % of the model's own records, the
// second one likewise, and so on down to three.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/calibration/emulator.hpp"
#include "analysis/calibration/slice.hpp"
#include "analysis/inference/account.hpp"

namespace qantar::analysis {

/// Stages of a calibration's draws: the trials of each wave, where these are run, the chains, the moves of a region.
enum CalibrationStage : std::uint32_t {
  wave_stage = adjudication_stages + (1U << 16),
  place_stage = wave_stage + 100,
  chain_stage = wave_stage + 200,
  region_stage = wave_stage + 1000
};

inline constexpr double implausibility_cut = 3;

/// Records on the scale on which rows are emulated: as the record law has them, and "never" as the latest. A row that
/// was "never" in some trials under the priors is cut at what 95 % of the others keep below, or at what is documented
/// if that is later, and "never" is put there. In any other row "never" is the greatest number that was seen or
/// documented.
class RowScales {
 public:
  /// `records`: `documented.size()` numbers for each trial under the priors.
  RowScales(std::span<const double> records, const std::vector<double>& documented);
  double operator()(std::size_t row, double value) const {
    return value == value ? std::min(value, most_[row]) : never_[row];
  }
  const std::vector<double>& documented() const { return documented_; }

 private:
  std::vector<double> most_, never_, documented_;
};

/// What trials at many places say of every row, and where the record would be no wonder.
class Wave {
 public:
  /// `records` on their scales. Learns every row on its own, on `threads` threads.
  Wave(std::span<const double> u, std::size_t dimension, std::span<const double> records, const RowScales& scales,
       int threads);

  const std::vector<Emulator>& emulators() const { return emulators_; }
  std::size_t exempt() const { return limits_.size() - 1; }  ///< rows that may lie outside, each to its limit
  /// Of every row, in standard deviations.
  std::vector<double> implausibilities(std::span<const double> u) const;
  /// Of the place: three times the greatest ratio of a row to its limit, rows in the order of their implausibilities.
  double implausibility(std::span<const double> u) const { return of_place(implausibilities(u)); }
  double of_place(std::vector<double> implausibilities) const;

 private:
  std::vector<Emulator> emulators_;
  std::vector<double> documented_;
  std::vector<double> limits_;  ///< of the greatest implausibility, the second greatest, ... down to the cut
};

/// Points of the prior that are left after some waves, and what share of it that is.
class Region {
 public:
  /// The whole prior.
  Region(std::size_t dimension, std::uint64_t seed);

  /// Leaves what the next wave allows: towards the cut in steps that each keep a quarter of the points, which are then
  /// copied and moved (subset simulation, Au and Beck 2001), so that a share of one in a million is found and measured.
  /// Empty when nothing comes nearer or less than 10^-9 is left.
  void cut(const Wave& wave, int threads);

  bool empty() const { return empty_; }
  double volume() const { return volume_; }    ///< share of the prior; of an empty one, more than is left
  double nearest() const { return nearest_; }  ///< least implausibility that the last wave was seen to allow
  std::size_t dimension() const { return dimension_; }
  bool holds(std::span<const double> u) const;
  /// Points on the probit scale, as the prior has them inside. Those of an empty region are the nearest.
  const std::vector<std::vector<double>>& points() const { return points_; }
  /// Places under the last wave that were looked at on the way, with the implausibilities of all rows.
  const std::vector<std::vector<double>>& looked_at() const { return looked_at_; }
  /// Independent points: the `n`th of this stage, from a point of the region by moves of its own.
  std::vector<double> draw(std::uint32_t stage, std::uint32_t n) const;

 private:
  void move(std::vector<double>& z, const LogDensity& inside, std::uint32_t level, std::uint32_t point) const;
  LogDensity inside(const Wave* beyond, double threshold) const;

  std::size_t dimension_;
  std::uint64_t seed_;
  std::vector<const Wave*> waves_;
  std::vector<std::vector<double>> points_, looked_at_;
  std::uint32_t levels_ = 0;
  double volume_ = 1, nearest_ = 0;
  bool empty_ = false;
};

/// Quantiles of the priors at a point on the probit scale.
std::vector<double> quantiles_at(std::span<const double> z);

}  // namespace qantar::analysis
