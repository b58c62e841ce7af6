// The benchmark of constant rates.
#include "analysis/hazards.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/measures.hpp"
#include "tests/support/toy_models.hpp"

namespace qantar::analysis {
namespace {

Event event_of(Measure measure, const std::string& observable, sim::ValueKind kind, std::size_t column) {
  Event e;
  e.id = observable + std::to_string(column);
  e.measure = measure;
  e.observable = observable;
  e.kind = kind;
  e.column = column;
  e.weight = 1;
  e.grade = Grade::A;
  return e;
}

Event at(const std::string& observable, sim::Hours hour) {
  Event e = event_of(Measure::time, observable, sim::ValueKind::time, 0);
  e.earliest = e.latest = hour;
  return e;
}

TEST(Hazards, AreRatesOfOtherRecords) {
  const sim::Clock clock = test::toy_clock(100);
  const double start = clock.start();
  Evidence other;
  for (const double hour : {10.0, 20.0, 30.0}) other.events.push_back(at("falls", start + hour));
  other.events.push_back(event_of(Measure::absent, "falls", sim::ValueKind::time, 3));  // 100 hours without
  other.events.push_back(at("leaves", start + 40.0));
  Event number = event_of(Measure::number, "deaths", sim::ValueKind::count, 4);
  number.low = 10;
  number.high = 30;
  other.events.push_back(number);
  Event given = at("falls", start + 1.0);
  given.input_driven = true;  // says nothing
  other.events.push_back(given);

  sim::ResultLayout layout;
  layout.outcomes = {{"falls", "", "", sim::ValueKind::time, {}, {}},
                     {"unheard_of", "", "", sim::ValueKind::time, {}, {}},
                     {"deaths", "person", "", sim::ValueKind::count, {}, {}}};
  Evidence evidence;
  evidence.events = {at("falls", start + 5.0), at("unheard_of", start + 5.0), number};
  evidence.events[1].column = 1;
  evidence.events[2].column = 2;
  const KnownRecord known{&other, clock};
  const auto predictor = hazards_of_others({&known, 1}, evidence, clock, layout, 20000, 1);
  ASSERT_EQ(predictor.trials, 20000);
  EXPECT_TRUE(predictor.baseline);
  const auto never = [&](std::size_t column) {
    double share = 0;
    for (const double x : predictor.columns.at(column)) share += std::isnan(x) / 20000.0;
    return share;
  };
  EXPECT_NEAR(never(0), std::exp(-100 * 3.5 / 160), 0.015);
  EXPECT_NEAR(never(1), std::exp(-100 * 4.5 / 200), 0.015);  // of all kinds together
  for (const double x : predictor.columns.at(2)) ASSERT_EQ(x, 20);
  EXPECT_THROW(hazards_of_others({}, evidence, clock, layout, 10, 1), std::invalid_argument);
}

}  // namespace
}  // namespace qantar::analysis
