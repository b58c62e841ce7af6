// A public benchmark of inference without likelihoods (Lueckmann et al. 2021): what a task is, and how near our
// posterior comes to the true one, by the benchmark's measure. The last stage of each simulator, its noise, is the
// observation model here, which the benchmark's methods do not have.
#pragma once
#include <array>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tests/known_answers/toys.hpp"

namespace qantar::test {

using Vector = std::vector<double>;

struct Task {
  std::string name;
  std::vector<sim::Distribution> prior;  ///< independent
  std::vector<Vector> observations;
  /// Log density of an observation given the outcomes of a trial.
  std::function<double(std::span<const double> outcomes, const Vector& seen)> log_noise;
  /// This many draws from the true posterior of the benchmark's parameters.
  std::function<std::vector<Vector>(const Task&, const Vector& seen, std::size_t n, std::uint64_t seed)> posterior;
  /// The benchmark's parameters from those with independent priors; empty: they are the same.
  std::function<Vector(const Vector&)> parameters = {};
  /// The outcomes of a trial from the benchmark's parameters; empty: they are the same.
  std::function<Vector(const Vector&)> simulate = {};

  std::size_t dimension() const { return prior.size(); }
  Vector parameters_at(std::span<const double> z) const;                         ///< z: on the probit scale
  Vector outcomes(const Vector& p) const { return simulate ? simulate(p) : p; }  ///< p: the benchmark's parameters
  analysis::Account account() const;
};

/// A posterior that is drawn from one by one.
std::function<std::vector<Vector>(const Task&, const Vector&, std::size_t, std::uint64_t)> one_by_one(
    std::function<Vector(const Vector& seen, const sim::Draws&)> draw);

/// Draws from a posterior with one mode, exact as far as its ratio to a Student law with the curvature of the mode is
/// nowhere above 1.2 times the highest of 5000 points. Fails the test when fewer than one point in 50 is accepted.
std::vector<Vector> around_the_mode(const Task& task, const Vector& seen, std::size_t n, std::uint64_t seed);

/// How often a network tells our posterior from the true one after 1000, 10,000 and, at full length, 100,000
/// trials, mean over the observations; 0.5 is never.
std::vector<double> mean_c2st(const Task& task);

/// Prints how near, too. `smc` is what the benchmark gives for its sequential Monte Carlo, `ours` what is expected of
/// ours.
void expect_as_near(const Task& task, const std::array<double, 3>& smc, const std::array<double, 3>& ours);

}  // namespace qantar::test
