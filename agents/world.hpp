// The state of one trial. Few actors are rows; citizens are columns. Behind each member: what it is, its unit, and in
// brackets the parts of the step that write it (step.hpp); without brackets, it is fixed when the world is made.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <Eigen/Dense>

#include "agents/ids.hpp"
#include "agents/parameters.hpp"
#include "agents/scenario.hpp"
#include "agents/vocabulary.hpp"
#include "sim/conversions.hpp"
#include "sim/trial_key.hpp"
#include "sim/trial_result.hpp"

namespace qantar::agents {

class StepDraws;
struct Purpose;

using sim::Draws;
using sim::happened;
using sim::never;

/// A choice as the amount of an event: its number.
template <class E>
constexpr double as_amount(E choice) {
  return to_underlying(choice);
}

/// Number of an event in the log of the trial.
using EventNumber = std::int32_t;
inline constexpr EventNumber no_event = -1;

inline constexpr std::uint32_t circle_size = 16;  ///< citizens who see each other directly
inline constexpr std::uint32_t group_size = 64;   ///< citizens whose draws are made together; blocks are padded to it

/// Citizens in columns, ordered by place; each place owns [first, last), a multiple of group_size long.
struct Citizens {
  std::vector<Status> status;        ///< (3, 6)
  std::vector<float> hardship;       ///< grievance per unit of lost legitimacy
  std::vector<float> risk_aversion;  ///< weight of fear
  std::vector<float> threshold;      ///< net grievance above which the citizen goes out
};

struct PlaceState {
  std::uint32_t first = 0, last = 0;                      ///< range of its citizens
  std::vector<SiteId> sites;                              ///< that are here, ascending
  std::vector<UnitId> units;                              ///< that are here or on their way to it, ascending (1)
  double pool = 0;                                        ///< persons who can be on the street at all
  EnumArray<Status, std::int64_t, status_count> count{};  ///< agents by status (3, 6)
  double persons_peaceful = 0, persons_violent = 0;       ///< persons on the street (3, 6)
  double newly_out = 0, newly_violent = 0;                ///< persons, in this step (3)

  double legitimacy = 0;       ///< of the government here, 0..1 (2, 9)
  double shock_exposure = 0;   ///< how strongly the shock is felt, 1 as on average
  double shock_relief = 0;     ///< share of the shock taken back by concessions (9)
  double force_readiness = 1;  ///< of the local command, relative to others
  double network = 1;          ///< share of people reached where the network is up
  double night = 0;            ///< how empty its streets are, 0 by day to 1 at night (3)
  double mood = 0;             ///< readiness to go out that comes and goes, utility (3)
  double force = 0;            ///< mark of recent force on the crowd, 0..1 (3, 5, 6)

  double police = 0;                 ///< persons on duty and present (5)
  double patrol = 0;                 ///< of them, not held at a site that is attacked, persons (5)
  double police_at_start = 0;        ///< persons
  double left_share = 0;             ///< share of its units' strength that visibly left (5)
  Posture posture = Posture::hold;   ///< of the local command (5)
  bool seat_lost = false;            ///< a seat of the executive (6)
  bool emergency = false;            ///< a state of emergency is in force (9)
  bool in_protest = false;           ///< people are out in numbers (7)
  bool abandoned_by_police = false;  ///< so many units that were not overrun have withdrawn (7)

  double captured_arms = 0;  ///< weapons in the crowd (6)
  double armed_groups = 0;   ///< members of groups in action, persons (4)
  double peak = 0;           ///< largest crowd so far, persons (7)
  double rally_peak = 0;     ///< most who came out for one side, persons (6)
  double wanted = 0,
         wanted_foreign = 0;          ///< persons to be detained, and members of foreign groups among them (3, 4, 6)
  double deaths = 0, injured = 0;     ///< persons so far (6)
  double street_deaths_now = 0;       ///< persons killed on the street and not yet learnt of (2, 6)
  double looted = 0, looted_now = 0;  ///< businesses so far, and not yet learnt of (2, 6)
  double to_harm = 0, to_detain = 0, to_kill = 0;  ///< persons not yet taken out of the crowd, below one agent (6)

