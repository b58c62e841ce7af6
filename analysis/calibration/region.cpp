#include "analysis/calibration/region.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>

#include "analysis/inference/account.hpp"
#include "analysis/statistics/quantile.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"
#include "sim/ordered.hpp"

namespace qantar::analysis {
namespace {

constexpr std::size_t points_of_region = 1000;
constexpr double kept_of_level = 0.25, least_volume = 1e-9, least_progress = 1e-3;
constexpr std::uint32_t moves_of_level = 12;
constexpr double latest_share = 0.95, own_records_kept = 0.99;
constexpr double nowhere = -std::numeric_limits<double>::infinity();

}  // namespace

std::vector<double> quantiles_at(std::span<const double> z) {
  std::vector<double> u;
  for (const double x : z) u.push_back(std::clamp(sim::normal_cdf(x), 0x1p-60, 1.0 - 0x1p-53));
  return u;
}

RowScales::RowScales(std::span<const double> records, const std::vector<double>& documented) : documented_(documented) {
  const std::size_t rows = documented.size();
  for (std::size_t r = 0; r < rows; ++r) {
    std::vector<double> happened;
    for (std::size_t i = r; i < records.size(); i += rows)
      if (records[i] == records[i]) happened.push_back(records[i]);
    const bool always = happened.size() * rows == records.size() && documented[r] == documented[r];
    std::ranges::sort(happened);
    double latest = happened.empty() ? 0.0 : quantile(happened, always ? 1.0 : latest_share);
    if (documented[r] == documented[r]) latest = std::max(latest, documented[r]);
    never_.push_back(latest);
    most_.push_back(always ? std::numeric_limits<double>::infinity() : latest);
    documented_[r] = (*this)(r, documented[r]);
  }
}

Wave::Wave(std::span<const double> u, std::size_t dimension, std::span<const double> records, const RowScales& scales,
           int threads)
    : documented_(scales.documented()) {
  const std::size_t rows = documented_.size(), trials = records.size() / rows;
  std::vector<std::optional<Emulator>> learnt(rows);
  std::vector<std::vector<double>> off(trials, std::vector<double>(rows));  // the model's own records, like the other
  sim::parallel_for(std::ssize(learnt), threads, [&](std::int64_t r) {
    std::vector<double> y;
    for (std::size_t i = r; i < records.size(); i += rows) y.push_back(records[i]);
    learnt[r].emplace(u, dimension, y);
    for (std::size_t i = 0; i < trials; ++i) {
      const Emulated e = learnt[r]->at(u.subspan(i * dimension, dimension));
      const double variance = e.luck_variance + e.mean_variance;
      off[i][r] = variance > 0 ? std::abs(y[i] - e.mean) / std::sqrt(variance) : 0.0;
    }
  });
  for (auto& one : learnt) emulators_.push_back(std::move(*one));
  for (auto& of_trial : off) std::ranges::sort(of_trial, std::greater<>());
  for (std::size_t k = 0; k < rows && (limits_.empty() || limits_.back() > implausibility_cut); ++k) {
    std::vector<double> at_place;
    for (const auto& of_trial : off) at_place.push_back(of_trial[k]);
    std::ranges::sort(at_place);
    limits_.push_back(std::max(implausibility_cut, quantile(at_place, own_records_kept)));
  }
}

std::vector<double> Wave::implausibilities(std::span<const double> u) const {
  std::vector<double> out;
  for (std::size_t r = 0; r < emulators_.size(); ++r) {
    const Emulated e = emulators_[r].at(u);
    const double off = std::abs(documented_[r] - e.mean), variance = e.luck_variance + e.mean_variance;
    out.push_back(off == 0 ? 0.0 : off / std::sqrt(variance));
  }
  return out;
}

double Wave::of_place(std::vector<double> implausibilities) const {
  const auto last = implausibilities.begin() + std::ssize(limits_);
  std::ranges::partial_sort(implausibilities, last, std::greater<>());
  double greatest = 0;
  for (std::size_t k = 0; k < limits_.size(); ++k)
    greatest = std::max(greatest, implausibility_cut * implausibilities[k] / limits_[k]);
  return greatest;
}

Region::Region(std::size_t dimension, std::uint64_t seed)
    : dimension_(dimension), seed_(seed), points_(points_of_region, std::vector<double>(dimension)) {
  constexpr std::uint32_t mechanism = 1;
  for (std::uint32_t p = 0; p < points_.size(); ++p) {
    const sim::Draws draws(proposal_key(seed_, region_stage, p));
    for (std::uint32_t j = 0; j < dimension; ++j) points_[p][j] = draws.normal(mechanism, j, 0);
  }
}

bool Region::holds(std::span<const double> u) const {
  return std::ranges::all_of(waves_, [&](const Wave* wave) { return wave->implausibility(u) <= implausibility_cut; });
}

LogDensity Region::inside(const Wave* beyond, double threshold) const {
  return [this, beyond, threshold](std::span<const double> z) {
    const auto u = quantiles_at(z);
    return (!beyond || beyond->implausibility(u) <= threshold) && holds(u) ? 0.0 : nowhere;
  };
}

void Region::move(std::vector<double>& z, const LogDensity& inside, std::uint32_t stage, std::uint32_t point) const {
  const sim::Draws draws(proposal_key(seed_, stage, point));
  double density = 0;
  for (std::uint32_t step = 0; step < moves_of_level; ++step) slice_step(z, density, inside, draws, step);
}

std::vector<double> Region::draw(std::uint32_t stage, std::uint32_t n) const {
  std::vector<double> z = points_[n % points_.size()];
  move(z, inside(nullptr, 0), stage, n);
  return z;
}

void Region::cut(const Wave& wave, int threads) {
  looked_at_.clear();
  std::vector<double> worst(points_.size());
  double before = std::numeric_limits<double>::infinity();
  while (true) {
    std::vector<std::vector<double>> rows(points_.size());
    sim::parallel_for(std::ssize(points_), threads, [&](std::int64_t p) {
      rows[p] = wave.implausibilities(quantiles_at(points_[p]));
      worst[p] = wave.of_place(rows[p]);
    });
    looked_at_.insert(looked_at_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    nearest_ = *std::ranges::min_element(worst);
    auto sorted = worst;
    std::ranges::sort(sorted);
    const double quarter = quantile(sorted, kept_of_level), threshold = std::max(quarter, implausibility_cut);
    std::vector<std::size_t> kept;
    for (std::size_t p = 0; p < points_.size(); ++p)
      if (worst[p] <= threshold) kept.push_back(p);
    volume_ *= sim::real(kept.size()) / sim::real(points_.size());
    const bool reached = threshold == implausibility_cut, stuck = kept.size() == points_.size();
    if (!reached && (stuck || volume_ < least_volume || quarter > before * (1.0 - least_progress))) {
      empty_ = true;
      return;
    }
    if (reached && kept.size() == points_.size()) break;  // nothing is cut: the points stay where they are
    before = quarter;
    // The first stage of these draws is that of the prior's points.
    const std::uint32_t stage = region_stage + ++levels_;
    std::vector<std::vector<double>> next(points_.size());
    const LogDensity allowed = inside(&wave, threshold);
    sim::parallel_for(std::ssize(next), threads, [&](std::int64_t p) {
      next[p] = points_[kept[p % kept.size()]];
      move(next[p], allowed, stage, static_cast<std::uint32_t>(p));
    });
    points_ = std::move(next);
    if (reached) break;
  }
  waves_.push_back(&wave);
}

}  // namespace qantar::analysis
