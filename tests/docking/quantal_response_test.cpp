// Logit quantal response (McKelvey and Palfrey 1995): the shipped rule of choice against games whose equilibria are
// solved apart from it.
#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/rules/choice.hpp"

namespace qantar::agents::quantal_response_test {
namespace {

/// Chance of an action that is worth so much more than the other one, which is to wait.
double by_the_rule(double worth, double precision) {
  std::array<double, 1> weight{precision * worth};
  choose_or_wait(weight);
  return weight[0];
}

double logit(double worth, double precision) { return 1.0 / (1.0 + std::exp(-precision * worth)); }

struct Profile {
  double up, left;
};

// Asymmetric matching pennies of Ochs (1995), as McKelvey and Palfrey have it.
constexpr double high = 1.1141, low = 0.2785;
double worth_of_up(double left) { return high * left - low * (1.0 - left); }
double worth_of_left(double up) { return high * (1.0 - up) - high * up; }

// Repeated cautious answers of both by the rule.
Profile played(double precision) {
  Profile at{0.5, 0.5};
  for (int round = 0; round < 40'000; ++round) {
    at.up += 0.002 * (by_the_rule(worth_of_up(at.left), precision) - at.up);
    at.left += 0.002 * (by_the_rule(worth_of_left(at.up), precision) - at.left);
  }
  return at;
}

// The two equations of the equilibrium as one, which rises in the chance of up: halved.
Profile solved(double precision) {
  double below = 0, above = 1;
  for (int i = 0; i < 100; ++i) {
    const double up = 0.5 * (below + above);
    (up > logit(worth_of_up(logit(worth_of_left(up), precision)), precision) ? above : below) = up;
  }
  return {below, logit(worth_of_left(below), precision)};
}

TEST(QuantalResponse, OfAsymmetricMatchingPenniesIsTheSolvedOne) {
  for (const double precision : {0.5, 2.0, 8.0, 30.0}) {
    const Profile a = played(precision), b = solved(precision);
    EXPECT_NEAR(a.up, b.up, 1e-9) << precision;
    EXPECT_NEAR(a.left, b.left, 1e-9) << precision;
  }
  EXPECT_NEAR(solved(3000).up, 0.5, 2e-3);  // Nash
  EXPECT_NEAR(solved(3000).left, 0.2, 2e-3);
  EXPECT_DOUBLE_EQ(played(0).up, 0.5);
}

// Chances of coordinating that answer themselves, in the game where both win 1 when they do the same.
std::vector<double> equilibria(const std::function<double(double worth)>& answer) {
  std::vector<double> roots;
  const auto excess = [&](double p) { return answer(2.0 * p - 1.0) - p; };
  for (double p = 0.000'03; p < 1; p += 0.001)  // never at one half exactly
    if ((excess(p) > 0) != (excess(p + 0.001) > 0)) roots.push_back(p);
  return roots;
}

TEST(QuantalResponse, OfACoordinationGameIsOneBelowTheCriticalPrecisionAndThreeAbove) {
  for (const double precision : {0.5, 1.5, 1.9})
    EXPECT_THAT(equilibria([&](double x) { return by_the_rule(x, precision); }), ::testing::SizeIs(1)) << precision;
  for (const double precision : {2.1, 3.0, 8.0})
    EXPECT_THAT(equilibria([&](double x) { return by_the_rule(x, precision); }), ::testing::SizeIs(3)) << precision;
  // A rule that counts the precision twice would be found out.
  EXPECT_THAT(equilibria([](double x) { return by_the_rule(x, 2 * 1.5); }), ::testing::SizeIs(3));
}

TEST(QuantalResponse, OfSeveralActionsIsTheirShareBesideWaiting) {
  std::vector<double> weights{std::log(2.0), impossible, 0.0};
  choose_or_wait(weights);
  EXPECT_NEAR(weights[0], 0.5, 1e-12);
  EXPECT_EQ(weights[1], 0.0);
  EXPECT_NEAR(weights[2], 0.25, 1e-12);
  std::vector<double> none{impossible, impossible};
  choose_or_wait(none);
  EXPECT_THAT(none, ::testing::Each(0.0));
  std::vector<double> sure{800.0, -800.0};
  choose_or_wait(sure);
  EXPECT_DOUBLE_EQ(sure[0], 1.0);
}

TEST(QuantalResponse, WhatIsNotThereCannotBeSpent) {
  EXPECT_EQ(price(0, 0), 0);
  EXPECT_EQ(price(0.1, 0), -impossible);
  EXPECT_EQ(price(0.3, 0.3), -impossible);
  EXPECT_NEAR(price(0.1, 0.2), std::log(2.0), 1e-12);
  EXPECT_LT(price(0.1, 0.9), price(0.1, 0.5));
}

TEST(QuantalResponse, OneWhoIsSureToPrevailGainsLittle) {
  EXPECT_GT(gain(4, 0, 0.7), gain(4, 2, 0.7));
  EXPECT_GT(gain(4, 2, 0.7), 0);
  EXPECT_LT(gain(4, 0, -0.7), 0);
  EXPECT_EQ(gain(0, 0, 0.7), 0);
}

TEST(QuantalResponse, ThresholdsAreSharpForWhoKnowsAndBlurredForWhoDoesNot) {
  EXPECT_DOUBLE_EQ(condition_met(5, 5, 1, 1, 0.3), 0.5);
  EXPECT_NEAR(condition_met(6.0986123, 5, 1, 1, 0.3), 0.75, 1e-7);
  EXPECT_LT(condition_met(0, 5, 0.5, 1, 0.3), 1e-4);
  EXPECT_GT(condition_met(0, 5, 0.5, 0, 0.3), 0.05);
  EXPECT_LT(condition_met(9, 5, 0.5, 0, 0.3), condition_met(9, 5, 0.5, 1, 0.3));
}

}  // namespace
}  // namespace qantar::agents::quantal_response_test
