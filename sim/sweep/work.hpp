// Running the trials of a sweep into parts, and putting parts together.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "sim/ensemble.hpp"
#include "sim/sweep/parts.hpp"

namespace qantar::sim {

/// What every worker of a sweep shares.
struct SweepContext {
  std::filesystem::path folder;  ///< of the parts
  ResultLayout layout;           ///< without series, which a sweep does not keep
  Clock clock;
  RunDescription run;                              ///< with the experiment in `sweep`
  std::function<TrialResult(std::int64_t)> trial;  ///< pure; called from many threads at once
};

/// How one worker goes about it.
struct WorkSettings {
  int threads = 0;           ///< 0 for one on each core
  double part_seconds = 30;  ///< a part is sealed this long after its first trial
  std::function<void(std::int64_t done)> progress = [](std::int64_t) {};  ///< trials since the start
};

struct WorkEnd {
  std::int64_t done = 0, failed = 0;
  std::int64_t there_already = 0;  ///< parts that another worker sealed under the same name meanwhile
  bool interrupted = false;
};

/// Runs ranges of trials until `next` has no more, sealing a part at least every `part_seconds` and at the end of each
/// range. When `stop` is set, what is under way is sealed first. A part is on disk when it is sealed: whatever kills
/// the worker loses only what came after. Throws OutputError when a part cannot be written.
WorkEnd run_parts(const SweepContext& context, const WorkSettings& settings,
                  const std::function<std::optional<TrialRange>()>& next, const StopFlag& stop);

/// The ranges that are missing of `range` when it is first asked, one after the other.
std::function<std::optional<TrialRange>()> missing_of(const SweepContext& context, const TrialRange& range);

/// Puts the parts of a range together into one and removes those that it replaces. Does nothing when some trial is
/// missing or a single part has them all. Two workers may do it at once.
void compact(const SweepContext& context, const TrialRange& range);

/// Removes the parts that a cover of the whole sweep does not need. Only for a time when nobody else is at work.
void remove_unneeded(const SweepContext& context);

/// What a merge made.
struct MergeEnd {
  std::string digest;                   ///< of the content
  std::int64_t trials = 0, failed = 0;  ///< in the file; of these, how many failed
};

/// Writes all parts, in the order of their trials, to one result. `run` describes it; its `sweep.missing` is filled in.
/// Throws ResultError that names every gap (unless `partial`) and every part that is damaged or foreign; OutputError
/// when the result cannot be written. Memory does not grow with the trials. Begins anew when a worker compacts parts
/// meanwhile.
MergeEnd merge(const SweepContext& context, const RunDescription& run, const std::filesystem::path& target,
               bool replace, bool partial, const std::function<void(std::int64_t done)>& progress);

/// Removes what workers on this machine that are gone have left half-written.
void remove_leftovers(const SweepContext& context);

}  // namespace qantar::sim
