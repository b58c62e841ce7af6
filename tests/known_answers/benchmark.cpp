#include "tests/known_answers/benchmark.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "sim/numerics.hpp"
#include "tests/known_answers/c2st.hpp"
#include "tests/support/full_length.hpp"

namespace qantar::test {

using namespace analysis;
using sim::Draws;

Vector Task::parameters_at(std::span<const double> z) const {
  Vector x;
  for (std::size_t k = 0; k < dimension(); ++k)
    x.push_back(prior[k].quantile(std::clamp(sim::normal_cdf(z[k]), 1e-12, 1 - 1e-12)));
  return parameters ? parameters(x) : x;
}

Account Task::account() const {
  return toy(name, prior, [this](const Vector& x, const Draws&) { return outcomes(parameters ? parameters(x) : x); });
}

std::function<std::vector<Vector>(const Task&, const Vector&, std::size_t, std::uint64_t)> one_by_one(
    std::function<Vector(const Vector&, const Draws&)> draw) {
  return [draw = std::move(draw)](const Task&, const Vector& seen, std::size_t n, std::uint64_t seed) {
    std::vector<Vector> out;
    for (std::uint32_t i = 0; i < n; ++i) out.push_back(draw(seen, Draws({seed, 7777, i})));
    return out;
  };
}

namespace {

using LogDensity = std::function<double(const Eigen::VectorXd&)>;

struct Mode {
  Eigen::VectorXd at;
  Eigen::MatrixXd curvature;  ///< minus the second derivatives
};

/// Newton's method with Levenberg's damping, from differences.
Mode find_mode(const LogDensity& f, Eigen::VectorXd x) {
  constexpr double h = 1e-2;
  const Eigen::Index d = x.size();
  Eigen::MatrixXd curvature(d, d);
  double here = f(x), damping = 1e-3;
  for (int round = 0; round < 100; ++round) {
    Eigen::VectorXd slope(d);
    for (Eigen::Index i = 0; i < d; ++i) {
      const Eigen::VectorXd a = h * Eigen::VectorXd::Unit(d, i);
      const double up = f(x + a), down = f(x - a);
      slope[i] = (up - down) / (2 * h);
      curvature(i, i) = -(up - 2 * here + down) / (h * h);
      for (Eigen::Index j = 0; j < i; ++j) {
        const Eigen::VectorXd b = h * Eigen::VectorXd::Unit(d, j);
        curvature(i, j) = curvature(j, i) = -(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h * h);
      }
    }
    for (bool better = false; !better && damping < 1e9; damping *= better ? 0.1 : 10) {
      const Eigen::LLT<Eigen::MatrixXd> root(curvature + damping * Eigen::MatrixXd::Identity(d, d));
      if (root.info() != Eigen::Success) continue;
      const Eigen::VectorXd step = root.solve(slope);
      if (step.norm() < 1e-4) return {x, curvature};
      const double there = f(x + step);
      better = there > here;
      if (better) {
        x += step;
        here = there;
      }
    }
  }
  ADD_FAILURE() << "no mode found";
  return {x, curvature};
}

}  // namespace

std::vector<Vector> around_the_mode(const Task& task, const Vector& seen, std::size_t n, std::uint64_t seed) {
  const auto d = static_cast<Eigen::Index>(task.dimension());
  const LogDensity f = [&](const Eigen::VectorXd& z) {
    return task.log_noise(task.outcomes(task.parameters_at({z.data(), task.dimension()})), seen) - z.squaredNorm() / 2;
  };
  constexpr std::uint32_t tried = 5000;
  const auto normals = [&](std::uint32_t stage, std::uint32_t i) {
    Eigen::VectorXd out(d);
    const Draws draws({seed, stage, i});
    for (Eigen::Index k = 0; k < d; ++k) out[k] = draws.normal(1, static_cast<std::uint32_t>(k), 0);
    return out;
  };
  Eigen::VectorXd start;
  double highest = -INFINITY;
  for (std::uint32_t i = 0; i < tried; ++i) {
    const Eigen::VectorXd z = normals(7778, i);
    if (const double here = f(z); here > highest) {
      start = z;
      highest = here;
    }
  }
  const Mode mode = find_mode(f, start);
  const Eigen::LLT<Eigen::MatrixXd> root(mode.curvature);
  if (root.info() != Eigen::Success) ADD_FAILURE() << "the mode is a ridge";
  struct Point {
    Eigen::VectorXd z;
    double log_ratio;
  };
  const auto student = [&](std::uint32_t i) {
    constexpr double freedom = 5;
    const Draws draws({seed, 7779, i});
    double square = 0;
    for (std::uint32_t k = 0; k < 5; ++k) square += std::pow(draws.normal(2, k, 0), 2);
    const Eigen::VectorXd e = normals(7779, i) / std::sqrt(square / freedom);
    const Eigen::VectorXd z = mode.at + root.matrixU().solve(e);
    return Point{z, f(z) + (freedom + static_cast<double>(d)) / 2 * std::log1p(e.squaredNorm() / freedom)};
  };
  double bound = -INFINITY;
  for (std::uint32_t i = 0; i < tried; ++i) bound = std::max(bound, student(i).log_ratio);
  bound += std::log(1.2);
  std::vector<Vector> out;
  std::uint32_t i = tried;
  for (; out.size() < n && i < tried + 50 * n; ++i) {
    const Point point = student(i);
    if (std::log(Draws({seed, 7779, i}).uniform(3, 0, 0)) < point.log_ratio - bound)
      out.push_back(task.parameters_at({point.z.data(), task.dimension()}));
  }
  EXPECT_EQ(out.size(), n) << "the Student law is far from the posterior";
  return out;
}

namespace {

/// Half of the trials go to populations, as far as whole ones fit, the rest to weighted trials, which are drawn from by
/// weight. In many dimensions few of them carry weight, and a network would learn the repeated points by heart: there
/// they are smoothed, as the benchmark does for all tasks.
std::vector<Vector> our_posterior(const Task& task, const Vector& seen, std::int64_t trials, std::size_t particles,
                                  std::size_t n, std::uint64_t seed) {
  const Account account = task.account();
  const LogLikelihood e = [&](std::span<const double> outcomes) { return task.log_noise(outcomes, seen); };
  const AbcTarget target{e, {}, {}};
  AbcState state;
  std::int64_t used = 0;
  while (!state.finished && used < trials / 2) {
    const auto before = state.next;
    const auto generation = state.generation();
    advance(state, account, target, {.particles = particles, .seed = seed},
            std::min(trials / 2 - used, static_cast<std::int64_t>(particles)));
    used += (state.generation() > generation ? state.history.back().candidates : state.next) - before;
  }
  const auto proposal =
      state.population.size() > 0 ? Proposal::defensive(state.population) : Proposal(task.dimension());
  const auto found = run_trials(account, proposal,
                                {.seed = seed, .stage = own_stages, .first = 0, .last = trials - used, .threads = 0});
  const Population posterior{task.dimension(), found.z, normalised(log_weights(found, e))};
  const auto smoothed = Proposal::smoothed(posterior, 1e-9, 0);
  Vector cumulative;
  double total = 0;
  for (const double w : posterior.weight) cumulative.push_back(total += w);
  std::vector<Vector> out;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Draws draws({seed, 7776, i});
    const auto at = std::ranges::lower_bound(cumulative, total * draws.uniform(1, 0, 0)) - cumulative.begin();
    const auto chosen = posterior.point(std::min(static_cast<std::size_t>(at), posterior.size() - 1));
    out.push_back(
        task.parameters_at(task.dimension() > 2 ? smoothed.draw(draws) : Vector(chosen.begin(), chosen.end())));
  }
  return out;
}

Points as_points(const std::vector<Vector>& from) {
  Points out(std::ssize(from[0]), std::ssize(from));
  for (std::size_t i = 0; i < from.size(); ++i)
    for (std::size_t k = 0; k < from[i].size(); ++k)
      out(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(i)) = static_cast<float>(from[i][k]);
  return out;
}

}  // namespace

