// Part 4: organised groups under the accounts that assume them: mobilise, grow, melt away.
// Reads: switches, crowds, police, actions of sponsors, arms.
// Writes: groups; members in action by place; who is wanted; money of sponsors.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void armed_groups_choose(World& w, const StepDraws& draw);

/// A dormant group goes into action; nothing when it does not exist in this trial, or has gone before.
void mobilise_group(World& w, GroupId group, std::initializer_list<EventNumber> causes);

}  // namespace qantar::agents
