// The state of one trial. Few actors are rows; citizens are columns.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <Eigen/Dense>

#include "agents/parameters.hpp"
#include "agents/scenario.hpp"
#include "agents/vocabulary.hpp"
#include "sim/draws.hpp"
#include "sim/record.hpp"

namespace qantar::agents {

using sim::Draws;
using sim::happened;
using sim::never;

inline constexpr std::int32_t no_event = -1;
/// Numbers kept at each snapshot: participants, regions, places, detained, deaths, security deaths, network.
inline constexpr std::size_t snapshot_width = 7;
inline constexpr std::uint32_t circle_size = 16;  ///< citizens who see each other directly
inline constexpr std::uint32_t group_size = 64;   ///< citizens whose draws are made together; blocks are padded to it

/// Citizens in columns, ordered by place; each place owns [first, last), a multiple of group_size long.
struct Citizens {
  std::vector<Status> status;
  std::vector<float> hardship;       ///< grievance per unit of lost legitimacy
  std::vector<float> risk_aversion;  ///< weight of fear
  std::vector<float> threshold;      ///< net grievance above which the citizen goes out
};

struct PlaceState {
  std::uint32_t first = 0, last = 0;               ///< range of its citizens
  std::vector<std::size_t> sites, units;           ///< that are here, ascending; units on their way to it too
  std::array<std::int64_t, status_count> count{};  ///< agents by status
  double persons_peaceful = 0, persons_violent = 0, pool = 0;  ///< persons
  double newly_out = 0, newly_violent = 0;                     ///< persons, this step
  double legitimacy = 0;                                       ///< in log-odds
  double legitimacy_base = 0;
  double shock_exposure = 0, force_readiness = 1, network = 1;
  double shock_relief = 0;  ///< share of the shock taken back by concessions
  double mood = 0;
  double force = 0;                            ///< recent force on the crowd, 0..1
  double police = 0, police_at_start = 0;      ///< persons on duty and present
  double left_share = 0;                       ///< share of its units that visibly left
  double captured_arms = 0, armed_groups = 0;  ///< weapons in the crowd; armed members of groups in action
  double wanted = 0, wanted_foreign = 0, deaths = 0, street_deaths_now = 0, injured = 0, looted = 0, looted_now = 0;
  double to_harm = 0, to_detain = 0, to_kill = 0;  ///< persons not yet taken out of the crowd, below one agent
  Posture posture = Posture::hold;
  bool emergency = false, in_protest = false, abandoned_by_police = false;
  double peak = 0;
  Hours protest_began = never, mass_crowd = never, clash = never, line_broken = never, police_left = never,
        emergency_at = never, calm_again = never, attacked = never, turned_violent = never;
  std::int32_t event_protest = no_event, event_force = no_event, event_violence = no_event, event_left = no_event;
};

/// Who goes for a site in this step.
struct Assault {
  double crowd = 0, members = 0, skill = 0, arms = 0;  ///< persons; strength added by skill and arms of members
};

struct SiteState {
  bool held = true, attacked_now = false;
  double lines = 1, arms = 0, attackers = 0;  ///< attackers: persons, this step
  Assault assault;
  double pressure = 0;  ///< strength of the last assault
  double hold_chance = 1;
  Hours last_attack = never, attacked = never, fell = never, retaken = never, left = never;
  int repelled = 0;
  double crowd_at_fall = 0, attackers_at_fall = 0;
  Hours failed_storm = never;
  std::int32_t event_attack = no_event, event_fall = no_event;
  bool known_lost = false;  ///< to the centre
};

struct UnitState {
  int place = -1, site = -1;  ///< where it stands now, and the site that it guards
  double strength = 0, morale = 0, base_morale = 0;
  Conduct conduct = Conduct::obeying;
  Content order = Content::hold;
  bool has_order = false, called_back = false, present = true, in_contact = false;
  Hours since = never, arrives = never, order_received = never;
  bool contact_yet = false;
  std::int32_t event_order = no_event, event_conduct = no_event;
};

struct OfficeState {
  double expectation = 0;  ///< log-odds that the president prevails
  double mark = 0;         ///< fading mark of public events
  double affinity = 0;
  Stance stance = Stance::president;
  Hours dismissed = never, arrested = never, arrest_published = never;
  Hours decree_due = never, published = never;  ///< when a dismissal is to be, and is, public
  Hours rumoured = never, denied = never;
  double believed_vacant = -6, doubtful_hours = 0;  ///< log-odds outside that the holder has gone
  double affinity_start = 0;
  std::int32_t event_rumour = no_event;
  std::int32_t event_stance = no_event, event_dismissed = no_event;
  double believes() const { return sim::logistic(expectation); }
};

struct GroupState {
  bool exists = false, dormant = true, dispersed = false;
  double size = 0, active = 0, armed_share = 0, skill = 1, lost = 0;
  Hours mobilised = never, attributed = never;
  Sponsor attributed_to = Sponsor::none;  ///< by the inquiry
  double unnoticed_probability = 1;
  bool noticed = false;
  std::int32_t event = no_event;
};

/// An order under way: who issued it, what it says, where it is and when it gets to the next level.
struct Order {
  int issuer = -1;  ///< office
  int unit = -1;    ///< addressee
  Content content = Content::hold;
  int destination = -1;             ///< place, of an order to move
  Content sent_as = Content::hold;  ///< before anybody on the way replaced it
  std::uint32_t sent_in = 0;        ///< step
  std::vector<int> chain;           ///< offices still to pass, next one last
  Hours sent = never, due = never, received = never;
  bool done = false, blocked = false, replaced = false;
  std::int32_t event = no_event;
};

/// News of a lost site on its way to the centre.
struct Report {
  int site = -1;
  bool regained = false;
  Hours due = never;
  std::int32_t event = no_event;
};

/// What a trial has added up so far, for its outcomes.
struct Tally {
  double deaths = 0, security_deaths = 0, injured = 0, security_injured = 0, detained = 0;  ///< persons
  double arms_lost = 0, arms_shops = 0, arms_service = 0;                                   ///< weapons
  double looted = 0, peak = 0, peak_regions = 0, day_peak = 0;
  double network_down_hours = 0, curfew_hours = 0, curfew_enforced = 0;
  double detained_foreign = 0, arrests_before = 0, money_spent = 0, reinforced = 0;
  double false_reports = 0, personnel_changes = 0, challengers_peak = 0, waiting_peak = 0, support_least = 1,
         intervention_peak = 0;
  double group_peak = 0, foreign_share = 0, armed_share_at_first_loss = never;
  double loss_before_chair = never;
  bool loot_after_police_left = false;
  std::vector<double> group_peak_by_sponsor, withdrawal_orders, left_before_contact,
      overrun;                         ///< by sponsor; organisation
  std::vector<bool> in_protest_today;  ///< by place
  std::vector<std::array<double, snapshot_width>> snapshots;
};

struct World {
  explicit World(const Scenario& s) : scenario(&s) {}
  const Scenario* scenario;
  Parameters p{};
  std::vector<double> drawn;  ///< values of the scenario's priors
  std::array<bool, switch_count> switched_on{};

