// Rows, totals, baselines and sequence on a record whose answers can be worked out by hand.
#include "analysis/compare.hpp"

#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/results_support.hpp"

namespace compare_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Ten days; 0 = 1 January 00:00.
sim::Clock clock_of_test() {
  const auto at = [](unsigned day) { return sim::Instant::of(2022, 1, day, 0, 0, 0, 360); };
  return {at(1), at(1), at(11), 1};
}

sim::ResultLayout layout_of_test() {
  using K = sim::ValueKind;
  sim::ResultLayout layout;
  layout.axes = {{"place", {"north", "south"}, {}, "", ""}, {"snapshot", {"d1", "d2", "d3", "d4"}, {}, "", ""}};
  layout.outcomes = {{"began", "", "", K::time, {"place"}, {}},             // 0, 1
                     {"yielded", "", "", K::time, {}, {}},                  // 2
                     {"out_at", "person", "", K::count, {"snapshot"}, {}},  // 3 to 6
                     {"shut", "1", "", K::flag, {}, {}},                    // 7
                     {"origin", "1", "", K::code, {}, {"north", "south"}},  // 8
                     {"share", "1", "", K::real, {}, {}}};                  // 9
  return layout;
}

const char* const record = R"(
schema = 1
[baselines]
concession = "yield"
violence = "south"
everywhere = ["began"]
[[events]]
id = "north"
title = "t"
date = 2022-01-02
grade = "A"
use = "scored"
weight = 1.0
in_seed = true
measure = "time"
observable = "began"
at = "north"
earliest = 2022-01-02T00:00:00+06:00
latest = 2022-01-02T12:00:00+06:00
tolerance = 2.0
[[events]]
id = "north_number"
of = "north"
title = "t"
date = 2022-01-02
grade = "B"
use = "scored"
weight = 0.5
measure = "number"
observable = "out_at"
at = "d2"
low = 100
high = 300
factor = 2.0
[[events]]
id = "yield"
title = "t"
date = 2022-01-03
grade = "A"
use = "scored"
weight = 1.0
held_out = true
measure = "occurs"
observable = "yielded"
earliest = 2022-01-03T00:00:00+06:00
latest = 2022-01-04T00:00:00+06:00
[[events]]
id = "south"
title = "t"
date = 2022-01-05
grade = "A"
use = "scored"
weight = 2.0
measure = "time"
observable = "began"
at = "south"
earliest = 2022-01-05T00:00:00+06:00
latest = 2022-01-05T12:00:00+06:00
[[events]]
id = "order"
title = "t"
date = 2022-01-05
grade = "A"
use = "scored"
weight = 1.0
measure = "order"
observable = "began"
at = "north"
then = "began"
then_at = "south"
[[events]]
id = "later_number"
title = "t"
date = 2022-01-06
grade = "C"
use = "scored"
weight = 1.0
measure = "number"
observable = "out_at"
at = "d4"
low = 1000
high = 1000
[[events]]
id = "given"
title = "t"
date = 2022-01-06
grade = "A"
use = "scored"
weight = 9.0
input_driven = true
measure = "absent"
observable = "shut"
[[events]]
id = "idle"
title = "t"
date = 2022-01-06
grade = "E"
use = "statement"
reason = "an allegation"
[[sequence]]
id = "origin"
text = "begins in the north"
measure = "is"
observable = "origin"
at = "north"
[[sequence]]
id = "spread"
text = "reaches the south"
measure = "occurs"
observable = "began"
at = "south"
)";

