// Part 7, continued: who is believed to hold an office. The truth is known inside; outside there are rumours, denials
// and, in the end, a decree. Rumours arise around every office of an agency in turmoil, whether true or not, so that a
// rumour is never proof.
// Reads: dismissals. Writes: decrees, rumours and what is believed of offices.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void spread_rumours(World& w, const StepDraws& draw);

/// How open it is who holds the offices above a unit, 0..1.
double doubt_about_command(const World& w, UnitId unit);

}  // namespace qantar::agents
