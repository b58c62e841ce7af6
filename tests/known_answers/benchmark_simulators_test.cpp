// Tasks of the benchmark without a closed posterior. Ours may do no worse than what it gives for sequential Monte
// Carlo, by more than 0.03. Observations of the first two are those of the benchmark, the others have ten of our own
// from the prior predictive.
#include <algorithm>
#include <cmath>

#include <Eigen/Dense>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/known_answers/benchmark.hpp"
#include "tests/known_answers/ode.hpp"

namespace benchmark_simulators_test {
namespace {

using namespace qantar::analysis;
using namespace qantar::test;
using qantar::sim::Distribution;
using qantar::sim::Draws;
using qantar::sim::Family;

Task epidemic() {
  return {"epidemic",
          {Distribution(Family::lognormal, {0.4, 0.5}), Distribution(Family::lognormal, {0.125, 0.2})},
          {{0, 1, 352, 40, 3, 0, 0, 0, 0, 0},
           {0, 21, 373, 85, 17, 5, 0, 0, 0, 0},
           {0, 72, 232, 34, 2, 0, 0, 0, 0, 0},
           {0, 0, 8, 349, 222, 62, 17, 6, 1, 0},
           {0, 0, 0, 23, 217, 165, 42, 17, 1, 1},
           {0, 0, 2, 19, 199, 140, 42, 8, 4, 0},
           {0, 0, 0, 1, 1, 20, 97, 149, 78, 25},
           {0, 0, 2, 115, 191, 48, 2, 1, 0, 0},
           {0, 0, 3, 130, 288, 101, 23, 6, 4, 1},
           {0, 0, 428, 111, 18, 0, 1, 2, 0, 0}},
          log_tested,
          around_the_mode,
          {},
          [](const Vector& p) { return infected(p[0], p[1]); }};
}

/// Sums of squares around the mean of four points in the plane.
struct Scatter {
  double x = 0, y = 0, xx = 0, xy = 0, yy = 0;

  explicit Scatter(const Vector& seen) {
    for (std::size_t i = 0; i < 8; i += 2) {
      x += seen[i] / 4;
      y += seen[i + 1] / 4;
    }
    for (std::size_t i = 0; i < 8; i += 2) {
      xx += (seen[i] - x) * (seen[i] - x);
      xy += (seen[i] - x) * (seen[i + 1] - y);
      yy += (seen[i + 1] - y) * (seen[i + 1] - y);
    }
  }
};

/// Of the four points in the plane, from the last three parameters.
struct Covariance {
  double xx, xy, yy;

