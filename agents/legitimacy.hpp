// Part 2: what citizens have learnt since the last step changes legitimacy.
// Reads: force, crowds, concessions, the network, deaths on the street and looting not yet learnt of.
// Writes: legitimacy of places; takes note of deaths and looting.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void update_legitimacy(World& w);

}  // namespace qantar::agents
