#include "analysis/never_happened.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qantar::analysis::never_happened_test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(NeverHappened, NamesWhatNoTrialOfAnAccountHas) {
  sim::ResultLayout layout;
  layout.axes.push_back({"action", {"warn", "arrest", "resign"}, {}, "", ""});
  layout.outcomes.push_back({"deaths", "person", "", sim::ValueKind::count, {}, {}, false});
  layout.outcomes.push_back({"action_time", "", "", sim::ValueKind::time, {"action"}, {}, false});
  NeverHappened actions(layout, "action_time", 2);
  const std::vector<double> first{7, 1.5, sim::never, sim::never}, second{0, sim::never, sim::never, 20};
  actions.add(0, first);
  actions.add(1, first);
  actions.add(1, second);
  EXPECT_THAT(actions.never(0), ElementsAre("arrest", "resign"));
  EXPECT_THAT(actions.never(1), ElementsAre("arrest"));
  NeverHappened nothing(layout, "", 2);
  nothing.add(0, first);
  EXPECT_THAT(nothing.never(0), IsEmpty());
}

}  // namespace
}  // namespace qantar::analysis::never_happened_test
