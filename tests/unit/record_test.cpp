#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/trial_result.hpp"

namespace qantar::sim {
namespace {

using ::testing::ElementsAre;

ResultLayout two_axes() {
  ResultLayout out;
  out.axes = {{"place", {"north", "south"}, {}, "", ""}, {"snapshot", {}, {12, 36.5, 60}, "h", ""}};
  out.outcomes = {{"deaths", "1", "", ValueKind::count, {}, {}},
                  {"crowd", "1", "", ValueKind::real, {"place", "snapshot"}, {}},
                  {"fell", "h", "", ValueKind::time, {"place"}, {}}};
  return out;
}

TEST(ResultLayout, PlacesVariablesOneBehindTheOther) {
  const ResultLayout layout = two_axes();
  std::vector<std::string> names;
  std::vector<std::size_t> firsts, sizes;
  for (const auto& [v, first, size] : layout.placed(layout.outcomes)) {
    names.push_back(v.name);
    firsts.push_back(first);
    sizes.push_back(size);
  }
  EXPECT_THAT(names, ElementsAre("deaths", "crowd", "fell"));
  EXPECT_THAT(firsts, ElementsAre(0, 1, 7));
  EXPECT_THAT(sizes, ElementsAre(1, 6, 2));
  EXPECT_EQ(layout.width(layout.outcomes), 9U);
}

TEST(ResultLayout, FindsByName) {
  const ResultLayout layout = two_axes();
  const auto found = layout.find(layout.outcomes, "fell");
  ASSERT_TRUE(found);
  EXPECT_EQ(&found->variable, &layout.outcomes[2]);
  EXPECT_EQ(found->first, 7U);
  EXPECT_FALSE(layout.find(layout.series, "fell"));
}

TEST(ResultLayout, NamesEachNumberByItsAxes) {
  const ResultLayout layout = two_axes();
  EXPECT_THAT(layout.labels(layout.outcomes[0], 0), ElementsAre());
  EXPECT_THAT(layout.labels(layout.outcomes[1], 1), ElementsAre("north", "36.5"));
  EXPECT_THAT(layout.labels(layout.outcomes[1], 3), ElementsAre("south", "12"));
  EXPECT_THAT(layout.labels(layout.outcomes[2], 1), ElementsAre("south"));
}

}  // namespace
}  // namespace qantar::sim
