// What inference knows of a model, and where it runs it.
#include "analysis/inference/account.hpp"

#include <cmath>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/inference/model_account.hpp"
#include "analysis/inference/proposal.hpp"
#include "sim/numerics.hpp"
#include "sim/trial.hpp"
#include "tests/support/toy_models.hpp"

namespace account_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;
using sim::Distribution;
using sim::Family;
using ::testing::HasSubstr;

Account account() {
  sim::Priors priors;
  priors.add("a", Distribution(Family::uniform, {0, 10}));
  priors.add("b", Distribution(Family::fixed, {7}));
  priors.add("c", Distribution(Family::normal, {1, 2}));
  return {"account", priors, {}};
}

template <class F>
std::string complaint(F f) {
  try {
    f();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "";
}

TEST(Account, SettlesItsPriorsFromStandardNormalNumbers) {
  const auto a = account();
  ASSERT_EQ(a.dimension(), 2U);
  const double z[] = {sim::normal_quantile(0.3), -1.5};
  const auto values = prior_values(a.priors, a.assigned(z));
  ASSERT_EQ(values.size(), 3U);
  EXPECT_NEAR(values[0], 3, 1e-9);
  EXPECT_EQ(values[1], 7);
  EXPECT_NEAR(values[2], 1 - 1.5 * 2, 1e-9);
  // Far out the quantile stays inside (0, 1).
  const double far[] = {-50, 50};
  for (const auto& s : a.assigned(far)) EXPECT_TRUE(s.quantile > 0 && s.quantile < 1);
  const double one[] = {0};
  EXPECT_THAT(complaint([&] { (void)a.assigned(one); }), HasSubstr("1 parameters are given where 2"));
  EXPECT_THAT(complaint([&] { (void)prior_values(a.priors, {}); }), HasSubstr("prior a is neither fixed nor assigned"));
  const sim::AssignedPrior value[] = {{"a", 0.5, 4.25}, {"c"}};
  EXPECT_EQ(prior_values(a.priors, value)[0], 4.25);
}

TEST(Account, OfAModelReportsItsOutcomesAndItsFailures) {
  const auto walk = make_account("walk", test::BiasedWalk(0.6, 10), {});
  const sim::TrialKey key{1, 2, 3};
  EXPECT_EQ(walk.outcomes(key, {})[0], sim::run_trial(test::BiasedWalk(0.6, 10), key).outcomes[0]);
  EXPECT_EQ(walk.dimension(), 0U);
}

TEST(Account, OfAFunctionGetsTheValuesOfItsPriors) {
  const auto a = account();
  const auto sum = make_account("sum", a.priors, [](std::span<const double> v, const sim::Draws& draws) {
    return std::vector{v[0] + v[1] + v[2], draws.uniform(1, 0, 0)};
  });
  const double z[] = {0, 1};
  const auto out = sum.outcomes({1, 2, 3}, sum.assigned(z));
  EXPECT_NEAR(out.at(0), 5 + 7 + 3, 1e-9);
  EXPECT_EQ(out.at(1), sim::Draws({1, 2, 3}).uniform(1, 0, 0));
}

TEST(Account, PriorsHaveNamesOfTheirOwn) {
  sim::Priors priors;
  EXPECT_EQ(priors.add("a", Distribution(Family::uniform, {0, 10})), 0);
  EXPECT_THAT(complaint([&] {
                priors.add("a", Distribution(Family::uniform, {0, 1}));
              }),
              HasSubstr("two priors are named \"a\""));
  EXPECT_EQ(priors.find("a"), 0);
  EXPECT_EQ(priors.find("b"), -1);
}

TEST(Account, SeedsAreOfTheNameAlone) {
  std::set<std::uint64_t> seeds;
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 40})
    for (const char* name : {"a", "b", "ab"}) seeds.insert(account_seed(seed, name));
  EXPECT_EQ(seeds.size(), 9U);
  EXPECT_EQ(account_seed(5, "x"), account_seed(5, "x"));
}

TEST(EffectiveSampleSize, CountsEqualWeights) {
  EXPECT_EQ(effective_sample_size(std::vector<double>(7, 0.5)), 7);
  EXPECT_EQ(effective_sample_size(std::vector<double>{1, 0, 0}), 1);
  EXPECT_EQ(effective_sample_size(std::vector<double>{0, 0}), 0);
}

TEST(Proposal, OfThePriorIsStandardNormal) {
  const Proposal prior(3);
  const double z[] = {0.3, -2, 1};
  EXPECT_NEAR(prior.log_density(z), -0.5 * (0.09 + 4 + 1) - 1.5 * std::log(2 * M_PI), 1e-12);
  EXPECT_EQ(Proposal(0).log_density({}), 0);
}

// One kernel in one dimension: 20 % N(0, 1), 10 % N(0, 4), 70 % Student with 5 degrees of freedom.
TEST(Proposal, HasTheDensityThatItSays) {
  Population one;
  one.dimension = 1;
  one.z = {1.9, 2.1};
  one.weight = {3, 3};
  const Proposal q(one, 0.2, 0.1, 4, 0.5);
  const double sd = 2 * 0.1;  // of the population, times the root of the scale
  const auto student = [&](double x, double centre) {
    const double t = (x - centre) / sd;
    return std::tgamma(3) / (std::tgamma(2.5) * std::sqrt(5 * M_PI)) / sd * std::pow(1 + t * t / 5, -3);
  };
  const auto normal = [](double x, double s) { return std::exp(-0.5 * x * x / (s * s)) / (s * std::sqrt(2 * M_PI)); };
  for (const double x : {-3.0, 1.0, 2.0, 2.4, 8.0}) {
    const double exact = 0.2 * normal(x, 1) + 0.1 * normal(x, 2) + 0.35 * (student(x, 1.95) + student(x, 2.05));
    EXPECT_NEAR(std::exp(q.log_density(std::span(&x, 1))) / exact, 1, 1e-5) << x;
  }
  EXPECT_THAT(complaint([&] { Proposal(one, 0, 0, 1, 1); }), HasSubstr("(0, 1]"));
  one.weight = {0, 0};
  EXPECT_THAT(complaint([&] { Proposal::defensive(one); }), HasSubstr("no weight"));
}

TEST(Proposal, KeepsTheShapeOfAPopulation) {
  Population line;
  line.dimension = 2;
  for (std::uint32_t i = 0; i < 2000; ++i) {
    const double x = sim::Draws({4, 0, i}).normal(1, 0, 0);
    line.z.insert(line.z.end(), {1 + 0.3 * x, -0.5 - 0.3 * x + 0.05 * sim::Draws({4, 0, i}).normal(1, 1, 0)});
    line.weight.push_back(1);
  }
  const auto q = Proposal::smoothed(line, 0.001, 0);
  double xy = 0, xx = 0, mean = 0;
  const std::uint32_t n = 20000;
  for (std::uint32_t i = 0; i < n; ++i) {
    const auto z = q.draw(sim::Draws({5, 0, i}));
    mean += z[0] / n;
    xx += (z[0] - 1) * (z[0] - 1) / n;
    xy += (z[0] - 1) * (z[1] + 0.5) / n;
  }
  EXPECT_NEAR(mean, 1, 0.02);
  EXPECT_NEAR(xx, 0.09, 0.01);
  EXPECT_LT(xy / xx, -0.9);
}

}  // namespace
}  // namespace account_test
