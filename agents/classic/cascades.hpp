// Watts' cascades (2002): on a random network of whom each sees, one who starts may set off everybody, but only when
// people see neither too few others nor too many.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agents/classic/classic_case.hpp"
#include "sim/model.hpp"

namespace qantar::agents::classic {

/// Keys, ranges and meanings: `Cascades::fields`.
struct CascadesParameters {
  double citizens = 10'000;
  sim::Number mean_degree{3}, threshold{0.18};
  double global_share = 0.1;
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

struct CascadesWorld {
  CascadesParameters p;  ///< the priors drawn
  Network network;
  std::vector<std::uint8_t> acts;
  std::vector<std::uint32_t> acting_seen;  ///< neighbours who act, by citizen
  std::vector<std::uint32_t> joined;       ///< in the last round
  std::int64_t acting = 0;
  std::uint32_t start = 0;  ///< who started
  int rounds = 0;           ///< in which somebody joined
  bool settled = false;
};

/// Everybody looks at the same time: who sees at least the threshold share of neighbours acting acts in the next round,
/// which is a tick, and for good. Who sees nobody never does. Safe to share between threads.
class Cascades : public ClassicModel<Cascades, CascadesParameters> {
 public:
  using World = CascadesWorld;
  static constexpr const char* name = "cascades";
  static const sim::Fields<Parameters>& fields();
  /// Conditions between keys.
  static void check(const Parameters& p, const toml::table& keys, sim::Diagnostics& diagnostics);

  explicit Cascades(Case<Parameters> c);

  World make_world(const sim::Draws& draws) const;
  void step(World& w, const sim::Draws& draws, int number) const;
  void record_series(const World& w, std::span<float> row) const;
  void record_outcomes(const World& w, std::span<double> out) const;
};

}  // namespace qantar::agents::classic
