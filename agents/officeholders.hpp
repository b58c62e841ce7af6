// Part 8: what office-holders expect, what they show, and where organisations lean.
// Reads: marks of public events, stances of others, money of patrons, units and losses.
// Writes: expectations, affinities and stances; loyalties; resources of factions.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void officeholders_update(World& w, const StepDraws& draw);

}  // namespace qantar::agents
