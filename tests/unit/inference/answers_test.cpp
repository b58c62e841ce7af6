// What a verdict lets one say further, on trials whose answers can be counted by hand.
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/inference/claim_shares.hpp"
#include "analysis/inference/inclusion.hpp"
#include "analysis/inference/marginals.hpp"
#include "analysis/inference/model_check.hpp"
#include "analysis/inference/order_free.hpp"
#include "analysis/inference/proposal.hpp"
#include "analysis/posterior.hpp"
#include "sim/numerics.hpp"

namespace answers_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;
using sim::Distribution;
using sim::Family;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pointwise;

constexpr double never = sim::never, infinite = std::numeric_limits<double>::infinity();

/// Trials from the prior of one parameter at these places, with one outcome each.
Trials trials(std::vector<double> z, std::vector<double> outcomes, std::vector<char> failed = {}) {
  Trials out;
  out.dimension = out.width = 1;
  for (const double x : z) out.log_proposal.push_back(log_normal_density(std::vector{x}, 1));
  out.z = std::move(z);
  out.outcomes = std::move(outcomes);
  out.failed = failed.empty() ? std::vector<char>(out.z.size(), 0) : std::move(failed);
  return out;
}

AccountTrials account_trials(const std::string& name, Trials evidence, Trials prior = {}) {
  AccountTrials out;
  out.name = out.luck = name;
  out.evidence = std::move(evidence);
  out.prior = std::move(prior);
  return out;
}

TEST(ClaimShares, AreTheWeightOfTrialsWithATraceAndAnAverageByProbability) {
  Claim claim;
  claim.measure = Measure::occurs;
  const std::vector<AccountTrials> accounts{
      account_trials("a", trials({0, 0, 0, 0}, {1, never, 3, 4}, {0, 0, 1, 0})),  // the third failed
      account_trials("b", trials({0, 0}, {never, 2}))};
  const std::vector<std::vector<double>> weights{{0.1, 0.2, 0.3, 0.4}, {0.75, 0.25}};
  const std::vector<double> probability{0.8, 0.2};
  const auto shares = claim_shares(std::vector{claim}, accounts, weights, probability);
  ASSERT_EQ(shares.size(), 1U);
  ASSERT_EQ(shares[0].by_account.size(), 2U);
  EXPECT_DOUBLE_EQ(shares[0].by_account[0].value, 0.5);
  EXPECT_DOUBLE_EQ(shares[0].by_account[1].value, 0.25);
  EXPECT_DOUBLE_EQ(shares[0].averaged.value, 0.8 * 0.5 + 0.2 * 0.25);
  EXPECT_LT(shares[0].averaged.low, shares[0].averaged.value);
  EXPECT_GT(shares[0].averaged.high, shares[0].averaged.value);

  const std::vector<AccountTrials> swapped{accounts[1], accounts[0]};
  const std::vector<std::vector<double>> swapped_weights{weights[1], weights[0]};
  const auto again = claim_shares(std::vector{claim}, swapped, swapped_weights, std::vector{0.2, 0.8});
  EXPECT_EQ(again[0].averaged.value, shares[0].averaged.value);
  EXPECT_EQ(again[0].averaged.low, shares[0].averaged.low);
  EXPECT_EQ(again[0].averaged.high, shares[0].averaged.high);
}

TEST(SwitchInclusion, IsTheShareOfTrialsWithItOnBeforeAndAfterTheRecord) {
  AccountTrials open = account_trials("open", trials({0, 0, 0}, {}), trials({0, 0, 0, 0}, {}));
  open.evidence.width = open.prior.width = 3;  // something else, then two switches
  open.evidence.outcomes = {7, 1, 0, 7, 0, 1, 7, 1, 1};
  open.prior.outcomes = {7, 1, 0, 7, 1, 0, 7, 1, 0, 7, 1, 1};
  open.prior.failed = {0, 0, 0, 1};  // on nowhere
  const auto found = switch_inclusion(open, std::vector{0.5, 0.3, 0.2}, 1, 2);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_DOUBLE_EQ(found[0].before, 0.75);
  EXPECT_DOUBLE_EQ(found[0].after.value, 0.7);
  EXPECT_DOUBLE_EQ(found[1].before, 0.0);
  EXPECT_DOUBLE_EQ(found[1].after.value, 0.5);
}

Account account_of_two_priors() {
  sim::Priors priors;
  priors.add("told", Distribution(Family::uniform, {0, 10}));
  priors.add("fixed", Distribution(Family::fixed, {7}));
  priors.add("silent", Distribution(Family::uniform, {0, 1}));
  return {"account", priors, {}};
}

