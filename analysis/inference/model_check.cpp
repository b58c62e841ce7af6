#include "analysis/inference/model_check.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "analysis/inference/order_free.hpp"
#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t bins = 20;

double ratio(double a, double b) { return b > 0 ? a / b : nan; }

/// Of counts in which ties were shared out.
Estimate counted(double hits, double of) { return wilson(std::llround(hits), std::llround(of)); }

}  // namespace

BankJudgement judge(std::span<const Trials> accounts, const LogLikelihood& likelihood) {
  if (accounts.empty()) throw std::invalid_argument("no account is judged: give the trials of at least one");
  std::vector<double> logs;
  BankJudgement out;
  for (const Trials& trials : accounts) {
    const auto e = evidence_estimate(trials, likelihood);
    logs.push_back(e.log_evidence);
    out.effective_size.push_back(e.effective_size);
  }
  out.probability = shares_of_accounts(logs);
  if (std::ranges::all_of(out.probability, [](double p) { return p == 0; }))
    std::ranges::fill(out.probability, 1.0 / sim::real(accounts.size()));
  return out;
}

double Confusion::of_truth(std::size_t truth) const {
  std::vector<double> row;
  for (std::size_t k = 0; k < accounts; ++k) row.push_back(count(truth, k));
  return order_free_sum(std::move(row));
}

double Confusion::of_chosen(std::size_t chosen) const {
  std::vector<double> column;
  for (std::size_t k = 0; k < accounts; ++k) column.push_back(count(k, chosen));
  return order_free_sum(std::move(column));
}

double Confusion::share(std::size_t truth, std::size_t chosen) const {
  return ratio(count(truth, chosen), of_truth(truth));
}

double Confusion::mean_found() const {
  double sum = 0, with_records = 0;
  for (std::size_t k = 0; k < accounts; ++k)
    if (const double found = share(k, k); !std::isnan(found)) {
      sum += found;
      ++with_records;
    }
  return ratio(sum, with_records);
}

double Confusion::pair_records(std::size_t a, std::size_t b) const {
  return (count(a, a) + count(b, b)) + (count(a, b) + count(b, a));
}

Estimate Confusion::found(std::size_t truth) const { return counted(count(truth, truth), of_truth(truth)); }

Estimate Confusion::rightly_chosen(std::size_t chosen) const {
  return counted(count(chosen, chosen), of_chosen(chosen));
}

Estimate Confusion::told_apart(std::size_t a, std::size_t b) const {
  return counted(count(a, a) + count(b, b), pair_records(a, b));
}

Confusion confusion(std::span<const Judged> records, std::size_t accounts) {
  Confusion out;
  out.accounts = accounts;
  out.counts.assign(accounts * accounts, 0.0);
  std::vector<double> surprises;
  for (const Judged& r : records) {
    if (r.truth >= accounts || r.probability.size() != accounts)
      throw std::invalid_argument(
          fmt::format("a record of account {} with {} probabilities where there are {} accounts", r.truth,
                      r.probability.size(), accounts));
    const double best = *std::ranges::max_element(r.probability);
    const auto ties = sim::real(std::ranges::count(r.probability, best));
    for (std::size_t k = 0; k < accounts; ++k)
      if (r.probability[k] == best) out.counts[r.truth * accounts + k] += 1.0 / ties;
    surprises.push_back(-sim::log(r.probability[r.truth]));
  }
  std::vector<double> right;
  for (std::size_t k = 0; k < accounts; ++k) right.push_back(out.count(k, k));
  out.records = sim::real(records.size());
  out.error = ratio(out.records - order_free_sum(std::move(right)), out.records);
  out.log_score = ratio(order_free_sum(std::move(surprises)), out.records);
  return out;
}

std::vector<Judged> nearest(std::span<const Judged> records, std::size_t count) {
  std::vector<double> distances;
  for (const Judged& r : records) distances.push_back(r.distance);
  std::ranges::sort(distances);
  std::vector<Judged> out;
  if (count == 0 || distances.empty()) return out;
  const double farthest = distances[std::min(count, distances.size()) - 1];
  std::ranges::copy_if(records, std::back_inserter(out), [&](const Judged& r) { return r.distance <= farthest; });
  return out;
}

ModelCalibration model_calibration(std::span<const Judged> records, std::size_t accounts) {
  ModelCalibration out;
  const auto n = sim::real(records.size());
  for (std::size_t k = 0; k < accounts; ++k) {
    std::vector<double> excess, squares;
    for (const Judged& r : records) {
      const double x = r.probability.at(k) - (r.truth == k ? 1.0 : 0.0);
      excess.push_back(x);
      squares.push_back(x * x);
    }
    const double mean = ratio(order_free_sum(std::move(excess)), n);
    const double variance = ratio(order_free_sum(std::move(squares)), n) - mean * mean;
    out.excess.push_back(mean);
    out.standard.push_back(variance > 0 ? mean / std::sqrt(variance / n) : 0.0);
  }
  return out;
}

double posterior_rank(double truth, std::span<const double> draws, std::span<const double> weights, double u) {
  if (draws.empty() || draws.size() != weights.size())
    throw std::invalid_argument(
        fmt::format("a rank among {} draws with {} weights: as many are needed", draws.size(), weights.size()));
  double below = 0, tied = 0, sum = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    sum += weights[i];
    if (draws[i] < truth) below += weights[i];
    if (draws[i] == truth) tied += weights[i];
  }
  if (!(sum > 0)) throw std::invalid_argument("a rank among draws without weight");
  const double own = sum / effective_sample_size(weights);
  return (below + u * (tied + own)) / (sum + own);
}

double posterior_rank(double truth, std::span<const double> draws, double u) {
  return posterior_rank(truth, draws, std::vector<double>(draws.size(), 1.0), u);
}

Calibration calibration(std::span<const double> ranks, double inflation) {
  if (ranks.size() < 5 * bins)
    throw std::invalid_argument(fmt::format("{} ranks: at least {} are needed", ranks.size(), 5 * bins));
  Calibration out;
  out.histogram.assign(bins, 0);
  std::int64_t in_50 = 0, in_90 = 0;
  for (const double r : ranks) {
    if (!(r > 0 && r < 1)) throw std::invalid_argument(fmt::format("a rank of {}: it must lie between 0 and 1", r));
    ++out.histogram[std::min(bins - 1, static_cast<std::size_t>(r * sim::real(bins)))];
    in_50 += r > 0.25 && r < 0.75;
    in_90 += r > 0.05 && r < 0.95;
  }
  const auto n = std::ssize(ranks);
  const double expected = sim::real(n) / sim::real(bins);
  for (const std::size_t count : out.histogram) {
    const double gap = sim::real(count) - expected;
    out.chi_square += gap * gap / expected;
  }
  out.p_value = sim::GammaTails(0.5 * sim::real(bins - 1))(0.5 * out.chi_square / inflation).above;
  out.coverage_50 = wilson(in_50, n);
  out.coverage_90 = wilson(in_90, n);
  return out;
}

double predictive_mid_p(std::span<const double> predicted, std::span<const double> weights, double observed) {
  if (predicted.size() != weights.size())
    throw std::invalid_argument(
        fmt::format("{} predictions with {} weights: as many are needed", predicted.size(), weights.size()));
  double sum = 0, below = 0, tied = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    const double y = predicted[i];
    const bool never = !(y == y), observed_never = !(observed == observed);
    sum += weights[i];
    if (never == observed_never && (never || y == observed)) tied += weights[i];
    if (!never && (observed_never || y < observed)) below += weights[i];
  }
  return ratio(below + 0.5 * tied, sum);
}

}  // namespace qantar::analysis
