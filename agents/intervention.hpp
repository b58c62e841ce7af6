// Part 10: intervention from abroad, once an action has landed it: arrives, guards sites, leaves.
// Reads: when it landed, and when it began to leave.
// Writes: its strength in the country; morale of units where it lands.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void intervention_acts(World& w);

/// Units of a place take heart.
void hearten(World& w, PlaceId place);

}  // namespace qantar::agents
