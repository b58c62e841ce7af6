// Simulated records of known accounts, and an order of them that does not depend on how they were put down.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// Simulated records, one row each, with the account of each row.
struct SimulatedDatasets {
  std::vector<sim::ValueKind> kinds;  ///< of the columns; counts are taken as log(1 + x)
  std::vector<double> values;         ///< row by row, finite or NaN ("never")
  std::vector<std::size_t> account;   ///< one per row
  std::size_t accounts = 0;
  /// Of accounts and columns; both or either may be left empty. What is named is taken in the order of its names, so
  /// that no result depends on the order in which it was given.
  std::vector<std::string> account_names{}, column_names{};

  std::size_t size() const { return account.size(); }
  std::span<const double> row(std::size_t i) const { return std::span(values).subspan(i * kinds.size(), kinds.size()); }
  SimulatedDatasets with_columns(std::span<const std::size_t> columns) const;
};

/// Columns and accounts by name, or as given where they have none; rows by account, each account's in their own order.
struct RecordOrder {
  std::vector<std::size_t> columns, accounts, rows;  ///< indices of what comes first, second, ...

  /// Throws std::invalid_argument for sizes that do not fit, two of one name, a row of no account and infinite values.
  explicit RecordOrder(const SimulatedDatasets& records);
};

}  // namespace qantar::analysis
