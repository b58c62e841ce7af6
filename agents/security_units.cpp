#include "agents/security_units.hpp"

#include <algorithm>
#include <utility>

#include "agents/random_draws.hpp"
#include "agents/rules/conduct.hpp"
#include "agents/rules/contest.hpp"
#include "agents/rules/rhythm.hpp"
#include "agents/rumours.hpp"

namespace qantar::agents {
namespace {

void choose_posture(World& w, const StepDraws& draw, PlaceId c) {
  PlaceState& place = w.places[c];
  const double crowd = w.crowd(c);
  double obeying = 0;
  EnumArray<Content, double, content_count> told{};
  for (const UnitId u : place.units)
    if (const UnitState& unit = w.units[u]; unit.present && unit.conduct == Conduct::obeying) {
      obeying += unit.strength;
      if (unit.has_order) told[unit.order] += unit.strength;
    }
  // Local command acts on what enough of its forces are told from above.
  const auto ordered = [&](Content what) { return obeying > 0 && told[what] > w.p.fire_share * obeying; };
  const bool over = place.posture == Posture::fire && w.calm(c) && !w.faced(c);
  const bool called_off = place.posture != Posture::hold && ordered(Content::cease);
  if ((over || called_off) && draw.happens(sim::hazard(w.p.cease_fire_rate, w.dt), purpose::ceases_fire, c)) {
    place.posture = Posture::hold;
    return;
  }
  if (place.posture == Posture::fire) return;
  if (ordered(Content::fire) && (w.riots(c) || crowd > w.scenario->head.mass_size) &&
      draw.happens(sim::hazard(w.p.open_fire_rate, w.dt), purpose::opens_fire, c)) {
    place.posture = Posture::fire;
    if (!happened(place.live_fire)) place.live_fire = w.now;
    place.event_force = w.note(EventKind::force_used, c, {}, {}, crowd, {w.decided.fire.event, place.event_violence});
    return;
  }
  if (place.posture == Posture::clear) {
    if (!w.faced(c) && w.calm(c)) place.posture = Posture::hold;
    return;
  }
  // Clearing: after dark or against violence, when the crowd is too large to ignore, and by order.
  const bool tempting = w.dark() && crowd > w.p.clearing_crowd * place.police_at_start;
  const bool by_order = ordered(Content::clear) && w.faced(c);
  const double rate = by_order ? w.p.open_fire_rate : w.p.force_rate * place.force_readiness * place.force_readiness;
  if ((tempting || w.riots(c) || by_order) && draw.happens(sim::hazard(rate, w.dt), purpose::clears, c)) {
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
  const bool was_away = !stays(unit.conduct);
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
            guarded || (v != u && w.units[v].site == unit.site && w.units[v].present && stays(w.units[v].conduct));
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
  const double pressure = unit.site.exists() ? w.sites[unit.site].pressure : 0.0;
  const double threat = p.threat_of_pressure * pressure + p.threat_of_crowd * place.persons_violent;
  const double own =
      fighting_strength(unit.strength, unit.morale, p.strength_without_morale) + p.mutual_support * place.police;
  const double danger = 1.0 - hold_chance(own, threat, p.defence_advantage, p.contest_exponent);
  const bool faces_crowd = w.faced(unit.place);

  // Morale: recovers towards its base, suffers in front of a crowd, in contacts and when others leave.
  unit.morale += w.dt * (p.morale_return * (unit.base_morale - unit.morale) -
                         p.morale_loss * ((faces_crowd + unit.in_contact) * (1.0 + danger) + place.left_share));
  unit.morale = std::clamp(unit.morale, 0.0, 1.0);

  const bool away = !stays(unit.conduct);
  if (away) {
    // Called back by order, mobilisation or a new chief, a unit returns after some hours when the danger has passed.
    const OfficeId head = w.about(about.organisation).head;
    const bool new_chief = w.dismissed(head);
    const bool called = unit.called_back || w.decided.reserves.holds() || w.decided.fire.holds() || new_chief;
    const bool still_told = unit.has_order && unit.order == Content::withdraw && !new_chief;
    const double rate =
        called && !still_told && w.now >= unit.since + p.regroup_hours ? p.return_rate * (1.0 - danger) : 0.0;
    if (unit.conduct != Conduct::joined && draw.happens(sim::hazard(rate, w.dt), purpose::unit_returns, u)) {
      set_conduct(w, u, Conduct::obeying, no_event);
      if (unit.order == Content::withdraw) unit.has_order = false;  // who is back has no order to leave any more
    }
    return;
  }

  // Null process: a commander in danger gives up the post without being told to. The right hour is his, not the
  // centre's.
  const double hopeless = danger > p.danger_felt ? p.local_withdrawal * sim::pow(danger, p.collapse_exponent) : 0.0;
  // Who guards another site sees that the seat is lost and wonders for whom he stands there.
  const double deserted = place.seat_lost && unit.site.exists() && w.riots(unit.place) ? p.seat_withdrawal : 0.0;
  const bool own_decision =
      hopeless + deserted > 0 && draw.happens(sim::hazard(hopeless + deserted, w.dt), purpose::gives_up_post, u);
  const bool told = own_decision || (unit.has_order && unit.order == Content::withdraw);
  if (own_decision) {
    w.tally.withdrawal_orders[about.organisation] += 1;
    unit.event_order = w.note(EventKind::order_issued, unit.place, unit.site,
                              about.commander.exists() ? w.actor(about.commander) : w.actor(u),
                              as_amount(Content::withdraw), {place.event_violence});
  }
  const double rate = told ? p.told_urgency * p.unit_rate : p.unit_rate;
  const Hours time = own_decision ? 1.0 : w.dt;  // he has an hour to carry out his own decision, whatever the step
  if (!draw.happens(sim::hazard(rate, time), purpose::unit_reconsiders, u)) return;

  const FactionId president = w.scenario->faction(Role::incumbent);
  UnitView view;
  view.morale = unit.morale;
  view.belief = w.belief[about.organisation];
  view.loyalty = president.exists() ? w.loyalty_of(about.organisation, president) : 1.0 / 2.0;
  view.severity = place.posture == Posture::fire ? 1.0 : place.posture == Posture::clear ? p.clear_severity : 0.0;
  view.peaceful_share = crowd > 0 ? place.persons_peaceful / crowd : 1.0;
  view.danger = danger;
  view.told_to_leave = told;
  view.left_share = place.left_share;
  const bool told_to_wait = w.held_back() && w.about(unit.place).significance >= 1.0;
  view.ambiguity = (faces_crowd ? p.lawless_doubt * !place.emergency + p.shared_command_doubt * !w.in_control() : 0.0) +
                   (told_to_wait ? w.decided.restraint[about.organisation] : 0.0) +
                   p.command_doubt * doubt_about_command(w, u);
  const auto chance = conduct_choice(view, p);
  const double x = draw.uniform(purpose::conduct, u);
  const Conduct next = x < chance[0]                           ? Conduct::obeying
                       : x < chance[0] + chance[1]             ? Conduct::stalling
                       : x < chance[0] + chance[1] + chance[2] ? Conduct::withdrawn
                                                               : Conduct::joined;
  set_conduct(w, u, next, danger > p.danger_felt ? place.event_violence : no_event);
}

}  // namespace

void mark_of_force(World& w, PlaceId c, double share) {
  PlaceState& place = w.places[c];
  const double of_posture = place.posture == Posture::fire    ? 1.0
                            : place.posture == Posture::clear ? w.p.clear_force
                                                              : 0.0;
  place.force =
      std::min(1.0, place.force + share * of_posture * place.force_readiness * force_added(w.p.force_memory, w.dt));
}

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
              std::min(1.0, w.units[v].morale + w.p.morale_relief * std::min(1.0, unit.strength / place.police));
    }
    if (unit.present) answer(w, draw, u);
  }
  for (const PlaceId c : w.places.ids()) {
    PlaceState& place = w.places[c];
    double present = 0, pinned = 0, left = 0, all = 0;
    for (const UnitId u : place.units) {
      const bool in_contact = std::exchange(w.units[u].in_contact, false);
      if (!w.units[u].present) continue;
      const double works = w.units[u].strength * effort(w.units[u].conduct, w.p.stalling_effort);
      present += works;
      if (in_contact) pinned += works;
      all += w.units[u].strength;
      if (w.units[u].conduct == Conduct::withdrawn || w.units[u].conduct == Conduct::joined)
        left += w.units[u].strength;
    }
    const bool relieved = w.intervention_present > 0 && w.scenario->intervention.place == c;
    if (relieved)
      present +=
          w.p.intervention_relief * w.scenario->intervention.freed + w.p.intervention_kinetic * w.intervention_present;
    place.police = present;
    place.patrol = present - pinned;
    place.left_share = all > 0 ? left / all : 0.0;
    choose_posture(w, draw, c);
    if (present > 0 && (place.posture == Posture::fire || w.faced(c)))
      mark_of_force(w, c, w.p.street_force * std::min(1.0, w.p.force_density * present / std::max(1.0, w.crowd(c))));
  }
}

}  // namespace qantar::agents
