// Text in columns, for people.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace qantar::cli {

/// Columns as wide as their widest cell, two blanks apart.
class Table {
 public:
  /// One letter per column: l for words, r for numbers.
  Table(std::vector<std::string> heads, std::string alignment);
  void add(std::vector<std::string> cells);
  std::string text(const std::string& indent = "") const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::string alignment_;
};

/// Tables that fit on a screen: rows with a name, and under each column's name what `cell(row, column)` says.
std::string side_by_side(const std::vector<std::string>& rows, const std::vector<std::string>& columns,
                         const std::function<std::string(std::size_t, std::size_t)>& cell);

/// Number of characters of a UTF-8 text.
std::size_t width_of(const std::string& text);
/// The text cut to a number of characters, with "..." in place of the rest.
std::string cut(const std::string& text, std::size_t width);

/// "0.83 [0.80, 0.86]".
std::string with_interval(double value, double low, double high, int digits);

/// "1 trial", "2 trials".
std::string counted(std::size_t n, const std::string& thing);

}  // namespace qantar::cli
