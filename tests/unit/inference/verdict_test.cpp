// The rule, clause by clause: findings that are ranked, and each single thing that stops it.
#include "analysis/inference/verdict.hpp"

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

Findings good() {
  Findings d;
  d.accounts = {"red", "green", "blue"};
  d.evidence = {evidence(-10), evidence(-13), evidence(-25)};
  d.second_opinion = {0.8, 0.19, 0.01};
  d.local = d.overall = matrix({90, 8, 2, 10, 85, 5, 1, 2, 97});
  d.key_rows = {{"E1", {0.4, 0.6, 0.001}}};
  d.variations = {{"with errors x 2", {-11, -12, -24}}};
  d.observables = {"E1"};
  return d;
}

TEST(Verdict, RanksWhatHolds) {
  const auto v = verdict(good());
  EXPECT_EQ(v.ruling, Ruling::ranked) << testing::PrintToString(v.reasons);
  EXPECT_EQ(v.top, 0U);
  EXPECT_THAT(v.reasons, IsEmpty());
  EXPECT_THAT(v.ruled_out, ElementsAre(2));
  EXPECT_THAT(v.lumps, ElementsAre(ElementsAre(0), ElementsAre(1), ElementsAre(2)));
}

void expect_undetermined(const Findings& d, const std::string& because) {
  const auto v = verdict(d);
  EXPECT_EQ(v.ruling, Ruling::undetermined);
  EXPECT_THAT(v.reasons, Contains(HasSubstr(because)));
}

TEST(Verdict, DoesNotRankWhenAVariationCannotBeJudged) {
  auto d = good();
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  d.variations.push_back({"with priors x 2", {unknown, -12, -24}});
  expect_undetermined(d, "whether red stays ahead of green cannot be judged with priors x 2: too few");
  EXPECT_THAT(verdict(d).ruled_out, IsEmpty());
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
  d.second_opinion = {0.3, 0.65, 0.05};
  expect_undetermined(d, "evidence favours red, the second opinion green");
  d.second_opinion = {0.45, 0.45, 0.1};
  expect_undetermined(d, "second opinion is tied");

  d = good();
  d.local = matrix({60, 20, 20, 10, 85, 5, 1, 2, 97});
  expect_undetermined(d, "finds 60 %");
  d.local = matrix({90, 8, 2, 25, 60, 15, 15, 2, 70});
  expect_undetermined(d, "69 % are");
  d.local = matrix({90, 8, 2, 60, 35, 5, 1, 2, 97});
  expect_undetermined(d, "what is compared (E1) does not tell these accounts apart near the record: red, green");
  EXPECT_THAT(verdict(d).lumps, ElementsAre(ElementsAre(0, 1), ElementsAre(2)));

  d = good();
  d.key_rows.push_back({"E2", {0.995, 0.5, 0.5}});
  expect_undetermined(d, "red, which has most evidence, does not reproduce E2");

  d = good();
  d.variations.push_back({"without E7", {-12.5, -12, -20}});
  expect_undetermined(d, "red does not stay ahead of green without E7 (log Bayes factor -0.50)");

  d = good();
  d.evidence = {evidence(-10, 2), evidence(-13, 2), evidence(-25)};
  expect_undetermined(d, "tied within the error of simulation");
}

TEST(Verdict, NoneOfTheAccounts) {
  auto d = good();
  d.key_rows.push_back({"E2", {0.995, 0.999, 0.5}});
  const auto v = verdict(d);
  EXPECT_EQ(v.ruling, Ruling::none_of_the_accounts);
  EXPECT_THAT(v.reasons, ElementsAre(HasSubstr("red does not reproduce E2"), HasSubstr("green does not reproduce E2"),
                                     HasSubstr("blue does not reproduce E1")));
  // An account whose posterior cannot be relied on may yet reproduce it.
  d.evidence[1].refusals = {"too few"};
  EXPECT_EQ(verdict(d).ruling, Ruling::undetermined);
  // So it is when a prediction is not known at all.
  d = good();
  for (double& p : d.key_rows[0].mid_p) p = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(verdict(d).ruling, Ruling::none_of_the_accounts);
}

TEST(Verdict, RulesOutOnlyWhatIsOutInAnyCase) {
  auto d = good();
  d.variations[0].log_evidence[2] = -12;
  EXPECT_THAT(verdict(d).ruled_out, IsEmpty());
  d = good();
  d.second_opinion = {0.7, 0.2, 0.1};
  EXPECT_THAT(verdict(d).ruled_out, IsEmpty());
}

TEST(Verdict, WhatNeverComesNearIsJudgedOverall) {
  auto d = good();
  d.local = matrix({90, 0, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_THAT(verdict(d).lumps, ElementsAre(ElementsAre(0), ElementsAre(1), ElementsAre(2)));
  d.overall = matrix({90, 8, 2, 10, 45, 45, 1, 60, 39});
  EXPECT_THAT(verdict(d).lumps, ElementsAre(ElementsAre(0), ElementsAre(1, 2)));
  EXPECT_EQ(verdict(d).ruling, Ruling::ranked);
}

TEST(Verdict, WithoutAnyEvidence) {
  auto d = good();
  for (auto& e : d.evidence) e = evidence_estimate(std::vector<double>(5, -std::numeric_limits<double>::infinity()));
  const auto v = verdict(d);
  EXPECT_EQ(v.ruling, Ruling::undetermined);
  EXPECT_FALSE(v.top.has_value());
  EXPECT_THAT(v.reasons, Contains(HasSubstr("no trial of any account")));
}

TEST(Verdict, RefusesWhatDoesNotFit) {
  auto d = good();
  d.second_opinion.pop_back();
  EXPECT_THROW(verdict(d), std::invalid_argument);
  d = good();
  d.variations[0].log_evidence.pop_back();
  EXPECT_THROW(verdict(d), std::invalid_argument);
}

}  // namespace
}  // namespace verdict_test
