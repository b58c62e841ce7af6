// What does the record say about rival accounts, and can it say anything? The methods of this folder put together: from
// accounts and a record to a verdict with everything that it rests on.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/evidence.hpp"
#include "analysis/inference/abc_smc.hpp"
#include "analysis/inference/account.hpp"
#include "analysis/inference/classifier.hpp"
#include "analysis/inference/error_law.hpp"
#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/inference/model_check.hpp"
#include "analysis/inference/verdict.hpp"
#include "sim/calendar.hpp"

namespace qantar::analysis {

struct AdjudicationSettings {
  std::uint64_t seed = 1;
  std::size_t particles = 1000;  ///< of each generation
  std::int64_t trials = 10000;   ///< of each account, for its evidence
  std::int64_t records = 2000;   ///< simulated under each account, for the second opinion and what is checked
  int threads = 0;               ///< 0: all
};

/// The law that accounts are weighed by: of the rows that are marked as key, or of all when none is. A long record is
/// too sharp for any affordable number of trials: no trial fits all of its rows, and the evidence would rest on one.
/// All rows serve the second opinion.
ErrorLaw evidence_law(const Evidence& evidence, const sim::Clock& clock, double width = 1);

/// Everything that is run for one account; all else is computed from it.
struct AccountTrials {
  std::string name;
  AbcState population;
  Trials evidence;  ///< from the defensive proposal
  Trials prior;     ///< from the priors
};

/// Runs the next batch of what is missing of an account; false when all is there. `so_far` begins with a name and
/// nothing else.
bool advance(AccountTrials& so_far, const Account& account, const ErrorLaw& law, const AdjudicationSettings& settings);

/// Runs an account. A pure function of account, law and settings; does not depend on other accounts. When the
/// population has not come nearer to the record than the prior, the evidence is estimated from the prior alone. Throws
/// std::invalid_argument when every trial fails.
AccountTrials run_account(const Account& account, const ErrorLaw& law, const AdjudicationSettings& settings);

/// The key of a trial of an account's evidence or prior: with Account::settled of its z it can be run again.
sim::TrialKey evidence_key(std::uint64_t seed, const std::string& account, std::size_t trial);
sim::TrialKey prior_key(std::uint64_t seed, const std::string& account, std::size_t trial);

/// log Z with priors and error widths halved and doubled, without each event, without each place (where there are two
/// or more), and without what the accounts were drawn from (where something else is left). From the same trials
/// throughout; NaN where they are worth fewer than 20, as those of many priors of another width are.
std::vector<Variation> variations(std::span<const AccountTrials> accounts, const Evidence& evidence,
                                  const sim::Clock& clock);

/// Posterior predictive mid-p of all rows of the law. Predictions have no blunders, although the posterior allows for
/// them: an account that needs a row to be a blunder does not reproduce it.
std::vector<KeyRow> predictive_check(std::span<const AccountTrials> accounts, const ErrorLaw& law, std::uint64_t seed);

/// Records with errors, one per prior trial that did not fail.
LabelledRecords simulated_records(std::span<const AccountTrials> accounts, const ErrorLaw& law, std::uint64_t seed);

struct Adjudication {
  std::vector<Estimate> probability;  ///< of each account by evidence, with the error of simulation
  Findings findings;  ///< confusion of simulated records is by the second opinion; near are the nearest 5 %
  ModelCalibration calibration;
  std::vector<ReliabilityBin> reliability;
  Verdict verdict;
};

/// The verdict from what was run. Held-out rows take no part.
Adjudication adjudicate(std::span<const AccountTrials> accounts, const Evidence& evidence, const sim::Clock& clock,
                        const AdjudicationSettings& settings);

/// Runs all accounts and judges them. Throws std::invalid_argument for fewer than 2 accounts or two of one name, for a
/// record without a row that can be compared, and for an account of which every trial fails, with its first message.
Adjudication adjudicate(std::span<const Account> accounts, const Evidence& evidence, const sim::Clock& clock,
                        const AdjudicationSettings& settings);

}  // namespace qantar::analysis
