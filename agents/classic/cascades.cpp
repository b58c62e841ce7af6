#include "agents/classic/cascades.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/numerics.hpp"

namespace qantar::agents::classic {
namespace {

enum Mechanisms : std::uint32_t { ties = 1, start = 2 };
enum EventKinds : std::int32_t { somebody_starts, cascade_is_global, cascade_at_rest };

}  // namespace

Network random_network(std::uint32_t n, double mean_degree, const sim::Draws& draws) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  const double chance = n > 1 ? std::min(1.0, mean_degree / (n - 1.0)) : 0.0;
  const double none = sim::log(1.0 - chance);  // -infinity when everybody sees everybody: every gap is then 0
  for (std::uint32_t i = 1; chance > 0 && i < n; ++i) {
    double j = 0;  // the next one before i who may be tied to him
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
  return static_cast<double>(largest) / n;
}

Cascades::Cascades(CascadeSettings settings) : settings_(std::move(settings)) {
  using enum sim::ValueKind;
  layout_.outcomes = {{"cascade_share", "1", "share of citizens who act in the end", real, {}, {}},
                      {"global_cascade", "1", "whether the cascade became global", flag, {}, {}},
                      {"largest_component", "1", "share of citizens in the largest connected part", real, {}, {}},
                      {"start_degree", "1", "others seen by the one who started", count, {}, {}},
                      {"rounds", "1", "rounds in which somebody joined", count, {}, {}},
                      {"settled", "1", "whether the cascade came to rest within the clock", flag, {}, {}}};
  layout_.parameters = {{"mean_degree", "1", "mean number of others seen on this network", real, {}, {}}};
  layout_.series = {{"acting_share", "1", "share of citizens who act", real, {}, {}}};
  layout_.event_kinds = {"somebody_starts", "cascade_is_global", "cascade_at_rest"};
}

Cascades::World Cascades::make_world(const sim::Draws& draws) const {
  World world;
  const auto n = static_cast<std::uint32_t>(settings_.citizens);
  world.network = random_network(n, settings_.mean_degree, draws);
  world.acts.assign(n, 0);
  world.acting_seen.assign(n, 0);
  world.seed = std::min(n - 1, static_cast<std::uint32_t>(n * draws.uniform(start, 0, 0)));
  world.acts[world.seed] = 1;
  world.joined = {world.seed};
  world.acting = 1;
  world.log.push_back({.time = settings_.clock.start(), .kind = somebody_starts, .value = 1, .causes = {}});
  return world;
}

void Cascades::step(World& world, const sim::Draws&, int step) const {
  if (world.settled) return;
  const Network& network = world.network;
  std::vector<std::uint32_t> touched;
  for (const std::uint32_t i : world.joined)
    for (std::uint32_t k = network.first[i]; k < network.first[i + 1]; ++k) {
      const std::uint32_t j = network.neighbour[k];
      ++world.acting_seen[j];
      if (!world.acts[j]) touched.push_back(j);
    }
  world.joined.clear();
  for (const std::uint32_t j : touched)
    if (!world.acts[j] && world.acting_seen[j] >= settings_.threshold * network.degree(j)) {
      world.acts[j] = 1;
      world.joined.push_back(j);
    }
  const bool was_global = share(world.acting) > settings_.global_share;
  world.acting += std::ssize(world.joined);
  const auto note = [&](EventKinds kind) {
    world.log.push_back({.time = settings_.clock.end_of(step),
                         .kind = kind,
                         .value = static_cast<double>(world.acting),
                         .causes = {static_cast<std::int32_t>(world.log.size()) - 1}});
  };
  if (world.joined.empty()) {
    world.settled = true;
    note(cascade_at_rest);
    return;
  }
  ++world.rounds;
  if (!was_global && share(world.acting) > settings_.global_share) note(cascade_is_global);
}

void Cascades::sample(const World& world, std::span<float> row) const {
  row[0] = static_cast<float>(share(world.acting));
}

void Cascades::observe(const World& world, std::span<double> numbers) const {
  numbers[0] = share(world.acting);
  numbers[1] = numbers[0] > settings_.global_share;
  numbers[2] = largest_component(world.network);
  numbers[3] = world.network.degree(world.seed);
  numbers[4] = world.rounds;
  numbers[5] = world.settled;
}

void Cascades::parameters(const World& world, std::span<double> numbers) const {
  numbers[0] = static_cast<double>(world.network.neighbour.size()) / settings_.citizens;
}

static_assert(sim::Model<Cascades>);

}  // namespace qantar::agents::classic