  explicit Covariance(std::span<const double> p)
      : xx(std::pow(p[0], 4) + 1e-6), xy(std::tanh(p[2]) * p[0] * p[0] * p[1] * p[1]), yy(std::pow(p[1], 4) + 1e-6) {}
  double determinant() const { return xx * yy - xy * xy; }
  /// Trace of the inverse times a matrix.
  double trace_with(double a_xx, double a_xy, double a_yy) const {
    return (yy * a_xx - 2 * xy * a_xy + xx * a_yy) / determinant();
  }
};

// Simple likelihood, complex posterior: mean, roots of deviations and correlation of four points in the plane. The
// signs of the roots leave no trace, so there are four modes.
Task four_points() {
  return {"four points",
          std::vector(5, Distribution(Family::uniform, {-3, 3})),
          {{2.3718784, 0.49947417, 9.931435, 1.7136912, -10.436423, -1.9067793, -1.2343777, -0.09735},
           {-0.66452104, -2.9279308, -16.49147, 4.06107, 4.232153, -4.652277, -4.9924355, -1.5655216},
           {3.5023372, 5.254722, 8.685451, 9.995327, 0.40782332, -5.7111573, 10.605566, 12.695774},
           {-1.6371447, -0.037302777, -1.5622597, 0.031204943, -3.683134, 0.09953671, -1.7389069, 0.0309663},
           {-8.801672, 8.726709, -10.484016, 6.857725, -6.769688, 7.574161, 3.804308, 2.7593615},
           {0.069512725, 4.0657325, -1.1986864, 0.94379723, -1.4434359, 0.02170819, -4.4811616, -4.26959},
           {-3.0776706, -1.2080946, 25.778881, -2.244017, -0.77473235, -1.5114331, 5.919487, -1.6953411},
           {1.2463324, -2.414371, -2.9786007, -2.3214335, -17.3002, -3.298883, -13.487199, -3.023044},
           {4.755368, -2.3791986, 3.5834174, -1.444761, 5.063205, -3.448882, 0.56577647, 1.3524654},
           {1.3710914, -2.39026, 1.8363019, -2.4391632, 2.013802, -3.2097385, 2.4036794, -3.0089793}},
          [](std::span<const double> p, const Vector& seen) {
            const Scatter s(seen);
            const Covariance c(p.subspan(2));
            const double dx = s.x - p[0], dy = s.y - p[1];
            return -2 * std::log(c.determinant()) -
                   c.trace_with(s.xx + 4 * dx * dx, s.xy + 4 * dx * dy, s.yy + 4 * dy * dy) / 2;
          },
          // The mean is normal given the rest, but for its bounds; the rest is drawn from a fine grid.
          [](const Task&, const Vector& seen, std::size_t n, std::uint64_t seed) {
            const Scatter s(seen);
            constexpr std::uint32_t cells = 150;
            const auto centre = [](std::size_t cell) {
              const auto along = [](std::size_t i) { return (static_cast<double>(i % cells) + 0.5) / cells; };
              return Vector{3 * along(cell / cells / cells), 3 * along(cell / cells), 6 * along(cell) - 3};
            };
            Vector cumulative;
            double total = 0;
            for (std::size_t cell = 0; cell < std::size_t{cells} * cells * cells; ++cell) {
              const Covariance c(centre(cell));
              total += std::exp(-1.5 * std::log(c.determinant()) - c.trace_with(s.xx, s.xy, s.yy) / 2);
              cumulative.push_back(total);
            }
            std::vector<Vector> out;
            for (std::uint32_t i = 0; out.size() < n; ++i) {
              const Draws draws({seed, 7777, i});
              const auto at = std::ranges::lower_bound(cumulative, total * draws.uniform(1, 0, 0)) - cumulative.begin();
              Vector p = centre(static_cast<std::size_t>(at));
              for (std::uint32_t k = 0; k < 3; ++k)
                p[k] += (draws.uniform(2, k, 0) - 0.5) * (k < 2 ? 3.0 : 6.0) / cells;
              const Covariance c(p);
              const double e = draws.normal(3, 0, 0), x = s.x + std::sqrt(c.xx / 4) * e;
              const double y =
                  s.y + c.xy / c.xx * (x - s.x) + std::sqrt(c.determinant() / c.xx / 4) * draws.normal(3, 1, 0);
              if (std::max(std::fabs(x), std::fabs(y)) > 3) continue;
              for (std::uint32_t k = 0; k < 2; ++k) p[k] *= draws.happens(0.5, 4, k, 0) ? 1 : -1;
              out.push_back({x, y, p[0], p[1], p[2]});
            }
            return out;
          }};
}

/// Ten observations from the prior predictive.
std::vector<Vector> ten_of(const Task& task, const std::function<double(double outcome, const Draws&)>& with_noise) {
  std::vector<Vector> out(10);
  for (std::uint32_t o = 0; o < 10; ++o) {
    Vector z;
    for (std::uint32_t k = 0; k < task.dimension(); ++k) z.push_back(Draws({2021, o, k}).normal(1, 0, 0));
    std::uint32_t k = 0;
    for (const double x : task.outcomes(task.parameters_at(z)))
      out[o].push_back(with_noise(x, Draws({2021, o, 1000 + k++})));
  }
  return out;
}

// Lotka and Volterra's hares and lynxes, 30 and 1 at the start, seen at ten times with an error of a tenth. Outcomes
// and observations are logs.
Task predator_and_prey() {
  const Distribution rate(Family::lognormal, {std::exp(-0.125), 0.5}), risk(Family::lognormal, {std::exp(-3), 0.5});
  Task task{"predator and prey",
            {rate, risk, rate, risk},
            {},
            [](std::span<const double> y, const Vector& seen) {
              double sum = 0;
              for (std::size_t k = 0; k < seen.size(); ++k) sum += log_normal(seen[k], y[k], 0.1);
              return std::isnan(sum) ? -INFINITY : sum;  // a solution beyond all numbers
            },
            around_the_mode,
            {},
            [](const Vector& p) {
              Vector out;
              const auto slope = [&](const std::array<double, 2>& x) {
                return std::array{p[0] - p[1] * std::exp(x[1]), p[3] * std::exp(x[0]) - p[2]};
              };
              for (const auto& [prey, predators] : solve(slope, std::array{std::log(30), 0.0}, ten_times(2.1))) {
                out.push_back(prey);
                out.push_back(predators);
              }
              return out;
            }};
  task.observations = ten_of(task, [](double x, const Draws& draws) { return x + 0.1 * draws.normal(2, 0, 0); });
  return task;
}

// A neuron: how a stimulus of the last nine steps moves the odds that it fires, for a hundred steps; weights are
// smooth.
Task neuron() {
  constexpr Eigen::Index steps = 100, lags = 9;
  Eigen::MatrixXd stimulus = Eigen::MatrixXd::Zero(steps, 1 + lags);
  stimulus.col(0).setOnes();
  for (Eigen::Index j = 0; j < lags; ++j)
    for (Eigen::Index t = j; t < steps; ++t)
      stimulus(t, 1 + j) = Draws({2021, 0, static_cast<std::uint32_t>(t - j)}).normal(3, 0, 0);
  Eigen::MatrixXd difference = Eigen::MatrixXd::Identity(lags, lags);
  difference.diagonal(-1).setConstant(-1);
  Eigen::MatrixXd roughness = difference * difference;
  for (Eigen::Index i = 0; i < lags; ++i)
    roughness(i, i) += std::sqrt(static_cast<double>(i) / static_cast<double>(lags));
  const Eigen::MatrixXd smooth = roughness.inverse();
  std::vector<Distribution> prior(1 + lags, normal(0, 1));
  prior[0] = normal(0, std::sqrt(2));
  Task task{"neuron",
            prior,
            {},
            [](std::span<const double> odds, const Vector& fires) {
              double sum = 0;
              for (std::size_t t = 0; t < fires.size(); ++t)
                sum -= std::log1p(std::exp(fires[t] > 0 ? -odds[t] : odds[t]));
              return sum;
            },
            around_the_mode,
            [smooth](const Vector& x) {
              Vector out(x);
              Eigen::Map<Eigen::VectorXd>(out.data() + 1, lags) =
                  smooth * Eigen::Map<const Eigen::VectorXd>(x.data() + 1, lags);
              return out;
            },
            [stimulus](const Vector& p) {
              Vector odds(steps);
              Eigen::Map<Eigen::VectorXd>(odds.data(), steps) =
                  stimulus * Eigen::Map<const Eigen::VectorXd>(p.data(), 1 + lags);
              return odds;
            }};
  task.observations = ten_of(
      task, [](double odds, const Draws& draws) { return draws.happens(1 / (1 + std::exp(-odds)), 2, 0, 0) ? 1 : 0; });
  return task;
}

/// Draws with these weights against draws without, by the mean and mean square of each parameter.
void expect_same_moments(const Task& task, const Vector& seen,
                         const std::function<Trials(const Account&, const LogLikelihood&)>& run) {
  SCOPED_TRACE(task.name);
  constexpr std::size_t n = 10000;
  const LogLikelihood e = [&](std::span<const double> outcomes) { return task.log_noise(outcomes, seen); };
  const auto trials = run(task.account(), e);
  const auto weights = normalised(log_weights(trials, e));
  EXPECT_GT(effective_sample_size(weights), 1000);
  std::vector<Vector> weighted;
  for (std::size_t i = 0; i < trials.size(); ++i) weighted.push_back(task.parameters_at(trials.z_of(i)));
  const auto drawn = task.posterior(task, seen, n, 9);
  for (std::size_t k = 0; k < task.dimension(); ++k)
    for (const int power : {1, 2}) {
      const auto of = [&](const std::vector<Vector>& points, const Vector& weight) {
        Vector x;
        for (const auto& p : points) x.push_back(std::pow(p[k], power));
        return moments(x, weight);
      };
      const auto ours = of(weighted, weights), truth = of(drawn, Vector(n, 1.0));
      EXPECT_NEAR(ours.mean, truth.mean, 4 * std::hypot(ours.error, truth.error)) << k << ' ' << power;
    }
}

TEST(LongBenchmark, TruePosteriorsHaveTheMomentsOfWeightedTrials) {
  for (const Task& task : {epidemic(), predator_and_prey(), neuron()})
    expect_same_moments(task, task.observations[0], [](const Account& account, const LogLikelihood& e) {
      return defensive_trials(account, e, 30000, 8, 2000);
    });
  // Kernels of one covariance for all serve four modes badly, so trials are from the prior, and the record is the one
  // that says least.
  const Task task = four_points();
  expect_same_moments(task, task.observations[4], [](const Account& account, const LogLikelihood&) {
    return run_trials(account, Proposal(5), {.seed = 8, .stage = own_stages, .first = 0, .last = 500000, .threads = 0});
  });
}

// What cannot be followed must be refused.
TEST(LongBenchmark, EvidenceOfFourModesIsRefused) {
  const Task task = four_points();
  const LogLikelihood e = [&](std::span<const double> p) { return task.log_noise(p, task.observations[0]); };
  const auto z = evidence_estimate(defensive_trials(task.account(), e, 30000, 8, 2000), e);
  fmt::print("30,000 trials of the four points are worth {:.0f}\n", z.effective_size);
  EXPECT_FALSE(z.refusals.empty());
}

TEST(LongBenchmark, Epidemic) { expect_as_near(epidemic(), {.921, .626, .613}, {.87, .54, .52}); }

TEST(LongBenchmark, FourPoints) { expect_as_near(four_points(), {.982, .969, .963}, {.93, .83, .75}); }

// A thousand trials are too few, for ours and for the benchmark's, to find four parameters that each observation tells
// to a few hundredths.
TEST(LongBenchmark, PredatorAndPrey) { expect_as_near(predator_and_prey(), {1.00, .996, .995}, {1.00, .94, .52}); }

TEST(LongBenchmark, Neuron) { expect_as_near(neuron(), {.991, .981, .818}, {.99, .63, .54}); }

}  // namespace
}  // namespace benchmark_simulators_test
