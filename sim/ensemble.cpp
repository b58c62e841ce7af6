#include "sim/ensemble.hpp"

#include <utility>

namespace qantar::sim {
namespace {

TrialRecord attempt(std::int64_t trial, const std::function<TrialRecord(std::int64_t)>& run) {
  TrialRecord record;
  try {
    record = run(trial);
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
                         const std::function<TrialRecord(std::int64_t)>& run,
                         const std::function<void(TrialRecord&&)>& sink, const StopFlag& stop) {
  std::int64_t failed = 0;
  const auto end = run_ordered<TrialRecord>(
      first, last, threads, [&](std::int64_t trial) { return attempt(trial, run); },
      [&](std::int64_t, TrialRecord&& record) {
        const bool has_failed = record.status == TrialStatus::failed;
        sink(std::move(record));
        failed += has_failed;
      },
      stop);
  return {end.done, failed, end.interrupted};
}

}  // namespace qantar::sim
