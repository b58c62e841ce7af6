// Part 3: citizens stay, join, turn violent, go home: one by one, place by place.
// Reads: legitimacy, shock, force, posture, police, emergencies, the network, news, arms and groups in the crowd.
// Writes: status of citizens and its counts; mood and mark of force of places; who is wanted; hours of curfew.
#pragma once
#include "agents/rules/participation.hpp"
#include "agents/world.hpp"

namespace qantar::agents {

void citizens_choose(World& w, const StepDraws& draw);

/// Each citizen of a place decides in turn (next_status), with all terms of the place as constants. Sequential: each
/// sees what those before have decided; synchronous: all see their circle as it was. Moves the counts of the place too,
/// and sets newly_out and newly_violent, in agents.
void citizens_of_place_choose(Citizens& all, PlaceState& place, const CrowdTerms& terms, Activation activation,
                              const StepDraws& draw);

/// Moves up to `agents` citizens of a place from the given states (in this order of preference) to another. Returns
/// how many moved. Who it is is drawn by systematic sampling, once for each of the states.
std::int64_t move_citizens(World& w, const StepDraws& draw, PlaceId place, std::initializer_list<Status> from,
                           Status to, std::int64_t agents, Purpose purpose);

}  // namespace qantar::agents
