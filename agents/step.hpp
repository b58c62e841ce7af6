// The science on one page: what happens in one step, in this order. Order is theory.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

/// Moves the world by one step.
void step(World& w, const Draws& draw, int number);

// The ten parts. Each reads the world that the parts before it left.
void deliver_orders_and_news(World& w, const Draws& draw);  ///< delays, blocking and replacement happen on the way
void update_legitimacy(World& w);                           ///< what citizens have learnt since the last step
void citizens_choose(World& w, const Draws& draw);          ///< stay, join, turn violent, go home
void armed_groups_choose(World& w, const Draws& draw);      ///< mobilise, grow, disperse
void units_answer_orders(World& w, const Draws& draw);      ///< local posture; obey, stall, withdraw, join
void resolve_contacts(World& w, const Draws& draw);         ///< sites hold or fall, arms, casualties, detentions
void publish_events(World& w, const Draws& draw);           ///< what becomes visible, to whom
void officeholders_update(World& w, const Draws& draw);     ///< expectations, stances, loyalties
void factions_decide(World& w, const Draws& draw);          ///< concede, dismiss, order, request, mobilise, yield
void intervention_acts(World& w, const Draws& draw);        ///< agree, arrive, guard, leave

// Two chapters of publication.
void spread_rumours(World& w, const Draws& draw);  ///< who is believed to hold an office
void inquire(World& w, const Draws& draw);         ///< who is said to have stood behind a group

/// How open it is who holds the offices above a unit, 0..1.
double doubt_about_command(const World& w, std::size_t unit);

/// Sends an order from an office down to a unit. `destination`: place, of an order to move. Returns its event.
std::int32_t issue_order(World& w, const Draws& draw, int issuer, std::size_t unit, Content content, std::int32_t cause,
                         int destination = -1);

/// Moves up to `agents` citizens of a place from the given states (in this order of preference) to another. Returns
/// how many moved. Who it is is drawn by systematic sampling at the address (mechanism, place, step, slot).
std::int64_t move_citizens(World& w, const Draws& draw, std::size_t place, std::initializer_list<Status> from,
                           Status to, std::int64_t agents, Mechanism mechanism, std::uint32_t slot);

}  // namespace qantar::agents
