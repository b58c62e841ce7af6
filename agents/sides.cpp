#include "agents/sides.hpp"

#include <algorithm>

#include "agents/random_draws.hpp"
#include "agents/rules/conduct.hpp"
#include "agents/rules/contest.hpp"
#include "agents/rules/travel.hpp"
#include "agents/signals.hpp"
#include "agents/sites.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {
namespace {

// It has turned, was sent, has come, and has not given up.
bool in_action(const World& w, UnitId u) {
  const UnitState& unit = w.units[u];
  return unit.side.exists() && unit.site.exists() && happened(unit.arrives) && unit.arrives <= w.now &&
         stays(unit.conduct) && unit.strength >= 1;
}

template <class Do>
void units_at(World& w, SiteId s, Do&& act) {
  for (const UnitId u : w.places[w.about(s).place].units)
    if (w.units[u].site == s && in_action(w, u)) act(u, w.units[u]);
}

double fighting(const World& w, const UnitState& unit) {
  return fighting_strength(unit.strength * effort(unit.conduct, w.p.stalling_effort), unit.morale,
                           w.p.strength_without_morale);
}

// Of units that have turned, at a site: strength in a contest, all persons, those who do not slacken, and those of
// them who were told to fire.
struct Party {
  double strength = 0, persons = 0, active = 0, firing = 0;
};

Party party_at(World& w, SiteId s) {
  Party out;
  units_at(w, s, [&](UnitId, const UnitState& unit) {
    out.strength += fighting(w, unit);
    out.persons += unit.strength;
    if (unit.conduct != Conduct::obeying) return;
    out.active += unit.strength;
    if (unit.has_order && unit.order == Content::fire) out.firing += unit.strength;
  });
  return out;
}

// Units of the state that guard a site.
template <class Do>
void guards_of(World& w, SiteId s, Do&& act) {
  for (const UnitId u : w.places[w.about(s).place].units) {
    UnitState& unit = w.units[u];
    if (unit.present && unit.site == s && stays(unit.conduct)) act(u, unit);
  }
}

// Those who came out in a place against a side.
template <class W, class Do>
void against(W& w, PlaceId c, FactionId side, Do&& act) {
  for (auto& r : w.rallies)
    if (r.place == c && r.side != side) act(r);
}

// Who presses on the units that hold a site: units of the state that guard nothing else, and the people who came out
// against them, divided among the sites that are held so. Strength counts as that of armed units.
struct Pressure {
  double police = 0, people = 0, strength = 0;
};

Pressure pressure_on(const World& w, SiteId s) {
  const PlaceId c = w.about(s).place;
  const FactionId holder = w.sites[s].holder;
  double sites = 0;
  for (const SiteId other : w.places[c].sites) sites += w.sites[other].holder.exists();
  Pressure out;
  for (const UnitId u : w.places[c].units)
    if (const UnitState& unit = w.units[u]; unit.present && !unit.site.exists())
      out.police += fighting(w, unit) / sites;
  against(w, c, holder, [&](const Rally& r) { out.people += r.persons / sites; });
  out.strength = out.police + w.p.peaceful_mass / (1.0 + w.p.arms_advantage) * out.people;
  return out;
}

void violence_begins(World& w, PlaceId c) {
  w.quiet_since = never;
  if (!happened(w.violence_began)) w.violence_began = w.now;
  if (!happened(w.places[c].clash)) w.places[c].clash = w.now;
}

enum class Victim { guard, turned, people };

void count_deaths(World& w, PlaceId c, double deaths, Victim who) {
  if (deaths <= 0) return;
  violence_begins(w, c);
  w.places[c].deaths += deaths;
  w.tally.deaths += deaths;
  const double injured = deaths * w.p.injury_ratio;
  w.tally.injured += injured;
  if (who == Victim::guard) {
    w.tally.security_deaths += deaths;
    w.tally.security_injured += injured;
  }
  if (who == Victim::turned) w.tally.turned_deaths += deaths;
}

// What is left when so many of all have been lost, everybody being hit alike.
double left_of(double persons, double lost, double of_all) {
  return of_all > 0 ? persons * (1.0 - std::min(1.0, lost / of_all)) : persons;
}

void give_up(World& w, UnitId u, Conduct how, EventNumber cause) {
  UnitState& unit = w.units[u];
  unit.conduct = how;
  unit.since = w.now;
  unit.event_conduct =
      w.note(EventKind::unit_gives_up, unit.place, unit.site, w.actor(u), unit.strength, {unit.event_order, cause});
  w.tally.turned_given_up += unit.strength;
  w.tally.detained += std::floor(unit.strength);
}

void take(World& w, SiteId s, FactionId side, double strength) {
  SiteState& site = w.sites[s];
  const Site& about = w.about(s);
  site.holder = side;
  site.lines = 0;
  lose(w, s, strength);
  EventNumber cause = no_event;
  ActorId first;
  units_at(w, s, [&](UnitId u, const UnitState& unit) {
    cause = std::max(cause, unit.event_order);
    if (!first.exists()) first = w.actor(u);
  });
  site.event_fall = w.note(EventKind::site_seized, about.place, s, first, strength, {cause, site.event_attack});
  guards_of(w, s, [&](UnitId u, UnitState& guard) {
    guard.conduct = Conduct::broken;
    guard.since = w.now;
    w.tally.overrun[w.about(u).organisation] += 1;
    guard.event_conduct =
        w.note(EventKind::unit_overrun, about.place, s, w.actor(u), guard.strength, {site.event_fall});
  });
  w.mark_expectations(-mark_of(w, s));
}

// Whether units at a site go on, slacken or give up: the choice of any unit (rules/conduct.hpp), with their own side in
// the place of the president. To go on before people who came out against them is a severe order.
void reconsider(World& w, const StepDraws& draw, SiteId s, FactionId side, double danger, bool before_people) {
  const double belief = sim::logistic(believed_to_prevail(w, side)), gone = given_up(w, side);
  units_at(w, s, [&](UnitId u, UnitState& unit) {
    if (!draw.happens(sim::hazard(w.p.unit_rate, w.dt), purpose::unit_reconsiders, u)) return;
    UnitView view;
    view.morale = unit.morale;
    view.belief = belief;
    view.loyalty = w.loyalty_of(w.about(u).organisation, side);
    view.severity = before_people ? 1.0 : 0.0;
    view.danger = danger;
    view.left_share = gone;
    const auto chance = conduct_choice(view, w.p);
    const double x = draw.uniform(purpose::conduct, u);
    if (x < chance[0])
      unit.conduct = Conduct::obeying;
    else if (x < chance[0] + chance[1])
      unit.conduct = Conduct::stalling;
    else
      give_up(w, u, Conduct::withdrawn, std::max(w.sites[s].event_fall, w.sites[s].event_attack));
  });
}

// Units that have turned go for a site that the state holds.
void assault(World& w, const StepDraws& draw, SiteId s) {
  SiteState& site = w.sites[s];
  FactionId side;
  units_at(w, s, [&](UnitId, const UnitState& unit) { side = unit.side; });
  if (!side.exists()) return;
  const Party party = party_at(w, s);
  // Those who only stand there attack nobody, and think again.
  if (party.active <= 0) return reconsider(w, draw, s, side, site.hold_chance, false);
  const PlaceId c = w.about(s).place;
  double guards = 0, defence = 0;
  guards_of(w, s, [&](UnitId, UnitState& guard) {
    guard.in_contact = guard.contact_yet = true;
    guards += guard.strength;
    defence += fighting(w, guard);
  });
  const bool renewed = attack(w, s);
  site.attackers = party.active;
  site.pressure = party.strength;
  site.hold_chance = hold_chance(defence, site.pressure, w.p.defence_advantage, w.p.contest_exponent);
  if (guards > 0) {
    const double killed = std::min(
        std::floor(guards),
        sim::real(draw.poisson(aimed_losses(party.strength, w.p.security_loss, w.dt), purpose::killed_by_turned, s)));
    const double lost =
        std::min(std::floor(party.persons),
                 sim::real(draw.poisson(aimed_losses(defence, w.p.security_loss, w.dt), purpose::turned_killed, s)));
    count_deaths(w, c, killed, Victim::guard);
    count_deaths(w, c, lost, Victim::turned);
    guards_of(w, s, [&](UnitId, UnitState& guard) { guard.strength = left_of(guard.strength, killed, guards); });
    units_at(w, s, [&](UnitId, UnitState& unit) { unit.strength = left_of(unit.strength, lost, party.persons); });
  }
  const bool kept = happened(w.about(s).held_until) && w.now < w.about(s).held_until;
  const double rate = kept ? 0.0 : collapse_rate(site.hold_chance, w.p.collapse_rate, w.p.collapse_exponent);
  if (draw.happens(sim::hazard(rate, w.dt), purpose::site_seized, s)) {
    site.lines -= 1;
    if (site.lines <= 0 || guards <= 0) take(w, s, side, party.active);
  } else if (guards > 0) {
    withstand(w, s, renewed);
    reconsider(w, draw, s, side, site.hold_chance, false);
  }
}

void come_back(World& w, SiteId s, double police) {
  SiteState& site = w.sites[s];
  const Site& about = w.about(s);
  site.holder = {};
  const EventNumber event = regain(w, s, police, 0.0, {site.event_fall});
  w.mark_expectations(w.p.regain_share * mark_of(w, s));
  for (const UnitId u : w.places[about.place].units)
    if (UnitState& guard = w.units[u]; guard.present && guard.site == s && guard.conduct == Conduct::broken) {
      guard.conduct = Conduct::obeying;
      guard.since = w.now;
      guard.event_conduct = event;
    }
}

// Units hold a site that they took: they fire on who comes, are pressed, give up, or are overcome.
void hold_out(World& w, const StepDraws& draw, SiteId s) {
  const PlaceId c = w.about(s).place;
  const auto& p = w.p;
  const Pressure pressure = pressure_on(w, s);
  const Party before = party_at(w, s);
  const double hold = hold_chance(before.strength, pressure.strength, p.defence_advantage, p.contest_exponent);

  const double lethal = before.firing + p.clear_lethality * (before.active - before.firing);
  const double mean = street_losses(lethal, pressure.people, p.full_streets, p.street_loss, w.dt);
  const double killed = std::min(std::floor(pressure.people), sim::real(draw.poisson(mean, purpose::rally_killed, s)));
  count_deaths(w, c, killed, Victim::people);
  double out = 0;
  against(w, c, w.sites[s].holder, [&](const Rally& r) { out += r.persons; });
  against(w, c, w.sites[s].holder, [&](Rally& r) { r.persons = left_of(r.persons, killed, out); });

  reconsider(w, draw, s, w.sites[s].holder, 1.0 - hold, pressure.people > 0);

  const Party party = party_at(w, s);
  const double rate = pressure.strength > 0 ? collapse_rate(hold, p.retake_rate, p.collapse_exponent) : 0.0;
  if (party.persons > 0 && draw.happens(sim::hazard(rate, w.dt), purpose::site_given_back, s)) {
    // It takes about an hour.
    const double police =
        draw.poisson(aimed_losses(party.strength, p.security_loss, 1.0), purpose::killed_by_turned, s);
    const double turned = draw.poisson(aimed_losses(pressure.police, p.security_loss, 1.0), purpose::turned_killed, s);
    const double lost = std::min(std::floor(party.persons), turned);
    count_deaths(w, c, std::min(police, std::floor(pressure.police)), Victim::guard);
    count_deaths(w, c, lost, Victim::turned);
    units_at(w, s, [&](UnitId u, UnitState& unit) {
      unit.strength = left_of(unit.strength, lost, party.persons);
      give_up(w, u, Conduct::broken, w.sites[s].event_fall);
    });
  }
  if (party_at(w, s).persons <= 0) come_back(w, s, pressure.police);
}

}  // namespace

