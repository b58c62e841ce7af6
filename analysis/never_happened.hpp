// What never happens, whatever the luck: for the prior predictive check.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// Counts, account by account, in which trials the times of an outcome came.
class NeverHappened {
 public:
  /// `outcome`: a time, one for each label of its axis; empty to count nothing. The layout must outlive this.
  NeverHappened(const sim::ResultLayout& layout, const std::string& outcome, std::size_t accounts);
  void add(std::size_t account, std::span<const double> outcomes);
  /// Labels whose time came in none of the account's trials.
  std::vector<std::string> never(std::size_t account) const;

 private:
  std::vector<std::string> labels_;
  std::size_t first_ = 0;
  std::vector<std::vector<std::int64_t>> happened_;  // account, label
};

}  // namespace qantar::analysis