Evidence evidence_of_test() {
  sim::Diagnostics diagnostics;
  auto out = read_evidence(record, "record", layout_of_test(), clock_of_test(), diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  return out;
}

// began north, south; yielded; out at d1 to d4; shut; origin; share
const std::vector<std::vector<double>> rows_of_test{{30, 100, 60, 0, 200, 0, 1000, 0, 0, 0.5},
                                                    {30, nan, nan, 0, 20, 0, 1000, 1, 0, 0.5},
                                                    {100, 30, 60, 0, 600, 0, 1000, 0, 1, 0.5},
                                                    {39, 110, 60, 0, nan, 0, 0, 0, -1, 0.5}};

Comparison comparison_of_test() {
  const auto evidence = evidence_of_test();
  std::vector<Predictor> predictors{predictor("toy", rows_of_test, needed_columns(evidence))};
  for (auto& b : baselines(evidence, layout_of_test())) predictors.push_back(std::move(b));
  return compare(evidence, std::move(predictors), clock_of_test());
}

Row row(const Comparison& c, std::size_t event, std::size_t predictor = 0) {
  for (const auto& r : c.rows)
    if (r.event == event && r.predictor == predictor) return r;
  throw std::logic_error("no such row");
}

Total total(const Comparison& c, Group group, std::size_t predictor = 0) {
  for (const auto& t : c.totals)
    if (t.group == group && t.predictor == predictor) return t;
  throw std::logic_error("no such total");
}

TEST(Compare, ColumnsAreThoseThatAreAskedFor) {
  EXPECT_THAT(needed_columns(evidence_of_test()), ::testing::ElementsAre(0, 1, 2, 4, 6, 7, 8));
}

TEST(Compare, RowOfATime) {
  const auto& r = row(comparison_of_test(), 0);
  EXPECT_EQ(r.low, 22);
  EXPECT_EQ(r.high, 38);
  EXPECT_EQ(r.happened, 1);
  EXPECT_EQ(r.hit.value, 0.5);
  EXPECT_NEAR(r.hit.low, 0.150, 1e-3);  // Wilson, 2 of 4
  EXPECT_EQ(r.quantiles[2], 34.5);
  // Middle 30; distances 0, 0, 70, 9; mean pair distance of {30, 30, 39, 100} is 2 * 219 / 12.
  EXPECT_NEAR(r.score, (79.0 / 4 - 219.0 / 12) / 240, 1e-12);
}

TEST(Compare, RowOfANumberThatIsNotAlwaysDefined) {
  const auto& r = row(comparison_of_test(), 1);
  EXPECT_EQ(r.low, 50);
  EXPECT_EQ(r.high, 600);
  EXPECT_EQ(r.happened, 0.75);
  EXPECT_EQ(r.hit.value, 0.5);
  EXPECT_EQ(r.quantiles[2], 200);
}

TEST(Compare, RowOfAnOrderIsABrierScoreAndShowsTheHoursBetween) {
  const auto& r = row(comparison_of_test(), 4);
  EXPECT_TRUE(std::isnan(r.low) && std::isnan(r.high));
  EXPECT_EQ(r.happened, 0.75);
  EXPECT_EQ(r.quantiles[2], 70);  // of -70, 70, 71
  EXPECT_EQ(r.hit.value, 0.5);
  EXPECT_NEAR(r.score, 0.25 - 0.25 / 3, 1e-12);
}

TEST(Compare, OnlyScoredEventsHaveRowsAndGivenOnesStandApart) {
  const auto c = comparison_of_test();
  EXPECT_EQ(c.rows.size(), 7U * c.predictors.size());
  EXPECT_EQ(total(c, Group::scored).rows, 6U);
  EXPECT_EQ(total(c, Group::scored).weight, 6.5);
  EXPECT_EQ(total(c, Group::in_seed).rows, 1U);
  EXPECT_EQ(total(c, Group::out_of_seed).rows, 5U);
  EXPECT_EQ(total(c, Group::held_out).rows, 1U);
  EXPECT_EQ(total(c, Group::not_held_out).rows, 5U);
  EXPECT_EQ(total(c, Group::confirmed).rows, std::ranges::count_if(evidence_of_test().events, [](const Event& e) {
              return e.use == Use::scored && !e.input_driven && (e.grade == Grade::A || e.grade == Grade::B);
            }));
  EXPECT_EQ(total(c, Group::input_driven).rows, 1U);
  EXPECT_EQ(total(c, Group::input_driven).hit.value, 0.75);
}

TEST(Compare, TotalsAreWeightedMeansWithIntervalsOverEvents) {
  const auto c = comparison_of_test();
  const std::vector<double> weights{1, 0.5, 1, 2, 1, 1};
  double hit = 0, score = 0;
  for (std::size_t e = 0; e < weights.size(); ++e) {
    hit += weights[e] * row(c, e).hit.value / 6.5;
    score += weights[e] * row(c, e).score / 6.5;
  }
  const auto& t = total(c, Group::scored);
  EXPECT_NEAR(t.hit.value, hit, 1e-12);
  EXPECT_NEAR(t.score.value, score, 1e-12);
  EXPECT_LT(t.score.low, score);
  EXPECT_GT(t.score.high, score);
  // One event says nothing on the spread over events.
  EXPECT_TRUE(std::isnan(total(c, Group::held_out).score.low));
  // Same call, same bits.
  EXPECT_EQ(total(comparison_of_test(), Group::scored).score.low, t.score.low);
}

/// n flags that are documented to be set, each an event of its own.
Evidence flags(std::size_t n) {
  Evidence evidence;
  for (std::size_t i = 0; i < n; ++i) {
    Event e;
    e.id = std::to_string(i);
    e.measure = Measure::occurs;
    e.kind = sim::ValueKind::flag;
    e.column = i;
    e.weight = 1;
    evidence.events.push_back(e);
  }
  return evidence;
}

// With equal weights and one row each, the bootstrap interval of a mean is known up to its own noise.
TEST(Compare, BootstrapHasTheWidthOfAMean) {
  const std::size_t n = 100;
  Evidence evidence = flags(n);
  std::vector<double> outcome;
  for (std::size_t i = 0; i < n; ++i) outcome.push_back(i % 4 == 0 ? 1.0 : 0.0);
  const auto columns = needed_columns(evidence);
  const std::vector<double> everything(n, 1.0);
  const auto c =
      compare(evidence, {predictor("a", {outcome}, columns), predictor("b", {everything}, columns)}, clock_of_test());
  const auto& t = total(c, Group::scored);
  const double half = 1.96 * std::sqrt(0.25 * 0.75 / n);
  EXPECT_NEAR(t.hit.low, 0.25 - half, 0.02);
  EXPECT_NEAR(t.hit.high, 0.25 + half, 0.02);
  ASSERT_EQ(c.differences.size(), 4U);  // scored, out of seed, not held out, confirmed
  const auto& difference = c.differences.at(0);
  EXPECT_EQ(difference.group, Group::scored);
  EXPECT_NEAR(difference.score.value, 0.75, 1e-12);
  EXPECT_NEAR(difference.score.high, t.score.high, 1e-12);  // the other always scores 0, and the samples are the same
  EXPECT_TRUE(std::isnan(difference.skill.value));
  // Rows of one event are drawn together: with all of them in one, there is nothing to draw.
  for (auto& e : evidence.events) e.of = "0";
  const auto single = compare(evidence, {predictor("a", {outcome}, columns)}, clock_of_test());
  EXPECT_TRUE(std::isnan(total(single, Group::scored).hit.low));
  EXPECT_EQ(total(single, Group::scored).hit.value, 0.25);
}

// Pairing by event: where two accounts differ on a tenth of the events only, the difference is known far better than
// either score.
TEST(Compare, DifferencesArePairedByEvent) {
  const std::size_t n = 200;
  std::vector<double> a(n), b(n);
  for (std::size_t i = 0; i < n; ++i) {
    a[i] = i % 2 == 0;
    b[i] = i % 2 == 0 || i % 20 == 1;
  }
  const auto evidence = flags(n);
  const auto columns = needed_columns(evidence);
  const auto c = compare(evidence, {predictor("a", {a}, columns), predictor("b", {b}, columns)}, clock_of_test());
  const Difference& d = c.differences.at(0);
  EXPECT_EQ(std::pair(d.a, d.b), std::pair(std::size_t{0}, std::size_t{1}));
  EXPECT_NEAR(d.score.value, 0.05, 1e-12);
  const double half = 1.96 * std::sqrt(0.05 * 0.95 / n), unpaired = 1.96 * std::sqrt((0.25 + 0.45 * 0.55) / n);
  EXPECT_NEAR(d.score.high - d.score.low, 2 * half, 0.2 * half);
  EXPECT_GT(unpaired, 3 * half);
  EXPECT_NEAR(d.skill.value, 1 - 0.5 / 0.45, 1e-12);
  EXPECT_LT(d.skill.high, 0);
}

TEST(Compare, IgnoranceCountsEqualDraws) {
  const auto evidence = evidence_of_test();
  const auto columns = needed_columns(evidence);
  auto twice = rows_of_test;
  twice.insert(twice.end(), rows_of_test.begin(), rows_of_test.end());
  std::vector<Predictor> predictors{predictor("few", rows_of_test, columns), predictor("many", twice, columns)};
  for (auto& b : baselines(evidence, layout_of_test())) predictors.push_back(std::move(b));
  const auto c = compare(evidence, predictors, clock_of_test());
  EXPECT_NEAR(row(c, 4, 0).ignorance, 1, 1e-12);               // half of the trials: 3 of 6
  EXPECT_NEAR(row(c, 2, 0).ignorance, std::log2(1.5), 1e-12);  // 3 of 4: 4 of 6
  for (std::size_t e = 0; e < 6; ++e) EXPECT_EQ(row(c, e, 0).ignorance, row(c, e, 1).ignorance) << e;
  EXPECT_NEAR(row(c, 4, 2).ignorance, std::log2(6), 1e-12);  // a certain miss: 1 of 6
  EXPECT_NEAR(row(c, 0, 2).ignorance, std::log2(1.2), 1e-12);
  EXPECT_NEAR(total(c, Group::held_out).ignorance.value, std::log2(1.5), 1e-12);
}

TEST(Compare, IntervalsOfTimesAndNumbers) {
  const auto c = comparison_of_test();
  // 30, 30, 39, 100 hours of 240 in which 30 is documented: from 30 to 90.85, seen at its lower end.
  EXPECT_NEAR(row(c, 0).interval_score, 60.85 / 240, 1e-12);
  EXPECT_EQ(row(c, 0).inside_50, 1);
  // The south at 30, 100, 110 and never (240), documented at 102 hours.
  EXPECT_NEAR(row(c, 3).interval_score, (220.5 - 40.5) / 240, 1e-12);
  EXPECT_EQ(row(c, 3).inside_90, 1);
  EXPECT_TRUE(std::isnan(row(c, 4).interval_score) && std::isnan(row(c, 4).inside_90));  // an order
  // Nothing happens: ten decades too low is one; the hours of the south are missed by 138.
  EXPECT_EQ(row(c, 1, 1).inside_90, 0);
  EXPECT_NEAR(row(c, 3, 1).interval_score, 20.0 * 138 / 240, 1e-12);
  EXPECT_TRUE(std::isnan(total(c, Group::held_out).interval_score.value));  // a yes or no
  // 102 hours between the outer and the inner quantiles, on either side.
  for (const auto& south : {std::array{50, 60, 70, 120}, std::array{90, 110, 120, 130}}) {
    auto rows = rows_of_test;
    for (std::size_t t = 0; t < 4; ++t) rows[t][1] = south[t];
    const auto evidence = evidence_of_test();
    const auto one = compare(evidence, {predictor("one", rows, needed_columns(evidence))}, clock_of_test());
    EXPECT_EQ(row(one, 3).inside_50, 0);
    EXPECT_EQ(row(one, 3).inside_90, 1);
  }
}

// One row: its score. All rows: from distances by hand, for baselines of one certain course.
TEST(Compare, EnergyScoreOfAllRows) {
  const auto c = comparison_of_test();
  EXPECT_NEAR(total(c, Group::in_seed).energy.value, row(c, 0).score, 1e-12);
  EXPECT_NEAR(total(c, Group::held_out).energy.value, row(c, 2).score, 1e-12);
  EXPECT_NEAR(total(c, Group::input_driven).energy.value, row(c, 6).score, 1e-12);
  // Nothing happens, of weight 6.5: the first event is right; number, yielding, order and later number are all wrong,
  // and the south is 138 hours of 240 away.
  EXPECT_NEAR(total(c, Group::scored, 1).energy.value,
              std::sqrt((0.5 + 1 + 2 * std::pow(138.0 / 240, 2) + 1 + 1) / 6.5), 1e-12);
  EXPECT_TRUE(std::isnan(total(c, Group::scored, 1).energy.low));
  EXPECT_LT(total(c, Group::scored).energy.low, total(c, Group::scored).energy.value);
}

// Two accounts with the same rows one by one, of which one has them together as documented.
TEST(Compare, EnergyScoreSeesWhatGoesTogether) {
  const auto evidence = flags(2);
  const auto columns = needed_columns(evidence);
  std::vector<std::vector<double>> together, apart;
  for (int i = 0; i < 3000; ++i) {
    const double first = i < 1500;  // in this order, so that the first thousand trials are not like all
    together.push_back({first, first});
    apart.push_back({first, 1 - first});
  }
  const auto c = compare(evidence, {predictor("together", together, columns), predictor("apart", apart, columns)},
                         clock_of_test());
  EXPECT_EQ(total(c, Group::scored, 0).score.value, total(c, Group::scored, 1).score.value);
  // Distances in units of sqrt(1/2): E|X - y| is sqrt(2)/2 and 1, E|X - X'| is sqrt(2)/2 for both.
  EXPECT_NEAR(total(c, Group::scored, 0).energy.value, 0.25, 1e-3);
  EXPECT_NEAR(total(c, Group::scored, 1).energy.value, std::sqrt(0.5) - 0.25, 1e-3);
}

TEST(Compare, ClimatologyIsAllTrials) {
  const auto evidence = evidence_of_test();
  const auto columns = needed_columns(evidence);
  const std::vector<Predictor> accounts{predictor("a", rows_of_test, columns),
                                        predictor("b", {rows_of_test[0], rows_of_test[0]}, columns)};
  const auto pool = climatology(accounts);
  EXPECT_TRUE(pool.baseline);
  EXPECT_EQ(pool.trials, 6);
  EXPECT_THAT(pool.columns.at(0), ::testing::ElementsAre(30, 30, 100, 39, 30, 30));
  const auto c = compare(evidence, {accounts[0], accounts[1], pool}, clock_of_test());
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const auto& d : c.differences)
    if (d.group == Group::scored) {
      pairs.emplace_back(d.a, d.b);
      EXPECT_NEAR(d.score.value, total(c, Group::scored, d.a).score.value - total(c, Group::scored, d.b).score.value,
                  1e-12);
    }
  using P = std::pair<std::size_t, std::size_t>;
  EXPECT_THAT(pairs, ::testing::ElementsAre(P(0, 1), P(0, 2), P(1, 2)));
}