void turn(World& w, UnitId u, FactionId side, EventNumber cause) {
  UnitState& unit = w.units[u];
  const bool back = w.about(side).role == Role::incumbent;
  if (back != unit.side.exists() || (back && !stays(unit.conduct))) return;
  w.anybody_turned = true;
  unit.side = back ? FactionId() : side;
  unit.present = back;
  unit.has_order = false;
  unit.arrives = never;
  unit.conduct = Conduct::obeying;
  unit.since = w.now;
  unit.site = back ? w.about(u).site : SiteId();
  unit.event_conduct = w.note(back ? EventKind::unit_returns : EventKind::unit_turns, unit.place, {}, w.actor(u),
                              unit.strength, {cause});
}

bool can_go_for(const World& w, UnitId u, SiteId s) {
  const UnitState& unit = w.units[u];
  const SiteId task = w.about(u).task;
  if (!unit.side.exists() || !stays(unit.conduct) || unit.strength < 1) return false;
  return task.exists() ? task == s : unit.place == w.about(s).place && !unit.site.exists();
}

void set_out(World& w, UnitId u, SiteId s, EventNumber order) {
  if (!can_go_for(w, u, s)) return;
  UnitState& unit = w.units[u];
  const PlaceId to = w.about(s).place;
  const Place &a = w.about(unit.place), &b = w.about(to);
  const double km = unit.place == to ? 0.0 : distance_km(a.latitude, a.longitude, b.latitude, b.longitude);
  unit.event_order = w.note(EventKind::order_received, unit.place, s, w.actor(u), as_amount(Content::seize), {order});
  unit.order_received = w.now;
  unit.site = s;
  unit.arrives = w.now + km / w.p.travel_speed;  // they were ready
  if (unit.place != to) w.station(u, to);
}

