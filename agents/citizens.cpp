#include "agents/citizens.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "agents/random_draws.hpp"
#include "agents/rules/rhythm.hpp"
#include "agents/screening.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {

void citizens_of_place_choose(Citizens& all, PlaceState& place, const CrowdTerms& terms, Activation activation,
                              const StepDraws& draw) {
  constexpr float margin = 1.0001f;  // covers rounding; the rule itself decides
  constexpr float share = 1.0f / circle_size;
  Screen screen;
  for (std::uint32_t out = 0; out <= circle_size; ++out)
    screen.unaware[out] = bound(margin * (terms.aware_place + terms.aware_circle * (single(out) * share)));
  screen.ready = bound(margin * (terms.stand_down + terms.reconsider));
  screen.peaceful = bound(margin * (terms.stand_down + terms.tire + terms.turn_violent + terms.reconsider));
  screen.violent = bound(margin * (terms.stand_down + terms.tire + terms.calm + terms.reconsider));
  const auto is_out = [](Status s) { return s == Status::peaceful || s == Status::violent; };

  std::int64_t joined = 0, turned = 0;
  std::array<std::uint32_t, group_size> words;
  for (std::uint32_t start = place.first; start < place.last; start += group_size) {
    Status* const status = all.status.data() + start;
    Movers movers = may_move(screen, draw, start / group_size, status, words.data());
    while (movers.bits) {
      const std::uint32_t i = std::countr_zero(movers.bits);
      movers.bits &= movers.bits - 1;
      std::uint32_t& out = movers.out[i / circle_size];
      const std::uint32_t agent = start + i;
      const Status before = status[i];
      const Status after =
          next_status(before, static_cast<float>(words[i] >> 8) * 0x1p-24f, all.hardship[agent],
                      all.risk_aversion[agent], all.threshold[agent], static_cast<float>(out) * share, terms);
      if (after == before) continue;
      status[i] = after;
      // Synchronous: everybody sees the circle as it was before anyone moved.
      if (activation == Activation::sequential) out += is_out(after) - is_out(before);
      --place.count[before];
      ++place.count[after];
      joined += before == Status::ready && after == Status::peaceful;
      turned += before == Status::peaceful && after == Status::violent;
    }
  }
  place.newly_out = sim::real(joined);
  place.newly_violent = sim::real(turned);
}

