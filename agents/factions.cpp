#include "agents/factions.hpp"

#include <algorithm>

#include "agents/messages.hpp"
#include "agents/random_draws.hpp"
#include "agents/standing.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {
namespace {

// One faction's view and means in this step.
class Decider {
 public:
  Decider(World& w, const StepDraws& draw, FactionKind kind, Purpose purpose)
      : w_(w), draw_(draw), faction_(w.scenario->faction(kind)), purpose_(purpose) {}
  bool exists() const { return faction_.exists(); }
  FactionId faction() const { return faction_; }
  bool can(Action a) const { return w_.can(faction_, a); }
  /// Takes the action for the first time with an hourly rate. True when it happens now.
  bool try_action(Action a, double rate, std::initializer_list<EventNumber> causes, PlaceId place = {}) {
    if (rate <= 0 || w_.has_acted(a) || !can(a)) return false;
    if (!draw_.happens(sim::hazard(rate, w_.dt), purpose_, a)) return false;
    return w_.act(a, faction_, place, causes);
  }
  /// Takes the action now if it has not been taken. True when it happens now.
  bool force_action(Action a, std::initializer_list<EventNumber> causes, PlaceId place) {
    return can(a) && w_.act(a, faction_, place, causes);
  }

 private:
  World& w_;
  const StepDraws& draw_;
  FactionId faction_;
  Purpose purpose_;
};

// What the centre sees of the country.
struct Situation {
  double regions = 0, focal_crowd = 0, focal_force = 0, origin_crowd = 0, intelligence_out = 0, belief = 1;
  bool failed_storm = false, airport_or_intelligence_lost = false, intelligence_lost = false;
  PlaceId focal;
  EventNumber focal_event = no_event, loss_event = no_event, protest_event = no_event, violence_event = no_event;
};

Situation look(const World& w) {
  Situation v;
  v.regions = w.tally.peak_regions;
  for (const PlaceId c : w.places.ids()) {
    const PlaceState& place = w.places[c];
    if (c == w.origin) v.protest_event = place.event_protest;
    if (w.origin.exists() && w.about(c).region == w.about(w.origin).region) v.origin_crowd += w.crowd(c);
    if (w.about(c).significance < 1.0) continue;
    if (!v.focal.exists() || w.crowd(c) > v.focal_crowd) {
      v.focal = c;
      v.focal_event = place.event_protest;
      v.violence_event = place.event_violence;
    }
    v.focal_crowd = std::max(v.focal_crowd, w.crowd(c));
    v.focal_force = std::max(v.focal_force, place.force);
  }
  for (const SiteId s : w.sites.ids()) {
    const Site& site = w.about(s);
    if (site.kind == SiteKind::administration && w.about(site.place).significance >= 1.0)
      v.failed_storm = v.failed_storm || happened(w.sites[s].failed_storm);
    if (!w.sites[s].known_lost) continue;
    if (site.significance > 0.2) v.loss_event = std::max(v.loss_event, w.sites[s].event_fall);
    const bool intelligence = site.kind == SiteKind::intelligence && site.significance > 0.2;
    v.intelligence_lost = v.intelligence_lost || intelligence;
    v.airport_or_intelligence_lost =
        v.airport_or_intelligence_lost || intelligence || (site.kind == SiteKind::airport && site.significance > 0.2);
  }
  double belief = 0;
  for (const auto& office : w.offices) belief += office.believes();
  if (!w.offices.empty()) v.belief = belief / sim::real(w.offices.size());
  for (const UnitId u : w.units.ids())
    if (w.agency(u) == AgencyKind::intelligence &&
        (w.units[u].conduct == Conduct::withdrawn || w.units[u].conduct == Conduct::broken))
      v.intelligence_out += 1;
  return v;
}

// A dismissed agency head changes what his subordinates expect: half of them come round at once.
void dismiss_head(World& w, const StepDraws& draw, OfficeId office, EventNumber cause) {
  dismiss(w, office, cause);
  w.mark_expectations(0.6);
  const OrganisationId organisation = w.about(office).organisation;
  for (const OfficeId i : w.offices.ids())
    if (i != office && w.about(i).organisation == organisation &&
        draw.happens(0.5, purpose::subordinate_comes_round, i))
      w.offices[i].affinity = std::max(w.offices[i].affinity, 0.7);
}

OfficeId office_of(const World& w, OfficeKind kind) {
  for (const OfficeId i : w.scenario->offices.ids())
    if (w.about(i).kind == kind) return i;
  return {};
}

OfficeId intelligence_head(const World& w) {
  for (const OrganisationId o : w.scenario->organisations.ids())
    if (w.about(o).kind == AgencyKind::intelligence) return w.head_of[o];
  return {};
}

InForce in_force(const World& w, Action a) { return {w.now, w.event_of(a)}; }

void concede(World& w, const Situation& v, Decider& president) {
  const auto& p = w.p;
  const double hour = w.hour();
  const bool office_hours = hour >= 8.0 && hour < 23.0;
  president.try_action(Action::first_address, v.regions >= 4 && office_hours ? p.address_rate : 0.0,
                       {v.protest_event, v.focal_event});
  // A what-if may set the hour; the draws of the decision stay where they are.
  const Hours set = w.scenario->inputs.concession_at;
  const bool due = happened(set) && w.now >= set && w.origin.exists();
  if (due ? president.force_action(Action::concede_local, {v.protest_event}, w.origin)
          : president.try_action(Action::concede_local,
                                 v.origin_crowd > 400 && office_hours ? 0.65 * p.concession_rate : 0.0,
                                 {v.protest_event}, w.origin))
    for (const PlaceId c : w.places.ids())
      if (w.about(c).region == w.about(w.origin).region)
        w.places[c].shock_relief = std::max(w.places[c].shock_relief, 0.7);
  if (president.try_action(Action::concede_national, v.regions >= 7 ? p.concession_rate : 0.0,
                           {v.protest_event, v.focal_event}))
    for (const PlaceId c : w.places.ids()) w.places[c].shock_relief = std::max(w.places[c].shock_relief, 0.3);
}

void secure(World& w, const Situation& v, Decider& president, const StepDraws& draw) {
  const auto& p = w.p;
  const bool heavy = w.reported_loss >= 1.0;
  // The stricter measure holds until the network is given back.
  if (president.try_action(Action::restrict_network, v.focal_crowd > 2500 ? p.network_rate : 0.0, {v.focal_event},
                           v.focal) &&
      !w.has_acted(Action::shut_network) && !w.has_acted(Action::restore_network))
    w.decided.network = p.network_restricted;
  if (president.try_action(Action::emergency_local, v.focal_force > 0.3 || v.failed_storm ? p.emergency_rate : 0.0,
                           {v.focal_event, v.violence_event}, v.focal))
    for (const PlaceId c : w.places.ids())
      if (w.places[c].force > 0.3 || (w.origin.exists() && w.about(c).region == w.about(w.origin).region))
        declare_emergency(w, c);
  if (w.has_acted(Action::emergency_local) && !w.has_acted(Action::lift_emergency_first)) spread_emergency(w, draw);
  if (president.try_action(Action::dismiss_cabinet, w.has_acted(Action::emergency_local) ? p.cabinet_rate : 0.0,
                           {w.event_of(Action::emergency_local), v.violence_event})) {
    dismiss(w, office_of(w, OfficeKind::head_of_government), w.event_of(Action::dismiss_cabinet));
    w.decided.appeasement += 0.2;
  }
  if (president.try_action(Action::emergency_national, heavy ? 0.18 : 0.0, {v.loss_event})) {
    w.decided.emergency_everywhere = in_force(w, Action::emergency_national);
    for (const PlaceId c : w.places.ids()) declare_emergency(w, c);
  }
  if (president.try_action(Action::shut_network, heavy ? p.shutdown_rate : 0.0, {v.loss_event}) &&
      !w.has_acted(Action::restore_network))
    w.decided.network = p.network_shut;
  if (president.try_action(Action::mobilise_army, heavy ? p.mobilisation_rate : 0.0, {v.loss_event})) {
    w.decided.reserves = in_force(w, Action::mobilise_army);
    call_up(w, draw);
  }
  const double fire = w.script_waits() ? 0.0
                      : heavy          ? p.fire_rate * (w.in_control() ? 1.0 : 0.3)
                                       : (w.decided.turn.holds() ? 0.15 * p.fire_rate : 0.0);
  if (president.try_action(Action::live_fire, fire, {v.loss_event, w.decided.turn.event}))
    w.decided.fire = in_force(w, Action::live_fire);
  send_fire_orders(w, draw, president.faction());
  // Forces of quiet places are sent to the focal city, each by an order of its own.
  if (v.focal.exists())
    if (president.try_action(Action::reinforce, heavy ? p.reinforcement_rate : 0.0, {v.loss_event}, v.focal))
      w.decided.reinforcement = in_force(w, Action::reinforce);
  if (v.focal.exists()) send_reinforcements(w, draw, president.faction(), v.focal);
  bool focal_back = false;
  for (const SiteId s : w.sites.ids())
    focal_back = focal_back || (w.about(s).kind == SiteKind::administration && w.about(s).significance >= 1.0 &&
                                happened(w.sites[s].retaken));
  president.try_action(Action::warn_publicly,
                       w.decided.fire.holds() && (focal_back || happened(w.restored)) ? 0.08 : 0.0,
                       {w.decided.fire.event});
}

void seize_control(World& w, const Situation& v, Decider& president, const StepDraws& draw) {
  const auto& p = w.p;
  const double loss = w.reported_loss;
  const double doubt = 0.4 + 1.2 * (1.0 - v.belief);
  const bool script = w.on(Switch::presidential_script);
  const bool emergency = w.has_acted(Action::emergency_local);
  // Losses of a weight that only focal cities have; small towns do not add up to a national decision.
  double chair = p.chair_rate * std::clamp(loss - 0.6, 0.0, 2.0) * doubt;
  if (emergency) chair += p.opportunism;  // null process
  if (script && (emergency || v.focal_crowd > 4000)) chair = std::max(chair, p.script_rate);
  if (president.try_action(Action::take_council_chair, chair,
                           {v.loss_event, v.focal_event, w.event_of(Action::emergency_local)})) {
    w.tally.loss_before_chair = w.reported_loss;
    w.decided.turn = in_force(w, Action::take_council_chair);
    dismiss(w, office_of(w, OfficeKind::council_chair), w.decided.turn.event);
    w.mark_expectations(0.7);
  }
  double request =
      p.request_rate * std::clamp(loss - 1.2, 0.0, 2.5) * doubt * (v.airport_or_intelligence_lost ? 1.3 : 0.6);
  if (script && w.decided.turn.holds()) request = std::max(request, 2.0 * p.script_rate);
  if (president.try_action(Action::request_intervention, request, {v.loss_event, w.decided.turn.event})) {
    w.decided.request = in_force(w, Action::request_intervention);
    w.mark_expectations(0.15);
  }

  const OfficeId head = intelligence_head(w);
  if (head.exists() && !w.dismissed(head)) {
    double rate = p.dismissal_rate * std::min(1.5, (v.intelligence_lost ? 1.0 : 0.0) + 0.3 * v.intelligence_out) *
                  (w.decided.turn.holds() ? 1.0 : 0.2);
    if (script && w.decided.turn.holds()) rate = std::max(rate, 2.0 * p.script_rate);
    if (president.can(Action::dismiss_officials) &&
        draw.happens(sim::hazard(rate, w.dt), purpose::head_of_intelligence_dismissed))
      dismiss_head(w, draw, head, v.loss_event != no_event ? v.loss_event : w.decided.turn.event);
  }
}

// After the turn: offices tied to the former president, and those whose agencies failed, change hands one by one.
void replace_officials(World& w, const StepDraws& draw, Decider& president) {
  // In a case without a council chair the turn is the return of order.
  const bool turned = w.decided.turn.holds() || (!w.chair_is_open && happened(w.restored));
  if (!turned || !president.can(Action::dismiss_officials)) return;
  const FactionId clan = w.scenario->faction(FactionKind::clan);
  const OfficeId head = intelligence_head(w);
  for (const OfficeId i : w.offices.ids()) {
    OfficeState& state = w.offices[i];
    const Office& office = w.about(i);
    if (!happened(state.dismissed) && office.removable) {
      const bool below_dismissed = head.exists() && office.organisation == w.about(head).organisation &&
                                   w.dismissed(head) &&
                                   (office.kind == OfficeKind::deputy || office.kind == OfficeKind::first_deputy);
      const bool failed_army = happened(w.restored) && office.kind == OfficeKind::agency_head &&
                               w.about(office.organisation).kind == AgencyKind::army;
      const double tie = clan.exists() && office.tie == clan ? 1.0 : below_dismissed ? 0.8 : failed_army ? 0.3 : 0.0;
      const double opposed = state.stance == Stance::challenger ? 2.0 : 0.0;
      const double rate = w.p.personnel_rate * (tie + opposed) * (happened(w.restored) ? 1.0 : 0.2);
      if (rate > 0 && draw.happens(sim::hazard(rate, w.dt), purpose::official_dismissed, i)) {
        w.act(Action::dismiss_officials, president.faction(), {}, {w.decided.turn.event});
        dismiss(w, i, w.decided.turn.event);
      }
    }
    // Heads of intelligence who were dismissed in the crisis may be detained; it is made public later.
    if (i == head && happened(state.dismissed) && !happened(state.arrested) &&
        draw.happens(sim::hazard(1.0 / 12.0, w.dt), purpose::head_arrested, i)) {
      state.arrested = w.now;
      w.note(EventKind::office_arrested, {}, {}, w.actor(i), 0, {state.event_dismissed});
    }
    if (happened(state.arrested) && !happened(state.arrest_published) &&
        draw.happens(sim::hazard(1.0 / 48.0, w.dt), purpose::arrest_published, i)) {
      state.arrest_published = w.now;
      w.note(EventKind::arrest_published, {}, {}, w.actor(i), 0, {state.event_dismissed});
    }
  }
}

void wind_down(World& w, Decider& president, const StepDraws& draw) {
  if (!happened(w.restored)) return;
  const double quiet = w.now - w.restored;
  const EventNumber leaving = w.event_of(Action::intervention_leaving);
  if (president.try_action(Action::restore_network, quiet > 48.0 ? 0.04 : 0.0, {})) w.decided.network = 1.0;
  if (president.try_action(Action::claim_assets, quiet > 48.0 ? 0.02 : 0.0, {w.decided.turn.event}))
    if (const FactionId clan = w.scenario->faction(FactionKind::clan); clan.exists()) {
      const double claimed = w.p.asset_claim * w.resource(clan, Resource::money);
      w.resource(clan, Resource::money) -= claimed;
      w.resource(president.faction(), Resource::money) += claimed;
    }
  if (president.try_action(Action::lift_emergency_first, quiet > 96.0 ? 0.02 : 0.0, {}))
    for (const PlaceId c : w.places.ids())
      if (w.places[c].deaths == 0 && w.about(c).significance < 1.0 &&
          draw.once().happens(0.5, purpose::emergency_lifted_first, c))
        w.places[c].emergency = false;
  if (president.try_action(Action::lift_emergency, quiet > 200.0 ? 0.02 : 0.0, {leaving}))
    for (auto& place : w.places) place.emergency = false;
}

void clan_decides(World& w, Decider& clan, const StepDraws& draw) {
  if (!clan.exists() || !w.decided.turn.holds() || w.has_acted(Action::yield_posts)) return;
  if (w.decided.turn.since != w.now) return;  // answered at once, one way or the other
  // Bounded-rational: it yields the more surely, the more its own people expect the president to prevail.
  double belief = 0, n = 0;
  for (const OfficeId i : w.offices.ids())
    if (w.about(i).tie == clan.faction()) {
      belief += w.offices[i].expectation;
      n += 1;
    }
  const double yields = sim::logistic(1.0 + (n > 0 ? belief / n : 0.0));
  if (clan.can(Action::yield_posts) && draw.happens(yields, purpose::clan_yields)) {
    w.act(Action::yield_posts, clan.faction(), {}, {w.decided.turn.event});
    w.mark_expectations(0.3);
  } else {
    for (const OfficeId i : w.offices.ids())
      if (w.about(i).tie == clan.faction()) w.offices[i].affinity -= 0.7;
  }
}

// Tells units of the intelligence agency outside the capital to leave their posts, down the chain of its head. Each
// hears of it with the coverage of a directive.
void empty_posts(World& w, const StepDraws& draw, OfficeId head, Action action, double violence, Directive directive) {
  for (const UnitId u : w.units.ids()) {
    const PlaceId place = w.units[u].place;
    if (w.agency(u) != AgencyKind::intelligence || w.about(place).capital) continue;
    if (w.places[place].persons_violent < violence) continue;
    if (draw.at(directive).happens(w.p.directive_coverage, purpose::directive_covers, u))
      issue_order(w, draw, head, u, Content::withdraw, w.event_of(action));
  }
}

void intelligence_decides(World& w, const Situation& v, Decider& security, const StepDraws& draw) {
  if (!security.exists()) return;
  const OfficeId head = intelligence_head(w);
  if (!head.exists() || w.dismissed(head)) return;
  // Only with the switch: directives that are part of a plan and follow the turnout.
  if (w.on(Switch::withdrawal_directives) &&
      security.try_action(Action::direct_withdrawal, v.focal_crowd > w.p.group_trigger ? 0.10 : 0.0, {v.focal_event},
                          v.focal)) {
    w.decided.directive = in_force(w, Action::direct_withdrawal);
    empty_posts(w, draw, head, Action::direct_withdrawal, 0, Directive::leave_posts);
  }
  // Null process: an agency whose buildings are attacked may save its people where there is violence.
  double attacked = 0;
  for (const SiteId s : w.sites.ids())
    if (w.about(s).kind == SiteKind::intelligence && happened(w.sites[s].attacked)) attacked += 1;
  if (security.try_action(Action::evacuate_posts, w.p.evacuation_rate * attacked, {v.violence_event}, v.focal))
    empty_posts(w, draw, head, Action::evacuate_posts, 100, Directive::save_people);
}

}  // namespace

void factions_decide(World& w, const StepDraws& draw) {
  const Situation view = look(w);
  Decider president(w, draw, FactionKind::presidential, purpose::president_acts);
  if (president.exists() && !happened(w.ousted)) {
    concede(w, view, president);
    secure(w, view, president, draw);
    seize_control(w, view, president, draw);
    replace_officials(w, draw, president);
    wind_down(w, president, draw);
  }
  Decider clan(w, draw, FactionKind::clan, purpose::clan_yields);
  clan_decides(w, clan, draw);
  Decider security(w, draw, FactionKind::security, purpose::security_acts);
  intelligence_decides(w, view, security, draw);
}

}  // namespace qantar::agents