std::vector<double> mean_c2st(const Task& task) {
  constexpr std::size_t n = 2000;
  struct Budget {
    std::int64_t trials;
    std::size_t particles;
  };
  constexpr std::array<Budget, 3> budgets{{{1000, 200}, {10000, 1000}, {100000, 2000}}};
  std::vector<double> sum(full_length() ? 3 : 2, 0.0);
  for (std::uint32_t o = 0; o < task.observations.size(); ++o) {
    const auto& seen = task.observations[o];
    const auto seed = account_seed(o, task.name);
    const Points truth = as_points(task.posterior(task, seen, n, seed));
    for (std::size_t b = 0; b < sum.size(); ++b)
      sum[b] += c2st(truth, as_points(our_posterior(task, seen, budgets[b].trials, budgets[b].particles, n, seed)));
  }
  for (double& s : sum) s /= static_cast<double>(task.observations.size());
  return sum;
}

void expect_as_near(const Task& task, const std::array<double, 3>& smc, const std::array<double, 3>& ours) {
  const auto found = mean_c2st(task);
  fmt::print("C2ST of {}: {:.2f}\n", task.name, fmt::join(found, ", "));
  for (std::size_t b = 0; b < found.size(); ++b) {
    EXPECT_LE(found[b], smc[b] + 0.03) << b;
    EXPECT_LE(found[b], ours[b]) << b;
  }
}

}  // namespace qantar::test
