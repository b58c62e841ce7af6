#include "sim/results/tables.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

namespace qantar::sim {
namespace {

h5::Dims shape_of(const ResultLayout& layout, const Variable& v) {
  h5::Dims out;
  for (const auto& a : v.axes) out.push_back(layout.axis(a).size());
  return out;
}

/// A growing dimension scale of whole numbers.
h5::Table growing_scale(hid_t group, const std::string& name, const std::string& long_name, std::size_t expected) {
  h5::Table table(group, name, {H5T_STD_I64LE}, {}, expected);
  h5::put(table.id(), "units", "1");
  h5::put(table.id(), "long_name", long_name);
  h5::make_scale(table.id());
  return table;
}

}  // namespace

TrialTable::TrialTable(hid_t file, std::vector<Column> columns, std::size_t expected)
    : columns_(std::move(columns)),
      batch_(columns_.size()),
      trial_(growing_scale(file, "trial", "index of the trial", expected)) {
  for (const auto& column : columns_) {
    h5::Dims row;
    std::vector<h5::Handle> axes;
    for (const auto& a : column.variable.axes) {
      axes.push_back(h5::open_dataset(file, a));
      row.push_back(h5::dims(axes.back()).at(0));
    }
    h5::Table& table = tables_.emplace_back(file, column.variable.name, storage_of(column), row, expected);
    const bool drawn = column.source == Source::outcome || column.source == Source::parameter;
    describe(table.id(), column.variable, drawn);
    if (column.source == Source::outcome) h5::put(table.id(), "role", "outcome");
    if (column.source == Source::parameter) h5::put(table.id(), "role", "parameter");
    h5::attach_scale(table.id(), trial_.id(), 0);
    for (unsigned a = 0; a < axes.size(); ++a) h5::attach_scale(table.id(), axes[a], a + 1);
    by_name_.push_back(by_name_.size());
  }
  std::ranges::sort(by_name_, {}, [&](std::size_t i) { return columns_[i].variable.name; });
}

void TrialTable::append(const TrialResult& record) {
  for (std::size_t c = 0; c < columns_.size(); ++c) take_numbers(columns_[c], record, batch_[c]);
  digest_.begin_row(record.trial);
  for (const auto c : by_name_) digest_.add(std::span(batch_[c]).last(columns_[c].size));
  trials_.push_back(record.trial);
  if (trials_.size() == rows_per_batch) flush();
}

TrialTable::Rows TrialTable::read(hid_t file, hsize_t first, hsize_t n) const {
  Rows rows;
  rows.trials = h5::read_rows<std::int64_t>(h5::open_dataset(file, "trial"), H5T_NATIVE_INT64, first, n);
  for (const auto& column : columns_) {
    const h5::Handle dataset = h5::open_dataset(file, column.variable.name);
    rows.numbers.push_back(h5::read_rows<double>(dataset, H5T_NATIVE_DOUBLE, first, n));
    if (rows.numbers.back().size() != n * column.size)
      throw h5::Error("'" + column.variable.name + "' has another shape than in the plan");
  }
  return rows;
}

void TrialTable::append(const Rows& rows) {
  flush();
  for (std::size_t row = 0; row < rows.trials.size(); ++row) {
    digest_.begin_row(rows.trials[row]);
    for (const auto c : by_name_)
      digest_.add(std::span(rows.numbers[c]).subspan(row * columns_[c].size, columns_[c].size));
  }
  for (std::size_t c = 0; c < columns_.size(); ++c)
    tables_[c].append(H5T_NATIVE_DOUBLE, rows.numbers[c].data(), rows.trials.size());
  trial_.append(H5T_NATIVE_INT64, rows.trials.data(), rows.trials.size());
}

bool TrialTable::fits(hid_t file, hsize_t first, hsize_t n) {
  flush();
  bool all = trial_.fits(h5::open_dataset(file, "trial"), first, n);
  for (std::size_t c = 0; all && c < columns_.size(); ++c)
    all = tables_[c].fits(h5::open_dataset(file, columns_[c].variable.name), first, n);
  return all;
}

void TrialTable::append_stored(hid_t file, hsize_t first, hsize_t n, std::int64_t block,
                               std::span<const RowDigest::Block> digests) {
  const auto copy = [&](h5::Table& table, const std::string& name) {
    ChunkSum& sum = chunk_sums_["/" + name];
    const bool goes_on = sum.rows == table.rows();
    table.append_stored(h5::open_dataset(file, name), first, n,
                        [&](const h5::Dims&, std::uint32_t filters, std::span<const char> bytes) {
                          if (goes_on) sum.add(filters, bytes);
                        });
    if (goes_on) sum.rows = table.rows();
  };
  copy(trial_, "trial");
  for (std::size_t c = 0; c < columns_.size(); ++c) copy(tables_[c], columns_[c].variable.name);
  for (const auto& digest : digests) digest_.add_block(block++, digest);
}

const RowDigest& TrialTable::digest() {
  flush();
  digest_.end();
  return digest_;
}

void TrialTable::flush() {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    tables_[c].append(H5T_NATIVE_DOUBLE, batch_[c].data(), trials_.size());
    batch_[c].clear();
  }
  trial_.append(H5T_NATIVE_INT64, trials_.data(), trials_.size());
  trials_.clear();
}

