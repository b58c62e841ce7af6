// Part 1: orders travel down the chain of command, losses are reported up, news spreads.
// Reads: stances of offices, crowds, conduct of units, measures on the network.
// Writes: orders and reports under way; order, place, site and presence of units; known and actual loss; the network;
// news.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void deliver_orders_and_news(World& w, const StepDraws& draw);

/// What a unit is told to do.
struct Instruction {
  Content content = Content::hold;
  PlaceId destination = {};  ///< of an order to move
  SiteId site = {};          ///< of an order to seize
};

/// Sends an order from the head of a faction down to a unit. Returns its event; `no_event` for a unit that has the same
/// order already, or under way.
EventNumber issue_order(World& w, const StepDraws& draw, FactionId issuer, UnitId unit, const Instruction& told,
                        EventNumber cause);

}  // namespace qantar::agents
