// Laws of what a record says: normalised, sampled as they are written, and never certain.
#include "analysis/inference/observation_model.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/inference/adjudication.hpp"
#include "tests/support/statistics.hpp"
#include "tests/support/toy_models.hpp"

namespace observation_model_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double never = sim::never;
const sim::Clock a_clock = test::toy_clock(240);

Event event(const std::string& id, Measure measure, std::size_t column,
            std::vector<std::string> families = {"K", "L"}) {
  Event e;
  e.id = id;
  e.measure = measure;
  e.column = column;
  e.families = std::move(families);
  e.weight = 1;
  e.earliest = 100;
  e.latest = 106;
  e.tolerance = 4;
  e.low = 100;
  e.high = 300;
  e.factor = 2;
  e.kind = measure == Measure::number ? sim::ValueKind::count : sim::ValueKind::time;
  return e;
}

Evidence evidence(std::vector<Event> events) {
  Evidence out;
  out.events = std::move(events);
  return out;
}

double density(const ObservationModel& law, double record, double outcome) {
  const double r[] = {record}, z[] = {outcome};
  return std::exp(law.log_density(r, z));
}

double integral(const ObservationModel& law, double outcome, double low, double high) {
  const int n = 20000;
  double sum = 0;
  for (int i = 0; i < n; ++i) sum += density(law, low + (high - low) * (i + 0.5) / n, outcome);
  return sum * (high - low) / n;
}

TEST(ObservationModel, IsNormalised) {
  for (const auto& families : {std::vector<std::string>{"K"}, {"K", "L"}})
    for (const double width : {0.5, 1.0, 2.0}) {
      const ObservationModel time(evidence({event("t", Measure::time, 0, families)}), a_clock, RowChoice::fitted,
                                  width);
      for (const double z : {0.0, 103.0, 240.0, never})
        EXPECT_NEAR(integral(time, z, -1000, 1300) + density(time, never, z), 1, 1e-6) << z;
      const ObservationModel number(evidence({event("n", Measure::number, 0, families)}), a_clock, RowChoice::fitted,
                                    width);
      for (const double z : {0.0, 150.0, 1e6, never})
        EXPECT_NEAR(integral(number, z, -80, 90) + density(number, never, z), 1, 1e-6) << z;
      const ObservationModel answer(evidence({event("a", Measure::occurs, 0, families)}), a_clock, RowChoice::fitted,
                                    width);
      for (const double z : {103.0, never}) EXPECT_NEAR(density(answer, 1, z) + density(answer, 0, z), 1, 1e-12);
    }
}

TEST(ObservationModel, HasTheRatesOfItsGrade) {
  Event e = event("a", Measure::occurs, 0);
  for (const auto& [grade, rate] : {std::pair(Grade::A, 0.02), {Grade::B, 0.05}, {Grade::C, 0.10}}) {
    e.grade = grade;
    EXPECT_NEAR(density(ObservationModel(evidence({e}), a_clock), 1, never), rate, 1e-14);
    EXPECT_NEAR(density(ObservationModel(evidence({e}), a_clock, RowChoice::fitted, 2), 1, never), 2 * rate, 1e-14);
    // Of one family: the quadrature has the same mean, and errors of two rows come together.
    e.families = {"K"};
    EXPECT_NEAR(density(ObservationModel(evidence({e}), a_clock), 1, never), rate, 0.05 * rate);
    const double both[] = {1, 1}, outcomes[] = {never};
    EXPECT_GT(std::exp(ObservationModel(evidence({e, e}), a_clock).log_density(both, outcomes)), 2.5 * rate * rate);
    e.families = {"K", "L"};
    EXPECT_NEAR(std::exp(ObservationModel(evidence({e, e}), a_clock).log_density(both, outcomes)), rate * rate, 1e-14);
  }
}

