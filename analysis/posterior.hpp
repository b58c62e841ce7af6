// Which trials fit the record, and what each of them weighs. Every account has the same weight before the record.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/evidence.hpp"
#include "analysis/inference/account.hpp"
#include "analysis/inference/account_trials.hpp"
#include "analysis/inference/record_law.hpp"
#include "sim/results/result_file.hpp"
#include "sim/trial_key.hpp"

namespace qantar::analysis {

/// A trial of one account with the weight that the record gives it.
struct PosteriorTrial {
  std::size_t account = 0;                   ///< into the accounts that are asked
  double weight = 0;                         ///< at least 0; only ratios count, within and between accounts
  sim::TrialKey key;                         ///< its luck
  std::vector<sim::AssignedPrior> assigned;  ///< priors that were chosen instead of drawn
};

/// The trials of a result of `qantar run` that did not fail, account by account, weighed by `record`, or all those of
/// an account alike without one. Weights sum to 1, but to 0 when no trial could have left the record. Throws
/// std::invalid_argument for a record of which no row can be compared.
std::vector<PosteriorTrial> posterior_trials(const sim::ResultReader& result, const Evidence* record);

/// The same of an adjudication: by `law` those trials that the evidence of its accounts rests on, without it those
/// under the priors. `run` has the trials of each of `accounts`; `seed` is that of the adjudication.
std::vector<PosteriorTrial> posterior_trials(std::span<const Account> accounts, std::span<const AccountTrials> run,
                                             const RecordLaw* law, std::uint64_t seed);

}  // namespace qantar::analysis