TEST(Compare, TheTrueLawBeatsABiasedOneOnAverage) {
  const auto evidence = evidence_of_test();
  auto early = rows_of_test;
  for (auto& r : early) r[1] = 5;  // the south far too early
  const auto columns = needed_columns(evidence);
  auto right = rows_of_test;
  for (auto& r : right) r[1] = 102;
  const auto c =
      compare(evidence, {predictor("right", right, columns), predictor("early", early, columns)}, clock_of_test());
  EXPECT_LT(row(c, 3, 0).score, row(c, 3, 1).score);
  EXPECT_EQ(row(c, 3, 0).score, 0);
}

TEST(Compare, SequenceCountsTrials) {
  const auto c = comparison_of_test();
  const auto& s = c.sequence.at(0);
  EXPECT_EQ(s.elements[0].value, 0.5);
  EXPECT_EQ(s.elements[1].value, 0.75);
  EXPECT_EQ(s.all.value, 0.25);
  EXPECT_EQ(s.count.value, 1.25);
  EXPECT_LT(s.count.low, 1.25);
}

double value_of(const Predictor& p, std::size_t column) { return p.columns.at(column).at(0); }

TEST(Baselines, NothingHappensButTheFirstEvent) {
  const auto b = baselines(evidence_of_test(), layout_of_test()).at(0);
  EXPECT_TRUE(b.baseline);
  EXPECT_EQ(value_of(b, 0), 30);
  EXPECT_TRUE(std::isnan(value_of(b, 1)) && std::isnan(value_of(b, 2)));
  for (const std::size_t column : {3, 4, 5, 6, 7, 9}) EXPECT_EQ(value_of(b, column), 0) << column;
  EXPECT_EQ(value_of(b, 8), 0);
}

