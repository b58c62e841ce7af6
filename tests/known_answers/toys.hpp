// Accounts whose answer is known exactly.
#pragma once
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/inference/abc_smc.hpp"
#include "analysis/inference/account.hpp"
#include "analysis/inference/evidence_estimate.hpp"
#include "sim/draws.hpp"

namespace qantar::test {

inline sim::Priors priors(std::vector<sim::Distribution> laws) {
  sim::Priors out;
  for (std::size_t i = 0; i < laws.size(); ++i) out.add(fmt::format("p{}", i), std::move(laws[i]));
  return out;
}

/// An account from a function of its parameters and the luck of a trial.
inline analysis::Account toy(const std::string& name, std::vector<sim::Distribution> laws,
                             std::function<std::vector<double>(const std::vector<double>&, const sim::Draws&)> f) {
  auto p = priors(std::move(laws));
  return {name, p, [p, f = std::move(f)](const sim::TrialKey& key, std::span<const sim::AssignedPrior> assigned) {
            return f(analysis::prior_values(p, assigned), sim::Draws(key));
          }};
}

/// An account that reports its parameters, for an exact likelihood of the data given them.
inline analysis::Account bare(const std::string& name, std::vector<sim::Distribution> laws) {
  return toy(name, std::move(laws), [](const std::vector<double>& p, const sim::Draws&) { return p; });
}

inline sim::Distribution normal(double mean, double sd) { return {sim::Family::normal, {mean, sd}}; }

/// The whole way: population, defensive proposal, trials.
inline analysis::Trials defensive_trials(const analysis::Account& account, const analysis::LogLikelihood& likelihood,
                                         std::int64_t trials, std::uint64_t seed = 2022, std::size_t particles = 1000) {
  const auto s = analysis::account_seed(seed, account.name);
  const auto state =
      analysis::abc_smc(account, {.likelihood = likelihood, .distance = {}, .tolerances = {}},
                        {.particles = particles, .generations = 20, .candidates = 0, .seed = s, .threads = 0});
  return analysis::run_trials(account, analysis::Proposal::defensive(state.population),
                              {.seed = s, .stage = analysis::own_stages, .first = 0, .last = trials, .threads = 0});
}

/// Weighted mean and standard deviation, with the standard error of the mean by the effective size.
struct Moments {
  double mean = 0, sd = 0, error = 0;
};

inline Moments moments(std::span<const double> x, std::span<const double> weight) {
  double sum = 0, first = 0, second = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += weight[i];
  for (std::size_t i = 0; i < x.size(); ++i) first += weight[i] / sum * x[i];
  for (std::size_t i = 0; i < x.size(); ++i) second += weight[i] / sum * (x[i] - first) * (x[i] - first);
  const double sd = std::sqrt(second);
  return {first, sd, sd / std::sqrt(analysis::effective_sample_size(weight))};
}

inline double log_normal(double x, double mean, double sd) {
  return -0.5 * (x - mean) * (x - mean) / (sd * sd) - std::log(sd) - 0.5 * std::log(2 * M_PI);
}

}  // namespace qantar::test