  // first times; `never` until then
  Hours protest_began = never;   ///< (7)
  Hours mass_crowd = never;      ///< (7)
  Hours turned_violent = never;  ///< first riot (7)
  Hours calm_again = never;      ///< last end of a protest (7)
  Hours clash = never;           ///< force, or violence (5, 7)
  Hours attacked = never;        ///< any site (6)
  Hours line_broken = never;     ///< of the seat (6)
  Hours police_left = never;     ///< (7)
  Hours live_fire = never;       ///< local command first opened fire (5)
  Hours emergency_at = never;    ///< (9)
  Hours rally_began = never;     ///< (6)
  // last events, as causes of later ones
  EventNumber event_protest = no_event;   ///< (7)
  EventNumber event_violence = no_event;  ///< (7)
  EventNumber event_force = no_event;     ///< (5)
  EventNumber event_left = no_event;      ///< a unit that withdrew (5, 6)
};

/// Who goes for a site in this step.
struct Assault {
  double crowd = 0, members = 0;  ///< persons: of the crowd, and members of groups
  double skill = 0, arms = 0;     ///< strength added by skill and by arms of members
};

struct SiteState {
  bool held = true;                                 ///< by the state or its owner (6)
  FactionId holder;                                 ///< whose units took it; none otherwise (6)
  bool known_lost = false;                          ///< to the centre (1)
  double lines = 1;                                 ///< of defence that stand (6)
  double open_shops = 0;                            ///< shops with arms that were not looted (6)
  double arms = 0;                                  ///< weapons in store (6)
  Assault assault;                                  ///< (6)
  double attackers = 0;                             ///< persons, in this step (6)
  double pressure = 0;                              ///< strength of the attackers in this step (6)
  double hold_chance = 1;                           ///< at the last assault (6)
  int repelled = 0;                                 ///< assaults that were repelled (6)
  bool withstands = false;                          ///< the assault that goes on counts among them (6)
  double hours_attacked = 0;                        ///< hours of assault that it withstood (6)
  double crowd_at_fall = 0, attackers_at_fall = 0;  ///< persons, at the first fall (6)

