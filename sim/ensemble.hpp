// Many trials on many threads, delivered in index order.
#pragma once
#include <cstdint>
#include <functional>

#include "sim/ordered.hpp"
#include "sim/trial_result.hpp"

namespace qantar::sim {

/// How an ensemble ended.
struct EnsembleEnd {
  std::int64_t done = 0, failed = 0;  ///< delivered to the sink; of these, how many failed
  bool interrupted = false;           ///< stopped before the last trial
};

/// Runs trials first, first+1, ..., last-1 in order on `threads` threads, as `run_ordered` does. An exception that
/// `run` throws becomes a failed record without outcomes, but for std::bad_alloc, which ends the ensemble after the
/// trials before it: too little memory is no outcome.
EnsembleEnd run_ensemble(std::int64_t first, std::int64_t last, int threads,
                         const std::function<TrialResult(std::int64_t)>& run,
                         const std::function<void(TrialResult&&)>& sink, const StopFlag& stop);

}  // namespace qantar::sim
