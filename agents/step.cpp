#include "agents/step.hpp"

#include "agents/armed_groups.hpp"
#include "agents/bargains.hpp"
#include "agents/citizens.hpp"
#include "agents/decisions.hpp"
#include "agents/endings.hpp"
#include "agents/events.hpp"
#include "agents/intervention.hpp"
#include "agents/legitimacy.hpp"
#include "agents/messages.hpp"
#include "agents/officeholders.hpp"
#include "agents/random_draws.hpp"
#include "agents/security_units.hpp"
#include "agents/sides.hpp"
#include "agents/sites.hpp"

namespace qantar::agents {

void step(World& w, const Draws& draws, int number) {
  const StepDraws draw(draws, number);
  w.step = number;
  w.now = w.scenario->clock.begin_of(number);
  deliver_orders_and_news(w, draw);  // delays, blocking and replacement happen on the way
  update_legitimacy(w);              // what citizens have learnt since the last step
  const bool forces_first = w.scenario->structure.first_mover == FirstMover::forces;
  if (forces_first) units_answer_orders(w, draw);
  citizens_choose(w, draw);                         // stay, join, turn violent, go home
  armed_groups_choose(w, draw);                     // mobilise, grow, disperse
  if (!forces_first) units_answer_orders(w, draw);  // local posture; obey, stall, withdraw, join
  resolve_contacts(w, draw);                        // sites hold or fall, arms, casualties, detentions
  sides_contest(w, draw);                           // units that turned take sites and give up; people stand up to them
  publish_events(w, draw);                          // what becomes visible, to whom
  officeholders_update(w, draw);                    // expectations, stances, loyalties
  judge_endings(w);                                 // is the president out, is order back
  factions_choose(w, draw);                         // act on a motive, or wait
  factions_bargain(w, draw);                        // settle something among themselves, where the case lets them
  intervention_acts(w);                             // arrive, guard, leave
}

}  // namespace qantar::agents
