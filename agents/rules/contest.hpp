// Who holds a site: contest success and giving way. (Hirshleifer 1989; Lanchester)
#pragma once
#include "sim/numerics.hpp"

namespace qantar::agents {

/// Chance that defenders of strength S hold against attackers of strength Q: E S^mu / (E S^mu + Q^mu).
/// With E = 1 and mu = 2, twice the strength holds four times in five. 1 when nobody attacks, 0 when nobody defends.
inline double hold_chance(double defenders, double attackers, double advantage, double exponent) {
  if (attackers <= 0) return 1.0;
  if (defenders <= 0) return 0.0;
  const double odds = advantage * sim::pow(defenders / attackers, exponent);
  return odds / (1.0 + odds);
}

/// Hourly rate at which a line gives way: chi (1 - hold)^nu. Convex, because hourly rates add up.
inline double collapse_rate(double hold, double rate, double exponent) { return rate * sim::pow(1.0 - hold, exponent); }

/// Probability that a preparation by n persons over T months stays unnoticed when its sponsor controls a share q of
/// those who should notice: exp(-h n T (1 - q)). (Grimes 2016 for h.)
inline double unnoticed(double rate, double persons, double months, double protection) {
  return sim::exp(-rate * persons * months * (1.0 - protection));
}

}  // namespace qantar::agents
