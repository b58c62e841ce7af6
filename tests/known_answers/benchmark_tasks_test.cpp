// Tasks of a public benchmark of inference without likelihoods (Lueckmann et al. 2021, observation 1 of each), whose
// posteriors are known: exactly, or from its reference sample. The last stage of each simulator, its noise, is the
// observation model here. Tolerances are four standard errors.
#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/inference/proposal.hpp"
#include "tests/known_answers/ode.hpp"
#include "tests/known_answers/toys.hpp"

namespace benchmark_tasks_test {
namespace {

using namespace qantar::analysis;
using namespace qantar::test;
using qantar::sim::Distribution;
using qantar::sim::Draws;
using qantar::sim::Family;

struct Known {
  double mean, sd, rounding;
};

/// Posterior moments of each outcome against what is known, and log Z where that is.
void expect_posterior(const Account& account, const LogLikelihood& e, const std::vector<Known>& known,
                      double log_evidence = NAN) {
  const auto trials = defensive_trials(account, e, 30000, 7, 2000);
  const auto z = evidence_estimate(trials, e);
  EXPECT_THAT(z.refusals, ::testing::IsEmpty());
  EXPECT_GT(z.effective_size, 1500);
  if (log_evidence == log_evidence) {
    EXPECT_NEAR(z.log_evidence, log_evidence, 4 * z.standard_error);
  }
  const auto weights = normalised(log_weights(trials, e));
  for (std::size_t k = 0; k < known.size(); ++k) {
    std::vector<double> x;
    for (std::size_t i = 0; i < trials.size(); ++i) x.push_back(trials.outcomes_of(i)[k]);
    const auto m = moments(x, weights);
    EXPECT_NEAR(m.mean, known[k].mean, 4 * m.error + known[k].rounding) << k;
    EXPECT_NEAR(m.sd, known[k].sd, 4 * m.error + known[k].rounding) << k;
    EXPECT_LT(m.error, known[k].sd / 30);  // so that the test can fail
  }
}

LogLikelihood normal_noise(const auto& seen, double variance) {
  return [&seen, variance](std::span<const double> theta) {
    double sum = 0;
    for (std::size_t k = 0; k < seen.size(); ++k) sum += log_normal(seen[k], theta[k], std::sqrt(variance));
    return sum;
  };
}

TEST(BenchmarkTasks, GaussianLinear) {
  const std::array seen{1.0471346,  .5566712,  -.23618454, .02787983,  -1.0051446,
                        -.00793075, .06117077, -.29286885, -.38539964, .2449614};
  std::vector<Known> known;
  double log_evidence = 0;
  for (const double x : seen) {
    known.push_back({x / 2, std::sqrt(.05), 0});
    log_evidence += log_normal(x, 0, std::sqrt(.2));
  }
  expect_posterior(bare("linear", std::vector(10, normal(0, std::sqrt(.1)))), normal_noise(seen, .1), known,
                   log_evidence);
}

TEST(BenchmarkTasks, GaussianLinearUniform) {
  const std::array seen{-.53739, -.23864, .81924, .64074, .41616, -.09747, 1.12923, -.05842, -.97055, -.94234};
  const std::array mean{-.4908, -.2317, .6696, .5649, .3925, -.0956, .7893, -.0574, -.7367, -.7256};
  const std::array sd{.2762, .3075, .2249, .2588, .2925, .3126, .1685, .3132, .1960, .2013};
  std::vector<Known> known;
  for (std::size_t k = 0; k < 10; ++k) known.push_back({mean[k], sd[k], 1e-4});
  expect_posterior(bare("uniform", std::vector(10, Distribution(Family::uniform, {-1, 1}))), normal_noise(seen, .1),
                   known);
}

TEST(BenchmarkTasks, GaussianMixture) {
  const std::array seen{-9.472713, -1.4950509};
  const LogLikelihood e = [&](std::span<const double> theta) {
    const auto part = [&](double sd) { return log_normal(seen[0], theta[0], sd) + log_normal(seen[1], theta[1], sd); };
    return std::log(0.5 * std::exp(part(1)) + 0.5 * std::exp(part(0.1)));
  };
  expect_posterior(bare("mixture", std::vector(2, Distribution(Family::uniform, {-10, 10}))), e,
                   {{-9.2686, .5184, 1e-4}, {-1.4951, .6465, 1e-4}});
}

TEST(BenchmarkTasks, Epidemic) {
  const auto account =
      toy("epidemic", {Distribution(Family::lognormal, {0.4, 0.5}), Distribution(Family::lognormal, {0.125, 0.2})},
          [](const std::vector<double>& p, const Draws&) {
            std::vector<double> out{p[0], p[1]};
            for (const double share : infected(p[0], p[1])) out.push_back(share);
            return out;
          });
  const std::vector<double> seen{0, 1, 352, 40, 3, 0, 0, 0, 0, 0};
  const LogLikelihood e = [&](std::span<const double> y) { return log_tested(y.subspan(2), seen); };
  // The reference sample has ten thousand points, and is given to four digits.
  expect_posterior(account, e, {{.6325, .0126, 5e-4}, {.1695, .0122, 5e-4}});
}

}  // namespace
}  // namespace benchmark_tasks_test
