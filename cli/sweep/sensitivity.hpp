// Which of the quantities that a sweep varied its outcomes depend on.
#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "sim/results/result_file.hpp"

namespace qantar::cli {

/// What `qantar sensitivity FILE --json` prints. Throws UsageError for a result that is no sweep or of a design that
/// was not made for this, ResultError when a trial is missing or failed.
nlohmann::json sensitivity_json(const std::string& file, const sim::ResultReader& result);

}  // namespace qantar::cli
