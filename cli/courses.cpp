#include "cli/courses.hpp"

#include <cmath>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/text/table.hpp"

namespace qantar::cli {
namespace {

std::string shown(const analysis::Estimate& e) {
  return std::isnan(e.value) ? "-" : with_interval(e.value, e.low, e.high, 2);
}

template <class T>
std::string block(const std::string& title, const std::vector<T>& courses, const std::string& last,
                  const CourseTable& table,
                  const std::function<std::vector<analysis::Estimate>(const analysis::CourseCounts&)>& shares) {
  if (courses.empty()) return "";
  std::vector<std::string> rows;
  for (const auto& course : courses) rows.push_back(course.text);
  rows.push_back(last);
  std::vector<std::vector<analysis::Estimate>> cells;
  for (const auto& counts : table.counts) cells.push_back(shares(counts));
  return "\n" + title + "\n" +
         side_by_side(rows, table.accounts, [&](std::size_t r, std::size_t c) { return shown(cells[c][r]); });
}

template <class T>
nlohmann::json json_of(const std::vector<T>& courses, const std::vector<analysis::Estimate>& shares) {
  auto out = nlohmann::json::array();
  for (std::size_t i = 0; i < courses.size(); ++i) {
    out.push_back(estimate_json(shares[i]));
    out.back().update({{"id", courses[i].id}, {"text", courses[i].text}});
  }
  return out;
}

}  // namespace

CourseTable::CourseTable(const analysis::Evidence* evidence, const sim::ResultLayout& layout,
                         std::vector<std::string> names)
    : degenerate(analysis::degenerate_courses(layout)), accounts(std::move(names)) {
  if (evidence) stylised_facts = evidence->stylised_facts;
  for (std::size_t i = 0; i < accounts.size(); ++i) counts.emplace_back(stylised_facts, degenerate);
}

std::string text_of(const CourseTable& table) {
  using analysis::CourseCounts;
  const auto with = [](std::vector<analysis::Estimate> all, const analysis::Estimate& last) {
    all.push_back(last);
    return all;
  };
  return block("Stylised facts: share of trials that show them, with 95 % intervals.", table.stylised_facts,
               "all of them", table,
               [&](const CourseCounts& c) { return with(c.stylised_facts(), c.all_stylised_facts()); }) +
         block("Degenerate courses: share of trials, with 95 % intervals.", table.degenerate, "any of them", table,
               [&](const CourseCounts& c) { return with(c.degenerate(), c.any_degenerate()); });
}

nlohmann::json estimate_json(const analysis::Estimate& e) {
  return {{"value", e.value}, {"low", e.low}, {"high", e.high}};
}

nlohmann::json json_of(const CourseTable& table) {
  auto out = nlohmann::json::array();
  for (std::size_t i = 0; i < table.accounts.size(); ++i) {
    const auto& c = table.counts[i];
    out.push_back({{"hypothesis", table.accounts[i]},
                   {"trials", c.trials()},
                   {"stylised_facts", json_of(table.stylised_facts, c.stylised_facts())},
                   {"all_stylised_facts", estimate_json(c.all_stylised_facts())},
                   {"degenerate", json_of(table.degenerate, c.degenerate())},
                   {"any_degenerate", estimate_json(c.any_degenerate())}});
  }
  return out;
}

}  // namespace qantar::cli