// 6 hours wide with a normal error of 2: the density of their sum, by numerical convolution.
TEST(ObservationModel, DatesByTheIntervalAndItsTolerance) {
  const ObservationModel law(evidence({event("t", Measure::time, 0)}), a_clock);
  const auto convolved = [](double gap) {
    double sum = 0;
    for (int i = 0; i < 600; ++i) {
      const double d = (gap - (-3 + 6 * (i + 0.5) / 600)) / 2;
      sum += std::exp(-0.5 * d * d) / (2 * std::sqrt(2 * M_PI)) / 600;
    }
    return sum;
  };
  for (const double z : {103.0, 106.0, 110.0, 99.0}) {
    const double u = std::exp(-std::fabs(103 - 120.0) / 40);
    EXPECT_NEAR(density(law, 103, z), 0.98 * convolved(103 - z) + 0.01 * u / (40 * (1 + u) * (1 + u)), 1e-6) << z;
  }
  EXPECT_THAT(law.documented(), ElementsAre(103));
}

// Shares of records in cells against the density, with the factor of a family drawn anew in each record.
TEST(ObservationModel, SamplesWhatItSays) {
  const int n = 20000;
  for (const auto& families : {std::vector<std::string>{"K"}, {"K", "L"}}) {
    for (const auto measure : {Measure::time, Measure::number}) {
      const ObservationModel law(evidence({event("x", measure, 0, families)}), a_clock);
      const double z = measure == Measure::time ? 103 : 200, middle = measure == Measure::time ? 103 : std::log(201.0);
      const double step = measure == Measure::time ? 1.5 : 0.15;
      std::vector<double> seen(13, 0), due(13, 0);
      for (std::uint32_t i = 0; i < n; ++i) {
        const double outcomes[] = {z}, y = law.sample(outcomes, sim::Draws({7, 0, i}))[0];
        const double cell = std::floor((y - middle) / step + 6);
        ++seen[y == y ? static_cast<std::size_t>(std::clamp(cell, 0.0, 11.0)) : 12];
      }
      for (int k = 0; k < 12; ++k) {
        const double low = k == 0 ? -300 : middle + (k - 6) * step, high = k == 11 ? 500 : middle + (k - 5) * step;
        due[static_cast<std::size_t>(k)] = n * integral(law, z, low, high);
      }
      due[12] = n * density(law, never, z);
      EXPECT_GT(test::chi_square(seen, due).p_value, 1e-4);
      // The control: a law twice as wide.
      const ObservationModel other(evidence({event("x", measure, 0, families)}), a_clock, RowChoice::fitted, 2);
      for (int k = 0; k < 12; ++k) {
        const double low = k == 0 ? -300 : middle + (k - 6) * step, high = k == 11 ? 500 : middle + (k - 5) * step;
        due[static_cast<std::size_t>(k)] = n * integral(other, z, low, high);
      }
      due[12] = n * density(other, never, z);
      EXPECT_LT(test::chi_square(seen, due).p_value, 1e-10);
    }
  }
}

// Of numbers that can be negative, each has a likelihood of its own, and what is documented below 0 mirrors what is
// documented above.
TEST(ObservationModel, KnowsNumbersBelowZero) {
  Event e = event("n", Measure::number, 0);
  e.kind = sim::ValueKind::real;
  e.low = 0;
  e.high = e.factor = e.margin = 1;
  const ObservationModel by_zero(evidence({e}), a_clock);
  const auto fit = [&](const ObservationModel& law, double x) { return density(law, law.documented()[0], x); };
  EXPECT_GT(fit(by_zero, -0.2), fit(by_zero, -0.5));
  EXPECT_GT(fit(by_zero, -0.5), 1.5 * fit(by_zero, -1.5));
  EXPECT_GT(fit(by_zero, 0), fit(by_zero, -50) * 10);
  for (const auto scale : {Scale::magnitude, Scale::share}) {
    const double unit = scale == Scale::share ? 0.001 : 1;
    Event below = e;
    below.scale = scale;
    below.low = -300 * unit;
    below.high = -100 * unit;
    below.factor = 1;
    below.margin = 50 * unit;
    const ObservationModel law(evidence({below}), a_clock);
    EXPECT_GT(fit(law, -200 * unit), 100 * fit(law, 300 * unit));
    Event above = below;
    above.low = 100 * unit;
    above.high = 300 * unit;
    const ObservationModel mirrored(evidence({above}), a_clock);
    EXPECT_DOUBLE_EQ(law.documented()[0], -mirrored.documented()[0]);
    // Widths are the same; only where gross errors lie is not.
    EXPECT_NEAR(fit(law, -200 * unit), fit(mirrored, 200 * unit), 0.01 * fit(law, -200 * unit));
    for (const double z : {-200.0 * unit, 0.0, 5.0})
      EXPECT_NEAR(integral(law, z, -150, 150) + density(law, never, z), 1, 1e-6);
  }
}

