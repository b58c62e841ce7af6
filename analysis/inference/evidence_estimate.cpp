#include "analysis/inference/evidence_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "analysis/inference/order_free.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"
#include "sim/ordered.hpp"
#include "sim/trial_options.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {
namespace {

constexpr double none = -std::numeric_limits<double>::infinity();
constexpr double least_effective = 200, greatest_share = 0.05, greatest_failed = 0.01;

struct Drawn {
  std::vector<double> z, outcomes;
  double log_density = 0;              // of the proposal, at z
  std::optional<std::string> failure;  // why there are no outcomes
};

std::size_t bytes_held(const Drawn& d) { return sizeof(Drawn) + sizeof(double) * (d.z.size() + d.outcomes.size()); }

// A trial that throws still says where it was run.
Drawn draw_and_run(const Account& account, const detail::Places& places, const TrialRange& range, std::int64_t trial) {
  const auto i = static_cast<std::uint32_t>(trial);
  Drawn out;
  std::tie(out.z, out.log_density) = places(i);
  try {
    out.outcomes = account.outcomes(trial_key(range.seed, range.stage, i), account.assigned(out.z));
  } catch (const sim::IgnoredPrior& error) {
    throw std::invalid_argument(fmt::format("account {}: {}", account.name, error.what()));
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {
    out.failure = sim::what_was_thrown();
  }
  return out;
}

}  // namespace

Trials run_trials(const Account& account, const Proposal& proposal, const TrialRange& range) {
  if (range.stage < own_stages || range.stage >= adjudication_stages)
    throw std::invalid_argument(
        fmt::format("account {}: stage {} is drawn from by the method itself: take one from {} to {}", account.name,
                    range.stage, own_stages, adjudication_stages - 1));
  return detail::run_stage(account, proposal, range);
}

Trials detail::run_stage(const Account& account, const Proposal& proposal, const TrialRange& range) {
  if (proposal.dimension() != account.dimension())
    throw std::invalid_argument(fmt::format("account {} has {} parameters, its proposal {}", account.name,
                                            account.dimension(), proposal.dimension()));
  const auto places = [&](std::uint32_t trial) {
    auto z = proposal.draw(sim::Draws(proposal_key(range.seed, range.stage, trial)));
    const double density = proposal.log_density(z);
    return std::pair{std::move(z), density};
  };
  return run_stage(account, places, range);
}

Trials detail::run_stage(const Account& account, const Places& places, const TrialRange& range) {
  if (range.first < 0 || range.last > 0xffffffffLL)
    throw std::invalid_argument(fmt::format("account {}: trials {} to {}: their numbers must lie in 0 .. 2^32 - 1",
                                            account.name, range.first, range.last));
  Trials out;
  out.dimension = account.dimension();
  const sim::StopFlag stop{false};
  sim::run_ordered<Drawn>(
      range.first, range.last, range.threads,
      [&](std::int64_t trial) { return draw_and_run(account, places, range, trial); },
      [&](std::int64_t trial, Drawn&& drawn) {
        const bool failed = drawn.failure.has_value();
        if (failed && out.first_failure.empty()) out.first_failure = *drawn.failure;
        if (!failed && out.width == 0 && !drawn.outcomes.empty()) {
          out.width = drawn.outcomes.size();
          out.outcomes.assign(out.size() * out.width, sim::never);
        }
        if (!failed && drawn.outcomes.size() != out.width)
          throw std::invalid_argument(fmt::format("account {}: trial {} has {} outcomes, earlier ones have {}",
                                                  account.name, trial, drawn.outcomes.size(), out.width));
        drawn.outcomes.resize(out.width, sim::never);
        out.outcomes.insert(out.outcomes.end(), drawn.outcomes.begin(), drawn.outcomes.end());
        out.log_proposal.push_back(drawn.log_density);
        out.z.insert(out.z.end(), drawn.z.begin(), drawn.z.end());
        out.failed.push_back(failed ? 1 : 0);
      },
      stop);
  return out;
}

std::size_t Trials::failures() const { return std::ranges::count(failed, 1); }

void append(Trials& trials, const Trials& more) {
  if (trials.size() == 0) {
    trials = more;
    return;
  }
  if (trials.first_failure.empty()) trials.first_failure = more.first_failure;
  // Pieces in which every trial failed do not know how many outcomes there are.
  const std::size_t width = std::max(trials.width, more.width);
  const auto all_failed = [](const Trials& t) { return std::ranges::count(t.failed, 0) == 0; };
  if (trials.dimension != more.dimension || (trials.width != width && !all_failed(trials)) ||
      (more.width != width && !all_failed(more)))
    throw std::invalid_argument(
        fmt::format("trials with {} parameters and {} outcomes cannot follow trials with {} "
                    "and {}: they must be of one account",
                    more.dimension, more.width, trials.dimension, trials.width));
  trials.z.insert(trials.z.end(), more.z.begin(), more.z.end());
  trials.log_proposal.insert(trials.log_proposal.end(), more.log_proposal.begin(), more.log_proposal.end());
  trials.outcomes.resize((trials.size() - more.size()) * width, sim::never);
  trials.outcomes.insert(trials.outcomes.end(), more.outcomes.begin(), more.outcomes.end());
  trials.outcomes.resize(trials.size() * width, sim::never);
  trials.width = width;
  trials.failed.insert(trials.failed.end(), more.failed.begin(), more.failed.end());
}

std::vector<double> log_weights(const Trials& trials, const LogLikelihood& likelihood, double prior_scale) {
  if (!(prior_scale > 0) || !std::isfinite(prior_scale))
    throw std::invalid_argument(fmt::format("a prior scale of {}: give a factor above 0", prior_scale));
  std::vector<double> out;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials.failed[i]) {
      out.push_back(none);
      continue;
    }
    const double e = likelihood(trials.outcomes_of(i));
    if (!(e < std::numeric_limits<double>::infinity()))
      throw std::invalid_argument(
          fmt::format("trial {} gives the record a log probability of {}: it must be a number or -infinity", i, e));
    out.push_back(e + log_normal_density(trials.z_of(i), prior_scale) - trials.log_proposal[i]);
  }
  return out;
}

