// A case as data: who and what there is before the crisis, under one hypothesis. Keys, units and ranges:
// scenario_fields.cpp.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "agents/action.hpp"
#include "agents/ids.hpp"
#include "agents/parameters.hpp"
#include "agents/vocabulary.hpp"
#include "sim/calendar.hpp"
#include "sim/config/values.hpp"

namespace qantar::agents {

using sim::Hours;
using sim::Number;

struct CaseInfo {
  std::string title, description;
  double persons_per_agent = 1;  ///< persons that one citizen agent stands for
  double mobilisable_share = 1;  ///< share of the population that can be on the street at all
  double protest_size = 1;       ///< persons on the street that make a protest
  double mass_size = 1;          ///< persons on the street that make a mass protest
};

struct ClockSpan {
  sim::Instant epoch, start, end;
  double step_hours = 1;
};

/// The shock that sets the crisis off (a price step, an announced result), the hours of light and of a curfew.
struct Inputs {
  Hours shock_at = sim::never;
  double shock_size = 1;                      ///< in units of `shock_grievance`
  double sunrise = 0, sunset = 0;             ///< hours of the day on the case's clock; the same where it is never dark
  double curfew_begins = 0, curfew_ends = 0;  ///< of every emergency, hours of the day; the same when there is none
  bool in_curfew(double hour) const {
    return curfew_begins <= curfew_ends ? hour >= curfew_begins && hour < curfew_ends
                                        : hour >= curfew_begins || hour < curfew_ends;
  }
};

struct Place {
  std::string id, name, region, source;
  double population = 0;
  Number shock_exposure, hardship_offset, force_readiness{1}, network{1};
  double latitude = 0, longitude = 0;  ///< degrees
  double clock_shift = 0;              ///< hours that local clocks differ from the case's
  double significance = 0;             ///< weight of the place in national decisions, 1 for a focal city
  bool capital = false;
};

struct Site {
  std::string id, name, source;
  PlaceId place;
  double lines = 1, arms = 0, businesses = 0, significance = 0;
  double coercive = 0, symbolic = 0, loot = 0;
  bool state = true;              ///< held by the state
  bool seat = false;              ///< of the executive: crowds press on it, forces without a site stand before it
  Hours held_until = sim::never;  ///< no line of defence breaks before; for what-ifs
  bool shops() const { return businesses > 0; }  ///< looted one by one instead of stormed
};

struct Organisation {
  std::string id, name, source;
  OfficeId head;  ///< at its top
  Number morale{1};
  Table<FactionId, Number> loyalty;  ///< leaning to each faction, 0..1
};

struct Office {
  std::string id, name, source;
  OrganisationId organisation;
  PlaceId place;      ///< seat, when it commands only there
  OfficeId superior;  ///< gives it orders
  FactionId tie;      ///< to which its holder owes the post
  Number affinity;    ///< towards the president, in log-odds
  double power = 1;
  bool removable = true;
};

struct Unit {
  std::string id, name, source;
  OrganisationId organisation;
  PlaceId place;
  SiteId site;         ///< that it guards
  FactionId side;      ///< that it follows from the start; none for the one in power
  SiteId task;         ///< that it goes for when its side sends it, and no other
  OfficeId commander;  ///< passes orders to it
  Number strength;
  bool reserve = false;  ///< comes only when the army is mobilised
  bool mobile = false;   ///< can be sent to another place
};

struct Faction {
  std::string id, name, source;
  Role role = Role::none;
  OfficeId head;  ///< decides
  Number money, information, external;
  Number income{sim::never};    ///< money that comes in, 1/h; none without
  Number stake{sim::never};     ///< worth of prevailing; nothing without
  std::optional<bool> against;  ///< it prevails when the president does not
};

struct Group {
  std::string id, name, source;
  FactionId sponsor;     ///< who stands behind it; nobody without
  bool foreign = false;  ///< its members are foreigners
  SwitchId enabled_by;   ///< it exists in trials with this switch on; in all without one
  Number presence{1};    ///< chance that it exists in a trial, given its switch
  Number size{0}, armed_share, skill{1}, preparation_months{0}, protection{0}, growth_hours{1};
  Table<PlaceId, Number> places;                          ///< share of the group at each place
  double coercive = 0, symbolic = 0, loot = 0, arms = 0;  ///< taste for targets
  std::vector<Cue> cues;                                  ///< what sets it in motion by itself
  bool called = false;                                    ///< an action of the case sets it in motion
};

struct Intervention {
  Number strength{0};
  PlaceId place;
  double freed = 0;  ///< local officers freed for other work, persons
  double arrival_hours = 1, exit_hours = 1;
};

struct Snapshot {
  std::string id;
  Hours at = sim::never;
};

/// What a modeller decides and no data settle: declared, so that its weight can be measured.
struct Structure {
  Activation activation = Activation::synchronous;
  FirstMover first_mover = FirstMover::citizens;
};

/// How factions choose among their actions.
struct DecisionRule {
  Number rate;            ///< decisions, 1/h
  Number precision;       ///< of the choice: 0 is chance
  Number resource_price;  ///< weight of what an action costs
  Number delay;           ///< mean age of what a faction without information knows, h
  Number noise;           ///< blur of its thresholds, as a share of them
};

/// One case under one hypothesis.
struct Scenario {
  std::string hypothesis, hypothesis_title;
  std::vector<std::string> held_by;
  CaseInfo head;
  Structure structure;
  ClockSpan span;
  sim::Clock clock;
  Inputs inputs;
  Table<PlaceId, Place> places;
  Table<SiteId, Site> sites;
  Table<OrganisationId, Organisation> organisations;
  Table<FactionId, Faction> factions;
  Table<OfficeId, Office> offices;
  Table<UnitId, Unit> units;
  Table<GroupId, Group> groups;
  Table<ActionId, ActionEntry> actions;
  Table<MotiveId, Motive> motives;
  std::vector<Choice> choices;  ///< by faction, in the order of the case
  DecisionRule decisions;
  Table<BargainId, Bargain> bargains;
  Table<EndingId, Ending> endings;
  std::vector<Snapshot> snapshots;
  Intervention intervention;
  Table<SwitchId, Number> switches;  ///< probability that the switch is on in a trial
  std::vector<Number> parameters;    ///< in the order of parameter_rows()
  sim::Priors priors;
  sim::Ids ids;

  /// Whether a unit follows another faction than the one in power from the start.
  bool turned(const Unit& unit) const;
  /// The first faction with a role; none without one.
  FactionId faction(Role role) const;
};

}  // namespace qantar::agents
