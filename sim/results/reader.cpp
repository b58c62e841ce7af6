#include <algorithm>
#include <exception>
#include <functional>
#include <limits>
#include <new>
#include <numeric>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "sim/conversions.hpp"
#include "sim/results/opened.hpp"
#include "sim/results/provenance.hpp"
#include "sim/results/schema.hpp"
#include "sim/results/seal.hpp"

namespace qantar::sim {
namespace {

template <class T>
hid_t memory_type();
template <>
hid_t memory_type<double>() {
  return H5T_NATIVE_DOUBLE;
}
template <>
hid_t memory_type<std::int32_t>() {
  return H5T_NATIVE_INT32;
}
template <>
hid_t memory_type<std::int64_t>() {
  return H5T_NATIVE_INT64;
}

/// What a file says may be anything: a number that is an index, a code or a count must be one that can be.
template <class T>
void check_range(const std::string& name, const std::vector<T>& numbers, std::int64_t least, std::int64_t most) {
  for (const T x : numbers)
    if (x < least || x > most) throw h5::Error(fmt::format("'{}' has {}, where {} to {} can be", name, x, least, most));
}

}  // namespace

constexpr std::int64_t last_status = to_underlying(TrialStatus::failed);

struct ResultReader::Impl {
  std::filesystem::path path;
  h5::Handle file;
  ResultLayout layout;
  Clock clock;
  RunDescription run;
  std::int64_t trials = 0;
  std::vector<std::int64_t> numbers;  ///< trial of each row, when they are not 0, 1, 2, ...
  std::string digest;
  std::vector<std::int64_t> kept;
  mutable std::map<std::string, h5::Handle> open;                 ///< rows of neighbouring trials share a chunk
  mutable std::optional<std::vector<std::int64_t>> event_trials;  ///< of each row of the event log

  /// Whatever fails inside becomes a ResultError that names the file.
  template <class Work>
  auto guard(Work work) const {
    try {
      return work();
    } catch (const ResultError&) {
      throw;
    } catch (const std::bad_alloc&) {
      throw;  // of the machine, as the next
    } catch (const std::system_error&) {
      throw;
    } catch (const std::exception& e) {
      throw ResultError(fmt::format("{}: {}. The file is damaged or no result of this program; qantar verify says more",
                                    path.string(), e.what()));
    }
  }

  void load(const std::string& kind) {
    if (!kind.empty())
      throw ResultError(fmt::format("{} is the result of {}, not a table of trials; make one with qantar run",
                                    path.string(), kind == "calibration" ? "qantar calibrate" : "qantar adjudicate"));
    check_complete();
    layout = read_layout(file);
    const h5::Handle provenance = h5::open_group(file, "provenance");
    clock = read_clock(provenance);
    run = read_run(provenance);
    digest = h5::text(file, "content_digest");
    const h5::Handle trial = h5::open_dataset(file, "trial");
    trials = static_cast<std::int64_t>(h5::dims(trial).at(0));
    // Rows grow, so the last one tells whether any is left out.
    if (trials > 0 &&
        h5::read_rows<std::int64_t>(trial, H5T_NATIVE_INT64, static_cast<hsize_t>(trials - 1), 1)[0] != trials - 1)
      numbers = h5::read_all<std::int64_t>(file, "trial", H5T_NATIVE_INT64);
    kept = h5::read_all<std::int64_t>(file, "series/trial_kept", H5T_NATIVE_INT64);
    check_ascending("trial", numbers);
    check_ascending("series/trial_kept", kept);
    for (const std::int64_t k : kept) row_of(k);
  }

  static void check_ascending(const std::string& name, const std::vector<std::int64_t>& numbers) {
    if (!numbers.empty() && numbers.front() < 0) throw h5::Error("'" + name + "' has a number below 0");
    if (std::ranges::adjacent_find(numbers, std::ranges::greater_equal{}) != numbers.end())
      throw h5::Error("'" + name + "' does not ascend");
  }

  std::int64_t last_hypothesis() const { return std::max<std::int64_t>(std::ssize(run.hypotheses), 1) - 1; }

  void check_complete() const {
    if (!h5::has_attribute(file, "complete") || h5::integer(file, "complete") != 1)
      throw ResultError(path.string() + ": the result is incomplete. Run it again");
  }

  hid_t dataset(const std::string& name) const {
    auto found = open.find(name);
    if (found == open.end()) found = open.emplace(name, h5::open_dataset(file, name)).first;
    return found->second;
  }

