// Which outcomes give an account away? How well a single number of a trial tells by which account the trial was made.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "analysis/statistics/wilson.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// How well one outcome alone tells one account from all others together. Everything that can be chosen (the threshold,
/// on which side of it the account lies, and whether "never" counts as before or after all values) is chosen on one
/// half of the trials and judged on the other, and the other way round: a rule that only fits luck does not pay.
struct Separation {
  std::size_t account = 0;
  /// Probability that a trial of the account ranks above one of the others (ties count half), 0.5 is chance. Below 0.5
  /// the order that was seen in one half did not hold in the other.
  double auc = 0.5;
  /// Best single threshold: mean of the shares of the account's and of the others' trials that it names rightly, 0.5 is
  /// chance, with a 95 % interval (Wilson intervals of the two shares, joined by Newcombe's square-and-add rule).
  Estimate accuracy{0.5, 0.0, 1.0};
};

/// One entry per account 0 .. accounts - 1, from a value and an account for each trial. NaN is "never", a value of its
/// own. Odd and even trials of each account are the halves, so that a replicate lies in the same half under each
/// account. An account with fewer than two trials, or without others, keeps chance.
std::vector<Separation> separation(const std::vector<double>& values, const std::vector<std::int32_t>& account,
                                   std::size_t accounts);

/// One number of a trial, and how well it tells each account.
struct Telling {
  std::string outcome;     ///< with its place on its axes, such as "withdrawal_orders[knb]", or the meaning of a code
  std::size_t column = 0;  ///< position in TrialResult::outcomes
  std::vector<Separation> accounts;

  const Separation& best() const;  ///< the account with the highest AUC
};

/// All outcomes that vary and are not latent, by their best AUC, highest first. `values(v)` are the numbers of an
/// outcome over all trials, row-major (trial, axes). A code counts once for each of its meanings.
std::vector<Telling> tellings(const sim::ResultLayout& layout, const std::vector<std::int32_t>& account,
                              std::size_t accounts,
                              const std::function<std::vector<double>(const sim::Variable&)>& values);

}  // namespace qantar::analysis
