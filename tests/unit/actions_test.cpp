// Actions as data: what is read and refused, and what factions then do. Effects: effects_test.cpp.
#include <algorithm>
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/decisions.hpp"
#include "agents/effects.hpp"
#include "agents/random_draws.hpp"
#include "agents/signals.hpp"
#include "agents/step.hpp"
#include "tests/support/crisis_case.hpp"
#include "tests/support/parts.hpp"

namespace qantar::agents::actions_test {
namespace {

using test::ScenarioPtr;
using ::testing::Contains;
using ::testing::HasSubstr;

const std::string& palace_text() {
  static const std::string text = test::text_of("tests/support/palace_case.toml");
  return text;
}

// Worlds refer to their scenario, so all of them stay.
ScenarioPtr kept(ScenarioPtr scenario) {
  static std::vector<ScenarioPtr> all;
  all.push_back(scenario);
  return scenario;
}

ScenarioPtr palace(const std::vector<std::string>& overrides = {}) {
  return kept(test::scenario_of(palace_text(), overrides));
}

ActionId action(const World& w, const std::string& id) { return ActionId(w.scenario->ids.find("actions", id)); }
OfficeId office(const World& w, const std::string& id) { return OfficeId(w.scenario->ids.find("offices", id)); }
Hours time_of(const World& w, const std::string& id) { return w.action_time[action(w, id)]; }
bool taken(const World& w, const std::string& id) { return happened(time_of(w, id)); }

// The world at the end of a trial, or after some hours.
World lived(const ScenarioPtr& scenario, std::uint32_t replicate, double hours = 1e9) {
  const sim::Draws draws(test::trial(replicate));
  World w = make_world(*scenario, draws);
  for (int s = 0; s < scenario->clock.steps() && s * w.dt < hours; ++s) step(w, draws, s);
  return w;
}

constexpr std::uint32_t trials = 60;

template <class Of>
int count(const ScenarioPtr& scenario, Of of) {
  int n = 0;
  for (std::uint32_t k = 0; k < trials; ++k) n += of(lived(scenario, k));
  return n;
}

int times_taken(const ScenarioPtr& scenario, const std::string& id) {
  return count(scenario, [&](const World& w) { return taken(w, id); });
}

// ---- Reading --------------------------------------------------------------------------------------------------------

TEST(ActionsOfACase, AreWrittenBackAsTheyWereRead) {
  const auto once = palace();
  const auto twice = test::scenario_of(resolved_text(*once));
  EXPECT_EQ(resolved_text(*once), resolved_text(*twice));
  for (std::uint32_t k = 0; k < 3; ++k)
    EXPECT_TRUE(test::same_numbers(test::run(once, k).outcomes, test::run(twice, k).outcomes));
}

struct Refused {
  const char *from, *to, *key, *message;
};

TEST(ActionsOfACase, AreRefusedWithPlaceAndRemedy) {
  const Refused cases[] = {
      {"effect = \"mark\", amount = -0.5", "effect = \"marks\", amount = -0.5", "actions.warn.effects[0].effect",
       "mark"},
      {"effects = [{ effect = \"request\" }]", "effects = []", "actions.ask_friends.effects", "has no effect"},
      {"office = \"chief_of_staff\" }, { effect", "office = \"chief_of_stuff\" }, { effect",
       "actions.dismiss_chief.effects[0].office", "chief_of_staff"},
      {"effect = \"capture\", office = \"president\"", "effect = \"capture\"", "actions.confine.effects[0]",
       "needs office"},
      {"effect = \"capture\", office", "effect = \"step_down\", office", "actions.confine.effects[0].office",
       "is not about a"},
      {"amount = -2", "amount = -20", "actions.confine.effects[1].amount", "expected -5 to 5"},
      {"effect = \"land\", amount = 1", "effect = \"land\"", "actions.friends_land.effects[0]", "needs amount"},
      {"effect = \"request\"", "effect = \"request\", where = \"country\"", "actions.ask_friends.effects[0].where",
       "reaches no places"},
      {"signal = \"captured\", office = \"president\"", "signal = \"captured\", place = \"capital\"",
       "motives.hopeless.when[0]", "needs office"},
      {"signal = \"hours_of_crisis\"", "signal = \"hours_of_crises\"", "motives.warn_early.when[0].signal",
       "hours_of_crisis"},
      {"at = 6, width = 1", "at = 6, below = 7, width = 1", "motives.warn_early.when[0]", "one of the two"},
      {"at = 6, width = 1", "at = 6, width = 0", "motives.warn_early.when[0].width", "outside the range"},
      {"needs = [\"warn\"]\nnot_after", "needs = [\"warn\", \"dismiss_chief\"]\nnot_after",
       "actions.dismiss_chief.needs", "comes after itself"},
      {"needs = [\"ask_friends\"]", "needs = [\"ask_freinds\"]", "actions.friends_land.needs", "ask_friends"},
      {"by = [\"friends\"]", "by = [\"fiends\"]", "actions.friends_land.by", "friends"},
      {"cost = { external = 0.5 }", "cost = { money = 0.5 }", "actions.friends_land.cost", "friends has none"},
      {"cost = { external = 0.5 }", "cost = { external = -0.5 }", "actions.friends_land.cost.external",
       "outside the range"},
      {"precision = 1", "precision = -1", "decisions.precision", "outside the range"},
      {"id = \"asked\"\naction = \"friends_land\"", "id = \"asked\"\naction = \"give_up\"", "actions.friends_land",
       "is never taken"},
      {"effect = \"mobilise\", group = \"clients\"", "effect = \"appease\", amount = 0.1", "groups.clients",
       "never goes into action"},
      {"size = 60", "size = 60\ncues = [{ when = [{ signal = \"own_money\", at = 1, width = 1 }], rate = 1 }]",
       "groups.clients.cues[0]", "nobody in particular looks here"},
      {"not_after = [\"confine\"]", "not_after = [\"warn\"]", "actions.dismiss_chief.not_after", "both needs warn"},
      {"secret = true", "secret = true\nlatest = 2040-04-30T00:00:00+01:00", "actions.call_clients.latest", "clock"}};
  for (const Refused& c : cases) {
    std::string text = palace_text();
    const auto at = text.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    text.replace(at, std::string(c.from).size(), c.to);
    sim::Diagnostics diagnostics;
    test::read_case(text, {}, diagnostics);
    ASSERT_FALSE(diagnostics.empty()) << c.to;
    const auto& problems = diagnostics.problems();
    const auto found = std::ranges::find_if(problems, [&](const auto& p) {
      return p.message.find(c.message) != std::string::npos && p.key.starts_with(c.key);
    });
    ASSERT_NE(found, problems.end()) << c.key << " | " << c.message << " | " << c.to << "\n" << diagnostics.text();
    EXPECT_GT(found->where.line, 1) << diagnostics.text();
  }
}

TEST(ActionsOfACase, ProblemsAreToldAllAtOnce) {
  std::string text = palace_text();
  for (const auto& [from, to] : {std::pair{"amount = -0.5", "amount = -50"},
                                 {"precision = 1", "precision = -1"},
                                 {"signal = \"captured\"", "signal = \"capture\""}})
    text.replace(text.find(from), std::string(from).size(), to);
  sim::Diagnostics diagnostics;
  test::read_case(text, {}, diagnostics);
  EXPECT_EQ(diagnostics.problems().size(), 3U) << diagnostics.text();
}

TEST(ActionsOfACase, AFactionWithoutMembersCannotAct) {
  std::string text = palace_text();
  text.replace(text.find("by = [\"friends\"]"), 16, "by = [\"friends\", \"nobody\"]");
  text += "\n[[factions]]\nid = \"nobody\"\nname = \"nobody\"\n";
  sim::Diagnostics diagnostics;
  test::read_case(text, {}, diagnostics);
  EXPECT_THAT(diagnostics.text(), HasSubstr("nobody has no members"));
}

// ---- Choosing -------------------------------------------------------------------------------------------------------

TEST(FactionsThatDecide, TakeWhatIsPossibleWhenItIs) {
  int confined = 0, dismissed = 0, gave_up = 0;
  const auto scenario = palace();
  for (std::uint32_t k = 0; k < trials; ++k) {
    const World w = lived(scenario, k);
    for (const char* later : {"dismiss_chief", "confine", "ask_friends"}) {
      if (taken(w, later)) {
        EXPECT_LE(time_of(w, "warn"), time_of(w, later)) << later;
      }
    }
    if (taken(w, "confine") && taken(w, "dismiss_chief")) ADD_FAILURE() << "both in trial " << k;
    EXPECT_TRUE(taken(w, "confine") || !taken(w, "give_up"));
    EXPECT_EQ(w.offices[office(w, "president")].captured, taken(w, "confine"));
    confined += taken(w, "confine");
    dismissed += taken(w, "dismiss_chief");
    gave_up += taken(w, "give_up") && happened(w.ousted);
  }
  EXPECT_GT(confined, 5);
  EXPECT_GT(dismissed, 5);
  EXPECT_GT(gave_up, 3);
}

TEST(FactionsThatDecide, SayWhyTheyActed) {
  const auto scenario = palace({"motives.lonely.when=[]"});
  int by_need = 0, by_signal = 0;
  for (std::uint32_t k = 0; k < trials; ++k) {
    const World w = lived(scenario, k);
    if (taken(w, "friends_land")) {  // its motive looks at nothing
      EXPECT_THAT(w.log[w.action_event[action(w, "friends_land")]].causes,
                  ::testing::ElementsAre(w.action_event[action(w, "ask_friends")]));
      ++by_need;
    }
    if (taken(w, "give_up")) {  // needs, and sees, that he is confined
      const auto& given_up = w.log[w.action_event[action(w, "give_up")]];
      EXPECT_THAT(given_up.causes, ::testing::ElementsAre(w.action_event[action(w, "confine")]));
      EXPECT_EQ(given_up.refs[2], w.actor(FactionId(scenario->ids.find("factions", "palace"))).number());
      ++by_signal;
    }
  }
  EXPECT_GT(by_need, 0);
  EXPECT_GT(by_signal, 0);
}

TEST(FactionsThatDecide, ResultsNameTheActionsThatAreSeen) {
  const auto scenario = palace();
  const auto layout = result_layout(*scenario);
  EXPECT_THAT(layout.axis("action").labels, Contains("confine"));
  EXPECT_THAT(layout.axis("action").labels, ::testing::Not(Contains("call_clients")));
  EXPECT_THAT(layout.event_kinds, Contains("call_clients"));
  const World w = lived(scenario, 0);
  const auto out = test::run(scenario, 0).outcomes;
  std::size_t at = 0;
  for (const auto& v : layout.outcomes) {
    if (v.name == "action_time") {
      EXPECT_EQ(out[at], time_of(w, "warn"));
      EXPECT_EQ(happened(out[at + 2]), taken(w, "confine"));
    }
    at += layout.size(v);
  }
}

// One motive without conditions: decisions come at the rate, and half of them are for it.
TEST(FactionsThatDecide, ActAtTheRateOfTheirDecisionsWhateverTheStep) {
  const std::vector<std::string> alone{
      "motives.warn_early.barrier=0", "motives.warn_early.when=[]", "decisions.rate=1",
      "actions.call_clients.by=[]",   "factions.generals.stake=0",  "decisions.resource_price=0"};
  constexpr int n = 1500;
  for (const char* length : {"1", "0.25"}) {
    auto overrides = alone;
    overrides.push_back(std::string("clock.step_hours=") + length);
    const auto scenario = palace(overrides);
    int within = 0;
    for (std::uint32_t k = 0; k < n; ++k) within += taken(lived(scenario, k, 2), "warn");
    const double p = 1 - std::exp(-0.5 * 2);  // two hours, rate 1/h, share one half
    EXPECT_NEAR(within, n * p, 5 * std::sqrt(n * p * (1 - p))) << length;
  }
}

TEST(FactionsThatDecide, CannotSpendWhatIsNotThere) {
  EXPECT_GT(times_taken(palace(), "warn"), trials / 2);
  EXPECT_EQ(times_taken(palace({"factions.generals.money=0.05"}), "warn"), 0);
  EXPECT_EQ(times_taken(palace({"factions.generals.external=0.05"}), "confine"), 0);
  EXPECT_EQ(times_taken(
                palace({"organisations.army.loyalty={ palace = 0.9 }", "organisations.guard.loyalty={ palace = 0.9 }"}),
                "confine"),
            0);
  // What is spent is gone.
  const auto scenario = palace();
  const FactionId generals(scenario->ids.find("factions", "generals"));
  for (std::uint32_t k = 0; k < 10; ++k) {
    const World w = lived(scenario, k);
    double left = 0.5 - 0.1 * taken(w, "warn") - 0.3 * taken(w, "call_clients");
    EXPECT_LE(w.resource(generals, Resource::money), left + 1e-12);
  }
}

// All can pay it; nothing else is bought.
TEST(FactionsThatDecide, PayTheDearerTheLessTheyHave) {
  const auto bought = [](const std::string& money) {
    return times_taken(
        palace({"factions.generals.money=" + money, "motives.street_pressure.barrier=5", "actions.warn.by=[]"}),
        "call_clients");
  };
  EXPECT_GT(bought("1"), bought("0.35"));
  EXPECT_GT(bought("0.35"), 0);
}

// Late and dimly, each alone: less well timed, not impossible.
TEST(FactionsThatDecide, KnowLateAndDimlyWithoutInformation) {
  for (const char* other : {"decisions.noise=0", "decisions.delay=0"}) {
    double hours[2] = {0, 0};
    int n[2] = {0, 0};
    for (int i = 0; i < 2; ++i) {
      const auto scenario = palace(
          {std::string("factions.palace.information=") + (i == 0 ? "1" : "0"), "motives.lonely.barrier=0", other});
      for (std::uint32_t k = 0; k < trials; ++k) {
        const World w = lived(scenario, k);
        if (!taken(w, "ask_friends")) continue;
        ++n[i];
        hours[i] += time_of(w, "ask_friends") - time_of(w, "warn");
      }
    }
    EXPECT_GT(n[0], 0);
    EXPECT_GT(n[1], 0) << other;
    EXPECT_NE(hours[0] / n[0], hours[1] / n[1]) << other;
  }
}

// The generals believe the contrary of what their offices expect, and act the more, the more is at stake for them.
TEST(FactionsThatDecide, ActForTheSideThatTheyAreOn) {
  const World w = lived(palace(), 0, 1);
  const FactionId generals(w.scenario->ids.find("factions", "generals")),
      president(w.scenario->ids.find("factions", "palace"));
  EXPECT_LT(believed_to_prevail(w, generals), 0);
  EXPECT_GT(believed_to_prevail(w, president), 0);
  const World same = lived(palace({"factions.generals.against=false"}), 0, 1);
  EXPECT_GT(believed_to_prevail(same, generals), 0);
  const std::vector<std::string> slow{"motives.warn_early.barrier=7", "actions.warn.shift={ generals = 3 }"};
  auto much = slow;
  much.emplace_back("factions.generals.stake=40");
  EXPECT_GT(times_taken(palace(much), "warn"), times_taken(palace(slow), "warn"));
}

TEST(FactionsThatDecide, EffectsMayComeLater) {
  int landed = 0;
  const auto scenario = palace({"motives.lonely.when=[]"});
  for (std::uint32_t k = 0; k < trials; ++k) {
    const World w = lived(scenario, k);
    if (!w.decided.landing.holds()) continue;
    ++landed;
    EXPECT_GT(w.decided.landing.since, time_of(w, "friends_land"));
    EXPECT_GT(w.intervention_present, 0);
  }
  EXPECT_GT(landed, 5);
}

TEST(FactionsThatDecide, AWhatIfMaySetTheHour) {
  const auto scenario = palace({"actions.warn.latest=2040-05-01T03:00:00+01:00", "motives.warn_early.barrier=20"});
  EXPECT_EQ(times_taken(palace({"motives.warn_early.barrier=20"}), "warn"), 0);
  for (std::uint32_t k = 0; k < 5; ++k) EXPECT_EQ(time_of(lived(scenario, k), "warn"), 3.0);
}

TEST(FactionsThatDecide, HaveTheSameLuckInAnyOrderOfTheFile) {
  std::string text = palace_text();
  const auto from = text.find("[[motives]]\nid = \"warn_early\""), to = text.find("[[motives]]\nid = \"lonely\"");
  const std::string moved = text.substr(from, to - from);
  text.erase(from, to - from);
  text += "\n" + moved;
  const auto other = test::scenario_of(text);
  for (std::uint32_t k = 0; k < 20; ++k)
    EXPECT_TRUE(test::same_numbers(test::run(palace(), k).outcomes, test::run(other, k).outcomes));
}

TEST(FactionsThatDecide, DelaysAreTheSameInAnyOrderOfTheFile) {
  std::string text = palace_text();
  const auto from = text.find("[[actions]]\nid = \"friends_land\""),
             to = text.find("[[actions]]\nid = \"call_clients\"");
  const std::string moved = text.substr(from, to - from);
  text.erase(from, to - from);
  text.insert(text.find("[[actions]]"), moved);
  const std::vector<std::string> asked{"motives.lonely.when=[]"};
  const auto one = palace(asked), other = kept(test::scenario_of(text, asked));
  int landed = 0;
  for (std::uint32_t k = 0; k < 20; ++k) {
    const World a = lived(one, k), b = lived(other, k);
    EXPECT_TRUE(test::same_numbers(std::vector{a.decided.landing.since}, std::vector{b.decided.landing.since}));
    landed += a.decided.landing.holds();
  }
  EXPECT_GT(landed, 0);
}

// What the president ordered goes on without him no more.
TEST(FactionsThatDecide, OrdersEndWithThePower) {
  const auto sent = [](bool ousted) {
    const auto scenario = palace();
    const sim::Draws draws(test::trial(0));
    World w = make_world(*scenario, draws);
    w.decided.fire = {w.now, no_event, FactionId(scenario->ids.find("factions", "palace"))};
    if (ousted) w.ousted = w.now;
    for (auto& place : w.places) place.persons_violent = 500;
    factions_choose(w, StepDraws(draws, 0));
    return std::ranges::count(w.orders, Content::fire, &Order::content);
  };
  EXPECT_GT(sent(false), 0);
  EXPECT_EQ(sent(true), 0);
}

TEST(FactionsThatDecide, AnActionThatIsOffLeavesTheLuckOfOthersAlone) {
  // Nobody else asks for it, and at this barrier it takes nothing from the other choices.
  const auto with = palace({"motives.street_pressure.barrier=20"}), without = palace({"actions.call_clients.by=[]"});
  for (std::uint32_t k = 0; k < 20; ++k)
    EXPECT_TRUE(test::same_numbers(test::run(with, k).outcomes, test::run(without, k).outcomes));
}

}  // namespace
}  // namespace qantar::agents::actions_test