EvidenceEstimate evidence_estimate(std::span<const double> log_weights, std::size_t failed) {
  EvidenceEstimate out;
  out.trials = log_weights.size();
  out.failed = failed;
  const auto n = sim::real(out.trials);
  double top = none;
  std::size_t without_weight = 0;
  for (std::size_t i = 0; i < log_weights.size(); ++i) {
    const double w = log_weights[i];
    if (!(w < std::numeric_limits<double>::infinity()))
      throw std::invalid_argument(
          fmt::format("the log weight of trial {} is {}: it must be a number, or -infinity for a trial that could not "
                      "have left the record or failed",
                      i, w));
    without_weight += w == none;
    top = std::max(top, w);
  }
  if (failed > without_weight)
    throw std::invalid_argument(
        fmt::format("{} trials failed, but only {} of {} log weights are -infinity: give each failed trial that weight",
                    failed, without_weight, out.trials));
  if (top == none) {
    out.log_evidence = none;
    out.standard_error = std::numeric_limits<double>::infinity();
    out.refusals.push_back(
        fmt::format("none of {} trials could have left the record: no row may be impossible, or the "
                    "account reaches nowhere near it",
                    out.trials));
    return out;
  }
  double sum = 0, squares = 0;
  for (const double w : log_weights) {
    const double x = sim::exp(w - top);
    sum += x;
    squares += x * x;
  }
  out.log_evidence = top + sim::log(sum / n);
  out.effective_size = sum * sum / squares;
  out.largest_share = 1.0 / sum;
  // sd(w) / (mean(w) sqrt(n)), by the delta method.
  out.standard_error = n > 1 ? std::sqrt(std::max(0.0, n * squares / (sum * sum) - 1.0) / (n - 1.0))
                             : std::numeric_limits<double>::infinity();
  if (out.effective_size < least_effective)
    out.refusals.push_back(
        fmt::format("the weights of {} trials are worth {:.0f} equal ones; at least {:.0f} are "
                    "needed: run more trials",
                    out.trials, out.effective_size, least_effective));
  if (out.largest_share > greatest_share)
    out.refusals.push_back(
        fmt::format("one trial of {} has {:.0f} % of the weight; at most {:.0f} % are allowed: run "
                    "more trials",
                    out.trials, 100 * out.largest_share, 100 * greatest_share));
  if (sim::real(failed) > greatest_failed * n)
    out.refusals.push_back(fmt::format("{} of {} trials failed; at most {:.0f} % may: mend the model", failed,
                                       out.trials, 100 * greatest_failed));
  return out;
}

