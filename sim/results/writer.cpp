#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "sim/conversions.hpp"
#include "sim/results/provenance.hpp"
#include "sim/results/replacement.hpp"
#include "sim/results/seal.hpp"
#include "sim/results/tables.hpp"

namespace qantar::sim {

namespace fs = std::filesystem;

struct ResultWriter::Impl {
  /// Everything that grows, gone before the file is closed.
  struct Tables {
    TrialTable trials;
    SeriesTable series;
    EventTable events;
    FailureTable failures;
  };

  fs::path target, temporary;
  ResultLayout layout;
  Clock clock;
  RunDescription run;
  const std::string started = time_now();
  bool replace;
  bool created = false, failed = false, finished = false;
  std::int64_t next = 0;
  std::array<std::int64_t, 2> by_status{};
  std::vector<PartOrigin> origins;
  std::vector<std::int64_t> seen;  ///< trials so far, by hypothesis
  std::vector<Column> columns;
  SummaryTable summary;
  h5::Handle file;
  std::unique_ptr<Tables> tables;

  Impl(const fs::path& to, ResultLayout l, const Clock& c, RunDescription r, bool replace_target)
      : target(to),
        layout(std::move(l)),
        clock(c),
        run(std::move(r)),
        replace(replace_target),
        seen(std::max<std::size_t>(run.hypotheses.size(), 1)),
        columns(root_columns(layout, clock, run.hypotheses)),
        summary(layout, clock, run.hypotheses) {
    check_target(target, replace);
    if (!swept()) remove_orphans(target);  // whoever runs a sweep does it once for all parts
  }

  /// Makes the file. Not before there is something to write: the first trials need not wait for it.
  void create() {
    guard([&] {
      temporary = make_temporary(target);
      created = true;
      file = h5::create_file(temporary);
      h5::put(file, "Conventions", "CF-1.8");
      h5::put(file, "title", run.case_title.empty() ? run.case_name : run.case_title);
      h5::put(file, "source", program_name());
      h5::put_int(file, "schema_version", result_schema_version);
      write_layout(file, layout);
      const std::size_t known = std::max<std::int64_t>(run.trials_per_hypothesis, 0);
      const std::size_t kept = std::max<std::int64_t>(run.keep_series, 0);
      // Chunks end where blocks do, so that parts of a sweep can be joined chunk by chunk.
      const std::size_t rows =
          known && !swept() ? std::min<std::size_t>(known * seen.size(), block_trials) : block_trials;
      tables =
          std::make_unique<Tables>(Tables{{file, std::move(columns), rows},
                                          {file, layout, clock, std::min(kept, known ? known : kept) * seen.size()},
                                          {file, layout, clock},
                                          FailureTable(file)});
      const h5::Handle provenance = h5::create_group(file, "provenance");
      write_provenance(provenance, run, started);
      write_clock(provenance, clock);
    });
  }

  bool swept() const { return !run.sweep.experiment.empty(); }

  /// Runs `work`. When writing fails the temporary goes and the error says problem, place and remedy.
  template <class Work>
  auto guard(Work work) -> decltype(work()) {
    std::string problem;
    try {
      return work();
    } catch (const h5::Error& e) {
      problem = e.what();
    } catch (const std::system_error& e) {
      problem = e.what();
    }
    give_up();
    throw OutputError(fmt::format("{}: the result cannot be written: {}. {}; nothing was replaced", target.string(),
                                  problem, remedy_for(target)));
  }

  void give_up() noexcept {
    failed = true;
    h5::abandon_file(file, [&] { tables.reset(); });
    std::error_code ignored;
    if (std::exchange(created, false)) fs::remove(temporary, ignored);
  }

  void check_record(const TrialResult& r) const {
    const auto complain = [&](const std::string& what) {
      throw std::logic_error(fmt::format("trial {}: {}", r.trial, what));
    };
    if (failed || finished) complain("the result is closed already");
    if (swept() ? r.trial < next : r.trial != next) complain(fmt::format("trial {} was expected", next));
    if (r.hypothesis < 0 || static_cast<std::size_t>(r.hypothesis) >= seen.size()) complain("unknown hypothesis");
    const auto fits = [&](std::size_t n, const std::vector<Variable>& variables) {
      return n == layout.width(variables) || (n == 0 && r.status == TrialStatus::failed);
    };
    if (!fits(r.outcomes.size(), layout.outcomes)) complain("wrong number of outcomes");
    if (!fits(r.parameters.size(), layout.parameters)) complain("wrong number of parameters");
    if (r.series.size() > static_cast<std::size_t>(clock.steps()) * layout.width(layout.series))
      complain("more steps in the series than in the clock");
  }

  void append(const TrialResult& r) {
    check_record(r);
    if (!tables) create();
    next = r.trial + 1;
    ++by_status.at(to_underlying(r.status));
    const bool kept = seen[r.hypothesis]++ < run.keep_series;
    summary.append(r);
    guard([&] {
      tables->trials.append(r);
      tables->failures.append(r);
      if (!kept) return;
      tables->series.append(r);
      tables->events.append(r);
    });
  }

