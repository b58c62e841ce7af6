// Part 6: contacts. Sites hold or fall in stages, change hands, lose arms; people are hurt and detained.
// Reads: crowds, groups, conduct and morale of units, posture, tastes and capacities.
// Writes: sites; arms, casualties, detentions and looting; conduct of overrun and of returning units; status of
// citizens; marks on expectations; news of what is regained.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void resolve_contacts(World& w, const StepDraws& draw);

}  // namespace qantar::agents
