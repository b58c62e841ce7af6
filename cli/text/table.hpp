// Text in columns, for people.
#pragma once
#include <functional>
#include <string>
#include <vector>

namespace qantar::cli {

/// Columns of the terminal that the standard output goes to; 0 when it goes elsewhere, where nothing has to fit.
std::size_t screen_columns();

/// Columns as wide as their widest cell, two blanks apart. Where that does not fit the screen, cells are wrapped, and
/// where that is not enough, each row becomes lines of their own.
class Table {
 public:
  /// One letter per column: l for words, r for numbers.
  Table(std::vector<std::string> heads, std::string alignment);
  void add(std::vector<std::string> cells);
  std::string text(const std::string& indent = "", std::size_t screen = screen_columns()) const;

 private:
  std::vector<std::size_t> widths(std::size_t room) const;
  std::string stacked(const std::string& indent, std::size_t screen) const;

  std::vector<std::vector<std::string>> rows_;
  std::string alignment_;
};

/// Tables that fit on a screen: rows with a name, and under each column's name what `cell(row, column)` says.
std::string side_by_side(const std::vector<std::string>& rows, const std::vector<std::string>& columns,
                         const std::function<std::string(std::size_t, std::size_t)>& cell,
                         std::size_t screen = screen_columns());

/// Number of characters of a UTF-8 text.
std::size_t width_of(const std::string& text);
/// The text cut to a number of characters, with "..." in place of the rest.
std::string cut(const std::string& text, std::size_t width);

/// The text in lines of at most `width` characters, broken at blanks outside brackets; words that are longer also break
/// after _ : and /, and what is longer still has a line of its own.
std::vector<std::string> wrapped(const std::string& text, std::size_t width);

/// "0.83 [0.80, 0.86]".
std::string with_interval(double value, double low, double high, int digits);

/// "1 trial", "2 trials".
std::string counted(std::size_t n, const std::string& thing);

}  // namespace qantar::cli
