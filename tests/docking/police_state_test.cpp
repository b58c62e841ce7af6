// Lang and De Sterck (2014, on Egypt and Tunisia): r' = c1 v(r) (1 - r) - c2 p(r) r for the share r in revolt, where v
// is 1 when the revolt can be seen and p is 1 when the police can still punish it. Our citizens are its limit when fear
// is a step and hope is a step: they give the same kinds of state. The level is that of relations: which states are
// stable.
#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>

#include "tests/support/bare_citizens.hpp"

namespace qantar::agents {
namespace {

constexpr std::uint32_t citizens = 640;

struct Country {
  double joining = 0.7;   ///< chance to be out for one who thinks it over while nothing deters: c1 / (c1 + c2)
  double capacity = 0.3;  ///< share in revolt that the police can just deal with
  double steepness = 60;  ///< of fear around it
};

/// Share out in the long run, from a share out at the start.
double long_run(const Country& country, double start) {
  test::BareCitizens crowd(citizens);
  auto& p = crowd.world.p;
  p.decision_noise = 0.05;
  p.reconsideration = 0.3;
  p.fear_steepness = country.steepness;
  p.fear_constant = 2.3;
  p.visibility = 1;
  crowd.place.police = crowd.place.police_at_start =
      country.capacity * citizens * crowd.scenario->head.persons_per_agent;
  for (std::uint32_t i = 0; i < citizens; ++i) {
    crowd.threshold(i) = static_cast<float>(-p.decision_noise * sim::logit(country.joining));
    crowd.risk_aversion(i) = 1;
    if (i < start * citizens) crowd.set(i, Status::peaceful);
  }
  double sum = 0;
  for (int step = 0; step < 400; ++step) {
    crowd.choose();
    if (step >= 200) sum += crowd.out() / citizens / 200;
  }
  return sum;
}

// The share out settles at c1 / (c1 + c2) once the police are overcome. The mean of 200 steps of 640 citizens, who
// forget in about three steps, has a standard error of .018 / sqrt(200 / 7) = .0035: five of them are .018.
TEST(PoliceState, FailedStateSettlesWhereJoiningAndLeavingBalance) {
  for (const double joining : {0.5, 0.7, 0.9}) {
    EXPECT_NEAR(long_run({.joining = joining, .capacity = 0}, 0), joining, 0.018);
    EXPECT_NEAR(long_run({.joining = joining, .capacity = 0}, 1), joining, 0.018);
  }
  EXPECT_GT(std::fabs(long_run({.joining = 0.65, .capacity = 0}, 0) - 0.7), 0.018);
  RecordProperty("joining_0.7", std::to_string(long_run({.joining = 0.7, .capacity = 0}, 0)));
}

// Below the capacity nobody stays out; above it the revolt goes on: the police state is stable against small shocks
// only.
TEST(PoliceState, IsMetastableWhenThePoliceCanDealWithLessThanTheBalance) {
  const Country country;
  EXPECT_LT(long_run(country, 0), 0.01);
  EXPECT_LT(long_run(country, 0.25), 0.01);
  EXPECT_NEAR(long_run(country, 0.40), 0.7, 0.018);
  EXPECT_NEAR(long_run(country, 1), 0.7, 0.018);
}

TEST(PoliceState, IsStableWhenThePoliceCanDealWithMoreThanTheBalance) {
  EXPECT_LT(long_run({.capacity = 0.9}, 0), 0.01);
  EXPECT_LT(long_run({.capacity = 0.9}, 1), 0.01);
}

// Fear as printed by Epstein is no step: the two states melt into one, and the check notices.
TEST(PoliceState, CheckRejectsAFearThatIsNoStep) {
  const Country soft{.steepness = 1};
  EXPECT_LT(std::fabs(long_run(soft, 1) - long_run(soft, 0)), 0.1);
  EXPECT_LT(long_run(soft, 1), 0.5);
}

}  // namespace
}  // namespace qantar::agents
