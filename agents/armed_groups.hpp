// Part 4: organised groups wait for their cue, grow, melt away.
// Reads: signals of their cues (signals.hpp); whether fire is ordered, and their sponsor is dismissed.
// Writes: groups; members in action by place; who is wanted.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void armed_groups_choose(World& w, const StepDraws& draw);

/// A dormant group goes into action; nothing when it does not exist in this trial, or has gone before.
void mobilise_group(World& w, GroupId group, std::initializer_list<EventNumber> causes);

}  // namespace qantar::agents
