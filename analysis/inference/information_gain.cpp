#include "analysis/inference/information_gain.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/inference/order_free.hpp"
#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

constexpr std::size_t most_cells = 8, jackknife_blocks = 20;

/// Upper ends of the cells, ascending; the last cell has none.
std::vector<double> cell_ends(const Observable& o, std::span<const std::vector<double>> weights,
                              std::span<const double> probability) {
  std::vector<std::pair<double, double>> all;
  for (std::size_t k = 0; k < o.values.size(); ++k) {
    double sum = 0;
    for (const double w : weights[k]) sum += w;
    for (std::size_t i = 0; i < o.values[k].size(); ++i)
      if (const double x = o.values[k][i]; x == x && weights[k][i] > 0 && probability[k] > 0) {
        all.emplace_back(x, probability[k] * weights[k][i] / sum);
      }
  }
  std::ranges::sort(all);
  double total = 0;
  for (const auto& [x, weight] : all) total += weight;
  std::vector<double> ends;
  double below = 0;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    below += all[i].second;
    const double due = total * sim::real(ends.size() + 1) / sim::real(most_cells);
    if (below >= due && all[i].first < all[i + 1].first && ends.size() + 1 < most_cells) ends.push_back(all[i].first);
  }
  return ends;
}

/// Sums of weights and squared weights: [account][block][cell].
struct Cells {
  std::size_t accounts = 0, cells = 0;
  std::vector<double> weight, square;

  std::size_t at(std::size_t account, std::size_t block, std::size_t cell) const {
    return (account * jackknife_blocks + block) * cells + cell;
  }
};

/// Mutual information with its bias taken off; the block `left_out` does not count.
double gain(const Cells& c, std::span<const double> probability, std::size_t left_out) {
  std::vector<std::vector<double>> pooled(c.cells), variance(c.cells);  // [cell], a term for each account
  std::vector<double> within, bias;
  for (std::size_t k = 0; k < c.accounts; ++k) {
    std::vector<double> share(c.cells, 0.0);
    double sum = 0, squares = 0;
    for (std::size_t b = 0; b < jackknife_blocks; ++b)
      for (std::size_t cell = 0; cell < c.cells && b != left_out; ++cell) {
        share[cell] += c.weight[c.at(k, b, cell)];
        sum += c.weight[c.at(k, b, cell)];
        squares += c.square[c.at(k, b, cell)];
      }
    const double size = sum * sum / squares;
    for (std::size_t cell = 0; cell < c.cells; ++cell) {
      const double p = share[cell] / sum;
      if (!(p > 0)) continue;
      pooled[cell].push_back(probability[k] * p);
      variance[cell].push_back(probability[k] * probability[k] * p * (1.0 - p) / size);
      within.push_back(-probability[k] * p * sim::log(p));
      bias.push_back(0.5 * probability[k] * (1.0 - p) / size);  // the entropy within comes out too low
    }
  }
  std::vector<double> total;
  for (std::size_t cell = 0; cell < c.cells; ++cell)
    if (const double share = order_free_sum(std::move(pooled[cell])); share > 0) {
      total.push_back(-share * sim::log(share));
      bias.push_back(-0.5 * order_free_sum(std::move(variance[cell])) / share);
    }
  return order_free_sum(std::move(total)) - order_free_sum(std::move(within)) - order_free_sum(std::move(bias));
}

}  // namespace

std::vector<InformationGain> information_gain(std::span<const Observable> observables,
                                              std::span<const std::vector<double>> weights,
                                              std::span<const double> probability) {
  const std::size_t accounts = probability.size();
  if (weights.size() != accounts)
    throw std::invalid_argument(fmt::format("weights of {} accounts where there are {}", weights.size(), accounts));
  for (std::size_t k = 0; k < accounts; ++k) {
    std::vector<char> has(jackknife_blocks, 0);
    for (std::size_t i = 0; i < weights[k].size(); ++i)
      if (weights[k][i] > 0) has[i % jackknife_blocks] = 1;
    // Leaving out one block must leave something.
    if (std::ranges::count(has, 1) < 2)
      throw std::invalid_argument(fmt::format("account {} has no weight to speak of: run more trials", k));
  }
  std::vector<InformationGain> out;
  for (std::size_t n = 0; n < observables.size(); ++n) {
    const Observable& o = observables[n];
    bool fits = o.values.size() == accounts;
    for (std::size_t k = 0; fits && k < accounts; ++k) fits = o.values[k].size() == weights[k].size();
    if (!fits)
      throw std::invalid_argument(
          fmt::format("observable {}: one value is needed for each trial of {} accounts", o.name, accounts));
    const auto ends = cell_ends(o, weights, probability);
    Cells c{accounts, ends.size() + 2, {}, {}};
    c.weight.assign(accounts * jackknife_blocks * c.cells, 0.0);
    c.square = c.weight;
    for (std::size_t k = 0; k < accounts; ++k)
      for (std::size_t i = 0; i < weights[k].size(); ++i) {
        const double x = o.values[k][i], w = weights[k][i];
        const auto cell =
            x == x ? static_cast<std::size_t>(std::ranges::lower_bound(ends, x) - ends.begin()) : ends.size() + 1;
        c.weight[c.at(k, i % jackknife_blocks, cell)] += w;
        c.square[c.at(k, i % jackknife_blocks, cell)] += w * w;
      }
    const double value = gain(c, probability, jackknife_blocks);
    double mean = 0, squares = 0;
    std::vector<double> without;
    for (std::size_t b = 0; b < jackknife_blocks; ++b) {
      without.push_back(gain(c, probability, b));
      mean += without.back() / sim::real(jackknife_blocks);
    }
    for (const double x : without) squares += (x - mean) * (x - mean);
    const auto m = sim::real(jackknife_blocks);
    const double half = normal_975 * std::sqrt((m - 1.0) / m * squares);
    out.push_back({o.name, n, {value, value - half, value + half}});
  }
  std::ranges::sort(out, {}, [](const InformationGain& g) { return std::pair(-g.nats.value, g.name); });
  return out;
}

}  // namespace qantar::analysis
