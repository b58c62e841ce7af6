// Civil violence after Epstein (2002, PNAS 99 suppl. 3, 7243-7250): rebellion against a central authority (Model I) and
// violence between two groups (Model II), on a torus. What is pinned where the article leaves room: README.md here.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agents/classic/classic_case.hpp"
#include "agents/classic/torus.hpp"
#include "sim/model.hpp"
#include "sim/trial_key.hpp"

namespace qantar::agents::classic {

/// What the ratio C/A of cops to active citizens becomes before fear is taken of it: as it is, cut to a whole number,
/// or rounded to one (halves to the even one).
enum class Rounding { literal, floor, round };
const std::vector<std::string>& rounding_names();

/// What somebody who is called does first: move, or decide and arrest.
enum class TurnOrder { move_act, act_move };
const std::vector<std::string>& turn_order_names();

/// Where the jailed are: off the grid, until they come out somewhere else; on their cell, which nobody can enter; or on
/// their cell, which others may enter. Those who block their cell are called like the others, and a term is a number of
/// their own turns; elsewhere it is a number of ticks.
enum class Jailed { away, blocking, passable };
const std::vector<std::string>& jailed_names();

/// How many stand on the grid at first: as many as the densities say, or as a draw in each cell says.
enum class Fill { exact, bernoulli };
const std::vector<std::string>& fill_names();

/// Keys, ranges and meanings: `CivilViolence::fields`.
struct CivilViolenceParameters {
  double width = 40, height = 40;
  Fill fill = Fill::exact;
  sim::Number agent_density{0.7}, cop_density{0.04}, cop_density_change{0};
  double cops_change_from = 0, cops_change_to = 0;
  double vision = 7;
  Shape neighbourhood = Shape::euclidean;
  bool movement = true;
  TurnOrder order = TurnOrder::move_act;
  bool counts_itself_twice = false;
  Rounding ratio = Rounding::literal;
  sim::Number fear_steepness{1}, fear_constant{2.3}, threshold{0.1};
  sim::Number legitimacy{0.82}, legitimacy_change{0};
  double legitimacy_change_from = 0, legitimacy_change_to = 0;
  double min_jail = 1;
  sim::Number max_jail{30};
  Jailed jailed = Jailed::away;
  bool step_to_arrest = false;
  double groups = 1;
  sim::Number clone_probability{0.05}, max_age{200};
};

/// A citizen or a cop.
struct Actor {
  double hardship = 0, risk_aversion = 0;  ///< of a citizen, in (0, 1), fixed
  std::int32_t cell = -1;                  ///< -1: nowhere on the grid
  std::int32_t next = -1;                  ///< another one who stands on the same cell, -1 for none
  std::int32_t term = 0;                   ///< what is left of a term in jail
  std::int32_t dies_at = 0;                ///< tick at the start of which a citizen of Model II dies of age
  std::int8_t group = 0;                   ///< 0 or 1
  bool cop = false, active = false, jailed = false, gone = false;
};

/// Sums over the ticks so far.
struct Tally {
  int ticks = 0, outbursts = 0, first_outburst = 0, last_outburst_end = 0, peak = 0, calm_ticks = 0, killed = 0,
      arrests = 0, group_gone_at = 0;
  double active = 0, outburst_activation = 0, wait = 0;
  bool in_outburst = false;
};

struct CivilViolenceWorld {
  CivilViolenceParameters p;  ///< the priors drawn
  Sight sight;
  std::vector<Actor> actors;
  std::vector<std::int32_t> occupant;                 ///< who stands on each cell, the first of them; -1 for none
  std::vector<std::int16_t> actives_near, cops_near;  ///< how many are seen from each cell, itself included
  std::vector<double> fear;  ///< for each number of cops below `fear_counts`, and each of actives below it
  double legitimacy = 1;
  double cop_luck = 0;  ///< by how much the draws at the start miss the cop density
  int cops = 0, active = 0, jailed = 0, free = 0;
  std::array<int, 2> group_size{};
  Tally tally;
  EmptyCells empty;                 ///< where nobody is
  std::vector<std::int32_t> order;  ///< kept between ticks to spare the memory's manager

  int people() const { return static_cast<int>(actors.size()); }  ///< citizens and cops that ever were
};

/// Civil violence as a Model of the engine. Safe to share between threads.
class CivilViolence : public ClassicModel<CivilViolence, CivilViolenceParameters> {
 public:
  using World = CivilViolenceWorld;
  static constexpr const char* name = "civil_violence";
  static const sim::Fields<Parameters>& fields();
  /// Conditions between keys.
  static void check(const Parameters& p, const toml::table& keys, sim::Diagnostics& diagnostics);

  explicit CivilViolence(Case<Parameters> c);

  World make_world(const sim::Draws& draws) const;
  void step(World& w, const sim::Draws& draws, int number) const;
  void record_series(const World& w, std::span<float> row) const;
  void record_outcomes(const World& w, std::span<double> out) const;
};

}  // namespace qantar::agents::classic
