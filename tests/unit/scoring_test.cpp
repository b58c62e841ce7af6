// Known answers of the scores.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/scoring/crps.hpp"
#include "analysis/scoring/energy.hpp"
#include "analysis/scoring/interval_score.hpp"
#include "analysis/scoring/probability.hpp"
#include "analysis/statistics/quantile.hpp"
#include "analysis/statistics/sampling.hpp"
#include "analysis/statistics/wilson.hpp"
#include "sim/numerics.hpp"

namespace scoring_test {
namespace {

using namespace qantar::analysis;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(ChanceOfMeeting, KnownValues) {
  EXPECT_DOUBLE_EQ(chance_of_meeting(1, 10, 5), 0.5);
  EXPECT_DOUBLE_EQ(chance_of_meeting(2, 4, 2), 1 - 1.0 / 6);
  EXPECT_EQ(chance_of_meeting(0, 10, 5), 0);
  EXPECT_EQ(chance_of_meeting(3, 10, 0), 0);
  EXPECT_EQ(chance_of_meeting(3, 10, 8), 1);
  EXPECT_EQ(chance_of_meeting(1, 10, 99), 1);
}

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

// 1000 draws that all hit and none that does, of eleven bins; a hundred that miss.
TEST(Ignorance, KnownValues) {
  EXPECT_NEAR(ignorance(1, 1000, 11), 0.014341, 1e-6);
  EXPECT_NEAR(ignorance(0, 1000, 11), 9.981567, 1e-6);
  EXPECT_NEAR(ignorance(0, 100, 11), 6.794416, 1e-6);
  EXPECT_EQ(ignorance(0, 6), 3);
  EXPECT_EQ(ignorance(0.5, 1000), 1);
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

/// The quantiles of a law at the middles of m equal shares.
template <class Quantile>
std::vector<double> ensemble(int m, Quantile quantile) {
  std::vector<double> out;
  for (int i = 0; i < m; ++i) out.push_back(quantile((i + 0.5) / m));
  return out;
}

// Ensembles that are the quantiles of a law reproduce the closed form of that law.
TEST(Crps, ClosedForms) {
  const auto normal = ensemble(20000, [](double u) { return qantar::sim::normal_quantile(u); });
  EXPECT_NEAR(crps(normal, 0), 0.233695, 1e-6);
  EXPECT_NEAR(crps(normal, 1), 0.602441, 1e-6);
  EXPECT_NEAR(crps(normal, 2), 1.452792, 1e-6);
  const auto exponential = ensemble(20000, [](double u) { return -5.0 * std::log1p(-u); });
  EXPECT_NEAR(crps(exponential, 2), 1.203200, 1e-6);
  EXPECT_NEAR(crps(exponential, 5), 1.178794, 1e-6);
  // With a horizon of ten hours, in shares of it.
  auto cut = exponential;
  for (double& t : cut) t = chained_time(t, 0, 10);
  for (const auto& [seen, exact] : {std::pair(2.0, 1.157411), {5.0, 1.133005}, {nan, 3.807564}}) {
    EXPECT_NEAR(10 * crps(cut, chained_time(seen, 0, 10)), exact, 1e-6);
    EXPECT_NEAR(10 * time_score(exponential, seen, 0, 10), exact, 2e-4);  // fair: less by mean |xi - xj| / (2 m)
  }
}

TEST(Crps, ClosedFormsOfCounts) {
  const auto law = [](auto log_mass) {
    std::vector<double> below{std::exp(log_mass(0.0))};
    for (int k = 1; k < 200; ++k) below.push_back(below.back() + std::exp(log_mass(k)));
    return ensemble(
        2000000, [below](double u) { return static_cast<double>(std::ranges::lower_bound(below, u) - below.begin()); });
  };
  const auto poisson = law([](double k) { return k * std::log(3.0) - 3.0 - std::lgamma(k + 1); });
  EXPECT_NEAR(crps(poisson, 0), 2.043873, 1e-6);
  EXPECT_NEAR(crps(poisson, 3), 0.388124, 1e-6);
  EXPECT_NEAR(crps(poisson, 7), 3.078261, 1e-6);
  const auto negative_binomial = [&](double size, double p) {
    return law([=](double k) {
      return std::lgamma(size + k) - std::lgamma(size) - std::lgamma(k + 1) + size * std::log(p) + k * std::log1p(-p);
    });
  };
  EXPECT_NEAR(crps(negative_binomial(100, 0.95), 5), 0.532152577, 1e-6);
  EXPECT_NEAR(crps(negative_binomial(200.1, 0.82), 44), 1.708596873, 1e-6);
}

// Twice the mean loss of quantiles, and the Brier score of "below z" over all z.
TEST(Crps, IsAnIntegralOfQuantileAndOfBrierScores) {
  const std::vector<double> members{-1.5, 0, 0.25, 2, 7};
  for (const double y : {-3.0, 0.1, 7.0}) {
    double pinball = 0;
    const int levels = 100000;  // a multiple of the number of members: the quantile is constant in each
    for (int i = 0; i < levels; ++i) {
      const double level = (i + 0.5) / levels, q = members[static_cast<std::size_t>(level * 5)];
      pinball += (level - (y < q)) * (y - q) / levels;
    }
    EXPECT_NEAR(crps(members, y), 2 * pinball, 1e-9);
    std::vector<double> thresholds = members;
    thresholds.push_back(y);
    std::ranges::sort(thresholds);
    double over_thresholds = 0;
    for (std::size_t i = 0; i + 1 < thresholds.size(); ++i) {
      const double z = thresholds[i];
      const auto below = static_cast<double>(std::ranges::count_if(members, [&](double x) { return x <= z; }));
      over_thresholds += brier(below / 5, y <= z) * (thresholds[i + 1] - z);
    }
    EXPECT_NEAR(crps(members, y), over_thresholds, 1e-12);
  }
}

TEST(Crps, PlainIsTooLargeByWhatMembersAreApart) {
  const std::vector<double> members{0, 1, 2, 5};  // pairs apart by 1, 2, 5, 1, 4, 3
  for (const double y : {-1.0, 2.0}) EXPECT_NEAR(crps(members, y) - fair_crps(members, y), 16.0 / 6 / (2 * 4), 1e-14);
}

TEST(EnergyScore, OfOneDimensionIsTheCrps) {
  const std::vector<double> members{3, -1, 0.5, 0.5, 12};
  for (const double y : {-2.0, 0.5, 6.0}) {
    EXPECT_NEAR(energy_score(members, std::array{y}), crps(members, y), 1e-13);
    EXPECT_NEAR(fair_energy_score(members, std::array{y}).value, fair_crps(members, y), 1e-13);
  }
}

TEST(EnergyScore, KnownValues) {
  // (3, 4) and (0, 0), 5 apart; 3 and 4 away from (0, 4).
  const std::vector<double> members{3, 4, 0, 0}, observed{0, 4};
  EXPECT_NEAR(energy_score(members, observed), 3.5 - 5.0 / 4, 1e-14);
  const auto fair = fair_energy_score(members, observed);
  EXPECT_NEAR(fair.value, 3.5 - 5.0 / 2, 1e-14);
  // Contributions 3 - 5 and 4 - 5, with variance 1/2.
  EXPECT_NEAR(fair.high - fair.low, 2 * 1.959964 * 0.5, 1e-6);
  const auto certain = fair_energy_score(std::array{3.0, 4.0}, observed);
  EXPECT_EQ(certain.value, 3);
  EXPECT_TRUE(std::isnan(certain.low));
  EXPECT_TRUE(std::isnan(energy_score({}, observed)) && std::isnan(fair_energy_score({}, observed).value));
  EXPECT_THROW(energy_score(std::array{1.0, 2.0, 3.0}, observed), std::invalid_argument);
  EXPECT_THROW(energy_score({}, {}), std::invalid_argument);
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

TEST(Quantile, IsLinearBetweenOrderStatistics) {
  const std::vector<double> sorted{1, 2, 4, 8, 16};
  EXPECT_EQ(quantile(sorted, 0), 1);
  EXPECT_EQ(quantile(sorted, 0.5), 4);
  EXPECT_EQ(quantile(sorted, 0.625), 6);
  EXPECT_EQ(quantile(sorted, 1), 16);
  EXPECT_EQ(quantile(std::vector<double>{7}, 0.3), 7);
}

TEST(Quantile, OfWeightsIsTheFirstValueThatHasTheShare) {
  const std::vector<double> values{3, 1, 2}, weights{0.2, 0.5, 0.3};
  EXPECT_EQ(weighted_quantile(values, weights, 0.5), 1);
  EXPECT_EQ(weighted_quantile(values, weights, 0.51), 2);
  EXPECT_EQ(weighted_quantile(values, weights, 0.9), 3);
  EXPECT_EQ(weighted_quantile(values, {{0.1, 0.1, 0.1}}, 0.9), 3);
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
