// Stylised facts and degenerate courses counted over a handful of trials, as one would by hand.
#include "analysis/courses.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace courses_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;

sim::ResultLayout layout_of_test() {
  using K = sim::ValueKind;
  sim::ResultLayout layout;
  layout.axes = {{"place", {"north", "south"}, {}, "", ""}, {"course", {"nothing_happens", "fire"}, {}, "", ""}};
  layout.outcomes = {{"crowd", "person", "", K::count, {"place"}, {}},
                     {"degenerate", "1", "", K::flag, {"course"}, {}},
                     {"quiet", "1", "", K::flag, {}, {}}};
  return layout;
}

/// "There are at least `least` in the place of this column."
Element at_least(const std::string& id, std::size_t column, double least) {
  Element e;
  e.id = id;
  e.measure = Measure::number;
  e.column = column;
  e.low = least;
  e.high = 1000;
  return e;
}

TEST(Courses, DegenerateOnesAreThoseOfTheCase) {
  const auto found = degenerate_courses(layout_of_test());
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].id, "nothing_happens");
  EXPECT_EQ(found[0].text, "nothing happens");
  EXPECT_EQ(found[0].column, 2U);
  EXPECT_EQ(found[1].column, 3U);
}

TEST(Courses, AreCountedOneByOneAndTogether) {
  const std::vector<Element> facts{at_least("north", 0, 10), at_least("south", 1, 10)};
  const auto degenerate = degenerate_courses(layout_of_test());
  CourseCounts counts(facts, degenerate);
  // crowd north, crowd south, nothing happens, fire, quiet
  for (const auto& trial : std::vector<std::vector<double>>{
           {10, 9, 0, 0, 1}, {10, 10, 0, 0, 1}, {9, 30, 1, 1, 0}, {9, 9, 0, 1, 0}, {50, 1, sim::never, 0, 0}})
    counts.add(trial);
  EXPECT_EQ(counts.trials(), 5);
  EXPECT_DOUBLE_EQ(counts.stylised_facts().at(0).value, 0.6);
  EXPECT_DOUBLE_EQ(counts.stylised_facts().at(1).value, 0.4);
  EXPECT_DOUBLE_EQ(counts.all_stylised_facts().value, 0.2);
  EXPECT_DOUBLE_EQ(counts.degenerate().at(0).value, 0.2);
  EXPECT_DOUBLE_EQ(counts.degenerate().at(1).value, 0.4);
  EXPECT_DOUBLE_EQ(counts.any_degenerate().value, 0.4);  // two in one trial count once
  const Estimate expected = wilson(2, 5);
  EXPECT_EQ(counts.any_degenerate().low, expected.low);
  EXPECT_EQ(counts.any_degenerate().high, expected.high);
}

TEST(Courses, ARowThatNoTrialMeetsIsFound) {
  std::vector<Event> rows(3);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].measure = Measure::number;
    rows[i].column = i % 2;
    rows[i].low = 10;
    rows[i].high = 20;
  }
  rows[2].column = 1;
  rows[2].use = Use::context;
  RowCounts counts(rows);
  EXPECT_TRUE(counts.never_met().empty());  // nothing is known yet
  counts.add(std::vector<double>{15, 30, 0, 0, 0});
  counts.add(std::vector<double>{30, 5, 0, 0, 0});
  ASSERT_EQ(counts.never_met().size(), 1U);
  EXPECT_EQ(counts.never_met().front(), &rows[1]);
}

TEST(Courses, WithoutATrialNothingIsClaimed) {
  const std::vector<Element> facts{at_least("north", 0, 10)};
  const auto degenerate = degenerate_courses(layout_of_test());
  const CourseCounts counts(facts, degenerate);
  EXPECT_TRUE(std::isnan(counts.stylised_facts().at(0).value));
  EXPECT_EQ(counts.any_degenerate().high, 1);
}

}  // namespace
}  // namespace courses_test
