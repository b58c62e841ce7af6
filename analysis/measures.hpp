// What may be asked of a trial: a row for each measure, with everything in which measures differ.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/evidence.hpp"
#include "sim/calendar.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// How a trial is compared with the record: by an hour, by a number, or by yes and no.
enum class ComparedBy { hour, number, answer };

struct MeasureRow {
  Measure measure;
  const char* name;
  /// Keys of an entry besides `measure`, `observable` and `at`: those that it needs and those that it allows.
  std::array<const char*, 4> required, optional;
  const char* asks_for;  ///< the kinds of outcome that `fits` accepts, in words
  bool (*fits)(const sim::Variable& v);
  ComparedBy compared_by;
  bool compares_two;  ///< `observable` with `then`
  /// Whether it is so; see Question::holds.
  bool (*holds)(const Question& q, double value, double then_value);
  /// What the record says, for people: "from 5 Jan 14:00 to 5 Jan 16:00".
  std::string (*documented)(const Question& q, const sim::Clock& clock);
  /// What is counted in a trial: "no withdrawal_orders:knb", from the observable's name.
  std::string (*counted_as)(const Question& q, const std::string& observable);

  bool needs(std::string_view key) const;
  bool allows(std::string_view key) const;  ///< or needs it
};

const MeasureRow& measure_row(Measure measure);

/// All keys that some measure needs or allows, in the order of the documents.
const std::vector<std::string>& measured_keys();

/// A number for people: whole from 10 on, else two digits; "-" without one.
std::string amount(double x);

/// What the record says of a question, for people.
std::string documented(const Question& q, const sim::Clock& clock);

/// The trace in a trial that stands for a question: "withdrawal_orders:knb".
std::string counted_as(const Question& q);

}  // namespace qantar::analysis