TEST(Marginals, SayWhereTheWeightLiesAndComeMostInformedFirst) {
  // Quantiles .25 and .75 of both priors, in all four combinations; the weight is where `told` is high.
  const double low = sim::normal_quantile(0.25), high = sim::normal_quantile(0.75);
  Trials four;
  four.dimension = 2;
  four.log_proposal.assign(4, 0.0);
  four.failed.assign(4, 0);
  four.z = {low, low, low, high, high, low, high, high};
  const std::vector<double> weights{0, 0, 0.5, 0.5};
  const auto found = marginals(account_of_two_priors(), four, weights, 2);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].name, "told");
  EXPECT_THAT(found[0].density, ElementsAre(0, 2));
  EXPECT_DOUBLE_EQ(found[0].information_gain, std::log(2));
  EXPECT_THAT(found[0].prior, Pointwise(DoubleNear(1e-9), {0.5, 5.0, 9.5}));
  EXPECT_THAT(found[0].posterior, Pointwise(DoubleNear(1e-6), {7.5, 7.5, 7.5}));
  EXPECT_EQ(found[1].name, "silent");
  EXPECT_THAT(found[1].density, ElementsAre(1, 1));
  EXPECT_DOUBLE_EQ(found[1].information_gain, 0);
  EXPECT_THAT(joint_density(found[0], found[1], weights, 2), ElementsAre(0, 0, 2, 2));
}

TEST(SharesOfKnown, LeaveOutWhatIsNotKnown) {
  const auto shares = shares_of_known({0.0, std::log(3.0), never, -infinite});
  EXPECT_DOUBLE_EQ(shares[0], 0.25);
  EXPECT_DOUBLE_EQ(shares[1], 0.75);
  EXPECT_TRUE(std::isnan(shares[2]));
  EXPECT_TRUE(std::isnan(shares[3]));
}

TEST(MeanFound, IsOverTheAccountsThatHaveRecords) {
  const std::vector<Judged> judged{{0, {0.9, 0.1, 0}, 0}, {0, {0.2, 0.8, 0}, 0}, {1, {0.3, 0.7, 0}, 0}};
  EXPECT_DOUBLE_EQ(confusion(judged, 3).mean_found(), (0.5 + 1.0) / 2);
  EXPECT_TRUE(std::isnan(confusion({}, 3).mean_found()));
}

/// Its outcome is the value of its prior.
Account echo(const std::string& name) {
  sim::Priors priors;
  priors.add("x", Distribution(Family::uniform, {0, 10}));
  return make_account(name, priors, [](std::span<const double> values, const sim::Draws&) {
    return std::vector<double>{values.front()};
  });
}

TEST(PosteriorTrials, UnderThePriorsWeighAlikeAndFailuresCountAgainstTheirAccount) {
  const std::vector<Account> accounts{echo("a"), echo("b")};
  const double z = sim::normal_quantile(0.25);
  const std::vector<AccountTrials> run{account_trials("a", {}, trials({z, 0, 0, 0}, {2.5, 5, 5, 5}, {0, 1, 0, 0})),
                                       account_trials("b", {}, trials({0, 0}, {5, 5}))};
  const auto found = posterior_trials(accounts, run, nullptr, 3);
  ASSERT_EQ(found.size(), 5U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(found[i].account, 0U);
    EXPECT_DOUBLE_EQ(found[i].weight, 0.25 / 1.75);
  }
  for (std::size_t i = 3; i < 5; ++i) {
    EXPECT_EQ(found[i].account, 1U);
    EXPECT_DOUBLE_EQ(found[i].weight, 0.5 / 1.75);
  }
  EXPECT_NEAR(prior_values(accounts[0].priors, found[0].assigned).front(), 2.5, 1e-9);
  EXPECT_EQ(found[1].key, key_of(3, "a", TrialSet::prior, 2));  // the one before it failed
}

TEST(SameAgain, SeesEveryBitAndAnotherNumberOfOutcomes) {
  const Account account = echo("a");
  AccountTrials run = account_trials("a", trials({0}, {5}));
  run.evidence.outcomes = account.outcomes({}, account.assigned(run.evidence.z_of(0)));
  EXPECT_TRUE(same_again(account, run, TrialSet::evidence, 0, 1));
  run.evidence.outcomes[0] = std::nextafter(run.evidence.outcomes[0], infinite);
  EXPECT_FALSE(same_again(account, run, TrialSet::evidence, 0, 1));
  run.evidence.width = 2;
  run.evidence.outcomes.push_back(0);
  EXPECT_FALSE(same_again(account, run, TrialSet::evidence, 0, 1));
}

}  // namespace
}  // namespace answers_test
