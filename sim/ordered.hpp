// Much work on many threads, its results delivered in order.
#pragma once
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace qantar::sim {

/// Asked between pieces of work; set from a signal handler to end them cleanly.
using StopFlag = std::atomic<bool>;

/// How many results may be under way or waiting at a time: some for each thread, and more as long as those that wait
/// take little memory, so that small ones go on while the sink writes a batch.
inline constexpr std::int64_t results_per_thread = 4, most_results = 4096;
inline constexpr std::size_t most_bytes = 16u << 20;

/// Memory that a result holds while it waits, in bytes. Overloaded for what holds more than itself.
template <class Result>
std::size_t bytes_held(const Result&) {
  return sizeof(Result);
}
inline std::size_t bytes_held(const std::vector<double>& numbers) { return sizeof(double) * (4 + numbers.size()); }

/// What the exception that is being handled says.
std::string what_was_thrown();

struct OrderedEnd {
  std::int64_t done = 0;     ///< results that the sink has taken
  bool interrupted = false;  ///< stopped before the last
};

namespace detail {

// A ring of finished results between many workers and one sink. Plain threads and one lock instead of a
// pipeline of a task library: a trial is long against a lock, and ThreadSanitizer can see every hand-over.
template <class Result>
class Assembly {
 public:
  using Run = std::function<Result(std::int64_t)>;
  using Sink = std::function<void(std::int64_t, Result&&)>;

  Assembly(std::int64_t first, std::int64_t last, int threads, const Run& run, const Sink& sink, const StopFlag& stop)
      : ring_(static_cast<std::size_t>(std::max(most_results, results_per_thread * threads))),
        always_(results_per_thread * threads),
        first_(first),
        last_(last),
        run_(run),
        sink_(sink),
        stop_(stop),
        next_(first),
        delivered_(first) {}

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      // Waiting ends: the oldest result that is not delivered is always in the hands of a worker that runs.
      room_.wait(lock,
                 [&] { return over() || next_ < delivered_ + (waiting_ < most_bytes ? std::ssize(ring_) : always_); });
      if (over()) return;
      const std::int64_t index = next_++;
      lock.unlock();
      Finished finished = finish(index);
      lock.lock();
      if (finished.result) waiting_ += bytes_held(*finished.result);
      slot(index) = std::move(finished);
      deliver(lock);
    }
  }

  OrderedEnd end() const {
    if (error_) std::rethrow_exception(error_);
    return {delivered_ - first_, next_ < last_};
  }

 private:
  // Neither: not finished yet.
  struct Finished {
    std::optional<Result> result;
    std::exception_ptr error;
  };

  Finished finish(std::int64_t index) const {
    try {
      return {run_(index), {}};
    } catch (...) {
      return {{}, std::current_exception()};
    }
  }

  Finished& slot(std::int64_t index) { return ring_[static_cast<std::size_t>(index) % ring_.size()]; }

  bool over() const { return next_ >= last_ || error_ || stop_.load(); }

  // Whoever completes the oldest missing result also delivers those that waited behind it. Until the sink is
  // done with a result its slot stays empty, so nobody else comes past the loop's condition and the sink is
  // never called twice at once.
  void deliver(std::unique_lock<std::mutex>& lock) {
    while (!error_ && (slot(delivered_).result || slot(delivered_).error)) {
      Finished finished = std::move(slot(delivered_));
      slot(delivered_) = {};
      std::exception_ptr error = finished.error;
      if (finished.result) {
        waiting_ -= bytes_held(*finished.result);
        const std::int64_t index = delivered_;
        lock.unlock();
        try {
          sink_(index, std::move(*finished.result));
        } catch (...) {
          error = std::current_exception();
        }
        lock.lock();
      }
      error_ = error;
      if (!error) ++delivered_;
      room_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable room_;
  std::vector<Finished> ring_;
  std::size_t waiting_ = 0;  // bytes
  const std::int64_t always_;
  const std::int64_t first_, last_;
  const Run& run_;
  const Sink& sink_;
  const StopFlag& stop_;
  std::int64_t next_, delivered_;
  std::exception_ptr error_;
};

}  // namespace detail

/// Calls `run` for first, first+1, ..., last-1 on `threads` threads (0: all cores), the calling one among them, and
/// hands each result to `sink(index, result)` in order, from one thread at a time. `run` must be pure and is called
/// concurrently. At most `results_per_thread` results per thread are under way or waiting, or up to `most_results`
/// while those that wait take less than `most_bytes`. When `stop` is set nothing new is started, and what is under way
/// is still delivered: what the sink has seen is always a prefix. An exception from `run` ends it where it would have
/// ended a loop, one from `sink` at once; either is rethrown.
template <class Result>
OrderedEnd run_ordered(std::int64_t first, std::int64_t last, int threads,
                       const std::function<Result(std::int64_t)>& run,
                       const std::function<void(std::int64_t, Result&&)>& sink, const StopFlag& stop) {
  if (threads <= 0) threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  last = std::max(first, last);
  threads = static_cast<int>(std::clamp<std::int64_t>(last - first, 1, threads));
  detail::Assembly<Result> assembly(first, last, threads, run, sink, stop);
  {
    std::vector<std::jthread> helpers;
    try {
      while (std::ssize(helpers) < threads - 1) helpers.emplace_back([&] { assembly.work(); });
    } catch (const std::system_error&) {
      // The system grants no more threads: those that started do the work.
    }
    assembly.work();
  }
  return assembly.end();
}

/// Calls `body` for 0 .. count - 1 on `threads` threads (0: all cores), and rethrows the first exception by index.
void parallel_for(std::int64_t count, int threads, const std::function<void(std::int64_t)>& body);

}  // namespace qantar::sim
