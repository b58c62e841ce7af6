// What decisions bring about at once, and what goes on by itself once it was decided.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void declare_emergency(World& w, PlaceId place);
/// The holder goes; the successor owes the post to the president.
void dismiss(World& w, OfficeId office, EventNumber cause);
/// Units in reserve set out.
void call_up(World& w, const StepDraws& draw);

/// Where an emergency was declared for some places, further ones follow one by one as they turn violent.
void spread_emergency(World& w, const StepDraws& draw);
/// The order to fire goes to every unit where violence goes on, down its own chain.
void send_fire_orders(World& w, const StepDraws& draw, FactionId issuer);
/// Offices tied to a faction that lost, and those that oppose, change hands one by one; detentions become public.
void replace_one_by_one(World& w, const StepDraws& draw);
/// Forces of quiet places are sent to the focal city, each by an order of its own.
void send_reinforcements(World& w, const StepDraws& draw, FactionId issuer, PlaceId focal);

}  // namespace qantar::agents
