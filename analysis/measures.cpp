#include "analysis/measures.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <ranges>

#include <fmt/format.h>

#include "sim/conversions.hpp"

namespace qantar::analysis {
namespace {

using sim::ValueKind;

bool is_time(const sim::Variable& v) { return v.kind == ValueKind::time; }
bool is_time_or_flag(const sim::Variable& v) { return is_time(v) || v.kind == ValueKind::flag; }
bool is_number(const sim::Variable& v) { return v.kind == ValueKind::real || v.kind == ValueKind::count; }
bool is_one_code(const sim::Variable& v) { return v.kind == ValueKind::code && v.axes.empty(); }

// A missing bound is never (NaN), and every comparison with it is false.
bool inside(const Question& q, double value, double slack) {
  return sim::happened(value) && !(value < q.earliest - slack) && !(value > q.latest + slack);
}

std::string window(const Question& q, const sim::Clock& clock) {
  const double low = q.earliest - q.tolerance, high = q.latest + q.tolerance;
  if (std::isnan(low) && std::isnan(high)) return "";
  if (std::isnan(low)) return "until " + clock.text(high);
  if (std::isnan(high)) return "from " + clock.text(low);
  return clock.text(low) + " to " + clock.text(high);
}

std::string within(const std::string& text, const Question& q, const sim::Clock& clock) {
  const std::string when = window(q, clock);
  return when.empty() ? text : text + " " + when;
}

std::string beside(const std::string& word, const Question& q, const char* between) {
  return word + q.then + (q.then_at.empty() ? "" : between + q.then_at);
}

std::string itself(const Question&, const std::string& observable) { return observable; }

constexpr MeasureRow measure_table[] = {
    {.measure = Measure::time,
     .name = "time",
     .required = {"earliest", "latest"},
     .optional = {"tolerance"},
     .asks_for = "a time",
     .fits = is_time,
     .compared_by = ComparedBy::hour,
     .compares_two = false,
     .holds = [](const Question& q, double value, double) { return inside(q, value, q.tolerance); },
     .documented = window,
     .counted_as = itself},
    {.measure = Measure::occurs,
     .name = "occurs",
     .required = {},
     .optional = {"earliest", "latest", "tolerance"},
     .asks_for = "a time or a flag",
     .fits = is_time_or_flag,
     .compared_by = ComparedBy::answer,
     .compares_two = false,
     .holds = [](const Question& q, double value,
                 double) { return q.kind == ValueKind::flag ? value == 1.0 : inside(q, value, q.tolerance); },
     .documented = [](const Question& q, const sim::Clock& clock) { return within("happens", q, clock); },
     .counted_as = itself},
    {.measure = Measure::absent,
     .name = "absent",
     .required = {},
     .optional = {"earliest", "latest"},
     .asks_for = "a time or a flag",
     .fits = is_time_or_flag,
     .compared_by = ComparedBy::answer,
     .compares_two = false,
     .holds = [](const Question& q, double value,
                 double) { return q.kind == ValueKind::flag ? value == 0.0 : !inside(q, value, 0.0); },
     .documented = [](const Question& q, const sim::Clock& clock) { return within("does not happen", q, clock); },
     .counted_as = [](const Question&, const std::string& observable) { return "no " + observable; }},
    {.measure = Measure::number,
     .name = "number",
     .required = {"low", "high"},
     .optional = {"factor", "margin"},
     .asks_for = "a number or a count",
     .fits = is_number,
     .compared_by = ComparedBy::number,
     .compares_two = false,
     .holds = [](const Question& q, double value, double) { return value >= q.least() && value <= q.most(); },
     .documented =
         [](const Question& q, const sim::Clock&) {
           return q.least() == q.most() ? amount(q.least()) : amount(q.least()) + " to " + amount(q.most());
         },
     .counted_as =
         [](const Question& q, const std::string& observable) {
           return std::isinf(q.most()) ? fmt::format("{} of {:g} or more", observable, q.least())
                                       : fmt::format("{} of {:g} to {:g}", observable, q.least(), q.most());
         }},
    {.measure = Measure::order,
     .name = "order",
     .required = {"then"},
     .optional = {"then_at", "low", "high", "tolerance"},
     .asks_for = "a time",
     .fits = is_time,
     .compared_by = ComparedBy::answer,
     .compares_two = true,
     .holds = [](const Question& q, double value,
                 double then) { return then - value >= q.low - q.tolerance && then - value <= q.high + q.tolerance; },
     .documented = [](const Question& q, const sim::Clock&) { return beside("before ", q, " "); },
     .counted_as = [](const Question& q,
                      const std::string& observable) { return observable + beside(" before ", q, ":"); }},
    {.measure = Measure::is,
     .name = "is",
     .required = {},
     .optional = {},
     .asks_for = "a code without an axis",
     .fits = is_one_code,
     .compared_by = ComparedBy::answer,
     .compares_two = false,
     .holds = [](const Question& q, double value, double) { return value == sim::real(q.code); },
     .documented = [](const Question& q, const sim::Clock&) { return q.at; },
     .counted_as = itself},
    {.measure = Measure::rises,
     .name = "rises",
     .required = {"then"},
     .optional = {"then_at"},
     .asks_for = "a number or a count",
     .fits = is_number,
     .compared_by = ComparedBy::answer,
     .compares_two = true,
     .holds = [](const Question&, double value, double then) { return then > value; },
     .documented = [](const Question& q, const sim::Clock&) { return beside("less than ", q, " "); },
     .counted_as = [](const Question& q,
                      const std::string& observable) { return observable + beside(" less than ", q, ":"); }}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < std::size(measure_table); ++i)
    if (sim::to_underlying(measure_table[i].measure) != static_cast<int>(i)) return false;
  return std::size(measure_table) == sim::to_underlying(Measure::rises) + 1;
}
static_assert(in_order());

bool among(std::string_view key, const std::array<const char*, 4>& keys) {
  return std::ranges::any_of(keys, [&](const char* k) { return k && key == k; });
}

}  // namespace

bool MeasureRow::needs(std::string_view key) const { return among(key, required); }
bool MeasureRow::allows(std::string_view key) const { return needs(key) || among(key, optional); }

const MeasureRow& measure_row(Measure measure) { return measure_table[sim::to_underlying(measure)]; }

const std::vector<std::string>& measure_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> out;
    for (const auto& row : measure_table) out.emplace_back(row.name);
    return out;
  }();
  return names;
}

const std::vector<std::string>& measured_keys() {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> out;
    for (const auto& row : measure_table)
      for (const auto& some : {row.required, row.optional})
        for (const char* key : some)
          if (key && std::ranges::find(out, key) == out.end()) out.emplace_back(key);
    return out;
  }();
  return keys;
}

bool Question::compares_two() const { return measure_row(measure).compares_two; }

bool Question::holds(double value, double then_value) const {
  return measure_row(measure).holds(*this, value, then_value);
}

std::string amount(double x) {
  if (std::isnan(x)) return "-";
  return std::fabs(x) >= 10 || x == std::floor(x) ? fmt::format("{:.0f}", x) : fmt::format("{:.2g}", x);
}

std::string documented(const Question& q, const sim::Clock& clock) {
  return measure_row(q.measure).documented(q, clock);
}

std::string counted_as(const Question& q) {
  return measure_row(q.measure).counted_as(q, q.at.empty() ? q.observable : q.observable + ":" + q.at);
}

}  // namespace qantar::analysis
