#include "sim/config/number_table.hpp"

#include <charconv>
#include <cmath>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

namespace qantar::sim {
namespace {

std::vector<std::string_view> cells(std::string_view row) {
  std::vector<std::string_view> out;
  while (true) {
    const auto comma = row.find(',');
    std::string_view cell = row.substr(0, comma);
    while (cell.starts_with(' ')) cell.remove_prefix(1);
    while (cell.ends_with(' ')) cell.remove_suffix(1);
    out.push_back(cell);
    if (comma == std::string_view::npos) return out;
    row.remove_prefix(comma + 1);
  }
}

unsigned column_of(std::string_view cell, std::string_view row) {
  return static_cast<unsigned>(cell.data() - row.data() + 1);
}

}  // namespace

std::vector<NumberColumn> read_number_table(const std::string& text, const std::string& shown,
                                            Diagnostics& diagnostics) {
  std::vector<NumberColumn> columns;
  const auto read_names = [&](std::string_view row) {
    for (const auto cell : cells(row)) {
      columns.push_back({std::string(cell), {shown, 1, column_of(cell, row)}, {}});
      if (cell.empty()) diagnostics.add(columns.back().where, "", "a column without a key");
    }
  };
  const auto read_row = [&](std::string_view row, unsigned line) {
    const auto numbers = cells(row);
    if (numbers.size() != columns.size()) {
      diagnostics.add({shown, line, 1}, "", fmt::format("has {} cells under {} keys", numbers.size(), columns.size()));
      return;
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      double value = 0;
      const auto end = numbers[i].data() + numbers[i].size();
      const auto [rest, error] = std::from_chars(numbers[i].data(), end, value);
      if (error != std::errc() || rest != end || !std::isfinite(value))
        diagnostics.add({shown, line, column_of(numbers[i], row)}, columns[i].name,
                        fmt::format("\"{}\" is no number", numbers[i]));
      columns[i].values.push_back(value);
    }
  };
  unsigned line = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    std::string_view row = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    ++line;
    if (row.ends_with('\r')) row.remove_suffix(1);
    if (row.empty()) continue;
    line == 1 ? read_names(row) : read_row(row, line);
  }
  if (columns.empty() || columns.front().values.empty())
    diagnostics.add({shown, 1, 1}, "", "has no rows; expected a line of keys, then numbers");
  return columns;
}

}  // namespace qantar::sim
