#include "agents/classic/cascades.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"

namespace qantar::agents::classic {
namespace {

using World = CascadesWorld;
using Parameters = CascadesParameters;

/// What a draw is for.
enum Luck : std::uint32_t { ties = 2, start };

double share_acting(const World& w) { return sim::real(w.acting) / sim::real(w.acts.size()); }

const std::vector<Reported<World>>& outcomes() {
  using K = sim::ValueKind;
  static const std::vector<Reported<World>> rows{
      reported<World>("cascade_share", "1", K::real, "share of citizens who act in the end", share_acting),
      reported<World>("global_cascade", "1", K::flag, "whether the cascade became global",
                      [](const World& w) -> double { return share_acting(w) > w.p.global_share; }),
      reported<World>("largest_component", "1", K::real, "share of citizens in the largest connected part",
                      [](const World& w) { return largest_component(w.network); }),
      reported<World>("degree", "1", K::real, "mean number of others seen on this network",
                      [](const World& w) { return sim::real(w.network.neighbour.size()) / w.p.citizens; }),
      reported<World>("start_degree", "1", K::count, "others seen by the one who started",
                      [](const World& w) -> double { return w.network.degree(w.start); }),
      reported<World>("rounds", "tick", K::count, "rounds in which somebody joined",
                      [](const World& w) -> double { return w.rounds; }),
      reported<World>("settled", "1", K::flag, "whether the cascade came to rest within the clock",
                      [](const World& w) -> double { return w.settled; })};
  return rows;
}

const std::vector<Reported<World>>& series() {
  static const std::vector<Reported<World>> rows{
      reported<World>("acting_share", "1", sim::ValueKind::real, "share of citizens who act", share_acting)};
  return rows;
}

}  // namespace

Network random_network(std::uint32_t n, double mean_degree, const sim::Draws& draws) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  const double chance = n > 1 ? std::min(1.0, mean_degree / (n - 1.0)) : 0.0;
  const double none = sim::log(1.0 - chance);  // -infinity when everybody sees everybody: every gap is then 0
  for (std::uint32_t i = 1; chance > 0 && i < n; ++i) {
    double j = 0;  // the next one before i who may be tied to i
    for (std::uint32_t slot = 0;; ++slot, ++j) {
      j += std::floor(sim::log(draws.uniform(ties, i, 0, slot)) / none);
      if (j >= i) break;
      pairs.emplace_back(i, static_cast<std::uint32_t>(j));
    }
  }
  Network network;
  network.first.assign(n + 1, 0);
  for (const auto& [a, b] : pairs) {
    ++network.first[a + 1];
    ++network.first[b + 1];
  }
  for (std::uint32_t i = 0; i < n; ++i) network.first[i + 1] += network.first[i];
  network.neighbour.resize(2 * pairs.size());
  std::vector<std::uint32_t> next(network.first.begin(), network.first.end() - 1);
  for (const auto& [a, b] : pairs) {
    network.neighbour[next[a]++] = b;
    network.neighbour[next[b]++] = a;
  }
  return network;
}

double largest_component(const Network& network) {
  const std::uint32_t n = network.size();
  std::vector<std::uint8_t> seen(n, 0);
  std::vector<std::uint32_t> queue;
  std::size_t largest = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (seen[i]) continue;
    seen[i] = 1;
    queue.assign(1, i);
    for (std::size_t at = 0; at < queue.size(); ++at)
      for (std::uint32_t k = network.first[queue[at]]; k < network.first[queue[at] + 1]; ++k)
        if (const std::uint32_t j = network.neighbour[k]; !seen[j]) {
          seen[j] = 1;
          queue.push_back(j);
        }
    largest = std::max(largest, queue.size());
  }
  return sim::real(largest) / n;
}

const sim::Fields<Parameters>& Cascades::fields() {
  using P = Parameters;
  static const auto all = sim::Fields<P>{}
                              .fixed("citizens", &P::citizens, {2, 1e7, "citizen"}, "citizens on the network")
                              .number("mean_degree", &P::mean_degree, {0, 1000, "1"},
                                      "others that one sees, on average; every pair is tied with the same chance", true)
                              .number("threshold", &P::threshold, {0, 1, "1"},
                                      "share of those whom one sees that must act before one acts oneself", true)
                              .fixed("global_share", &P::global_share, {0, 1, "1"},
                                     "share of all citizens above which a cascade counts as global");
  return all;
}

void Cascades::check(const Parameters& p, const toml::table& keys, sim::Diagnostics& diagnostics) {
  const toml::node* node = keys.get("citizens");
  if (p.citizens != std::floor(p.citizens))
    diagnostics.add(sim::place_of(node ? *node : keys), "parameters.citizens", "expected a whole number");
}

Cascades::Cascades(Case<Parameters> c) : ClassicModel(std::move(c), outcomes(), series()) {}

CascadesWorld Cascades::make_world(const sim::Draws& draws) const {
  World w;
  w.p = drawn_parameters(case_, fields(), draws);
  const auto n = static_cast<std::uint32_t>(w.p.citizens);
  w.network = random_network(n, w.p.mean_degree.value, draws);
  w.acts.assign(n, 0);
  w.acting_seen.assign(n, 0);
  w.start = std::min(n - 1, static_cast<std::uint32_t>(n * draws.uniform(start, 0, 0)));
  w.acts[w.start] = 1;
  w.joined = {w.start};
  w.acting = 1;
  return w;
}

void Cascades::step(World& w, const sim::Draws&, int) const {
  if (w.settled) return;
  std::vector<std::uint32_t> reached;
  for (const std::uint32_t i : w.joined)
    for (std::uint32_t k = w.network.first[i]; k < w.network.first[i + 1]; ++k) {
      const std::uint32_t j = w.network.neighbour[k];
      ++w.acting_seen[j];
      if (!w.acts[j]) reached.push_back(j);
    }
  w.joined.clear();
  for (const std::uint32_t j : reached)  // who sees several who joined stands here several times
    if (!w.acts[j] && w.acting_seen[j] >= w.p.threshold.value * w.network.degree(j)) {
      w.acts[j] = 1;
      w.joined.push_back(j);
    }
  w.acting += std::ssize(w.joined);
  w.rounds += !w.joined.empty();
  w.settled = w.joined.empty();
}

void Cascades::record_series(const World& w, std::span<float> row) const {
  report(w, series(), layout_.series, layout_, row);
}
void Cascades::record_outcomes(const World& w, std::span<double> out) const {
  report(w, outcomes(), layout_.outcomes, layout_, out);
}

static_assert(sim::Model<Cascades>);

}  // namespace qantar::agents::classic
