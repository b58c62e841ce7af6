// What does the record say about rival accounts, and can it say anything? The methods of this folder put together: from
// accounts and a record to a verdict with everything that it rests on.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/evidence.hpp"
#include "analysis/inference/account_trials.hpp"
#include "analysis/inference/classifier.hpp"
#include "analysis/inference/model_check.hpp"
#include "analysis/inference/observation_model.hpp"
#include "analysis/inference/record_law.hpp"
#include "analysis/inference/self_check.hpp"
#include "analysis/inference/verdict.hpp"
#include "sim/calendar.hpp"

namespace qantar::analysis {

/// The law that accounts are weighed by: of the rows that are marked as key, or of all when none is. A long record is
/// too sharp for any affordable number of trials: no trial fits all of its rows, and the evidence would rest on one.
/// All rows serve the classifier check.
ObservationModel evidence_law(const Evidence& evidence, const sim::Clock& clock, double width = 1);

/// log Z with priors halved and doubled. They have trials of their own, because weights between priors of many
/// parameters leave nothing. NaN where they are worth fewer than 20.
std::vector<Variation> prior_variations(std::span<const AccountTrials> accounts, const RecordLaw& law);

/// log Z with priors and error widths halved and doubled, without each event, without each place (where there are two
/// or more), and without what the accounts were drawn from (where something else is left). But for priors all comes
/// from the trials of the evidence. NaN where they are worth fewer than 20.
std::vector<Variation> variations(std::span<const AccountTrials> accounts, const Evidence& evidence,
                                  const sim::Clock& clock);

/// Posterior predictive mid-p of all rows of the law. Predictions have no gross errors, although the posterior allows
/// for them: an account that needs a row to be a gross error does not reproduce it.
std::vector<KeyRow> predictive_check(std::span<const AccountTrials> accounts, const RecordLaw& law, std::uint64_t seed);

/// Records with errors, one per prior trial that did not fail.
SimulatedDatasets simulated_records(std::span<const AccountTrials> accounts, const RecordLaw& law, std::uint64_t seed);

/// What the classifier check makes of some rows alone.
struct PartCheck {
  std::string name;
  std::size_t rows = 0;
  std::vector<double> probability;  ///< of each account
  double error = 0;                 ///< share of simulated records whose account it does not find
};

/// Of the rows that the accounts were drawn from, of the other ones, and of those that are held out and take part in
/// nothing else; of all that take part but those of a place, for each place with three rows or more. Without parts
/// that have no rows, or all that take part, for which the check itself speaks.
std::vector<PartCheck> checks_of_parts(std::span<const AccountTrials> accounts, const Evidence& evidence,
                                       const sim::Clock& clock, const AdjudicationSettings& settings);

struct Adjudication {
  std::vector<Probability> probability;  ///< of each account by evidence
  Findings findings;  ///< confusion of simulated records is by the classifier; near are the nearest 5 %, at least 100
  std::string classifier;           ///< the kind that is used: "regression" or "boosted trees"
  std::array<double, 2> log_score;  ///< mean -ln P(truth) of both kinds on records that they have not seen
  ModelCalibration calibration;     ///< of the classifier
  SelfCheck by_evidence;
  std::vector<ReliabilityBin> reliability;  ///< of the classifier
  std::vector<PartCheck> parts;
  Verdict verdict;
};

/// The verdict from what was run. Held-out rows take no part. The order of accounts and rows changes no number.
Adjudication adjudicate(std::span<const AccountTrials> accounts, const Evidence& evidence, const sim::Clock& clock,
                        const AdjudicationSettings& settings);

/// Runs all accounts and judges them. Throws std::invalid_argument for fewer than 2 accounts or two of one name, for a
/// record without a row that can be compared, and for an account of which every trial fails, with its first message.
Adjudication adjudicate(std::span<const Account> accounts, const Evidence& evidence, const sim::Clock& clock,
                        const AdjudicationSettings& settings);

/// The same by a likelihood of your own, whose rows serve evidence and classifier check alike. Of the variations it has
/// those of the priors.
Adjudication adjudicate(std::span<const Account> accounts, const RecordLaw& law, const AdjudicationSettings& settings);

}  // namespace qantar::analysis
