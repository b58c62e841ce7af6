// The pure rules: known values, limits, direction of every effect.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "agents/rules/beliefs.hpp"
#include "agents/rules/conduct.hpp"
#include "agents/rules/contest.hpp"
#include "agents/rules/participation.hpp"
#include "agents/rules/rhythm.hpp"
#include "agents/scenario.hpp"
#include "sim/draws.hpp"

namespace qantar::agents {
namespace {

TEST(Fear, IsEpsteinsRuleAtSteepnessOne) {
  EXPECT_NEAR(fear(1, 2.3, 1), 0.8997, 1e-4);  // .9 at equal numbers
  EXPECT_NEAR(fear(0.5, 2.3, 1), 1 - std::exp(-1.15), 1e-12);
  EXPECT_EQ(fear(0, 2.3, 1), 0.0);
  EXPECT_EQ(fear(1, 0, 3), 0.0);
}

TEST(Fear, IsAStepWhenItIsSteep) {
  EXPECT_LT(fear(0.8, 2.3, 16), 0.07);
  EXPECT_GT(fear(1.2, 2.3, 16), 0.999);
  for (double m : {0.5, 1.0, 4.0, 16.0}) EXPECT_NEAR(fear(1, 2.3, m), fear(1, 2.3, 1), 1e-12);
}

TEST(Fear, RisesWithPoliceAndStaysAProbability) {
  for (double m : {0.5, 1.0, 3.0, 16.0}) {
    double before = -1;
    for (double r = 0; r < 50; r += 0.05) {
      const double now = fear(r, 2.3, m);
      ASSERT_GE(now, before);
      ASSERT_LE(now, 1.0);
      before = now;
    }
  }
}

CrowdTerms no_rates() {
  CrowdTerms t;
  t.inverse_noise = 40;
  return t;
}

TEST(NextStatus, NobodyMovesWithoutRates) {
  for (int s = 0; s < status_count; ++s)
    for (float u : {0.0f, 1e-7f, 0.5f, 0.999999f})
      for (float circle : {0.0f, 1.0f})
        EXPECT_EQ(next_status(static_cast<Status>(s), u, 1, 1, 0, circle, no_rates()), static_cast<Status>(s));
}

TEST(NextStatus, ReachesEveryBranch) {
  CrowdTerms t = no_rates();
  t.aware_place = 0.2f;
  t.stand_down = t.tire = t.turn_violent = t.calm = 0.1f;
  t.reconsider = 0.3f;
  const float eager = -10, shy = 10;  // thresholds: certain to go out, certain to stay away
  const auto next = [&](Status s, float u, float threshold) { return next_status(s, u, 1, 0, threshold, 0, t); };
  EXPECT_EQ(next(Status::unaware, 0.18f, shy), Status::ready);  // 1 - e^-.2 = .1813
  EXPECT_EQ(next(Status::unaware, 0.19f, eager), Status::unaware);
  EXPECT_EQ(next(Status::ready, 0.09f, eager), Status::unaware);
  EXPECT_EQ(next(Status::ready, 0.11f, eager), Status::peaceful);
  EXPECT_EQ(next(Status::ready, 0.11f, shy), Status::ready);
  EXPECT_EQ(next(Status::ready, 0.41f, eager), Status::ready);
  EXPECT_EQ(next(Status::peaceful, 0.06f, eager), Status::tired);
  EXPECT_EQ(next(Status::peaceful, 0.19f, eager), Status::tired);
  EXPECT_EQ(next(Status::peaceful, 0.21f, eager), Status::violent);
  EXPECT_EQ(next(Status::peaceful, 0.31f, shy), Status::ready);
  EXPECT_EQ(next(Status::peaceful, 0.31f, eager), Status::peaceful);
  EXPECT_EQ(next(Status::peaceful, 0.61f, shy), Status::peaceful);
  EXPECT_EQ(next(Status::violent, 0.06f, eager), Status::tired);
  EXPECT_EQ(next(Status::violent, 0.19f, eager), Status::tired);
  EXPECT_EQ(next(Status::violent, 0.21f, eager), Status::peaceful);
  EXPECT_EQ(next(Status::violent, 0.31f, shy), Status::ready);
  EXPECT_EQ(next(Status::violent, 0.31f, eager), Status::violent);
  for (Status s : {Status::tired, Status::detained, Status::hurt, Status::dead, Status::absent})
    for (float u : {0.0f, 0.2f, 0.9f}) EXPECT_EQ(next(s, u, eager), s);
}

// The share of a fine grid of u that makes each transition is its probability.
TEST(NextStatus, TransitionsHaveTheirProbabilities) {
  CrowdTerms t = no_rates();
  t.grievance = 0.2f;
  t.fear = 0.5f;
  t.cost = 0.05f;
  t.pull_place = 0.03f;
  t.pull_circle = 0.08f;
  t.aware_place = 0.1f;
  t.aware_circle = 0.2f;
  t.stand_down = 0.04f;
  t.tire = 0.02f;
  t.turn_violent = 0.03f;
  t.calm = 0.05f;
  t.reconsider = 0.25f;
  const float hardship = 1.1f, risk = 0.1f, threshold = 0.11f, circle = 0.25f;
  const double gain = 1.1 * 0.2 - 0.1 * 0.5 + 0.03 + 0.08 * 0.25 - 0.05 - 0.11;
  const double out = 1 / (1 + std::exp(-gain * 40));
  const struct {
    Status from, to;
    double probability;
  } expected[] = {{Status::unaware, Status::ready, 1 - std::exp(-0.15)},
                  {Status::ready, Status::unaware, 0.04},
                  {Status::ready, Status::peaceful, 0.25 * out},
                  {Status::peaceful, Status::tired, 0.04 + 0.02},
                  {Status::peaceful, Status::violent, 0.03},
                  {Status::peaceful, Status::ready, 0.25 * (1 - out)},
                  {Status::violent, Status::tired, 0.04 + 0.02},
                  {Status::violent, Status::peaceful, 0.05},
                  {Status::violent, Status::ready, 0.25 * (1 - out)}};
  constexpr int grid = 200000;
  for (const auto& e : expected) {
    int moved = 0;
    for (int i = 0; i < grid; ++i)
      moved += next_status(e.from, (static_cast<float>(i) + 0.5f) / grid, hardship, risk, threshold, circle, t) == e.to;
    EXPECT_NEAR(static_cast<double>(moved) / grid, e.probability, 3e-5)
        << static_cast<int>(e.from) << " to " << static_cast<int>(e.to);
  }
}

// Granovetter's and Epstein's limit: all ready, no noise, everybody reconsiders: out exactly when the gain is positive.
TEST(NextStatus, WithoutNoiseAThresholdDecides) {
  CrowdTerms t = no_rates();
  t.inverse_noise = 1e6f;
  t.reconsider = 1;
  for (float hardship = 0; hardship < 2; hardship += 0.01f)
    for (float circle : {0.0f, 0.5f, 1.0f}) {
      t.grievance = 0.2f;
      t.pull_circle = 0.1f;
      const float gain = net_gain(hardship, 0, 0.15f, circle, t);
      if (std::fabs(gain) < 1e-4f) continue;
      for (float u : {0.001f, 0.5f, 0.998f})
        EXPECT_EQ(next_status(Status::ready, u, hardship, 0, 0.15f, circle, t),
                  gain > 0 ? Status::peaceful : Status::ready)
            << hardship;
    }
}

TEST(NextStatus, GainFollowsItsFormula) {
  CrowdTerms t;
  t.grievance = 0.2f;
  t.shock = 0.1f;
  t.fear = 0.9f;
  t.pull_place = 0.02f;
  t.pull_circle = 0.05f;
  t.cost = 0.18f;
  EXPECT_NEAR(net_gain(1.2f, 0.1f, 0.105f, 0.5f, t), 0.24 + 0.1 - 0.09 + 0.02 + 0.025 - 0.18 - 0.105, 1e-6);
}

TEST(SmallHazard, IsAProbabilityThatRisesWithTheRate) {
  float before = -1;
  for (float x = 0; x < 60; x += 0.01f) {
    const float p = small_hazard(x);
    ASSERT_GE(p, before) << x;
    ASSERT_LE(p, 1.0f);
    ASSERT_NEAR(p, 1 - std::exp(-x), 1e-3) << x;
    before = p;
  }
}

TEST(HoldChance, KnownValuesAndLimits) {
  EXPECT_DOUBLE_EQ(hold_chance(200, 100, 1, 2), 0.8);  // two to one holds four times in five
  EXPECT_DOUBLE_EQ(hold_chance(100, 100, 1, 2), 0.5);
  EXPECT_NEAR(hold_chance(100, 100, 3, 2), 0.75, 1e-15);
  EXPECT_EQ(hold_chance(0, 10, 2, 2), 0.0);
  EXPECT_EQ(hold_chance(10, 0, 2, 2), 1.0);
  EXPECT_EQ(hold_chance(0, 0, 2, 2), 1.0);
  EXPECT_GT(hold_chance(110, 100, 1, 60), 0.99);  // a very decisive contest is a comparison of numbers
  EXPECT_LT(hold_chance(90, 100, 1, 60), 0.01);
}

TEST(HoldChance, RisesWithDefendersAndAdvantageFallsWithAttackers) {
  for (double mu : {0.2, 1.0, 2.0, 6.0})
    for (double s : {1.0, 30.0, 1e4}) {
      EXPECT_GT(hold_chance(s * 1.1, 100, 2, mu), hold_chance(s, 100, 2, mu));
      EXPECT_GT(hold_chance(s, 100, 2.5, mu), hold_chance(s, 100, 2, mu));
      EXPECT_LT(hold_chance(s, 110, 2, mu), hold_chance(s, 100, 2, mu));
      EXPECT_NEAR(hold_chance(s, 100, 1, mu) + hold_chance(100, s, 1, mu), 1.0, 1e-12);
    }
}

TEST(CollapseRate, IsConvexAndZeroForASureHold) {
  EXPECT_EQ(collapse_rate(1, 1.2, 2), 0.0);
  EXPECT_DOUBLE_EQ(collapse_rate(0, 1.2, 2), 1.2);
  EXPECT_NEAR(collapse_rate(0.5, 1.2, 2), 0.3, 1e-15);
  EXPECT_LT(collapse_rate(0.5, 1, 2), 0.5 * (collapse_rate(0, 1, 2) + collapse_rate(1, 1, 2)));
}

TEST(Unnoticed, KnownValuesAndLimits) {
  EXPECT_NEAR(unnoticed(1e-4, 1000, 3, 0), 0.7408, 5e-5);
  EXPECT_EQ(unnoticed(1e-4, 1000, 3, 1), 1.0);
  EXPECT_EQ(unnoticed(1e-4, 0, 3, 0), 1.0);
  EXPECT_NEAR(unnoticed(1e-4, 1000, 3, 0.5), std::sqrt(unnoticed(1e-4, 1000, 3, 0)), 1e-15);
}

Parameters unit_parameters() {
  Parameters p{};
  p.obey_morale = 1.5;
  p.obey_loyalty = 1;
  p.obey_severity = 3;
  p.unit_fear = 1.7;
  p.stall_uncertainty = 0.5;
  p.stall_ambiguity = 1.1;
  p.withdrawal_order = 9;
  p.withdrawal_barrier = 4.2;
  p.withdrawal_contagion = 0.5;
  p.joining_affinity = 0.5;
  p.joining_barrier = 7.5;
  p.stalling_barrier = 1;
  p.danger_felt = 0.02;
  return p;
}

UnitView usual_view() {
  UnitView v;
  v.morale = 0.65;
  v.belief = 0.9;
  v.loyalty = 0.5;
  return v;
}

TEST(ConductChoice, IsAProbabilityOverFourAnswers) {
  const Parameters p = unit_parameters();
  for (double morale : {0.02, 1.0})
    for (double belief : {0.0, 0.5, 1.0})
      for (double severity : {0.0, 1.0})
        for (double danger : {0.0, 0.5, 1.0})
          for (bool told : {false, true}) {
            UnitView v = usual_view();
            v.morale = morale;
            v.belief = belief;
            v.severity = severity;
            v.danger = danger;
            v.told_to_leave = told;
            const auto c = conduct_choice(v, p);
            double sum = 0;
            for (double x : c) {
              EXPECT_GE(x, 0.0);
              sum += x;
            }
            EXPECT_NEAR(sum, 1.0, 1e-12);
            if (!told && danger == 0) {
              EXPECT_EQ(c[2], 0.0) << "nobody leaves without danger or order";
              EXPECT_EQ(c[3], 0.0);
            } else {
              EXPECT_GT(c[2], 0.0);
            }
          }
}

TEST(ConductChoice, AnOrderEmptiesAPost) {
  const Parameters p = unit_parameters();
  UnitView v = usual_view();
  v.danger = 0.3;
  const double unasked = conduct_choice(v, p)[2];
  v.told_to_leave = true;
  const double told = conduct_choice(v, p)[2];
  EXPECT_LT(unasked, 0.05);
  EXPECT_GT(told, 0.7);
}

TEST(ConductChoice, EveryReasonPullsItsWay) {
  const Parameters p = unit_parameters();
  UnitView v = usual_view();
  v.danger = 0.4;
  v.severity = 0.5;
  const auto at = [&](auto change, std::size_t answer) {
    UnitView seen = v;
    change(seen);
    return conduct_choice(seen, p)[answer];
  };
  const auto same = [](UnitView&) {};
  EXPECT_GT(at([](UnitView& x) { x.morale = 0.9; }, 0), at(same, 0));
  EXPECT_GT(at([](UnitView& x) { x.loyalty = 0.9; }, 0), at(same, 0));
  EXPECT_LT(at([](UnitView& x) { x.severity = 1; }, 0), at(same, 0));
  EXPECT_GT(at([](UnitView& x) { x.peaceful_share = 0; }, 0), at(same, 0));
  EXPECT_LT(at([](UnitView& x) { x.danger = 0.8; }, 0), at(same, 0));
  EXPECT_GT(at([](UnitView& x) { x.danger = 0.8; }, 2), at(same, 2));
  EXPECT_GT(at([](UnitView& x) { x.ambiguity = 1; }, 1), at(same, 1));
  EXPECT_GT(at([](UnitView& x) { x.belief = 0.5; }, 1), at(same, 1));
  EXPECT_GT(at([](UnitView& x) { x.left_share = 0.5; }, 2), at(same, 2));
  EXPECT_GT(at([](UnitView& x) { x.belief = 0.1; }, 3), at(same, 3));
}

TEST(StanceChoice, FollowsAffinityAndBelief) {
  const auto choice = [](double affinity, double pi) { return stance_choice(affinity, pi, 4, 2); };
  for (double affinity : {-4.0, 0.0, 4.0})
    for (double pi : {0.0, 0.5, 1.0}) {
      const auto c = choice(affinity, pi);
      EXPECT_NEAR(c[0] + c[1] + c[2], 1.0, 1e-12);
    }
  EXPECT_GT(choice(3, 0.95)[0], 0.95);
  EXPECT_GT(choice(-4, 0.05)[2], 0.9);
  EXPECT_GT(choice(0, 0.9)[0], choice(0, 0.5)[0]);
  EXPECT_GT(choice(0, 0.1)[2], choice(0, 0.5)[2]);
  // Waiting is most attractive when the outcome is open; open challenge is dangerous.
  EXPECT_GT(choice(0, 0.5)[1], choice(0, 0.05)[1]);
  EXPECT_GT(choice(0, 0.5)[1], choice(0, 0.95)[1]);
  EXPECT_LT(choice(0, 0.5)[2], choice(0, 0.5)[0]);
  EXPECT_NEAR(stance_choice(0, 0.5, 4, 0)[2], stance_choice(0, 0.5, 4, 0)[0], 1e-12);
  EXPECT_EQ(shown(Stance::president), 1.0);
  EXPECT_EQ(shown(Stance::waiting), 0.5);
  EXPECT_EQ(shown(Stance::challenger), 0.0);
}

int fixed_points(double kappa) {
  int crossings = 0;
  double before = 0;
  for (double x = 0.00125; x < 1; x += 0.0025) {  // never at the root x = 1/2
    const double gap = sim::logistic(expectation_target(0, 0, kappa, x)) - x;
    crossings += before * gap < 0;
    before = gap;
  }
  return crossings;
}

TEST(ExpectationTarget, IsBistableAboveTwo) {
  EXPECT_DOUBLE_EQ(expectation_target(2.3, -0.5, 3, 1), 4.8);
  EXPECT_DOUBLE_EQ(expectation_target(2.3, -0.5, 3, 0.5), 1.8);
  for (double kappa : {0.0, 1.0, 1.9}) EXPECT_EQ(fixed_points(kappa), 1) << kappa;
  for (double kappa : {2.1, 3.0, 6.0}) EXPECT_EQ(fixed_points(kappa), 3) << kappa;
}

TEST(Night, IsATrapeziumAroundMidnight) {
  const auto at = [](double hour) { return night(hour, 24.5, 9.5, 5); };
  for (const double day : {12.0, 14.0, 18.0, 22.0}) EXPECT_EQ(at(day), 0.0) << day;
  for (const double asleep : {3.0, 5.0, 7.0}) EXPECT_EQ(at(asleep), 1.0) << asleep;
  EXPECT_NEAR(at(0.5), 0.5, 1e-12);
  EXPECT_NEAR(at(9.5), 0.5, 1e-12);
  EXPECT_NEAR(at(23), 0.2, 1e-12);
  EXPECT_NEAR(at(23.9999999), at(0), 1e-6);
  for (double h = 0; h < 23.99; h += 0.01) EXPECT_NEAR(at(h), at(h + 0.01), 0.0021);
  EXPECT_NEAR(night(22, 20, 6, 2), 1, 1e-12);  // before midnight
}

TEST(Force, IsForgottenByTheHourWhateverTheStep) {
  double once = 1, often = 0, hourly = 0;
  for (int i = 0; i < 4; ++i) often = often * force_kept(0.75, 0.25) + force_added(0.75, 0.25);
  hourly = hourly * force_kept(0.75, 1) + force_added(0.75, 1);
  EXPECT_NEAR(often, hourly, 1e-12);
  once *= force_kept(0.75, 2);
  EXPECT_NEAR(once, 0.5625, 1e-12);
  EXPECT_EQ(force_added(1, 0.5), 0.5);
}

TEST(Curfew, IsWithinItsHoursOnly) {
  Inputs night_long, day;
  night_long.curfew_begins = 23;
  night_long.curfew_ends = 7;
  for (double h : {23.0, 23.9, 0.0, 3.0, 6.99}) EXPECT_TRUE(night_long.in_curfew(h)) << h;
  for (double h : {7.0, 12.0, 22.99}) EXPECT_FALSE(night_long.in_curfew(h)) << h;
  for (double h : {0.0, 12.0, 23.5}) EXPECT_FALSE(day.in_curfew(h)) << h;
  day.curfew_begins = 1;
  day.curfew_ends = 5;
  EXPECT_TRUE(day.in_curfew(1));
  EXPECT_FALSE(day.in_curfew(5));
  EXPECT_FALSE(day.in_curfew(23));
}

}  // namespace
}  // namespace qantar::agents
