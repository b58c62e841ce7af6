// The logs of a result: events of kept trials, and failures.
#include <array>

#include "sim/conversions.hpp"
#include "sim/results/tables.hpp"

namespace qantar::sim {
namespace {

constexpr std::size_t event_rows = 8192;  // a batch of 64 KiB per column

h5::Table scale(hid_t group, const std::string& name, const std::string& long_name, std::size_t expected) {
  h5::Table table(group, name, {H5T_STD_I64LE}, {}, expected);
  describe(table.id(), {name, "1", long_name, ValueKind::count, {}, {}});
  h5::make_scale(table.id());
  return table;
}

}  // namespace

EventTable::EventTable(hid_t file, const ResultLayout& layout, const Clock& clock) : refs_(layout.event_refs) {
  const h5::Handle group = h5::create_group(file, "events");
  h5::put(group, "refs", refs_);
  const auto add = [&](const h5::Storage& storage, const Variable& v, const std::string& dimension) {
    h5::Table table(group, v.name, storage, {}, event_rows);
    describe(table.id(), v);
    h5::attach_scale(table.id(), group, dimension, 0);
    columns_.emplace(v.name, std::pair(std::move(table), std::vector<double>{}));
  };
  columns_.emplace("event",
                   std::pair(scale(group, "event", "row of the event log", event_rows), std::vector<double>{}));
  columns_.emplace("cause_link", std::pair(scale(group, "cause_link", "row of the list of causes", event_rows),
                                           std::vector<double>{}));
  add({H5T_STD_I64LE}, {"trial", "1", "index of the trial", ValueKind::count, {}, {}}, "event");
  add({H5T_IEEE_F64LE}, {"time", clock.cf_units(), "when it happened", ValueKind::time, {}, {}}, "event");
  add({H5T_STD_I32LE}, {"kind", "1", "what happened", ValueKind::code, {}, layout.event_kinds}, "event");
  for (const auto& r : refs_)
    add({H5T_STD_I32LE}, {r, "1", "index along " + r + ", -1 for none", ValueKind::count, {}, {}}, "event");
  add({H5T_IEEE_F64LE}, {"value", "1", "size, in the unit of its kind", ValueKind::real, {}, {}}, "event");
  add({H5T_STD_I64LE}, {"cause_start", "1", "first row in the list of causes", ValueKind::count, {}, {}}, "event");
  add({H5T_STD_I32LE}, {"cause_count", "1", "number of causes", ValueKind::count, {}, {}}, "event");
  add({H5T_STD_I32LE},
      {"cause", "1", "position of the causing event among those of its trial", ValueKind::count, {}, {}}, "cause_link");
}

void EventTable::append(const TrialResult& record) {
  const auto put = [&](const std::string& column, double x) { columns_.at(column).second.push_back(x); };
  for (const auto& e : record.events) {
    put("event", real(events_++));
    put("trial", real(record.trial));
    put("time", e.time);
    put("kind", e.kind);
    for (std::size_t r = 0; r < refs_.size(); ++r) put(refs_[r], e.refs[r]);
    put("value", e.value);
    put("cause_start", real(causes_));
    put("cause_count", real(e.causes.size()));
    for (const auto c : e.causes) {
      put("cause_link", real(causes_++));
      put("cause", c);
    }
  }
  if (columns_.at("event").second.size() >= event_rows) flush();
}

void EventTable::flush() {
  for (auto& [name, column] : columns_) {
    column.first.append(H5T_NATIVE_DOUBLE, column.second.data(), column.second.size());
    column.second.clear();
  }
}

namespace {

h5::Table failure_column(hid_t group, const std::string& name, hid_t type, const std::string& long_name) {
  h5::Table table(group, name, {type}, {}, 1024);
  h5::put(table.id(), "units", "1");
  h5::put(table.id(), "long_name", long_name);
  h5::attach_scale(table.id(), group, "failure", 0);
  return table;
}

h5::Handle failure_group(hid_t file) {
  return h5::exists(file, "failures") ? h5::open_group(file, "failures") : h5::create_group(file, "failures");
}

}  // namespace

FailureTable::FailureTable(hid_t file)
    : row_(scale(failure_group(file), "failure", "row of the list of failures", 1024)),
      trial_(failure_column(failure_group(file), "trial", H5T_STD_I64LE, "index of the trial")),
      stage_(failure_column(failure_group(file), "stage", h5::string_type(), "what the trial was doing")),
      message_(failure_column(failure_group(file), "message", h5::string_type(), "what went wrong")) {}

void FailureTable::append(const TrialResult& record) {
  if (record.status == TrialStatus::ok) return;
  rows_.push_back(count_++);
  trials_.push_back(record.trial);
  stages_.push_back(record.stage);
  messages_.push_back(record.message);
  if (rows_.size() == rows_per_batch) flush();
}

void FailureTable::flush() {
  row_.append(H5T_NATIVE_INT64, rows_.data(), rows_.size());
  trial_.append(H5T_NATIVE_INT64, trials_.data(), trials_.size());
  stage_.append(stages_);
  message_.append(messages_);
  rows_.clear();
  trials_.clear();
  stages_.clear();
  messages_.clear();
}

}  // namespace qantar::sim