  Citizens citizens;
  std::vector<PlaceState> places;
  std::vector<SiteState> sites;
  std::vector<UnitState> units;
  std::vector<OfficeState> offices;
  std::vector<GroupState> groups;
  std::vector<Order> orders;
  std::vector<Report> reports;
  Eigen::MatrixXd loyalty;  ///< faction x organisation, columns sum to at most 1
  Eigen::MatrixXd loyalty_at_start;
  Eigen::MatrixXd resources;               ///< faction x (money, coercion, information, external)
  Eigen::MatrixXd influence;               ///< office x office, rows sum to 1
  Eigen::VectorXd shown, shown_by_others;  ///< by office: support that it shows, and sees, weighted by influence

  std::vector<double> belief;      ///< by organisation: mean belief of its offices that the president prevails
  std::vector<double> offices_in;  ///< by organisation: number of its offices
  std::vector<int> head_of;        ///< by organisation: its head among the offices, -1 without one

  int step = 0;
  Hours now = 0;  ///< beginning of the step
  double dt = 1;
  bool chair_is_open = false;  ///< the case knows a council chair that the president could take
  double network = 1;          ///< level of the network in the country
  double news = 0;             ///< turnout elsewhere as it is known
  double reported_loss = 0;    ///< weight of the lost sites that the centre knows of
  double actual_loss = 0;
  std::array<Hours, action_count> acted{};  ///< first time of each action
  std::array<std::int32_t, action_count> act_event{};
  std::vector<sim::LoggedEvent> log;

  Tally tally;
  double intervention_present = 0;  ///< persons
  Hours protest_began = never, violence_began = never, first_clash = never, restored = never, ousted = never,
        quiet_since = never, ouster_since = never;
  int origin = -1;  ///< place where the protest began
  Hours agreement_due = never, landing_due = never, exit_due = never;

  // shorthands
  const Place& about(std::size_t place) const { return scenario->places[place]; }
  double value(const Number& n) const { return sim::Priors::value(n, drawn); }
  bool on(Switch s) const { return switched_on[static_cast<std::size_t>(s)]; }
  /// Whether the president sits in the chair of the council; in a case without that chair he needs none.
  bool in_control() const { return has_acted(Action::take_council_chair) || !chair_is_open; }
  bool has_acted(Action a) const { return happened(acted[static_cast<std::size_t>(a)]); }
  Hours time_of(Action a) const { return acted[static_cast<std::size_t>(a)]; }
  double crowd(std::size_t place) const { return places[place].persons_peaceful + places[place].persons_violent; }
  double hour(double shift = 0) const { return scenario->clock.hour_of_day(now, shift); }
  bool dark() const;
  AgencyKind agency(std::size_t unit) const;
  /// Whether the case grants a faction this action; false without the faction.
  bool can(int faction, Action action) const;
  /// Position of an actor on the axis `actor`: factions, organisations, offices, units, groups in this order.
  int actor_office(int office) const;
  int actor_unit(std::size_t unit) const;
  int actor_group(std::size_t group) const;
  int actor_faction(int faction) const { return faction; }

  /// Writes an event at the current time and returns its number. Causes that are `no_event` are dropped.
  std::int32_t note(EventKind kind, int place, int site, int actor, double amount,
                    std::initializer_list<std::int32_t> causes);
  /// First time of an action: notes it with its causes. Later calls do nothing and return false.
  bool act(Action action, int actor, int place, std::initializer_list<std::int32_t> causes);
  std::int32_t event_of(Action a) const { return act_event[static_cast<std::size_t>(a)]; }
  /// A unit is from now on at another place, or on its way there.
  void station(std::size_t unit, int place);
  /// Brings `belief` up to date with the offices.
  void average_beliefs();
  /// Marks a public event on every office-holder's expectation.
  void mark_expectations(double amount);
};

/// The world of a trial before its first step: parameters drawn, actors in place.
World make_world(const Scenario& scenario, const Draws& draws);

}  // namespace qantar::agents
