// What inference asks of a rival account: priors that it can settle, and what a trial reports. Nothing else is known of
// a model, so every method here is proved on models whose answer is known.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sim/config/values.hpp"
#include "sim/draws.hpp"
#include "sim/model.hpp"
#include "sim/trial.hpp"

namespace qantar::analysis {

/// Runs one trial and returns its outcomes, as many in every trial. Priors are settled by their quantile; all other
/// luck comes from the key. Called from many threads at once. A trial that throws counts as failed.
using RunTrial = std::function<std::vector<double>(const sim::TrialKey&, std::span<const sim::Settled>)>;

/// A rival account. Its parameters are handled on the probit scale: z = Phi^-1(quantile of the prior), standard normal
/// and independent under the priors, whatever their families.
struct Account {
  std::string name;
  sim::Priors priors;
  RunTrial outcomes;

  std::size_t dimension() const;  ///< priors that are not fixed
  /// What a trial at z gets; z has one number per prior that is not fixed, in the order of `priors`.
  std::vector<sim::Settled> settled(std::span<const double> z) const;
};

/// The account that a model gives. Its `make_world` must take priors as `Draws::settled` says.
template <sim::Model M>
Account make_account(std::string name, M model, sim::Priors priors) {
  const auto shared = std::make_shared<const M>(std::move(model));
  return {std::move(name), std::move(priors),
          [shared](const sim::TrialKey& key, std::span<const sim::Settled> settled) {
            sim::TrialRecord record = sim::run_trial(*shared, key, {.settled = settled, .series = false});
            if (record.status == sim::TrialStatus::failed)
              throw std::runtime_error(record.stage + ": " + record.message);
            return std::move(record.outcomes);
          }};
}

/// Values of all priors, in their order, from what is settled; for models that are a single function. Throws
/// std::invalid_argument for a prior that is neither fixed nor settled.
std::vector<double> prior_values(const sim::Priors& priors, std::span<const sim::Settled> settled);

/// A seed for everything that is drawn for one account, so that accounts do not share their luck and none depends on
/// which others are judged beside it.
std::uint64_t account_seed(std::uint64_t seed, const std::string& name);

/// Of one seed, stages 0 .. 2^30 - 1 share no draws with each other, nor do candidates of one stage. Inside a stage
/// the luck of a trial is apart from the draws that choose where it is run.
inline sim::TrialKey trial_key(std::uint64_t seed, std::uint32_t stage, std::uint32_t candidate) {
  return {seed, 2 * stage, candidate};
}
inline sim::TrialKey proposal_key(std::uint64_t seed, std::uint32_t stage, std::uint32_t candidate) {
  return {seed, 2 * stage + 1, candidate};
}

}  // namespace qantar::analysis
