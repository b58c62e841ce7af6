// Confusion and calibration against what is known exactly. Tolerances are four standard errors unless said otherwise.
#include "analysis/inference/model_check.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/inference/verdict.hpp"
#include "sim/numerics.hpp"
#include "tests/known_answers/toys.hpp"

namespace model_check_test {
namespace {

using namespace qantar::analysis;
using namespace qantar::test;
using qantar::sim::Distribution;
using qantar::sim::Draws;
using qantar::sim::Family;
using ::testing::Contains;
using ::testing::HasSubstr;

/// Counts with their sum and sum of log y!, which are all that the two laws depend on.
struct Counts {
  int sum = 0;
  double logs = 0;

  void add(int y) {
    sum += y;
    logs += std::lgamma(y + 1.0);
  }
};

/// n counts of Poisson(lambda), lambda ~ Exp(1), or of a geometric law, p ~ U(0, 1).
Counts simulate(std::size_t truth, std::uint32_t n, std::uint32_t record) {
  const Draws draws({.seed = 88, .point = static_cast<std::uint32_t>(truth), .replicate = record});
  const double u = draws.uniform(1, 0, 0);
  Counts c;
  for (std::uint32_t i = 0; i < n; ++i)
    c.add(truth == 0 ? static_cast<int>(draws.poisson(-std::log(u), 2, i, 0))
                     : static_cast<int>(std::log(draws.uniform(3, i, 0)) / std::log1p(-u)));
  return c;
}

/// Evidence of Poisson (without the factor 1 / prod y!) and geometric for n counts with a sum, from one set of trials.
class Bank {
 public:
  explicit Bank(int n) : n_(n) {
    const TrialRange range{.seed = 5, .stage = own_stages, .first = 0, .last = 20000, .threads = 0};
    trials_.push_back(run_trials(bare("poisson", {Distribution(Family::gamma, {1, 1})}), Proposal(1), range));
    trials_.push_back(run_trials(bare("geometric", {Distribution(Family::uniform, {0, 1})}), Proposal(1), range));
  }

  /// Probabilities from all data, or, without `with_logs`, from the sum alone: P(S) of Poisson is then n^S / S! times
  /// the likelihood, that of the geometric law C(S + n - 1, S) times.
  Judged judge(std::size_t truth, const Counts& c, bool with_logs) {
    const auto& [poisson, geometric] = evidence(c.sum);
    const double s = c.sum, n = n_;
    const double a = with_logs ? -c.logs : s * std::log(n) - std::lgamma(s + 1);
    const double b = with_logs ? 0 : std::lgamma(s + n) - std::lgamma(n) - std::lgamma(s + 1);
    const double logs[] = {poisson.log_evidence + a, geometric.log_evidence + b};
    return {truth, normalised(logs), 0};
  }

  const std::pair<EvidenceEstimate, EvidenceEstimate>& evidence(int sum) {
    const auto found = known_.find(sum);
    if (found != known_.end()) return found->second;
    const double s = sum, n = n_;
    return known_[sum] = {
               evidence_estimate(trials_[0], [&](auto p) { return s * std::log(p[0]) - n * p[0]; }),
               evidence_estimate(trials_[1], [&](auto p) { return n * std::log(p[0]) + s * std::log1p(-p[0]); })};
  }