  Hours last_attack = never;                                   ///< (6)
  Hours attacked = never, fell = never, retaken = never;       ///< first times (6)
  Hours failed_storm = never;                                  ///< first assault that was repelled (6)
  Hours left = never;                                          ///< its guards withdrew before it was lost (5)
  EventNumber event_attack = no_event, event_fall = no_event;  ///< last ones (6)
};

struct UnitState {
  PlaceId place;                         ///< where it stands or goes to (1)
  FactionId side;                        ///< that it follows; none for the one in power (9)
  SiteId site;                           ///< that it guards; none on the streets and when it has moved. Of one that
                                         ///< turned: that it was sent to (1)
  double strength = 0;                   ///< persons
  double morale = 0;                     ///< 0..1 (5, 6, 10)
  double base_morale = 0;                ///< where it returns to, 0..1
  Conduct conduct = Conduct::obeying;    ///< (5, 6)
  Content order = Content::hold;         ///< last one received (1)
  bool has_order = false;                ///< `order` is in force (1, 5, 6)
  bool called_back = false;              ///< it was told anything but to withdraw (1)
  bool present = true;                   ///< on duty for the state: not in reserve, on the way or turned (1, 5, 9)
  bool in_contact = false;               ///< with attackers in this step (5, 6)
  bool contact_yet = false;              ///< ever (6)
  Hours since = never;                   ///< beginning of its conduct (5, 6)
  Hours arrives = never;                 ///< from the reserve or on the way (1, 9)
  Hours order_received = never;          ///< last one (1)
  EventNumber event_order = no_event;    ///< last one (1, 5)
  EventNumber event_conduct = no_event;  ///< last change (5, 6)
};

struct OfficeState {
  double expectation = 0;                            ///< log-odds that the president prevails (8)
  double mark = 0;                                   ///< fading mark of public events, log-odds (6, 8, 9, 10)
  double affinity = 0;                               ///< to the president, log-odds (8, 9)
  double affinity_start = 0;                         ///< the same before the crisis
  Stance stance = Stance::president;                 ///< (8, 9)
  double believed_vacant = 0;                        ///< log-odds outside that the holder has gone (7)
  double doubtful_hours = 0;                         ///< hours in which it was open who holds it (7)
  Hours dismissed = never;                           ///< (9)
  Hours decree_due = never;                          ///< when a dismissal is to be made public (7)
  Hours published = never;                           ///< when it was (7)
  Hours arrested = never, arrest_published = never;  ///< (9)
  Hours rumoured = never, denied = never;            ///< first times (7)
  bool captured = false;                             ///< in the hands of its opponents (9)
  EventNumber event_captured = no_event;             ///< the action that captured it (9)
  EventNumber event_rumour = no_event;               ///< last one (7)
  EventNumber event_stance = no_event;               ///< last change (8)
  EventNumber event_dismissed = no_event;            ///< (9)
  double believes() const { return sim::logistic(expectation); }
};

struct GroupState {
  bool exists = false;               ///< in this trial
  bool dormant = true;               ///< not yet mobilised (4)
  bool dispersed = false;            ///< (4)
  bool noticed = false;              ///< in preparation
  double unnoticed_probability = 1;  ///< of its preparation
  double size = 0;                   ///< persons
  double active = 0;                 ///< persons in action now (4)
  double lost = 0;                   ///< persons who left it (4, 6)
  double armed_share = 0;            ///< with firearms
  double skill = 1;                  ///< of a member, relative to a rioter
  Hours mobilised = never;           ///< (4)
  Hours attributed = never;          ///< by the inquiry (7)
  FactionId attributed_to;           ///< by the inquiry, right or wrong (7)
  EventNumber event = no_event;      ///< of its mobilisation (4)
};

/// People who come out for a side. They are no protest: nobody of them is a citizen with a grievance.
struct Rally {
  PlaceId place;
  FactionId side;
  double called = 0;             ///< who would come when all hear of it, persons (9)
  double persons = 0;            ///< who are out (6)
  EventNumber event = no_event;  ///< of the call, then of its beginning (6, 9)
};

/// An order under way: whose it is, what it says, where it is and when it gets to the next level.
struct Order {
  FactionId by;                     ///< its head issued it
  UnitId unit;                      ///< addressee
  Content content = Content::hold;  ///< as it stands now (1)
  Content sent_as = Content::hold;  ///< before anybody on the way replaced it
  PlaceId destination;              ///< of an order to move
  SiteId site;                      ///< of an order to seize
  int sent_in = 0;                  ///< step
  std::vector<OfficeId> chain;      ///< offices still to pass, next one last (1)
  Hours sent = never;
  Hours due = never;                                     ///< at the next level (1)
  Hours received = never;                                ///< (1)
  bool done = false, blocked = false, replaced = false;  ///< (1)
  EventNumber event = no_event;                          ///< that it was issued, or replaced (1)
};

/// An action whose effects are still to come.
struct PendingAction {
  ActionId action;
  FactionId by;
  Hours due = never;
};

/// News of a lost site on its way to the centre.
struct Report {
  SiteId site;
  bool regained = false;  ///< news that it is held again
  Hours due = never;
  EventNumber event = no_event;  ///< what it tells of
};

/// What is known of the country at a snapshot.
struct SnapshotFigures {
  double participants = never, regions = never, places = never;      ///< of its day: persons, regions, places
  double detained = never, deaths = never, security_deaths = never;  ///< persons so far
  double network = never;                                            ///< level
};

/// What a trial has added up so far, for its outcomes.
struct Tally {
  double deaths = 0, security_deaths = 0, injured = 0, security_injured = 0;  ///< persons (6)
  double detained = 0, detained_foreign = 0;                                  ///< persons (6)
  double arrests_before = 0;                                                  ///< persons, in the months before
  double arms_lost = 0, arms_shops = 0, arms_service = 0;  ///< weapons: all, from shops, from forces (6)
  double looted = 0;                                       ///< businesses (6)
  bool loot_after_police_left = false;                     ///< (6)
  double peak = 0, day_peak = 0;  ///< largest crowd in the country: ever, since the last snapshot, persons (7)
  double peak_regions = 0;        ///< largest number of regions in protest on one day (7)
  double network_down_hours = 0;  ///< (1)
  double curfew_hours = 0, curfew_enforced = 0;  ///< hours of places under curfew, and weighted by the police there (3)
  double money_spent = 0;                        ///< shares of purses (4, 8)
  double reinforced = 0;                         ///< strength sent elsewhere, persons (1)
  double turned_deaths = 0;                      ///< persons of units that had turned (6)
  double turned_given_up = 0;                    ///< persons of such units that gave up or were beaten (6)
  double false_reports = 0;                      ///< losses withheld from the centre (7)
  double personnel_changes = 0;                  ///< dismissals (9)
  double challengers_peak = 0, waiting_peak = 0;  ///< largest shares of offices with these stances (8)
  double support_least = 1;                       ///< least visible support of the president (8)
  double intervention_peak = 0;                   ///< persons (10)
  double group_peak = 0;                          ///< members in action at once, persons (4)
  double foreign_share = 0;                       ///< share of foreign members then (4)
  double armed_share_at_first_loss = never;       ///< share of groups among the violent when arms were first lost (6)
  double loss_before_chair = never;               ///< reported loss when the chair of the council was taken (9)
  std::vector<double>
      group_peak_by_sponsor;  ///< members in action at once, persons; first those of nobody, then by faction (4)
  Table<OrganisationId, double> withdrawal_orders;    ///< (1, 5)
  Table<OrganisationId, double> left_before_contact;  ///< units (5)
  Table<OrganisationId, double> overrun;              ///< units (6)
  Table<PlaceId, bool> in_protest_today;              ///< since the last snapshot (7)
  std::vector<SnapshotFigures> snapshots;             ///< (7)
};

/// A decision that is in force.
struct InForce {
  Hours since = never;           ///< never while it is not
  EventNumber event = no_event;  ///< that brought it about
  FactionId by = {};             ///< who decided, in a case with [[actions]]
  bool holds() const { return happened(since); }
};

/// What decisions have brought about, for all that answers to it: nobody else asks which faction acted, or how.
struct Decisions {
  InForce fire;                             ///< the order to open fire (9)
  InForce reserves;                         ///< units in reserve are called up (9)
  InForce reinforcement;                    ///< forces of quiet places are sent to the focal city (9)
  InForce turn;                             ///< the president alone commands from now on (9)
  InForce emergency_everywhere;             ///< a state of emergency in all places (9)
  InForce directive;                        ///< posts are to be left, inside the intelligence service (9)
  InForce request;                          ///< for an intervention (9)
  InForce replacement;                      ///< offices change hands (9)
  InForce emergency_in_trouble;             ///< places that turn violent come under an emergency (9)
  InForce landing, leaving;                 ///< of the intervention (9, 10)
  InForce held_back;                        ///< forces in focal places are told to hold back until the turn (9)
  bool gone = false;                        ///< nothing is left of the intervention (9)
  FactionId replaced_tie;                   ///< whose offices change hands (9)
  Table<OrganisationId, double> restraint;  ///< how unclear being held back leaves the orders of its units (9)
  double network = 1;                       ///< level that the network is held to (9)
  double appeasement = 0;                   ///< people appeased at the top, in units of a full concession (9)
};

struct World {
  explicit World(const Scenario& s) : scenario(&s) {}
  const Scenario* scenario;
  Parameters p{};
  std::vector<double> drawn;      ///< values of the scenario's priors
  std::vector<bool> switched_on;  ///< by SwitchId

