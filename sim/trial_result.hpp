// What a trial leaves behind, and how its numbers are described. The engine moves these; only the model knows
// what they mean.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/calendar.hpp"
#include "sim/trial_key.hpp"

namespace qantar::sim {

/// A named dimension with its labels (text) or its coordinate (numbers with a unit).
struct Axis {
  std::string name;
  std::vector<std::string> labels;  ///< one per index; empty when the axis is numeric
  std::vector<double> coordinates;  ///< one per index; empty when the axis has labels
  std::string units, long_name;
  std::size_t size() const { return labels.empty() ? coordinates.size() : labels.size(); }
  std::string text(std::size_t index) const;  ///< its label, or its coordinate as text
};

enum class ValueKind {
  real,   ///< float64, NaN when undefined
  time,   ///< float64 hours since the clock's epoch, NaN when it never happened; stored with `<name>_occurred`
  count,  ///< float64 that holds a whole number
  flag,   ///< 0 or 1, stored as int8
  code    ///< index into `meanings`, stored as int32; -1 when undefined
};

/// What users call it: "number", "time", "count", "flag", "code".
const char* word_of(ValueKind kind);

/// One variable: a scalar per trial, or an array over the named axes (row-major).
struct Variable {
  std::string name, units, long_name;
  ValueKind kind = ValueKind::real;
  std::vector<std::string> axes;      ///< names of the axes after `trial` (outcomes) or `trial, time` (series)
  std::vector<std::string> meanings;  ///< of a code
  bool latent = false;                ///< known only inside the model: nothing outside can be compared with it
};

/// A variable and where its numbers stand in a row of variables.
struct Placed {
  const Variable& variable;
  std::size_t first = 0, size = 0;  ///< numbers
};

/// The shape of everything that a model reports.
struct ResultLayout {
  std::vector<Axis> axes;
  std::vector<Variable> outcomes;    ///< per trial
  std::vector<Variable> parameters;  ///< per trial: the values that were drawn; stored as `parameter_<name>`
  std::vector<Variable> series;      ///< per trial and step, for kept trials
  std::vector<std::string> event_kinds;
  std::vector<std::string> event_refs;  ///< names of the axes that an event points into: e.g. place, site, actor

  const Axis& axis(const std::string& name) const;
  std::size_t size(const Variable& v) const;  ///< numbers per trial (and step)
  std::size_t width(const std::vector<Variable>& variables) const;
  /// Those variables (outcomes, parameters or series) with their places, in order. They must outlive what is returned.
  std::vector<Placed> placed(const std::vector<Variable>& variables) const;
  /// The one with that name; nothing when there is none.
  std::optional<Placed> find(const std::vector<Variable>& variables, const std::string& name) const;
  /// Where number `index` of a variable belongs: a label, or coordinate as text, along each of its axes.
  std::vector<std::string> labels(const Variable& v, std::size_t index) const;
};

/// Something that happened, with the events that it came from.
struct LoggedEvent {
  Hours time = 0;
  std::int32_t kind = 0;
  std::int32_t refs[3] = {-1, -1, -1};  ///< indices along ResultLayout::event_refs, -1 for none
  double value = 0;
  std::vector<std::int32_t> causes;  ///< indices of earlier events of the same trial
};

enum class TrialStatus : std::int8_t { ok = 0, failed = 1 };

/// Everything one trial reports. Vectors follow the order of ResultLayout.
struct TrialResult {
  std::int64_t trial = 0;
  std::int32_t hypothesis = 0;
  TrialKey key;
  TrialStatus status = TrialStatus::ok;
  std::string stage, message;  ///< of a failure
  std::vector<double> outcomes, parameters;
  std::vector<float> series;  ///< steps x width(series): one row per step; always present for the bands
  std::vector<LoggedEvent> events;
};

/// Memory of a record, in bytes.
std::size_t bytes_held(const TrialResult& record);

}  // namespace qantar::sim
