#include "agents/endings.hpp"

#include <algorithm>

#include "agents/signals.hpp"

namespace qantar::agents {

bool holds_now(const World& w, EndingId ending) {
  const FactionId president = w.scenario->faction(Role::incumbent);
  return std::ranges::all_of(w.about(ending).when, [&](const Condition& c) {
    const double now = signal_rows()[c.signal].sense(w, president, c).value;
    return c.upper_side() ? now >= w.value(c.at) : now < w.value(c.below);
  });
}

void lose_power(World& w, EventNumber cause) {
  if (happened(w.ousted)) return;
  w.ousted = w.now;
  w.note(EventKind::president_ousted, {}, {}, w.actor(w.scenario->faction(Role::incumbent)), w.support, {cause});
}

void judge_endings(World& w) {
  for (const EndingId e : w.scenario->endings.ids()) {
    const Ending& ending = w.about(e);
    const bool over = happened(ending.kind == EndingKind::loses_power ? w.ousted : w.restored);
    if (ending.kind == EndingKind::degenerate || over) continue;
    Hours& since = w.ending_since[e];
    if (!holds_now(w, e)) {
      since = never;
      continue;
    }
    if (!happened(since)) since = w.now;
    if (w.now - since < ending.hours) continue;
    if (ending.kind == EndingKind::loses_power) {
      lose_power(w, no_event);
    } else {
      w.restored = w.now;
      w.note(EventKind::order_restored, {}, {}, {}, 0, {w.decided.fire.event, w.decided.reserves.event});
    }
  }
}

}  // namespace qantar::agents
