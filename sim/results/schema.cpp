#include "sim/results/schema.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/conversions.hpp"

namespace qantar::sim {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
const std::string parameter_prefix = "parameter_", occurred_suffix = "_occurred";

void check_variable(const ResultLayout& layout, const Variable& v, std::set<std::string>& taken) {
  const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  if (v.name.empty() || !std::ranges::all_of(v.name, letter) || std::isdigit(static_cast<unsigned char>(v.name[0])))
    throw std::logic_error(fmt::format("record layout: '{}' is not a name of letters, digits and '_'", v.name));
  if (!taken.insert(v.name).second)
    throw std::logic_error(fmt::format("record layout: two things of one group are called '{}'", v.name));
  static const std::set<std::string> spans = {"days",         "hours",        "minutes",    "seconds",
                                              "milliseconds", "microseconds", "nanoseconds"};
  if (spans.contains(v.units))
    throw std::logic_error(
        fmt::format("record layout: the units '{}' of '{}' make other readers turn numbers into time spans: "
                    "write h, d, min or s",
                    v.units, v.name));
  for (const auto& a : v.axes) layout.axis(a);
  if (v.kind == ValueKind::code && v.meanings.empty())
    throw std::logic_error(fmt::format("record layout: the code '{}' has no meanings", v.name));
}

void check_layout(const ResultLayout& layout) {
  // `time` and the dimensions of the groups: an axis of the root with such a name would be taken for them.
  std::set<std::string> root = {"trial",   "time",   "trial_kept", "quantile", "hypothesis_index", "series",
                                "summary", "events", "failures",   "evidence", "provenance",       "inference"};
  for (const auto& a : layout.axes)
    check_variable(layout, {a.name, a.units, a.long_name, ValueKind::real, {}, {}}, root);
  std::set<std::string> group = root;  // a series may share the name of an outcome, never of an axis
  for (const auto& v : layout.series) check_variable(layout, v, group);
  if (layout.event_refs.size() > 3) throw std::logic_error("record layout: an event points into 3 axes at most");
  std::set<std::string> events = {"trial", "time", "kind", "value", "cause_start", "cause_count", "event", "cause"};
  for (const auto& r : layout.event_refs) {
    layout.axis(r);
    if (!events.insert(r).second) throw std::logic_error("record layout: events cannot point into '" + r + "'");
  }
}

const char* kind_name(ValueKind kind) { return kind == ValueKind::real ? "real" : word_of(kind); }

ValueKind kind_of(const std::string& name) {
  for (const auto kind : {ValueKind::real, ValueKind::time, ValueKind::count, ValueKind::flag, ValueKind::code})
    if (name == kind_name(kind)) return kind;
  throw h5::Error("unknown kind of value '" + name + "'");
}

/// CF wants one word per flag.
std::string flag_words(const std::vector<std::string>& meanings) {
  std::string out;
  for (const auto& meaning : meanings) {
    if (!out.empty()) out += ' ';
    if (meaning.empty()) out += '_';
    for (const char c : meaning) out += std::isspace(static_cast<unsigned char>(c)) ? '_' : c;
  }
  return out;
}

void put_flags(hid_t dataset, const std::vector<std::string>& meanings, bool may_be_undefined) {
  std::vector<std::string> words = meanings;
  if (may_be_undefined) words.insert(words.begin(), "undefined");
  std::vector<std::int64_t> values;
  for (std::size_t i = 0; i < words.size(); ++i)
    values.push_back(static_cast<std::int64_t>(i) - (may_be_undefined ? 1 : 0));
  // CF asks for flags of the variable's own type.
  h5::put(dataset, "flag_values", h5::take(H5Dget_type(dataset), "cannot read a type"), values);
  h5::put(dataset, "flag_meanings", flag_words(words));
}

/// Units, and of a time the calendar that it counts in.
void put_units(hid_t dataset, const std::string& units) {
  h5::put(dataset, "units", units.empty() ? "1" : units);
  if (units.find(" since ") != std::string::npos) h5::put(dataset, "calendar", "standard");
}

}  // namespace

std::vector<Column> root_columns(const ResultLayout& layout, const Clock& clock,
                                 const std::vector<HypothesisLabel>& hypotheses) {
  check_layout(layout);
  std::vector<std::string> names;
  for (const auto& h : hypotheses) names.push_back(h.name);
  if (names.empty()) names.emplace_back("none");
  std::vector<Column> columns;
  columns.push_back({{"hypothesis", "1", "rival account", ValueKind::code, {}, names}, Source::hypothesis});
  columns.push_back({{"point", "1", "row of the design", ValueKind::count, {}, {}}, Source::point});
  columns.push_back(
      {{"replicate", "1", "repetition within the design row", ValueKind::count, {}, {}}, Source::replicate});
  columns.push_back({{"status", "1", "how the trial ended", ValueKind::code, {}, {"ok", "failed"}}, Source::status});
  for (const auto& [v, first, size] : layout.placed(layout.outcomes)) {
    columns.push_back({v, Source::outcome, first, size});
    if (v.kind == ValueKind::time) {
      columns.back().variable.units = clock.cf_units();
      columns.push_back(
          {{v.name + occurred_suffix, "1", v.long_name + ": whether it happened", ValueKind::flag, v.axes, {}},
           Source::occurred,
           first,
           size});
    }
  }
  for (const auto& [v, first, size] : layout.placed(layout.parameters)) {
    columns.push_back({v, Source::parameter, first, size});
    columns.back().variable.name = parameter_prefix + v.name;
    if (v.kind == ValueKind::time) columns.back().variable.units = clock.cf_units();
  }
  std::set<std::string> taken = {"trial",      "series",    "summary",    "events", "failures", "evidence",
                                 "provenance", "inference", "trial_kept", "time",   "quantile", "hypothesis_index"};
  for (const auto& a : layout.axes) taken.insert(a.name);
  for (const auto& c : columns) check_variable(layout, c.variable, taken);
  return columns;
}

