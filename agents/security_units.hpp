// Part 5: local command chooses a posture; units obey, stall, withdraw or join.
// Reads: orders received, crowds, pressure on sites, beliefs and loyalties, emergencies, who is believed to command.
// Writes: posture, police and force of places; conduct, morale and presence of units; sites that are left.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void units_answer_orders(World& w, const StepDraws& draw);

/// Force by the police of a place marks its crowd, by their posture; `share` of what full contact would do.
void mark_of_force(World& w, PlaceId place, double share);

}  // namespace qantar::agents
