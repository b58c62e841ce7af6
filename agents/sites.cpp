#include "agents/sites.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <boost/container/small_vector.hpp>

#include "agents/citizens.hpp"
#include "agents/random_draws.hpp"
#include "agents/rules/conduct.hpp"
#include "agents/rules/contest.hpp"
#include "agents/security_units.hpp"

namespace qantar::agents {
namespace {

double present_strength(const World& w, UnitId u, Posture posture) {
  const UnitState& unit = w.units[u];
  if (!unit.present) return 0.0;
  const double tool = posture == Posture::fire    ? w.p.live_fire_strength
                      : posture == Posture::clear ? 1.0
                                                  : w.p.hold_strength;
  return fighting_strength(unit.strength * effort(unit.conduct, w.p.stalling_effort), unit.morale,
                           w.p.strength_without_morale) *
         tool;
}

// A unit without a site of its own stands before the seat of its place.
bool defends(const World& w, UnitId u, SiteId s) {
  const UnitState& unit = w.units[u];
  const Site& site = w.about(s);
  if (unit.side.exists()) return false;
  return unit.site == s || (!unit.site.exists() && unit.place == site.place && site.seat);
}

double defence_of(const World& w, SiteId s) {
  const PlaceState& place = w.places[w.about(s).place];
  double sum = 0;
  for (const UnitId u : place.units)
    if (defends(w, u, s)) sum += present_strength(w, u, place.posture);
  return sum;
}

// How many of those who would join an assault do so at this hour, 0..1.
double bustle(const PlaceState& place) { return 1.0 - place.night; }

// A list that is seldom longer and then takes no memory of its own.
template <class T>
using Few = boost::container::small_vector<T, 16>;

// Draws one of the weights; none when all are zero.
std::optional<std::size_t> pick(const Few<double>& weights, double u) {
  double sum = 0;
  for (double x : weights) sum += x;
  if (sum <= 0) return {};
  double rest = u * sum;
  for (std::size_t i = 0; i < weights.size(); ++i)
    if ((rest -= weights[i]) < 0) return i;
  return weights.size() - 1;
}

void lose_arms(World& w, const StepDraws& draw, SiteId s) {
  const Site& site = w.about(s);
  SiteState& state = w.sites[s];
  PlaceState& place = w.places[site.place];
  if (!happened(w.tally.armed_share_at_first_loss) && state.arms > 0) {
    const double violent = place.persons_violent + place.armed_groups;
    w.tally.armed_share_at_first_loss = violent > 0 ? place.armed_groups / violent : 0.0;
  }
  const double share = w.p.arms_taken_least + (1.0 - w.p.arms_taken_least) * draw.uniform(purpose::arms_taken, s);
  const double taken = std::floor(state.arms * share);
  state.arms -= taken;
  w.tally.arms_lost += taken;
  (site.state ? w.tally.arms_service : w.tally.arms_shops) += taken;
  place.captured_arms += w.p.arms_spread * taken;
}

void fall(World& w, const StepDraws& draw, SiteId s, double attackers, EventNumber cause) {
  const Site& site = w.about(s);
  SiteState& state = w.sites[s];
  PlaceState& place = w.places[site.place];
  lose(w, s, attackers);
  state.event_fall = w.note(EventKind::site_falls, site.place, s, {}, attackers,
                            {cause, state.event_attack, place.event_left, place.event_violence});
  for (const UnitId u : place.units) {
    UnitState& unit = w.units[u];
    if (!unit.present || (unit.conduct != Conduct::obeying && unit.conduct != Conduct::stalling) || !defends(w, u, s))
      continue;
    // Some get away in order, the others are overrun; the record rarely tells which.
    const bool orderly = draw.happens(w.p.orderly_retreat, purpose::retreat_is_orderly, u);
    unit.conduct = orderly ? Conduct::withdrawn : Conduct::broken;
    unit.since = w.now;
    unit.morale = std::max(0.0, unit.morale - w.p.morale_defeat);
    if (!orderly) w.tally.overrun[w.about(u).organisation] += 1;
    unit.event_conduct = w.note(orderly ? EventKind::unit_withdraws : EventKind::unit_overrun, site.place, s,
                                w.actor(u), unit.strength, {state.event_fall});
    if (orderly) place.event_left = unit.event_conduct;
  }
  if (state.arms > 0) lose_arms(w, draw, s);
  w.mark_expectations(-mark_of(w, s));
}

void hurt(World& w, PlaceId c, double deaths, bool on_street) {
  PlaceState& place = w.places[c];
  place.deaths += deaths;
  w.tally.deaths += deaths;
  place.to_kill += deaths;
  if (on_street) place.street_deaths_now += deaths;
  const double injured = deaths * w.p.injury_ratio;
  place.injured += injured;
  w.tally.injured += injured;
  place.to_harm += injured;
}

void contact(World& w, const StepDraws& draw, SiteId s, const Assault& a) {
  const Site& site = w.about(s);
  SiteState& state = w.sites[s];
  const PlaceId c = site.place;
  PlaceState& place = w.places[c];
  const auto& p = w.p;
  const double violent = std::max(1.0, place.persons_violent);
  const double armed_share = std::min(1.0, place.captured_arms / violent);
  const double attackers = sim::rounded(a.crowd + a.members);
  const double defence = defence_of(w, s);
  const double core = a.crowd * (1.0 + p.arms_advantage * armed_share) + a.skill + 2.0 * p.arms_advantage * a.arms;
  // The peaceful mass presses behind a violent core, never without one.
  const double press =
      site.seat ? std::min(p.press_ratio * core, p.peaceful_mass * place.persons_peaceful * bustle(place)) : 0.0;
  state.pressure = core + press;
  // A site needs a violent core: pressing alone breaks nothing.
  if (attackers < p.attack_size || core < p.serious_attack * defence) return;
  const double hold = hold_chance(defence, state.pressure, p.defence_advantage, p.contest_exponent);
  state.attackers = attackers;
  state.hold_chance = hold;
  const bool renewed = attack(w, s);

  double guards = 0;
  for (const UnitId u : place.units)
    if (defends(w, u, s) && present_strength(w, u, place.posture) > 0) {
      w.units[u].in_contact = w.units[u].contact_yet = true;
      guards += w.units[u].strength;
    }
  if (guards > 0) {
    const double lethality = place.posture == Posture::fire    ? 1.0
                             : place.posture == Posture::clear ? p.clear_lethality
                                                               : 0.0;
    const double mean = crowd_losses(defence, lethality, attackers, p.crowd_loss, p.loss_limit, w.dt);
    hurt(w, c, draw.poisson(mean, purpose::crowd_killed_at_site, s), false);
    const double armed = a.arms + armed_share * a.crowd;
    const double mean_loss = guard_losses(armed, attackers, guards, p.bare_hands, p.security_loss, p.loss_limit, w.dt);
    const double loss = draw.poisson(mean_loss, purpose::guards_killed, s);
    w.tally.deaths += loss;
    w.tally.security_deaths += loss;
    place.deaths += loss;
    const double wounded = p.security_injury_ratio * loss;
    w.tally.security_injured += wounded;
    w.tally.injured += wounded;
    mark_of_force(w, c, 1.0);
  }

  const bool kept = happened(site.held_until) && w.now < site.held_until;
  const double rate = kept ? 0.0 : collapse_rate(hold, p.collapse_rate, p.collapse_exponent);
  if (draw.happens(sim::hazard(rate, w.dt), purpose::line_breaks, s)) {
    state.lines -= 1;
    state.event_attack = w.note(EventKind::line_broken, site.place, s, {}, attackers,
                                {state.event_attack, place.event_violence, place.event_left});
    if (site.seat && !happened(place.line_broken)) place.line_broken = w.now;
    if (state.lines <= 0) fall(w, draw, s, attackers, state.event_attack);
  } else if (guards > 0) {
    withstand(w, s, renewed);
    if (renewed)
      state.event_attack = w.note(EventKind::storm_repelled, site.place, s, {}, attackers, {place.event_violence});
  }
}

// The violent crowd splits into columns, each a share of what is left; each turns to one site. Groups choose by their
// own tastes.
void choose_targets(World& w, const StepDraws& draw, PlaceId c) {
  constexpr int columns = 3;
  const PlaceState& place = w.places[c];
  const auto& p = w.p;
  const double crowd = p.attack_share * bustle(place) * place.persons_violent;
  double members = 0;
  for (const GroupId g : w.groups.ids())
    if (w.groups[g].active > 0) members += w.groups[g].active * w.value(w.about(g).places[c]);
  if (crowd < p.attack_size && members < p.attack_size) return;

  bool seat_held = false;
  Few<SiteId> sites;
  Few<double> hold, weights;
  for (const SiteId s : place.sites) {
    const Site& site = w.about(s);
    // Shops stay targets after they fell, sites of the state do not.
    if (!w.sites[s].held && site.state) continue;
    sites.push_back(s);
    hold.push_back(
        hold_chance(defence_of(w, s), p.column_share * (crowd + members), p.defence_advantage, p.contest_exponent));
    seat_held = seat_held || site.seat;
  }
  if (sites.empty()) return;
  // A column keeps its luck for an hour, whatever the step: shorter steps give it no more choices.
  const auto hour = static_cast<int>(std::floor(w.now - w.scenario->clock.start()));
  const bool vacuum = w.unpoliced(c);
  double rest = crowd;
  weights.resize(sites.size());
  for (int k = 0; k < columns; ++k) {
    for (std::size_t i = 0; i < sites.size(); ++i) {
      const Site& site = w.scenario->sites[sites[i]];
      const double utility = site.symbolic + (vacuum ? p.loot_pull * site.loot : 0.0) - p.defence_pull * hold[i] -
                             (seat_held && !site.seat ? p.seat_first : 0.0);
      weights[i] = sim::exp(utility);
    }
    const auto chosen = pick(weights, draw.at(hour).uniform(purpose::target_of_column, c, static_cast<std::size_t>(k)));
    const double column = k + 1 < columns ? p.column_share * rest : rest;
    rest -= column;
    if (chosen) w.sites[sites[*chosen]].assault.crowd += column;
  }
  for (const GroupId g : w.groups.ids()) {
    const Group& group = w.about(g);
    const double here = w.groups[g].active * w.value(group.places[c]) * p.group_turnout * bustle(place);
    if (here < 1.0) continue;
    for (std::size_t i = 0; i < sites.size(); ++i) {
      const Site& site = w.scenario->sites[sites[i]];
      weights[i] = sim::exp(group.coercive * site.coercive + group.symbolic * site.symbolic + group.loot * site.loot +
                            group.arms * (site.arms > 0 ? 1.0 : 0.0) - p.defence_pull * hold[i]);
    }
    const auto chosen = pick(weights, draw.at(hour).uniform(purpose::target_of_group, c, g));
    if (!chosen) continue;
    Assault& a = w.sites[sites[*chosen]].assault;
    a.members += here;
    a.skill += here * w.groups[g].skill;
    a.arms += here * w.groups[g].armed_share;
  }
}

void loot(World& w, const StepDraws& draw, SiteId s, const Assault& a) {
  const Site& site = w.about(s);
  SiteState& state = w.sites[s];
  const PlaceId c = site.place;
  PlaceState& place = w.places[c];
  const double guarded = w.policed(c) ? w.p.guarded_looting : 1.0;
  const double attackers = sim::rounded(a.crowd + a.members);
  if (attackers < w.p.attack_size) return;
  if (site.arms > 0) {
    if (!state.held) return;
    const double rate = w.p.arms_shop_rate * attackers * guarded / site.businesses;
    if (draw.happens(sim::hazard(rate, w.dt), purpose::arms_shop_looted, s)) {
      // One shop at a time; the site falls with the last one.
      const double before = state.arms, part = site.arms / site.businesses;
      const double taken = std::min(before, sim::rounded(part));
      if (!happened(w.tally.armed_share_at_first_loss))
        w.tally.armed_share_at_first_loss =
            place.armed_groups / std::max(1.0, place.persons_violent + place.armed_groups);
      state.arms -= taken;
      w.tally.arms_lost += taken;
      w.tally.arms_shops += taken;
      place.captured_arms += w.p.arms_spread * taken;
      if (!happened(state.attacked)) state.attacked = w.now;
      if (!happened(state.fell)) {
        state.fell = w.now;
        state.attackers_at_fall = attackers;
        state.crowd_at_fall = w.crowd(c);
        state.event_fall =
            w.note(EventKind::site_falls, site.place, s, {}, attackers, {place.event_violence, place.event_left});
      }
      if (state.arms <= 0 || --state.open_shops <= 0) state.held = false;
    }
    return;
  }
  const double left = std::max(0.0, 1.0 - place.looted / site.businesses);
  const double mean = w.p.looting_rate * w.dt * attackers * left * guarded;
  const double drawn = draw.poisson(mean, purpose::businesses_looted, s);
  const double looted = std::min(drawn, site.businesses - place.looted);  // no shop twice
  if (looted <= 0) return;
  place.looted += looted;
  place.looted_now += looted;
  w.tally.looted += looted;
  if (place.abandoned_by_police) w.tally.loot_after_police_left = true;
  if (!happened(state.attacked)) state.attacked = w.now;
  if (!happened(state.fell)) {
    state.fell = w.now;
    state.attackers_at_fall = attackers;
    state.crowd_at_fall = w.crowd(c);
    state.event_fall =
        w.note(EventKind::site_falls, site.place, s, {}, attackers, {place.event_violence, place.event_left});
  }
}

// Under live fire people are shot on the street, attackers or not.
void street_fire(World& w, const StepDraws& draw, PlaceId c) {
  PlaceState& place = w.places[c];
  if (place.posture != Posture::fire) return;
  const double mean =
      street_losses(place.police, w.crowd(c) + place.persons_violent, w.p.full_streets, w.p.street_loss, w.dt);
  hurt(w, c, draw.poisson(mean, purpose::killed_on_street, c), true);
}

void retake(World& w, const StepDraws& draw, PlaceId c) {
  PlaceState& place = w.places[c];
  Few<SiteId> lost;
  for (const SiteId s : place.sites)
    if (w.about(s).state && !w.sites[s].held && !w.sites[s].holder.exists()) lost.push_back(s);
  if (lost.empty()) return;
  const double tool = place.posture == Posture::fire ? w.p.live_fire_strength : 1.0;
  const double armed_share = std::min(1.0, place.captured_arms / std::max(1.0, place.persons_violent));
  const double threat =
      w.p.attack_share * place.persons_violent * (1.0 + w.p.arms_advantage * armed_share) + 2.0 * place.armed_groups;
  const double chance = hold_chance(place.police * tool, threat, 1.0, w.p.contest_exponent);
  const bool resolved = w.decided.fire.holds() || w.policed(c);
  const double rate =
      w.p.retake_rate * chance * (resolved ? 1.0 : w.p.unresolved_retaking) * (w.dark() ? w.p.night_work : 1.0);
  if (place.police * tool <= threat || place.police <= 0 ||
      !draw.happens(sim::hazard(rate, w.dt), purpose::sites_retaken, c))
    return;
  // What matters for force comes first, a seat with its square last; a far stronger force takes all at once.
  std::ranges::stable_sort(lost, {}, [&](SiteId s) { return std::pair(w.about(s).seat, -w.about(s).coercive); });
  const std::size_t many = place.police * tool > w.p.overwhelming * threat ? lost.size() : 1;
  for (std::size_t i = 0; i < many; ++i) {
    const SiteId s = lost[i];
    // The news goes the same way as that of a loss.
    const EventNumber event =
        regain(w, s, place.police, 1.0, {w.sites[s].event_fall, w.decided.fire.event, w.decided.reserves.event});
    for (const UnitId u : place.units) {
      UnitState& unit = w.units[u];
      if ((unit.conduct == Conduct::broken || unit.conduct == Conduct::withdrawn) && defends(w, u, s)) {
        unit.conduct = Conduct::obeying;
        unit.since = w.now;
        unit.event_conduct = event;
        if (unit.order == Content::withdraw) unit.has_order = false;
      }
    }
    w.mark_expectations(w.p.regain_share * mark_of(w, s));
  }
  // Part of the crowd is driven off: the violent go home for good, the others for now.
  const auto driven_off = [&](Status s) {
    return static_cast<std::int64_t>(w.p.driven_off * sim::real(place.count[s]));
  };
  move_citizens(w, draw, c, {Status::violent}, Status::tired, driven_off(Status::violent), purpose::violent_driven_off);
  move_citizens(w, draw, c, {Status::peaceful}, Status::unaware, driven_off(Status::peaceful),
                purpose::peaceful_driven_off);
  for (const GroupId g : w.groups.ids())
    w.groups[g].lost += w.p.driven_off * w.groups[g].active * w.value(w.about(g).places[c]);
  const double mean = street_losses(place.police, w.crowd(c) + place.persons_violent, w.p.full_streets, w.p.street_loss,
                                    w.p.retaking_hours) *
                      (place.posture == Posture::fire ? 1.0 : w.p.clear_lethality);
  hurt(w, c, draw.poisson(mean, purpose::killed_in_retaking, c), true);
}

// Detentions are bounded by the police who are free for them; where local command holds still and no emergency gives
// a ground, there are few.
void detain(World& w, const StepDraws& draw) {
  const double per_agent = w.scenario->head.persons_per_agent;
  for (const PlaceId c : w.places.ids()) {
    PlaceState& place = w.places[c];
    const bool resolved = place.posture != Posture::hold || place.emergency || w.decided.fire.holds();
    const double capacity = std::min(w.p.detention_rate * place.police, w.p.search_rate * place.wanted) *
                            (w.dark() ? w.p.night_work : 1.0) * (resolved ? 1.0 : w.p.undecided_detention);
    const double mean = std::min(capacity * w.dt, place.wanted);
    double taken = draw.poisson(mean, purpose::detained, c);
    taken = std::min(taken, std::floor(place.wanted));
    // Foreigners among the detained: residents as anywhere, and members of foreign groups.
    const double foreign = place.wanted > 0 ? place.wanted_foreign / place.wanted : 0.0;
    const double of_them =
        draw.poisson(taken * std::min(1.0, w.p.foreign_residents + foreign), purpose::foreigners_detained, c);
    w.tally.detained_foreign += std::min(taken, of_them);
    place.wanted_foreign -= foreign * taken;
    place.wanted -= taken;
    w.tally.detained += taken;
    place.to_detain += taken;
    if (const auto agents = static_cast<std::int64_t>(place.to_detain / per_agent); agents > 0) {
      move_citizens(w, draw, c, {Status::violent, Status::tired, Status::peaceful, Status::ready}, Status::detained,
                    agents, purpose::who_is_detained);
      place.to_detain -= w.persons(agents);
    }
  }
}

// Takes the dead and badly hurt out of the crowd once they make up a whole agent.
void remove_harmed(World& w, const StepDraws& draw) {
  const double per_agent = w.scenario->head.persons_per_agent;
  for (const PlaceId c : w.places.ids()) {
    PlaceState& place = w.places[c];
    const auto take = [&](double& persons, Status to, Purpose who) {
      const auto agents = static_cast<std::int64_t>(persons / per_agent);
      if (agents <= 0) return;
      persons -= w.persons(agents);
      move_citizens(w, draw, c, {Status::violent, Status::peaceful, Status::tired}, to, agents, who);
    };
    take(place.to_kill, Status::dead, purpose::who_is_killed);
    take(place.to_harm, Status::hurt, purpose::who_is_hurt);
  }
}

}  // namespace

double mark_of(const World& w, SiteId s) {
  const Site& site = w.about(s);
  if (!site.state) return 0.0;
  return w.p.site_mark * site.significance * (site.seat ? 2.0 : 1.0);
}

void lose(World& w, SiteId s, double attackers) {
  SiteState& state = w.sites[s];
  state.held = false;
  state.repelled -= state.withstands;  // it was not, after all
  state.withstands = false;
  if (w.about(s).seat) w.places[w.about(s).place].seat_lost = true;
  if (happened(state.fell)) return;
  state.fell = w.now;
  state.crowd_at_fall = w.crowd(w.about(s).place);
  state.attackers_at_fall = attackers;
}

bool attack(World& w, SiteId s) {
  SiteState& state = w.sites[s];
  PlaceState& place = w.places[w.about(s).place];
  if (!happened(state.attacked)) state.attacked = w.now;
  if (!happened(place.attacked)) place.attacked = w.now;
  const bool renewed = !happened(state.last_attack) || w.now - state.last_attack > w.p.regroup_hours;
  state.last_attack = w.now;
  return renewed;
}

void withstand(World& w, SiteId s, bool renewed) {
  SiteState& state = w.sites[s];
  state.hours_attacked += w.dt;
  if (!happened(state.failed_storm)) state.failed_storm = w.now;
  if (!renewed) return;
  ++state.repelled;
  state.withstands = true;
}

EventNumber regain(World& w, SiteId s, double strength, Hours news, std::initializer_list<EventNumber> causes) {
  SiteState& state = w.sites[s];
  state.held = true;
  state.lines = w.about(s).lines;
  if (w.about(s).seat) w.places[w.about(s).place].seat_lost = false;
  if (!happened(state.retaken)) state.retaken = w.now;
  const EventNumber event = w.note(EventKind::site_retaken, w.about(s).place, s, {}, strength, causes);
  std::erase_if(w.reports, [&](const Report& r) { return r.site == s && !r.regained; });
  w.reports.push_back({s, true, w.now + news, event});
  return event;
}

void resolve_contacts(World& w, const StepDraws& draw) {
  for (auto& site : w.sites) {
    site.attackers = site.pressure = 0;
    site.assault = {};
  }
  for (const PlaceId c : w.places.ids()) choose_targets(w, draw, c);
  for (const SiteId s : w.sites.ids()) {
    SiteState& state = w.sites[s];
    const Site& site = w.about(s);
    if (site.shops())
      loot(w, draw, s, state.assault);
    else if (state.held && state.assault.crowd + state.assault.members > 0)
      contact(w, draw, s, state.assault);
    // Lines are manned again when nobody has attacked for a while.
    if (state.held && site.state && happened(state.last_attack) && w.now - state.last_attack > w.p.regroup_hours)
      state.lines = site.lines;
  }
  for (const PlaceId c : w.places.ids()) {
    street_fire(w, draw, c);
    retake(w, draw, c);
  }
  detain(w, draw);
  remove_harmed(w, draw);
}

}  // namespace qantar::agents
