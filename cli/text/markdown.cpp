#include "cli/text/markdown.hpp"

namespace qantar::cli {
namespace {

std::string line(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const auto& cell : cells) {
    out += ' ';
    for (const char c : cell) {
      if (c == '|') out += '\\';
      out += c;
    }
    out += " |";
  }
  return out + "\n";
}

}  // namespace

std::string code(const std::string& word) { return "`" + word + "`"; }

std::string markdown_table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows) {
  std::string out = line(heads) + "|";
  for (std::size_t i = 0; i < heads.size(); ++i) out += "---|";
  out += "\n";
  for (const auto& row : rows) out += line(row);
  return out;
}

}  // namespace qantar::cli
