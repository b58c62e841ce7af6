// The words of the model: kinds of actors, things and acts. Numbers of mechanisms are never reused.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace qantar::agents {

/// Source of chance. The number is part of every draw's address: never change or reuse one.
enum class Mechanism : std::uint32_t {
  parameters = 1,      // priors and switches, once per trial
  citizen_traits = 2,  // fixed hardship, risk aversion, threshold
  citizens = 3,        // one number per agent and step
  place_noise = 4,     // mood of a place from hour to hour
  orders = 5,          // delay and fate of an order at an office
  reports = 6,         // what the centre hears of a loss, and when
  posture = 7,         // local command decides to clear
  units = 8,
  columns = 9,  // which site a column of the crowd turns to
  contests = 10,
  casualties = 11,
  detentions = 12,
  arms = 13,
  retaking = 14,
  groups = 15,
  beliefs = 16,
  stances = 17,
  presidency = 18,
  clan = 19,
  intelligence = 20,
  intervention = 21,
  office_traits = 22,
  casualty_picks = 23,
  personnel = 24,
  looting = 25,
  rumours = 26,  // who is believed to hold an office
  inquiry = 27,  // what investigators find afterwards
};
constexpr std::uint32_t address(Mechanism m) { return static_cast<std::uint32_t>(m); }

/// What a citizen is doing. `absent` fills the end of a place's block and never changes.
enum class Status : std::uint8_t { unaware, ready, peaceful, violent, tired, detained, hurt, dead, absent };
inline constexpr int status_count = 9;

enum class SiteKind {
  administration,
  residence,
  intelligence,
  police,
  prosecutor,
  airport,
  broadcaster,
  party,
  arms_shop,
  retail,
  monument
};
enum class AgencyKind { police, guard, intelligence, army, state_guard, administration, business };
enum class FactionKind { presidential, clan, security, protesters, intervention, crime };
enum class OfficeKind {
  council_chair,
  head_of_government,
  adviser,
  agency_head,
  first_deputy,
  deputy,
  regional_head,
  unit_command,
  owner
};
enum class Sponsor { none, clan, intelligence, crime, foreign };
inline constexpr int sponsor_count = 5;
/// Order in which citizens of one circle move within a step.
enum class Activation { synchronous, sequential };
/// Who moves first within a step.
enum class FirstMover { citizens, forces };

/// What local command tells the police line to do.
enum class Posture { hold, clear, fire };
/// How a unit answers. `broken`: overrun in a contact, which is never counted as leaving.
enum class Conduct { obeying, stalling, withdrawn, joined, broken };
enum class Stance { president, waiting, challenger };
enum class Content { hold, fire, withdraw, move };  // of an order

/// The switches that tell the rival accounts apart.
enum class Switch {
  withdrawal_directives,
  clan_funding,
  prepared_groups,
  presidential_script,
  organised_crime,
  foreign_training
};
inline constexpr int switch_count = 6;
/// A group that exists without any switch.
inline constexpr int without_switch = switch_count;

/// What factions can do. A faction only does what its case entry lists.
enum class Action {
  first_address,
  concede_local,
  concede_national,
  dismiss_cabinet,
  restrict_network,
  shut_network,
  restore_network,
  emergency_local,
  emergency_national,
  take_council_chair,
  clear_streets,
  live_fire,
  mobilise_army,
  request_intervention,
  intervention_agreed,
  intervention_landed,
  intervention_leaving,
  intervention_gone,
  lift_emergency_first,
  lift_emergency,
  claim_assets,
  warn_publicly,
  dismiss_officials,
  yield_posts,
  reinforce,
  // not public
  fund_groups,
  direct_withdrawal,
  misreport,
  mobilise_groups,
  evacuate_posts
};
inline constexpr int action_count = 30;
inline constexpr int public_action_count = 25;  ///< the others are never seen from outside

enum class EventKind {
  protest_begins,
  mass_crowd,
  protest_ends,
  force_used,
  crowd_turns_violent,
  line_broken,
  storm_repelled,
  site_falls,
  site_left,
  site_retaken,
  unit_withdraws,
  unit_overrun,
  unit_joins,
  unit_returns,
  order_issued,
  order_received,
  order_blocked,
  order_replaced,
  loss_withheld,
  group_mobilises,
  group_disperses,
  preparation_noticed,
  office_dismissed,
  office_arrested,
  arrest_published,
  stance_supports,
  stance_waits,
  stance_opposes,
  order_restored,
  president_ousted,
  unit_departs,
  unit_arrives,
  office_rumoured,
  office_denied,
  dismissal_published,
  group_attributed,
  action  // + Action
};

const std::vector<std::string>& site_kind_names();
const std::vector<std::string>& agency_kind_names();
const std::vector<std::string>& faction_kind_names();
const std::vector<std::string>& office_kind_names();
const std::vector<std::string>& sponsor_names();
const std::vector<std::string>& switch_names();
const std::vector<std::string>& group_condition_names();  ///< the switches, and `none`
const std::vector<std::string>& activation_names();
const std::vector<std::string>& first_mover_names();
const std::vector<std::string>& action_names();
const std::vector<std::string>& event_kind_names();  ///< without the actions
/// A sentence for each event kind followed by each action, with {place}, {site}, {actor} and {value} to fill in.
const std::vector<std::string>& event_sentences();

}  // namespace qantar::agents