TEST(ObservationModel, ErrorsOfOneFamilyMoveTogether) {
  const auto correlation = [](const std::vector<std::string>& families) {
    const ObservationModel law(
        evidence({event("a", Measure::number, 0, families), event("b", Measure::number, 1, families)}), a_clock);
    double xy = 0, xx = 0, yy = 0;
    for (std::uint32_t i = 0; i < 20000; ++i) {
      const double outcomes[] = {200, 200};
      const auto y = law.sample(outcomes, sim::Draws({8, 0, i}));
      const double a = y[0] - std::log(201.0), b = y[1] - std::log(201.0);
      if (!(std::fabs(a) < 2 && std::fabs(b) < 2)) continue;  // gross errors
      xy += a * b;
      xx += a * a;
      yy += b * b;
    }
    return xy / std::sqrt(xx * yy);
  };
  EXPECT_NEAR(correlation({"K", "L"}), 0, 0.03);
  EXPECT_GT(correlation({"K"}), 0.15);
}

TEST(ObservationModel, TakenAtItsWordARecordHasNoBlunders) {
  Event answer = event("a", Measure::occurs, 0);
  answer.grade = Grade::C;
  const ObservationModel law(evidence({answer, event("t", Measure::time, 0)}), a_clock);
  int wrong = 0;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const double outcomes[] = {103};
    const sim::Draws draws({9, 0, i});
    const auto strict = law.sample_without_gross_errors(outcomes, draws), loose = law.sample(outcomes, draws);
    EXPECT_EQ(strict[0], 1);
    EXPECT_LT(std::fabs(strict[1] - 103), 13);
    wrong += loose[0] != 1;
  }
  EXPECT_NEAR(wrong, 100, 4 * 9.5);
}

TEST(ObservationModel, NoRowMakesATrialImpossible) {
  const ObservationModel law(evidence({event("t", Measure::time, 0), event("n", Measure::number, 1, {"K"}),
                                       event("o", Measure::absent, 2, {"K"})}),
                             a_clock);
  for (const double z : {never, -1e4, 0.0, 103.0, 1e9}) {
    const double outcomes[] = {z, z, z};
    EXPECT_GT(law.log_density(law.documented(), outcomes), -40) << z;
    EXPECT_LT(law.log_density(law.documented(), outcomes), 2) << z;
  }
}

TEST(ObservationModel, OnlyEvidenceEnters) {
  std::vector<Event> all(9, event("x", Measure::time, 0));
  all[1].use = Use::statement;
  all[2].use = Use::context;
  all[3].use = Use::not_scored;
  all[4].grade = Grade::D;
  all[5].grade = Grade::E;
  all[6].input_driven = true;
  all[7].weight = 0;
  all[8].held_out = true;
  const ObservationModel fitted(evidence(all), a_clock), held_out(evidence(all), a_clock, RowChoice::held_out),
      both(evidence(all), a_clock, RowChoice::all);
  ASSERT_EQ(fitted.size(), 1U);
  EXPECT_EQ(fitted.event(0), 0U);
  ASSERT_EQ(held_out.size(), 1U);
  EXPECT_EQ(held_out.event(0), 8U);
  EXPECT_EQ(both.size(), 2U);
}

