#include "analysis/calibration/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "analysis/calibration/chains.hpp"
#include "analysis/calibration/synthetic_likelihood.hpp"
#include "analysis/statistics/quantile.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"
#include "sim/ordered.hpp"

namespace qantar::analysis {
namespace {

constexpr std::int64_t fewest_trials = 100, batch = 500;
constexpr double greatest_failed = 0.1;
constexpr double worth_another_wave = 0.9;  // of the volume before
constexpr double usual_distance = 0.99;     // of the model's own records
constexpr double counted_at_most = 10;      // of an implausibility, where these are averaged
constexpr std::size_t contradictions_shown = 20;
constexpr std::uint32_t burn_in = 500, steps_per_draw = 3;

// Draws [chain][draw][parameter], of quantiles. Parameters that no row depends on come from their priors, without a
// chain.
std::vector<double> chains(const Region& region, const SyntheticLikelihood& likelihood,
                           const std::vector<std::size_t>& active, std::uint64_t seed, std::size_t length,
                           int threads) {
  constexpr std::uint32_t idle = 1;
  const std::size_t d = region.dimension();
  std::vector<double> out(chains_of_calibration * length * d);
  const auto put = [&](std::span<const double> z, std::span<double> u) {
    const auto quantiles = quantiles_at(z);
    for (std::size_t k = 0; k < active.size(); ++k) u[active[k]] = quantiles[k];
  };
  const LogDensity target = [&](std::span<const double> z) {
    std::vector<double> u(d, 0.5);
    put(z, u);
    return region.holds(u) ? likelihood.log_density(u) : -std::numeric_limits<double>::infinity();
  };
  sim::parallel_for(chains_of_calibration, threads, [&](std::int64_t chain) {
    const sim::Draws draws(proposal_key(seed, chain_stage, static_cast<std::uint32_t>(chain)));
    std::vector<double> z;
    for (const std::size_t j : active) z.push_back(region.points()[chain][j]);
    double density = target(z);
    for (std::uint32_t step = 0; step < burn_in; ++step) slice_step(z, density, target, draws, step);
    for (std::uint32_t n = 0; n < length; ++n) {
      for (std::uint32_t s = 0; s < steps_per_draw; ++s)
        slice_step(z, density, target, draws, burn_in + n * steps_per_draw + s);
      const auto u = std::span(out).subspan((chain * length + n) * d, d);
      for (std::uint32_t j = 0; j < d; ++j) u[j] = draws.uniform(idle, j, n);
      put(z, u);
    }
  });
  return out;
}

std::vector<Contradiction> contradictions_in(const std::vector<std::vector<double>>& looked_at, const RecordLaw& law,
                                             const std::vector<double>& least) {
  std::vector<Contradiction> out;
  for (std::size_t a = 0; a < least.size(); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      if (least[a] > implausibility_cut || least[b] > implausibility_cut) continue;
      double both = std::numeric_limits<double>::infinity();
      for (const auto& place : looked_at) both = std::min(both, std::max(place[a], place[b]));
      if (both > implausibility_cut) out.push_back({law.name(b), law.name(a), both});
    }
  std::ranges::stable_sort(out, std::greater<>(), &Contradiction::least);
  if (out.size() > contradictions_shown) out.resize(contradictions_shown);
  return out;
}

}  // namespace

std::int64_t CalibrationTrials::done() const {
  std::int64_t sum = 0;
  for (const auto& wave : waves) sum += std::ssize(wave.failed);
  return sum;
}

Calibrator::Calibrator(const Account& account, const RecordLaw& law, const CalibrationSettings& settings,
                       CalibrationTrials so_far)
    : account_(account),
      law_(law),
      settings_(settings),
      seed_(account_seed(settings.seed, account.luck())),
      region_(account.dimension(), seed_) {
  if (account.dimension() == 0)
    throw std::invalid_argument(
        fmt::format("account {}: every number is fixed, so there is nothing to calibrate: give "
                    "some of them priors",
                    account.name));
  if (settings.trials < fewest_trials)
    throw std::invalid_argument(fmt::format("{} trials a wave: give {} or more", settings.trials, fewest_trials));
  for (auto& wave : so_far.waves) {
    if (finished_ || wave.dimension != account.dimension() || std::ssize(wave.failed) > settings.trials)
      throw std::invalid_argument(fmt::format("account {}: its trials are those of another calibration", account.name));
    trials_.waves.push_back(std::move(wave));
    if (std::ssize(trials_.waves.back().failed) == settings.trials) learn();
  }
  trials_.name = account.name;
  trials_.luck = account.luck();
}

bool Calibrator::advance() {
  if (finished_) return false;
  if (trials_.waves.size() == waves_.size()) trials_.waves.emplace_back();
  Trials& wave = trials_.waves.back();
  const auto number = static_cast<std::uint32_t>(waves_.size());
  const auto places = [&](std::uint32_t trial) {
    std::vector<double> z(account_.dimension());
    if (number == 0) {
      const sim::Draws draws(proposal_key(seed_, place_stage, trial));
      for (std::uint32_t j = 0; j < z.size(); ++j) z[j] = draws.normal(1, j, 0);
    } else {
      z = region_.draw(place_stage + number, trial);
    }
    return std::pair{std::move(z), 0.0};
  };
  const std::int64_t done = std::ssize(wave.failed);
  append(wave, detail::run_stage(
                   account_, places,
                   {seed_, wave_stage + number, done, std::min(done + batch, settings_.trials), settings_.threads}));
  if (std::ssize(wave.failed) == settings_.trials) learn();
  return !finished_;
}

std::vector<double> Calibrator::record_of(std::size_t wave, std::size_t trial) const {
  const sim::Draws errors(
      proposal_key(seed_, wave_stage + static_cast<std::uint32_t>(wave), static_cast<std::uint32_t>(trial)));
  return law_.sample(trials_.waves[wave].outcomes_of(trial), errors);
}

void Calibrator::learn() {
  const std::size_t now = waves_.size(), rows = law_.size();
  WaveFinding& finding = findings_.emplace_back();
  const Trials& run = trials_.waves[now];
  finding.trials = std::ssize(run.failed);
  finding.failed = static_cast<std::int64_t>(run.failures());
  if (sim::real(finding.failed) > greatest_failed * sim::real(finding.trials))
    throw std::invalid_argument(fmt::format("account {}: {} of {} trials failed, the first one with: {}", account_.name,
                                            finding.failed, finding.trials, run.first_failure));
  std::vector<double> u, records;
  std::int64_t surprises = 0, foreseen = 0;
  for (std::size_t w = 0; w <= now; ++w)
    for (std::size_t i = 0; i < trials_.waves[w].size(); ++i) {
      if (trials_.waves[w].failed[i]) continue;
      const auto place = quantiles_at(trials_.waves[w].z_of(i));
      if (!region_.holds(place)) continue;
      auto record = record_of(w, i);
      if (scales_)
        for (std::size_t r = 0; r < rows; ++r) record[r] = (*scales_)(r, record[r]);
      if (w == now && now > 0)
        for (std::size_t r = 0; r < rows; ++r) {
          const Emulated e = waves_.back().emulators()[r].at(place);
          const double sd = std::sqrt(e.luck_variance + e.mean_variance);
          surprises += std::abs(record[r] - e.mean) > implausibility_cut * sd;
          ++foreseen;
        }
      u.insert(u.end(), place.begin(), place.end());
      records.insert(records.end(), record.begin(), record.end());
    }
  if (!scales_) {
    scales_ = std::make_unique<RowScales>(records, law_.documented());
    for (std::size_t i = 0; i < records.size(); ++i) records[i] = (*scales_)(i % rows, records[i]);
  }
  finding.surprises = sim::real(surprises) / sim::real(foreseen);  // 0 / 0 for the first
  finding.learnt_from = std::ssize(records) / std::ssize(law_.documented());
  waves_.emplace_back(u, account_.dimension(), records, *scales_, settings_.threads);
  finding.exempt = waves_.back().exempt();
  const double volume_before = region_.volume();
  if (now == 0) {
    before_.assign(rows, 0.0);
    for (const auto& z : region_.points()) {
      const auto off = waves_.back().implausibilities(quantiles_at(z));
      for (std::size_t r = 0; r < rows; ++r)
        before_[r] += std::min(off[r], counted_at_most) / sim::real(region_.points().size());
    }
  }
  region_.cut(waves_.back(), settings_.threads);
  finding.volume = region_.volume();
  learnt_u_ = std::move(u);
  learnt_records_ = std::move(records);
  finished_ = region_.empty() || waves_.size() == most_waves || finding.volume > worth_another_wave * volume_before;
}

SyntheticLikelihood Calibrator::likelihood() const {
  return {waves_.back(), law_, scales_->documented(), learnt_u_, account_.dimension(), learnt_records_};
}

std::vector<std::size_t> Calibrator::active() const {
  std::set<std::size_t> active;
  for (const auto& wave : waves_)
    for (const auto& emulator : wave.emulators())
      for (const std::size_t input : emulator.active()) active.insert(input);
  return {active.begin(), active.end()};
}

CalibrationResult Calibrator::result() const {
  CalibrationResult out;
  out.waves = findings_;
  out.none = region_.empty();
  out.nearest = region_.nearest();
  const std::size_t rows = law_.size(), d = account_.dimension();
  std::vector<double> least(rows, std::numeric_limits<double>::infinity());
  for (const auto& place : region_.looked_at())
    for (std::size_t r = 0; r < rows; ++r) least[r] = std::min(least[r], place[r]);
  for (std::size_t r = 0; r < rows; ++r) out.rows.push_back({law_.name(r), least[r], before_[r]});
  std::ranges::stable_sort(out.rows, std::greater<>(), &RowFinding::least);
  out.contradictions = contradictions_in(region_.looked_at(), law_, least);
  out.active = active();
  if (out.none) return out;

  SyntheticLikelihood likelihood = this->likelihood();
  out.draws = settings_.draws;
  auto drawn = chains(region_, likelihood, out.active, seed_, out.draws, settings_.threads);
  double distance = 0;
  const std::size_t total = chains_of_calibration * out.draws;
  for (std::size_t n = 0; n < total; ++n)
    distance += likelihood.distance(std::span(drawn).subspan(n * d, d)) / sim::real(total);
  const auto& own = likelihood.own_distances();
  if (distance > quantile(own, usual_distance)) {
    const double mean = std::accumulate(own.begin(), own.end(), 0.0) / sim::real(own.size());
    out.discrepancy = std::sqrt(distance / mean);
    likelihood.widen(out.discrepancy);
    drawn = chains(region_, likelihood, out.active, seed_, out.draws, settings_.threads);
  }
  out.quantile.resize(drawn.size());
  for (std::size_t n = 0; n < total; ++n)
    for (std::size_t j = 0; j < d; ++j) out.quantile[j * total + n] = drawn[n * d + j];
  std::size_t next = 0;
  for (const auto& prior : account_.priors.all()) {
    if (prior.distribution.is_fixed()) continue;
    const std::span<const double> of = std::span(out.quantile).subspan(next++ * total, total);
    std::vector<double> sorted(of.begin(), of.end());
    std::ranges::sort(sorted);
    const double mean = std::accumulate(of.begin(), of.end(), 0.0) / sim::real(total);
    double variance = 0;
    for (const double x : of) variance += (x - mean) * (x - mean) / sim::real(total);
    const auto diagnostics = chain_diagnostics(of, out.draws);
    out.parameters.push_back({prior.name, quantile(sorted, 0.05), quantile(sorted, 0.5), quantile(sorted, 0.95),
                              1.0 - std::sqrt(12.0 * variance), diagnostics.r_hat, diagnostics.effective});
  }
  return out;
}

bool same_again(const Account& account, const CalibrationTrials& run, std::size_t wave, std::size_t trial,
                std::uint64_t seed) {
  const auto stored = run.waves[wave].outcomes_of(trial);
  const auto outcomes =
      account.outcomes(trial_key(account_seed(seed, run.luck), wave_stage + static_cast<std::uint32_t>(wave),
                                 static_cast<std::uint32_t>(trial)),
                       account.assigned(run.waves[wave].z_of(trial)));
  return outcomes.size() == stored.size() && std::memcmp(outcomes.data(), stored.data(), stored.size_bytes()) == 0;
}

CalibrationResult calibrate(const Account& account, const RecordLaw& law, const CalibrationSettings& settings) {
  Calibrator calibrator(account, law, settings);
  while (calibrator.advance()) {
  }
  return calibrator.result();
}

}  // namespace qantar::analysis
