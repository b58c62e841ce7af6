// Models whose answer is known exactly, through the whole engine. Each test rejects a right engine with
// probability `false_alarm` for a seed chosen blindly; the seed is fixed. That a test can fail is shown by
// asking it for a model with one parameter slightly wrong.
#include "tests/support/toy_models.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <gtest/gtest.h>

#include "sim/ensemble.hpp"
#include "sim/trial.hpp"
#include "tests/support/statistics.hpp"

namespace qantar::sim {
namespace {

using test::BiasedWalk;
using test::Fit;
using test::Machines;

constexpr double false_alarm = 1e-4;
constexpr double certain = 1e-10;
constexpr std::int64_t trials = 40000;

template <Model M>
std::vector<TrialResult> simulate(const M& model) {
  std::vector<TrialResult> all;
  const StopFlag stop{false};
  run_ensemble(
      0, trials, 2,
      [&](std::int64_t trial) {
        return run_trial(model, {.seed = 2022, .point = 0, .replicate = static_cast<std::uint32_t>(trial)});
      },
      [&](TrialResult&& r) { all.push_back(std::move(r)); }, stop);
  return all;
}

// Chi-square of counts 0 .. n against Binomial(n, p).
Fit binomial_fit(const std::vector<int>& counts, int n, double p) {
  const boost::math::binomial law(n, p);
  std::vector<double> observed(static_cast<std::size_t>(n) + 1, 0), expected(observed);
  for (const int k : counts) observed[static_cast<std::size_t>(k)] += 1;
  for (int k = 0; k <= n; ++k)
    expected[static_cast<std::size_t>(k)] = static_cast<double>(counts.size()) * boost::math::pdf(law, k);
  return test::chi_square(observed, expected);
}

TEST(BiasedWalk, EndsWhereABinomialSays) {
  const int steps = 24;
  const double up = 0.6;
  const auto records = simulate(BiasedWalk(up, steps));
  for (const int step : {3, 11, 23}) {
    std::vector<int> ups;
    for (const auto& r : records)
      ups.push_back((static_cast<int>(r.series[static_cast<std::size_t>(step)]) + step + 1) / 2);
    EXPECT_GT(binomial_fit(ups, step + 1, up).p_value, false_alarm) << step;
    EXPECT_LT(binomial_fit(ups, step + 1, up + 0.02).p_value, certain) << step;
  }
}

TEST(BiasedWalk, RisesAboveItsStartAsOftenAsReflectionSays) {
  // From the ballot theorem, P(first passage to 1 at step 2m+1) = C(2m, m) / (m + 1) up^(m+1) down^m.
  const int steps = 25;
  const double up = 0.5;
  const auto probability = [&](double p) {
    double sum = 0, term = p;
    for (int m = 0; 2 * m + 1 <= steps; ++m) {
      sum += term;
      term *= (2.0 * (2 * m + 1)) / (m + 2) * p * (1 - p);
    }
    return sum;
  };
  std::int64_t risen = 0;
  for (const auto& r : simulate(BiasedWalk(up, steps))) risen += happened(r.outcomes[1]);
  EXPECT_GT(test::binomial_share(risen, trials, probability(up)).p_value, false_alarm);
  EXPECT_LT(test::binomial_share(risen, trials, probability(up + 0.02)).p_value, certain);
}

TEST(Machines, BreakAsTheMarkovChainSays) {
  constexpr int agents = 20;
  const double breaks = 0.1, mends = 0.25;
  const auto records = simulate(Machines(breaks, mends, agents, 12));
  for (const int steps : {1, 4, 12}) {
    std::vector<int> broken;
    for (const auto& r : records) broken.push_back(static_cast<int>(r.series[static_cast<std::size_t>(steps) - 1]));
    const auto p_value = [&](double b, double m) {
      return binomial_fit(broken, agents, Machines::broken_probability(b, m, steps)).p_value;
    };
    EXPECT_GT(p_value(breaks, mends), false_alarm) << steps;
    EXPECT_LT(p_value(breaks * 1.05, mends), certain) << steps;
    if (steps > 1) {
      EXPECT_LT(p_value(breaks, mends * 0.9), certain) << steps;
    }
  }
}

// The helpers themselves: p-values of a right model are uniform, so the share below 5 % is 5 % of many
// samples.
TEST(Statistics, PValuesKeepTheirPromise) {
  constexpr std::int64_t samples = 2000;
  std::int64_t ks = 0, chi = 0;
  std::vector<int> level;
  for (std::uint32_t i = 0; i < samples; ++i) {
    const Draws draws({.seed = 5, .point = 0, .replicate = i});
    std::vector<double> u, observed(10, 0);
    for (std::uint32_t j = 0; j < 200; ++j) {
      u.push_back(draws.uniform(1, j, 0));
      observed[static_cast<std::size_t>(10 * u.back())] += 1;
    }
    ks += test::kolmogorov_smirnov(u, [](double x) { return x; }).p_value < 0.05;
    chi += test::chi_square(observed, std::vector<double>(10, 20.0)).p_value < 0.05;
  }
  EXPECT_GT(test::binomial_share(ks, samples, 0.05).p_value, false_alarm);
  EXPECT_GT(test::binomial_share(chi, samples, 0.05).p_value, false_alarm);
}

}  // namespace
}  // namespace qantar::sim
