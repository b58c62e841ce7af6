// Part 8, once office-holders have shown what they expect: what the case calls the end of the president or of the
// crisis. Reads: whatever the conditions of its endings look at. Writes: how long they have held; the loss of power,
// order.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void judge_endings(World& w);

/// Whether all conditions of an ending hold now.
bool holds_now(const World& w, EndingId ending);

/// The president is out; once.
void lose_power(World& w, EventNumber cause);

}  // namespace qantar::agents
