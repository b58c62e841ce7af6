// May a ranking of the accounts be published? A rule that is fixed before any record is judged, as a function of the
// findings alone. "Undetermined, because ..." is an answer.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/inference/model_check.hpp"

namespace qantar::analysis {

/// log Z of each account after one thing was changed: "error width x 2", "without E015", "prior scale x 0.5".
struct Variation {
  std::string name;
  std::vector<double> log_evidence;  ///< NaN where it cannot be estimated
};

/// A row of the record that an account must be able to produce.
struct KeyRow {
  std::string name;
  std::vector<double> mid_p;  ///< one per account; see predictive_mid_p
};

struct Findings {
  std::vector<std::string> accounts;       ///< names, at least 2; all vectors below follow their order
  std::vector<EvidenceEstimate> evidence;  ///< the first method
  std::vector<double> second_opinion;      ///< probabilities from another method
  Confusion local, overall;                ///< of simulated records near the documented one, and of all
  std::vector<KeyRow> key_rows;
  std::vector<Variation> variations;
  std::vector<std::string> observables;  ///< what is compared, for the text of reasons
  std::vector<std::string> faults;       ///< of the method itself, found on records of known truth
};

enum class Ruling { ranked, undetermined, none_of_the_accounts };

struct Verdict {
  Ruling ruling = Ruling::undetermined;
  /// The account with most evidence, whatever the ruling; only a ranking makes it an answer. Without evidence none.
  std::optional<std::size_t> top;
  std::vector<std::string> reasons;  ///< why it is not ranked, for people; empty when it is
  /// Accounts that are out in any case: probability below 1 % with its interval and in every variation, below 5 % in
  /// the second opinion, and nothing wrong with any evidence estimate.
  std::vector<std::size_t> ruled_out;
  /// Accounts that the record cannot tell from each other: linked where pair_accuracy is below 0.7, near the record or,
  /// where fewer than 20 records of the two lie near it, overall; and joined along links. Every account is in exactly
  /// one.
  std::vector<std::vector<std::size_t>> lumps;
};

/// The rule.
///   None of the accounts: all evidence estimates stand, and each account misses a key row (mid-p outside
///     [0.01, 0.99]).
///   Ranked: all evidence estimates stand; the first account leads the second by more than 1.96 standard errors of log
///     Z; the second opinion has the same first account; of the records simulated near the documented one, at least 0.7
///     of the first account's are judged to be its, and at least 0.7 of those judged to be its are; it is in no lump
///     with another; it misses no key row; it stays ahead of the second in every variation; and no fault of the method
///     was found.
///   Undetermined: everything else.
/// Throws std::invalid_argument when the findings do not fit each other.
Verdict verdict(const Findings& findings);

}  // namespace qantar::analysis
