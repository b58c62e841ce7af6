// Inclusion of switches and what would settle it, against closed forms.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/inference/inclusion.hpp"
#include "analysis/inference/information_gain.hpp"
#include "sim/calendar.hpp"
#include "sim/draws.hpp"

namespace information_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;

TEST(Inclusion, IsAWeightedShare) {
  const std::vector<char> on{1, 1, 0, 0};
  const std::vector<double> equal(4, 0.25), tilted{4, 2, 1, 1};
  EXPECT_EQ(inclusion_probability(on, equal).value, 0.5);
  EXPECT_EQ(inclusion_probability(on, equal).low, wilson(2, 4).low);
  EXPECT_EQ(inclusion_probability(on, tilted).value, 0.75);
  EXPECT_GT(inclusion_probability(on, tilted).high, inclusion_probability(on, equal).high);
  EXPECT_TRUE(std::isnan(inclusion_probability(on, std::vector<double>(4, 0.0)).value));
  EXPECT_THROW(inclusion_probability(on, std::vector<double>(3, 1.0)), std::invalid_argument);
}

// A switch that is on with prior probability 1/2 and makes the record three times as likely.
TEST(Inclusion, FollowsBayesRule) {
  std::vector<char> on;
  std::vector<double> weights;
  for (std::uint32_t i = 0; i < 20000; ++i) {
    on.push_back(sim::Draws({1, 0, i}).uniform(1, 0, 0) < 0.5);
    weights.push_back(on.back() ? 0.3 : 0.1);
  }
  const auto p = inclusion_probability(on, weights);
  EXPECT_NEAR(p.value, 0.75, 4 * std::sqrt(0.75 * 0.25 / 16000));
  EXPECT_LT(p.low, 0.75);
  EXPECT_GT(p.high, 0.75);
}

constexpr std::size_t trials = 4000;

/// Happens with this probability under each account, and comes at an hour that says nothing.
Observable event(const std::string& name, const std::vector<double>& probability) {
  Observable o{name, {}};
  for (std::uint32_t k = 0; k < probability.size(); ++k) {
    o.values.emplace_back();
    for (std::uint32_t i = 0; i < trials; ++i) {
      const sim::Draws draws({2, k, i});
      const auto slot = static_cast<std::uint32_t>(name.size());
      o.values.back().push_back(draws.uniform(1, 0, 0, slot) < probability[k] ? draws.uniform(1, 1, 0, slot)
                                                                              : sim::never);
    }
  }
  return o;
}

double entropy(double p) { return -p * std::log(p) - (1 - p) * std::log(1 - p); }

TEST(InformationGain, OfEventsThatAreMoreLikelyUnderOneAccount) {
  const std::vector<double> prior{0.3, 0.7};
  const std::vector<std::vector<double>> weights(2, std::vector<double>(trials, 1.0));
  const std::vector<Observable> observables{event("nothing", {0.4, 0.4}), event("something", {0.8, 0.4}),
                                            event("almost all", {0.999, 0.001})};
  const auto gains = information_gain(observables, weights, prior);
  ASSERT_EQ(gains.size(), 3U);
  EXPECT_EQ(gains[0].name, "almost all");
  EXPECT_EQ(gains[1].name, "something");
  EXPECT_EQ(gains[2].observable, 0U);
  const auto exact = [&](double a, double b) {
    return entropy(0.3 * a + 0.7 * b) - 0.3 * entropy(a) - 0.7 * entropy(b);
  };
  EXPECT_NEAR(gains[0].nats.value, exact(0.999, 0.001), 0.01);
  EXPECT_NEAR(gains[1].nats.value, exact(0.8, 0.4), 4 * 0.004);
  EXPECT_LT(gains[1].nats.low, exact(0.8, 0.4));
  EXPECT_GT(gains[1].nats.high, exact(0.8, 0.4));
  EXPECT_NEAR(gains[2].nats.value, 0, 0.002);
  EXPECT_LE(gains[2].nats.low, 0);
}

// Without correction the mean of an observable that says nothing would be (cells - 1) (accounts - 1) / (2 n).
TEST(InformationGain, HasLittleBias) {
  double mean = 0;
  const int repeats = 200;
  const std::size_t n = 200;
  for (std::uint64_t r = 0; r < repeats; ++r) {
    Observable o{"noise", {}};
    for (std::uint32_t k = 0; k < 2; ++k) {
      o.values.emplace_back();
      for (std::uint32_t i = 0; i < n; ++i) o.values.back().push_back(sim::Draws({r, k, i}).uniform(1, 0, 0));
    }
    const std::vector<std::vector<double>> weights(2, std::vector<double>(n, 1.0));
    mean += information_gain(std::span(&o, 1), weights, std::vector{0.5, 0.5})[0].nats.value / repeats;
  }
  const double uncorrected = 7.0 / (2 * 2 * n), error = std::sqrt(2.0 * 7) / (2 * 2 * n) / std::sqrt(repeats);
  EXPECT_NEAR(mean, 0, 4 * error);
  EXPECT_GT(uncorrected, 8 * error);
}

TEST(InformationGain, RefusesWhatDoesNotFit) {
  const std::vector<std::vector<double>> weights(2, std::vector<double>(trials, 1.0));
  const auto o = event("one", {0.5});
  EXPECT_THROW(information_gain(std::span(&o, 1), weights, std::vector{0.5, 0.5}), std::invalid_argument);
  EXPECT_THROW(information_gain({}, weights, std::vector{1.0}), std::invalid_argument);
  const std::vector<std::vector<double>> none(2, std::vector<double>(trials, 0.0));
  EXPECT_THROW(information_gain({}, none, std::vector{0.5, 0.5}), std::invalid_argument);
}

}  // namespace
}  // namespace information_test
