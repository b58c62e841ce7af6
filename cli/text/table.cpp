#include "cli/text/table.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace qantar::cli {
namespace {

constexpr std::size_t most_columns = 3, most_of_name = 28, readable = 10;
const std::string between = "  ";

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

/// What should stay together: words, and intervals in brackets.
std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream words(text);
  for (std::string word; words >> word;)
    if (!out.empty() && out.back().starts_with('[') && !out.back().ends_with(']'))
      out.back() += " " + word;
    else
      out.push_back(word);
  return out;
}

}  // namespace

std::size_t screen_columns() {
  winsize size{};
  return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

Table::Table(std::vector<std::string> heads, std::string alignment) : alignment_(std::move(alignment)) {
  rows_.push_back(std::move(heads));
}

void Table::add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

// Of each column. The widest gives way until all fit the room, or until none can.
std::vector<std::size_t> Table::widths(std::size_t room) const {
  std::vector<std::size_t> out(alignment_.size()), least(alignment_.size());
  for (const auto& row : rows_)
    for (std::size_t c = 0; c < row.size(); ++c) {
      out[c] = std::max(out[c], width_of(row[c]));
      for (const auto& part : alignment_[c] == 'l' ? wrapped(row[c], 1) : words_of(row[c]))
        least[c] = std::max(least[c], width_of(part));
    }
  for (std::size_t c = 0; c < out.size(); ++c)
    if (alignment_[c] == 'l') least[c] = std::max(least[c], std::min(out[c], readable));
  if (room == 0) return out;
  const auto total = [&] { return std::accumulate(out.begin(), out.end(), between.size() * (out.size() - 1)); };
  for (std::size_t now = total(); now > room; --now) {
    std::size_t widest = out.size();
    for (std::size_t c = 0; c < out.size(); ++c)
      if (out[c] > least[c] && (widest == out.size() || out[c] > out[widest])) widest = c;
    if (widest == out.size()) break;
    --out[widest];
  }
  return out;
}

std::string Table::stacked(const std::string& indent, std::size_t screen) const {
  std::string out;
  for (std::size_t r = 1; r < rows_.size(); ++r)
    for (std::size_t c = 0; c < rows_[r].size(); ++c) {
      if (rows_[r][c].empty()) continue;
      const std::string& head = rows_[0][c];
      const std::string shift = indent + (c == 0 ? "" : between);
      const std::size_t room = screen > shift.size() + between.size() ? screen - shift.size() - between.size() : 1;
      std::string line = shift;
      for (const auto& part : wrapped(c == 0 || head.empty() ? rows_[r][c] : head + ": " + rows_[r][c], room)) {
        out += line + part + "\n";
        line = shift + between;
      }
    }
  return out;
}

std::string Table::text(const std::string& indent, std::size_t screen) const {
  const std::size_t room = screen > indent.size() ? screen - indent.size() : screen;
  const auto width = widths(room);
  if (room > 0 && std::accumulate(width.begin(), width.end(), between.size() * (width.size() - 1)) > room)
    return stacked(indent, screen);
  std::string out;
  for (const auto& row : rows_) {
    std::vector<std::vector<std::string>> cells;
    std::size_t lines = 1;
    for (std::size_t c = 0; c < row.size(); ++c) {
      cells.push_back(width_of(row[c]) <= width[c] ? std::vector{row[c]} : wrapped(row[c], width[c]));
      lines = std::max(lines, cells.back().size());
    }
    for (std::size_t l = 0; l < lines; ++l) {
      std::string line = indent;
      for (std::size_t c = 0; c < row.size(); ++c) {
        const std::string& cell = l < cells[c].size() ? cells[c][l] : "";
        const std::string rest(width[c] - width_of(cell), ' ');
        if (c > 0) line += between;
        line += alignment_[c] == 'r' ? rest + cell : cell + rest;
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
  }
  return out;
}

std::string side_by_side(const std::vector<std::string>& rows, const std::vector<std::string>& columns,
                         const std::function<std::string(std::size_t, std::size_t)>& cell, std::size_t screen) {
  std::size_t name = 0, widest = 1, at_once = most_columns;
  for (const auto& row : rows) name = std::max(name, width_of(row));
  for (std::size_t c = 0; c < columns.size(); ++c) {
    widest = std::max(widest, width_of(columns[c]));
    for (std::size_t r = 0; r < rows.size(); ++r) widest = std::max(widest, width_of(cell(r, c)));
  }
  // Long names of rows are wrapped rather than that columns are put one below the other.
  const std::size_t left = screen > std::min(name, most_of_name) ? screen - std::min(name, most_of_name) : 0;
  if (screen > 0) at_once = std::clamp<std::size_t>(left / (widest + between.size()), 1, most_columns);
  std::string out;
  const std::size_t tables = (columns.size() + at_once - 1) / at_once;
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
    out += table.text("", screen);
  }
  return out;
}

std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  std::vector<std::string> lines{""};
  const auto add = [&](const std::string& part, const std::string& glue) {
    if (width_of(lines.back()) + width_of(glue) + width_of(part) > width && !lines.back().empty())
      lines.push_back(part);
    else
      lines.back() += (lines.back().empty() ? "" : glue) + part;
  };
  for (const auto& word : words_of(text)) {
    if (width_of(word) <= width) {
      add(word, " ");
      continue;
    }
    std::string glue = " ";
    for (std::size_t at = 0; at < word.size();) {
      const std::size_t end = std::min(word.find_first_of(" _:/", at), word.size() - 1) + 1;
      const bool blank = word[end - 1] == ' ';
      add(word.substr(at, end - at - (blank ? 1 : 0)), glue);
      glue.assign(blank ? 1 : 0, ' ');
      at = end;
    }
  }
  return lines;
}

std::size_t width_of(const std::string& text) { return std::ranges::count_if(text, begins_character); }

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
