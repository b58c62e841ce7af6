#include "analysis/inference/self_check.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "analysis/inference/order_free.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"
#include "sim/ordered.hpp"

namespace qantar::analysis {
namespace {

constexpr std::uint32_t rank_ties = 1000;  // mechanism of the draws of a record that its errors do not use
constexpr std::size_t fewest_ranks = 100;
constexpr double false_alarms = 0.001;

/// What is found of one record.
struct Found {
  std::vector<double> probability;
  double effective_size = 0;  ///< of the trials of the account that it was simulated from
  std::vector<double> ranks;  ///< of the parameters, and of the fit
};

/// log prior - log proposal of each trial; -infinity where it failed.
std::vector<double> log_ratios(const Trials& trials) {
  return log_weights(trials, [](auto) { return 0.0; });
}

std::vector<std::size_t> first_whole(const Trials& trials, std::size_t count) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < trials.size() && out.size() < count; ++i)
    if (!trials.failed[i]) out.push_back(i);
  return out;
}

class Checker {
 public:
  Checker(std::span<const AccountTrials> accounts, const RecordLaw& law, std::uint64_t seed)
      : accounts_(accounts), law_(law), seed_(seed) {
    for (const auto& a : accounts) ratios_.push_back(log_ratios(a.evidence));
  }

  Found check(std::size_t account, std::size_t trial) const {
    const AccountTrials& truth = accounts_[account];
    const auto draws = record_draws(seed_, truth.luck, RecordsOf::self_check, trial);
    const auto record = law_.sample(truth.prior.outcomes_of(trial), draws);
    Found out;
    std::vector<double> log_evidence, own_fit, own_weight;
    for (std::size_t k = 0; k < accounts_.size(); ++k) {
      auto fit = fits(k, record);
      std::vector<double> logs(fit);
      for (std::size_t i = 0; i < logs.size(); ++i) logs[i] += ratios_[k][i];
      log_evidence.push_back(evidence_estimate(logs, accounts_[k].evidence.failures()).log_evidence);
      if (k != account) continue;
      own_fit = std::move(fit);
      own_weight = normalised(logs);
    }
    out.probability = shares_of_accounts(log_evidence);
    out.effective_size = effective_sample_size(own_weight);
    const Trials& bank = truth.evidence;
    std::vector<double> values(bank.size());
    const auto rank = [&](double at, std::size_t quantity) {
      const double u = draws.uniform(rank_ties, static_cast<std::uint32_t>(quantity), 0);
      out.ranks.push_back(posterior_rank(at, values, own_weight, u));
    };
    for (std::size_t p = 0; p < bank.dimension; ++p) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = bank.z_of(i)[p];
      rank(truth.prior.z_of(trial)[p], p);
    }
    values = std::move(own_fit);
    rank(law_.log_density(record, truth.prior.outcomes_of(trial)), bank.dimension);
    return out;
  }

  /// Evidence of an account for a record that one of its own trials left.
  double own_log_evidence(std::size_t account, std::size_t trial) const {
    const AccountTrials& truth = accounts_[account];
    const auto draws = record_draws(seed_, truth.luck, RecordsOf::self_check, trial);
    return log_evidence(account, law_.sample(truth.prior.outcomes_of(trial), draws));
  }

  double log_evidence(std::size_t account, const std::vector<double>& record) const {
    auto logs = fits(account, record);
    for (std::size_t i = 0; i < logs.size(); ++i) logs[i] += ratios_[account][i];
    return evidence_estimate(logs, accounts_[account].evidence.failures()).log_evidence;
  }

 private:
  std::vector<double> fits(std::size_t account, const std::vector<double>& record) const {
    const Trials& trials = accounts_[account].evidence;
    std::vector<double> out;
    for (std::size_t i = 0; i < trials.size(); ++i)
      out.push_back(trials.failed[i] ? 0.0 : law_.log_density(record, trials.outcomes_of(i)));
    return out;
  }

  std::span<const AccountTrials> accounts_;
  const RecordLaw& law_;
  std::uint64_t seed_;
  std::vector<std::vector<double>> ratios_;  ///< [account][trial]
};

/// Of all records of one account.
ParameterCalibration calibrated(const std::vector<Found>& records) {
  ParameterCalibration out;
  out.records = records.size();
  for (const Found& r : records) out.effective_size += r.effective_size / sim::real(records.size());
  if (records.size() < fewest_ranks) return out;
  out.quantities = records.front().ranks.size();
  const auto quantities = sim::real(out.quantities);
  const double inflation = 1.0 + sim::real(records.size()) / out.effective_size;
  for (std::size_t q = 0; q < out.quantities; ++q) {
    std::vector<double> ranks;
    for (const Found& r : records) ranks.push_back(r.ranks[q]);
    const Calibration c = calibration(ranks, inflation);
    out.smallest_p = std::min(out.smallest_p, c.p_value * quantities);
    out.coverage_50 += c.coverage_50.value / quantities;
    out.coverage_90 += c.coverage_90.value / quantities;
  }
  return out;
}

/// Sequentially (Besag and Clifford 1991): once ten records of an account are as improbable as the documented one, it
/// is known well enough that this one is no surprise.
Surprise surprise_of(const Checker& checker, std::size_t account, const std::vector<std::size_t>& trials,
                     const RecordLaw& law, int threads) {
  constexpr std::size_t enough = 10, batch = 20;
  const double documented = checker.log_evidence(account, law.documented());
  std::size_t as_little = 0;
  std::vector<double> log_evidence(batch);
  for (std::size_t first = 0; first < trials.size(); first += batch) {
    const std::size_t count = std::min(batch, trials.size() - first);
    sim::parallel_for(count, threads, [&](std::int64_t r) {
      const std::size_t i = r;
      log_evidence[i] = checker.own_log_evidence(account, trials[first + i]);
    });
    for (std::size_t i = 0; i < count; ++i) {
      as_little += log_evidence[i] <= documented;
      const std::size_t seen = first + i + 1;
      if (as_little == enough) return {sim::real(enough) / sim::real(seen), seen};
    }
  }
  return {sim::real(1 + as_little) / sim::real(1 + trials.size()), trials.size()};
}

}  // namespace

SelfCheck self_check(std::span<const AccountTrials> accounts, const RecordLaw& law, std::uint64_t seed,
                     const CheckedRecords& records, int threads) {
  const Checker checker(accounts, law, seed);
  const auto number_of_accounts = sim::real(accounts.size());
  SelfCheck out;
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const auto chosen = first_whole(accounts[k].prior, records.judged);
    std::vector<Found> found(chosen.size());
    sim::parallel_for(std::ssize(chosen), threads, [&](std::int64_t r) {
      const std::size_t i = r;
      found[i] = checker.check(k, chosen[i]);
    });
    for (const Found& f : found) out.judged.push_back({k, f.probability, 0});
    auto& c = out.parameters.emplace_back(calibrated(found));
    c.passes = c.smallest_p * number_of_accounts >= false_alarms;
    if (!c.passes)
      out.faults.push_back(
          fmt::format("simulation-based calibration of {} fails: of {} quantities the least uniform has "
                      "p = {:.1e}, corrected for their number",
                      accounts[k].name, c.quantities, c.smallest_p));

    out.surprise.push_back(surprise_of(checker, k, first_whole(accounts[k].prior, records.surprise), law, threads));
  }
  out.overall = confusion(out.judged, accounts.size());
  out.calibration = model_calibration(out.judged, accounts.size());
  return out;
}

}  // namespace qantar::analysis
