// Part 9: factions decide. An action has an hourly rate that grows with what the faction knows; it needs the office
// that commands it and must be among the actions that the case grants.
// Reads: what the centre knows of the country: crowds, force, reported losses, beliefs of offices.
// Writes: actions and their events; orders; emergencies and concessions; dismissals; marks on expectations.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void factions_decide(World& w, const StepDraws& draw);

}  // namespace qantar::agents
