#include "analysis/inference/simulated_datasets.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

namespace qantar::analysis {
namespace {

std::vector<std::size_t> by_name(std::size_t count, const std::vector<std::string>& names, const char* what) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (names.empty()) return order;
  if (names.size() != count)
    throw std::invalid_argument(fmt::format("{} names for {} {}: give one each, or none", names.size(), count, what));
  const auto name = [&](std::size_t i) -> const std::string& { return names[i]; };
  std::ranges::sort(order, {}, name);
  if (const auto twice = std::ranges::adjacent_find(order, {}, name); twice != order.end())
    throw std::invalid_argument(fmt::format("two {} are named {}: give each a name of its own", what, names[*twice]));
  return order;
}

}  // namespace

SimulatedDatasets SimulatedDatasets::with_columns(std::span<const std::size_t> columns) const {
  SimulatedDatasets out;
  out.account = account;
  out.accounts = accounts;
  out.account_names = account_names;
  for (const std::size_t c : columns) {
    out.kinds.push_back(kinds.at(c));
    if (!column_names.empty()) out.column_names.push_back(column_names.at(c));
  }
  for (std::size_t i = 0; i < size(); ++i)
    for (const std::size_t c : columns) out.values.push_back(row(i)[c]);
  return out;
}

RecordOrder::RecordOrder(const SimulatedDatasets& records)
    : columns(by_name(records.kinds.size(), records.column_names, "columns")),
      accounts(by_name(records.accounts, records.account_names, "accounts")) {
  if (records.values.size() != records.size() * records.kinds.size())
    throw std::invalid_argument(fmt::format("{} values for {} records of {} columns", records.values.size(),
                                            records.size(), records.kinds.size()));
  std::vector<std::vector<std::size_t>> of_account(records.accounts);
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records.account[i] >= records.accounts)
      throw std::invalid_argument(
          fmt::format("a record of account {} where there are {}", records.account[i], records.accounts));
    of_account[records.account[i]].push_back(i);
    for (std::size_t c = 0; c < records.kinds.size(); ++c)
      if (std::isinf(records.row(i)[c]))
        throw std::invalid_argument(
            fmt::format("record {} is infinite in column {}: give a finite number, or NaN for never", i, c));
  }
  for (const std::size_t k : accounts) rows.insert(rows.end(), of_account[k].begin(), of_account[k].end());
}

}  // namespace qantar::analysis
