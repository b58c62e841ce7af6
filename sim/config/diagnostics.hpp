// What is wrong with the input: collected, not thrown one by one, so that a user sees every problem at once.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace qantar::sim {

/// Where a value was written. `line` and `column` count from 1; 0 when the problem has no place inside the file.
struct SourcePlace {
  std::string file;
  unsigned line = 0, column = 0;
};

/// One problem: place, key path, what is wrong and what was expected or how to mend it.
struct Problem {
  SourcePlace where;
  std::string key, message;
  std::string text() const;  ///< "case.toml:12:8: units.almaty_police.morale: 1.4 is above ..."
};

/// All problems found so far, each once.
class Diagnostics {
 public:
  void add(SourcePlace where, std::string key, std::string message);
  void add(const Diagnostics& others);
  bool empty() const { return problems_.empty(); }
  const std::vector<Problem>& problems() const { return problems_; }
  std::string text() const;  ///< one line per problem, ordered by file and line

 private:
  std::vector<Problem> problems_;
};

/// Bad input. The command line prints the text and exits with 3.
struct InputError : std::runtime_error {
  explicit InputError(const Diagnostics& diagnostics) : std::runtime_error(diagnostics.text()) {}
  explicit InputError(const std::string& text) : std::runtime_error(text) {}
};

/// "a, b, c".
std::string joined(const std::vector<std::string>& names);

/// The nearest of the known names when it is near enough to be a slip of the pen, as `; did you mean "x"?`, or "".
std::string nearest_hint(std::string_view written, const std::vector<std::string>& known);

}  // namespace qantar::sim
