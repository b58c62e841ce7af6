// The elite layer alone: expectations about expectations (Hale 2015; Morris and Shin 2003). One state of affairs below
// kappa = 2, two above it between the flip fields, on the shipped rules and on the shipped office-holders.
#include <algorithm>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "agents/officeholders.hpp"
#include "agents/random_draws.hpp"
#include "agents/rules/beliefs.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents {
namespace {

using test::ScenarioPtr;

constexpr double tolerance = 1e-3;

/// What others show, as a function of the expectation that all share.
using Shown = std::function<double(double expectation)>;
/// One round of the layer: from the expectation of all to the one that it draws them to.
using Map = std::function<double(double prior, double kappa, double expectation)>;

double as_believed(double expectation) { return sim::logistic(expectation); }

double by_the_rule(double prior, double kappa, double expectation) {
  return expectation_target(prior, 0.0, kappa, as_believed(expectation));
}

/// Wrong: what others show is not centred, or counts once instead of twice.
double not_centred(double prior, double kappa, double expectation) { return prior + kappa * as_believed(expectation); }
double without_the_factor(double prior, double kappa, double expectation) {
  return prior + kappa * (as_believed(expectation) - 0.5);
}

std::vector<double> fixed_points(const Map& map, double prior, double kappa) {
  std::vector<double> roots;
  const auto excess = [&](double x) { return map(prior, kappa, x) - x; };
  // The grid misses zero, where a root lies whenever there is no prior.
  for (double x = -12.0007; x < 12; x += 0.01) {
    double low = x, high = x + 0.01;
    if ((excess(low) > 0) == (excess(high) > 0)) continue;
    const bool falls = excess(low) > 0;
    for (int i = 0; i < 60; ++i) {
      const double middle = 0.5 * (low + high);
      ((excess(middle) > 0) == falls ? low : high) = middle;
    }
    roots.push_back(0.5 * (low + high));
  }
  return roots;
}

// Where repeated rounds lead from one end.
double settled(const Map& map, double prior, double kappa, double from) {
  double x = from;
  for (int i = 0; i < 30'000; ++i) x += 0.3 * (map(prior, kappa, x) - x);
  return x;
}

// The prior field at which the upper of the two states of affairs vanishes, by halving.
double flip_field(const Map& map, double kappa) {
  double flipped = -6, holds = 0;
  while (holds - flipped > 1e-4) {
    const double prior = 0.5 * (flipped + holds);
    (settled(map, prior, kappa, 12) > 0 ? holds : flipped) = prior;
  }
  return -holds;
}

// With Lam* = Lam0 + kappa tanh(Lam/2) the fold is where the slope is one: cosh^2(Lam/2) = kappa/2.
double flip_field_in_closed_form(double kappa) {
  return kappa * std::sqrt(1 - 2 / kappa) - 2 * std::acosh(std::sqrt(kappa / 2));
}

// Fixed points without a prior field: kappa = Lam / tanh(Lam/2), so a chosen Lam gives its own kappa.
double kappa_of(double expectation) { return expectation / std::tanh(expectation / 2); }

TEST(Elite, OneStateOfAffairsBelowTwoAndTwoAbove) {
  for (const double kappa : {0.5, 1.0, 1.5, 1.9, 1.99}) {
    const auto roots = fixed_points(by_the_rule, 0, kappa);
    ASSERT_EQ(roots.size(), 1U) << kappa;
    EXPECT_NEAR(roots[0], 0, tolerance);
  }
  for (const double expectation : {0.5, 1.0, 2.0, 4.0}) {
    const auto roots = fixed_points(by_the_rule, 0, kappa_of(expectation));
    ASSERT_EQ(roots.size(), 3U) << expectation;
    EXPECT_NEAR(roots[0], -expectation, tolerance);
    EXPECT_NEAR(roots[1], 0, tolerance);
    EXPECT_NEAR(roots[2], expectation, tolerance);
  }
}

TEST(Elite, FlipFieldIsTheFold) {
  EXPECT_NEAR(flip_field_in_closed_form(4), 1.0657, 1e-4);
  for (const double kappa : {2.5, 3.0, 4.0}) {
    EXPECT_NEAR(flip_field(by_the_rule, kappa), flip_field_in_closed_form(kappa), tolerance) << kappa;
    RecordProperty("flip_field_at_" + std::to_string(kappa), std::to_string(flip_field(by_the_rule, kappa)));
    const double inside = flip_field_in_closed_form(kappa) - 0.01, outside = inside + 0.02;
    EXPECT_EQ(fixed_points(by_the_rule, -inside, kappa).size(), 3U);
    EXPECT_EQ(fixed_points(by_the_rule, -outside, kappa).size(), 1U);
  }
}

TEST(Elite, CheckRejectsWrongRules) {
  EXPECT_EQ(fixed_points(without_the_factor, 0, 3).size(), 1U);  // bistable only above four
  EXPECT_GT(std::fabs(flip_field(not_centred, 4) - flip_field_in_closed_form(4)), 0.1);
  EXPECT_GT(std::fabs(flip_field(without_the_factor, 6) - flip_field_in_closed_form(6)), 0.1);
}

// --- on the shipped part ------------------------------------------------------------------------------------------

ScenarioPtr officials(std::size_t n) {
  return test::changed(test::crisis(), [n](Scenario& s) {
    const Office any = s.offices.front();
    s.offices.assign(n, any);
  });
}

/// Office-holders whose expectations move by the shipped part, without noise, marks, succession and patronage.
World chamber(const ScenarioPtr& scenario, double prior, double kappa, double from) {
  const std::size_t n = scenario->offices.size();
  World w(*scenario);
  w.now = scenario->clock.start();
  w.dt = scenario->clock.step_hours();
  w.p.belief_prior = prior;
  w.p.belief_coordination = kappa;
  w.p.belief_rate = 0.3;
  w.loyalty = w.loyalty_at_start = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(scenario->factions.size()),
                                                         static_cast<Eigen::Index>(scenario->organisations.size()));
  w.resources = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(scenario->factions.size()), 4);
  w.influence = Eigen::MatrixXd::Constant(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n),
                                          1.0 / static_cast<double>(n));
  w.offices.resize(n);
  w.shown = w.shown_by_others = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(n));
  w.offices_in.assign(scenario->organisations.size(), 0.0);
  for (const auto& office : scenario->offices) w.offices_in[office.organisation] += 1;
  for (auto& office : w.offices) {
    office.expectation = from;
    office.affinity = 0;
  }
  return w;
}

