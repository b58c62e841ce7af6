// What office-holders expect and show. (Hale 2015; Singh 2014; Casper and Tyson 2014; Morris and Shin 2003)
#pragma once
#include <array>

#include "agents/vocabulary.hpp"
#include "sim/numerics.hpp"

namespace qantar::agents {

/// How open a question is whose answer is yes with probability q: 4 q (1 - q), 1 when both are equally likely.
inline double openness(double q) { return (2.0 * q) * (2.0 * (1.0 - q)); }

/// Where an expectation is drawn to, in log-odds that the president prevails: the prior, the marks of public events
/// and what others show: Lam* = Lam0 + E + kappa (2 xhat - 1). With xhat = logistic(Lam), beliefs in plain sight, this
/// is bistable above kappa = 2; stances tell less, so with them it takes more.
inline double expectation_target(double prior, double mark, double coordination, double shown_by_others) {
  return prior + mark + coordination * (2.0 * shown_by_others - 1.0);
}

/// Chances of showing support, waiting, opposing, for an affinity (log-odds) and a belief pi.
inline std::array<double, 3> stance_choice(double affinity, double pi, double waiting_bonus, double challenge_risk) {
  const double tilt = 2.0 * (2.0 * pi - 1.0);
  std::array<double, 3> u{affinity + tilt, waiting_bonus * pi * (1.0 - pi), -affinity - tilt - challenge_risk};
  const double top = u[0] > u[1] ? (u[0] > u[2] ? u[0] : u[2]) : (u[1] > u[2] ? u[1] : u[2]);
  double sum = 0;
  for (double& x : u) sum += (x = sim::exp(x - top));
  for (double& x : u) x /= sum;
  return u;
}

/// How a stance looks from outside: 1 support, 1/2 waiting, 0 opposition.
inline double shown(Stance s) { return s == Stance::president ? 1.0 : s == Stance::waiting ? 1.0 / 2.0 : 0.0; }

}  // namespace qantar::agents
