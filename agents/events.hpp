// Part 7: what happened becomes public or is reported; thresholds are crossed; the day's figures are kept.
// Reads: crowds, conduct of units, sites, stances.
// Writes: first times and protests of places; reports under way; order restored; figures of snapshots.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void publish_events(World& w, const StepDraws& draw);

}  // namespace qantar::agents
