// A Model of the engine as an account.
#pragma once
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "analysis/inference/account.hpp"
#include "sim/model.hpp"
#include "sim/trial.hpp"

namespace qantar::analysis {

/// The account that a model gives. Its `make_world` must ask `Draws::assigned` for every prior that is not fixed, in
/// every trial; run_trials and all that is built on it throw std::invalid_argument with the name of one that is not
/// asked for.
template <sim::Model M>
Account make_account(std::string name, M model, sim::Priors priors) {
  const auto shared = std::make_shared<const M>(std::move(model));
  return {std::move(name), std::move(priors),
          [shared](const sim::TrialKey& key, std::span<const sim::AssignedPrior> assigned) {
            sim::TrialResult record =
                sim::run_trial(*shared, key, {.assigned = assigned, .series = false, .all_asked = true});
            if (record.status == sim::TrialStatus::failed)
              throw std::runtime_error(record.stage + ": " + record.message);
            return std::move(record.outcomes);
          }};
}

}  // namespace qantar::analysis