TEST(Baselines, TheRecordUpToTheConcession) {
  const auto b = baselines(evidence_of_test(), layout_of_test()).at(1);
  EXPECT_EQ(value_of(b, 0), 30);
  EXPECT_TRUE(std::isnan(value_of(b, 1)));  // documented after the concession
  EXPECT_EQ(value_of(b, 2), 60);
  EXPECT_EQ(value_of(b, 3), 0);
  EXPECT_EQ(value_of(b, 4), 200);
  EXPECT_EQ(value_of(b, 5), 200);  // frozen
  EXPECT_EQ(value_of(b, 6), 200);
}

TEST(Baselines, EverythingBurns) {
  const auto b = baselines(evidence_of_test(), layout_of_test()).at(2);
  EXPECT_EQ(value_of(b, 0), 30);   // earlier than the violence
  EXPECT_EQ(value_of(b, 1), 102);  // at its hour
  EXPECT_EQ(value_of(b, 2), 60);
  EXPECT_EQ(value_of(b, 4), 3000);
  EXPECT_EQ(value_of(b, 6), 10000);
  EXPECT_EQ(value_of(b, 7), 1);
  EXPECT_EQ(value_of(b, 9), 1);
}

TEST(Baselines, AreLeftOutWithoutTheirEvent) {
  auto evidence = evidence_of_test();
  evidence.hints = {};
  EXPECT_EQ(baselines(evidence, layout_of_test()).size(), 1U);
}

