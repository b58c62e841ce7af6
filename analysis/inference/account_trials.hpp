// Everything that is run to adjudicate: a population that moves towards the record, and trials around it and under the
// priors. All findings are computed from these, without a further trial.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "analysis/inference/abc_smc.hpp"
#include "analysis/inference/account.hpp"
#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/inference/record_law.hpp"

namespace qantar::analysis {

struct AdjudicationSettings {
  std::uint64_t seed = 1;
  std::size_t particles = 1000;  ///< of each generation
  /// Of each account, for its evidence. Where the prior itself is the proposal, from half to twice as many, so that
  /// they are worth about 300: accounts whose trials seldom fit the record need more.
  std::int64_t trials = 10000;
  std::int64_t records = 2000;  ///< of each account from its priors; half as many from narrower, and from wider ones
  int threads = 0;              ///< 0: all
};

/// Factors of the standard deviation of narrower and wider priors, on the probit scale.
inline constexpr double narrow_scale = 0.5, wide_scale = 2;

/// Trials that can be run again one by one: those that the evidence of an account rests on, or those under its priors.
enum class TrialSet { evidence, prior };

struct AccountTrials {
  std::string name, luck;  ///< luck: see Account::luck
  AbcState population;
  Trials evidence;  ///< from the defensive proposal
  Trials prior;     ///< from the priors
  Trials narrow;    ///< from priors half as wide
  Trials wide;      ///< from priors twice as wide

  const Trials& of(TrialSet set) const { return set == TrialSet::evidence ? evidence : prior; }
};

/// log e(y|z) of the documented record. Refers to the law.
LogLikelihood likelihood_of(const RecordLaw& law);

/// Runs the next batch of what is missing of an account, its prior trials first; false when all is there. `so_far`
/// begins with nothing. Throws std::invalid_argument when every prior trial fails.
bool advance(AccountTrials& so_far, const Account& account, const RecordLaw& law, const AdjudicationSettings& settings);

/// Runs an account. A pure function of account, law and settings; does not depend on other accounts. Throws
/// std::invalid_argument when every trial fails.
AccountTrials run_account(const Account& account, const RecordLaw& law, const AdjudicationSettings& settings);

/// How many trials are there, and about how many there will be, apart from those of the population.
std::int64_t trials_done(const AccountTrials& account);
std::int64_t trials_expected(const AdjudicationSettings& settings);

/// The key of a trial: with Account::assigned of its z it can be run again. `seed` is that of the adjudication.
sim::TrialKey key_of(std::uint64_t seed, const std::string& luck, TrialSet set, std::size_t trial);
/// Runs a trial that did not fail once more: whether its outcomes are the same to the bit.
bool same_again(const Account& account, const AccountTrials& run, TrialSet set, std::size_t trial, std::uint64_t seed);

/// For records that are simulated from trials that were run.
enum class RecordsOf : std::uint32_t { predictions, training, self_check };
sim::Draws record_draws(std::uint64_t seed, const std::string& luck, RecordsOf purpose, std::size_t trial);

}  // namespace qantar::analysis
