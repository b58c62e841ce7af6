// A result as CSV, for whatever reads neither HDF5 nor netCDF.
#include <cmath>
#include <functional>
#include <iterator>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "sim/config/diagnostics.hpp"
#include "sim/progress.hpp"
#include "sim/results/replacement.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::cli {
namespace {

constexpr std::int64_t rows_at_once = 256;

/// Rows as RFC 4180 quotes them, in UTF-8. What is undefined is an empty field. A text that a spreadsheet would take
/// for a formula begins with an apostrophe.
class CsvWriter {
 public:
  explicit CsvWriter(std::ostream& out) : out_(out) {}

  void text(std::string_view text) {
    if (begun_) row_ += ',';
    begun_ = true;
    const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
    const std::string neutral = formula ? fmt::format("'{}", text) : std::string();
    if (formula) text = neutral;
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
      row_ += text;
      return;
    }
    row_ += '"';
    for (const char c : text) row_ += c == '"' ? std::string("\"\"") : std::string(1, c);
    row_ += '"';
  }
  /// With as few digits as give the same number again.
  template <class T>
  void number(T x) {
    if (begun_) row_ += ',';
    begun_ = true;
    if (x == x) fmt::format_to(std::back_inserter(row_), "{}", x);
  }
  void end_row() {
    row_ += '\n';
    out_ << row_;
    row_.clear();
    begun_ = false;
    if (!out_) throw sim::OutputError("the table cannot be written; is the disk full?");
  }

 private:
  std::ostream& out_;
  std::string row_;
  bool begun_ = false;
};

/// The name of an index along an axis: its label, or its coordinate.
class Export {
 public:
  Export(const sim::ResultReader& result, std::ostream& out, const std::function<void(std::int64_t)>& done)
      : result_(result), layout_(result.layout()), csv_(out), done_(done) {}

  /// One row per trial, one column per number of it.
  void outcomes() {
    std::vector<sim::Variable> columns{{"hypothesis", "1", "", sim::ValueKind::code, {}, {}},
                                       {"point", "1", "", sim::ValueKind::count, {}, {}},
                                       {"replicate", "1", "", sim::ValueKind::count, {}, {}},
                                       {"status", "1", "", sim::ValueKind::code, {}, {"ok", "failed"}}};
    for (const auto& h : result_.run().hypotheses) columns.front().meanings.push_back(h.name);
    columns.insert(columns.end(), layout_.outcomes.begin(), layout_.outcomes.end());
    for (auto v : layout_.parameters) {
      v.name.insert(0, "parameter_");
      columns.push_back(std::move(v));
    }
    csv_.text("trial");
    for (const auto& v : columns)
      for (std::size_t i = 0; i < layout_.size(v); ++i) {
        std::string name = v.name;
        for (const auto& label : layout_.labels(v, i)) name += ":" + label;
        csv_.text(name);
      }
    csv_.end_row();

    const auto trials = result_.trial_numbers();
    for (std::int64_t first = 0; first < result_.trials(); first += rows_at_once) {
      const std::int64_t n = std::min(rows_at_once, result_.trials() - first);
      std::vector<std::vector<double>> numbers;
      for (const auto& v : columns) numbers.push_back(result_.variable(v.name, first, n));
      for (std::int64_t row = 0; row < n; ++row) {
        csv_.number(trials[first + row]);
        for (std::size_t c = 0; c < columns.size(); ++c) {
          const std::size_t size = layout_.size(columns[c]);
          for (std::size_t i = 0; i < size; ++i)
            value(columns[c], numbers[c][static_cast<std::size_t>(row) * size + i]);
        }
        csv_.end_row();
      }
      done_(first + n);
    }
  }

  /// The log of the kept trials: one row per event.
  void events() {
    for (const char* name : {"trial", "hypothesis", "number", "time", "kind"}) csv_.text(name);
    for (const auto& ref : layout_.event_refs) csv_.text(ref);
    csv_.text("value");
    csv_.text("causes");
    csv_.end_row();
    each_kept([&](const sim::TrialResult& record) {
      for (std::size_t number = 0; number < record.events.size(); ++number) {
        const sim::LoggedEvent& event = record.events[number];
        csv_.number(record.trial);
        csv_.text(hypothesis(record));
        csv_.number(number);
        csv_.number(event.time);
        csv_.text(layout_.event_kinds.at(event.kind));
        for (std::size_t r = 0; r < layout_.event_refs.size(); ++r)
          csv_.text(event.refs[r] < 0
                        ? ""
                        : layout_.axis(layout_.event_refs[r]).text(static_cast<std::size_t>(event.refs[r])));
        csv_.number(event.value);
        csv_.text(fmt::format("{}", fmt::join(event.causes, " ")));
        csv_.end_row();
      }
    });
  }