TEST(Predictors, WithoutATrialNothingIsClaimed) {
  const auto evidence = evidence_of_test();
  const auto c = compare(evidence, {predictor("empty", {}, needed_columns(evidence))}, clock_of_test());
  EXPECT_TRUE(std::isnan(row(c, 0).score) && std::isnan(row(c, 0).hit.value));
  EXPECT_EQ(row(c, 0).hit.high, 1);
  EXPECT_TRUE(std::isnan(total(c, Group::scored).score.value));
  EXPECT_TRUE(std::isnan(c.sequence.at(0).count.value));
}

// Trial 7 of the small result failed; it is of the first hypothesis.
TEST(Predictors, ComeFromAResultWithoutFailedTrials) {
  const sim::testing::Folder folder;
  sim::testing::write_small(folder / "r.h5");
  const sim::ResultReader result(folder / "r.h5");
  const auto p = predictors(result, {1, 3, 11});
  ASSERT_EQ(p.size(), 2U);
  EXPECT_EQ(p[0].name, "orders");
  EXPECT_EQ(p[0].trials, 9);
  EXPECT_EQ(p[0].failed, 1);
  EXPECT_EQ(p[1].trials, 10);
  EXPECT_EQ(p[1].failed, 0);
  ASSERT_EQ(p[0].columns.at(1).size(), 9U);
  EXPECT_EQ(p[0].columns.at(1)[8], 18);  // trial 9
  EXPECT_TRUE(std::isnan(p[0].columns.at(3)[0]));
  EXPECT_EQ(p[0].columns.at(3)[1], 25);
  EXPECT_EQ(p[1].columns.at(11)[0], 1);
  EXPECT_FALSE(p[0].columns.contains(0));
}

}  // namespace
}  // namespace compare_test
