// May a ranking of the accounts be published? A rule that is fixed before any record is judged, as a function of the
// findings alone. "Undetermined, because ..." is an answer.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/inference/local_calibration.hpp"
#include "analysis/inference/model_check.hpp"
#include "analysis/inference/self_check.hpp"

namespace qantar::analysis {

/// log Z of each account after one thing was changed: "with errors x 2", "without E015", "with priors x 0.5".
struct Variation {
  std::string name;
  bool left_out = false;                 ///< rows were left out; otherwise a choice of ours was made otherwise
  std::vector<double> log_evidence;      ///< NaN where it cannot be estimated
  std::vector<double> standard_error{};  ///< of log_evidence, error of simulation
  std::vector<double> log_at_most{};     ///< bound of log Z that holds where it cannot be estimated; may be infinite
};

/// A row of the record, and where it lies in what each account predicts.
struct KeyRow {
  std::string name;
  std::vector<double> mid_p;  ///< one per account; see predictive_mid_p
};

struct Findings {
  std::vector<std::string> accounts;       ///< names, at least 2; all vectors below follow their order
  std::vector<EvidenceEstimate> evidence;  ///< what a verdict rests on
  std::vector<Surprise> surprise;          ///< whether each account could have left the record
  std::vector<double> classifier;          ///< probabilities from the classifier check
  LocalCalibration classifier_near;        ///< of the account that the check favours
  Confusion local, overall;                ///< of simulated records near the documented one, and of all
  std::vector<KeyRow> key_rows;
  std::vector<Variation> variations;
  std::vector<std::string> observables;  ///< what is compared, for the text of reasons
  std::vector<std::string> faults;       ///< of the method itself, found on records of known truth
};

enum class Ruling { ranked, undetermined, none_of_the_accounts };

struct Verdict {
  Ruling ruling = Ruling::undetermined;
  /// The account with most evidence, whatever the ruling; only a ranking makes it an answer. None without evidence, and
  /// when two have exactly as much.
  std::optional<std::size_t> top;
  std::vector<std::string> reasons;  ///< why it is not ranked, for people; empty when it is
  std::vector<std::string> notes;    ///< what a reader must know of it all the same: "the verdict rests on E7"
  /// Accounts that are out in any case: probability below 1 % with its interval and in every variation, below 5 % in
  /// the classifier check, and nothing wrong with any evidence estimate.
  std::vector<std::size_t> ruled_out;
  /// Accounts that the record cannot tell from each other: linked where the whole interval of pair accuracy is below
  /// 0.7, near the record or, where fewer than 20 records of the two lie near it, overall; and joined along links.
  /// Every account is in exactly one.
  std::vector<std::vector<std::size_t>> indistinguishable;
};

/// A ranking is published from this probability of its first account on.
inline constexpr double least_probability = 0.8;

/// The rule. Shares and differences are decided by their 95 % intervals; where an interval lies on both sides of a cut,
/// the answer is "undetermined" and asks for more trials.
///   None of the accounts: all evidence estimates stand, and under each account fewer than 1 % of records are as
///     improbable as this one (`Surprise`).
///   Ranked: the evidence of the first account stands, and that of each other one stands or is known to be behind it
///     (`log_at_most`); the probability of the first account is 0.8 or more; it could have left the
///     record (1 % or more); other widths of priors and errors do not reverse the order of the first two; without an
///     event, a place or the seed the record does not favour the second by more than a bare mention (Bayes factor 3,
///     Kass and Raftery 1995); the classifier check has the same first account, finds 0.7 of the records of the first
///     account near the documented one, is right in 0.7 of what it gives to it there, and tells it from each other; and
///     no fault of the method was found. Where the check is not calibrated near the record, it has no say.
///   Undetermined: everything else.
/// No order of accounts, rows or variations changes anything but the order of what is listed. Throws
/// std::invalid_argument when the findings do not fit each other.
Verdict verdict(const Findings& findings);

}  // namespace qantar::analysis