  /// The courses of the kept trials: one row per number of each step.
  void series() {
    std::vector<std::string> axes;
    for (const auto& v : layout_.series)
      for (const auto& axis : v.axes)
        if (std::ranges::find(axes, axis) == axes.end()) axes.push_back(axis);
    for (const char* name : {"trial", "hypothesis", "time", "variable"}) csv_.text(name);
    for (const auto& axis : axes) csv_.text(axis);
    csv_.text("value");
    csv_.end_row();

    // Where the numbers of a step belong: the variable, then a label or nothing for each axis.
    std::vector<std::vector<std::string>> places;
    for (const auto& v : layout_.series)
      for (std::size_t i = 0; i < layout_.size(v); ++i) {
        auto& place = places.emplace_back(1 + axes.size());
        place.front() = v.name;
        const auto labels = layout_.labels(v, i);
        for (std::size_t a = 0; a < labels.size(); ++a)
          place[static_cast<std::size_t>(std::ranges::find(axes, v.axes[a]) - axes.begin()) + 1] = labels[a];
      }
    each_kept([&](const sim::TrialResult& record) {
      for (std::size_t i = 0; i < record.series.size(); ++i) {
        csv_.number(record.trial);
        csv_.text(hypothesis(record));
        csv_.number(result_.clock().end_of(static_cast<int>(i / places.size())));
        for (const auto& text : places[i % places.size()]) csv_.text(text);
        csv_.number(record.series[i]);
        csv_.end_row();
      }
    });
  }

 private:
  /// A code as its meaning, anything else as a number.
  void value(const sim::Variable& v, double x) {
    if (v.kind != sim::ValueKind::code)
      csv_.number(x);
    else
      csv_.text(x < 0 ? "" : v.meanings.at(static_cast<std::size_t>(x)));
  }

  std::string_view hypothesis(const sim::TrialResult& record) const {
    return result_.run().hypotheses.at(record.hypothesis).name;
  }

  void each_kept(const std::function<void(const sim::TrialResult&)>& write) {
    std::int64_t done = 0;
    for (const auto trial : result_.kept_trials()) {
      write(result_.record(trial));
      done_(++done);
    }
  }

  const sim::ResultReader& result_;
  const sim::ResultLayout& layout_;
  CsvWriter csv_;
  const std::function<void(std::int64_t)>& done_;
};

using TableWriter = void (Export::*)();

TableWriter table_writer(const std::string& name) {
  if (name == "outcomes") return &Export::outcomes;
  if (name == "events") return &Export::events;
  if (name == "series") return &Export::series;
  throw UsageError(fmt::format("--table: \"{}\" is none of outcomes, events, series{}", name,
                               sim::nearest_hint(name, {"outcomes", "events", "series"})));
}

}  // namespace

int export_table(const Call& call) {
  Form form{
      "qantar export FILE [--table outcomes|events|series] [-o TABLE.csv] [--force]",
      "Writes a result as CSV in UTF-8, with the names of the result file in the first row. outcomes: a row for each\n"
      "trial, and a column for each number, such as deaths or site_fell:almaty_akimat. events: a row for each entry\n"
      "in the logs of the kept trials; series: a row for each number of each step of their courses. Times are hours\n"
      "since the epoch of the case; what never happened or is undefined is empty. Parquet is not written: Debian 12\n"
      "has no library for it; docs/DATA.md shows how pandas makes it from this.",
      "qantar export january.h5 --table events -o events.csv",
      {"FILE"}};
  form.options.add_options()                                                                       //
      ("table", text_value("outcomes|events|series", "outcomes"), "what to write")                 //
      ("format", text_value("csv", "csv"), "csv, the only one so far")                             //
      ("output,o", text_value("FILE"), "where the table goes; without it to the standard output")  //
      ("force", "replace the file if it exists");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  if (text_of(*given, "format") != "csv")
    throw UsageError(fmt::format("--format: \"{}\" is not csv", text_of(*given, "format")));
  const TableWriter table = table_writer(text_of(*given, "table"));
  const bool to_file = given->count("output") > 0;
  if (!to_file && given->count("force")) throw UsageError("--force belongs to -o FILE");

  const sim::ResultReader result(list_of(*given, "FILE").front());
  const std::int64_t trials = table == &Export::outcomes ? result.trials() : std::ssize(result.kept_trials());
  if (trials == 0 && table != &Export::outcomes)
    call.err << "qantar export: the result keeps no events and courses of any trial; see qantar run --keep-series\n";
  sim::Progress progress("exporting", trials, to_file ? sim::Progress::style_of(stderr) : sim::Progress::Style::silent);
  const auto write = [&](std::ostream& out) {
    (Export(result, out, [&](std::int64_t done) { progress.update(done); }).*table)();
  };
  if (to_file)
    sim::write_text_file(text_of(*given, "output"), given->count("force") > 0, write);
  else
    write(call.out);
  return success;
}

}  // namespace qantar::cli
