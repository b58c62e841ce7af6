#include "agents/security_units.hpp"

#include <algorithm>

#include "agents/random_draws.hpp"
#include "agents/rules/conduct.hpp"
#include "agents/rules/contest.hpp"
#include "agents/rules/rhythm.hpp"
#include "agents/rumours.hpp"

namespace qantar::agents {
namespace {

void choose_posture(World& w, const StepDraws& draw, PlaceId c) {
  PlaceState& place = w.places[c];
  const double crowd = w.crowd(c), hour = w.hour(w.about(c).clock_shift);
  double firing = 0, obeying = 0;
  for (const UnitId u : place.units)
    if (w.units[u].present && w.units[u].conduct == Conduct::obeying) {
      obeying += w.units[u].strength;
      if (w.units[u].has_order && w.units[u].order == Content::fire) firing += w.units[u].strength;
    }
  if (place.posture == Posture::fire) {
    if (place.persons_violent < 30 && crowd < 300 && draw.happens(sim::hazard(0.1, w.dt), purpose::ceases_fire, c))
      place.posture = Posture::hold;
    return;
  }
  if (obeying > 0 && firing > 0.3 * obeying && (place.persons_violent > 100 || crowd > w.scenario->head.mass_size) &&
      draw.happens(sim::hazard(0.25, w.dt), purpose::opens_fire, c)) {
    place.posture = Posture::fire;
    place.event_force = w.note(EventKind::force_used, c, {}, {}, crowd, {w.decided.fire.event, place.event_violence});
    return;
  }
  if (place.posture == Posture::clear) {
    if (crowd < 0.2 * place.police_at_start && place.persons_violent < 50) place.posture = Posture::hold;
    return;
  }
  // Clearing: after dark or against violence, when the crowd is too large to ignore.
  const bool tempting = crowd > 0.8 * place.police_at_start || place.persons_violent > 150;
  const bool night_or_violent = hour >= 20.0 || hour < 3.0 || place.persons_violent > 150;
  const double rate = w.p.force_rate * place.force_readiness * place.force_readiness;
  if (tempting && night_or_violent && draw.happens(sim::hazard(rate, w.dt), purpose::clears, c)) {
    place.posture = Posture::clear;
    place.event_force = w.note(EventKind::force_used, c, {}, {}, crowd, {place.event_protest, place.event_violence});
    if (!happened(place.clash)) place.clash = w.now;
    if (!happened(w.first_clash)) w.first_clash = w.now;
  }
}

void set_conduct(World& w, UnitId u, Conduct conduct, EventNumber cause) {
  UnitState& unit = w.units[u];
  if (unit.conduct == conduct) return;
  const Unit& about = w.about(u);
  const bool was_away = effort(unit.conduct) == 0.0;
  unit.conduct = conduct;
  unit.since = w.now;
  const ActorId actor = w.actor(u);
  if (conduct == Conduct::withdrawn) {
    unit.event_conduct = w.note(EventKind::unit_withdraws, unit.place, unit.site, actor, unit.strength,
                                {unit.event_order, cause, w.places[unit.place].event_left});
    w.places[unit.place].event_left = unit.event_conduct;
    if (!unit.contact_yet) w.tally.left_before_contact[about.organisation] += 1;
    if (unit.site.exists()) {
      SiteState& site = w.sites[unit.site];
      bool guarded = false;
      for (const UnitId v : w.places[unit.place].units)
        guarded =
            guarded || (v != u && w.units[v].site == unit.site && w.units[v].present && effort(w.units[v].conduct) > 0);
      if (!guarded && site.held && !happened(site.left)) {
        site.left = w.now;
        w.note(EventKind::site_left, unit.place, unit.site, actor, unit.strength, {unit.event_conduct});
      }
    }
  } else if (conduct == Conduct::joined) {
    unit.event_conduct = w.note(EventKind::unit_joins, unit.place, unit.site, actor, unit.strength, {cause});
  } else if (conduct == Conduct::obeying && was_away) {
    unit.event_conduct =
        w.note(EventKind::unit_returns, unit.place, unit.site, actor, unit.strength, {unit.event_order});
  }
}

void answer(World& w, const StepDraws& draw, UnitId u) {
  UnitState& unit = w.units[u];
  const Unit& about = w.about(u);
  const auto& p = w.p;
  PlaceState& place = w.places[unit.place];
  const double crowd = w.crowd(unit.place);
  const AgencyKind agency = w.agency(u);
  const double pressure = unit.site.exists() ? w.sites[unit.site].pressure : 0.0;
  const double threat = 0.5 * pressure + 0.15 * place.persons_violent;
  const double own = fighting_strength(unit.strength, unit.morale) + 0.3 * place.police;
  const double danger = threat > 20.0 ? 1.0 - hold_chance(own, threat, p.defence_advantage, p.contest_exponent) : 0.0;

  // Morale: recovers towards its base, suffers in front of a crowd, in contacts and when others leave.
  unit.morale += w.dt * (0.02 * (unit.base_morale - unit.morale) -
                         (crowd > 0.3 * place.police_at_start ? p.morale_loss * (1.0 + danger) : 0.0) -
                         0.01 * place.left_share - (unit.in_contact ? 0.01 + 0.03 * danger : 0.0));
  unit.morale = std::clamp(unit.morale, 0.02, 1.0);

  const bool away = effort(unit.conduct) == 0.0;
  if (away) {
    // Called back by order, mobilisation or a new chief, a unit returns after some hours when the danger has passed.
    const OfficeId head = w.head_of[about.organisation];
    const bool new_chief = w.dismissed(head);
    const bool called = unit.called_back || w.decided.reserves.holds() || w.decided.fire.holds() || new_chief;
    const bool still_told = unit.has_order && unit.order == Content::withdraw && !new_chief;
    const double rate = called && !still_told && w.now >= unit.since + 6.0
                            ? p.return_rate * (1.0 - std::min(0.9, danger)) *
                                  (new_chief && agency == AgencyKind::intelligence ? 1.5 : 1.0)
                            : 0.0;
    if (unit.conduct != Conduct::joined && draw.happens(sim::hazard(rate, w.dt), purpose::unit_returns, u)) {
      set_conduct(w, u, Conduct::obeying, no_event);
      if (unit.order == Content::withdraw) unit.has_order = false;  // who is back has no order to leave any more
      unit.morale = std::max(unit.morale, 0.6 * unit.base_morale);
    }
    return;
  }

  // Null process: a commander in danger gives up the post without being told to. The right hour is his, not the
  // centre's.
  const bool own_decision =
      danger > 0.3 && draw.happens(sim::hazard(p.local_withdrawal * danger, w.dt), purpose::gives_up_post, u);
  const bool told = own_decision || (unit.has_order && unit.order == Content::withdraw);
  if (own_decision) {
    w.tally.withdrawal_orders[about.organisation] += 1;
    unit.event_order = w.note(EventKind::order_issued, unit.place, unit.site,
                              about.commander.exists() ? w.actor(about.commander) : w.actor(u),
                              as_amount(Content::withdraw), {place.event_violence});
  }
  const double rate = told ? 3.0 * p.unit_rate : p.unit_rate;
  const Hours time = own_decision ? 1.0 : w.dt;  // he has an hour to carry out his own decision, whatever the step
  if (!draw.happens(sim::hazard(rate, time), purpose::unit_reconsiders, u)) return;

  const FactionId president = w.scenario->faction(Role::incumbent);
  UnitView view;
  view.morale = unit.morale;
  view.belief = w.belief[about.organisation];
  view.loyalty = president.exists() ? w.loyalty_of(about.organisation, president) : 0.5;
  view.severity = place.posture == Posture::fire ? 1.0 : place.posture == Posture::clear ? 0.3 : 0.0;
  view.peaceful_share = crowd > 0 ? place.persons_peaceful / crowd : 1.0;
  view.danger = danger;
  view.told_to_leave = told;
  view.left_share = place.left_share;
  const bool before_crowd = crowd > 0.3 * place.police_at_start;
  const bool told_to_wait = w.held_back() && w.about(unit.place).significance >= 1.0 &&
                            (agency == AgencyKind::guard || agency == AgencyKind::state_guard);
  view.ambiguity =
      (before_crowd ? 1.0 : 0.2) * (0.6 * (place.emergency ? 0.0 : 1.0) + 0.2 * (w.in_control() ? 0.0 : 1.0) +
                                    0.15 * (w.network > 0.5 ? 1.0 : 0.0)) +
      (told_to_wait ? w.decided.restraint : 0.0) + p.command_doubt * doubt_about_command(w, u);
  const auto chance = conduct_choice(view, p);
  const double x = draw.uniform(purpose::conduct, u);
  const Conduct next = x < chance[0]                           ? Conduct::obeying
                       : x < chance[0] + chance[1]             ? Conduct::stalling
                       : x < chance[0] + chance[1] + chance[2] ? Conduct::withdrawn
                                                               : Conduct::joined;
  set_conduct(w, u, next, danger > 0.02 ? place.event_violence : no_event);
}

}  // namespace

void units_answer_orders(World& w, const StepDraws& draw) {
  for (const UnitId u : w.units.ids()) {
    UnitState& unit = w.units[u];
    if (!unit.present && !unit.side.exists() && happened(unit.arrives) && w.now >= unit.arrives) {
      unit.present = true;
      unit.event_conduct = w.note(EventKind::unit_arrives, unit.place, {}, w.actor(u), unit.strength,
                                  {unit.event_order, w.decided.reserves.event});
      PlaceState& place = w.places[unit.place];
      for (const UnitId v : place.units)  // those who hold take heart
        if (v != u && w.units[v].present && place.police > 0)
          w.units[v].morale =
              std::min(1.0, w.units[v].morale + w.p.morale_relief * std::min(0.5, 0.5 * unit.strength / place.police));
    }
    if (unit.present) answer(w, draw, u);
    unit.in_contact = false;
  }
  for (const PlaceId c : w.places.ids()) {
    PlaceState& place = w.places[c];
    double present = 0, left = 0, all = 0;
    for (const UnitId u : place.units) {
      if (!w.units[u].present) continue;
      present += w.units[u].strength * effort(w.units[u].conduct);
      all += w.units[u].strength;
      if (w.units[u].conduct == Conduct::withdrawn || w.units[u].conduct == Conduct::joined)
        left += w.units[u].strength;
    }
    const bool relieved = w.intervention_present > 0 && w.scenario->intervention.place == c;
    if (relieved)
      present += 0.6 * w.p.intervention_relief * w.scenario->intervention.freed +
                 w.p.intervention_kinetic * w.intervention_present;
    place.police = present;
    place.left_share = all > 0 ? left / all : 0.0;
    choose_posture(w, draw, c);
    // Force felt by the crowd grows with every hour of contact and fades by itself (part 3).
    const double felt = place.posture == Posture::fire                        ? 0.4
                        : place.posture == Posture::clear && w.crowd(c) > 300 ? 0.3
                                                                              : 0.0;
    place.force =
        std::min(1.0, place.force + felt * place.force_readiness * force_added(w.dt) * (present > 0 ? 1.0 : 0.0));
  }
}

}  // namespace qantar::agents
