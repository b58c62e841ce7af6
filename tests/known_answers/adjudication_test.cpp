// From accounts and a record to a verdict, where the right one is known: a planted truth, a planted tie, an outside
// process.
#include "analysis/inference/adjudication.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/known_answers/toys.hpp"
#include "tests/support/toy_models.hpp"

namespace adjudication_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;
using namespace qantar::test;
using ::testing::Contains;
using ::testing::HasSubstr;

const sim::Clock days = toy_clock(240);

/// A riot that begins at an hour around a typical one, draws a crowd around a typical size and ends or never ends.
Account riot(const std::string& name, double hour, double crowd, double ends) {
  return toy(name, {normal(hour, 15), sim::Distribution(sim::Family::lognormal, {crowd, 0.5})},
             [ends](const std::vector<double>& p, const sim::Draws& draws) {
               const double begin = p[0] + 5 * draws.normal(1, 0, 0);
               const double size = std::floor(p[1] * std::exp(0.3 * draws.normal(1, 1, 0)));
               const bool does = draws.happens(ends, 1, 2, 0);
               return std::vector{begin, size, does ? begin + 24 : sim::never};
             });
}

/// What is documented: three rows of independent sources, made from one trial.
Evidence record(double begin, double crowd, bool ended) {
  Evidence out;
  Event e;
  e.grade = Grade::A;
  e.weight = 1;
  e.families = {"one", "other"};
  e.id = "begins";
  e.measure = Measure::time;
  e.earliest = begin - 3;
  e.latest = begin + 3;
  e.tolerance = 2;
  out.events.push_back(e);
  e.id = "crowd";
  e.measure = Measure::number;
  e.kind = sim::ValueKind::count;
  e.column = 1;
  e.low = 0.8 * crowd;
  e.high = 1.25 * crowd;
  e.factor = 1.5;
  out.events.push_back(e);
  e.id = "ends";
  e.measure = ended ? Measure::occurs : Measure::absent;
  e.kind = sim::ValueKind::time;
  e.column = 2;
  e.earliest = e.latest = sim::never;
  out.events.push_back(e);
  return out;
}

AdjudicationSettings settings() {
  return {.seed = 3, .particles = 500, .trials = 40000, .records = 1500, .threads = 0};
}

const std::vector<Account> rivals{riot("early", 60, 500, 0.8), riot("late", 150, 5000, 0.2)};

TEST(Adjudication, FindsAPlantedTruth) {
  const auto a = adjudicate(rivals, record(62, 520, true), days, settings());
  EXPECT_EQ(a.verdict.ruling, Ruling::ranked) << testing::PrintToString(a.verdict.reasons);
  EXPECT_EQ(a.verdict.top, 0U);
  EXPECT_THAT(a.verdict.ruled_out, testing::ElementsAre(1));
  EXPECT_GT(a.probability[0].low, 0.99);
  const auto b = adjudicate(rivals, record(155, 4600, false), days, settings());
  EXPECT_EQ(b.verdict.ruling, Ruling::ranked) << testing::PrintToString(b.verdict.reasons);
  EXPECT_EQ(b.verdict.top, 1U);
  for (const double z : a.calibration.standard) EXPECT_LT(std::fabs(z), 4);
  EXPECT_LT(a.findings.overall.error, 0.1);
}

TEST(Adjudication, ReportsAPlantedTie) {
  const std::vector<Account> twins{riot("early", 60, 500, 0.8), riot("its twin", 60, 500, 0.8),
                                   riot("late", 150, 5000, 0.2)};
  const auto a = adjudicate(twins, record(62, 520, true), days, settings());
  EXPECT_EQ(a.verdict.ruling, Ruling::undetermined);
  EXPECT_THAT(a.verdict.lumps, Contains(testing::ElementsAre(0, 1)));
  EXPECT_THAT(a.verdict.ruled_out, testing::ElementsAre(2));  // which is known all the same
  EXPECT_NEAR(a.probability[0].value, 0.5, 0.05);
  EXPECT_LT(a.probability[0].low, 0.5);
  EXPECT_GT(a.probability[0].high, 0.5);
  EXPECT_THAT(a.verdict.reasons, Contains(HasSubstr("does not tell these accounts apart")));
}

TEST(Adjudication, ReportsAnOutsideProcess) {
  // A crowd that neither account ever draws.
  const auto a = adjudicate(rivals, record(105, 2e6, true), days, settings());
  EXPECT_EQ(a.verdict.ruling, Ruling::none_of_the_accounts) << testing::PrintToString(a.verdict.reasons);
  EXPECT_THAT(a.verdict.reasons, Contains(HasSubstr("does not reproduce crowd")));
}

TEST(Adjudication, IsTheSameOnAnyThreadsAndBesideAnyRival) {
  const ErrorLaw law(record(62, 520, true), days);
  auto one = settings(), two = settings();
  one.threads = 1;
  two.threads = 3;
  const auto a = run_account(rivals[0], law, one), b = run_account(rivals[0], law, two);
  EXPECT_EQ(a.evidence.z, b.evidence.z);
  EXPECT_EQ(a.population.population.z, b.population.population.z);
  const LogLikelihood e = [&](auto x) { return law.log_density(law.documented(), x); };
  EXPECT_EQ(log_weights(a.evidence, e), log_weights(b.evidence, e));
  const auto pair = adjudicate(rivals, record(62, 520, true), days, one);
  EXPECT_EQ(pair.findings.evidence[0].log_evidence, evidence_estimate(a.evidence, e).log_evidence);
}