SeriesTable::SeriesTable(hid_t file, const ResultLayout& layout, const Clock& clock, std::size_t expected)
    : steps_(static_cast<std::size_t>(clock.steps())), width_(layout.width(layout.series)) {
  const h5::Handle group = h5::create_group(file, "series");
  std::vector<std::string> names;
  write_scale(group, "time", step_times(clock), clock.cf_units(), "end of the step");
  kept_ = std::make_unique<h5::Table>(growing_scale(group, "trial_kept", "index of the kept trial", expected));
  for (const auto& v : layout.series) {
    h5::Dims row = shape_of(layout, v);
    row.insert(row.begin(), steps_);
    h5::Table& table = tables_.emplace_back(group, v.name, short_float(), row, expected);
    Variable shown = v;
    if (v.kind == ValueKind::time) shown.units = clock.cf_units();
    describe(table.id(), shown);
    if (v.kind == ValueKind::code) h5::put(table.id(), "meanings", v.meanings);
    h5::attach_scale(table.id(), kept_->id(), 0);
    h5::attach_scale(table.id(), group, "time", 1);
    for (unsigned a = 0; a < v.axes.size(); ++a) h5::attach_scale(table.id(), file, v.axes[a], a + 2);
    sizes_.push_back(layout.size(v));
    names.push_back(v.name);
  }
  h5::put(group, "variables", names);
}

void SeriesTable::append(const TrialResult& record) {
  trials_.push_back(record.trial);
  batch_.insert(batch_.end(), record.series.begin(), record.series.end());
  // Of a trial that failed there are none, and a record may have fewer than the clock.
  batch_.resize(trials_.size() * steps_ * width_, std::numeric_limits<float>::quiet_NaN());
  if (trials_.size() == rows_per_batch || batch_.size() * sizeof(float) >= batch_bytes) flush();
}

void SeriesTable::flush() {
  std::vector<float> part;
  std::size_t offset = 0;
  for (std::size_t v = 0; v < tables_.size(); ++v) {
    part.clear();
    for (std::size_t row = 0; row < trials_.size() * steps_; ++row) {
      const auto from = batch_.begin() + row * width_ + offset;
      part.insert(part.end(), from, from + sizes_[v]);
    }
    tables_[v].append(H5T_NATIVE_FLOAT, part.data(), trials_.size());
    offset += sizes_[v];
  }
  kept_->append(H5T_NATIVE_INT64, trials_.data(), trials_.size());
  trials_.clear();
  batch_.clear();
}

SummaryTable::SummaryTable(const ResultLayout& layout, const Clock& clock,
                           const std::vector<HypothesisLabel>& hypotheses)
    : layout_(layout),
      clock_(clock),
      steps_(static_cast<std::size_t>(clock.steps())),
      width_(layout.width(layout.series)),
      counted_(std::max<std::size_t>(hypotheses.size(), 1)),
      bands_(counted_.size() * steps_ * width_) {
  batch_.reserve(batch_numbers);
  for (const auto& h : hypotheses) hypotheses_.push_back(h.name);
  if (hypotheses_.empty()) hypotheses_.emplace_back("none");
}

void SummaryTable::append(const TrialResult& record) {
  if (record.status == TrialStatus::failed) return;
  const std::size_t h = record.hypothesis;
  ++counted_[h];
  const std::size_t row = steps_ * width_;
  if (h != batch_hypothesis_ || batch_.size() + row > batch_numbers) flush();
  batch_hypothesis_ = h;
  batch_.insert(batch_.end(), record.series.begin(), record.series.end());
  batch_.resize(batch_.size() + row - record.series.size(), std::numeric_limits<float>::quiet_NaN());
}

void SummaryTable::flush() {
  const std::size_t row = steps_ * width_;
  bands_.add(batch_hypothesis_ * row, row, batch_);
  batch_.clear();
}

void SummaryTable::write(hid_t file) {
  flush();
  static const std::vector<double> quantiles(band_quantiles.begin(), band_quantiles.end());
  const h5::Handle group = h5::create_group(file, "summary");
  h5::put_int(group, "bins", bands_.bins());
  h5::put(group, "comment",
          fmt::format("quantiles over all trials that did not fail; exact up to {0} trials, then from {0} bins per "
                      "value whose width is below 1/{1} of the range of the values",
                      bands_.bins(), bands_.bins() / 2 - 1));
  write_labels(group, "hypothesis_index", hypotheses_, "rival account");
  write_scale(group, "time", step_times(clock_), clock_.cf_units(), "end of the step");
  write_scale(group, "quantile", quantiles, "1", "share of trials at or below");
  const h5::Handle counted = h5::create_dataset(group, "trials_counted", {H5T_STD_I64LE}, {counted_.size()});
  h5::write(counted, H5T_NATIVE_INT64, counted_.data());
  h5::put(counted, "units", "1");
  h5::put(counted, "long_name", "trials behind the quantiles");
  h5::attach_scale(counted, group, "hypothesis_index", 0);
  for (const auto& [v, first, size] : layout_.placed(layout_.series)) {
    h5::Dims shape = shape_of(layout_, v);
    shape.insert(shape.begin(), {counted_.size(), steps_, quantiles.size()});
    std::vector<float> values;
    values.reserve(h5::elements(shape));
    for (std::size_t row = 0; row < counted_.size() * steps_; ++row)
      for (const double q : quantiles)
        for (std::size_t i = 0; i < size; ++i) values.push_back(bands_.quantile(row * width_ + first + i, q));
    const h5::Handle dataset = h5::create_dataset(group, v.name, short_float(), shape);
    h5::write(dataset, H5T_NATIVE_FLOAT, values.data());
    Variable shown = v;
    if (v.kind == ValueKind::time) shown.units = clock_.cf_units();
    describe(dataset, shown);
    h5::attach_scale(dataset, group, "hypothesis_index", 0);
    h5::attach_scale(dataset, group, "time", 1);
    h5::attach_scale(dataset, group, "quantile", 2);
    for (unsigned a = 0; a < v.axes.size(); ++a) h5::attach_scale(dataset, file, v.axes[a], a + 3);
  }
}

}  // namespace qantar::sim
