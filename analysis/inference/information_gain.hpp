// What would settle it? How much would be learnt about which account holds if an observable that is not documented, or
// is contested, became known.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "analysis/statistics/wilson.hpp"

namespace qantar::analysis {

/// An observable under all accounts: one value and one weight per trial, for each account. NaN is "never". Weights are
/// those of the posterior, and the same for all observables.
struct Observable {
  std::string name;
  std::vector<std::vector<double>> values;  ///< [account][trial]
};

struct InformationGain {
  std::string name;
  std::size_t observable = 0;  ///< position in what was given
  /// Mutual information of account and observable in nats: expected fall of the entropy of the account. 0 when nothing
  /// is learnt, at most the entropy of `probability`. Corrected for the bias of finitely many trials (Miller 1955, with
  /// effective sizes), so it may fall below 0 by chance. 95 % interval by a jackknife over 20 blocks of trials.
  Estimate nats;
};

/// All observables, most informative first. `probability` are the accounts' posterior probabilities, `weights[account]`
/// those of its trials. Values are put into up to eight cells of equal weight, "never" being a cell of its own; so
/// small shifts of a wide law are not seen. Throws std::invalid_argument when sizes do not fit or an account has no
/// weight.
std::vector<InformationGain> information_gain(std::span<const Observable> observables,
                                              std::span<const std::vector<double>> weights,
                                              std::span<const double> probability);

}  // namespace qantar::analysis
