// Who holds an office when news contradict each other. What the public believes is kept in log-odds, so that rumours,
// denials and decrees add up. (Kuran 1991 on public belief; reports and denials of January 2022 on one post)
#pragma once
#include "agents/rules/beliefs.hpp"
#include "sim/numerics.hpp"

namespace qantar::agents {

/// Belief after one step in which nothing new is heard: old news fade at an hourly rate, to what is believed as long
/// as nothing is heard. All in log-odds that the office has been vacated.
inline double fading_belief(double log_odds, double quiet, double fade, double hours) {
  return log_odds + sim::hazard(fade, hours) * (quiet - log_odds);
}

/// How open it is who holds an office: 1 when both answers are equally likely.
inline double doubt(double log_odds) { return openness(sim::logistic(log_odds)); }

}  // namespace qantar::agents