  Citizens citizens;
  Table<PlaceId, PlaceState> places;
  Table<SiteId, SiteState> sites;
  Table<UnitId, UnitState> units;
  Table<OfficeId, OfficeState> offices;
  Table<GroupId, GroupState> groups;
  std::vector<Order> orders;                 ///< (1, 9)
  std::vector<Report> reports;               ///< not yet arrived (1, 6, 7)
  std::vector<Rally> rallies;                ///< (6, 9)
  bool anybody_turned = false;               ///< some unit follows another faction than the one in power (9)
  Eigen::MatrixXd loyalty;                   ///< faction x organisation, columns sum to at most 1 (8)
  Eigen::MatrixXd loyalty_at_start;          ///< the same before the crisis
  Eigen::MatrixXd resources;                 ///< faction x Resource, 0..1 (4, 8, 9)
  Eigen::MatrixXd influence;                 ///< office x office, rows sum to 1
  Eigen::VectorXd shown;                     ///< by office: support that it shows, 0..1 (8)
  Eigen::VectorXd shown_by_others;           ///< by office: support that it sees, weighted by influence, 0..1 (8)
  Table<OrganisationId, double> belief;      ///< mean belief of its offices that the president prevails, 0..1 (8)
  Table<OrganisationId, double> offices_in;  ///< number of its offices

  int step = 0;                               ///< (step)
  Hours now = 0;                              ///< beginning of the step (step)
  double dt = 1;                              ///< length of the step, hours
  bool chair_is_open = false;                 ///< an action of the case takes control: until then command is shared
  double network = 1;                         ///< level of the network in the country (1)
  double news = 0;                            ///< turnout elsewhere as it is known, share of the pool (1)
  double reported_loss = 0;                   ///< weight of the lost sites that the centre knows of (1)
  double actual_loss = 0;                     ///< weight of all lost sites (1)
  Table<ActionId, Hours> action_time;         ///< of each action of the case: when it was taken (9)
  Table<ActionId, EventNumber> action_event;  ///< its event (9)
  std::vector<PendingAction> pending;         ///< (9)
  std::vector<double> seen;                   ///< by each condition of each choice: its signal as it is known (9)
  std::vector<double> weights;                ///< scratch: of the choices of one faction in a step (9)
  Decisions decided;                          ///< (9)
  std::vector<sim::LoggedEvent> log;

