// Posteriors by sequential Monte Carlo against closed forms, and that bits depend on nothing but seed and index.
// Tolerances are four standard errors (false alarm below 1e-4 each, had the seed been free).
#include "analysis/inference/abc_smc.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/numerics.hpp"
#include "tests/known_answers/ode.hpp"
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

// ---- Systems of differential equations (Toni et al. 2009): their data, priors and tolerances -----------------------

/// Prey and predators at eight times, made by a = b = 1 with normal noise of 0.5; squares of what a and b miss them by.
double misses_predators(double a, double b) {
  constexpr double seen[][3] = {{1.1, 1.87, .49},  {2.4, .65, 2.62},  {3.9, .22, 1.54},  {5.6, .31, .02},
                                {7.5, 1.64, 1.14}, {9.6, 1.15, 1.68}, {11.9, .24, 1.07}, {14.4, 2.91, .88}};
  std::array y{1.0, 0.5};
  double now = 0, sum = 0;
  for (const auto& [time, prey, predators] : seen) {
    const int steps = static_cast<int>(std::ceil((time - now) / 0.1));
    for (int i = 0; i < steps; ++i)
      runge_kutta_step(y, (time - now) / steps, [=](const auto& x) {
        return std::array{a * x[0] - x[0] * x[1], b * x[0] * x[1] - x[1]};
      });
    now = time;
    sum += (y[0] - prey) * (y[0] - prey) + (y[1] - predators) * (y[1] - predators);
  }
  return std::isfinite(sum) ? sum : INFINITY;
}

// The model is deterministic and the priors uniform, so the posterior is uniform over the parameters whose distance is
// below the last tolerance: its moments follow from a grid.
TEST(AbcSmc, LotkaAndVolterra) {
  const std::vector<double> tolerances{30, 16, 6, 5, 4.3};
  std::array<double, 5> sums{};  // 1, a, a^2, b, b^2
  for (double a = 0.8; a < 1.4; a += 0.002)
    for (double b = 0.7; b < 1.3; b += 0.002)
      if (misses_predators(a, b) < tolerances.back())
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += std::array{1.0, a, a * a, b, b * b}[i];
  const qantar::sim::Distribution prior(qantar::sim::Family::uniform, {-10, 10});
  const auto account = toy("predators", {prior, prior},
                           [](const auto& p, const auto&) { return std::vector{misses_predators(p[0], p[1])}; });
  const AbcTarget target{{}, [](std::span<const double> y) { return y[0]; }, tolerances};
  const auto s = abc_smc(account, target, {.particles = 1000, .candidates = 1000000, .seed = 9});
  ASSERT_EQ(s.history.size(), tolerances.size()) << s.stopped_because;
  for (std::size_t k = 0; k < 2; ++k) {
    std::vector<double> x;
    for (std::size_t i = 0; i < s.population.size(); ++i)
      x.push_back(prior.quantile(qantar::sim::normal_cdf(s.population.point(i)[k])));
    const auto m = moments(x, s.population.weight);
    const double mean = sums[1 + 2 * k] / sums[0], sd = std::sqrt(sums[2 + 2 * k] / sums[0] - mean * mean);
    EXPECT_NEAR(m.mean, mean, 4 * m.error);
    EXPECT_NEAR(m.sd, sd, 4 * m.error);
    EXPECT_NEAR(m.mean, 1, 0.1);
    EXPECT_LT(m.sd, 0.1);
  }
}

// A cold on Tristan da Cunha in 1967 (Shibli et al. 1971): ill and recovered on 21 days. Accounts: those who caught it
// are ill at once; only after a time (at a rate of their own); or those who have recovered may fall ill again. The two
// have the first as a limit and pay for the rate.
class Cold {
 public:
  enum Variant { plain, latent, again };

  explicit Cold(Variant variant) : variant_(variant) {}
  Account account() const {
    using qantar::sim::Distribution;
    using qantar::sim::Family;
    std::vector laws{Distribution(Family::uniform, {0, 3}), Distribution(Family::uniform, {0, 3}),
                     Distribution(Family::uniform, {37, 100})};  // infection, recovery, people who can catch it
    if (variant_ != plain) laws.emplace_back(Family::uniform, std::vector<double>{0, 2});
    return toy(std::to_string(variant_), laws, [*this](const auto& p, const auto&) { return std::vector{misses(p)}; });
  }

