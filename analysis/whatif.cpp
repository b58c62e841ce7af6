#include "analysis/whatif.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/statistics/weights.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"

namespace qantar::analysis {
namespace {

constexpr double greatest_failed_pairs = 0.01;

// The outcomes of a trial, run both ways.
struct Pair {
  std::vector<double> as_it_was, as_it_would_be;
  std::optional<std::string> failure;
};

std::size_t bytes_held(const Pair& p) {
  return sizeof(Pair) + sizeof(double) * (p.as_it_was.size() + p.as_it_would_be.size());
}

struct WeightedPair {
  double weight, before, after;
  std::size_t luck;  // the same for trials that share it
};

// A number for each key, the same for equal ones.
std::vector<std::size_t> luck_of(std::span<const sim::TrialKey> keys) {
  std::map<std::tuple<std::uint64_t, std::uint32_t, std::uint32_t>, std::size_t> known;
  std::vector<std::size_t> out;
  for (const auto& k : keys)
    out.push_back(known.try_emplace({k.seed, k.point, k.replicate}, known.size()).first->second);
  return out;
}

// Sums over trials that share their luck.
std::vector<double> by_luck(std::span<const std::size_t> luck, std::span<const double> values) {
  std::vector<double> out;
  for (std::size_t i = 0; i < luck.size(); ++i) {
    if (luck[i] >= out.size()) out.resize(luck[i] + 1);
    out[luck[i]] += values[i];
  }
  return out;
}

/// Matched shares after Agresti and Min: half a trial is added to each cell of the table of before and after.
Estimate share_difference(double to_yes, double to_no, double n) {
  const double size = n + 2.0, centre = n * (to_yes - to_no) / size;
  const double half =
      normal_975 *
      std::sqrt(std::max(0.0, n * (to_yes + to_no) + 1.0 - n * n * (to_yes - to_no) * (to_yes - to_no) / size)) / size;
  return {to_yes - to_no, std::max(-1.0, centre - half), std::min(1.0, centre + half)};
}

PairedMeans paired_means(std::span<const WeightedPair> pairs, bool shares) {
  PairedMeans out;
  std::vector<std::size_t> luck;
  std::vector<double> weights;
  for (const auto& p : pairs) {
    luck.push_back(p.luck);
    weights.push_back(p.weight);
  }
  out.effective_size = effective_sample_size(by_luck(luck, weights));
  if (!enough_pairs(out.effective_size)) return out;
  double sum = 0, before = 0, after = 0, to_yes = 0, to_no = 0, difference = 0;
  for (const auto& p : pairs) {
    sum += p.weight;
    before += p.weight * p.before;
    after += p.weight * p.after;
    difference += p.weight * (p.after - p.before);
    to_yes += p.after > p.before ? p.weight : 0.0;
    to_no += p.after < p.before ? p.weight : 0.0;
  }
  before /= sum;
  after /= sum;
  difference /= sum;
  double var_before = 0, var_after = 0, var_difference = 0;
  std::vector<double> residuals;
  for (const auto& p : pairs) {
    const double w = p.weight / sum, d = p.after - p.before - difference;
    var_before += w * (p.before - before) * (p.before - before);
    var_after += w * (p.after - after) * (p.after - after);
    var_difference += w * d * d;
    residuals.push_back(w * d);
  }
  double variance = 0;  // of the mean difference
  for (const double r : by_luck(luck, residuals)) variance += r * r;
  variance *= out.effective_size / (out.effective_size - 1.0);
  out.as_it_was = before;
  out.as_it_would_be = after;
  out.variance_ratio = var_difference > 0 ? var_difference / (var_before + var_after) : 0.0;
  if (shares) {
    const double most = effective_sample_size(weights);
    const double n = variance > 0
                         ? std::clamp(var_difference / variance, out.effective_size, std::max(most, out.effective_size))
                         : out.effective_size;
    out.difference = share_difference(to_yes / sum, to_no / sum, n);
    return out;
  }
  const double half = normal_975 * std::sqrt(variance);
  out.difference = {difference, difference - half, difference + half};
  return out;
}

bool yes_or_no(sim::ValueKind kind) { return kind == sim::ValueKind::flag || kind == sim::ValueKind::time; }

OutcomeEffect effect(const PairedTrials& pairs, std::span<const std::size_t> luck, std::span<const std::size_t> rows,
                     std::size_t outcome) {
  const sim::ValueKind kind = pairs.outcomes[outcome].kind;
  std::vector<WeightedPair> values, hours;
  OutcomeEffect out;
  for (const std::size_t row : rows) {
    const std::size_t at = row * pairs.outcomes.size() + outcome;
    const double before = pairs.as_it_was[at], after = pairs.as_it_would_be[at], weight = pairs.weight[row];
    const bool had = !std::isnan(before), has = !std::isnan(after);
    if (kind == sim::ValueKind::time) {
      values.push_back({weight, had ? 1.0 : 0.0, has ? 1.0 : 0.0, luck[row]});
      if (had && has) hours.push_back({weight, before, after, luck[row]});
    } else if (had && has) {
      values.push_back({weight, before, after, luck[row]});
    } else {
      continue;  // without a value there is no difference
    }
    if (yes_or_no(kind)) {
      out.to_yes += values.back().after > values.back().before;
      out.to_no += values.back().after < values.back().before;
    }
  }
  out.means = paired_means(values, yes_or_no(kind));
  out.hours = paired_means(hours, false);
  return out;
}

AccountEffects effects_of(std::string name, const PairedTrials& pairs, std::span<const std::size_t> luck,
                          std::span<const std::size_t> all) {
  AccountEffects out;
  out.name = std::move(name);
  std::vector<std::size_t> rows, kept;
  std::vector<double> weights;
  for (const std::size_t row : all) {
    if (pairs.weight[row] <= 0) continue;
    ++out.trials;
    out.weight += pairs.weight[row];
    if (pairs.failed[row]) {
      ++out.failed;
      continue;
    }
    rows.push_back(row);
    kept.push_back(luck[row]);
    weights.push_back(pairs.weight[row]);
  }
  out.effective_size = effective_sample_size(by_luck(kept, weights));
  if (sim::real(out.failed) > greatest_failed_pairs * sim::real(out.trials))
    out.refusal = fmt::format("{} of {} trials failed; at most {:.0f} % may: {}", out.failed, out.trials,
                              100 * greatest_failed_pairs, pairs.first_failure);
  else if (!enough_pairs(out.effective_size))
    out.refusal = fmt::format("its {} trials are worth {:.0f} equal ones; at least {:.0f} are needed", out.trials,
                              out.effective_size, least_effective_pairs);
  if (!out.refusal.empty()) return out;
  for (std::size_t i = 0; i < pairs.outcomes.size(); ++i) out.outcomes.push_back(effect(pairs, luck, rows, i));
  return out;
}

}  // namespace

double effective_trials(std::span<const PosteriorTrial> trials) {
  std::vector<sim::TrialKey> keys;
  std::vector<double> weights;
  for (const auto& t : trials) {
    keys.push_back(t.key);
    weights.push_back(t.weight);
  }
  return effective_sample_size(by_luck(luck_of(keys), weights));
}

std::vector<PosteriorTrial> thinned(std::span<const PosteriorTrial> trials, std::size_t most, std::uint64_t seed) {
  std::vector<std::vector<std::size_t>> accounts;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (!(trials[i].weight >= 0) || std::isinf(trials[i].weight))
      throw std::invalid_argument(
          fmt::format("posterior trial {} has a weight of {}: it must be a number of at least 0", i, trials[i].weight));
    if (trials[i].account >= accounts.size()) accounts.resize(trials[i].account + 1);
    if (trials[i].weight > 0) accounts[trials[i].account].push_back(i);
  }
  constexpr std::uint32_t purpose = 0x7717;
  const sim::Draws draws({seed, 0, 0});
  std::vector<PosteriorTrial> out;
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const auto& rows = accounts[k];
    if (rows.size() <= most) {
      for (const std::size_t row : rows) out.push_back(trials[row]);
      continue;
    }
    double sum = 0;
    for (const std::size_t row : rows) sum += trials[row].weight;
    const double step = sum / sim::real(most);
    const double first = draws.uniform(purpose, static_cast<std::uint32_t>(k), 0);
    double reached = 0, next = first;  // in steps
    for (const std::size_t row : rows) {
      reached = row == rows.back() ? sim::real(most) : reached + trials[row].weight / step;
      std::size_t times = 0;
      for (; next < reached; next += 1.0) ++times;
      if (times == 0) continue;
      out.push_back(trials[row]);
      out.back().weight = sim::real(times) * step;
    }
  }
  return out;
}

