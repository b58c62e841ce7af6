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
  double shock_grievance, legitimacy, legitimacy_return, force_backlash, death_backlash, concession_effect;
  // citizens
  double hardship, hardship_spread, hardship_place_sd, risk_aversion, risk_spread, threshold, threshold_spread,
      fear_constant, fear_steepness, live_fire_cost, visibility, decision_noise, reconsideration, social_pull,
      tie_weight, night_cost, curfew_cost, mood_sd, awareness_rate, shock_awareness, news_weight, news_delay, fatigue,
      stand_down, looting_aversion;
  double violence_base, violence_force, violence_arms, violence_vacuum, violence_calming;
  // network
  double network_shut;
  // contests
  double attack_share, defence_pull, administration_first, contest_exponent, defence_advantage, collapse_rate,
      collapse_exponent, peaceful_mass, arms_advantage, live_fire_strength, crowd_loss, security_loss, street_loss,
      injury_ratio, looting_rate, retake_rate, arms_spread, orderly_retreat;
  // units
  double unit_rate, obey_morale, obey_loyalty, obey_severity, unit_fear, stall_uncertainty, stall_ambiguity,
      withdrawal_order, withdrawal_barrier, withdrawal_contagion, joining_affinity, joining_barrier, morale_loss,
      morale_relief, return_rate, force_rate, clearing_reach, fire_reach, muster_delay, travel_speed, command_doubt;
  // orders and reports
  double order_delay, report_delay, waiting_blocks, challenger_replaces, local_withdrawal, bias;
  // office-holders
  double belief_prior, belief_rate, belief_memory, belief_coordination, belief_noise, signal_scale, office_rate,
      office_affinity_sd, waiting_bonus, challenge_risk, ouster_support, patronage, patronage_outlay, succession,
      rumour_rate, rumour_weight, rumour_fade, denial_rate, decree_delay;
  // presidency
  double emergency_rate, personnel_rate;
  // army, intervention, end of the crisis
  double army_delay, intervention_relief, intervention_kinetic, detention_rate, foreign_residents, unrelated_arrests,
      inquiry_rate, misattribution;
  // sides
  double rally_rate, site_mark;
  // groups
  double group_decay, detection_rate;
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