void stand_down(World& w, UnitId u, EventNumber order) {
  if (stays(w.units[u].conduct)) give_up(w, u, Conduct::withdrawn, order);
}

bool holds(const World& w, SiteId s, FactionId side) {
  const SiteState& site = w.sites[s];
  return w.about(side).role == Role::incumbent ? site.held : site.holder == side;
}

double given_up(const World& w, FactionId side) {
  double gone = 0, all = 0;
  for (const auto& unit : w.units) {
    if (unit.side != side || !happened(unit.arrives)) continue;
    all += 1;
    gone += !stays(unit.conduct);
  }
  return all > 0 ? gone / all : 0.0;
}

void strike(World& w, const StepDraws& draw, SiteId s, double deaths, EventNumber cause) {
  const PlaceId c = w.about(s).place;
  SiteState& site = w.sites[s];
  double guards = 0;
  guards_of(w, s, [&](UnitId, const UnitState& guard) { guards += guard.strength; });
  const double killed = draw.poisson(deaths, purpose::killed_by_strike, s);
  const double of_guards = std::min(killed, std::floor(guards));
  if (!happened(site.attacked)) site.attacked = w.now;
  if (!happened(w.places[c].attacked)) w.places[c].attacked = w.now;
  violence_begins(w, c);
  site.event_attack = w.note(EventKind::site_struck, c, s, {}, killed, {cause});
  count_deaths(w, c, of_guards, Victim::guard);
  count_deaths(w, c, killed - of_guards, Victim::people);
  guards_of(w, s, [&](UnitId, UnitState& guard) { guard.strength = left_of(guard.strength, of_guards, guards); });
}

