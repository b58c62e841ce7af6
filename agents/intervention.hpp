// Part 10: intervention from abroad: agrees, arrives, guards sites, leaves.
// Reads: whether it was requested, and whether order is restored.
// Writes: its strength in the country; morale of units where it lands; marks on expectations.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void intervention_acts(World& w);

/// Units of a place take heart.
void hearten(World& w, PlaceId place);

}  // namespace qantar::agents