  /// Root of the summed squares.
  double misses(const std::vector<double>& p) const {
    constexpr double seen[][2] = {{1, 0},   {1, 0},   {3, 0},   {7, 0},   {6, 5},   {10, 7}, {13, 8},
                                  {13, 13}, {14, 13}, {14, 16}, {17, 17}, {10, 24}, {6, 30}, {6, 31},
                                  {4, 33},  {3, 34},  {1, 36},  {1, 36},  {1, 36},  {1, 36}, {0, 37}};
    std::array y{p[2], 0.0, 1.0, 0.0};  // can catch it, caught it, ill, recovered
    double sum = 0;
    for (std::size_t day = 0; day < std::size(seen); ++day) {
      for (int i = 0; i < 4 && day > 0; ++i)
        runge_kutta_step(y, 0.25, [&](const auto& x) {
          const double caught = p[0] * x[0] * x[2], falls_ill = variant_ == latent ? p[3] * x[1] : caught;
          const double recovers = p[1] * x[2], loses = variant_ == again ? p[3] * x[3] : 0;
          return std::array{loses - caught, caught - falls_ill, falls_ill - recovers, recovers - loses};
        });
      sum += std::pow(y[2] - seen[day][0], 2) + std::pow(y[3] - seen[day][1], 2);
    }
    return std::isfinite(sum) ? std::sqrt(sum) : INFINITY;
  }

 private:
  Variant variant_;
};

TEST(LongAbcSmc, ColdOnAnIsland) {
  const std::vector<double> tolerances{100, 90, 80, 73, 70, 60, 50, 40, 30, 25, 20, 16, 15, 14, 13.8};
  const LogLikelihood e = [&](std::span<const double> y) { return y[0] < tolerances.back() ? 0.0 : -INFINITY; };
  std::vector<EvidenceEstimate> z;
  for (const auto variant : {Cold::plain, Cold::latent, Cold::again}) {
    const auto account = Cold(variant).account();
    const AbcTarget target{{}, [](std::span<const double> y) { return y[0]; }, tolerances};
    const auto s = abc_smc(account, target, {.particles = 1000, .candidates = 500000, .seed = 10});
    ASSERT_EQ(s.history.size(), tolerances.size()) << s.stopped_because;
    const auto trials = run_trials(account, Proposal::defensive(s.population),
                                   {.seed = 10, .stage = own_stages, .first = 0, .last = 20000, .threads = 0});
    z.push_back(evidence_estimate(trials, e));
    EXPECT_THAT(z.back().refusals, ::testing::IsEmpty());
  }
  // The evidence is the share of the prior that comes as near. Of the first account it all lies in a box.
  int inside = 0, points = 0;
  for (double infection = 0.01; infection < 0.032; infection += 0.0002)
    for (double recovery = 0.2; recovery < 0.36; recovery += 0.002)
      for (double people = 37.25; people < 52; people += 0.5, ++points)
        inside += Cold(Cold::plain).misses({infection, recovery, people}) < tolerances.back();
  EXPECT_GT(inside, 3000);
  EXPECT_NEAR(z[0].log_evidence, std::log(inside * 0.0002 / 3 * 0.002 / 3 * 0.5 / 63), 4 * z[0].standard_error + 0.02);
  // Falling ill again is out; latency does no worse than the account that it contains.
  EXPECT_GT(z[0].log_evidence - z[2].log_evidence, 3);
  EXPECT_GT(z[1].log_evidence, z[0].log_evidence);
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

  EXPECT_THROW(abc_smc(gaussian(), distance_from(1, {1.0, 0.0}), {}), std::invalid_argument);
  EXPECT_THROW(abc_smc(gaussian(), {}, {}), std::invalid_argument);
  EXPECT_THROW(abc_smc(gaussian(), distance_from(1, {0.1, 1.0}), {}), std::invalid_argument);
}

// A kernel that nothing meets: the run gives up once a rate of one in a thousand has a probability below 1e-6.
TEST(AbcSmc, GivesUpWhatIsHopeless) {
  const auto count = toy("count", {normal(0, 1)}, [](const auto&, const auto& draws) {
    return std::vector{static_cast<double>(draws.poisson(3, 1, 0, 0))};
  });
  AbcSettings settings{.particles = 1000, .seed = 3};
  const auto none = abc_smc(count, distance_from(40, {1.0, 0.5}), settings);
  EXPECT_EQ(none.population.size(), 0U);
  EXPECT_EQ(none.next, 13816);  // -log(1e-6) of the rate
  EXPECT_THAT(none.stopped_because, HasSubstr("0 of 1000 particles in 13816 candidates, and would not be full after"));
  EXPECT_THAT(none.stopped_because, HasSubstr("give a tolerance above 1"));
  // The same with an observation model that calls all else impossible.
  const AbcTarget equal{[](std::span<const double> y) { return y[0] == 40 ? 0.0 : -INFINITY; }, {}, {}};
  EXPECT_EQ(abc_smc(count, equal, settings).next, 13816);
  // It depends on no batch.
  AbcState s;
  while (!s.finished) advance(s, count, distance_from(40, {1.0, 0.5}), settings, 77);
  EXPECT_EQ(s.next, none.next);
  EXPECT_EQ(s.stopped_because, none.stopped_because);
  // Twice the rate that fills a generation is not hopeless: P(y = 9) = 0.0027.
  settings.particles = 100;
  const auto rare = abc_smc(count, distance_from(9, {0.5}), settings);
  EXPECT_EQ(rare.population.size(), 100U);
}

}  // namespace
}  // namespace abc_smc_test
