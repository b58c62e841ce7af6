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

/// Deaths in the crowd at a site, expected within `hours`: aimed fire, so that they follow from the strength that fires
/// and not from the size of the crowd (Lanchester's square law). At most a share `limit` of the attackers an hour.
inline double crowd_losses(double defence, double lethality, double attackers, double rate, double limit,
                           double hours) {
  const double aimed = rate * hours * defence * lethality, most = limit * hours * attackers;
  return most < aimed ? most : aimed;
}

/// Deaths among the guards of a site: the same law for the armed part of the attackers; one without a firearm counts
/// as `bare_hands` of one with. At most a share `limit` of the guards an hour.
inline double guard_losses(double armed, double attackers, double guards, double bare_hands, double rate, double limit,
                           double hours) {
  const double aimed = rate * hours * (armed + bare_hands * (attackers - armed)), most = limit * hours * guards;
  return most < aimed ? most : aimed;
}

/// Strength in a contest: that of so many persons, less what low morale takes; a share is left without any.
inline double fighting_strength(double persons, double morale, double without_morale) {
  return persons * (without_morale + (1.0 - without_morale) * morale);
}

/// Deaths on one side of a contest between organised units, expected within `hours` from the strength of the other:
/// aimed fire, so that with equal rates the difference of the squares of both strengths stays (Lanchester's square
/// law).
inline double aimed_losses(double strength, double rate, double hours) { return rate * hours * strength; }

/// Deaths from fire into the streets, aimed at nobody: as many as shooters times the chance that somebody is there
/// (Lanchester's linear law), which is 1 from so many persons on that the streets are full.
inline double street_losses(double shooters, double persons, double full, double rate, double hours) {
  const double there = persons / full;
  return rate * hours * shooters * (there < 1.0 ? there : 1.0);
}

/// Probability that a preparation by n persons over T months stays unnoticed when its sponsor controls a share q of
/// those who should notice: exp(-h n T (1 - q)). (Grimes 2016 for h.)
inline double unnoticed(double rate, double persons, double months, double protection) {
  return sim::exp(-rate * persons * months * (1.0 - protection));
}

}  // namespace qantar::agents
