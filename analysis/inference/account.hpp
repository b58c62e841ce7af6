// What inference asks of a rival account: priors that it can assign, and what a trial reports. Nothing else is known of
// a model, so every method here is proved on models whose answer is known.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "sim/config/values.hpp"
#include "sim/trial_key.hpp"

namespace qantar::analysis {

/// Runs one trial and returns its outcomes, as many in every trial. Priors are assigned by their quantile; all other
/// luck comes from the key. Called from many threads at once. A trial that throws counts as failed.
using RunTrial = std::function<std::vector<double>(const sim::TrialKey&, std::span<const sim::AssignedPrior>)>;

/// A rival account. Its parameters are handled on the probit scale: z = Phi^-1(quantile of the prior), standard normal
/// and independent under the priors, whatever their families.
struct Account {
  std::string name;
  sim::Priors priors;
  RunTrial outcomes;
  /// What its luck is addressed by, or its name when empty. Accounts that say what they are here keep their luck, and
  /// with it every bit of a verdict, under any name; two that say the same share it.
  std::string identity = {};

  const std::string& luck() const { return identity.empty() ? name : identity; }
  std::size_t dimension() const;  ///< priors that are not fixed
  /// What a trial at z gets; z has one number per prior that is not fixed, in the order of `priors`.
  std::vector<sim::AssignedPrior> assigned(std::span<const double> z) const;
};

/// Outcomes of a trial from the values of the priors, in their order, and the luck of the trial.
using Simulator = std::function<std::vector<double>(std::span<const double> values, const sim::Draws& draws)>;

/// The account that a single function gives; that of a Model: model_account.hpp.
Account make_account(std::string name, sim::Priors priors, Simulator simulator);

/// Values of all priors, in their order, from what is assigned; for models that are a single function. Throws
/// std::invalid_argument for a prior that is neither fixed nor assigned.
std::vector<double> prior_values(const sim::Priors& priors, std::span<const sim::AssignedPrior> assigned);

/// A seed for everything that is drawn for one account, so that accounts do not share their luck and none depends on
/// which others are judged beside it. `luck` is that of the account.
std::uint64_t account_seed(std::uint64_t seed, const std::string& luck);

/// Stages share no draws with each other, nor do the candidates of one stage. Inside a stage the luck of a trial is
/// apart from the draws that choose where it is run. Stages below `own_stages` are the generations of abc_smc, those
/// from `adjudication_stages` to 2^30 - 1 are drawn from by adjudicate, and those between are free: trials of your own.
inline constexpr std::uint32_t own_stages = 1000, adjudication_stages = 1U << 20;
inline sim::TrialKey trial_key(std::uint64_t seed, std::uint32_t stage, std::uint32_t candidate) {
  return {seed, 2 * stage, candidate};
}
inline sim::TrialKey proposal_key(std::uint64_t seed, std::uint32_t stage, std::uint32_t candidate) {
  return {seed, 2 * stage + 1, candidate};
}

}  // namespace qantar::analysis