EvidenceEstimate evidence_estimate(const Trials& trials, const LogLikelihood& likelihood, double prior_scale) {
  auto out = evidence_estimate(log_weights(trials, likelihood, prior_scale), trials.failures());
  if (!out.refusals.empty() && !trials.first_failure.empty())
    out.refusals.push_back("the first trial that failed said: " + trials.first_failure);
  return out;
}

std::vector<double> shares_of_accounts(std::span<const double> log_evidence) {
  double top = none;
  for (const double x : log_evidence) top = std::max(top, x);
  std::vector<double> out(log_evidence.size(), 0.0);
  if (top == none) return out;
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = sim::exp(log_evidence[k] - top);
  const double sum = order_free_sum(out);
  for (double& share : out) share /= sum;
  return out;
}

std::vector<double> shares_of_known(std::vector<double> log_evidence) {
  for (double& x : log_evidence)
    if (std::isnan(x)) x = none;
  auto out = shares_of_accounts(log_evidence);
  for (std::size_t k = 0; k < out.size(); ++k)
    if (log_evidence[k] == none) out[k] = std::numeric_limits<double>::quiet_NaN();
  return out;
}

double log_at_most(const EvidenceEstimate& e, double greatest_log_weight) {
  const double infinity = std::numeric_limits<double>::infinity(), n = sim::real(e.trials);
  if (sim::real(e.failed) > greatest_failed * n || !(greatest_log_weight < infinity)) return infinity;
  const double unseen = greatest_log_weight + sim::log(3.0 / n);
  if (e.log_evidence == none) return unseen;
  const double seen = e.log_evidence + normal_975 * e.standard_error, top = std::max(seen, unseen);
  return top + sim::log(sim::exp(seen - top) + sim::exp(unseen - top));
}

double greatest_log_ratio(const Trials& trials) {
  for (std::size_t i = 0; i < trials.size(); ++i)
    if (std::fabs(log_normal_density(trials.z_of(i), 1.0) - trials.log_proposal[i]) > 1e-9)
      return -sim::log(least_prior_share);
  return 0.0;
}

std::vector<Probability> posterior_probabilities(std::span<const EvidenceEstimate> accounts) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> logs;
  for (const auto& a : accounts) logs.push_back(a.log_evidence == a.log_evidence ? a.log_evidence : none);
  const auto share = shares_of_accounts(logs);
  const bool any = std::ranges::any_of(logs, [](double x) { return x > none; });
  // What may be hidden behind refused evidence, and behind whom it cannot be.
  std::vector<double> bounds;
  double greatest_bound = none;
  for (const auto& a : accounts)
    if (!a.refusals.empty() || a.log_evidence != a.log_evidence) {
      bounds.push_back(a.log_at_most);
      greatest_bound = std::max(greatest_bound, a.log_at_most);
    }
  std::vector<Probability> out;
  for (std::size_t k = 0; k < logs.size(); ++k) {
    const bool refused = !accounts[k].refusals.empty() || logs[k] == none;
    if (refused || !(greatest_bound < logs[k])) {
      out.push_back({any ? share[k] : nan, nan, nan, nan});
      continue;
    }
    std::vector<double> others, variances{accounts[k].standard_error * accounts[k].standard_error}, hidden;
    for (std::size_t j = 0; j < logs.size(); ++j)
      if (j != k) others.push_back(share[j]);
    for (const double bound : bounds) hidden.push_back(sim::exp(bound - logs[k]));
    const double rest = order_free_sum(others);
    if (!(rest > 0) && hidden.empty()) {
      out.push_back({1.0, 1.0, 1.0, 0.0});
      continue;
    }
    if (!(share[k] > 0)) {
      out.push_back({0.0, 0.0, 0.0, 0.0});
      continue;
    }
    for (std::size_t j = 0; j < logs.size(); ++j)
      if (j != k && share[j] > 0 && accounts[j].refusals.empty()) {
        const double part = share[j] / rest * accounts[j].standard_error;
        variances.push_back(part * part);
      }
    const double deviation = std::sqrt(order_free_sum(variances));
    const double odds = share[k] / rest, factor = sim::exp(normal_975 * deviation);
    const double low = 1.0 / (1.0 + factor / odds + order_free_sum(hidden));
    out.push_back({share[k], low, 1.0 / (1.0 + 1.0 / (factor * odds)), share[k] * rest * deviation});
  }
  return out;
}

}  // namespace qantar::analysis
