// The citizens of one place, one by one.
#pragma once
#include "agents/rules/participation.hpp"
#include "agents/world.hpp"

namespace qantar::agents {

/// Each citizen of a place decides in turn (next_status), with all terms of the place as constants. Sequential: each
/// sees what those before have decided; synchronous: all see their circle as it was. Moves the counts of the place too,
/// and sets newly_out and newly_violent, in agents.
void citizens_of_place_choose(Citizens& all, PlaceState& place, const CrowdTerms& terms, Activation activation,
                              const Draws& draw, std::uint32_t step);

}  // namespace qantar::agents
