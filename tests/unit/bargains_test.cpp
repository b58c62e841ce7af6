// Factions that settle something among themselves, by the election of agents/classic/condorcet.hpp.
#include "agents/bargains.hpp"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/idle.hpp"
#include "agents/random_draws.hpp"
#include "tests/support/crisis_case.hpp"
#include "tests/support/parts.hpp"

namespace qantar::agents::bargains_test {
namespace {

using ::testing::HasSubstr;

// The palace without a street, in which nobody does anything but bargain: he goes, he pays, or nothing is agreed.
std::string text() {
  std::string all = test::text_of("tests/support/palace_case.toml");
  all.insert(all.find("[[motives]]"), R"([[actions]]
id = "go"
name = "It is agreed that the president goes"
by = ["palace"]
effects = [{ effect = "step_down" }]

[[actions]]
id = "share"
name = "It is agreed that the palace shares its money"
by = ["palace"]
effects = [{ effect = "pay", faction = "generals", amount = 0.5 }]

[[bargains]]
id = "terms"
name = "on which terms he stays"
parties = ["palace", "generals"]
offers = [{ action = "go" }, { action = "share" }]
rate = 0.5
enabled_by = "talks"

[[motives]]
id = "go_unasked"
action = "go"
barrier = 20

[[motives]]
id = "share_unasked"
action = "share"
barrier = 20

)");
  for (const char* motive : {"warn_early", "street_pressure"}) {
    const auto at = all.find("barrier", all.find(std::string("id = \"") + motive));
    all.replace(at, all.find('\n', at) - at, "barrier = 20");
  }
  return all + "\n[switches]\ntalks = 1\n";
}

test::ScenarioPtr terms(const std::vector<std::string>& overrides = {}) {
  static std::vector<test::ScenarioPtr> all;
  all.push_back(test::scenario_of(text(), overrides));
  return all.back();
}

std::string worth(const std::string& go, const std::string& share) {
  return "bargains.terms.offers=[{action=\"go\",worth={" + go + "}},{action=\"share\",worth={" + share + "}}]";
}

World begin(const test::ScenarioPtr& scenario, std::uint32_t replicate = 0) {
  return make_world(*scenario, sim::Draws(test::trial(replicate)));
}

constexpr BargainId bargain{0};

// With two parties of strengths a for and b against an option, and nobody else, it beats the other with a / (a + b);
// favourite and challenger change places by these odds. Worked by hand for one offer against no agreement.
TEST(Bargains, TheStrongerCoalitionMoreOftenHasItsWay) {
  const auto chance = [](double palace, double generals, double exponent) {
    const auto scenario = terms({"bargains.terms.offers=[{action=\"go\",worth={palace=" + std::to_string(palace) +
                                     ",generals=" + std::to_string(generals) + "}}]",
                                 "bargains.terms.exponent=" + std::to_string(exponent)});
    return elect(begin(scenario), bargain);
  };
  const Election even = chance(-1, 1, 1);
  ASSERT_EQ(even.probability.size(), 2u);
  const double palace = even.voice[0], generals = even.voice[1];
  EXPECT_GT(palace, generals);  // three offices against one
  EXPECT_NEAR(even.probability[0], generals / (generals + palace), 1e-9);
  EXPECT_NEAR(chance(-1, 3, 1).probability[0], 3 * generals / (3 * generals + palace), 1e-9);
  EXPECT_NEAR(chance(-1, 1, 2).probability[0], generals * generals / (generals * generals + palace * palace), 1e-9);
  EXPECT_NEAR(chance(1, 1, 1).probability[0], 1, 1e-9);  // both gain
  EXPECT_NEAR(chance(-1, -1, 1).probability[0], 0, 1e-9);
  EXPECT_NEAR(chance(0, 0, 1).probability[0], 0.5, 1e-9);  // nobody cares
}

TEST(Bargains, StakesAndBeliefsCountBesideWhatAnOfferIsWorth) {
  const auto scenario = terms({"actions.go.shift={palace=-10,generals=10}", "bargains.terms.offers=[{action=\"go\"}]"});
  World w = begin(scenario);
  const auto worth_of_going = [&](double expectation) {
    for (auto& office : w.offices) office.expectation = expectation;
    const Election e = elect(w, bargain);
    return std::pair(e.worth(0, 0), e.worth(1, 0));
  };
  const auto [palace_sure, generals_sure] = worth_of_going(3);
  const auto [palace_lost, generals_lost] = worth_of_going(-3);
  EXPECT_LT(palace_sure, -3);  // a stake of 4 and nearly all of it to lose
  EXPECT_GT(generals_sure, 3);
  EXPECT_GT(palace_lost, -0.3);
  EXPECT_LT(generals_lost, 0.3);
}

TEST(Bargains, ACaptiveHasNoVoice) {
  World w = begin(terms());
  const double before = elect(w, bargain).voice[0];
  w.offices[OfficeId(w.scenario->ids.find("offices", "president"))].captured = true;
  EXPECT_LT(elect(w, bargain).voice[0], before);
}

TEST(Bargains, WhatIsTakenOrCannotBeIsNoOffer) {
  World w = begin(terms());
  EXPECT_EQ(elect(w, bargain).offers.size(), 2u);
  w.action_time[ActionId(w.scenario->ids.find("actions", "share"))] = w.now;
  EXPECT_EQ(elect(w, bargain).offers.size(), 1u);
  w.ousted = w.now;
  EXPECT_TRUE(elect(w, bargain).offers.empty());
  EXPECT_DOUBLE_EQ(elect(w, bargain).probability[0], 1);
}

// Shares of trials agree with the election, and meetings come at their rate.
TEST(Bargains, TrialsFollowTheElection) {
  const auto scenario = terms({worth("palace=-1,generals=2", "palace=-0.5,generals=0.5")});
  constexpr int trials = 2000;
  int go = 0, share = 0, none = 0;
  const Election election = elect(begin(scenario), bargain);
  for (std::uint32_t k = 0; k < trials; ++k) {
    const sim::Draws draws(test::trial(k));
    World w = make_world(*scenario, draws);
    factions_bargain(w, StepDraws(draws, 0));
    const auto taken = [&](const char* id) {
      return happened(w.action_time[ActionId(w.scenario->ids.find("actions", id))]);
    };
    go += taken("go");
    share += taken("share");
    none += !taken("go") && !taken("share");
    EXPECT_EQ(taken("go"), happened(w.ousted));
    if (taken("share")) {
      const FactionId generals(w.scenario->ids.find("factions", "generals"));
      EXPECT_NEAR(w.resource(generals, Resource::money), 0.5 + 0.4, 1e-9);
    }
  }
  const double met = 1 - std::exp(-0.5);
  const auto near = [&](int n, double p) { EXPECT_NEAR(n / double(trials), p, 4 * std::sqrt(p * (1 - p) / trials)); };
  near(go, met * election.probability[0]);
  near(share, met * election.probability[1]);
  near(none, 1 - met * (1 - election.probability[2]));
  EXPECT_GT(go, 100);
  EXPECT_GT(share, 100);
}

// Off, a bargain is not there: the same trial, bit for bit, as without the section.
TEST(Bargains, OffIsAsIfThereWereNone) {
  const auto off = terms({"switches.talks=0"});
  std::string all = text();
  const auto from = all.find("[[bargains]]");
  all.erase(from, all.find("[[motives]]") - from);
  const auto without = test::scenario_of(all, {"switches.talks=0"});
  for (std::uint32_t k = 0; k < 20; ++k)
    EXPECT_TRUE(test::same_numbers(test::run(off, k).outcomes, test::run(without, k).outcomes)) << k;
}

TEST(Bargains, AreWrittenBackAsTheyWereRead) {
  const auto once = terms({worth("palace=-1,generals=2", "palace=-0.5")});
  EXPECT_EQ(resolved_text(*once), resolved_text(*test::scenario_of(resolved_text(*once))));
}

TEST(Bargains, WhatStandsInTheirWayIsSaid) {
  Idle idle(terms({"switches.talks=0"}));
  for (std::uint32_t k = 0; k < 3; ++k) idle.add(test::run(terms({"switches.talks=0"}), k));
  const auto found = idle.found().actions;
  const auto go = std::ranges::find(found, "go", &Never::id);
  ASSERT_NE(go, found.end());
  EXPECT_EQ(go->hindrance, "switch talks");
}

TEST(Bargains, AreRefusedWithPlaceAndRemedy) {
  const struct {
    const char *override_, *message;
  } faults[] = {
      {"bargains.terms.parties=[\"palace\"]", "fewer than two parties"},
      {"bargains.terms.parties=[\"palace\",\"friends\"]", "friends has no voice"},
      {"bargains.terms.parties=[\"palace\",\"generals\",\"palace\"]", "palace is named twice"},
      {"bargains.terms.parties=[\"palace\",\"general\"]", "did you mean \"generals\"?"},
      {"bargains.terms.offers=[]", "has no offers"},
      {"bargains.terms.offers=[{action=\"shar\"}]", "did you mean \"share\"?"},
      {"bargains.terms.offers=[{action=\"go\",worth={friends=1}}]", "go is worth something to friends"},
      {"bargains.terms.when=[{signal=\"own_belief\",at=0.5,width=0.1}]", "own_belief tells of a faction that decides"},
      {"bargains.terms.rate=-1", "outside the range"},
      {"actions.go.by=[]", "go cannot be agreed on"},
  };
  for (const auto& fault : faults) {
    sim::Diagnostics found;
    test::read_case(text(), {fault.override_}, found);
    std::string all;
    for (const auto& problem : found.problems()) all += problem.text() + "\n";
    EXPECT_THAT(all, HasSubstr(fault.message)) << fault.override_;
  }
}

}  // namespace
}  // namespace qantar::agents::bargains_test
