// Known answers of the scores.
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/scoring/crps.hpp"
#include "analysis/scoring/interval_score.hpp"
#include "analysis/scoring/probability.hpp"
#include "analysis/scoring/wilson.hpp"
#include "sim/numerics.hpp"

namespace scoring_test {
namespace {

using namespace qantar::analysis;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Brier, KnownValues) {
  EXPECT_NEAR(brier(0.7, true), 0.09, 1e-15);
  EXPECT_NEAR(brier(0.7, false), 0.49, 1e-15);
  EXPECT_NEAR(fair_brier(7, 10, true), 0.09 - 0.21 / 9.0, 1e-15);
  EXPECT_EQ(fair_brier(1, 1, true), 0.0);
  EXPECT_EQ(fair_brier(0, 1, true), 1.0);
  EXPECT_TRUE(std::isnan(fair_brier(0, 0, true)));
}

TEST(Brier, IsTheCrpsOfAnEnsembleOfZerosAndOnes) {
  for (int hits = 0; hits <= 7; ++hits) {
    std::vector<double> members(7, 0.0);
    for (int i = 0; i < hits; ++i) members[static_cast<std::size_t>(i)] = 1.0;
    for (const bool y : {false, true}) {
      EXPECT_NEAR(crps(members, y ? 1.0 : 0.0), brier(hits / 7.0, y), 1e-14);
      EXPECT_NEAR(fair_crps(members, y ? 1.0 : 0.0), fair_brier(hits, 7, y), 1e-14);
    }
  }
}

TEST(LogScore, KnownValues) {
  EXPECT_NEAR(log_score(0.7, true), 0.356675, 1e-6);
  EXPECT_NEAR(log_score(0.7, false), -std::log(0.3), 1e-14);
  EXPECT_EQ(log_score(1.0, true), 0.0);
  EXPECT_TRUE(std::isinf(log_score(0.0, true)));
}

TEST(Crps, KnownEnsembles) {
  EXPECT_NEAR(crps({0, 1, 2, 5}, 2), 0.5, 1e-15);
  EXPECT_NEAR(fair_crps({5, 1, 2, 0}, 2), 1.0 / 6.0, 1e-15);
  EXPECT_NEAR(crps({1, 2, 3}, 2), 2.0 / 9.0, 1e-15);
  EXPECT_NEAR(fair_crps({1, 2, 3}, 2), 0.0, 1e-15);
  EXPECT_EQ(fair_crps({3}, 5), 2.0);
  EXPECT_EQ(fair_crps({3, 3, 3}, 3), 0.0);
  EXPECT_TRUE(std::isnan(crps({}, 1)));
}

// Ensembles that are the quantiles of a law reproduce the closed form of that law.
TEST(Crps, ClosedForms) {
  const int m = 20000;
  std::vector<double> normal, exponential;
  for (int i = 0; i < m; ++i) {
    const double u = (i + 0.5) / m;
    normal.push_back(qantar::sim::normal_quantile(u));
    exponential.push_back(-5.0 * std::log1p(-u));
  }
  EXPECT_NEAR(crps(normal, 0), 0.233695, 1e-4);
  EXPECT_NEAR(crps(normal, 1), 0.602441, 1e-4);
  EXPECT_NEAR(crps(normal, 2), 1.452792, 1e-4);
  EXPECT_NEAR(crps(exponential, 2), 1.203200, 2e-4);
  EXPECT_NEAR(crps(exponential, 5), 1.178794, 2e-4);
  // With a horizon of ten hours; the score is divided by its length.
  EXPECT_NEAR(10 * time_score(exponential, 2, 0, 10), 1.157411, 2e-4);
  EXPECT_NEAR(10 * time_score(exponential, 5, 0, 10), 1.133005, 2e-4);
  EXPECT_NEAR(10 * time_score(exponential, nan, 0, 10), 3.807564, 2e-4);
}

TEST(TimeScore, NeverIsMassBeyondTheHorizon) {
  EXPECT_EQ(time_score({nan}, 10, 10, 30), 1.0);
  EXPECT_EQ(time_score({nan}, 20, 10, 30), 0.5);
  EXPECT_EQ(time_score({20}, 20, 10, 30), 0.0);
  EXPECT_EQ(time_score({nan, nan}, nan, 10, 30), 0.0);
  // Members before the start or after the end count as at the edge.
  EXPECT_EQ(time_score({-50, 99, 20}, 12, 10, 30), time_score({10, nan, 20}, 12, 10, 30));
}

TEST(NumberScore, NothingCountsInsideAndADecadeCountsOne) {
  EXPECT_EQ(number_score({100, 150, 200}, 100, 200, Scale::magnitude), 0.0);
  EXPECT_NEAR(number_score({2009}, 100, 200, Scale::magnitude), 1.0, 1e-12);
  EXPECT_EQ(number_score({1e9}, 100, 200, Scale::magnitude), 1.0);
  EXPECT_NEAR(number_score({9.1}, 100, 200, Scale::magnitude), 1.0, 1e-12);
  EXPECT_EQ(number_score({0}, 100, 200, Scale::magnitude), 1.0);
  EXPECT_EQ(number_score({nan}, 100, 200, Scale::magnitude), 1.0);
  EXPECT_EQ(number_score({nan}, 0, 200, Scale::magnitude), 1.0);
  EXPECT_NEAR(number_score({0.3}, 0.5, 0.6, Scale::share), 0.2, 1e-15);
  EXPECT_NEAR(number_score({0.9}, 0.5, 0.6, Scale::share), 0.3, 1e-15);
  // Half far below and half far above: the spread is no excuse for missing on both sides.
  EXPECT_NEAR(number_score({0, 0, 1e9, 1e9}, 100, 200, Scale::magnitude), 1.0 - 2.0 / 3.0, 1e-12);
}

TEST(IntervalScore, KnownValues) {
  EXPECT_NEAR(interval_score(2, 10, 12), 48, 1e-12);
  EXPECT_NEAR(interval_score(2, 10, 1), 28, 1e-12);
  EXPECT_NEAR(interval_score(2, 10, 5), 8, 1e-12);
  EXPECT_NEAR(interval_score(2, 10, 12, 0.5), 16, 1e-12);
}

TEST(Wilson, KnownValues) {
  const auto none = wilson(0, 10), half = wilson(5, 10), all = wilson(10, 10);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 0.277533, 1e-6);
  EXPECT_NEAR(half.low, 0.236593, 1e-6);
  EXPECT_NEAR(half.high, 0.763407, 1e-6);
  EXPECT_NEAR(all.low, 1 - 0.277533, 1e-6);
  EXPECT_EQ(all.high, 1);
  const auto nothing = wilson(0, 0);
  EXPECT_TRUE(std::isnan(nothing.value) && nothing.low == 0 && nothing.high == 1);
}

}  // namespace
}  // namespace scoring_test
