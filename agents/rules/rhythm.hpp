// The day's rhythm, and how long force is remembered.
#pragma once
#include <algorithm>

#include "sim/numerics.hpp"

namespace qantar::agents {

/// How empty the streets are at an hour of the local day, 0 by day to 1 at night: a trapezium whose sides take `edge`
/// hours and are half way at the hours `begins` (from 24 on, after midnight) and `ends`.
inline double night(double hour, double begins, double ends, double edge) {
  constexpr double day = 24.0;
  const double middle = (begins - day + ends) / 2.0, length = ends - (begins - day);
  double away = hour - middle;  // from the middle of the night, the shorter way round
  away = away < 0 ? -away : away;
  away = std::min(away, day - away);
  return std::clamp((length / 2.0 - away) / edge + 1.0 / 2.0, 0.0, 1.0);
}

/// The mark that force leaves on a crowd: what is left after some hours, of the share kept over one.
inline double force_kept(double kept_hourly, double hours) { return sim::pow(kept_hourly, hours); }

/// What contact during a step adds to the mark, as a share of what an hour of it adds. Not simply the step: what is
/// added early has begun to fade, and lasting contact must lead to the same mark whatever the step.
inline double force_added(double kept_hourly, double step_hours) {
  return kept_hourly < 1.0 ? (1.0 - force_kept(kept_hourly, step_hours)) / (1.0 - kept_hourly) : step_hours;
}

}  // namespace qantar::agents
