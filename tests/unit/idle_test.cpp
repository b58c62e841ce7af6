// Who never acts in a case, and what stood in the way.
#include "agents/idle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/crisis_case.hpp"

namespace qantar::agents::idle_test {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::Not;

TEST(Idle, NamesWhoNeverActsAndWhatStoodInTheWay) {
  std::string text = test::crisis_text();
  text.insert(text.find("[[snapshots]]"), R"([[actions]]
id = "wait_for_millions"
name = "Millions are awaited"
by = ["palace"]
effects = [{ effect = "mark", amount = 0.1 }]

[[actions]]
id = "after_that"
name = "After that"
by = ["palace"]
needs = ["wait_for_millions"]
effects = [{ effect = "mark", amount = 0.1 }]

[[actions]]
id = "at_once"
name = "At once"
by = ["palace"]
effects = [{ effect = "mark", amount = 0.1 }]

[[actions]]
id = "too_dear"
name = "Too dear"
by = ["gangs"]
cost = { external = 0.5 }
effects = [{ effect = "mark", amount = 0.1 }]

[[actions]]
id = "not_dared"
name = "Nobody dares"
by = ["palace"]
effects = [{ effect = "mark", amount = 0.1 }]

[[motives]]
id = "greed"
action = "too_dear"
barrier = -3

[[motives]]
id = "fear"
action = "not_dared"
barrier = 20

[[motives]]
id = "millions"
action = "wait_for_millions"
when = [{ signal = "hours_of_crisis", at = 1, width = 0.1 }, { signal = "crowd", place = "harbour", at = 1e8, width = 10 }]
barrier = 0

[[motives]]
id = "then"
action = "after_that"
barrier = 0

[[motives]]
id = "now"
action = "at_once"
barrier = -3

)");
  text += R"(
[[groups]]
id = "dreamers"
name = "dreamers"
size = 100
cues = [{ when = [{ signal = "violence", at = 1e8, width = 10 }], rate = 1 }]
)";
  // A case that asks for what is not there at all would be refused.
  const auto scenario = test::changed(test::scenario_of(text, {"factions.gangs.external=0.6"}), [](Scenario& s) {
    s.factions[FactionId(s.ids.find("factions", "gangs"))].external = {0, -1};
  });
  Idle idle(scenario);
  for (std::uint32_t k = 0; k < 2; ++k) idle.add(test::run(scenario, k));
  const auto [actions, groups] = idle.found();
  EXPECT_THAT(actions, Contains(AllOf(Field(&Never::id, "wait_for_millions"),
                                      Field(&Never::hindrance, "crowd harbour at 1e+08"))));
  EXPECT_THAT(actions,
              Contains(AllOf(Field(&Never::id, "after_that"), Field(&Never::hindrance, "needs wait_for_millions"))));
  EXPECT_THAT(actions, Contains(AllOf(Field(&Never::id, "too_dear"), Field(&Never::hindrance, "its price"))));
  EXPECT_THAT(actions, Contains(AllOf(Field(&Never::id, "not_dared"),
                                      Field(&Never::hindrance, "luck: nothing stood in the way"))));
  EXPECT_THAT(actions, Not(Contains(Field(&Never::id, "at_once"))));
  EXPECT_THAT(groups, Contains(AllOf(Field(&Never::id, "dreamers"), Field(&Never::hindrance, "violence at 1e+08"))));
}

}  // namespace
}  // namespace qantar::agents::idle_test
