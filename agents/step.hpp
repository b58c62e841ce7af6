// The science on one page: what happens in one step, in this order (step.cpp). Order is theory.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

/// Moves the world by one step.
void step(World& w, const Draws& draws, int number);

}  // namespace qantar::agents
