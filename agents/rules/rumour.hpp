// Who holds an office when news contradict each other. What the public believes is kept in log-odds, so that rumours,
// denials and decrees add up. (Kuran 1991 on public belief; reports and denials of January 2022 on one post)
#pragma once
#include "sim/numerics.hpp"

namespace qantar::agents {

/// Log-odds that an office has been vacated, as long as nothing is heard: one in four hundred.
inline constexpr double quiet_belief = -6.0;

/// Belief after one step in which nothing new is heard: old news fade at an hourly rate.
inline double fading_belief(double log_odds, double fade, double hours) {
  return log_odds + sim::hazard(fade, hours) * (quiet_belief - log_odds);
}

/// How open it is who holds an office: 4 q (1 - q), 1 when both answers are equally likely.
inline double doubt(double log_odds) {
  const double q = sim::logistic(log_odds);
  return 4.0 * q * (1.0 - q);
}

}  // namespace qantar::agents
