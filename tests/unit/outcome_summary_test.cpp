// What trials come to: shares, quantiles, numbers in a state, and which one is like the others.
#include "analysis/outcome_summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/state_means.hpp"
#include "analysis/typical_trial.hpp"
#include "tests/unit/results_support.hpp"

namespace outcome_summary_test {
namespace {

using namespace qantar::analysis;
using qantar::sim::TrialResult;
using qantar::sim::ValueKind;
using qantar::sim::testing::nan;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsNan;
using ::testing::SizeIs;

TEST(OutcomeSummary, OfAFlagIsAShareOfTheTrialsThatSay) {
  const auto s = summarise(ValueKind::flag, {1, 0, nan, 1});
  EXPECT_DOUBLE_EQ(s.share.value, 2.0 / 3);
  EXPECT_FALSE(s.has_quantiles());
}

TEST(OutcomeSummary, OfATimeIsHowOftenItHappensAndWhen) {
  const auto s = summarise(ValueKind::time, {7, nan, 3, 5});
  EXPECT_DOUBLE_EQ(s.share.value, 0.75);
  EXPECT_DOUBLE_EQ(s.quantiles[2], 5);
  const auto not_once = summarise(ValueKind::time, {nan, nan});
  EXPECT_DOUBLE_EQ(not_once.share.value, 0);
  EXPECT_FALSE(not_once.has_quantiles());
}

TEST(OutcomeSummary, OfAnAmountHasQuantilesAndNoShare) {
  std::vector<double> all;
  for (int i = 100; i >= 0; --i) all.push_back(i);
  const auto s = summarise(ValueKind::count, all);
  EXPECT_THAT(s.share.value, IsNan());
  EXPECT_THAT(s.quantiles, ElementsAre(5, 25, 50, 75, 95));
}

TEST(MeanInState, CountsMembersOfEachGroupAtEachTime) {
  // Two trials of three members; two are of group 0.
  const std::vector<std::vector<StateChanges>> trials{{{{0, 0}, {2, 1}}, {{0, 0}}, {{0, 1}}},
                                                      {{{0, 0}, {1, 1}, {2, 0}}, {{0, 0}}, {{0, 1}, {1, 0}}}};
  const std::vector<std::size_t> group{0, 0, 1};
  const std::vector<double> times{1, 2};
  EXPECT_THAT(mean_in_state(trials, group, 2, 2, times), ElementsAre(1.5, 1.5, 0.5, 0.5,  // group 0 in state 0, then 1
                                                                     0.5, 0.5, 0.5, 0.5));  // group 1
  EXPECT_THAT(mean_in_state({}, group, 2, 2, times), AllOf(SizeIs(8), Each(IsNan())));
}

TEST(TypicalTrial, IsNearestToTheOthersOfItsHypothesis) {
  const auto layout = qantar::sim::testing::small_layout();  // a crowd in three places, and legitimacy
  std::vector<TrialResult> trials(4);
  const float crowds[] = {1, 30, 1000, 20};
  for (std::size_t i = 0; i < trials.size(); ++i) {
    trials[i].trial = static_cast<std::int64_t>(10 + i);
    trials[i].hypothesis = i < 3 ? 0 : 1;
    for (int step = 0; step < 2; ++step)
      trials[i].series.insert(trials[i].series.end(), {crowds[i], crowds[i], crowds[i], 0.5F});
  }
  const std::vector<std::string> crowd{"crowd"};
  EXPECT_EQ(typical_trial(trials, 0, layout, crowd), 11);
  EXPECT_EQ(typical_trial(trials, 1, layout, crowd), 13);
  EXPECT_EQ(typical_trial(trials, 2, layout, crowd), std::nullopt);
  EXPECT_EQ(typical_trial(trials, 0, layout, std::vector<std::string>{"crowd", "no such"}), std::nullopt);
}

}  // namespace
}  // namespace outcome_summary_test
