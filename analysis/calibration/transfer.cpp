#include "analysis/calibration/transfer.hpp"

#include <algorithm>

#include "analysis/calibration/calibration.hpp"
#include "analysis/calibration/chains.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"
#include "sim/ordered.hpp"

namespace qantar::analysis {
namespace {

constexpr std::uint32_t burn_in = 500, steps_per_draw = 4;

double log_density(const Lesson& lesson, std::span<const double> shared) {
  std::vector<double> logs, u;
  for (std::size_t k = 0; k < lesson.accounts.size(); ++k) {
    u.clear();
    for (const std::size_t place : lesson.place[k]) u.push_back(place == Lesson::unused ? 0.5 : shared[place]);
    logs.push_back(lesson.accounts[k].log_density(u));
  }
  const double top = std::ranges::max(logs);
  double sum = 0;
  for (const double x : logs) sum += sim::exp(x - top);
  return top + sim::log(sum / sim::real(logs.size()));
}

}  // namespace

Learnt learn(const std::vector<Lesson>& lessons, std::size_t dimension, std::uint64_t seed, std::size_t draws,
             int threads) {
  const LogDensity target = [&](std::span<const double> z) {
    const auto u = quantiles_at(z);
    double sum = 0;
    for (const auto& lesson : lessons) sum += log_density(lesson, u);
    return sum;
  };
  const std::size_t each = (draws + chains_of_calibration - 1) / chains_of_calibration;
  Learnt out;
  out.draws.resize(each * chains_of_calibration);
  sim::parallel_for(chains_of_calibration, threads, [&](std::int64_t chain) {
    constexpr std::uint32_t start = 1;
    const sim::Draws luck(proposal_key(seed, chain_stage, static_cast<std::uint32_t>(chain)));
    std::vector<double> z;
    for (std::uint32_t j = 0; j < dimension; ++j) z.push_back(luck.normal(start, j, 0));
    double density = target(z);
    std::uint32_t step = 0;
    for (; step < burn_in; ++step) slice_step(z, density, target, luck, step);
    for (std::size_t n = 0; n < each; ++n) {
      for (std::uint32_t s = 0; s < steps_per_draw; ++s) slice_step(z, density, target, luck, step++);
      out.draws[chain * each + n] = quantiles_at(z);
    }
  });
  for (std::size_t j = 0; j < dimension; ++j) {
    std::vector<double> of;
    for (const auto& draw : out.draws) of.push_back(draw[j]);
    out.r_hat = std::max(out.r_hat, chain_diagnostics(of, each).r_hat);
  }
  return out;
}

}  // namespace qantar::analysis
