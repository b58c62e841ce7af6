#include "sim/sweep/work.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "sim/progress.hpp"
#include "sim/results/digest.hpp"
#include "sim/results/provenance.hpp"
#include "sim/results/replacement.hpp"

namespace qantar::sim {
namespace {

namespace fs = std::filesystem;

/// Gaps and files that a message lists; more are counted.
constexpr std::size_t most_listed = 10;
/// Times that a merge is tried when parts are compacted under its eyes.
constexpr int most_tries = 3;

/// The part that is being written.
class OpenPart {
 public:
  explicit OpenPart(const SweepContext& context) : context_(context) {}

  void append(const TrialResult& record) {
    if (!writer_) {
      trials_.first = record.trial;
      began_ = Progress::steady_seconds();
      writer_ = std::make_unique<ResultWriter>(path({record.trial, record.trial + 1}), context_.layout, context_.clock,
                                               context_.run, true);
    }
    writer_->append(record);
    trials_.last = record.trial + 1;
  }

  double age() const { return writer_ ? Progress::steady_seconds() - began_ : 0; }

  /// Returns false when another worker has sealed the same part.
  bool seal() {
    if (!writer_) return true;
    const bool moved = writer_->finish_as(path(trials_), false);
    writer_.reset();
    return moved;
  }

 private:
  fs::path path(const TrialRange& trials) const {
    return context_.folder / part_name(context_.run.sweep.experiment, trials);
  }

