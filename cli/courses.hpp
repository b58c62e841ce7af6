// Stylised facts and degenerate courses of several accounts side by side.
#pragma once
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "analysis/courses.hpp"

namespace qantar::cli {

struct CourseTable {
  std::vector<analysis::Element> stylised_facts;
  std::vector<analysis::DegenerateCourse> degenerate;
  std::vector<std::string> accounts;
  std::vector<analysis::CourseCounts> counts;  ///< one per account

  /// `evidence` may be null: then there are degenerate courses only.
  CourseTable(const analysis::Evidence* evidence, const sim::ResultLayout& layout, std::vector<std::string> names);
  CourseTable(const CourseTable&) = delete;  // the counts look into the lists
  CourseTable& operator=(const CourseTable&) = delete;
};

std::string text_of(const CourseTable& table);
nlohmann::json estimate_json(const analysis::Estimate& estimate);
nlohmann::json json_of(const CourseTable& table);

}  // namespace qantar::cli
