#include "sim/ensemble.hpp"

#include <new>
#include <utility>

namespace qantar::sim {
namespace {

TrialResult attempt(std::int64_t trial, const std::function<TrialResult(std::int64_t)>& run) {
  TrialResult record;
  try {
    record = run(trial);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {
    record.status = TrialStatus::failed;
    record.stage = "running";
    record.message = what_was_thrown();
  }
  record.trial = trial;
  return record;
}

}  // namespace

EnsembleEnd run_ensemble(std::int64_t first, std::int64_t last, int threads,
                         const std::function<TrialResult(std::int64_t)>& run,
                         const std::function<void(TrialResult&&)>& sink, const StopFlag& stop) {
  std::int64_t failed = 0;
  const auto end = run_ordered<TrialResult>(
      first, last, threads, [&](std::int64_t trial) { return attempt(trial, run); },
      [&](std::int64_t, TrialResult&& record) {
        const bool has_failed = record.status == TrialStatus::failed;
        sink(std::move(record));
        failed += has_failed;
      },
      stop);
  return {end.done, failed, end.interrupted};
}

}  // namespace qantar::sim
