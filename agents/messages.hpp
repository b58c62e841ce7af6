// Part 1: orders travel down the chain of command, losses are reported up, news spreads.
// Reads: stances of offices, crowds, conduct of units, measures on the network.
// Writes: orders and reports under way; order, place and presence of units; known and actual loss; the network; news.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void deliver_orders_and_news(World& w, const StepDraws& draw);

/// Sends an order from an office down to a unit. `destination`: of an order to move. Returns its event; `no_event` for
/// a unit that has the same order already, or under way.
EventNumber issue_order(World& w, const StepDraws& draw, OfficeId issuer, UnitId unit, Content content,
                        EventNumber cause, PlaceId destination = {});

}  // namespace qantar::agents
