// The verdict on the accounts of a case, and what it lets one say further: in what share of the trials that fit the
// record there is a trace of each claim, which mechanisms were at work, and what would settle it.
#pragma once
#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "analysis/evidence.hpp"
#include "analysis/inference/account.hpp"
#include "analysis/inference/account_trials.hpp"
#include "analysis/inference/adjudication.hpp"
#include "analysis/inference/claim_shares.hpp"
#include "analysis/inference/inclusion.hpp"
#include "analysis/inference/information_gain.hpp"
#include "sim/calendar.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// What a case asks. Columns are those of the outcomes that the trials of an adjudication keep.
struct CaseQuestions {
  Evidence evidence;
  std::vector<Claim> claims;
  std::vector<std::string> switches;  ///< names; their states are the outcomes from `first_switch` on
  std::size_t first_switch = 0;
};

/// Of an account that leaves switches open.
struct OpenSwitches {
  std::string account;
  std::vector<Inclusion> switches;    ///< as in CaseQuestions
  std::vector<std::string> refusals;  ///< of its evidence: where there is one, `after` means nothing
};

struct CaseAdjudication {
  Adjudication adjudication;
  std::size_t rows_weighed = 0;          ///< of the record, by evidence
  bool evidence_stands = false;          ///< that of no account is refused
  std::vector<ClaimShare> claims;        ///< one per claim; none unless the evidence stands
  std::optional<OpenSwitches> switches;  ///< none without an account that leaves one open
  /// Of outcomes that are not on record, or contested, most informative first; at most 32. Where the evidence does not
  /// stand: before the record.
  std::vector<InformationGain> would_settle;
};

/// Judges the accounts from the trials that were run, and runs a few once more for outcomes that these do not keep.
/// `open` leaves a switch open, so it is no rival; null where none does. `with_all_outcomes[account]` is the same
/// account with everything that `layout` has; `documented` are the columns of it that the record has without dispute.
/// Throws std::invalid_argument as `adjudicate` does.
CaseAdjudication adjudicate_case(std::span<const AccountTrials> accounts, const AccountTrials* open,
                                 const CaseQuestions& asked, std::span<const Account> with_all_outcomes,
                                 const sim::ResultLayout& layout, const std::set<std::size_t>& documented,
                                 const sim::Clock& clock, const AdjudicationSettings& settings);

}  // namespace qantar::analysis
