// The day's rhythm: how costly, how busy and how guarded an hour is. Shapes are assumed; only their scale is a
// parameter.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>

#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::agents {

/// Linear between full hours of the local day.
inline double between_hours(const std::array<double, 25>& at_hour, double hour) {
  const auto h = static_cast<std::size_t>(std::clamp(hour, 0.0, 23.999));
  return at_hour[h] + (hour - sim::real(h)) * (at_hour[h + 1] - at_hour[h]);
}

/// Cost of being out at an hour of the local day, 0 by day to 1 in the small hours.
inline double night(double hour) {
  static constexpr std::array<double, 25> k{0.5, 0.7, 0.9, 1, 1, 1, 1, 1, 0.9,  0.7, 0.4, 0.2, 0,
                                            0,   0,   0,   0, 0, 0, 0, 0, 0.05, 0.1, 0.3, 0.5};
  return between_hours(k, hour);
}

/// How many of those who would join an assault do so at this hour, 0..1.
inline double bustle(double hour) {
  static constexpr std::array<double, 25> k{0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.05, 0.05, 0.05, 0.1, 0.25, 0.4, 0.7,
                                            0.9, 1,   1,   1,   1,   1,    1,    1,    1,    1,   0.9,  0.7};
  return between_hours(k, hour);
}

/// The mark that force leaves on a crowd fades by a quarter an hour.
inline double force_kept(double hours) { return sim::pow(0.75, hours); }

/// What contact during a step adds to the mark, as a share of what an hour of it adds. Not simply the step: what is
/// added early has begun to fade, and lasting contact must lead to the same mark whatever the step.
inline double force_added(double step_hours) { return (1.0 - force_kept(step_hours)) / (1.0 - force_kept(1.0)); }

/// Whether an hour of the local day is in the curfew of 23 to 7 h.
inline bool curfew_hours(double hour) { return hour >= 23.0 || hour < 7.0; }

}  // namespace qantar::agents
