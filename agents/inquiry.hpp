// Part 7, continued: what an inquiry finds once order is back. It is made by those who won, and it errs: who stood
// behind a group is told wrongly at a declared rate, so that a finding is never the truth of a trial.
// Reads: groups that mobilised. Writes: to whom they are attributed.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void inquire(World& w, const StepDraws& draw);

}  // namespace qantar::agents