  /// Takes rows of a part from `at` on: whole blocks as they are stored where that can be, else the rest of the block.
  /// Returns how many.
  hsize_t append_some(hid_t from, const std::vector<std::int64_t>& trials,
                      const std::map<std::int64_t, RowDigest::Block>& digests, hsize_t at, hsize_t last) {
    const std::int64_t trial = trials[at], block = trial / block_trials;
    const hsize_t whole = (last - at) / block_trials * block_trials;
    if (trial % block_trials == 0 && whole > 0 &&
        trials[at + whole - 1] - trial == static_cast<std::int64_t>(whole) - 1) {
      std::vector<RowDigest::Block> theirs;
      for (std::int64_t b = block; digests.contains(b) && theirs.size() < whole / block_trials; ++b)
        theirs.push_back(digests.at(b));
      if (theirs.size() == whole / block_trials && guard([&] { return tables->trials.fits(from, at, whole); })) {
        guard([&] { tables->trials.append_stored(from, at, whole, block, theirs); });
        return whole;
      }
    }
    hsize_t n = 1;
    while (at + n < last && trials[at + n] / block_trials == block) ++n;
    const TrialTable::Rows rows = tables->trials.read(from, at, n);
    guard([&] { tables->trials.append(rows); });
    return n;
  }

  /// A part that was put together of others is told by these.
  void add_origins(const ResultReader& part, hid_t from, const TrialRange& taken) {
    const auto& theirs = part.run().sweep.origins;
    if (theirs.empty()) {
      const auto made = part.provenance();
      origins.push_back({taken, made.at("host"), made.at("started"), stored_seal(from)});
    }
    for (PartOrigin origin : theirs) {
      origin.trials = {std::max(origin.trials.first, taken.first), std::min(origin.trials.last, taken.last)};
      if (origin.trials.first < origin.trials.last) origins.push_back(origin);
    }
  }

  void append(const ResultReader& part, hid_t from, hsize_t first, hsize_t last) {
    const auto trials = part.trial_numbers();
    if (!trials.empty() && trials.at(first) < next)
      throw std::logic_error(fmt::format("trial {} comes after {}", trials.at(first), next - 1));
    if (part.layout().width(part.layout().outcomes) != layout.width(layout.outcomes) ||
        part.layout().width(part.layout().parameters) != layout.width(layout.parameters))
      throw ResultError("a part of a sweep reports other things than its plan");
    if (!tables) create();
    try {
      const auto status = part.status();
      const auto blocks = read_blocks(from);
      for (hsize_t at = first; at < last;) at += append_some(from, trials, blocks, at, last);
      for (hsize_t row = first; row < last; ++row) {
        ++by_status.at(status.at(row));
        if (status[row] == 0) continue;
        const TrialResult record = part.record(trials[row]);
        guard([&] { tables->failures.append(record); });
      }
    } catch (const h5::Error& e) {
      throw ResultError(e.what());
    }
    if (last == first) return;
    next = trials.at(last - 1) + 1;
    add_origins(part, from, {trials.at(first), next});
  }

  /// The content digest; nothing when another process has made the file meanwhile.
  std::optional<std::string> finish() {
    if (failed || finished) throw std::logic_error("the result is closed already");
    if (!tables) create();
    std::string digest;
    bool moved = false;
    guard([&] {
      digest = tables->trials.digest().hex();
      const auto blocks = tables->trials.digest().blocks();
      tables->series.flush();
      tables->events.flush();
      tables->failures.flush();
      ChunkSums sums = tables->trials.chunk_sums();
      tables.reset();
      summary.write(file);
      finish_provenance(h5::open_group(file, "provenance"), by_status, origins);
      if (swept()) write_blocks(h5::open_group(file, "provenance"), blocks);
      h5::put(file, "content_digest", digest);
      h5::put_int(file, "complete", 1);
      write_manifest(file, std::move(sums));
      const std::uint64_t seal = seal_offset(file);
      h5::close_file(file);
      seal_file(temporary, seal);
      moved = move_into_place(temporary, target, replace);
      finished = moved;
    });
    if (!moved) {
      give_up();
      return std::nullopt;
    }
    sync_folder(folder_of(target));
    return digest;
  }

  ~Impl() {
    if (!finished) give_up();
  }
};

ResultWriter::ResultWriter(const std::filesystem::path& target, ResultLayout layout, const Clock& clock,
                           RunDescription run, bool replace)
    : impl_(std::make_unique<Impl>(target, std::move(layout), clock, std::move(run), replace)) {}
ResultWriter::~ResultWriter() = default;

void ResultWriter::append(const TrialResult& record) { impl_->append(record); }

void ResultWriter::append(const ResultReader& part, std::int64_t first, std::int64_t last) {
  impl_->append(part, part.handle(), static_cast<hsize_t>(first), static_cast<hsize_t>(last));
}

std::int64_t ResultWriter::failed() const { return impl_->by_status[to_underlying(TrialStatus::failed)]; }

std::string ResultWriter::finish() {
  auto digest = impl_->finish();
  if (!digest) check_target(impl_->target, false);
  return *std::move(digest);
}

bool ResultWriter::finish_as(const fs::path& target, bool replace) {
  impl_->target = target;
  impl_->replace = replace;
  return impl_->finish().has_value();
}

}  // namespace qantar::sim
