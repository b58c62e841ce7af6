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

TEST(MeanBetween, CountsMembersFromOneTimeToAnotherAtTheEndOfEachStep) {
  using namespace qantar::sim;
  namespace made = qantar::sim::testing;
  const made::Folder folder;
  const auto path = folder / "r.h5";
  const Clock clock = made::small_clock();  // six steps of an hour, from hour 24
  ResultLayout layout;
  layout.axes = {{"site", {"hall", "post", "shop"}, {}, "1", "site"}};
  layout.outcomes = {{"fell", "", "lost", ValueKind::time, {"site"}, {}},
                     {"retaken", "", "retaken", ValueKind::time, {"site"}, {}}};
  RunDescription run = made::small_run(2);
  run.keep_series = 0;
  ResultWriter writer(path, layout, clock, run, false);
  const double start = clock.start();
  for (std::int64_t i = 0; i < 4; ++i) {
    TrialResult r;
    r.trial = i;
    r.hypothesis = static_cast<std::int32_t>(i / 2);
    r.key = {run.seed, 0, static_cast<std::uint32_t>(i % 2)};
    if (i == 3) {
      r.status = TrialStatus::failed;
      r.stage = r.message = "for the test";
    } else {
      // The hall is lost in step 2 of trial 0 and retaken in step 4; the post for good in step 6 of trial 1.
      r.outcomes = {nan, nan, start, nan, nan, nan};
      if (i == 0) r.outcomes[0] = start + 1.5, r.outcomes[3] = start + 3.5;
      if (i == 1) r.outcomes[1] = start + 5.5;
    }
    r.parameters = {};
    writer.append(r);
  }
  writer.finish();
  const std::vector<std::optional<std::size_t>> group{0, 0, std::nullopt};  // the shop does not count
  const auto means = mean_between(ResultReader(path), "fell", "retaken", group, 1);
  ASSERT_THAT(means, SizeIs(2));
  EXPECT_THAT(means[0], ElementsAre(0, 0.5, 0.5, 0, 0, 0.5));
  EXPECT_THAT(means[1], Each(0));
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
