// Where theory says in which direction something moves the course, it does. January 2022 without any plan, both arms
// under the same luck, trial by trial. A response counts as shown when its mean over the pairs has the expected sign at
// the declared level; the same check must refuse the opposite direction. Fewer citizens and an earlier end keep the
// cost of a row at about four seconds.
//
// Theory speaks of a mechanism, the country answers back: who holds a site longer keeps the centre calm longer,
// obedient police clear more and so turn more people violent, and a large enough crowd outgrows any police. So turnout
// is read on 4 January, before the answers, and the effect of morale on sites where the police only hold.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "agents/case_folder.hpp"
#include "tests/support/crisis_case.hpp"
#include "tests/support/instrumented.hpp"
#include "tests/support/paired.hpp"

namespace qantar::agents {
namespace {

using test::ScenarioPtr;

constexpr double level = 0.001;  ///< chance that a model without the response passes a row
constexpr std::uint32_t trials = test::instrumented ? 4 : 200;
constexpr int steps = 175;  ///< hours from 1 January 17:00 to 9 January 0:00

using Change = std::function<void(Scenario&)>;

struct Arm {
  std::vector<std::string> overrides;
  Change change = [](Scenario&) {};
};

// What a trial shows, from the world at its end and the largest violent crowd on the way; `never` where undefined.
using Outcome = std::function<double(const World&, double most_violent)>;

ScenarioPtr scenario(const Arm& arm) {
  static const auto files = [] {
    sim::Diagnostics none;
    return read_case_files(std::string(QANTAR_SOURCE_DIR) + "/configs/january_2022", none);
  }();
  std::vector<std::string> overrides{"case.persons_per_agent=100"};
  overrides.insert(overrides.end(), arm.overrides.begin(), arm.overrides.end());
  sim::Diagnostics diagnostics;
  const auto built = build_case("configs/january_2022", files, overrides, diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  return test::changed(test::hypothesis(built, "spontaneous_uprising"), arm.change);
}

std::vector<double> outcomes(const Arm& arm, const Outcome& outcome, std::uint32_t first_trial = 0) {
  const CrisisModel model(scenario(arm));
  std::vector<double> out;
  for (std::uint32_t k = first_trial; k < first_trial + trials; ++k) {
    const sim::Draws draws(test::trial(k));
    World w = model.make_world(draws);
    double most_violent = 0;
    for (int i = 0; i < steps; ++i) {
      model.step(w, draws, i);
      double violent = 0;
      for (const auto& place : w.places) violent += place.persons_violent;
      most_violent = std::max(most_violent, violent);
    }
    out.push_back(outcome(w, most_violent));
  }
  return out;
}

// Pairs in which the outcome is defined in both arms.
test::Difference response(const Arm& low, const Arm& high, const Outcome& outcome) {
  const auto a = outcomes(low, outcome), b = outcomes(high, outcome);
  std::vector<double> first, second;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (happened(a[i]) && happened(b[i])) {
      first.push_back(a[i]);
      second.push_back(b[i]);
    }
  if (!test::instrumented) {
    EXPECT_GE(first.size(), trials / 3) << "too few pairs in which the outcome is defined";
  }
  return test::paired(first, second);
}

bool shows(const test::Difference& d, int sign) { return sign * d.mean > test::exceeded_with(level) * d.error; }

// `sign`: of the response to more of what the row is about.
void expect_response(const std::string& what, const Arm& low, const Arm& high, const Outcome& outcome, int sign) {
  const auto d = response(low, high, outcome);
  const std::string shown = fmt::format("{:62} {:+.3f} (standard error {:.3f})", what, d.mean, d.error);
  std::printf("%s\n", shown.c_str());
  if (test::instrumented) return;
  EXPECT_TRUE(shows(d, sign)) << shown;
  EXPECT_FALSE(shows(d, -sign)) << shown;
}

Arm with(const std::string& override_) { return {{override_}}; }
Arm with(Change change) { return {{}, std::move(change)}; }

double sites_fallen(const World& w, double) {
  double n = 0;
  for (std::size_t s = 0; s < w.sites.size(); ++s) n += w.scenario->sites[s].state && happened(w.sites[s].fell);
  return n;
}
double share_of_attacked_fallen(const World& w, double) {
  double fallen = 0, attacked = 0;
  for (std::size_t s = 0; s < w.sites.size(); ++s)
    if (w.scenario->sites[s].state) {
      fallen += happened(w.sites[s].fell);
      attacked += happened(w.sites[s].attacked);
    }
  return attacked > 0 ? fallen / attacked : never;
}
// The largest turnout of a day in January, in logs.
Outcome turnout_on(std::size_t day) {
  return [day](const World& w, double) { return std::log(1.0 + w.tally.snapshots[day - 1].participants); };
}

TEST(Monotone, HigherMoraleOfThePoliceFewerSitesFall) {
  const auto morale = [](const std::string& x) {
    return Arm{{"organisations.police.morale=" + x, "organisations.national_guard.morale=" + x, "force_rate=0"}};
  };
  expect_response("morale of police and guard .4 to .8, no clearing: sites lost", morale("0.4"), morale("0.8"),
                  sites_fallen, -1);
}

TEST(Monotone, StrongerDefenceFewerSitesFall) {
  const auto advantage = [](const std::string& x) { return Arm{{"defence_advantage=" + x}}; };
  expect_response("advantage of the defence 1.2 to 4.6: attacked sites that fall", advantage("1.2"), advantage("4.6"),
                  share_of_attacked_fallen, -1);
  const auto holding = [](const std::string& x) { return Arm{{"defence_advantage=" + x, "force_rate=0"}}; };
  expect_response("the same, no clearing: sites lost", holding("1.2"), holding("4.6"), sites_fallen, -1);
}

TEST(Monotone, BetterNetworkFasterSpread) {
  const auto scaled = [](double by) {
    return with([by](Scenario& s) {
      for (auto& place : s.places) place.network.value *= by;
    });
  };
  expect_response("level of every place's network x .5 to x 1: turnout on 3 Jan", scaled(0.5), scaled(1.0),
                  turnout_on(3), 1);
}

TEST(Monotone, HigherLegitimacySmallerTurnout) {
  expect_response("legitimacy .80 to .84: turnout on 4 Jan", with("legitimacy=0.80"), with("legitimacy=0.84"),
                  turnout_on(4), -1);
}

TEST(Monotone, MoreFearSmallerTurnout) {
  expect_response("constant of fear 1.2 to 4.6: turnout on 4 Jan", with("fear_constant=1.2"), with("fear_constant=4.6"),
                  turnout_on(4), -1);
}

TEST(Monotone, MorePoliceSmallerTurnout) {
  const auto scaled = [](double by) {
    return with([by](Scenario& s) {
      for (auto& unit : s.units) unit.strength.value *= by;
    });
  };
  expect_response("strength of every unit x .5 to x 2: turnout on 4 Jan", scaled(0.5), scaled(2.0), turnout_on(4), -1);
}

TEST(Monotone, MoreBacklashMoreViolent) {
  const Outcome violent = [](const World&, double most) { return std::log(1.0 + most); };
  expect_response("backlash of force .001 to .024: largest violent crowd", with("force_backlash=0.001"),
                  with("force_backlash=0.024"), violent, 1);
}

TEST(Monotone, SlowerOrdersLaterFire) {
  const Outcome wait = [](const World& w, double) {
    Hours first = never;
    for (const auto& order : w.orders)
      if (order.content == Content::fire && happened(order.received) && !(first <= order.received))
        first = order.received;
    return first - test::taken(w, "live_fire");
  };
  expect_response("delay of an order at a level 1 h to 4 h: hours to the first receipt", with("order_delay=1"),
                  with("order_delay=4"), wait, 1);
}

TEST(Monotone, SlowerInterventionLaterLanding) {
  const Outcome wait = [](const World& w, double) {
    return test::taken(w, "intervention_landed") - test::taken(w, "request_intervention");
  };
  const auto after = [](const std::string& hours) {
    return with("motives.agreed.when=[{ signal = \"hours_after\", action = \"intervention_agreed\", at = " + hours +
                ", width = 1 }]");
  };
  expect_response("way of the intervention 4 h to 26 h: hours from request to landing", after("4"), after("26"), wait,
                  1);
}

TEST(Monotone, KeenerEyesMorePreparationsNoticed) {
  const Outcome noticed = [](const World& w, double) {
    return static_cast<double>(std::ranges::count(w.groups, true, &GroupState::noticed));
  };
  const auto rate = [](const std::string& x) {
    return Arm{{"prepared_groups=1", "foreign_training=1", "detection_rate=" + x}};
  };
  expect_response("rate of detection .00003 to .001: preparations noticed", rate("0.00003"), rate("0.001"), noticed, 1);
}

// The check does not find what is not there: one model under two lots of luck.
TEST(Monotone, LuckAloneIsNoResponse) {
  const Arm same;
  for (const Outcome& outcome : {Outcome(sites_fallen), turnout_on(4)}) {
    const auto d = test::paired(outcomes(same, outcome), outcomes(same, outcome, trials));
    EXPECT_GT(d.error, 0.0);
    EXPECT_FALSE(shows(d, 1) || shows(d, -1)) << d.mean << " with standard error " << d.error;
  }
}

// Theory is of two minds about an earlier concession: it relieves, and it shows weakness, which the model does not
// have. So its direction is reported and not asserted.
TEST(Monotone, AnEarlierConcessionIsReported) {
  const auto near_at_hand = [](const std::string& barrier) {
    return Arm{{"motives.calm_the_origin.barrier=" + barrier, "motives.calm_the_country.barrier=" + barrier}};
  };
  const auto d = response(near_at_hand("5.7"), near_at_hand("3"), turnout_on(5));
  std::printf("%-62s %+.3f (standard error %.3f), not asserted\n",
              "barrier against concessions 5.7 to 3: turnout on 5 Jan", d.mean, d.error);
  EXPECT_GT(d.error, 0.0);  // it does something
}

}  // namespace
}  // namespace qantar::agents
