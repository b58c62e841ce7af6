#include "sim/ensemble.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "sim/trial.hpp"
#include "tests/support/toy_models.hpp"

namespace qantar::sim {
namespace {

using test::BiasedWalk;
using test::FragileWalk;
using test::Machines;
using test::same_bits;

const StopFlag never_stop{false};

template <Model M>
auto trials_of(const M& model) {
  return [&model](std::int64_t trial) {
    return run_trial(model, {.seed = 42, .point = 0, .replicate = static_cast<std::uint32_t>(trial)});
  };
}

using RunTrial = std::function<TrialResult(std::int64_t)>;

std::vector<TrialResult> records(std::int64_t first, std::int64_t last, int threads, const RunTrial& run) {
  std::vector<TrialResult> all;
  const EnsembleEnd end = run_ensemble(
      first, last, threads, run, [&](TrialResult&& r) { all.push_back(std::move(r)); }, never_stop);
  EXPECT_EQ(end.done, last - first);
  EXPECT_FALSE(end.interrupted);
  return all;
}

void expect_same(const std::vector<TrialResult>& a, const std::vector<TrialResult>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(same_bits(a[i], b[i])) << "trial " << i;
}

// A run that takes longer for some trials than for their successors, so that records overtake each other.
RunTrial uneven(const RunTrial& run) {
  return [run](std::int64_t trial) {
    if (trial % 5 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
    return run(trial);
  };
}

TEST(Ensemble, IsTheSameForAnyThreadsAndAnyCut) {
  const BiasedWalk walk(0.6);
  const Machines machines(0.2, 0.1);
  for (const RunTrial& run : {uneven(trials_of(walk)), uneven(trials_of(machines))}) {
    std::vector<TrialResult> plain;
    for (std::int64_t trial = 0; trial < 200; ++trial) {
      plain.push_back(run(trial));
      plain.back().trial = trial;
    }
    for (const int threads : {0, 1, 2, 3, 16}) expect_same(plain, records(0, 200, threads, run));
    for (const std::int64_t piece : {1, 7, 64}) {
      std::vector<TrialResult> joined;
      for (std::int64_t first = 0; first < 200; first += piece)
        for (auto& r : records(first, std::min<std::int64_t>(first + piece, 200), 3, run))
          joined.push_back(std::move(r));
      expect_same(plain, joined);
    }
  }
}

TEST(Ensemble, AFailingTrialHarmsNoOther) {
  const BiasedWalk sound(0.5);
  const FragileWalk fragile(FragileWalk::Where::step);
  const auto good = records(0, 100, 1, trials_of(sound));
  for (const int threads : {1, 2, 3}) {
    const auto mixed = records(0, 100, threads, trials_of(fragile));
    for (std::size_t i = 0; i < mixed.size(); ++i)
      if (FragileWalk::cracks(mixed[i].key)) {
        EXPECT_EQ(mixed[i].status, TrialStatus::failed);
      } else {
        EXPECT_TRUE(same_bits(mixed[i], good[i]));
      }
  }
}

TEST(Ensemble, WhateverATrialThrowsBecomesAFailedRecord) {
  std::vector<TrialResult> all;
  const EnsembleEnd end = run_ensemble(
      10, 20, 2,
      [](std::int64_t trial) -> TrialResult {
        if (trial == 12) throw std::runtime_error("out of luck");
        if (trial == 17) throw 17;
        return {};
      },
      [&](TrialResult&& r) { all.push_back(std::move(r)); }, never_stop);
  EXPECT_EQ(end.done, 10);
  EXPECT_EQ(end.failed, 2);
  EXPECT_FALSE(end.interrupted);
  ASSERT_EQ(all.size(), 10U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].trial, static_cast<std::int64_t>(10 + i));
    EXPECT_EQ(all[i].status, i == 2 || i == 7 ? TrialStatus::failed : TrialStatus::ok);
  }
  EXPECT_EQ(all[2].message, "out of luck");
  EXPECT_FALSE(all[7].message.empty());
}

TEST(Ensemble, TooLittleMemoryIsNoOutcome) {
  for (const int threads : {1, 2, 3}) {
    std::int64_t seen = 0;
    EXPECT_THROW(run_ensemble(
                     0, 100, threads,
                     [](std::int64_t trial) -> TrialResult {
                       if (trial == 40) throw std::bad_alloc();
                       return {};
                     },
                     [&](TrialResult&& r) { EXPECT_EQ(r.trial, seen++); }, never_stop),
                 std::bad_alloc);
    EXPECT_EQ(seen, 40);
  }
}

TEST(Ensemble, AStopLeavesAPrefixInOrder) {
  for (const int threads : {1, 2, 3}) {
    StopFlag stop{false};
    std::atomic<std::int64_t> started{0};
    std::vector<std::int64_t> seen;
    const EnsembleEnd end = run_ensemble(
        0, 100000, threads,
        [&](std::int64_t trial) {
          ++started;
          if (trial % 3 == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
          return TrialResult{};
        },
        [&](TrialResult&& r) {
          seen.push_back(r.trial);
          if (r.trial == 50) stop = true;
        },
        stop);
    EXPECT_TRUE(end.interrupted);
    EXPECT_EQ(end.done, std::ssize(seen));
    EXPECT_EQ(end.done, started) << "a trial was started and lost";
    EXPECT_GT(end.done, 50);
    EXPECT_LE(end.done, 51 + most_results);
    for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], static_cast<std::int64_t>(i));
  }
}

