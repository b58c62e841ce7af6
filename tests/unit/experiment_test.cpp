// A design file: what it says, and that its points follow from their number alone.
#include "sim/design/experiment.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qantar::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Experiment read(const std::string& text, const std::string& table = "") {
  Diagnostics diagnostics;
  auto experiment = read_experiment(
      "title = \"t\"\ncase = \".\"\n" + text, "design.toml", [&](const std::string&) { return std::optional(table); },
      diagnostics);
  EXPECT_TRUE(diagnostics.empty()) << diagnostics.text();
  return experiment;
}

std::string problems(const std::string& text, const std::string& table = "") {
  Diagnostics diagnostics;
  read_experiment(
      text, "design.toml", [&](const std::string&) { return std::optional(table); }, diagnostics);
  return diagnostics.text();
}

std::vector<double> values(const Points& points, std::int64_t point) {
  std::vector<double> out;
  for (const auto& s : points.assigned(point)) out.push_back(s.value);
  return out;
}

TEST(Experiment, AGridTakesEveryCombinationWithExactEnds) {
  const auto e = read(R"(
[design]
kind = "grid"
[[factors]]
key = "a"
low = 0.1
high = 0.7
steps = 4
[[factors]]
key = "units.b.strength"
values = [10, 30]
)");
  const Points points(e);
  EXPECT_EQ(points.size(), 8);
  EXPECT_THAT(values(points, 0), ElementsAre(0.1, 10));
  EXPECT_THAT(values(points, 1), ElementsAre(0.1, 30));
  EXPECT_THAT(values(points, 7), ElementsAre(0.7, 30));
  EXPECT_EQ(e.factors[0].key, "parameters.a");
  EXPECT_EQ(e.factors[0].name, "a");
  EXPECT_EQ(e.factors[1].name, "units_b_strength");
}

TEST(Experiment, LogarithmicStepsAreEvenInTheLogarithm) {
  const auto e = read(R"(
[design]
kind = "grid"
[[factors]]
key = "a"
low = 1
high = 100
steps = 3
logarithmic = true
)");
  EXPECT_EQ(e.factors[0].values.front(), 1);
  EXPECT_NEAR(e.factors[0].values[1], 10, 1e-9);
  EXPECT_EQ(e.factors[0].values.back(), 100);
}

TEST(Experiment, AFactorWithoutARangeIsSettledByItsPlaceInThePriorOfTheCase) {
  const auto e = read(R"(
[design]
kind = "latin_hypercube"
points = 10
seed = 7
[[factors]]
key = "switches.crime"
)");
  const Points points(e);
  std::set<int> tenths;
  for (std::int64_t i = 0; i < 10; ++i) {
    const auto assigned = points.assigned(i);
    ASSERT_EQ(assigned.size(), 1U);
    EXPECT_EQ(assigned[0].prior, "switches.crime");
    EXPECT_NE(assigned[0].value, assigned[0].value) << "a place, no value";
    tenths.insert(static_cast<int>(assigned[0].quantile * 10));
  }
  EXPECT_EQ(tenths.size(), 10U);
}

TEST(Experiment, AListedDesignTakesItsFactorsAndRowsFromTheTable) {
  const auto e =
      read("[design]\nkind = \"listed\"\ntable = \"t.csv\"\nreplicates = 3\n", "a, sites.x.y\r\n1,2.5\r\n-3,4e2\r\n");
  const Points points(e);
  EXPECT_EQ(points.size(), 2);
  EXPECT_EQ(e.replicates, 3);
  EXPECT_THAT(values(points, 0), ElementsAre(1, 2.5));
  EXPECT_THAT(values(points, 1), ElementsAre(-3, 400));
}

TEST(Experiment, FaultsOfATableHaveTheirPlace) {
  const std::string head = "title = \"t\"\ncase = \".\"\n[design]\nkind = \"listed\"\ntable = \"t.csv\"\n";
  EXPECT_THAT(problems(head, "a,b\n1\n"), HasSubstr("t.csv:2:1: has 1 cells under 2 keys"));
  EXPECT_THAT(problems(head, "a,b\n1,x\n"), HasSubstr("t.csv:2:3: b: \"x\" is no number"));
  EXPECT_THAT(problems(head, "a,a\n1,2\n"), HasSubstr("varied twice"));
  EXPECT_THAT(problems(head, "a,b\n"), HasSubstr("has no rows"));
  EXPECT_THAT(problems(head, "a,\n1,2\n"), HasSubstr("a column without a key"));
}

TEST(Experiment, ConstraintsKeepTheRowsThatMeetThem) {
  const auto e = read(R"(
[design]
kind = "grid"
[[factors]]
key = "a"
values = [1, 2, 3]
[[factors]]
key = "b"
values = [1, 2, 3]
[[constraints]]
sum = { a = 1, b = -1 }
at_most = -1
)");
  const Points points(e);  // a < b
  ASSERT_EQ(points.size(), 3);
  EXPECT_EQ(points.rows(), 9);
  EXPECT_THAT(values(points, 0), ElementsAre(1, 2));
  EXPECT_THAT(values(points, 1), ElementsAre(1, 3));
  EXPECT_THAT(values(points, 2), ElementsAre(2, 3));
}

TEST(Experiment, ConstraintsThatNothingMeetsAreAnError) {
  const auto e = read(
      "[design]\nkind = \"grid\"\n[[factors]]\nkey = \"a\"\nvalues = [1, 2]\n[[constraints]]\nsum = { a = 1 }\n"
      "at_most = 0\n");
  EXPECT_THROW(Points{e}, std::invalid_argument);
}

TEST(Experiment, AllFaultsAreToldAtOnce) {
  const std::string told = problems("titel = \"t\"\n[design]\nkind = \"sobol\"\nlevels = 4\nreplicates = 1.5\n");
  for (const char* fault :
       {"unknown key; did you mean \"title\"?", "sweep.case: is missing", "design.points: is missing",
        "a design of kind sobol has none", "must be whole", "add [[factors]]"})
    EXPECT_THAT(told, HasSubstr(fault));
}

TEST(Experiment, TenMillionTrialsAreThereAtOnce) {
  const auto e = read("[design]\nkind = \"sobol\"\npoints = 10000000\n[[factors]]\nkey = \"a\"\nlow = 0\nhigh = 1\n");
  const Points points(e);
  EXPECT_EQ(points.size(), 10'000'000);
  const double last = points.assigned(9'999'999)[0].quantile;
  EXPECT_TRUE(last > 0 && last < 1);
}

}  // namespace
}  // namespace qantar::sim