PairedTrials run_pairs(std::span<const PairedAccount> accounts, std::span<const PosteriorTrial> trials,
                       std::vector<OutcomeColumn> outcomes, int threads, const sim::StopFlag& stop,
                       const std::function<void(std::int64_t)>& done) {
  PairedTrials out;
  out.outcomes = std::move(outcomes);
  const auto chosen = [&](const std::vector<double>& all) {
    std::vector<double> values;
    for (const auto& o : out.outcomes) values.push_back(all.at(o.column));
    return values;
  };
  const auto end = sim::run_ordered<Pair>(
      0, std::ssize(trials), threads,
      [&](std::int64_t i) {
        const PosteriorTrial& trial = trials[i];
        const PairedAccount& account = accounts[trial.account];
        Pair pair;
        try {
          pair.as_it_was = chosen(account.as_it_was(trial.key, trial.assigned));
          pair.as_it_would_be = chosen(account.as_it_would_be(trial.key, trial.assigned));
        } catch (const std::bad_alloc&) {
          throw;
        } catch (...) {
          pair.failure = sim::what_was_thrown();
        }
        return pair;
      },
      [&](std::int64_t i, Pair&& pair) {
        const PosteriorTrial& trial = trials[i];
        if (pair.failure && out.first_failure.empty()) out.first_failure = *pair.failure;
        pair.as_it_was.resize(out.outcomes.size(), sim::never);
        pair.as_it_would_be.resize(out.outcomes.size(), sim::never);
        out.account.push_back(trial.account);
        out.key.push_back(trial.key);
        out.weight.push_back(trial.weight);
        out.as_it_was.insert(out.as_it_was.end(), pair.as_it_was.begin(), pair.as_it_was.end());
        out.as_it_would_be.insert(out.as_it_would_be.end(), pair.as_it_would_be.begin(), pair.as_it_would_be.end());
        out.failed.push_back(pair.failure ? 1 : 0);
        if (done) done(i + 1);
      },
      stop);
  out.interrupted = end.interrupted;
  return out;
}

WhatIfEffects paired_effects(std::span<const PairedAccount> accounts, const PairedTrials& pairs) {
  WhatIfEffects out;
  std::vector<std::vector<std::size_t>> rows(accounts.size());
  std::vector<std::size_t> all(pairs.account.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto luck = luck_of(pairs.key);
  for (const std::size_t row : all) rows[pairs.account[row]].push_back(row);
  out.all = effects_of("all", pairs, luck, all);
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    out.accounts.push_back(effects_of(accounts[k].name, pairs, luck, rows[k]));
    out.accounts.back().weight /= out.all.weight > 0 ? out.all.weight : 1.0;
  }
  out.all.weight = out.all.weight > 0 ? 1.0 : 0.0;
  return out;
}

}  // namespace qantar::analysis