  const SweepContext& context_;
  TrialRange trials_;
  double began_ = 0;
  std::unique_ptr<ResultWriter> writer_;
};

std::vector<Part> parts_of(const SweepContext& context) {
  return read_ledger(context.folder, context.run.sweep.experiment).parts;
}

template <class T, class Text>
std::string listed(const std::vector<T>& all, const std::string& separator, Text text) {
  std::string out;
  for (std::size_t i = 0; i < std::min(all.size(), most_listed); ++i) out += (i ? separator : "") + text(all[i]);
  if (all.size() > most_listed) out += fmt::format("{}and {} more", separator, all.size() - most_listed);
  return out;
}

std::string text_of(const TrialRange& range) {
  return range.last - range.first == 1 ? fmt::format("{}", range.first)
                                       : fmt::format("{}-{}", range.first, range.last - 1);
}

/// Removes the parts that `replaced` says, but for those that stay; these are found whole first, so that no damaged
/// part takes the place of good ones.
void remove_parts(const std::vector<Part>& parts, const std::vector<Part>& stay, const std::string& experiment,
                  const std::function<bool(const Part&)>& replaced) {
  std::set<fs::path> kept;
  for (const auto& part : stay) kept.insert(part.path);
  std::vector<fs::path> superfluous;
  for (const auto& part : parts)
    if (!kept.contains(part.path) && replaced(part)) superfluous.push_back(part.path);
  if (superfluous.empty()) return;
  for (const auto& part : stay) open_part(part, experiment);
  std::error_code ignored;
  for (const auto& path : superfluous) fs::remove(path, ignored);
}

MergeEnd merge_ledger(const Ledger& ledger, const SweepContext& context, RunDescription run, const fs::path& target,
                      bool replace, bool partial, const std::function<void(std::int64_t)>& progress) {
  const std::string& experiment = run.sweep.experiment;
  if (!ledger.foreign.empty())
    throw ResultError(
        fmt::format("{}: these files are no parts of this sweep, or copies under another name; move them away:\n  {}",
                    context.folder.string(),
                    listed(ledger.foreign, "\n  ", [](const fs::path& p) { return p.filename().string(); })));
  const TrialRange all{0, run.sweep.trials};
  run.sweep.missing = missing(ledger.parts, all);
  if (!run.sweep.missing.empty() && !partial) {
    std::int64_t n = 0;
    for (const auto& gap : run.sweep.missing) n += gap.last - gap.first;
    throw ResultError(
        fmt::format("{} of {} trials are missing: {}. Run them with qantar sweep run, or merge what is "
                    "there with --partial",
                    n, all.last, listed(run.sweep.missing, ", ", text_of)));
  }
  const auto pieces = cover(ledger.parts, all);
  if (pieces.empty()) throw ResultError("no trial of the sweep has been run; run it with qantar sweep run");
  ResultWriter writer(target, context.layout, context.clock, run, replace);
  MergeEnd end;
  for (auto piece = pieces.begin(); piece != pieces.end(); ++piece) try {
      const ResultReader reader = open_part(piece->part, experiment);
      const std::int64_t offset = piece->part.trials.first;
      writer.append(reader, piece->trials.first - offset, piece->trials.last - offset);
      progress(end.trials += piece->trials.last - piece->trials.first);
    } catch (const ResultError& first) {
      // Nothing is written any more; the others are looked at so that all are named at once.
      std::string problems = first.what();
      for (++piece; piece != pieces.end(); ++piece) try {
          open_part(piece->part, experiment);
        } catch (const ResultError& another) {
          problems += fmt::format("\n{}", another.what());
        }
      throw ResultError(problems);
    }
  end.failed = writer.failed();
  end.digest = writer.finish();
  return end;
}

}  // namespace

WorkEnd run_parts(const SweepContext& context, const WorkSettings& settings,
                  const std::function<std::optional<TrialRange>()>& next, const StopFlag& stop) {
  WorkEnd end;
  OpenPart part(context);
  const auto seal = [&] { end.there_already += !part.seal(); };
  while (const auto range = next()) {
    if (stop.load()) end.interrupted = true;
    if (end.interrupted) return end;
    std::int64_t failed = 0;
    EnsembleEnd ensemble;
    try {
      ensemble = run_ensemble(
          range->first, range->last, settings.threads, context.trial,
          [&](TrialResult&& record) {
            part.append(record);
            failed += record.status == TrialStatus::failed;
            // Where a block ends rather than within one: such parts are compacted and merged as they are stored.
            const bool block_ends = (record.trial + 1) % block_trials == 0;
            if (part.age() >= (block_ends ? settings.part_seconds / 2 : settings.part_seconds)) seal();
            settings.progress(++end.done);
          },
          stop);
    } catch (const std::bad_alloc&) {
      seal();
      throw;
    }
    seal();
    end.failed += failed;
    end.interrupted = ensemble.interrupted;
    if (end.interrupted) return end;
  }
  return end;
}

std::function<std::optional<TrialRange>()> missing_of(const SweepContext& context, const TrialRange& range) {
  auto gaps = missing(parts_of(context), range);
  std::ranges::reverse(gaps);
  return [gaps]() mutable -> std::optional<TrialRange> {
    if (gaps.empty()) return std::nullopt;
    const TrialRange gap = gaps.back();
    gaps.pop_back();
    return gap;
  };
}

void compact(const SweepContext& context, const TrialRange& range) {
  const std::string& experiment = context.run.sweep.experiment;
  const auto parts = parts_of(context);
  if (range.first == range.last || !missing(parts, range).empty()) return;
  const auto pieces = cover(parts, range);
  const fs::path target = context.folder / part_name(experiment, range);
  if (pieces.size() > 1) try {
      ResultWriter writer(target, context.layout, context.clock, context.run, true);
      for (const auto& [part, trials] : pieces)
        writer.append(open_part(part, experiment), trials.first - part.trials.first, trials.last - part.trials.first);
      writer.finish_as(target, false);
    } catch (const ResultError&) {
      // Another worker may have compacted the same range, and removed parts under our eyes.
      if (!fs::exists(target)) throw;
    }
  const auto left = parts_of(context);
  const auto whole = cover(left, range);
  if (whole.size() != 1) return;
  const Part& one = whole.front().part;
  remove_parts(left, {one}, experiment, [&](const Part& part) {
    return part.trials.first >= one.trials.first && part.trials.last <= one.trials.last;
  });
}

MergeEnd merge(const SweepContext& context, const RunDescription& run, const fs::path& target, bool replace,
               bool partial, const std::function<void(std::int64_t)>& progress) {
  for (int tries = 1;; ++tries) {
    const Ledger ledger = read_ledger(context.folder, run.sweep.experiment);
    try {
      return merge_ledger(ledger, context, run, target, replace, partial, progress);
    } catch (const ResultError&) {
      // A worker that compacts its shard meanwhile removes parts, and leaves one that has their trials.
      const auto gone = [](const Part& part) {
        std::error_code ignored;
        return !fs::exists(part.path, ignored);
      };
      if (tries == most_tries || std::ranges::none_of(ledger.parts, gone)) throw;
    }
  }
}

void remove_unneeded(const SweepContext& context) {
  const auto parts = parts_of(context);
  std::vector<Part> needed;
  for (const auto& piece : cover(parts, {0, context.run.sweep.trials})) needed.push_back(piece.part);
  remove_parts(parts, needed, context.run.sweep.experiment, [](const Part&) { return true; });
}

void remove_leftovers(const SweepContext& context) {
  std::error_code ignored;
  for (const auto& path : read_ledger(context.folder, context.run.sweep.experiment).temporary)
    if (is_orphan(path)) fs::remove(path, ignored);
}

}  // namespace qantar::sim
