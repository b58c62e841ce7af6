// Numbers of accounts, whatever order the accounts are given in. Sums of floating-point numbers depend on the order of
// their terms; these take them in ascending order.
#pragma once
#include <algorithm>
#include <span>
#include <vector>

namespace qantar::analysis {

/// Sum of all terms; any order of the same terms gives the same bits. 0 without terms.
inline double order_free_sum(std::vector<double> terms) {
  std::ranges::sort(terms);
  double sum = 0;
  for (const double x : terms) sum += x;
  return sum;
}

/// exp(x - max x) / sum for accounts with these log evidences; all 0 when every one is -infinity.
std::vector<double> shares_of_accounts(std::span<const double> log_evidence);
/// The same over those that are known, which is all but NaN. NaN for these and for those of -infinity.
std::vector<double> shares_of_known(std::vector<double> log_evidence);

}  // namespace qantar::analysis
