#include "analysis/inference/evidence_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/ensemble.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

constexpr double none = -std::numeric_limits<double>::infinity();
constexpr double least_effective = 200, greatest_share = 0.05, greatest_failed = 0.01;

}  // namespace

Trials run_trials(const Account& account, const Proposal& proposal, const TrialRange& range) {
  if (range.first < 0 || range.last > 0xffffffffLL)
    throw std::invalid_argument(fmt::format("account {}: trials {} to {}: their numbers must lie in 0 .. 2^32 - 1",
                                            account.name, range.first, range.last));
  Trials out;
  out.dimension = account.dimension();
  if (proposal.dimension() != out.dimension)
    throw std::invalid_argument(fmt::format("account {} has {} parameters, its proposal {}", account.name,
                                            out.dimension, proposal.dimension()));
  const sim::StopFlag stop{false};
  sim::run_ensemble(
      range.first, range.last, range.threads,
      [&](std::int64_t trial) {
        const auto i = static_cast<std::uint32_t>(trial);
        sim::TrialRecord record;
        // A trial that throws must still say where it was run.
        record.parameters = proposal.draw(sim::Draws(proposal_key(range.seed, range.stage, i)));
        const double log_density = proposal.log_density(record.parameters);
        try {
          record.outcomes = account.outcomes(trial_key(range.seed, range.stage, i), account.settled(record.parameters));
        } catch (const std::exception& error) {
          record.status = sim::TrialStatus::failed;
          record.message = error.what();
        }
        record.parameters.push_back(log_density);
        return record;
      },
      [&](sim::TrialRecord&& record) {
        const bool failed = record.status == sim::TrialStatus::failed;
        if (failed && out.first_failure.empty()) out.first_failure = record.message;
        if (!failed && out.width == 0 && !record.outcomes.empty()) {
          out.width = record.outcomes.size();
          out.outcomes.assign(out.size() * out.width, sim::never);
        }
        if (!failed && record.outcomes.size() != out.width)
          throw std::invalid_argument(fmt::format("account {}: trial {} has {} outcomes, earlier ones have {}",
                                                  account.name, record.trial, record.outcomes.size(), out.width));
        record.outcomes.resize(out.width, sim::never);
        out.outcomes.insert(out.outcomes.end(), record.outcomes.begin(), record.outcomes.end());
        out.log_proposal.push_back(record.parameters.back());
        out.z.insert(out.z.end(), record.parameters.begin(), record.parameters.end() - 1);
        out.failed.push_back(failed ? 1 : 0);
      },
      stop);
  return out;
}

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

std::vector<double> normalised(std::span<const double> log_weights) {
  double top = none, sum = 0;
  for (const double w : log_weights) top = std::max(top, w);
  std::vector<double> out(log_weights.size(), 0.0);
  if (top == none) return out;
  for (std::size_t i = 0; i < out.size(); ++i) sum += out[i] = sim::exp(log_weights[i] - top);
  for (double& w : out) w /= sum;
  return out;
}

EvidenceEstimate evidence_estimate(std::span<const double> log_weights, std::size_t failed) {
  EvidenceEstimate out;
  out.trials = log_weights.size();
  out.failed = failed;
  const auto n = static_cast<double>(out.trials);
  double top = none;
  for (const double w : log_weights) top = std::max(top, w);
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
  if (static_cast<double>(failed) > greatest_failed * n)
    out.refusals.push_back(fmt::format("{} of {} trials failed; at most {:.0f} % may: mend the model", failed,
                                       out.trials, 100 * greatest_failed));
  return out;
}

EvidenceEstimate evidence_estimate(const Trials& trials, const LogLikelihood& likelihood, double prior_scale) {
  auto out = evidence_estimate(log_weights(trials, likelihood, prior_scale),
                               static_cast<std::size_t>(std::ranges::count(trials.failed, 1)));
  if (!out.refusals.empty() && !trials.first_failure.empty())
    out.refusals.push_back("the first trial that failed said: " + trials.first_failure);
  return out;
}

std::vector<Estimate> posterior_probabilities(std::span<const EvidenceEstimate> accounts) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> logs;
  for (const auto& a : accounts) logs.push_back(a.log_evidence == a.log_evidence ? a.log_evidence : none);
  const auto share = normalised(logs);
  const bool any = std::ranges::any_of(logs, [](double x) { return x > none; });
  std::vector<Estimate> out;
  for (std::size_t k = 0; k < logs.size(); ++k) {
    if (logs[k] == none) {
      out.push_back({any ? 0.0 : nan, 0.0, 1.0});
      continue;
    }
    double others = 0, variance = accounts[k].standard_error * accounts[k].standard_error;
    for (std::size_t j = 0; j < logs.size(); ++j)
      if (j != k) others += share[j];
    for (std::size_t j = 0; j < logs.size(); ++j)
      if (j != k && share[j] > 0) {
        const double part = share[j] / others * accounts[j].standard_error;
        variance += part * part;
      }
    if (!(others > 0)) {
      out.push_back({1.0, 1.0, 1.0});
      continue;
    }
    const double centre = sim::log(share[k]) - sim::log(others), half = normal_975 * std::sqrt(variance);
    out.push_back({share[k], sim::logistic(centre - half), sim::logistic(centre + half)});
  }
  return out;
}

}  // namespace qantar::analysis