  std::vector<double> rows(hid_t d, std::int64_t first, std::int64_t n) const {
    auto out = h5::read_rows<double>(d, H5T_NATIVE_DOUBLE, static_cast<hsize_t>(first), static_cast<hsize_t>(n));
    if (h5::has_attribute(d, "kind") && h5::text(d, "kind") == "flag")
      std::ranges::replace(out, -1.0, std::numeric_limits<double>::quiet_NaN());
    return out;
  }

  template <class T>
  T one(const std::string& name, std::size_t row) const {
    return h5::read_rows<T>(dataset(name), memory_type<T>(), row, 1).at(0);
  }

  void read_series(std::size_t row, TrialResult& record) const {
    const std::size_t width = layout.width(layout.series), steps = static_cast<std::size_t>(clock.steps());
    record.series.resize(steps * width);
    for (const auto& [v, first, size] : layout.placed(layout.series)) {
      const auto part = h5::read_rows<float>(dataset("series/" + v.name), H5T_NATIVE_FLOAT, row, 1);
      if (part.size() != steps * size) throw h5::Error("'series/" + v.name + "' has another number of steps");
      for (std::size_t s = 0; s < steps; ++s)
        std::copy_n(part.begin() + s * size, size, record.series.begin() + s * width + first);
    }
  }

  template <class T>
  std::vector<T> column(const std::string& name, std::size_t first, std::size_t n) const {
    return h5::read_rows<T>(dataset("events/" + name), memory_type<T>(), first, n);
  }

  void read_events(TrialResult& record) const {
    if (!event_trials) event_trials = h5::read_all<std::int64_t>(file, "events/trial", H5T_NATIVE_INT64);
    const auto [from, to] = std::equal_range(event_trials->begin(), event_trials->end(), record.trial);
    const std::size_t first = from - event_trials->begin();
    const std::size_t n = to - from;
    if (n == 0) return;
    const auto time = column<double>("time", first, n), value = column<double>("value", first, n);
    const auto kind = column<std::int32_t>("kind", first, n), count = column<std::int32_t>("cause_count", first, n);
    const auto start = column<std::int64_t>("cause_start", first, n);
    if (layout.event_refs.size() > std::size(LoggedEvent{}.refs)) throw h5::Error("events refer to too much");
    std::vector<std::vector<std::int32_t>> refs;
    for (const auto& r : layout.event_refs) {
      refs.push_back(column<std::int32_t>(r, first, n));
      check_range("events/" + r, refs.back(), -1, std::ssize(layout.axis(r).labels) - 1);
    }
    check_range("events/kind", kind, 0, std::ssize(layout.event_kinds) - 1);
    const auto all_causes = static_cast<std::int64_t>(h5::dims(dataset("events/cause")).at(0));
    check_range("events/cause_start", start, 0, all_causes);
    check_range("events/cause_count", count, 0, all_causes);
    for (std::size_t i = 0; i + 1 < n; ++i)
      if (start[i] + count[i] != start[i + 1]) throw h5::Error("'events/cause_start' does not follow its counts");
    const std::size_t causes_from = start.front();
    const std::size_t causes_to = start.back() + count.back();
    const auto causes = column<std::int32_t>("cause", causes_from, causes_to - causes_from);
    check_range("events/cause", causes, 0, static_cast<std::int64_t>(n) - 1);
    for (std::size_t i = 0; i < n; ++i) {
      LoggedEvent e{time[i], kind[i], {-1, -1, -1}, value[i], {}};
      for (std::size_t r = 0; r < refs.size(); ++r) e.refs[r] = refs[r][i];
      for (std::int32_t c = 0; c < count[i]; ++c)
        e.causes.push_back(causes.at(static_cast<std::size_t>(start[i]) - causes_from + static_cast<std::size_t>(c)));
      record.events.push_back(std::move(e));
    }
  }

  std::size_t row_of(std::int64_t trial) const {
    if (numbers.empty() && trial >= 0 && trial < trials) return trial;
    const auto at = std::ranges::lower_bound(numbers, trial);
    if (at != numbers.end() && *at == trial) return at - numbers.begin();
    throw ResultError(fmt::format("{}: there is no trial {}; the file has {} trials from {} to {}", path.string(),
                                  trial, trials, numbers.empty() ? 0 : numbers.front(),
                                  numbers.empty() ? trials - 1 : numbers.back()));
  }

