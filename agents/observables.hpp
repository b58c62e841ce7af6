// What a trial is asked about: one row per observable. A row is all it takes to add one: name, unit, axis, text,
// function.
#pragma once
#include <string>
#include <vector>

#include "agents/reported.hpp"
#include "agents/world.hpp"
#include "sim/trial_result.hpp"

namespace qantar::agents {

struct Observable : Reported<World> {
  std::string meanings_of;  ///< table of the case whose ids its codes mean; empty in other kinds
};

/// Outcomes, per trial.
const std::vector<Observable>& outcomes();
/// Series, per step; the same kind of row.
const std::vector<Observable>& series();

/// Axes and variables of a scenario's records.
sim::ResultLayout result_layout(const Scenario& scenario);

}  // namespace qantar::agents
