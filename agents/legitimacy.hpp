// Part 2: what citizens have learnt since the last step changes legitimacy.
// Reads: force, crowds, concessions, deaths on the street and looting not yet learnt of.
// Writes: legitimacy of places; takes note of deaths and looting.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void update_legitimacy(World& w);

/// Moves the legitimacy of the government in a place, 0..1; also when an action costs it (part 9).
void move_legitimacy(PlaceState& place, double change);

}  // namespace qantar::agents
