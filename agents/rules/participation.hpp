// When does a citizen go out, turn violent, go home? (Epstein 2002; Granovetter 1978; Siegel 2009; Kuran 1991)
#pragma once
#include <cmath>

#include "agents/vocabulary.hpp"
#include "sim/numerics.hpp"

namespace qantar::agents {

/// Perceived chance of being caught, P = 1 - exp(-k r^m), with r the police that a participant meets per participant.
/// m = 1 is Epstein's rule as printed (P = 0.9 at r = 1 for k = 2.3); large m is the step that programs with a rounded
/// ratio have. In [0, 1].
inline double fear(double ratio, double constant, double steepness) {
  return 1.0 - sim::exp(-constant * sim::pow(ratio, steepness));
}

/// The rule of citizens is computed in single precision, what it is given in double.
constexpr float single(double x) { return static_cast<float>(x); }

/// What is the same for all citizens of a place in one step. Probabilities are per step.
struct CrowdTerms {
  float grievance = 0;                      ///< 1 - L, times the hardship of the place
  float shock = 0;                          ///< grievance from the shock
  float fear = 0;                           ///< P, with the added cost of live fire
  float pull_place = 0;                     ///< social pull of the place's turnout
  float pull_circle = 0;                    ///< social pull per share of the own circle that is out
  float cost = 0;                           ///< night, curfew, minus mood
  float inverse_noise = 1;                  ///< 1 / tau
  float aware_place = 0, aware_circle = 0;  ///< exposure, without and per share of the own circle
  float stand_down = 0, tire = 0, turn_violent = 0, calm = 0, reconsider = 0;
};

/// Net gain from being out: U = G - R P + b S - c - T.
inline float net_gain(float hardship, float risk_aversion, float threshold, float circle, const CrowdTerms& t) {
  return hardship * t.grievance + t.shock - risk_aversion * t.fear + t.pull_place + t.pull_circle * circle - t.cost -
         threshold;
}

/// 1 - e^-x for the small x of one step (Padé, exact to x^5/720); beyond 1, where that would turn back, the
/// exponential.
inline float small_hazard(float x) {
  return x < 1.0f ? x / (1.0f + x * (0.5f + x * (1.0f / 12.0f))) : 1.0f - sim::exp_single(-x);
}

/// What a citizen does next, from one uniform u in [0, 1).
///
/// Two stages: an unaware citizen becomes ready by exposure; a ready one reconsiders at times and then goes out with
/// probability logistic(U / tau), a participant leaves with one minus that. Rates are laid side by side on [0, 1), so
/// one number decides; the logistic is only needed for those who reconsider. Who has been out and stands down stays at
/// home for good, as the tired do.
inline Status next_status(Status s, float u, float hardship, float risk_aversion, float threshold, float circle,
                          const CrowdTerms& t) {
  const auto goes_out = [&](float point, float scale) {  // point < scale * logistic(U / tau)
    const float z = net_gain(hardship, risk_aversion, threshold, circle, t) * t.inverse_noise;
    return point * (1.0f + sim::exp_single(-z)) < scale;
  };
  switch (s) {
    case Status::unaware:
      return u < small_hazard(t.aware_place + t.aware_circle * circle) ? Status::ready : s;
    case Status::ready:
      if (u < t.stand_down) return Status::unaware;
      u -= t.stand_down;
      return u < t.reconsider && goes_out(u, t.reconsider) ? Status::peaceful : s;
    case Status::peaceful: {
      const float home = t.stand_down + t.tire;
      if (u < home) return Status::tired;
      u -= home;
      if (u < t.turn_violent) return Status::violent;
      u -= t.turn_violent;
      return u < t.reconsider && !goes_out(u, t.reconsider) ? Status::ready : s;
    }
    case Status::violent: {
      const float home = t.stand_down + t.tire;
      if (u < home) return Status::tired;
      u -= home;
      if (u < t.calm) return Status::peaceful;
      u -= t.calm;
      return u < t.reconsider && !goes_out(u, t.reconsider) ? Status::ready : s;
    }
    default:
      return s;
  }
}

}  // namespace qantar::agents
