#include "agents/standing.hpp"

#include <algorithm>

#include "agents/messages.hpp"
#include "agents/random_draws.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {

void declare_emergency(World& w, PlaceId c) {
  PlaceState& place = w.places[c];
  if (place.emergency) return;
  place.emergency = true;
  if (!happened(place.emergency_at)) place.emergency_at = w.now;
}

void dismiss(World& w, OfficeId office, EventNumber cause) {
  if (!office.exists()) return;
  OfficeState& state = w.offices[office];
  if (happened(state.dismissed)) return;
  state.dismissed = w.now;
  state.event_dismissed =
      w.note(EventKind::office_dismissed, w.about(office).place, {}, w.actor(office), w.reported_loss, {cause});
  w.tally.personnel_changes += 1;
  state.affinity = std::max(state.affinity, w.p.successor_affinity);
  state.stance = Stance::president;
}

void call_up(World& w, const StepDraws& draw) {
  for (const UnitId u : w.units.ids())
    if (w.about(u).reserve)
      w.units[u].arrives =
          w.now +
          w.p.army_delay * (1.0 + w.p.army_spread * (2.0 * draw.once().uniform(purpose::army_arrives, u) - 1.0));
}

void spread_emergency(World& w, const StepDraws& draw) {
  for (const PlaceId c : w.places.ids())
    if (!w.places[c].emergency && w.riots(c) &&
        draw.happens(sim::hazard(w.p.emergency_rate, w.dt), purpose::emergency_spreads, c))
      declare_emergency(w, c);
}

void send_fire_orders(World& w, const StepDraws& draw, FactionId issuer) {
  if (!w.decided.fire.holds() || happened(w.restored)) return;
  for (const UnitId u : w.units.ids())
    if (w.units[u].present && w.riots(w.units[u].place))
      issue_order(w, draw, issuer, u, {Content::fire}, w.decided.fire.event);
}

void replace_one_by_one(World& w, const StepDraws& draw) {
  for (const OfficeId i : w.offices.ids()) {
    OfficeState& state = w.offices[i];
    if (happened(state.arrested) && !happened(state.arrest_published) &&
        draw.happens(sim::hazard(1.0 / w.p.arrest_delay, w.dt), purpose::arrest_published, i)) {
      state.arrest_published = w.now;
      w.note(EventKind::arrest_published, {}, {}, w.actor(i), 0, {state.event_dismissed});
    }
    if (happened(state.dismissed) || !w.about(i).removable) continue;
    const double tied = w.about(i).tie == w.decided.replaced_tie, opposed = state.stance == Stance::challenger;
    const double rate =
        w.p.personnel_rate * (tied + 2.0 * opposed) * (happened(w.restored) ? 1.0 : w.p.personnel_before_order);
    if (rate > 0 && draw.happens(sim::hazard(rate, w.dt), purpose::official_dismissed, i))
      dismiss(w, i, w.decided.replacement.event);
  }
}

void send_reinforcements(World& w, const StepDraws& draw, FactionId issuer, PlaceId focal) {
  if (!w.decided.reinforcement.holds() || happened(w.restored)) return;
  for (const UnitId u : w.units.ids()) {
    const UnitState& unit = w.units[u];
    const PlaceId here = unit.place;
    if (w.about(u).mobile && unit.present && unit.conduct == Conduct::obeying && unit.place != focal && w.calm(here) &&
        !w.faced(here))
      issue_order(w, draw, issuer, u, {.content = Content::move, .destination = focal}, w.decided.reinforcement.event);
  }
}

}  // namespace qantar::agents
