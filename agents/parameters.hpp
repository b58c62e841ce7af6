// The numbers of the model that hold for the whole country. Each has one row in `parameter_rows`: the only place
// where its symbol, unit, range, prior, basis and source are written.
#pragma once
#include <string>
#include <vector>

#include "sim/distributions.hpp"

namespace qantar::agents {

/// The value of every parameter in one trial. Meaning, unit and range: `qantar parameters`.
struct Parameters {
  // shock, legitimacy
  double shock_grievance, legitimacy, legitimacy_return, force_backlash, death_backlash, concession_effect,
      late_concession;
  // citizens
  double hardship, hardship_spread, hardship_place_sd, risk_aversion, risk_spread, threshold, threshold_spread,
      fear_constant, fear_steepness, live_fire_cost, visibility, decision_noise, reconsideration, social_pull,
      tie_weight, night_cost, night_begins, night_ends, night_edge, sleep, curfew_cost, emergency_cost,
      curfew_unguarded, mood_sd, mood_persistence, awareness_rate, shock_awareness, shock_exponent, news_weight,
      offline_contact, news_delay, news_significance, news_origin, fatigue, stand_down, emergency_stand_down,
      looting_aversion;
  double violence_base, violence_force, violence_arms, arms_felt, violence_vacuum, police_absent, police_guarding,
      violence_calming, riot_size, protest_remnant;
  // network
  double network_shut;
  // contests
  double attack_share, column_share, attack_size, serious_attack, defence_pull, loot_pull, seat_first, contest_exponent,
      defence_advantage, collapse_rate, collapse_exponent, regroup_hours, peaceful_mass, press_ratio, arms_advantage,
      live_fire_strength, hold_strength, stalling_effort, strength_without_morale, crowd_loss, clear_lethality,
      security_loss, bare_hands, loss_limit, street_loss, full_streets, injury_ratio, security_injury_ratio,
      looting_rate, arms_shop_rate, guarded_looting, retake_rate, unresolved_retaking, night_work, overwhelming,
      driven_off, retaking_hours, regain_share, arms_spread, arms_taken_least, orderly_retreat;
  // units
  double unit_rate, told_urgency, obey_morale, obey_loyalty, obey_severity, clear_severity, unit_fear,
      threat_of_pressure, threat_of_crowd, mutual_support, danger_felt, crowd_felt, stall_uncertainty, stalling_barrier,
      stall_ambiguity, lawless_doubt, shared_command_doubt, withdrawal_order, withdrawal_barrier, withdrawal_contagion,
      police_left_share, joining_affinity, joining_barrier, morale_loss, morale_return, morale_defeat, morale_relief,
      return_rate, force_rate, clearing_crowd, fire_share, open_fire_rate, cease_fire_rate, street_force, force_density,
      clear_force, force_memory, clearing_reach, fire_reach, muster_delay, travel_speed, command_doubt;
  // orders and reports
  double order_delay, report_delay, waiting_blocks, challenger_replaces, challenger_blocks, local_withdrawal,
      seat_withdrawal, bias, bias_disloyal, withheld_delay;
  // office-holders
  double belief_prior, belief_rate, belief_memory, belief_coordination, own_organisation, belief_noise, signal_scale,
      office_rate, office_affinity_sd, loyalty_weight, successor_affinity, waiting_bonus, challenge_risk, patronage,
      patronage_outlay, loyalty_floor, loyalty_rate, succession, rumour_rate, quiet_belief, true_rumours, rumour_weight,
      rumour_fade, denial_rate, denial_when_true, doubtful_from, decree_delay;
  // presidency
  double emergency_rate, personnel_rate, personnel_before_order, arrest_delay;
  // army, intervention, end of the crisis
  double army_delay, army_spread, intervention_relief, intervention_kinetic, detention_rate, search_rate,
      undecided_detention, wanted_peaceful, wanted_violent, foreign_residents, unrelated_arrests, inquiry_rate,
      misattribution;
  // sides
  double rally_rate, site_mark;
  // groups
  double group_decay, group_stamina, orphan_decay, group_fire_loss, group_remnant, group_turnout, detection_rate,
      noticed_arrested, noticed_left;
};

enum class Basis { measured, elicited, assumed };

/// One parameter as documented, checked and drawn.
struct ParameterRow {
  double Parameters::*member;
  std::string name, symbol, unit;
  double low, high;
  sim::Distribution prior;
  Basis basis;
  std::string source, text;
};

const std::vector<ParameterRow>& parameter_rows();
const std::vector<std::string>& basis_names();

}  // namespace qantar::agents