void rally(World& w, PlaceId c, FactionId side, double persons, EventNumber cause) {
  for (Rally& r : w.rallies)
    if (r.place == c && r.side == side) {
      r.called = std::max(r.called, persons);
      return;
    }
  w.rallies.push_back({c, side, persons});
  w.rallies.back().event = cause;
}

void sides_contest(World& w, const StepDraws& draw) {
  for (Rally& r : w.rallies) {
    // Who hears of it and is willing comes out; who is out goes home when tired.
    const double willing = r.called * w.network;
    r.persons += std::max(0.0, willing - r.persons) * sim::hazard(w.p.rally_rate, w.dt);
    r.persons -= r.persons * sim::hazard(w.p.fatigue, w.dt);
    PlaceState& place = w.places[r.place];
    place.rally_peak = std::max(place.rally_peak, r.persons);
    if (r.persons >= w.scenario->head.protest_size && !happened(place.rally_began)) {
      place.rally_began = w.now;
      r.event = w.note(EventKind::rally_begins, r.place, {}, w.actor(r.side), r.persons, {r.event});
    }
  }
  if (!w.anybody_turned) return;
  for (const SiteId s : w.sites.ids()) {
    if (w.sites[s].holder.exists())
      hold_out(w, draw, s);
    else if (w.sites[s].held)
      assault(w, draw, s);
  }
}

}  // namespace qantar::agents