  Tally tally;
  double intervention_present = 0;      ///< persons (10)
  PlaceId origin;                       ///< where the protest began (7)
  Hours protest_began = never;          ///< (7)
  Hours violence_began = never;         ///< (7)
  Hours first_clash = never;            ///< (5)
  Hours quiet_since = never;            ///< all sites held and streets quiet; never when they are not (7)
  Hours restored = never;               ///< order (9)
  double support = 1;                   ///< power-weighted visible support of the president, 0..1 (8)
  Table<EndingId, Hours> ending_since;  ///< since when the conditions of each hold; never when they do not (8)
  Hours ousted = never;                 ///< the president (8, 9)

  // shorthands
  const Place& about(PlaceId id) const { return scenario->places[id]; }
  const Site& about(SiteId id) const { return scenario->sites[id]; }
  const Organisation& about(OrganisationId id) const { return scenario->organisations[id]; }
  const Faction& about(FactionId id) const { return scenario->factions[id]; }
  const Office& about(OfficeId id) const { return scenario->offices[id]; }
  const Unit& about(UnitId id) const { return scenario->units[id]; }
  const Group& about(GroupId id) const { return scenario->groups[id]; }
  const ActionEntry& about(ActionId id) const { return scenario->actions[id]; }
  const Ending& about(EndingId id) const { return scenario->endings[id]; }
  const Bargain& about(BargainId id) const { return scenario->bargains[id]; }
  const Motive& about(MotiveId id) const { return scenario->motives[id]; }
  double value(const Number& n) const { return sim::Priors::value(n, drawn); }
  /// The same of one that need not be given.
  double value_or_0(const sim::Number& number) const { return number.is_given() ? value(number) : 0.0; }
  /// Whether a switch is on; true for none.
  bool on(SwitchId s) const { return !s.exists() || switched_on[s.index()]; }
  double& resource(FactionId f, Resource r) { return resources(f.number(), to_underlying(r)); }
  double resource(FactionId f, Resource r) const { return resources(f.number(), to_underlying(r)); }
  double loyalty_of(OrganisationId o, FactionId f) const { return loyalty(f.number(), o.number()); }
  /// Whether a faction can still decide: the president's no more once he is out.
  bool in_power(FactionId faction) const { return !happened(ousted) || about(faction).role != Role::incumbent; }
  /// Whether the president alone commands; he always does in a case where no action takes control.
  bool in_control() const { return decided.turn.holds() || !chair_is_open; }
  /// Whether the president's forces wait for the chair of the council.
  bool held_back() const { return decided.held_back.holds() && !decided.turn.holds(); }
  double persons(std::int64_t agents) const { return scenario->head.persons_per_agent * sim::real(agents); }
  double crowd(PlaceId place) const { return places[place].persons_peaceful + places[place].persons_violent; }
  /// Whether so many are violent that a place counts as rioting, or so few that it counts as calm.
  bool riots(PlaceId place) const { return places[place].persons_violent >= p.riot_size; }
  bool calm(PlaceId place) const { return places[place].persons_violent < p.riot_size / 2.0; }
  /// Whether the police of a place have a crowd before them that matters.
  bool faced(PlaceId place) const { return crowd(place) > p.crowd_felt * places[place].police_at_start; }
  /// Whether a place has as good as no police left, or enough on the beat to guard what they guard every day.
  bool unpoliced(PlaceId place) const { return places[place].police < p.police_absent * places[place].police_at_start; }
  bool policed(PlaceId place) const { return places[place].patrol > p.police_guarding * places[place].police_at_start; }
  double hour(double shift = 0) const { return scenario->clock.hour_of_day(now, shift); }
  bool dark() const;
  bool dismissed(OfficeId office) const { return office.exists() && happened(offices[office].dismissed); }
  ActorId actor(FactionId faction) const;
  ActorId actor(OfficeId office) const;
  ActorId actor(UnitId unit) const;
  ActorId actor(GroupId group) const;

  /// Writes an event at the current time and returns its number. Causes that are `no_event` are dropped.
  EventNumber note(EventKind kind, PlaceId place, SiteId site, ActorId actor, double amount,
                   std::initializer_list<EventNumber> causes);
  /// Notes that a faction takes an action of the case.
  EventNumber note_action(ActionId action, FactionId faction, const std::vector<EventNumber>& causes);
  /// A unit is from now on at another place, or on its way there.
  void station(UnitId unit, PlaceId place);
  /// Brings `belief` up to date with the offices.
  void average_beliefs();
  /// Marks a public event on every office-holder's expectation.
  void mark_expectations(double amount);
};

/// The world of a trial before its first step: parameters drawn, actors in place.
World make_world(const Scenario& scenario, const Draws& draws);

}  // namespace qantar::agents
