#include "agents/intervention.hpp"

#include <algorithm>

#include "agents/random_draws.hpp"

namespace qantar::agents {

void intervention_acts(World& w, const StepDraws& draw) {
  const FactionId allies = w.scenario->faction(FactionKind::intervention);
  if (!allies.exists() || !w.decided.request.holds()) return;
  const auto can = [&](Action a) { return w.can(allies, a); };
  const Intervention& about = w.scenario->intervention;
  const double full = w.value(about.strength);

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
      w.act(Action::intervention_landed, allies, about.place, {w.event_of(Action::intervention_agreed)})) {
    w.mark_expectations(w.p.intervention_signal / std::max(1e-9, w.p.signal_scale));
    for (const UnitId u : w.units.ids())
      if (w.units[u].place == about.place)
        w.units[u].morale = std::min(1.0, w.units[u].morale + w.p.morale_relief * 0.5);
  }
  if (!w.has_acted(Action::intervention_landed)) return;

  const double since = w.now - w.time_of(Action::intervention_landed);
  double present = full * std::min(1.0, (since + w.dt) / 36.0);  // a day and a half of airlift
  if (happened(w.restored) && !happened(w.exit_due)) w.exit_due = w.restored + w.p.exit_wait;
  if (happened(w.exit_due) && w.now >= w.exit_due && can(Action::intervention_leaving))
    w.act(Action::intervention_leaving, allies, about.place, {w.event_of(Action::intervention_landed)});
  if (w.has_acted(Action::intervention_leaving)) {
    const double gone = (w.now - w.time_of(Action::intervention_leaving)) / std::max(1.0, about.exit_hours);
    present = std::max(0.0, full * (1.0 - gone));
    if (present <= 0 && can(Action::intervention_gone))
      w.act(Action::intervention_gone, allies, about.place, {w.event_of(Action::intervention_leaving)});
  }
  w.intervention_present = present;
  w.tally.intervention_peak = std::max(w.tally.intervention_peak, present);
}

}  // namespace qantar::agents
