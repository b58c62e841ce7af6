// From accounts and a record to a verdict, where the right one is known: a planted truth, a planted tie, an outside
// process.
#include "analysis/inference/adjudication.hpp"

#include <fmt/format.h>
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
  EXPECT_EQ(a.verdict.ruling, Ruling::ranked) << ::testing::PrintToString(a.verdict.reasons);
  EXPECT_EQ(a.verdict.top, 0U);
  EXPECT_THAT(a.verdict.ruled_out, ::testing::ElementsAre(1));
  EXPECT_GT(a.probability[0].low, 0.99);
  const auto b = adjudicate(rivals, record(155, 4600, false), days, settings());
  EXPECT_EQ(b.verdict.ruling, Ruling::ranked) << ::testing::PrintToString(b.verdict.reasons);
  EXPECT_EQ(b.verdict.top, 1U);
  for (const double z : a.calibration.standard) EXPECT_LT(std::fabs(z), 4);
  EXPECT_LT(a.findings.overall.error, 0.1);
}

TEST(Adjudication, ReportsAPlantedTie) {
  const std::vector<Account> twins{riot("early", 60, 500, 0.8), riot("its twin", 60, 500, 0.8),
                                   riot("late", 150, 5000, 0.2)};
  const auto a = adjudicate(twins, record(62, 520, true), days, settings());
  EXPECT_EQ(a.verdict.ruling, Ruling::undetermined);
  EXPECT_THAT(a.verdict.indistinguishable, Contains(::testing::ElementsAre(0, 1)));
  EXPECT_THAT(a.verdict.ruled_out, ::testing::ElementsAre(2));  // which is known all the same
  EXPECT_NEAR(a.probability[0].value, 0.5, 0.05);
  EXPECT_LT(a.probability[0].low, 0.5);
  EXPECT_GT(a.probability[0].high, 0.5);
  EXPECT_THAT(a.verdict.reasons, Contains(HasSubstr("does not tell these accounts apart")));
}

TEST(Adjudication, ReportsAnOutsideProcess) {
  // A crowd that neither account ever draws.
  const auto a = adjudicate(rivals, record(105, 2e6, true), days, settings());
  EXPECT_EQ(a.verdict.ruling, Ruling::none_of_the_accounts) << ::testing::PrintToString(a.verdict.reasons);
  EXPECT_THAT(a.verdict.reasons, Contains(HasSubstr("farthest off: crowd")));
}

TEST(Adjudication, IsTheSameOnAnyThreadsAndBesideAnyRival) {
  const ObservationModel law(record(62, 520, true), days);
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

// The probability of a record by quadrature over both parameters and all luck, for the whole chain of observation
// model, population, proposal and weights.
TEST(Adjudication, EvidenceIsThatOfTheErrorLaw) {
  const auto account = rivals[0];
  const auto evidence = record(62, 520, true);
  const ObservationModel law(evidence, days);
  const auto run = run_account(account, law, settings());
  const auto z = evidence_estimate(run.evidence, [&](auto x) { return law.log_density(law.documented(), x); });
  // Rows are independent here: the time is N(60, 15^2 + 5^2), the logarithm of the crowd N(log 500, 0.5^2 + 0.3^2).
  const auto row = [&](std::size_t i, auto outcome) {
    Evidence one;
    one.events = {evidence.events[i]};
    const ObservationModel single(one, days);
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

TEST(Adjudication, PartsOfTheRecordAreCheckedAlone) {
  auto evidence = record(62, 520, true);
  evidence.events[0].in_seed = true;
  evidence.events[2].held_out = true;
  std::vector<AccountTrials> run;
  for (const auto& account : rivals) {
    auto& of = run.emplace_back();
    of.name = account.name;
    of.prior =
        run_trials(account, Proposal(2), {.seed = 9, .stage = own_stages, .first = 0, .last = 4000, .threads = 0});
  }
  auto parts = checks_of_parts(run, evidence, days, settings());
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].name, "what the accounts were drawn from");
  EXPECT_EQ(parts[2].name, "what is held out");
  for (const auto& part : parts) EXPECT_EQ(part.rows, 1U);
  EXPECT_GT(parts[0].probability[0], 0.99);  // hours
  EXPECT_GT(parts[1].probability[0], 0.95);  // a crowd
  // That it ended, exactly, with 2 % of the entries wrong.
  const double early = 0.8 * 0.98 + 0.2 * 0.02, late = 0.2 * 0.98 + 0.8 * 0.02;
  EXPECT_NEAR(parts[2].probability[0], early / (early + late), 0.02);
  EXPECT_NEAR(parts[2].error, 1 - early, 4 * std::sqrt(0.25 / 8000));
  evidence.events[0].in_seed = evidence.events[2].held_out = false;
  EXPECT_TRUE(checks_of_parts(run, evidence, days, settings()).empty()) << "the only part is the whole";

  // Three rows of the hour in one place, of which one is held out in another record.
  const auto hours = evidence.events[0];
  for (const char* id : {"again", "and again"}) {
    evidence.events.push_back(hours);
    evidence.events.back().id = id;
  }
  for (const std::size_t i : {0, 3, 4}) evidence.events[i].place = "port";
  parts = checks_of_parts(run, evidence, days, settings());
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].name, "all but port");
  EXPECT_EQ(parts[0].rows, 2U);
  evidence.events[4].held_out = true;
  parts = checks_of_parts(run, evidence, days, settings());
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].name, "what is held out");
  EXPECT_EQ(parts[0].rows, 1U);
}

