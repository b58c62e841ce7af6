// What does the record say about rival accounts, and can it say anything? The methods of this folder put together: from
// accounts and a record to a verdict with everything that it rests on.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/evidence.hpp"
#include "analysis/inference/account_trials.hpp"
#include "analysis/inference/classifier.hpp"
#include "analysis/inference/error_law.hpp"
#include "analysis/inference/model_check.hpp"
#include "analysis/inference/self_check.hpp"
#include "analysis/inference/verdict.hpp"
#include "sim/calendar.hpp"

namespace qantar::analysis {

/// The law that accounts are weighed by: of the rows that are marked as key, or of all when none is. A long record is
/// too sharp for any affordable number of trials: no trial fits all of its rows, and the evidence would rest on one.
/// All rows serve the second opinion.
ErrorLaw evidence_law(const Evidence& evidence, const sim::Clock& clock, double width = 1);

/// log Z with priors and error widths halved and doubled, without each event, without each place (where there are two
/// or more), and without what the accounts were drawn from (where something else is left). Priors of another width have
/// trials of their own, because weights between priors of many parameters leave nothing; all else comes from those of
/// the evidence. NaN where they are worth fewer than 20.
std::vector<Variation> variations(std::span<const AccountTrials> accounts, const Evidence& evidence,
                                  const sim::Clock& clock);

/// Posterior predictive mid-p of all rows of the law. Predictions have no blunders, although the posterior allows for
/// them: an account that needs a row to be a blunder does not reproduce it.
std::vector<KeyRow> predictive_check(std::span<const AccountTrials> accounts, const ErrorLaw& law, std::uint64_t seed);

/// Records with errors, one per prior trial that did not fail.
LabelledRecords simulated_records(std::span<const AccountTrials> accounts, const ErrorLaw& law, std::uint64_t seed);

/// What the second opinion makes of some rows alone.
struct PartOpinion {
  std::string name;
  std::size_t rows = 0;
  std::vector<double> probability;  ///< of each account
  double error = 0;                 ///< share of simulated records whose account it does not find
};

/// Of the rows that the accounts were drawn from, of the other ones, and of those that are held out and take part in
/// nothing else; of all that take part but those of a place, for each place with three rows or more. Without parts
/// that have no rows, or all that take part, for which the second opinion itself speaks.
std::vector<PartOpinion> opinions_of_parts(std::span<const AccountTrials> accounts, const Evidence& evidence,
                                           const sim::Clock& clock, const AdjudicationSettings& settings);

struct Adjudication {
  std::vector<Estimate> probability;  ///< of each account by evidence, with the error of simulation
  Findings findings;             ///< confusion of simulated records is by the second opinion; near are the nearest 5 %
  ModelCalibration calibration;  ///< of the second opinion
  SelfCheck by_evidence;
  std::vector<ReliabilityBin> reliability;
  std::vector<PartOpinion> parts;
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
