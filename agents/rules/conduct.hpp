// How a unit answers: obey, stall, withdraw, go over. (Albrecht and Ohl 2016; Singh 2014; Bellin 2004)
#pragma once
#include <array>

#include "agents/parameters.hpp"
#include "agents/rules/beliefs.hpp"
#include "agents/vocabulary.hpp"
#include "sim/numerics.hpp"

namespace qantar::agents {

/// Whether a unit that answers so is still at its post.
constexpr bool stays(Conduct c) { return c == Conduct::obeying || c == Conduct::stalling; }

/// Share of a unit's strength that counts, by how it answers.
constexpr double effort(Conduct c, double stalling) {
  return c == Conduct::obeying ? 1.0 : c == Conduct::stalling ? stalling : 0.0;
}

/// What a unit knows when it decides. For one that follows another faction, "the president" is that faction.
struct UnitView {
  double morale = 1;          ///< 0..1
  double belief = 1;          ///< of its agency, that the president prevails
  double loyalty = 1;         ///< of its agency to the president, 0..1
  double severity = 0;        ///< of its order: 0 hold, 1 fire, clear between
  double peaceful_share = 1;  ///< of the crowd in front of it
  double danger = 0;          ///< chance of being overrun, 0..1
  double ambiguity = 0;       ///< missing, late or contradictory orders, no legal cover, 0..1
  bool told_to_leave = false;
  double left_share = 0;  ///< of the place's units, visibly
};

/// Probabilities of obeying, stalling, withdrawing and going over (multinomial logit; sums to 1).
inline std::array<double, 4> conduct_choice(const UnitView& v, const Parameters& p) {
  const double x = v.belief;
  std::array<double, 4> utility{
      p.obey_morale * v.morale + p.obey_loyalty * (x + v.loyalty - 1.0) -
          p.obey_severity * v.severity * v.peaceful_share - p.unit_fear * v.danger,
      -p.stalling_barrier + p.stall_uncertainty * openness(x) + p.stall_ambiguity * v.ambiguity,
      -p.withdrawal_barrier + (v.told_to_leave ? p.withdrawal_order : 0.0) + p.unit_fear * v.danger +
          p.withdrawal_contagion * v.left_share,
      -p.joining_barrier + p.joining_affinity * (1.0 - x) - x};
  // Without danger and without an order nobody leaves a post.
  const bool may_leave = v.told_to_leave || v.danger > p.danger_felt;
  double top = utility[0], sum = 0;
  for (double u : utility) top = u > top ? u : top;
  for (std::size_t i = 0; i < utility.size(); ++i) {
    utility[i] = (i >= 2 && !may_leave) ? 0.0 : sim::exp(utility[i] - top);
    sum += utility[i];
  }
  for (double& u : utility) u /= sum;
  return utility;
}

}  // namespace qantar::agents
