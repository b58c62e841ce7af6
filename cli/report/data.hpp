// What the page of `qantar report` shows, as one JSON object: summaries only, so that it stays small however many
// trials there are. cli/report/page/page.js draws it.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/calibration/calibration_file.hpp"
#include "cli/verdict/adjudication_file.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::cli {

/// Something that the files do not have, and how to get it. Both are for people.
struct LeftOut {
  std::string what, how;
};

/// A number with `digits` significant digits; whole numbers without a point; null for what is undefined.
nlohmann::json short_number(double x, int digits = 4);
nlohmann::json short_numbers(std::span<const double> all, int digits = 4);

/// Name, unit and meaning of a prior, the last two empty where none are known.
nlohmann::json described_parameter(const std::string& name);

/// Times in the page are hours since the epoch, as in the file.
nlohmann::json json_of(const sim::Clock& clock);
/// Who made a file, from what, with which seed.
nlohmann::json json_of(const sim::RunDescription& run);

/// A result of `qantar run` or a merged sweep. `told` are trials to be told and mapped, beside the most typical kept
/// one of each account. Throws ResultError or UsageError for a trial that is not there.
nlohmann::json part_of_run(const std::string& path, const sim::ResultReader& result,
                           const std::vector<std::int64_t>& told, std::vector<LeftOut>& left_out);

nlohmann::json part_of_adjudication(const std::string& path, const AdjudicationFile& all,
                                    std::vector<LeftOut>& left_out);

nlohmann::json part_of_calibration(const std::string& path, const CalibrationFile& all);

/// What `qantar whatif --json` or `qantar sensitivity --json` printed. Throws InputError for anything else.
nlohmann::json part_of_printed(const std::string& path, const std::string& text);

}  // namespace qantar::cli
