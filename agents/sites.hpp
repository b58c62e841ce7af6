// Part 6: contacts. Sites hold or fall in stages, change hands, lose arms; people are hurt and detained.
// Reads: crowds, groups, conduct and morale of units, posture, tastes and capacities.
// Writes: sites; arms, casualties, detentions and looting; conduct of overrun and of returning units; status of
// citizens; marks on expectations; news of what is regained.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

void resolve_contacts(World& w, const StepDraws& draw);

/// What the loss of a site tells office-holders, in log-odds that the president prevails: nothing of one that is not
/// the state's, twice as much of a seat as of others of its significance.
double mark_of(const World& w, SiteId site);

/// A site is lost; its first loss is kept, with so many attackers.
void lose(World& w, SiteId site, double attackers);
/// A site is attacked now. Whether the assault has just begun: none was under way for `regroup_hours`.
bool attack(World& w, SiteId site);
/// An assault is under way and did not take the site in this step. `renewed`: it has just begun.
void withstand(World& w, SiteId site, bool renewed);

/// A site is held again by so many, and the news of it is on its way for some hours; it overtakes that of the loss.
/// Returns the event.
EventNumber regain(World& w, SiteId site, double strength, Hours news, std::initializer_list<EventNumber> causes);

}  // namespace qantar::agents