TEST(Ensemble, AStopFromWithinATrialWakesThoseThatWait) {
  StopFlag stop{false};
  std::int64_t delivered = 0;
  const EnsembleEnd end = run_ensemble(
      0, 100000, 3,
      [&](std::int64_t trial) {
        if (trial == 0) {  // all others run ahead as far as they may, and wait
          std::this_thread::sleep_for(std::chrono::milliseconds(30));
          stop = true;
        }
        return TrialResult{};
      },
      [&](TrialResult&& r) { EXPECT_EQ(r.trial, delivered++); }, stop);
  EXPECT_TRUE(end.interrupted);
  EXPECT_EQ(end.done, delivered);
  EXPECT_LE(delivered, most_results);
}

TEST(Ensemble, AStopBeforeOrAfterTheWork) {
  const auto run = [](std::int64_t) { return TrialResult{}; };
  StopFlag stop{true};
  const EnsembleEnd none = run_ensemble(
      0, 5, 2, run, [](TrialResult&&) { FAIL(); }, stop);
  EXPECT_EQ(none.done, 0);
  EXPECT_TRUE(none.interrupted);
  stop = false;
  const EnsembleEnd all = run_ensemble(
      0, 5, 2, run, [&](TrialResult&& r) { stop = r.trial == 4; }, stop);
  EXPECT_EQ(all.done, 5);
  EXPECT_FALSE(all.interrupted);
}

TEST(Ensemble, NoTrialsAreNoWork) {
  for (const std::int64_t last : {3, 2}) {
    const EnsembleEnd end = run_ensemble(
        3, last, 2, [](std::int64_t) { return TrialResult{}; }, [](TrialResult&&) { FAIL(); }, never_stop);
    EXPECT_EQ(end.done, 0);
    EXPECT_FALSE(end.interrupted);
  }
}

TEST(Ensemble, AFailingSinkEndsItAndIsHeard) {
  for (const int threads : {1, 2, 3}) {
    std::int64_t delivered = 0;
    std::atomic<std::int64_t> started{0};
    const auto run = [&](std::int64_t) {
      ++started;
      return TrialResult{};
    };
    const auto sink = [&](TrialResult&& r) {
      if (r.trial == 30) throw std::domain_error("disk full");
      ++delivered;
    };
    try {
      run_ensemble(0, 100000, threads, run, sink, never_stop);
      FAIL() << "the exception was lost";
    } catch (const std::domain_error& error) {
      EXPECT_STREQ(error.what(), "disk full");
    }
    EXPECT_EQ(delivered, 30);
    EXPECT_LE(started, 31 + most_results);
  }
}

// The most records that were under way or waiting behind a slow sink, each with so many outcomes.
std::int64_t most_at_a_time(int threads, std::size_t outcomes) {
  std::atomic<std::int64_t> started{0};
  std::atomic<int> inside{0};
  std::int64_t most = 0, delivered = 0;
  run_ensemble(
      0, 300, threads,
      [&](std::int64_t) {
        ++started;
        TrialResult record;
        record.outcomes.resize(outcomes);
        return record;
      },
      [&](TrialResult&&) {
        EXPECT_EQ(++inside, 1);
        std::this_thread::sleep_for(std::chrono::microseconds(100));
        most = std::max(most, started - delivered++);
        --inside;
      },
      never_stop);
  return most;
}

TEST(Ensemble, MemoryIsBoundedAndTheSinkIsAlone) {
  EXPECT_LE(most_at_a_time(3, most_bytes / sizeof(double) / 2), results_per_thread * 3);
}

TEST(Ensemble, SmallTrialsDoNotWaitForTheSink) { EXPECT_GT(most_at_a_time(3, 0), 2 * results_per_thread * 3); }

TEST(ParallelFor, DoesAllAndRethrowsTheFirstByIndex) {
  for (const int threads : {1, 3}) {
    std::vector<int> done(500, 0);
    parallel_for(std::ssize(done), threads, [&](std::int64_t i) { ++done[static_cast<std::size_t>(i)]; });
    EXPECT_EQ(std::ranges::count(done, 1), 500);
    try {
      parallel_for(500, threads, [&](std::int64_t i) {
        if (i % 100 == 7) throw std::invalid_argument(std::to_string(i));
      });
      ADD_FAILURE() << "nothing was thrown";
    } catch (const std::invalid_argument& error) {
      EXPECT_STREQ(error.what(), "7");
    }
  }
}

TEST(RunOrdered, DeliversWhatComesBeforeAnExceptionAndNothingAfter) {
  for (const int threads : {1, 3}) {
    std::vector<std::int64_t> seen;
    EXPECT_THROW(run_ordered<std::vector<double>>(
                     3, 500, threads,
                     [](std::int64_t i) -> std::vector<double> {
                       if (i % 50 == 40) throw std::out_of_range("no such number");
                       return {static_cast<double>(i)};
                     },
                     [&](std::int64_t i, std::vector<double>&& result) {
                       EXPECT_EQ(result, std::vector{static_cast<double>(i)});
                       seen.push_back(i);
                     },
                     never_stop),
                 std::out_of_range);
    ASSERT_EQ(seen.size(), 37U);
    for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], static_cast<std::int64_t>(3 + i));
  }
}

}  // namespace
}  // namespace qantar::sim
