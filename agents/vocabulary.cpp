#include "agents/vocabulary.hpp"

namespace qantar::agents {

using Names = std::vector<std::string>;

const Names& site_kind_names() {
  static const Names names{"administration", "residence", "intelligence", "police", "prosecutor", "airport",
                           "broadcaster",    "party",     "arms_shop",    "retail", "monument"};
  return names;
}
const Names& agency_kind_names() {
  static const Names names{"police", "guard", "intelligence", "army", "state_guard", "administration", "business"};
  return names;
}
const Names& faction_kind_names() {
  static const Names names{"presidential", "clan", "security", "protesters", "intervention", "crime"};
  return names;
}
const Names& office_kind_names() {
  static const Names names{"council_chair", "head_of_government", "adviser",      "agency_head", "first_deputy",
                           "deputy",        "regional_head",      "unit_command", "owner"};
  return names;
}
const Names& sponsor_names() {
  static const Names names{"none", "clan", "intelligence", "crime", "foreign"};
  return names;
}
const Names& switch_names() {
  static const Names names{"withdrawal_directives", "clan_funding",    "prepared_groups",
                           "presidential_script",   "organised_crime", "foreign_training"};
  return names;
}
const Names& group_condition_names() {
  static const Names names = [] {
    Names all = switch_names();
    all.push_back("none");
    return all;
  }();
  return names;
}
const Names& activation_names() {
  static const Names names{"synchronous", "sequential"};
  return names;
}
const Names& first_mover_names() {
  static const Names names{"citizens", "forces"};
  return names;
}
const Names& action_names() {
  static const Names names{"first_address",
                           "concede_local",
                           "concede_national",
                           "dismiss_cabinet",
                           "restrict_network",
                           "shut_network",
                           "restore_network",
                           "emergency_local",
                           "emergency_national",
                           "take_council_chair",
                           "clear_streets",
                           "live_fire",
                           "mobilise_army",
                           "request_intervention",
                           "intervention_agreed",
                           "intervention_landed",
                           "intervention_leaving",
                           "intervention_gone",
                           "lift_emergency_first",
                           "lift_emergency",
                           "claim_assets",
                           "warn_publicly",
                           "dismiss_officials",
                           "yield_posts",
                           "reinforce",
                           "fund_groups",
                           "direct_withdrawal",
                           "misreport",
                           "mobilise_groups",
                           "evacuate_posts"};
  return names;
}
const Names& event_kind_names() {
  static const Names names{"protest_begins",      "mass_crowd",          "protest_ends",        "force_used",
                           "crowd_turns_violent", "line_broken",         "storm_repelled",      "site_falls",
                           "site_left",           "site_retaken",        "unit_withdraws",      "unit_overrun",
                           "unit_joins",          "unit_returns",        "order_issued",        "order_received",
                           "order_blocked",       "order_replaced",      "loss_withheld",       "group_mobilises",
                           "group_disperses",     "preparation_noticed", "office_dismissed",    "office_arrested",
                           "arrest_published",    "stance_supports",     "stance_waits",        "stance_opposes",
                           "order_restored",      "president_ousted",    "unit_departs",        "unit_arrives",
                           "office_rumoured",     "office_denied",       "dismissal_published", "group_attributed"};
  return names;
}

const Names& event_sentences() {
  static const Names sentences{
      "{place}: protest begins; about {value} people are on the street",
      "{place}: the crowd reaches the size of a mass protest; about {value} people", "{place}: the protest is over",
      "{place}: local command uses force on a crowd of about {value}",
      "{place}: part of the crowd turns violent; about {value} people",
      "{site}: the crowd breaks a line of defence; about {value} attackers",
      "{site}: an assault by about {value} people is repelled", "{site} falls to about {value} attackers",
      "{site}: the guard leaves before it is overrun", "{site} is back in the hands of the state",
      "{actor} leaves its post in {place}; about {value} persons",
      "{actor} is overrun in {place}; about {value} persons",
      "{actor} goes over to the crowd in {place}; about {value} persons",
      "{actor} returns to duty in {place}; about {value} persons", "{actor} issues an order: {content}",
      "{actor} receives the order: {content}", "{actor} does not pass on the order: {content}",
      "{actor} passes on another order than it was given: {content}",
      "{actor} does not report the loss of {site} upwards",
      "{actor} goes into action in {place}; about {value} persons", "{actor} disperses",
      "The preparation of {actor} is noticed before the crisis",
      "{actor}: the holder is dismissed, on reported losses of {value}", "{actor}: the former holder is detained",
      "{actor}: the detention is made public",
      "{actor} now visibly supports the president; believes with probability {value} that he prevails",
      "{actor} now visibly waits; believes with probability {value} that the president prevails",
      "{actor} now visibly opposes the president; believes with probability {value} that he prevails",
      "Order is restored: every state site is held and the streets are quiet",
      "The president loses power; visible support {value}", "{actor} leaves for {place}; about {value} persons",
      "{actor} arrives in {place}; about {value} persons",
      "{actor}: it is said that the holder has gone; believed with probability {value}",
      "{actor}: it is denied that the holder has gone; believed with probability {value}",
      "{actor}: the dismissal is made public", "The inquiry names who stood behind {actor}: {sponsor}",
      // actions
      "The president addresses the country, without concession on power; reported losses {value}",
      "The government concedes in the region where the protest began; reported losses {value}",
      "The government concedes in the whole country; reported losses {value}",
      "The cabinet is dismissed; reported losses {value}", "The mobile network is restricted; reported losses {value}",
      "The network is shut down in the whole country; reported losses {value}", "The network comes back",
      "A state of emergency is declared for some places; reported losses {value}",
      "A state of emergency is declared for the whole country; reported losses {value}",
      "The president takes the chair of the Security Council; reported losses {value}",
      "Local command is allowed to clear the streets", "Live fire is ordered; reported losses {value}",
      "The army is mobilised; reported losses {value}", "Intervention is requested; reported losses {value}",
      "The allies agree to send troops", "The first troops of the intervention land",
      "The intervention begins to leave", "The intervention has left",
      "The state of emergency is lifted in the first regions", "The state of emergency is lifted everywhere",
      "The president claims a share of the great fortunes for the public",
      "The president warns in public that fire is opened without warning",
      "Officials tied to the former president are replaced", "The clan gives up its posts without resistance",
      "Forces from quiet places are sent to where losses are; reported losses {value}",
      "The clan begins to fund groups on the street",
      "Directives to leave posts go out inside the intelligence service",
      "The leadership of the intelligence service reports less than it knows", "Organised groups are told to act",
      "The intelligence service empties posts amid violence to save its people"};
  return sentences;
}

}  // namespace qantar::agents
