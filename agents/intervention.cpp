#include "agents/intervention.hpp"

#include <algorithm>

#include "agents/random_draws.hpp"

namespace qantar::agents {

void hearten(World& w, PlaceId place) {
  for (const UnitId u : w.units.ids())
    if (w.units[u].place == place) w.units[u].morale = std::min(1.0, w.units[u].morale + w.p.morale_relief);
}

void intervention_acts(World& w) {
  if (!w.decided.landing.holds()) return;
  const Intervention& about = w.scenario->intervention;
  const double full = w.value(about.strength);
  const double since = w.now - w.decided.landing.since;
  double present = full * std::min(1.0, (since + w.dt) / about.arrival_hours);
  if (w.decided.leaving.holds()) {
    const double gone = (w.now - w.decided.leaving.since) / about.exit_hours;
    present = std::max(0.0, full * (1.0 - gone));
  }
  if (w.decided.gone) present = 0;
  w.intervention_present = present;
  w.tally.intervention_peak = std::max(w.tally.intervention_peak, present);
}

}  // namespace qantar::agents
