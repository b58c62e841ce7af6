// Part 9: factions choose among their actions, and what they chose takes its course.
// Reads: signals (signals.hpp); own resources; what is believed of who prevails.
// Writes: actions and their events; resources that are spent; whatever effects bring about (effects.hpp).
#pragma once
#include <vector>

#include "agents/world.hpp"

namespace qantar::agents {

/// At a rate of some decisions an hour each faction chooses an action or waits, by logit quantal response. Several may
/// act in a step, in the order of their luck.
void factions_choose(World& w, const StepDraws& draw);

/// A faction takes an action: it pays, and what the action brings about comes now or after its delay.
void take_action(World& w, const StepDraws& draw, FactionId faction, ActionId action,
                 const std::vector<EventNumber>& causes);

/// Whether a faction has what an action costs.
bool can_afford(const World& w, FactionId faction, ActionId action);

/// Whether a faction could take an action now, if it wanted to: nobody has, what it needs has happened and what forbids
/// it has not, its office is in hand and what it costs is there.
bool can_take(const World& w, FactionId faction, ActionId action);

}  // namespace qantar::agents