// The probability of a record by quadrature over both parameters and all luck, for the whole chain of error law,
// population, proposal and weights.
TEST(Adjudication, EvidenceIsThatOfTheErrorLaw) {
  const auto account = rivals[0];
  const auto evidence = record(62, 520, true);
  const ErrorLaw law(evidence, days);
  const auto run = run_account(account, law, settings());
  const auto z = evidence_estimate(run.evidence, [&](auto x) { return law.log_density(law.documented(), x); });
  // Rows are independent here: the time is N(60, 15^2 + 5^2), the logarithm of the crowd N(log 500, 0.5^2 + 0.3^2).
  const auto row = [&](std::size_t i, auto outcome) {
    Evidence one;
    one.events = {evidence.events[i]};
    const ErrorLaw single(one, days);
    double sum = 0;
    const int n = 4000;
    for (int k = 0; k < n; ++k) {
      std::vector<double> outcomes(3, sim::never);
      outcomes[i] = outcome(sim::normal_quantile((k + 0.5) / n));
      sum += std::exp(single.log_density(single.documented(), outcomes)) / n;
    }
    return std::log(sum);
  };
  const double exact = row(0, [](double x) { return 60 + std::sqrt(250.0) * x; }) +
                       row(1, [](double x) { return std::floor(500 * std::exp(std::sqrt(0.34) * x)); }) +
                       std::log(0.8 * 0.98 + 0.2 * 0.02);
  EXPECT_NEAR(z.log_evidence, exact, 4 * z.standard_error + 1e-3);
  EXPECT_LT(z.standard_error, 0.05);
}

/// Ranks of both parameters and probabilities of all accounts, for records that the error law makes of prior trials.
struct Recalibrated {
  std::vector<std::vector<double>> ranks, shifted;  ///< of each account; among draws, and among draws 0.5 too high
  std::vector<Judged> records;
};

Recalibrated recalibrate(const std::vector<Account>& accounts, const ErrorLaw& law) {
  constexpr std::int64_t records = 300, bank = 1200;
  std::vector<Trials> banks, truths;
  for (const auto& a : accounts) {
    const auto seed = account_seed(23, a.name);
    banks.push_back(run_trials(a, Proposal(2), {.seed = seed, .stage = 0, .first = 0, .last = bank, .threads = 0}));
    truths.push_back(run_trials(a, Proposal(2), {.seed = seed, .stage = 1, .first = 0, .last = records, .threads = 0}));
  }
  Recalibrated out;
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    out.ranks.emplace_back();
    out.shifted.emplace_back();
    for (std::uint32_t i = 0; i < records; ++i) {
      const sim::Draws draws({.seed = 24, .point = static_cast<std::uint32_t>(k), .replicate = i});
      const auto y = law.sample(truths[k].outcomes_of(i), draws);
      const LogLikelihood e = [&](std::span<const double> x) { return law.log_density(y, x); };
      out.records.push_back({k, judge(banks, e).probability, 0});
      const auto weights = normalised(log_weights(banks[k], e));
      std::vector<double> parameter;
      for (std::size_t j = 0; j < banks[k].size(); ++j) parameter.push_back(banks[k].z_of(j)[i % 2]);
      const double truth = truths[k].z_of(i)[i % 2], u = draws.uniform(99, 0, 0);
      out.ranks[k].push_back(posterior_rank(truth, parameter, weights, u));
      out.shifted[k].push_back(posterior_rank(truth - 0.5, parameter, weights, u));
    }
  }
  return out;
}

// Rows of one family, so that the errors that they share take part.
TEST(LongAdjudication, IsCalibratedForThreeAccounts) {
  const std::vector<Account> accounts{riot("early", 60, 500, 0.8), riot("late", 110, 900, 0.5),
                                      riot("large", 70, 2500, 0.4)};
  Evidence evidence = record(80, 800, true);
  for (auto& e : evidence.events) {
    e.families = {"one"};
    e.grade = Grade::C;
    e.tolerance *= 3;
  }
  const ErrorLaw law(evidence, days);
  const auto right = recalibrate(accounts, law);
  for (const auto& ranks : right.ranks) EXPECT_TRUE(calibration(ranks).passes()) << calibration(ranks).chi_square;
  for (const double z : model_calibration(right.records, 3).standard) EXPECT_LT(std::fabs(z), 4);
  for (const auto& bin : reliability(right.records))
    EXPECT_NEAR(bin.predicted, bin.observed.value, 4 * std::sqrt(0.25 / static_cast<double>(bin.count)));
  for (const auto& ranks : right.shifted) EXPECT_FALSE(calibration(ranks).passes());
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

TEST(Adjudication, RefusesWhatDoesNotFit) {
  const auto evidence = record(62, 520, true);
  EXPECT_THAT(complaint([&] { (void)adjudicate(std::span(rivals).first(1), evidence, days, settings()); }),
              HasSubstr("at least 2"));
  const std::vector<Account> same{rivals[0], rivals[0]};
  EXPECT_THAT(complaint([&] { (void)adjudicate(same, evidence, days, settings()); }),
              HasSubstr("two accounts are named"));
  EXPECT_THAT(complaint([&] { (void)adjudicate(rivals, Evidence{}, days, settings()); }), HasSubstr("no row"));
  const std::vector<Account> broken{
      rivals[0], toy("broken", {normal(0, 1)},
                     [](const auto&, const auto&) -> std::vector<double> { throw std::runtime_error("no world"); })};
  auto few = settings();
  few.particles = 10;
  EXPECT_THAT(complaint([&] { (void)adjudicate(broken, evidence, days, few); }),
              testing::AllOf(HasSubstr("account broken: all"), HasSubstr("no world")));
}

}  // namespace
}  // namespace adjudication_test
