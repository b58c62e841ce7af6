#include "sim/ensemble.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace qantar::sim {
namespace {

TrialRecord attempt(std::int64_t trial, const std::function<TrialRecord(std::int64_t)>& run) {
  TrialRecord record;
  const auto fail = [&](const char* message) {
    record.status = TrialStatus::failed;
    record.stage = "running";
    record.message = message;
  };
  try {
    record = run(trial);
  } catch (const std::exception& error) {
    fail(error.what());
  } catch (...) {
    fail("an exception that is no std::exception");
  }
  record.trial = trial;
  return record;
}

std::size_t bytes_of(const TrialRecord& r) {
  return sizeof(TrialRecord) + sizeof(double) * (r.outcomes.size() + r.parameters.size()) +
         sizeof(float) * r.series.size() + sizeof(LoggedEvent) * r.events.size();
}

// A ring of finished records between many workers and one sink. Plain threads and one lock instead of a
// pipeline of a task library: a trial is long against a lock, and ThreadSanitizer can see every hand-over.
class Assembly {
 public:
  Assembly(std::int64_t first, std::int64_t last, int threads, const std::function<TrialRecord(std::int64_t)>& run,
           const std::function<void(TrialRecord&&)>& sink, const StopFlag& stop)
      : ring_(static_cast<std::size_t>(std::max(most_records, records_per_thread * threads))),
        always_(records_per_thread * threads),
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
      // Waiting ends: the oldest trial that is not delivered is always in the hands of a worker that runs.
      room_.wait(lock,
                 [&] { return over() || next_ < delivered_ + (waiting_ < most_bytes ? std::ssize(ring_) : always_); });
      if (over()) return;
      const std::int64_t trial = next_++;
      lock.unlock();
      TrialRecord record = attempt(trial, run_);
      lock.lock();
      waiting_ += bytes_of(record);
      slot(trial) = std::move(record);
      deliver(lock);
    }
  }

  EnsembleEnd end() const {
    if (error_) std::rethrow_exception(error_);
    return {delivered_ - first_, failed_, next_ < last_};
  }

 private:
  std::optional<TrialRecord>& slot(std::int64_t trial) { return ring_[static_cast<std::size_t>(trial) % ring_.size()]; }

  bool over() const { return next_ >= last_ || error_ || stop_.load(); }

  // Whoever completes the oldest missing trial also delivers those that waited behind it. Until the sink is
  // done with a record its slot stays empty, so nobody else comes past the loop's condition and the sink is
  // never called twice at once.
  void deliver(std::unique_lock<std::mutex>& lock) {
    while (!error_ && slot(delivered_)) {
      TrialRecord record = std::move(*slot(delivered_));
      slot(delivered_).reset();
      waiting_ -= bytes_of(record);
      const bool failed = record.status == TrialStatus::failed;
      lock.unlock();
      std::exception_ptr error;
      try {
        sink_(std::move(record));
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      error_ = error;
      if (!error) {
        ++delivered_;
        failed_ += failed;
      }
      room_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable room_;
  std::vector<std::optional<TrialRecord>> ring_;
  std::size_t waiting_ = 0;  // bytes
  const std::int64_t always_;
  const std::int64_t first_, last_;
  const std::function<TrialRecord(std::int64_t)>& run_;
  const std::function<void(TrialRecord&&)>& sink_;
  const StopFlag& stop_;
  std::int64_t next_, delivered_, failed_ = 0;
  std::exception_ptr error_;
};

}  // namespace

EnsembleEnd run_ensemble(std::int64_t first, std::int64_t last, int threads,
                         const std::function<TrialRecord(std::int64_t)>& run,
                         const std::function<void(TrialRecord&&)>& sink, const StopFlag& stop) {
  if (threads <= 0) threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  last = std::max(first, last);
  threads = static_cast<int>(std::clamp<std::int64_t>(last - first, 1, threads));
  Assembly assembly(first, last, threads, run, sink, stop);
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

void parallel_for(std::int64_t count, int threads, const std::function<void(std::int64_t)>& body) {
  std::mutex mutex;
  std::int64_t failed = count;
  std::exception_ptr error;
  const StopFlag never_stops{false};
  run_ensemble(
      0, count, threads,
      [&](std::int64_t i) {
        try {
          body(i);
        } catch (...) {
          const std::scoped_lock lock(mutex);
          if (i < failed) error = std::current_exception();
          failed = std::min(failed, i);
        }
        return TrialRecord{};
      },
      [](TrialRecord&&) {}, never_stops);
  if (error) std::rethrow_exception(error);
}

}  // namespace qantar::sim
