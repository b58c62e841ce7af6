// Watts' cascades (2002): on a random network of whom each sees, one who starts may set off everybody, but only when
// people see neither too few others nor too many.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "sim/model.hpp"

namespace qantar::agents::classic {

struct CascadeSettings {
  sim::Clock clock;           ///< one step is one round
  double citizens = 10'000;   ///< on the network
  double mean_degree = 3;     ///< others that one sees, on average; every pair is tied with the same chance
  double threshold = 0.18;    ///< share of those seen that must act before one acts
  double global_share = 0.1;  ///< share of all citizens above which a cascade counts as global
};

/// Who sees whom: the neighbours of i are neighbour[first[i]] to neighbour[first[i + 1] - 1].
struct Network {
  std::vector<std::uint32_t> first, neighbour;
  std::uint32_t size() const { return static_cast<std::uint32_t>(first.size()) - 1; }
  std::uint32_t degree(std::uint32_t i) const { return first[i + 1] - first[i]; }
};

/// A random network in which each pair is tied with probability mean_degree / (n - 1), in time proportional to the
/// number of ties: the gaps between the ties of one citizen are geometric (Batagelj and Brandes 2005).
Network random_network(std::uint32_t n, double mean_degree, const sim::Draws& draws);

/// Share of citizens in the largest connected part.
double largest_component(const Network& network);

/// Everybody looks at the same time: who sees at least the threshold share of neighbours acting acts in the next round,
/// for good. Who sees nobody never does.
class Cascades {
 public:
  struct World {
    Network network;
    std::vector<std::uint8_t> acts;
    std::vector<std::uint32_t> acting_seen;  ///< neighbours who act, by citizen
    std::vector<std::uint32_t> joined;       ///< in the last round
    std::int64_t acting = 0;
    std::uint32_t seed = 0;  ///< who started
    int rounds = 0;          ///< in which somebody joined
    bool settled = false;
    std::vector<sim::LoggedEvent> log;
  };

  explicit Cascades(CascadeSettings settings);

  const sim::Clock& clock() const { return settings_.clock; }
  const sim::RecordLayout& layout() const { return layout_; }
  World make_world(const sim::Draws& draws) const;
  void step(World& world, const sim::Draws& draws, int step) const;
  void sample(const World& world, std::span<float> row) const;
  void observe(const World& world, std::span<double> numbers) const;
  void parameters(const World& world, std::span<double> numbers) const;
  std::vector<sim::LoggedEvent> events(World& world) const { return std::move(world.log); }

 private:
  double share(std::int64_t citizens) const { return static_cast<double>(citizens) / settings_.citizens; }
  CascadeSettings settings_;
  sim::RecordLayout layout_;
};

}  // namespace qantar::agents::classic