 private:
  double n_;
  std::vector<Trials> trials_;
  std::map<int, std::pair<EvidenceEstimate, EvidenceEstimate>> known_;
};

TEST(LongConfusion, PoissonAgainstGeometric) {
  Bank bank(20);
  std::vector<Judged> full, sum_only;
  for (std::uint32_t i = 0; i < 100000; ++i)
    for (const std::size_t truth : {0U, 1U}) {
      const Counts c = simulate(truth, 20, i);
      full.push_back(bank.judge(truth, c, true));
      sum_only.push_back(bank.judge(truth, c, false));
    }
  const auto a = confusion(full, 2), b = confusion(sum_only, 2);
  EXPECT_NEAR(a.share(0, 0), 0.887, 0.005);
  EXPECT_NEAR(a.share(1, 1), 0.668, 0.005);
  EXPECT_NEAR(a.error, 0.2224, 0.005);
  EXPECT_NEAR(a.log_score, 0.400, 0.005);
  EXPECT_NEAR(b.share(0, 0), 0.921, 0.005);
  EXPECT_NEAR(b.share(1, 1), 0.277, 0.005);
  EXPECT_NEAR(b.error, 0.4007, 0.005);
  EXPECT_LT(b.told_apart(0, 1).high, 0.7);
  EXPECT_GT(a.told_apart(0, 1).low, 0.7);
  // Both are calibrated: a poor summary costs sharpness, not calibration, which is why calibration alone is no guard.
  for (const auto& judged : {full, sum_only})
    for (const double z : model_calibration(judged, 2).standard) EXPECT_LT(std::fabs(z), 4);
  // The control: overconfident probabilities.
  auto sharp = full;
  for (auto& r : sharp) {
    r.probability[0] = std::min(1.0, r.probability[0] * 1.1);
    r.probability[1] = 1 - r.probability[0];
  }
  EXPECT_GT(model_calibration(sharp, 2).standard[0], 10);
}

/// The verdict on ten counts from all data, or from the sum alone.
Verdict judged(const std::vector<int>& y, bool with_logs) {
  Bank bank(10);
  Counts seen;
  for (const int k : y) seen.add(k);
  std::vector<Judged> records;
  for (std::uint32_t i = 0; i < 12000; ++i)
    for (const std::size_t truth : {0U, 1U}) {
      const Counts c = simulate(truth, 10, i);
      records.push_back(bank.judge(truth, c, with_logs));
      records.back().distance = std::fabs(c.sum - seen.sum) + (with_logs ? std::fabs(c.logs - seen.logs) : 0.0);
    }
  auto [poisson, geometric] = bank.evidence(seen.sum);
  const auto here = bank.judge(0, seen, with_logs);
  poisson.log_evidence = std::log(here.probability[0]);
  geometric.log_evidence = std::log(here.probability[1]);
  Findings d;
  d.accounts = {"poisson", "geometric"};
  d.evidence = {poisson, geometric};
  d.surprise.resize(2);
  d.classifier = here.probability;
  d.local = confusion(nearest(records, 400), 2);
  d.classifier_near = local_calibration(records, here.probability[0] > here.probability[1] ? 0 : 1, 400);
  d.overall = confusion(records, 2);
  d.observables = with_logs ? std::vector<std::string>{"sum", "sum of log y!"} : std::vector<std::string>{"sum"};
  return verdict(d);
}

TEST(LongInsufficientSummary, EndsInUndeterminedAndIsNamed) {
  const std::vector<int> mixed{0, 1, 0, 2, 1, 0, 1, 3, 0, 2}, ones(10, 1), burst{0, 0, 0, 0, 0, 0, 0, 0, 0, 10};
  // On the sum alone the three are one and the same record, and never decide.
  for (const auto& y : {mixed, ones, burst}) {
    const auto v = judged(y, false);
    EXPECT_EQ(v.ruling, Ruling::undetermined);
    EXPECT_EQ(v.top, 0U);
    EXPECT_THAT(v.reasons, Contains(HasSubstr("what is compared (sum) does not tell these accounts apart")));
    EXPECT_THAT(v.indistinguishable, ::testing::ElementsAre(::testing::ElementsAre(0, 1)));
  }
  EXPECT_EQ(judged(mixed, true).ruling, Ruling::undetermined);  // 0.67 to 0.33
  const auto v = judged(ones, true);
  EXPECT_EQ(v.ruling, Ruling::ranked) << ::testing::PrintToString(v.reasons);
  EXPECT_EQ(v.top, 0U);
  const auto w = judged(burst, true);
  EXPECT_EQ(w.top, 1U);
  EXPECT_EQ(w.ruling, Ruling::ranked) << ::testing::PrintToString(w.reasons);
  EXPECT_THAT(w.ruled_out, ::testing::ElementsAre(0));
}

// theta ~ N(0, 1), y ~ N(theta, 1): the posterior is N(y / 2, 1 / 2).
Calibration conjugate(double shift, double stretch) {
  std::vector<double> ranks;
  for (std::uint32_t r = 0; r < 1000; ++r) {
    const Draws draws({.seed = 15, .point = 0, .replicate = r});
    const double theta = draws.normal(1, 0, 0), y = theta + draws.normal(1, 1, 0), sd = std::sqrt(0.5);
    std::vector<double> posterior;
    for (std::uint32_t i = 0; i < 999; ++i)
      posterior.push_back(0.5 * y + sd * (shift + stretch * draws.normal(2, i, 0)));
    ranks.push_back(posterior_rank(theta, posterior, draws.uniform(3, 0, 0)));
  }
  return calibration(ranks);
}

TEST(SimulationBasedCalibration, PassesTheConjugatePosteriorAndNoOther) {
  const auto exact = conjugate(0, 1);
  EXPECT_TRUE(exact.passes());
  EXPECT_LT(exact.chi_square, 43.82);
  EXPECT_NEAR(exact.coverage_90.value, 0.9, 4 * std::sqrt(0.09 / 1000));
  EXPECT_NEAR(exact.coverage_50.value, 0.5, 4 * std::sqrt(0.25 / 1000));
  const auto narrow = conjugate(0, 0.8);
  EXPECT_FALSE(narrow.passes());
  EXPECT_NEAR(narrow.coverage_90.value, 0.812, 4 * std::sqrt(0.812 * 0.188 / 1000));
  EXPECT_NEAR(narrow.coverage_50.value, 0.411, 4 * std::sqrt(0.411 * 0.589 / 1000));
  const auto shifted = conjugate(0.5, 1);
  EXPECT_FALSE(shifted.passes());
  EXPECT_NEAR(shifted.coverage_90.value, 0.858, 4 * std::sqrt(0.858 * 0.142 / 1000));
}

TEST(SimulationBasedCalibration, AllowsForRanksThatMoveTogether) {
  std::vector<double> ranks;
  for (int i = 0; i < 200; ++i) ranks.push_back((i % 40 + 0.5) / 40 * 0.5 + (i < 60 ? 0.5 : 0.0));
  const auto apart = calibration(ranks), together = calibration(ranks, 2);
  EXPECT_EQ(apart.chi_square, together.chi_square);
  // Halving chi-square: from the table of 19 degrees of freedom, 43.82 has p = 0.001 and 30.14 p = 0.05.
  EXPECT_NEAR(qantar::sim::GammaTails(9.5)(0.5 * 43.82).above, 0.001, 1e-5);
  EXPECT_EQ(together.p_value, qantar::sim::GammaTails(9.5)(0.25 * apart.chi_square).above);
  EXPECT_LT(apart.p_value, together.p_value);
}

TEST(SimulationBasedCalibration, TiesAreOrderedAtRandom) {
  // A count of three coins with p ~ U(0, 1): the discrete predictive itself is the posterior of another such count.
  std::vector<double> ranks, first;
  for (std::uint32_t r = 0; r < 2000; ++r) {
    const Draws draws({.seed = 16, .point = 0, .replicate = r});
    const auto count = [&](std::uint32_t i) {
      return std::floor(4 * draws.uniform(1, i, 0));  // uniform on 0 .. 3
    };
    std::vector<double> posterior;
    for (std::uint32_t i = 1; i < 100; ++i) posterior.push_back(count(i));
    ranks.push_back(posterior_rank(count(0), posterior, draws.uniform(2, 0, 0)));
    first.push_back(posterior_rank(count(0), posterior, 0.5));
  }
  EXPECT_TRUE(calibration(ranks).passes());
  EXPECT_FALSE(calibration(first).passes());  // the control: ties in the middle
}

// The whole way, sampled and weighted: population, defensive proposal, trials, ranks.
TEST(LongSimulationBasedCalibration, OfTheSampler) {
  const auto account = toy("gaussian", {normal(0, 1)}, [](const std::vector<double>& theta, const Draws& draws) {
    return std::vector{theta[0] + 0.5 * draws.normal(1, 0, 0)};
  });
  std::vector<double> ranks, broken;
  for (std::uint32_t r = 0; r < 1000; ++r) {
    const Draws draws({.seed = 17, .point = 0, .replicate = r});
    const double theta = draws.normal(1, 0, 0), y = theta + 0.5 * draws.normal(1, 1, 0) + 0.5 * draws.normal(1, 2, 0);
    const LogLikelihood e = [=](std::span<const double> x) { return log_normal(y, x[0], 0.5); };
    const auto trials = defensive_trials(account, e, 1000, 1000 + r, 200);
    const auto weights = normalised(log_weights(trials, e));
    const double u = draws.uniform(3, 0, 0);
    ranks.push_back(posterior_rank(theta, trials.z, weights, u));
    // A sampler that forgets where its trials were run.
    auto forgotten = trials;
    std::ranges::fill(forgotten.log_proposal, 0.0);
    broken.push_back(posterior_rank(theta, trials.z, normalised(log_weights(forgotten, e)), u));
  }
  const auto right = calibration(ranks), wrong = calibration(broken);
  EXPECT_TRUE(right.passes()) << right.chi_square;
  EXPECT_NEAR(right.coverage_90.value, 0.9, 4 * std::sqrt(0.09 / 1000));
  EXPECT_FALSE(wrong.passes()) << wrong.chi_square;
}

TEST(Nearest, TakesTiesWhole) {
  std::vector<Judged> records;
  for (std::size_t truth = 0; truth < 2; ++truth)
    for (int i = 0; i < 50; ++i) records.push_back({truth, {0.5, 0.5}, i < 5 ? 0.0 : 1.0});
  const auto c = confusion(nearest(records, 8), 2);
  EXPECT_EQ(c.records, 10);
  EXPECT_EQ(c.share(0, 0), 0.5);
  EXPECT_EQ(c.share(1, 1), 0.5);
  EXPECT_EQ(nearest(records, 11).size(), 100U);
  EXPECT_EQ(nearest(records, 0).size(), 0U);
  EXPECT_EQ(nearest(records, 1000).size(), 100U);
}

TEST(PredictiveMidP, OfAKnownLaw) {
  std::vector<double> y, w;
  for (std::uint32_t i = 0; i < 20000; ++i) {
    y.push_back(Draws({1, 0, i}).normal(1, 0, 0));
    w.push_back(1);
  }
  EXPECT_NEAR(predictive_mid_p(y, w, 1.0), 0.841345, 4 * std::sqrt(0.1335 / 20000));
  EXPECT_NEAR(predictive_mid_p(y, w, 10), 1, 1e-12);
  const double nan = NAN;
  const std::vector<double> times{1, 2, nan, nan}, weights{1, 1, 1, 5};
  EXPECT_EQ(predictive_mid_p(times, weights, 2), 1.5 / 8);
  EXPECT_EQ(predictive_mid_p(times, weights, nan), 2.0 / 8 + 3.0 / 8);
}

}  // namespace
}  // namespace model_check_test