// What the others show as one number: each weighs half as much as the one before, so that supporting and opposing are
// the binary digits of any share. The part is then the equation itself, without the luck of stances.
double digits_of_the_part(double prior, double kappa, double expectation, double mark = 0) {
  constexpr int digits = 30;
  static const ScenarioPtr scenario = officials(digits);
  World w = chamber(scenario, prior, kappa, expectation);
  double left = as_believed(expectation);
  for (int k = 0; k < digits; ++k) {
    const double weight = std::ldexp(1.0, -k - 1);
    w.influence.col(k).setConstant(weight);
    const bool supports = left >= weight;
    left -= supports ? weight : 0;
    w.offices[static_cast<std::size_t>(k)].stance = supports ? Stance::president : Stance::challenger;
    w.offices[static_cast<std::size_t>(k)].mark = mark;
  }
  officeholders_update(w, {sim::Draws(test::trial(0)), w.step});
  // The part goes a share 1 - e^-rate of the way.
  return expectation + (w.offices[0].expectation - expectation) / sim::hazard(w.p.belief_rate, w.dt);
}

TEST(Elite, ShippedOfficeHoldersMoveByTheEquation) {
  for (const double kappa : {0.5, 2.125, 4.0})
    for (const double prior : {-1.0, 0.0, 2.34})
      for (double x = -8; x <= 8; x += 0.25)
        ASSERT_NEAR(digits_of_the_part(prior, kappa, x), by_the_rule(prior, kappa, x), 1e-7) << kappa << " " << x;
}

TEST(Elite, ShippedOfficeHoldersSettleAtTheFixedPoints) {
  const auto end = [](double prior, double kappa, double from) {
    double x = from;
    for (int i = 0; i < 400; ++i) x += 0.5 * (digits_of_the_part(prior, kappa, x) - x);
    return x;
  };
  EXPECT_NEAR(end(0, 1.5, 6), 0, tolerance);
  for (const double expectation : {2.0, 4.0}) {
    const double kappa = kappa_of(expectation);
    EXPECT_NEAR(end(0, kappa, 6), expectation, tolerance);
    EXPECT_NEAR(end(0, kappa, -6), -expectation, tolerance);
  }
  const double field = flip_field_in_closed_form(4);
  EXPECT_GT(end(-field + 0.02, 4, 6), 0);
  EXPECT_LT(end(-field - 0.02, 4, 6), 0);
}

// A coup as coordination (Singh 2014; Little 2017). Where nobody looks at others, public signals add up and nothing
// tips. Where all do, a signal, such as a broadcaster that is seized, moves the tipping point by its own size, and what
// has tipped stays so when the signal is forgotten.
TEST(Elite, SignalsAddUpWithoutCoordinationAndTipWithIt) {
  const auto end = [](double prior, double kappa, double from, double mark) {
    double x = from;
    for (int i = 0; i < 400; ++i) x += 0.5 * (digits_of_the_part(prior, kappa, x, mark) - x);
    return x;
  };
  for (const double prior : {-0.5, 1.2})
    for (const double mark : {0.0, -0.7, -1.9})
      for (const double from : {-6.0, 6.0}) EXPECT_NEAR(end(prior, 0, from, mark), prior + mark, tolerance);
  constexpr double kappa = 4, prior = 0.2;
  const double tips = flip_field_in_closed_form(kappa) + prior;
  const double holds = end(prior, kappa, 6, -tips + 0.02), tipped = end(prior, kappa, 6, -tips - 0.02);
  EXPECT_GT(holds, 1);
  EXPECT_LT(tipped, -1);
  EXPECT_GT(end(prior, kappa, holds, 0), 1);
  EXPECT_LT(end(prior, kappa, tipped, 0), -1);
}

