// Part 6, continued: units that follow another faction than the one in power, and people who come out for a side.
// Such units go where they are sent, take sites, fire on those who come out against them, and give up; the police of
// the place and the people press on them. An organised contest costs both sides by the square law (Lanchester 1916);
// whether a unit goes on is the same choice as that of any unit, with its own side in the place of the president
// (rules/conduct.hpp). Reads: police, orders and beliefs; rallies. Writes: units that follow another faction, sites
// that they take and lose, their own and others' losses, who is detained, rallies, when violence began.
#pragma once
#include "agents/world.hpp"

namespace qantar::agents {

/// Units that have turned, and people who come out for a side: what happens between them and the state in one step.
void sides_contest(World& w, const StepDraws& draw);

/// A unit follows another faction from now on; the one in power takes it back.
void turn(World& w, UnitId unit, FactionId side, EventNumber cause);

/// Whether a unit that has turned can be sent to a site: it is its task, or it has none, is in the place and free.
bool can_go_for(const World& w, UnitId unit, SiteId site);

/// A unit that has turned sets out for a site, as it was told.
void set_out(World& w, UnitId unit, SiteId site, EventNumber order);

/// A unit that has turned gives up, as it was told.
void stand_down(World& w, UnitId unit, EventNumber order);

/// Whether units of a side hold a site, or the state does if it is the side in power.
bool holds(const World& w, SiteId site, FactionId side);

/// Share of the units of a side that have given up or were beaten, of those that ever went; 0 when none did.
double given_up(const World& w, FactionId side);

/// An attack from afar, which takes nothing: about so many are killed at a site, its guards where there are any.
void strike(World& w, const StepDraws& draw, SiteId site, double deaths, EventNumber cause);

/// People come out in a place for a side, at most so many.
void rally(World& w, PlaceId place, FactionId side, double persons, EventNumber cause);

}  // namespace qantar::agents
