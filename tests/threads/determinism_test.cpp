// One trial is a function of its key: neither threads nor the trials around it change a bit.
#include <gtest/gtest.h>

#include "sim/ensemble.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents {
namespace {

std::vector<sim::TrialResult> ensemble(const CrisisModel& model, std::int64_t first, std::int64_t last, int threads) {
  std::vector<sim::TrialResult> records;
  const sim::StopFlag stop{false};
  sim::run_ensemble(
      first, last, threads,
      [&](std::int64_t i) { return sim::run_trial(model, test::trial(static_cast<std::uint32_t>(i))); },
      [&](sim::TrialResult&& r) { records.push_back(std::move(r)); }, stop);
  return records;
}

void expect_same(const sim::TrialResult& a, const sim::TrialResult& b) {
  EXPECT_EQ(a.status, sim::TrialStatus::ok) << a.message;
  EXPECT_EQ(a.key, b.key);
  EXPECT_TRUE(test::same_numbers(a.outcomes, b.outcomes));
  EXPECT_TRUE(test::same_numbers(a.parameters, b.parameters));
  EXPECT_TRUE(test::same_numbers(a.series, b.series));
  EXPECT_TRUE(test::same_events(a.events, b.events));
}

TEST(Determinism, ThreadsChangeNothing) {
  for (const auto& scenario : {test::crisis(), test::hypothesis(test::january(), "spontaneous_uprising")}) {
    const CrisisModel model(scenario);
    const auto one = ensemble(model, 0, 6, 1);
    ASSERT_EQ(one.size(), 6U);
    for (int threads : {2, 3}) {
      const auto many = ensemble(model, 0, 6, threads);
      ASSERT_EQ(many.size(), one.size());
      for (std::size_t i = 0; i < one.size(); ++i) expect_same(one[i], many[i]);
    }
  }
}

TEST(Determinism, ATrialDoesNotKnowItsNeighbours) {
  const CrisisModel model(test::crisis());
  const auto all = ensemble(model, 0, 5, 1), last = ensemble(model, 4, 5, 1);
  ASSERT_EQ(last.size(), 1U);
  expect_same(all[4], last[0]);
  EXPECT_FALSE(test::same_numbers(all[3].outcomes, all[4].outcomes));
}

}  // namespace
}  // namespace qantar::agents
