#include "cli/table.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace qantar::cli {
namespace {

constexpr std::size_t most_columns = 3;

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

}  // namespace

Table::Table(std::vector<std::string> heads, std::string alignment) : alignment_(std::move(alignment)) {
  rows_.push_back(std::move(heads));
}

void Table::add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

std::string Table::text(const std::string& indent) const {
  std::vector<std::size_t> widths(alignment_.size());
  for (const auto& row : rows_)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], width_of(row[c]));
  std::string out;
  for (const auto& row : rows_) {
    std::string line = indent;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string gap(widths[c] - width_of(row[c]), ' ');
      if (c > 0) line += "  ";
      line += alignment_[c] == 'r' ? gap + row[c] : row[c] + gap;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string side_by_side(const std::vector<std::string>& rows, const std::vector<std::string>& columns,
                         const std::function<std::string(std::size_t, std::size_t)>& cell) {
  std::string out;
  const std::size_t tables = (columns.size() + most_columns - 1) / most_columns;
  for (std::size_t t = 0; t < tables; ++t) {
    const std::size_t first = t * columns.size() / tables, last = (t + 1) * columns.size() / tables;
    std::vector<std::string> heads{""};
    for (std::size_t c = first; c < last; ++c) heads.push_back(columns[c]);
    Table table(heads, std::string(heads.size(), 'l'));
    for (std::size_t r = 0; r < rows.size(); ++r) {
      std::vector<std::string> cells{rows[r]};
      for (std::size_t c = first; c < last; ++c) cells.push_back(cell(r, c));
      table.add(std::move(cells));
    }
    out += '\n';
    out += table.text();
  }
  return out;
}

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string cut(const std::string& text, std::size_t width) {
  if (width_of(text) <= width) return text;
  std::string out;
  std::size_t characters = 0;
  for (const char c : text) {
    if (begins_character(c) && ++characters > width - 3) break;
    out += c;
  }
  return out + "...";
}

std::string with_interval(double value, double low, double high, int digits) {
  return fmt::format("{:.{}f} [{:.{}f}, {:.{}f}]", value, digits, low, digits, high, digits);
}

std::string counted(std::size_t n, const std::string& thing) {
  return fmt::format("{} {}", n,
                     n == 1                  ? thing
                     : thing.ends_with("is") ? thing.substr(0, thing.size() - 2) + "es"
                     : thing.ends_with("y")  ? thing.substr(0, thing.size() - 1) + "ies"
                                             : thing + "s");
}

}  // namespace qantar::cli