void citizens_choose(World& w, const StepDraws& draw) {
  const auto& p = w.p;
  const Scenario& s = *w.scenario;
  const double per_agent = s.head.persons_per_agent;
  const bool shocked = happened(s.inputs.shock_at) && w.now >= s.inputs.shock_at;
  const double shock = shocked ? p.shock_grievance * s.inputs.shock_size : 0.0;
  // A decisive order makes part of the ready stand down.
  const double stand_down = p.stand_down * (w.decided.fire.holds()                   ? 1.0
                                            : w.decided.emergency_everywhere.holds() ? p.emergency_stand_down
                                                                                     : 0.0);
  const double mood_kept = sim::pow(p.mood_persistence, w.dt);
  const double mood_noise = p.mood_sd * std::sqrt(1.0 - mood_kept * mood_kept);
  const double mark_kept = force_kept(p.force_memory, w.dt);
  const double tire = sim::hazard(p.fatigue, w.dt), calm = sim::hazard(p.violence_calming, w.dt),
               reconsider = sim::hazard(p.reconsideration, w.dt);
  for (const PlaceId c : w.places.ids()) {
    PlaceState& place = w.places[c];
    const double reach = w.network * place.network;
    const double crowd = w.crowd(c), turnout = crowd / place.pool;
    const double police_reach = place.posture == Posture::fire    ? p.fire_reach
                                : place.posture == Posture::clear ? p.clearing_reach
                                                                  : p.visibility;
    // Police who are known to hold back frighten less.
    const double restraint = std::min(1.0, 2.0 * place.force_readiness);
    place.night = night(w.hour(w.about(c).clock_shift), p.night_begins, p.night_ends, p.night_edge);
    const double danger =
        fear(restraint * police_reach * place.police / (1.0 + crowd), p.fear_constant, p.fear_steepness);
    const double live = place.posture == Posture::fire ? 1.0 + p.live_fire_cost : 1.0;
    place.mood = mood_kept * place.mood + mood_noise * draw.normal(purpose::mood, c);
    const bool curfew = place.emergency && s.inputs.in_curfew(w.hour());
    const double guarded = place.police_at_start > 0 ? std::min(1.0, place.police / place.police_at_start) : 0.0;
    if (curfew) {
      w.tally.curfew_hours += w.dt;
      w.tally.curfew_enforced += w.dt * guarded;
    }
    const double felt = place.emergency ? p.curfew_unguarded + (1.0 - p.curfew_unguarded) * guarded : 0.0;
    const double awake = 1.0 - p.sleep * place.night;
    const double contact = p.offline_contact + (1.0 - p.offline_contact) * reach;

    CrowdTerms t;
    t.grievance = single(1.0 - place.legitimacy);
    t.shock = single(shock * place.shock_exposure * (1.0 - place.shock_relief));
    t.fear = single(danger * live);
    t.pull_place = single(p.social_pull * (1.0 - p.tie_weight) * turnout * contact);
    t.pull_circle = single(p.social_pull * p.tie_weight);
    t.cost = single(p.night_cost * place.night + p.curfew_cost * felt * (curfew ? 1.0 : p.emergency_cost) - place.mood);
    t.inverse_noise = single(1.0 / p.decision_noise);
    const double aware = p.awareness_rate * contact * awake * w.dt;
    const double by_shock = shocked ? p.shock_awareness * awake * w.dt * (1.0 - place.shock_relief) *
                                          sim::pow(place.shock_exposure, p.shock_exponent)
                                    : 0.0;
    t.aware_place = single(aware * ((1.0 - p.tie_weight) * turnout + p.news_weight * reach * w.news) + by_shock);
    t.aware_circle = single(aware * p.tie_weight);
    t.stand_down = single(sim::hazard(stand_down * restraint, w.dt));
    t.tire = single(tire);
    const double armed = place.armed_groups + std::min(place.captured_arms, place.persons_violent);
    const double violence = (w.faced(c) ? p.violence_base * place.force_readiness : 0.0) +
                            p.violence_force * place.force +
                            p.violence_arms * std::min(1.0, armed / (p.riot_size / 2.0 + p.arms_felt * crowd)) +
                            (w.unpoliced(c) ? p.violence_vacuum : 0.0);
    t.turn_violent = single(sim::hazard(violence, w.dt));
    t.calm = single(calm);
    t.reconsider = single(reconsider);

    citizens_of_place_choose(w.citizens, place, t, s.structure.activation, draw);
    place.newly_out *= per_agent;
    place.newly_violent *= per_agent;
    place.persons_peaceful = w.persons(place.count[Status::peaceful]);
    place.persons_violent = w.persons(place.count[Status::violent]);
    place.force *= mark_kept;
    place.wanted += p.wanted_peaceful * place.newly_out + p.wanted_violent * place.newly_violent;
  }
}

std::int64_t move_citizens(World& w, const StepDraws& draw, PlaceId c, std::initializer_list<Status> from, Status to,
                           std::int64_t agents, Purpose purpose) {
  constexpr std::uint32_t slots_of_status = 16;
  PlaceState& place = w.places[c];
  std::int64_t moved = 0;
  for (const Status state : from) {
    const std::int64_t have = place.count[state];
    const std::int64_t take = std::min(have, agents - moved);
    if (take <= 0) continue;
    const double start = draw.uniform(purpose, c, slots_of_status * to_underlying(state));
    std::int64_t seen = 0, taken = 0;
    const double stride = sim::real(have) / sim::real(take);
    auto next = static_cast<std::int64_t>(start * stride);
    for (std::uint32_t group = place.first; group < place.last && taken < take; group += group_size) {
      Status* const status = w.citizens.status.data() + group;
      std::uint8_t here = 0;
      for (std::uint32_t i = 0; i < group_size; ++i) here = static_cast<std::uint8_t>(here + (status[i] == state));
      if (seen + here <= next) {
        seen += here;
        continue;
      }
      for (std::uint32_t i = 0; i < group_size && taken < take; ++i) {
        if (status[i] != state) continue;
        if (seen++ < next) continue;
        status[i] = to;
        ++taken;
        next = static_cast<std::int64_t>((start + sim::real(taken)) * stride);
      }
    }
    place.count[state] -= taken;
    place.count[to] += taken;
    moved += taken;
  }
  place.persons_peaceful = w.persons(place.count[Status::peaceful]);
  place.persons_violent = w.persons(place.count[Status::violent]);
  return moved;
}

}  // namespace qantar::agents
