// What is asked of a trial.
#pragma once
#include <span>
#include <stdexcept>
#include <string>

#include "sim/trial_key.hpp"

namespace qantar::sim {

/// How a trial is run.
struct TrialOptions {
  std::span<const AssignedPrior> assigned;  ///< by a design, instead of luck
  bool series = true;                       ///< record the series; outcomes are the same without
  bool all_asked = false;  ///< what is assigned must be asked for; a what-if may assign what it then fixes
};

/// A prior was assigned, but the model never asked for it, so that the trial is not where it is said to be.
struct IgnoredPrior : std::logic_error {
  explicit IgnoredPrior(const std::string& prior)
      : std::logic_error("prior " + prior +
                         " is assigned, but the model never asked for it: take it in make_world from " +
                         "Draws::assigned(\"" + prior + "\"), in every trial, or leave it out of the priors") {}
};

}  // namespace qantar::sim
