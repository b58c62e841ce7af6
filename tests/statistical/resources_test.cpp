// A resource that a faction loses shows: in the shipped case in which factions decide, each of them, one after the
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

constexpr std::uint32_t trials = 200;

// Hours of each public action in each trial.
std::vector<std::vector<double>> hours(const test::ScenarioPtr& scenario) {
  const auto layout = result_layout(*scenario);
  const auto times = *layout.find(layout.outcomes, "action_time");
  std::vector<std::vector<double>> out;
  for (std::uint32_t k = 0; k < trials; ++k) {
    const auto all = test::run(scenario, k).outcomes;
    out.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(times.first),
                     all.begin() + static_cast<std::ptrdiff_t>(times.first + times.size));
  }
  return out;
}

int taken(const std::vector<std::vector<double>>& hours, std::size_t action) {
  return static_cast<int>(std::ranges::count_if(hours, [&](const auto& h) { return sim::happened(h[action]); }));
}

struct Loss {
  const char *faction, *resource;
  sim::Number Costs::*cost;  ///< null where nothing is paid in it
};

// Luck is shared, so without an effect of the resource no trial would differ: a false alarm cannot happen. That a tenth
// do is asked for. An action that costs what is gone cannot be taken; information is no price here.
TEST(Resources, OfEveryFactionThatDecidesMatter) {
  const Loss losses[] = {{"presidential", "money", &Costs::money},
                         {"presidential", "information", nullptr},
                         {"commanders", "money", &Costs::money},
                         {"commanders", "information", nullptr},
                         {"commanders", "external", &Costs::external},
                         {"party", "money", &Costs::money},
                         {"party", "information", nullptr}};
  const auto with = test::hypothesis(test::shipped("zimbabwe_2017"), "self_protection");
  const auto before = hours(with);
  for (const Loss& loss : losses) {
    const auto scenario = test::changed(with, [&](Scenario& s) {
      Faction& faction = s.factions[FactionId(s.ids.find("factions", loss.faction))];
      const std::string_view what = loss.resource;
      (what == "money" ? faction.money : what == "information" ? faction.information : faction.external) = {0, -1};
    });
    const auto after = hours(scenario);
    int differ = 0;
    for (std::uint32_t k = 0; k < trials; ++k) differ += !test::same_numbers(before[k], after[k]);
    EXPECT_GT(differ, trials / 10) << loss.faction << " without " << loss.resource;
    std::size_t shown = 0;
    for (const ActionEntry& action : with->actions) {
      if (action.secret) continue;
      const bool pays = loss.cost && (action.cost.*loss.cost).value > 0 && action.by.size() == 1 &&
                        with->factions[action.by.front()].id == loss.faction;
      if (pays) {
        EXPECT_EQ(taken(after, shown), 0) << loss.faction << " without " << loss.resource << ": " << action.id;
      }
      ++shown;
    }
    // Who knows nothing acts at other hours, and still acts.
    if (!loss.cost) {
      int all = 0;
      for (std::size_t a = 0; a < after.front().size(); ++a) all += taken(after, a);
      EXPECT_GT(all, trials) << loss.faction;
    }
  }
}

}  // namespace
}  // namespace qantar::agents::resources_test
