// Posteriors by sequential Monte Carlo against closed forms, and that bits depend on nothing but seed and index.
// Tolerances are four standard errors (false alarm below 1e-4 each, had the seed been free).
#include "analysis/inference/abc_smc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/known_answers/toys.hpp"

namespace abc_smc_test {
namespace {

using namespace qantar::analysis;
using namespace qantar::test;
using ::testing::HasSubstr;

/// theta ~ N(0, 1)^d, y | theta ~ N(theta, 1)^d.
Account gaussian(std::size_t d = 1) {
  return toy("gaussian", std::vector(d, normal(0, 1)), [](const std::vector<double>& theta, const auto& draws) {
    std::vector<double> y;
    for (std::uint32_t i = 0; i < theta.size(); ++i) y.push_back(theta[i] + draws.normal(1, i, 0));
    return y;
  });
}

AbcTarget distance_from(double y, std::vector<double> tolerances) {
  return {{}, [y](std::span<const double> x) { return std::fabs(x[0] - y); }, std::move(tolerances)};
}

struct Exact {
  double h, acceptance, mean, sd;
};
constexpr Exact exact[] = {
    {0.1, 0.043921, 0.499167, 0.707695}, {0.5, 0.217415, 0.479594, 0.721278}, {1.0, 0.421350, 0.423206, 0.758024}};

TEST(AbcSmc, RejectionAtAFiniteTolerance) {
  for (const auto& e : exact) {
    const auto s = abc_smc(gaussian(), distance_from(1, {e.h}), {.particles = 10000, .seed = 1});
    ASSERT_TRUE(s.finished);
    const auto& g = s.history.at(0);
    const auto n = static_cast<double>(g.candidates);
    EXPECT_NEAR(g.acceptance, e.acceptance, 4 * std::sqrt(e.acceptance / n));
    EXPECT_NEAR(g.effective_size, 10000, 1e-6);
    const auto m = moments(s.population.z, s.population.weight);
    EXPECT_NEAR(m.mean, e.mean, 4 * m.error);
    EXPECT_NEAR(m.sd, e.sd, 4 * m.error / std::sqrt(2));
  }
  // The tolerances differ by more than the test allows.
  EXPECT_GT(exact[1].mean - exact[2].mean, 7 * 0.0072);
}

TEST(AbcSmc, GenerationsEndInTheSamePosterior) {
  const auto s = abc_smc(gaussian(), distance_from(1, {1.0, 0.5, 0.1}), {.particles = 8000, .seed = 2});
  ASSERT_EQ(s.history.size(), 3U);
  const auto m = moments(s.population.z, s.population.weight);
  EXPECT_NEAR(m.mean, exact[0].mean, 4 * m.error);
  EXPECT_NEAR(m.sd, exact[0].sd, 4 * m.error / std::sqrt(2));
  // Candidates of the last generation come from nearer to the record than the prior's do.
  EXPECT_GT(s.history[2].acceptance, exact[0].acceptance);
  // The control: forgetting the weights of proposals is seen.
  const auto wrong = moments(s.population.z, std::vector<double>(s.population.size(), 1.0));
  EXPECT_GT(std::fabs(wrong.sd - exact[0].sd), 4 * m.error / std::sqrt(2));
}

// With the kernel as measurement error the answer is exact: mean 4/9 and 1/3, sd .745356 and .816497.
TEST(AbcSmc, GaussianErrorLaw) {
  for (const auto& [s, mean, sd] : {std::tuple(0.5, 4.0 / 9, 0.745356), std::tuple(1.0, 1.0 / 3, 0.816497)}) {
    const AbcTarget target{[s = s](std::span<const double> y) { return log_normal(1, y[0], s); }, {}, {}};
    const auto state = abc_smc(gaussian(), target, {.particles = 8000, .seed = 3});
    ASSERT_TRUE(state.finished);
    EXPECT_EQ(state.stopped_because, "");
    EXPECT_EQ(state.history.back().level, 1.0);
    const auto m = moments(state.population.z, state.population.weight);
    EXPECT_NEAR(m.mean, mean, 4 * m.error);
    EXPECT_NEAR(m.sd, sd, 4 * m.error);
  }
}

// Acceptance falls with the number of summaries that must fit at once.
TEST(AbcSmc, CurseOfDimension) {
  const std::pair<std::size_t, double> known[] = {{1, 0.276}, {2, 0.0606}, {3, 0.0113}, {5, 2.8e-4}};
  for (const auto& [d, acceptance] : known) {
    const std::size_t particles = d == 5 ? 100 : 2000;
    const AbcTarget target{{},
                           [](std::span<const double> y) {
                             double squares = 0;
                             for (const double x : y) squares += x * x;
                             return std::sqrt(squares);
                           },
                           {0.5}};
    const auto s = abc_smc(gaussian(d), target, {.particles = particles, .candidates = 2000000, .seed = 4});
    ASSERT_EQ(s.history.size(), 1U) << s.stopped_because;
    EXPECT_NEAR(s.history[0].acceptance / acceptance, 1, 4 / std::sqrt(static_cast<double>(particles)) + 0.02) << d;
  }
}

bool operator_equal(const AbcState& a, const AbcState& b) {
  return a.population.z == b.population.z && a.population.weight == b.population.weight &&
         a.history.size() == b.history.size() && a.z == b.z && a.next == b.next;
}

TEST(AbcSmc, BitsDependOnNeitherThreadsNorBatches) {
  const auto target = distance_from(1, {1.0, 0.3});
  const AbcSettings settings{.particles = 300, .seed = 5, .threads = 1};
  const auto whole = abc_smc(gaussian(), target, settings);
  for (const std::int64_t batch : {1, 7, 1000}) {
    AbcState s;
    while (!s.finished) {
      AbcSettings other = settings;
      other.threads = 1 + static_cast<int>(s.next % 3);
      advance(s, gaussian(), target, other, batch);
      const AbcState stored = s;  // a run that is stopped here goes on from a copy
      s = stored;
    }
    EXPECT_TRUE(operator_equal(whole, s)) << batch;
  }
  const auto another = abc_smc(gaussian(), target, {.particles = 300, .seed = 6, .threads = 1});
  EXPECT_FALSE(operator_equal(whole, another));
}

TEST(AbcSmc, EndsWithAReason) {
  const auto none = abc_smc(gaussian(), distance_from(1000, {1.0}), {.particles = 10, .candidates = 500, .seed = 1});
  EXPECT_TRUE(none.finished);
  EXPECT_EQ(none.population.size(), 0U);
  EXPECT_THAT(none.stopped_because, HasSubstr("0 of 10 particles in 500 candidates"));

  const auto fails = toy("fails", {normal(0, 1)},
                         [](const auto&, const auto&) -> std::vector<double> { throw std::runtime_error("no world"); });
  const auto failed = abc_smc(fails, distance_from(1, {1.0}), {.particles = 10, .candidates = 50, .seed = 1});
  EXPECT_THAT(failed.stopped_because, HasSubstr("0 of 10"));
  EXPECT_EQ(failed.failed, 50);

  EXPECT_THROW(abc_smc(gaussian(), {}, {}), std::invalid_argument);
  EXPECT_THROW(abc_smc(gaussian(), distance_from(1, {0.1, 1.0}), {}), std::invalid_argument);
}

}  // namespace
}  // namespace abc_smc_test
