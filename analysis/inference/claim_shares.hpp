// In what share of the trials that fit the record is there a trace of what was said? A share is that of the trace and
// not of the claim, which is no evidence.
#pragma once
#include <span>
#include <vector>

#include "analysis/evidence.hpp"
#include "analysis/inference/account_trials.hpp"
#include "analysis/statistics/wilson.hpp"

namespace qantar::analysis {

/// Of the trials of each account, by their weight, those that answer the question with yes; a failed one does not.
/// Intervals are those of `inclusion_probability`.
struct ClaimShare {
  std::vector<Estimate> by_account;
  Estimate averaged;  ///< over accounts by their probability, value and bounds alike
};

/// One per claim, in their order. `weights[account]` are those of its evidence trials, `probability` those of the
/// accounts, summing to 1. The order of accounts changes no bit of an average.
std::vector<ClaimShare> claim_shares(std::span<const Claim> claims, std::span<const AccountTrials> accounts,
                                     std::span<const std::vector<double>> weights, std::span<const double> probability);

}  // namespace qantar::analysis
