// One number of a trial, by the name that a user gives it: "deaths", "site_fell:almaty_akimat",
// "site_fell_occurred:almaty_akimat".
#pragma once
#include <string>
#include <vector>

#include "sim/results/result_file.hpp"
#include "sim/trial_result.hpp"

namespace qantar::cli {

struct OutcomeName {
  std::string written;               ///< as the user wrote it
  std::string variable;              ///< of the result
  std::size_t offset = 0, size = 1;  ///< place among the numbers of a trial
  sim::ValueKind kind = sim::ValueKind::real;
  std::string units;
};

/// Finds an outcome. Throws UsageError that names what there is.
OutcomeName find_outcome(const std::string& written, const sim::ResultLayout& layout);

/// Every outcome that is a single number of each trial and no code.
std::vector<OutcomeName> single_outcomes(const sim::ResultLayout& layout);

/// Its value in every row of a result. A time that never came is the end of the clock.
std::vector<double> values_of(const OutcomeName& outcome, const sim::ResultReader& result);

}  // namespace qantar::cli
