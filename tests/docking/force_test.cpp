// Contest success (Hirshleifer 1989) and Lanchester's laws (1916) on the shipped rules of force.
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "agents/random_draws.hpp"
#include "agents/rules/contest.hpp"
#include "agents/sites.hpp"
#include "tests/support/crisis_case.hpp"
#include "tests/support/statistics.hpp"

namespace qantar::agents {
namespace {

using test::ScenarioPtr;

TEST(Contest, RatioFormAtTwoToOne) {
  const std::vector<std::pair<double, double>> known{{1, 2.0 / 3}, {2, 0.8}, {4, 16.0 / 17}};
  for (const auto& [mu, chance] : known) {
    EXPECT_NEAR(hold_chance(200, 100, 1, mu), chance, 1e-12);
    EXPECT_NEAR(hold_chance(100, 200, 1, mu), 1 - chance, 1e-12);
    EXPECT_GT(std::fabs(hold_chance(200, 100, 1, mu + 0.1) - chance), 1e-3);  // a wrong exponent
    EXPECT_GT(std::fabs(hold_chance(200, 100, 1.1, mu) - chance), 1e-3);      // an edge that nobody has
  }
}

struct Sides {
  double a, b;
};
/// Losses of both in one hour.
using Losses = std::function<Sides(Sides)>;

struct Battle {
  double survivors, hours;
};
Battle fight(Sides s, const Losses& losses) {
  double hours = 0;
  while (s.b > 0.5 && s.a > 0.5 && hours < 1e6) {
    const Sides lost = losses(s);
    if (lost.b > s.b - 0.5) {  // the last hour is not used up
      hours += (s.b - 0.5) / lost.b;
      return {s.a - lost.a, hours};
    }
    s.a -= lost.a;
    s.b -= lost.b;
    hours += 1;
  }
  return {s.a, hours};
}

// Two forces that fire at each other, one through the rule of the crowd's losses and one through that of the guards'.
Losses aimed(double rate) {
  return [rate](Sides s) {
    return Sides{crowd_losses(s.b, 1.0, s.a, rate, 0.05, 1.0), guard_losses(s.a, s.a, s.b, 0.0, rate, 0.05, 1.0)};
  };
}

/// Wrong law: the size of the target counts as well.
Losses blind(double rate) {
  return [rate](Sides s) {
    const double each = rate * s.a * s.b / 800;
    return Sides{each, each};
  };
}

// a A^2 - b B^2 stays: 1000 against 800 leave 600, after 20 ln 3 = 21.972 hours at .05 an hour each; 1/rate as long at
// other rates. The rate is far below the most that the rules allow in an hour.
TEST(Lanchester, SquareLawHoldsForAimedFire) {
  constexpr double rate = 1e-4, hours = 21.972 * 0.05 / rate;
  const Battle b = fight({1000, 800}, aimed(rate));
  EXPECT_NEAR(b.survivors, 600, 6);
  EXPECT_NEAR(b.hours, hours, 0.01 * hours);
  RecordProperty("survivors", std::to_string(b.survivors));
  RecordProperty("hours_at_one_twentieth", std::to_string(b.hours * rate / 0.05));
  const Battle wrong = fight({1000, 800}, blind(rate));
  EXPECT_GT(std::fabs(wrong.survivors - 600), 6);
  const Battle dearer = fight({1000, 800}, aimed(1.05 * rate));
  EXPECT_GT(std::fabs(dearer.hours - hours), 0.01 * hours);
}

// The hour itself as a step: losses are computed once an hour, so 1000 against 800 at .01 an hour leave a little less.
TEST(Lanchester, AnHourIsAShortStepAtTheRatesOfTheModel) {
  const auto uncapped = [](double rate) {
    return [rate](Sides s) {
      return Sides{crowd_losses(s.b, 1.0, s.a, rate, 1.0, 1.0), guard_losses(s.a, s.a, s.b, 0.0, rate, 1.0, 1.0)};
    };
  };
  for (const double rate : {0.001, 0.006, 0.01}) {  // the starting values of the model are .0028 and .006
    const Battle b = fight({1000, 800}, uncapped(rate));
    EXPECT_NEAR(b.survivors, 600, 6) << rate;
    EXPECT_NEAR(b.hours * rate / 0.05, 21.972, 0.22) << rate;
    RecordProperty("survivors_at_" + std::to_string(rate), std::to_string(b.survivors));
  }
  // Ten times faster an hour is too long: the check sees it.
  EXPECT_GT(std::fabs(fight({1000, 800}, uncapped(0.1)).survivors - 600), 6);
}

// a A - b B stays when both fire blindly into the space where the other is. With equal rates k a head the difference D
// stays, and B/A falls as exp(-k D t).
TEST(Lanchester, LinearLawHoldsForFireIntoTheStreets) {
  constexpr double rate = 0.002;
  constexpr int hours = 20'000;
  const auto law = [](Sides s) {
    return Sides{street_losses(s.b, s.a, 2000, rate, 1), street_losses(s.a, s.b, 2000, rate, 1)};
  };
  const auto after = [&](Sides s) {
    for (int hour = 0; hour < hours; ++hour) {
      const Sides lost = law(s);
      s = {s.a - lost.a, s.b - lost.b};
    }
    return s;
  };
  const Sides end = after({1000, 800});
  const double ratio = 0.8 * std::exp(-rate / 2000 * 200 * hours);
  EXPECT_NEAR(end.a - end.b, 200, 1e-6);
  EXPECT_NEAR(end.b / end.a, ratio, 0.01 * ratio);
  RecordProperty("ratio_of_the_linear_law", std::to_string(end.b / end.a));
  EXPECT_GT(std::fabs(fight({1000, 800}, aimed(1e-4)).survivors - 200), 2);  // the other law is told apart
  const Sides unequal = after({1000, 790});
  EXPECT_GT(std::fabs(unequal.b / unequal.a - ratio), 0.01 * ratio);
}

// Fire that nobody answers takes the same share of a crowd below 2000 in every hour.
TEST(Lanchester, UnansweredFireThinsACrowdExponentially) {
  constexpr double rate = 7e-4, shooters = 300;
  double crowd = 1500;
  for (int hour = 0; hour < 1000; ++hour) crowd -= street_losses(shooters, crowd, 2000, rate, 1);
  EXPECT_NEAR(crowd, 1500 * std::exp(-rate * shooters * 1000 / 2000), 0.01 * crowd);
  EXPECT_GT(std::fabs(crowd - 1500 * std::exp(-rate * shooters * 1000 / 1800)), 0.01 * crowd);
  EXPECT_DOUBLE_EQ(street_losses(shooters, 2000, 2000, rate, 1), street_losses(shooters, 5000, 2000, rate, 1));
}

// --- the shipped part uses these laws
// ---------------------------------------------------------------------------------

struct Deaths {
  double crowd = 0, guards = 0;  ///< means of one hour
};

// One assault on one site with everything else off: a violent crowd with a share of arms before guards who may fire.
Deaths assault(double crowd, double guards, double arms, Posture posture, int trials = 1500) {
  static const ScenarioPtr scenario =
      test::crisis({"clan_funding=0", "prepared_groups=0", "organised_crime=0", "foreign_training=0"});
  const SiteId hall(scenario->ids.find("sites", "harbour_hall"));
  const PlaceId c = scenario->sites[hall].place;
  World start = make_world(*scenario, sim::Draws(test::trial(0)));
  start.p.attack_share = 1;
  start.p.defence_pull = 0;
  start.p.seat_first = 100;  // all columns turn to the administration
  start.p.collapse_rate = 0;
  start.p.street_loss = 0;
  start.p.peaceful_mass = 0;
  start.p.live_fire_strength = 1;
  start.p.detention_rate = 0;
  start.now = scenario->clock.start() + 3;
  start.step = 3;
  for (auto& unit : start.units) unit.present = false;
  for (std::size_t u = 0; u < start.units.size(); ++u)
    if (scenario->units[u].site == hall || (!scenario->units[u].site.exists() && scenario->units[u].place == c)) {
      auto& unit = start.units[u];
      unit.present = true;
      unit.conduct = Conduct::obeying;
      unit.morale = 1;
      unit.strength = guards;
      break;
    }
  PlaceState& place = start.places[c];
  place.posture = posture;
  place.persons_violent = crowd;
  place.captured_arms = arms;
  Deaths sum;
  for (int k = 0; k < trials; ++k) {
    World w = start;
    const sim::Draws draws(test::trial(static_cast<std::uint32_t>(k)));
    resolve_contacts(w, {draws, w.step});
    sum.guards += w.tally.security_deaths / trials;
    sum.crowd += (w.tally.deaths - w.tally.security_deaths) / trials;
  }
  return sum;
}

// Means of 1500 Poisson counts; a tolerance of five standard errors has a false alarm below 1e-6.
void expect_mean(double measured, double expected, const char* what) {
  EXPECT_NEAR(measured, expected, 5 * std::sqrt(expected / 1500)) << what;
}

TEST(Lanchester, ShippedContactsLoseByTheLaw) {
  const auto scenario = test::crisis();
  const auto value = [&](const char* name) {
    for (std::size_t i = 0; i < parameter_rows().size(); ++i)
      if (parameter_rows()[i].name == name) return scenario->parameters[i].value;
    throw std::runtime_error(name);
  };
  const double crowd_rate = value("crowd_loss"), guard_rate = value("security_loss"), limit = value("loss_limit");
  for (const double guards : {500.0, 1000.0, 2000.0}) {
    const Deaths d = assault(3000, guards, 0, Posture::fire);
    expect_mean(d.crowd, crowd_losses(guards, 1, 3000, crowd_rate, limit, 1), "crowd");
    EXPECT_GT(std::fabs(d.crowd - crowd_losses(1.3 * guards, 1, 3000, crowd_rate, limit, 1)),
              5 * std::sqrt(1.3 * crowd_rate * guards / 1500));
  }
  for (const double arms : {0.0, 1000.0, 2000.0}) {
    const Deaths d = assault(3000, 2000, arms, Posture::fire);
    expect_mean(d.guards, guard_losses(arms, 3000, 2000, value("bare_hands"), guard_rate, limit, 1), "guards");
  }
  EXPECT_EQ(assault(3000, 1000, 0, Posture::hold).crowd, 0.0);  // nobody fires
}

}  // namespace
}  // namespace qantar::agents
