#include "sim/trial.hpp"

#include <gtest/gtest.h>

#include "tests/support/toy_models.hpp"

namespace qantar::sim {
namespace {

using test::BiasedWalk;
using test::FragileWalk;
using test::Machines;
using test::same_bits;

TEST(Trial, ReportsWhatTheLayoutPromises) {
  const BiasedWalk walk(0.7);
  const TrialResult record = run_trial(walk, {.seed = 1, .point = 2, .replicate = 3});
  EXPECT_EQ(record.status, TrialStatus::ok);
  EXPECT_EQ(record.key, (TrialKey{1, 2, 3}));
  ASSERT_EQ(record.outcomes.size(), 2U);
  EXPECT_EQ(record.parameters, std::vector{0.7});
  ASSERT_EQ(record.series.size(), 24U);
  EXPECT_EQ(record.series.back(), static_cast<float>(record.outcomes[0]));
  float before = 0;
  for (const float position : record.series) {
    EXPECT_EQ(std::fabs(position - before), 1.0F);
    before = position;
  }
  ASSERT_EQ(record.events.size(), 1U);
  EXPECT_EQ(record.events[0].time, record.outcomes[1]);
}

TEST(Trial, IsAFunctionOfItsKey) {
  const BiasedWalk walk(0.5);
  const Machines machines(0.1, 0.3);
  for (std::uint32_t replicate = 0; replicate < 20; ++replicate) {
    const TrialKey key{.seed = 9, .point = 0, .replicate = replicate};
    EXPECT_TRUE(same_bits(run_trial(walk, key), run_trial(walk, key)));
    EXPECT_TRUE(same_bits(run_trial(machines, key), run_trial(machines, key)));
  }
}

TEST(Trial, EveryPartOfTheKeyMatters) {
  const BiasedWalk walk(0.5, 100);
  const auto path = [&](const TrialKey& key) { return run_trial(walk, key).series; };
  EXPECT_NE(path({5, 0, 0}), path({6, 0, 0}));
  EXPECT_NE(path({5, 0, 0}), path({5 + (1ULL << 40), 0, 0}));
  EXPECT_NE(path({5, 0, 0}), path({5, 1, 0}));
  EXPECT_NE(path({5, 0, 0}), path({5, 0, 1}));
  EXPECT_NE(path({5, 0, 1}), path({5, 1, 0}));
}

TEST(Trial, AFailureNamesItsStageAndLeavesNoOutcome) {
  const TrialKey cracked{.seed = 1, .point = 0, .replicate = 10};
  const struct {
    FragileWalk::Where where;
    const char *stage, *message;
  } cases[] = {{FragileWalk::Where::world, "making the world", "no world"},
               {FragileWalk::Where::step, "step 5", "a broken leg"},
               {FragileWalk::Where::observe, "observing", "nothing to see"}};
  for (const auto& [where, stage, message] : cases) {
    const TrialResult record = run_trial(FragileWalk(where), cracked);
    EXPECT_EQ(record.status, TrialStatus::failed);
    EXPECT_EQ(record.key, cracked);
    EXPECT_EQ(record.stage, stage);
    EXPECT_EQ(record.message, message);
    ASSERT_EQ(record.outcomes.size(), 2U);
    EXPECT_FALSE(happened(record.outcomes[0]));
    EXPECT_FALSE(happened(record.outcomes[1]));
    EXPECT_EQ(record.parameters.size(), 1U);
    EXPECT_TRUE(record.series.empty());
    EXPECT_TRUE(record.events.empty());
  }
}

}  // namespace
}  // namespace qantar::sim