void take_numbers(const Column& column, const TrialResult& record, std::vector<double>& out) {
  switch (column.source) {
    case Source::hypothesis:
      return out.push_back(record.hypothesis);
    case Source::point:
      return out.push_back(record.key.point);
    case Source::replicate:
      return out.push_back(record.key.replicate);
    case Source::status:
      return out.push_back(to_underlying(record.status));
    default:
      break;
  }
  const auto& from = column.source == Source::parameter ? record.parameters : record.outcomes;
  const ValueKind kind = column.variable.kind;
  for (std::size_t i = 0; i < column.size; ++i) {
    double x = from.empty() ? undefined : from.at(column.offset + i);
    if (column.source == Source::occurred)
      x = x == x ? 1 : 0;
    else if (x != x && (kind == ValueKind::code || kind == ValueKind::flag))
      x = -1;
    out.push_back(x);
  }
}

h5::Storage storage_of(const Column& column) {
  static constexpr double nan = undefined;
  static constexpr std::int8_t no_flag = -1;
  static constexpr std::int32_t no_code = -1;
  if (column.source == Source::point || column.source == Source::replicate) return {H5T_STD_I64LE};
  if (column.source == Source::status || column.source == Source::occurred) return {H5T_STD_I8LE};
  if (column.source == Source::hypothesis) return {H5T_STD_I32LE};
  if (column.variable.kind == ValueKind::flag) return {H5T_STD_I8LE, &no_flag};
  if (column.variable.kind == ValueKind::code) return {H5T_STD_I32LE, &no_code};
  return {H5T_IEEE_F64LE, &nan};
}

h5::Storage short_float() {
  static constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  return {H5T_IEEE_F32LE, &nan};
}

void describe(hid_t dataset, const Variable& v, bool may_be_undefined) {
  put_units(dataset, v.units);
  h5::put(dataset, "long_name", v.long_name.empty() ? v.name : v.long_name);
  h5::put(dataset, "kind", kind_name(v.kind));
  if (v.latent) h5::put(dataset, "latent", "known only inside the model");
  const h5::Handle type = h5::take(H5Dget_type(dataset), "cannot read a type");
  if (H5Tget_class(type) == H5T_FLOAT) {
    const double nan = undefined;
    h5::put(dataset, "_FillValue", type, H5T_NATIVE_DOUBLE, &nan);
  } else if (v.kind == ValueKind::code) {
    put_flags(dataset, v.meanings, may_be_undefined);
    h5::put(dataset, "meanings", v.meanings);  // flag_meanings has underscores for spaces
  } else if (v.kind == ValueKind::flag) {
    put_flags(dataset, {"no", "yes"}, may_be_undefined);
  }
}

Variable described(hid_t dataset, const std::string& name, std::size_t leading) {
  Variable v;
  v.name = name;
  v.units = h5::text(dataset, "units");
  v.long_name = h5::text(dataset, "long_name");
  v.kind = kind_of(h5::text(dataset, "kind"));
  v.latent = h5::has_attribute(dataset, "latent");
  if (h5::has_attribute(dataset, "meanings")) v.meanings = h5::texts(dataset, "meanings");
  v.axes = h5::scales(dataset);
  if (v.axes.size() < leading) throw h5::Error("'" + name + "' has too few axes");
  v.axes.erase(v.axes.begin(), v.axes.begin() + leading);
  return v;
}

void write_scale(hid_t group, const std::string& name, const std::vector<double>& values, const std::string& units,
                 const std::string& long_name, hid_t type) {
  const h5::Handle dataset = h5::create_dataset(group, name, {type}, {values.size()});
  h5::write(dataset, H5T_NATIVE_DOUBLE, values.data());
  put_units(dataset, units);
  h5::put(dataset, "long_name", long_name.empty() ? name : long_name);
  h5::make_scale(dataset);
}

void write_index(hid_t group, const std::string& name, std::size_t n, const std::string& long_name) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = real(i);
  write_scale(group, name, values, "1", long_name, H5T_STD_I64LE);
}

void write_labels(hid_t group, const std::string& name, const std::vector<std::string>& labels,
                  const std::string& long_name) {
  h5::write_texts(group, name, labels);
  const h5::Handle dataset = h5::open_dataset(group, name);
  h5::put(dataset, "units", "1");
  h5::put(dataset, "long_name", long_name.empty() ? name : long_name);
  h5::make_scale(dataset);
}

std::vector<double> step_times(const Clock& clock) {
  std::vector<double> out;
  for (int i = 0; i < clock.steps(); ++i) out.push_back(clock.end_of(i));
  return out;
}

}  // namespace qantar::sim