TEST(ObservationModel, AccountsAreWeighedByKeyRowsWhereThereAreAny) {
  std::vector<Event> all(3, event("x", Measure::time, 0));
  EXPECT_EQ(evidence_law(evidence(all), a_clock).size(), 3U);
  all[1].key = true;
  const ObservationModel law = evidence_law(evidence(all), a_clock);
  ASSERT_EQ(law.size(), 1U);
  EXPECT_EQ(law.event(0), 1U);
}

TEST(ObservationModel, AWeightIsAPower) {
  Event whole = event("t", Measure::time, 0), half = whole;
  half.weight = 0.5;
  for (const double z : {103.0, 130.0, never})
    EXPECT_NEAR(density(ObservationModel(evidence({half}), a_clock), 103, z),
                std::sqrt(density(ObservationModel(evidence({whole}), a_clock), 103, z)), 1e-12);
}

TEST(ObservationModel, LeavesOutSets) {
  std::vector<Event> events{event("a", Measure::time, 0, {"K"}), event("a2", Measure::number, 1, {"K"}),
                            event("b", Measure::occurs, 2, {"K"}), event("c", Measure::occurs, 3)};
  events[1].of = "a";
  events[0].place = events[2].place = "town";
  events[3].in_seed = true;
  const ObservationModel law(evidence(events), a_clock);
  const auto sets = law.by_event();
  ASSERT_EQ(sets.size(), 3U);
  EXPECT_THAT(sets[0].rows, ElementsAre(0, 1));
  EXPECT_EQ(law.by_place().size(), 1U);
  EXPECT_THAT(law.by_place()[0].rows, ElementsAre(0, 2));
  EXPECT_THAT(law.in_seed().rows, ElementsAre(3));
  const double outcomes[] = {120, 90, never, 104};
  const auto without = law.log_density_without(sets, law.documented(), outcomes);
  ASSERT_EQ(without.size(), 4U);
  EXPECT_EQ(without[3], law.log_density(law.documented(), outcomes));
  for (std::size_t s = 0; s < 3; ++s) {
    std::vector<Event> rest;
    for (const auto& e : events)
      if (e.root() != sets[s].name) rest.push_back(e);
    const ObservationModel other(evidence(rest), a_clock);
    EXPECT_NEAR(without[s], other.log_density(other.documented(), outcomes), 1e-12);
  }
}

TEST(ObservationModel, ExactIsWhatATrialWouldSay) {
  Event order = event("o", Measure::order, 0);
  order.then_column = 1;
  order.low = 0;
  order.high = 10;
  const ObservationModel law(evidence({event("t", Measure::time, 0), order, event("n", Measure::number, 2)}), a_clock);
  const double outcomes[] = {50, 55, 99};
  EXPECT_THAT(law.exact(outcomes), ElementsAre(::testing::DoubleNear(std::log(100.0), 1e-12), 1, 50));
}

template <class F>
std::string complaint(F f) {
  try {
    f();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

TEST(ObservationModel, RefusesWhatDoesNotFit) {
  EXPECT_THAT(complaint([] { ObservationModel(evidence({}), a_clock); }), HasSubstr("no row"));
  EXPECT_THAT(complaint([] { ObservationModel(evidence({event("t", Measure::time, 0)}), a_clock, RowChoice::all, 0); }),
              HasSubstr("width"));
  Event open = event("t", Measure::time, 0);
  open.latest = never;
  EXPECT_THAT(complaint([&] { ObservationModel(evidence({open}), a_clock); }), HasSubstr("event t"));
  const ObservationModel law(evidence({event("t", Measure::time, 3)}), a_clock);
  const double one[] = {1}, two[] = {1, 2};
  EXPECT_THAT(complaint([&] { (void)law.log_density(one, one); }), HasSubstr("outcome 3"));
  EXPECT_THAT(complaint([&] { (void)law.log_density(two, one); }), HasSubstr("2 numbers"));
}

}  // namespace
}  // namespace observation_model_test