// With stances chosen by the shipped logit, many equal office-holders follow Lam* = Lam0 + kappa (2 S(Lam) - 1) where S
// is what a stance shows on average. The waiting bonus makes S flatter than the logistic, so more than kappa = 2 is
// needed.
double shown_by_choice(double expectation, const Parameters& p) {
  const auto chance = stance_choice(0, sim::logistic(expectation), p.waiting_bonus, p.challenge_risk);
  return chance[0] * shown(Stance::president) + chance[1] * shown(Stance::waiting) +
         chance[2] * shown(Stance::challenger);
}

struct Ends {
  double from_above, from_below;
};

Ends many_officials(double prior, double kappa) {
  static const ScenarioPtr scenario = officials(800);
  Ends ends{};
  for (double* end : {&ends.from_above, &ends.from_below}) {
    World w = chamber(scenario, prior, kappa, end == &ends.from_above ? 4 : -4);
    w.p.office_rate = 0.5;
    w.p.waiting_bonus = 1;
    for (auto& office : w.offices) office.stance = end == &ends.from_above ? Stance::president : Stance::challenger;
    double sum = 0;
    constexpr int burn = 100, rounds = 200;
    for (w.step = 0; w.step < rounds; ++w.step) {
      officeholders_update(w, {sim::Draws(test::trial(1)), w.step});
      if (w.step >= burn) sum += w.offices[0].expectation / (rounds - burn);
    }
    *end = sum;
  }
  return ends;
}

// 800 stances have a standard error of at most .035 in 2 x - 1 at one moment; a hundred correlated rounds and a slope
// of the map of up to one half leave less than .03 at kappa = 3: a tolerance of .1 is beyond three of them.
TEST(Elite, ManyShippedOfficeHoldersFollowTheMeanOfTheirStances) {
  Parameters p{};
  p.waiting_bonus = 1;
  const Map mean_field = [&](double prior, double kappa, double x) {
    return expectation_target(prior, 0.0, kappa, shown_by_choice(x, p));
  };
  for (const double kappa : {0.8, 3.0}) {
    const auto ends = many_officials(0, kappa);
    const double above = settled(mean_field, 0, kappa, 4), below = settled(mean_field, 0, kappa, -4);
    EXPECT_NEAR(ends.from_above, above, 0.1) << kappa;
    EXPECT_NEAR(ends.from_below, below, 0.1) << kappa;
    RecordProperty("above_at_" + std::to_string(kappa), std::to_string(ends.from_above));
    RecordProperty("below_at_" + std::to_string(kappa), std::to_string(ends.from_below));
    // One that shows nothing by waiting would end elsewhere.
    const Map waiting_is_opposing = [&](double prior, double k, double x) {
      const auto chance = stance_choice(0, sim::logistic(x), p.waiting_bonus, p.challenge_risk);
      return expectation_target(prior, 0.0, k, chance[0]);
    };
    EXPECT_GT(std::fabs(ends.from_below - settled(waiting_is_opposing, 0, kappa, -4)), 0.1);
  }
}

// The least kappa at which many office-holders can settle in two ways under some prior field: one over the steepest
// slope of 2 S. With what others believe in plain sight this is 2; the shipped stances tell less, so it is more.
struct Steepest {
  double kappa, expectation;
};
Steepest least_coordination(const std::function<double(double)>& shows) {
  Steepest out{1e9, 0};
  constexpr double h = 1e-3;
  for (double x = -8; x < 8; x += h)
    if (const double slope = 2 * (shows(x + h / 2) - shows(x - h / 2)) / h; 1 / slope < out.kappa) out = {1 / slope, x};
  return out;
}

TEST(Elite, ShippedStancesNeedMoreCoordinationThanOpenBeliefs) {
  EXPECT_NEAR(least_coordination(as_believed).kappa, 2, tolerance);
  const auto january = test::january();
  const World w = make_world(*test::hypothesis(january, "spontaneous_uprising"), sim::Draws(test::trial(0)));
  const auto shows = [&](double x) {
    double sum = 0;
    for (const auto& office : w.offices) {
      const auto chance = stance_choice(office.affinity, sim::logistic(x), w.p.waiting_bonus, w.p.challenge_risk);
      sum += chance[0] + 0.5 * chance[1];
    }
    return sum / static_cast<double>(w.offices.size());
  };
  const Steepest least = least_coordination(shows);
  const double kappa = least.kappa, x = least.expectation;
  RecordProperty("least_coordination_of_january", std::to_string(kappa));
  EXPECT_GT(kappa, 2.5);
  // Five per cent on either side of it, under the field at which the steepest point is a fixed point.
  const Map map = [&](double prior, double k, double at) { return expectation_target(prior, 0, k, shows(at)); };
  const auto states = [&](double k) { return fixed_points(map, x - k * (2 * shows(x) - 1) + 1e-4, k).size(); };
  EXPECT_EQ(states(0.95 * kappa), 1U);
  EXPECT_EQ(states(1.05 * kappa), 3U);
}

}  // namespace
}  // namespace qantar::agents