// Many idle parameters, between whose priors of another width no weights could go.
TEST(Adjudication, PriorsOfAnotherWidthHaveTheirOwnTrials) {
  const auto account = [](const std::string& name, double hour) {
    return toy(name, std::vector(60, normal(0, 1)),
               [hour](const std::vector<double>& p, const sim::Draws&) { return std::vector{hour + 15 * p[0]}; });
  };
  Evidence evidence = record(62, 520, true);
  evidence.events.resize(1);
  const ObservationModel law(evidence, days);
  std::vector<AccountTrials> run;
  for (const auto& a : {account("early", 60), account("later", 70)}) run.push_back(run_account(a, law, settings()));
  const auto found = variations(run, evidence, days);
  std::size_t seen = 0;
  for (const auto& v : found)
    for (const double scale : {0.5, 2.0})
      if (v.name == fmt::format("with priors x {}", scale)) {
        ++seen;
        for (std::size_t k = 0; k < 2; ++k) {
          double sum = 0;
          const int n = 4000;
          for (int i = 0; i < n; ++i) {
            const std::vector outcome{(k ? 70 : 60) + 15 * scale * sim::normal_quantile((i + 0.5) / n)};
            sum += std::exp(law.log_density(law.documented(), outcome)) / n;
          }
          const auto& trials = scale < 1 ? run[k].narrow : run[k].wide;
          const auto estimate = evidence_estimate(trials, likelihood_of(law), scale);
          EXPECT_EQ(v.log_evidence[k], estimate.log_evidence);
          EXPECT_LT(evidence_estimate(run[k].evidence, likelihood_of(law), scale).effective_size, 20);
          EXPECT_NEAR(v.log_evidence[k], std::log(sum), 4 * estimate.standard_error) << v.name << " " << k;
        }
      }
  EXPECT_EQ(seen, 2U);
}

// Rows of one family, so that the errors that they share take part.
class LongSelfCheck : public ::testing::Test {
 protected:
  static std::vector<AccountTrials> run(const ObservationModel& law) {
    std::vector<AccountTrials> out;
    for (const auto& account :
         {riot("early", 60, 500, 0.8), riot("late", 110, 900, 0.5), riot("large", 70, 2500, 0.4)}) {
      out.push_back(
          run_account(account, law, {.seed = 23, .particles = 400, .trials = 8000, .records = 800, .threads = 0}));
      EXPECT_GT(out.back().population.history.size(), 1U) << "the proposal is no more than the prior";
    }
    return out;
  }
  static Evidence evidence() {
    Evidence out = record(80, 800, true);
    for (auto& e : out.events) {
      e.families = {"one"};
      e.grade = Grade::C;
      e.tolerance *= 3;
    }
    return out;
  }
  const Evidence evidence_ = evidence();
  const ObservationModel law_{evidence_, days};
};

TEST_F(LongSelfCheck, ThreeAccountsAreCalibrated) {
  const auto accounts = run(law_);
  const auto found = self_check(accounts, law_, 23, {200, 400}, 0);
  ASSERT_EQ(found.judged.size(), 600U);
  EXPECT_THAT(found.faults, ::testing::IsEmpty());
  for (const auto& c : found.parameters) {
    EXPECT_EQ(c.quantities, 3U);
    EXPECT_NEAR(c.coverage_90, 0.9, 4 * std::sqrt(0.09 / 200));
    EXPECT_NEAR(c.coverage_50, 0.5, 4 * std::sqrt(0.25 / 200));
  }
  for (const double z : model_calibration(found.judged, 3).standard) EXPECT_LT(std::fabs(z), 4);
  for (const auto& bin : reliability(found.judged))
    EXPECT_NEAR(bin.predicted, bin.observed.value, 4 * std::sqrt(0.25 / static_cast<double>(bin.count)));
  EXPECT_LT(confusion(found.judged, 3).error, 0.5);  // chance is 0.67

  const auto few = self_check(accounts, law_, 23, {99, 99}, 1);
  EXPECT_EQ(few.judged.size(), 297U);
  EXPECT_EQ(few.judged[98].probability, found.judged[98].probability);
  for (const auto& c : few.parameters) EXPECT_EQ(c.quantities, 0U) << "too few to say anything";
}

TEST_F(LongSelfCheck, ABrokenSamplerIsAFault) {
  auto forgetful = run(law_), shifted = forgetful, narrow = forgetful;
  // It forgets where its trials were run; moves a parameter; makes posteriors too narrow.
  std::ranges::fill(forgetful[0].evidence.log_proposal, 0.0);
  for (std::size_t i = 0; i < shifted[1].evidence.size(); ++i) shifted[1].evidence.z[2 * i] += 0.5;
  for (double& z : narrow[2].evidence.z) z *= 0.7;
  const auto faults = [&](const std::vector<AccountTrials>& accounts, std::size_t k) {
    return self_check(std::span(accounts).subspan(k, 1), law_, 23, {800, 0}, 0).faults;
  };
  EXPECT_THAT(faults(forgetful, 0), ::testing::ElementsAre(HasSubstr("calibration of early fails")));
  EXPECT_THAT(faults(shifted, 1), ::testing::ElementsAre(HasSubstr("calibration of late fails")));
  EXPECT_THAT(faults(narrow, 2), ::testing::ElementsAre(HasSubstr("calibration of large fails")));
  for (double& z : narrow[2].evidence.z) z *= 0.2;  // so that the hundred records of an adjudication show it
  EXPECT_THAT(adjudicate(narrow, evidence_, days, settings()).verdict.reasons,
              Contains(HasSubstr("calibration of large fails")));
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
              ::testing::AllOf(HasSubstr("account broken: all"), HasSubstr("no world")));
}

}  // namespace
}  // namespace adjudication_test
