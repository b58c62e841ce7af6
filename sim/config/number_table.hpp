// A table of numbers under a line of names, as CSV.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "sim/config/diagnostics.hpp"

namespace qantar::sim {

struct NumberColumn {
  std::string name;   ///< as written
  SourcePlace where;  ///< of the name
  std::vector<double> values;
};

/// The columns, all as long as each other. Blanks around cells and empty lines are passed over. What is wrong goes to
/// `diagnostics`, by line and column of the file `shown`; the table then means nothing.
std::vector<NumberColumn> read_number_table(const std::string& text, const std::string& shown,
                                            Diagnostics& diagnostics);

}  // namespace qantar::sim
