#include "agents/step.hpp"

namespace qantar::agents {

void step(World& w, const Draws& draw, int number) {
  w.step = number;
  w.now = w.scenario->clock.begin_of(number);
  deliver_orders_and_news(w, draw);
  update_legitimacy(w);
  const bool forces_first = w.scenario->structure.first_mover == FirstMover::forces;
  if (forces_first) units_answer_orders(w, draw);
  citizens_choose(w, draw);
  armed_groups_choose(w, draw);
  if (!forces_first) units_answer_orders(w, draw);
  resolve_contacts(w, draw);
  publish_events(w, draw);
  officeholders_update(w, draw);
  factions_decide(w, draw);
  intervention_acts(w, draw);
}

}  // namespace qantar::agents
