// A result against the documented events, computed once for whoever shows it: text, JSON or a page.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "analysis/compare.hpp"
#include "analysis/separation.hpp"
#include "cli/courses.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::cli {

/// The documented events that a result carries, or those of a file. `path` is the result's name in messages. Throws
/// UsageError when there are none, InputError when they cannot be read.
analysis::Evidence evidence_of(const sim::ResultReader& result, const std::string& path,
                               const std::optional<std::string>& file = {});

/// Everything that `qantar compare` says.
struct Compared {
  analysis::Evidence evidence;
  CourseTable courses;
  analysis::Comparison comparison;
  std::vector<analysis::Telling> tellings;  ///< what tells the accounts apart, best first
  std::set<std::size_t> documented;         ///< positions of outcomes that the record has a row on

  Compared(const sim::ResultReader& result, analysis::Evidence record);
};

nlohmann::json json_of(const sim::ResultReader& result, const Compared& compared);

}  // namespace qantar::cli
