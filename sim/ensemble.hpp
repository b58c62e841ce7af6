// Many trials on many threads, delivered in index order.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>

#include "sim/record.hpp"

namespace qantar::sim {

/// How an ensemble ended.
struct EnsembleEnd {
  std::int64_t done = 0, failed = 0;  ///< delivered to the sink; of these, how many failed
  bool interrupted = false;           ///< stopped before the last trial
};

/// Asked between trials; set from a signal handler to end an ensemble cleanly.
using StopFlag = std::atomic<bool>;

/// How many records may be under way or waiting at a time: some for each thread, and more as long as those that wait
/// take little memory, so that small trials go on while the sink writes a batch.
inline constexpr std::int64_t records_per_thread = 4, most_records = 4096;
inline constexpr std::size_t most_bytes = 16u << 20;

/// Runs trials first, first+1, ..., last-1 on `threads` threads (0: all cores), the calling one among them,
/// and hands each record to `sink` in index order, from one thread at a time. `run` must be pure and is
/// called concurrently; an exception that it throws becomes a failed record without outcomes. At most
/// `records_per_thread` records per thread are under way or waiting, or up to `most_records` while those that wait take
/// less than `most_bytes`. When `stop`
/// is set no new trial starts, and those already under way are still delivered: what the sink has seen is always a
/// prefix. An exception from `sink` ends the ensemble and is rethrown.
EnsembleEnd run_ensemble(std::int64_t first, std::int64_t last, int threads,
                         const std::function<TrialRecord(std::int64_t)>& run,
                         const std::function<void(TrialRecord&&)>& sink, const StopFlag& stop);

/// Calls `body` for 0 .. count - 1 on `threads` threads (0: all cores), and rethrows the first exception by index.
void parallel_for(std::int64_t count, int threads, const std::function<void(std::int64_t)>& body);

}  // namespace qantar::sim
