// A resource that a faction loses shows: in the shipped cases in which factions decide, each of them, one after the
// other.
#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/action_fields.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents::resources_test {
namespace {

struct Course {
  std::vector<double> actions;  // hours
  std::vector<double> all;      // all outcomes but what is left of the money
};

std::vector<Course> hours(const test::ScenarioPtr& scenario, std::uint32_t trials) {
  const auto layout = result_layout(*scenario);
  const auto money = *layout.find(layout.outcomes, "money_at_end");
  std::vector<Course> out;
  for (std::uint32_t k = 0; k < trials; ++k) {
    const auto result = test::run(scenario, k);
    Course course{{}, result.outcomes};
    for (const ActionId a : scenario->actions.ids()) {
      const auto kind = to_underlying(EventKind::action) + a.number();
      const auto event = std::ranges::find(result.events, kind, &sim::LoggedEvent::kind);
      course.actions.push_back(event == result.events.end() ? sim::never : event->time);
    }
    std::fill_n(course.all.begin() + static_cast<std::ptrdiff_t>(money.first), money.size, 0.0);
    out.push_back(std::move(course));
  }
  return out;
}

int taken(const std::vector<Course>& courses, ActionId action) {
  return static_cast<int>(
      std::ranges::count_if(courses, [&](const Course& c) { return sim::happened(c.actions[action.index()]); }));
}

struct Acting {
  const char *folder, *account;
  std::vector<std::string> overrides;
  std::uint32_t trials;
};

struct Kind {
  const char* name;
  sim::Number Faction::*amount;
  sim::Number Costs::*cost;
};
constexpr Kind kinds[] = {{"money", &Faction::money, &Costs::money},
                          {"information", &Faction::information, &Costs::information},
                          {"external support", &Faction::external, &Costs::external}};

bool decides(const Scenario& s, FactionId f) {
  return std::ranges::any_of(s.choices, [&](const Choice& c) { return c.faction == f; });
}

class Resources : public ::testing::TestWithParam<Acting> {};

// Luck is shared, so without an effect of the resource no trial would differ: a false alarm cannot happen. That one in
// twenty does is asked for. An action that costs what is gone cannot be taken, unless some of it comes in.
TEST_P(Resources, OfEveryFactionThatDecidesMatter) {
  const Acting& acting = GetParam();
  const auto with = test::hypothesis(test::shipped(acting.folder, acting.overrides), acting.account);
  const auto before = hours(with, acting.trials);
  int looked_at = 0;
  for (const FactionId f : with->factions.ids()) {
    if (!decides(*with, f)) continue;
    for (const Kind& kind : kinds) {
      const sim::Number& has = with->factions[f].*kind.amount;
      if (has.value <= 0 && has.prior < 0) continue;
      ++looked_at;
      const std::string what = with->factions[f].id + " without " + kind.name;
      const auto after = hours(test::changed(with,
                                             [&](Scenario& s) {
                                               s.factions[f].*kind.amount = {0, -1};
                                             }),
                               acting.trials);
      int differ = 0;
      for (std::uint32_t k = 0; k < acting.trials; ++k) differ += !test::same_numbers(before[k].all, after[k].all);
      EXPECT_GT(differ, acting.trials / 20) << what;
      for (const ActionId a : with->actions.ids()) {
        const ActionEntry& action = with->actions[a];
        if ((action.cost.*kind.cost).value <= 0 || action.by != std::vector{f} || with->factions[f].income.value > 0)
          continue;
        // Some comes in all the same: what the president claims, what the intervention brings him.
        const bool comes_in = with->factions[f].role == Role::incumbent;
        EXPECT_LE(taken(after, a), comes_in ? taken(before, a) : 0) << what << ": " << action.id;
        if (kind.amount == &Faction::money) {
          EXPECT_LE(taken(after, a), taken(before, a) / 4) << what << ": " << action.id;
        }
      }
      // Who knows nothing acts at other hours, and still acts.
      if (kind.amount == &Faction::information) {
        int all = 0;
        for (const ActionId a : with->actions.ids()) all += taken(after, a);
        EXPECT_GT(all, 0) << what;
      }
    }
  }
  EXPECT_GE(looked_at, 6);
}

INSTANTIATE_TEST_SUITE_P(Cases, Resources,
                         ::testing::Values(Acting{"zimbabwe_2017", "self_protection", {}, 200},
                                           Acting{"turkey_2016", "coalition", {}, 200},
                                           Acting{"january_2022",
                                                  "mixed",
                                                  {"switches.withdrawal_directives=1", "switches.clan_funding=1",
                                                   "switches.prepared_groups=1", "switches.organised_crime=1"},
                                                  60}),
                         [](const auto& acting) { return std::string(acting.param.folder); });

}  // namespace
}  // namespace qantar::agents::resources_test
