// Granovetter (1978): the crowd of thresholds, as a model of its own and as a limit of the citizens of the crisis
// model. Every check is shown to reject a rule that is slightly wrong.
#include "agents/classic/thresholds.hpp"

#include <cmath>
#include <numeric>

#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>

#include "sim/trial.hpp"
#include "tests/support/bare_citizens.hpp"
#include "tests/support/statistics.hpp"

namespace qantar::agents::classic::thresholds_test {
namespace {

constexpr double false_alarm = 1e-4;

using Crowd = Case<ThresholdsParameters>;

Crowd crowd(const ThresholdsParameters& parameters, int rounds = 110) {
  Crowd c;
  c.clock = tick_clock(rounds);
  c.parameters = parameters;
  return c;
}

Crowd ladder() { return crowd({}); }

std::vector<double> zero_to_99() {
  std::vector<double> t(100);
  std::iota(t.begin(), t.end(), 0.0);
  return t;
}

Crowd listed(std::vector<double> thresholds) {
  ThresholdsParameters p;
  p.distribution = ThresholdSource::listed;
  p.listed = std::move(thresholds);
  return crowd(p);
}

std::vector<double> perturbed() {
  auto t = zero_to_99();
  t[1] = 2;
  return t;
}

Crowd normal(double mean, double deviation, double citizens, int rounds) {
  ThresholdsParameters p;
  p.citizens = citizens;
  p.distribution = ThresholdSource::normal;
  p.mean = {mean};
  p.deviation = {deviation};
  return crowd(p, rounds);
}

template <class M>
double acting(const M& model, std::uint32_t replicate = 0) {
  const auto record = sim::run_trial(model, {.seed = 1978, .point = 0, .replicate = replicate});
  EXPECT_EQ(record.status, sim::TrialStatus::ok) << record.message;
  EXPECT_EQ(record.outcomes[3], 1.0) << "the crowd did not come to rest";
  return record.outcomes[0];
}

/// Wrong by one: "more than" where Granovetter has "at least".
struct MoreThan : Thresholds {
  using Thresholds::Thresholds;
  World make_world(const sim::Draws& draws) const {
    World w = Thresholds::make_world(draws);
    for (double& t : w.threshold) t += 1;
    return w;
  }
};

/// Wrong the other way: everybody is counted before acting.
struct CountsItself : Thresholds {
  using Thresholds::Thresholds;
  World make_world(const sim::Draws& draws) const {
    World w = Thresholds::make_world(draws);
    for (double& t : w.threshold) t -= 1;
    return w;
  }
};

TEST(Granovetter, UniformLadderMovesEverybodyAndOneStepMissingStopsIt) {
  EXPECT_EQ(acting(Thresholds(ladder())), 100);
  EXPECT_EQ(acting(Thresholds(listed(zero_to_99()))), 100);
  EXPECT_EQ(acting(Thresholds(listed(perturbed()))), 1);
}

TEST(Granovetter, LadderCheckRejectsAThresholdThatIsOffByOne) {
  EXPECT_EQ(acting(MoreThan(ladder())), 0);
  EXPECT_EQ(acting(CountsItself(listed(perturbed()))), 100);  // the missing step would not be noticed
}

TEST(Granovetter, OneStepOfTheLadderARound) {
  const auto record = sim::run_trial(Thresholds(ladder()), {.seed = 1, .point = 0, .replicate = 0});
  for (std::size_t t = 0; t < 100; ++t) ASSERT_FLOAT_EQ(record.series[t], static_cast<float>(t + 1) / 100);
  EXPECT_EQ(record.outcomes[2], 100);
}

// r = 100 Phi((r/100 - .25) / (s/100)), from r = 0. A crowd of 1e5 that has the distribution exactly differs from the
// map by less than one citizen in 1e5 before amplification, which is eleven at s = 12.2: .02 of 100 is ample.
const std::vector<std::pair<double, double>> published{{12.2, 5.48}, {12.3, 100}, {30, 99.3}, {50, 90.5}, {100, 65.9}};

double map_fixed_point(double mean, double deviation) {
  const boost::math::normal law;
  double r = 0;
  for (int i = 0; i < 100'000; ++i) r = boost::math::cdf(law, (r - mean / 100) / (deviation / 100));
  return 100 * r;
}

TEST(Granovetter, NormalCrowdsComeToRestWhereTheMapDoes) {
  for (const auto& [s, r] : published) {
    const double ours = acting(Thresholds(normal(25, s, 1e5, 1000))) / 1000;
    EXPECT_NEAR(ours, map_fixed_point(25, s), 0.02) << s;
    EXPECT_NEAR(ours, r, 0.06) << s;  // printed with one digit after the point
    if (s < 12.25 || s > 40) {        // at the others nearly everybody acts, whatever the mean
      EXPECT_GT(std::fabs(acting(Thresholds(normal(25.2, s, 1e5, 1000))) / 1000 - r), 0.06) << s;
    }
    RecordProperty("r_at_" + std::to_string(s), std::to_string(ours));
  }
}

double critical_deviation(double mean) {
  double below = 10, above = 15;
  while (above - below > 0.001) {
    const double s = 0.5 * (below + above);
    (acting(Thresholds(normal(mean, s, 20'000, 3000))) > 10'000 ? above : below) = s;
  }
  return above;
}

TEST(Granovetter, CriticalDeviationIsWhereTheMapTouchesTheDiagonal) {
  // Phi(z) - .25 = z phi(z) at the tangent, and s = phi(z).
  const boost::math::normal law;
  double low = -3, high = -0.7;
  for (int i = 0; i < 100; ++i) {
    const double z = 0.5 * (low + high);
    (boost::math::cdf(law, z) - 0.25 - z * boost::math::pdf(law, z) > 0 ? high : low) = z;
  }
  const double closed_form = 100 * boost::math::pdf(law, low);
  EXPECT_NEAR(closed_form, 12.222, 1e-3);
  const double ours = critical_deviation(25);
  RecordProperty("critical_deviation", std::to_string(ours));
  EXPECT_NEAR(ours, closed_form, 0.01);
  EXPECT_GT(std::fabs(critical_deviation(25.1) - closed_form), 0.01);  // one citizen in a thousand more cautious
}

// Crowds of 100 from a city with thresholds 0 to 99. Nobody acts without a citizen of threshold 0; exactly one does
// with one such and none of threshold 1. False alarm 1e-4 each.
template <class M>
std::array<std::int64_t, 2> nobody_and_one(std::int64_t trials) {
  ThresholdsParameters p;
  p.sampled = true;
  const M model(crowd(p));
  std::array<std::int64_t, 2> seen{};
  for (std::int64_t k = 0; k < trials; ++k)
    if (const double n = acting(model, static_cast<std::uint32_t>(k)); n < 2) ++seen[static_cast<std::size_t>(n)];
  return seen;
}

TEST(Granovetter, SampledCrowdsMostlyDoNothing) {
  constexpr std::int64_t trials = 5000;
  const double nobody = std::pow(0.99, 100), one = std::pow(0.98, 99);  // .366, .135; published .37, .14
  const auto seen = nobody_and_one<Thresholds>(trials);
  EXPECT_GT(test::binomial_share(seen[0], trials, nobody).p_value, false_alarm);
  EXPECT_GT(test::binomial_share(seen[1], trials, one).p_value, false_alarm);
  RecordProperty("nobody", std::to_string(static_cast<double>(seen[0]) / trials));
  RecordProperty("one", std::to_string(static_cast<double>(seen[1]) / trials));
  for (const auto& wrong : {nobody_and_one<MoreThan>(trials), nobody_and_one<CountsItself>(trials)})
    EXPECT_LT(test::binomial_share(wrong[0], trials, nobody).p_value, false_alarm);
}

// The citizens of the crisis model with social pull alone: everybody ready and looking in every step, no noise. Going
// out at U = b S - T with T half a citizen below the threshold is Granovetter's "at least".
double citizens_on_the_street(const std::vector<double>& thresholds, double half = 0.5) {
  const auto n = static_cast<std::uint32_t>(thresholds.size());
  test::BareCitizens crowd(n);
  crowd.world.p.social_pull = 1;
  crowd.world.p.decision_noise = 1e-4;
  crowd.world.p.reconsideration = 1000;
  for (std::uint32_t i = 0; i < n; ++i) crowd.threshold(i) = static_cast<float>((thresholds[i] - half) / n);
  for (int step = 0; step < 120; ++step) crowd.choose();
  return crowd.out();
}

TEST(Granovetter, CitizensOfTheCrisisAreTheCrowdWhenOnlyOthersCount) {
  EXPECT_EQ(citizens_on_the_street(zero_to_99()), 100);
  EXPECT_EQ(citizens_on_the_street(perturbed()), 1);
}

TEST(Granovetter, CitizensCheckRejectsAThresholdThatIsOffByOne) {
  EXPECT_EQ(citizens_on_the_street(zero_to_99(), -0.5), 0);
  EXPECT_EQ(citizens_on_the_street(perturbed(), 1.5), 100);
}

}  // namespace
}  // namespace qantar::agents::classic::thresholds_test
