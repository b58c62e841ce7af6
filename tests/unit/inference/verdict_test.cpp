// The rule, clause by clause: findings that are ranked, and each single thing that stops it.
#include "analysis/inference/verdict.hpp"

#include <algorithm>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace verdict_test {
namespace {

using namespace qantar::analysis;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

EvidenceEstimate evidence(double log_z, double error = 0.05) {
  EvidenceEstimate e;
  e.log_evidence = log_z;
  e.standard_error = error;
  e.effective_size = 1000;
  e.trials = 10000;
  return e;
}

Confusion matrix(std::vector<double> counts) {
  Confusion c;
  c.accounts = 3;
  c.counts = std::move(counts);
  return c;
}

constexpr double unbounded = std::numeric_limits<double>::infinity();

Variation varied(const std::string& name, bool left_out, std::vector<double> log_z, std::vector<double> error) {
  return {name, left_out, std::move(log_z), std::move(error), std::vector<double>(3, unbounded)};
}

Findings good() {
  Findings d;
  d.accounts = {"red", "green", "blue"};
  d.evidence = {evidence(-10), evidence(-13), evidence(-25)};
  d.surprise = {{0.4, 400}, {0.2, 400}, {0.002, 400}};
  d.classifier = {0.8, 0.19, 0.01};
  d.classifier_near = {0, 300, 0.8, 0.81, 0.02};
  d.local = d.overall = matrix({90, 8, 2, 10, 85, 5, 1, 2, 97});
  d.key_rows = {{"E1", {0.4, 0.6, 0.001}}};
  d.variations = {varied("with errors x 2", false, {-11, -12, -24}, {0.1, 0.1, 0.1})};
  d.observables = {"E1"};
  return d;
}

TEST(Verdict, RanksWhatHolds) {
  const auto v = verdict(good());
  EXPECT_EQ(v.ruling, Ruling::ranked) << ::testing::PrintToString(v.reasons);
  EXPECT_EQ(v.top, 0U);
  EXPECT_THAT(v.reasons, IsEmpty());
  EXPECT_THAT(v.ruled_out, ElementsAre(2));
  EXPECT_THAT(v.indistinguishable, ElementsAre(ElementsAre(0), ElementsAre(1), ElementsAre(2)));
}

void expect_undetermined(const Findings& d, const std::string& because) {
  const auto v = verdict(d);
  EXPECT_EQ(v.ruling, Ruling::undetermined);
  EXPECT_THAT(v.reasons, Contains(HasSubstr(because)));
}

TEST(Verdict, DoesNotRankWhenAVariationCannotBeJudged) {
  auto d = good();
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  d.variations.push_back(varied("with priors x 2", false, {unknown, -12, -24}, {1, 0.1, 0.1}));
  expect_undetermined(d, "whether red stays ahead of green cannot be judged with priors x 2: too few");
  EXPECT_THAT(verdict(d).ruled_out, IsEmpty());
}

TEST(Verdict, WhatIsKnownToBeBehindNeedsNoEstimate) {
  auto d = good();
  d.evidence[1].refusals = {"the weights are worth 12 trials"};
  d.evidence[1].log_at_most = -12;
  auto v = verdict(d);
  EXPECT_EQ(v.ruling, Ruling::ranked) << ::testing::PrintToString(v.reasons);
  EXPECT_THAT(v.notes, ElementsAre(HasSubstr("green has fewer trials that count than an estimate needs, but is at most "
                                             "0.14 times as probable as red")));
  EXPECT_THAT(v.ruled_out, IsEmpty());
  d.evidence[1].log_at_most = -11.2;  // 0.30 times, so that the first has 0.75 at least
  expect_undetermined(d, "a ranking needs 0.80, and more trials would tell");
  d.evidence[1].log_at_most = -9;
  expect_undetermined(d, "green cannot be relied on: the weights are worth 12 trials");
  d = good();
  d.evidence[0].refusals = {"the weights are worth 12 trials"};
  d.evidence[0].log_at_most = -9;
  expect_undetermined(d, "red cannot be relied on");

  d = good();
  d.variations.push_back(varied("with errors x 0.5", false, {-11, NAN, -24}, {0.1, 2, 0.1}));
  expect_undetermined(d, "cannot be judged with errors x 0.5");
  d.variations.back().log_at_most[1] = -11.5;
  EXPECT_EQ(verdict(d).ruling, Ruling::ranked) << ::testing::PrintToString(verdict(d).reasons);
  d.variations.back().log_at_most[1] = -11.1;
  expect_undetermined(d, "cannot be judged with errors x 0.5");
}

TEST(Verdict, IsUndeterminedByEachSingleFault) {
  auto d = good();
  d.evidence[1].refusals = {"the weights are worth 12 trials"};
  expect_undetermined(d, "green cannot be relied on: the weights are worth 12 trials");
  EXPECT_THAT(verdict(d).ruled_out, IsEmpty());

  d = good();
  d.faults = {"calibration of blue fails"};
  expect_undetermined(d, "calibration of blue fails");

  d = good();
  d.surprise[0].p = 0.005;
  d.key_rows.push_back({"E2", {0.9999, 0.5, 0.5}});
  expect_undetermined(d,
                      "red hardly ever leaves a record as improbable under it as this one: 0.005 of 400 simulated, "
                      "farthest off: E2 (mid-p 0.9999)");
}

TEST(Verdict, NeedsAProbabilityWithItsInterval) {
  auto d = good();
  d.evidence = {evidence(-10, 0.05), evidence(-11, 0.05), evidence(-25)};
  expect_undetermined(d, "the probability of red is 0.73 [0.70, 0.76]; a ranking needs 0.80");
  d.evidence = {evidence(-10, 0.2), evidence(-11.6, 0.2), evidence(-25)};
  expect_undetermined(d, "0.83 [0.74, 0.90]; a ranking needs 0.80, and more trials would tell");
  d.evidence = {evidence(-10, 0.02), evidence(-11.6, 0.02), evidence(-25)};
  EXPECT_EQ(verdict(d).ruling, Ruling::ranked) << ::testing::PrintToString(verdict(d).reasons);
}

TEST(Verdict, SharesAreDecidedWithTheirIntervals) {
  auto d = good();
  d.local = matrix({55, 25, 20, 10, 85, 5, 1, 2, 97});
  expect_undetermined(d, "simulated under red, the classifier check finds: 55 % [45, 64]; 70 % are needed");
  d.local = matrix({75, 23, 2, 10, 85, 5, 1, 2, 97});
  expect_undetermined(d, "75 % [66, 82]; 70 % are needed, and more trials would tell");
  d.local = matrix({750, 230, 20, 100, 850, 50, 10, 20, 970});  // the same shares of ten times as many
  EXPECT_EQ(verdict(d).ruling, Ruling::ranked) << ::testing::PrintToString(verdict(d).reasons);
  d.local = matrix({90, 8, 2, 25, 60, 15, 15, 2, 70});
  expect_undetermined(d, "judges to be of red, those that are: 69 % [61, 77]; 70 % are needed, and more");
  d.local = matrix({90, 8, 2, 90, 5, 5, 1, 2, 97});
  expect_undetermined(d, "what is compared (E1) does not tell these accounts apart near the record: green and red");
  EXPECT_THAT(verdict(d).indistinguishable, ElementsAre(ElementsAre(0, 1), ElementsAre(2)));
  d.local = matrix({90, 8, 2, 40, 55, 5, 1, 2, 97});
  expect_undetermined(d, "whether red can be told near the record from green is not known: more trials would tell");
  EXPECT_THAT(verdict(d).indistinguishable, ElementsAre(ElementsAre(0), ElementsAre(1), ElementsAre(2)));
}

TEST(Verdict, AClassifierVetoesOnlyWhereItIsCalibrated) {
  auto d = good();
  d.classifier = {0.3, 0.65, 0.05};
  expect_undetermined(d, "evidence favours red, the classifier check green");
  d.classifier_near = {1, 300, 0.65, 0.02, 0.03};
  EXPECT_EQ(verdict(d).ruling, Ruling::ranked) << ::testing::PrintToString(verdict(d).reasons);
  EXPECT_THAT(verdict(d).notes, Contains(HasSubstr("the classifier check has no say")));
  EXPECT_THAT(verdict(d).notes, Contains(HasSubstr("it gives green 65 % on average, and 2 % are (standard error 3)")));
  d = good();
  d.classifier = {0.45, 0.45, 0.1};
  expect_undetermined(d, "the classifier check is tied between green and red");
}

TEST(Verdict, AChangeOfSignCountsOnlyBeyondItsError) {
  auto d = good();
  d.variations.push_back(varied("with priors x 0.5", false, {-12.3, -12, -20}, {0.2, 0.2, 0.2}));
  EXPECT_EQ(verdict(d).ruling, Ruling::ranked) << ::testing::PrintToString(verdict(d).reasons);
  d.variations.back().standard_error = {0.05, 0.05, 0.05};
  expect_undetermined(d, "red does not stay ahead of green with priors x 0.5 (log Bayes factor -0.30 +- 0.14)");
}

TEST(Verdict, WhatIsLeftSilentIsNoContradiction) {
  auto d = good();
  d.variations.push_back(varied("without E7", true, {-12.05, -12, -20}, {0.01, 0.01, 0.01}));
  const auto v = verdict(d);
  EXPECT_EQ(v.ruling, Ruling::ranked) << ::testing::PrintToString(v.reasons);
  EXPECT_THAT(v.notes, ElementsAre(HasSubstr("the lead of red over green rests on what is left out here: without E7 "
                                             "(log Bayes factor -0.05 +- 0.03)")));
  // The rest of the record speaks for the other account: by more than a factor of three.
  d.variations.back().log_evidence[0] = -13.2;
  expect_undetermined(d, "the rest of the record favours green over red without E7 (log Bayes factor -1.20 +- 0.03)");
  d.variations.back().standard_error = {0.1, 0.1, 0.1};
  EXPECT_EQ(verdict(d).ruling, Ruling::ranked) << ::testing::PrintToString(verdict(d).reasons);
}

TEST(Verdict, NoneOfTheAccounts) {
  auto d = good();
  d.surprise = {{0.002, 400}, {0.005, 400}, {0.002, 400}};
  const auto v = verdict(d);
  EXPECT_EQ(v.ruling, Ruling::none_of_the_accounts);
  EXPECT_THAT(v.reasons, ElementsAre(HasSubstr("red hardly ever leaves"), HasSubstr("green hardly ever leaves"),
                                     HasSubstr("farthest off: E1 (mid-p 0.0010)")));
  // An account whose evidence cannot be relied on may yet leave it.
  d.evidence[1].refusals = {"too few"};
  EXPECT_EQ(verdict(d).ruling, Ruling::undetermined);
}

TEST(Verdict, RulesOutOnlyWhatIsOutInAnyCase) {
  auto d = good();
  d.variations[0].log_evidence[2] = -12;
  EXPECT_THAT(verdict(d).ruled_out, IsEmpty());
  d = good();
  d.classifier = {0.7, 0.2, 0.1};
  EXPECT_THAT(verdict(d).ruled_out, IsEmpty());
}

TEST(Verdict, WhatNeverComesNearIsJudgedOverall) {
  auto d = good();
  d.local = matrix({90, 0, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_THAT(verdict(d).indistinguishable, ElementsAre(ElementsAre(0), ElementsAre(1), ElementsAre(2)));
  d.overall = matrix({90, 8, 2, 10, 45, 45, 1, 60, 39});
  EXPECT_THAT(verdict(d).indistinguishable, ElementsAre(ElementsAre(0), ElementsAre(1, 2)));
  EXPECT_EQ(verdict(d).ruling, Ruling::ranked) << ::testing::PrintToString(verdict(d).reasons);
}

TEST(Verdict, NobodyIsFirstWhenTwoHaveTheSameEvidence) {
  auto d = good();
  d.evidence[1] = d.evidence[0];
  expect_undetermined(d, "green and red have exactly the same evidence");
  EXPECT_FALSE(verdict(d).top.has_value());
}

/// The findings with account k at place order[k].
Findings permuted(const Findings& d, const std::vector<std::size_t>& order) {
  Findings out = d;
  const auto moved = [&]<class T>(const std::vector<T>& from, std::vector<T>& to) {
    for (std::size_t k = 0; k < 3; ++k) to[order[k]] = from[k];
  };
  moved(d.accounts, out.accounts);
  moved(d.evidence, out.evidence);
  moved(d.surprise, out.surprise);
  moved(d.classifier, out.classifier);
  for (std::size_t i = 0; i < d.key_rows.size(); ++i) moved(d.key_rows[i].mid_p, out.key_rows[i].mid_p);
  for (std::size_t i = 0; i < d.variations.size(); ++i) {
    moved(d.variations[i].log_evidence, out.variations[i].log_evidence);
    moved(d.variations[i].standard_error, out.variations[i].standard_error);
    moved(d.variations[i].log_at_most, out.variations[i].log_at_most);
  }
  for (std::size_t a = 0; a < 3; ++a)
    for (std::size_t b = 0; b < 3; ++b) {
      out.local.counts[order[a] * 3 + order[b]] = d.local.count(a, b);
      out.overall.counts[order[a] * 3 + order[b]] = d.overall.count(a, b);
    }
  return out;
}

TEST(Verdict, DoesNotDependOnTheOrderOfAccounts) {
  std::vector<Findings> cases(4, good());
  cases[1].classifier = {0.3, 0.35, 0.35};
  cases[2].evidence[1].log_evidence = cases[2].evidence[2].log_evidence;
  cases[2].variations.push_back(varied("without E7", true, {-14, -12, -13}, {0.1, 0.2, 0.3}));
  cases[3].local = matrix({10.0 / 3, 10.0 / 3, 10.0 / 3, 1.0 / 3, 25.0 / 3, 1.0 / 3, 7, 7, 7});
  for (const Findings& d : cases) {
    const auto expected = verdict(d);
    std::vector<std::size_t> order{0, 1, 2};
    do {
      const auto v = verdict(permuted(d, order));
      EXPECT_EQ(v.ruling, expected.ruling);
      EXPECT_EQ(v.reasons, expected.reasons);
      EXPECT_EQ(v.notes, expected.notes);
      ASSERT_TRUE(v.top.has_value());
      EXPECT_EQ(*v.top, order[*expected.top]);
    } while (std::ranges::next_permutation(order).found);
  }
}

TEST(Verdict, WithoutAnyEvidence) {
  auto d = good();
  for (auto& e : d.evidence) e = evidence_estimate(std::vector<double>(5, -std::numeric_limits<double>::infinity()), 0);
  const auto v = verdict(d);
  EXPECT_EQ(v.ruling, Ruling::undetermined);
  EXPECT_FALSE(v.top.has_value());
  EXPECT_THAT(v.reasons, Contains(HasSubstr("no trial of any account")));
}

TEST(Verdict, RefusesWhatDoesNotFit) {
  auto d = good();
  d.classifier.pop_back();
  EXPECT_THROW(verdict(d), std::invalid_argument);
  d = good();
  d.variations[0].log_evidence.pop_back();
  EXPECT_THROW(verdict(d), std::invalid_argument);
}

}  // namespace
}  // namespace verdict_test