  TrialResult record(std::int64_t trial) const {
    const std::size_t row = row_of(trial);
    TrialResult r;
    r.trial = trial;
    r.hypothesis = one<std::int32_t>("hypothesis", row);
    check_range("hypothesis", std::vector{r.hypothesis}, 0, last_hypothesis());
    r.key = {run.seed, static_cast<std::uint32_t>(one<std::int64_t>("point", row)),
             static_cast<std::uint32_t>(one<std::int64_t>("replicate", row))};
    const auto status = one<std::int32_t>("status", row);
    check_range("status", std::vector{status}, 0, last_status);
    r.status = static_cast<TrialStatus>(status);
    const auto gather = [&](const std::vector<Variable>& variables, const std::string& prefix) {
      std::vector<double> out;
      for (const auto& v : variables)
        std::ranges::copy(rows(dataset(prefix + v.name), static_cast<std::int64_t>(row), 1), std::back_inserter(out));
      return out;
    };
    r.outcomes = gather(layout.outcomes, "");
    r.parameters = gather(layout.parameters, "parameter_");
    if (r.status != TrialStatus::ok) {
      const auto failed = h5::read_all<std::int64_t>(file, "failures/trial", H5T_NATIVE_INT64);
      const auto at = std::ranges::find(failed, trial);
      if (at == failed.end()) throw h5::Error(fmt::format("trial {} failed, but 'failures' does not say how", trial));
      const auto i = static_cast<hsize_t>(at - failed.begin());
      r.stage = h5::read_texts(dataset("failures/stage"), i, 1).at(0);
      r.message = h5::read_texts(dataset("failures/message"), i, 1).at(0);
    }
    if (const auto at = std::ranges::find(kept, trial); at != kept.end()) {
      read_series(static_cast<std::size_t>(at - kept.begin()), r);
      read_events(r);
    }
    return r;
  }

  std::vector<std::int32_t> codes(const std::string& name, std::int64_t most) const {
    return guard([&] {
      auto out = h5::read_all<std::int32_t>(file, name, H5T_NATIVE_INT32);
      if (std::ssize(out) != trials) throw h5::Error("'" + name + "' has another number of trials");
      check_range(name, out, 0, most);
      return out;
    });
  }
};

ResultReader::ResultReader(const std::filesystem::path& path) : ResultReader(open_finished(path)) {}
ResultReader::ResultReader(FinishedFile file) : impl_(std::make_unique<Impl>()) {
  impl_->path = std::move(file.path);
  impl_->file = std::move(file.handle);
  impl_->guard([&] { impl_->load(file.kind); });
}
ResultReader::~ResultReader() = default;
ResultReader::ResultReader(ResultReader&&) noexcept = default;

std::int64_t ResultReader::trials() const { return impl_->trials; }
std::vector<std::int64_t> ResultReader::trial_numbers() const {
  if (!impl_->numbers.empty()) return impl_->numbers;
  std::vector<std::int64_t> out(static_cast<std::size_t>(impl_->trials));
  std::iota(out.begin(), out.end(), 0);
  return out;
}
std::int64_t ResultReader::handle() const { return impl_->file; }
const ResultLayout& ResultReader::layout() const { return impl_->layout; }
const Clock& ResultReader::clock() const { return impl_->clock; }
const RunDescription& ResultReader::run() const { return impl_->run; }
std::string ResultReader::content_digest() const { return impl_->digest; }
bool ResultReader::has(const std::string& name) const { return h5::exists(impl_->file, name); }
std::vector<std::int32_t> ResultReader::hypothesis() const {
  return impl_->codes("hypothesis", impl_->last_hypothesis());
}
std::vector<std::int32_t> ResultReader::status() const { return impl_->codes("status", last_status); }
std::vector<std::int64_t> ResultReader::kept_trials() const { return impl_->kept; }

std::vector<double> ResultReader::variable(const std::string& name) const { return variable(name, 0, trials()); }

std::vector<double> ResultReader::variable(const std::string& name, std::int64_t first, std::int64_t n) const {
  // Opened for this alone: what stays open keeps its last chunks in memory.
  return impl_->guard([&] { return impl_->rows(h5::open_dataset(impl_->file, name), first, n); });
}

TrialResult ResultReader::record(std::int64_t trial) const {
  return impl_->guard([&] { return impl_->record(trial); });
}

std::vector<double> ResultReader::quantile_bands(const std::string& series) const {
  return impl_->guard([&] { return h5::read_all<double>(impl_->file, "summary/" + series, H5T_NATIVE_DOUBLE); });
}

std::map<std::string, std::string> ResultReader::provenance() const {
  return impl_->guard([&] { return read_provenance(h5::open_group(impl_->file, "provenance")); });
}

}  // namespace qantar::sim
