#include "agents/intervention.hpp"

#include <algorithm>

#include "agents/random_draws.hpp"

namespace qantar::agents {

void hearten(World& w, PlaceId place) {
  for (const UnitId u : w.units.ids())
    if (w.units[u].place == place) w.units[u].morale = std::min(1.0, w.units[u].morale + w.p.morale_relief * 0.5);
}

namespace {

// What the allies of a case without [[actions]] decide, and when.
void follow_script(World& w, const StepDraws& draw, FactionId allies) {
  if (!w.decided.request.holds()) return;
  const auto can = [&](Action a) { return w.can(allies, a); };
  const PlaceId place = w.scenario->intervention.place;
  if (!happened(w.agreement_due)) {
    // Deciding takes a third of the time from request to landing, on average.
    const double decide = draw.once().delay(w.p.intervention_delay / 3.0, purpose::intervention_decided);
    const double travel = draw.once().delay(w.p.intervention_delay * 2.0 / 3.0, purpose::intervention_travels);
    w.agreement_due = w.decided.request.since + decide;
    w.landing_due = w.agreement_due + travel;
  }
  if (w.now >= w.agreement_due && can(Action::intervention_agreed))
    w.act(Action::intervention_agreed, allies, {}, {w.decided.request.event});
  if (w.has_acted(Action::intervention_agreed) && w.now >= w.landing_due && can(Action::intervention_landed) &&
      w.act(Action::intervention_landed, allies, place, {w.event_of(Action::intervention_agreed)})) {
    w.decided.landing = {w.now, w.event_of(Action::intervention_landed)};
    w.mark_expectations(w.p.intervention_signal / std::max(1e-9, w.p.signal_scale));
    hearten(w, place);
  }
  if (!w.decided.landing.holds()) return;
  if (happened(w.restored) && !happened(w.exit_due)) w.exit_due = w.restored + w.p.exit_wait;
  if (happened(w.exit_due) && w.now >= w.exit_due && can(Action::intervention_leaving) &&
      w.act(Action::intervention_leaving, allies, place, {w.decided.landing.event}))
    w.decided.leaving = {w.now, w.event_of(Action::intervention_leaving)};
}

}  // namespace

void intervention_acts(World& w, const StepDraws& draw) {
  const FactionId allies = w.scenario->faction(FactionKind::intervention);
  if (!allies.exists()) return;
  if (w.scenario->actions.empty()) follow_script(w, draw, allies);
  if (!w.decided.landing.holds()) return;
  const Intervention& about = w.scenario->intervention;
  const double full = w.value(about.strength);
  const double since = w.now - w.decided.landing.since;
  double present = full * std::min(1.0, (since + w.dt) / 36.0);  // a day and a half of airlift
  if (w.decided.leaving.holds()) {
    const double gone = (w.now - w.decided.leaving.since) / std::max(1.0, about.exit_hours);
    present = std::max(0.0, full * (1.0 - gone));
    if (w.decided.gone) present = 0;
    if (present <= 0 && w.can(allies, Action::intervention_gone))
      w.act(Action::intervention_gone, allies, about.place, {w.decided.leaving.event});
  }
  w.intervention_present = present;
  w.tally.intervention_peak = std::max(w.tally.intervention_peak, present);
}

}  // namespace qantar::agents
