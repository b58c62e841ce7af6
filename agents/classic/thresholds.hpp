// Granovetter's crowd (1978): everybody acts once enough others do. Crowds that are almost the same end quite
// differently, so what a crowd did tells little about what its members wanted.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agents/classic/classic_case.hpp"
#include "sim/model.hpp"

namespace qantar::agents::classic {

/// Where the thresholds come from; all are counted in citizens who act already.
enum class ThresholdSource {
  uniform,  ///< 0, 1, 2, ..., as many as there are citizens
  normal,   ///< normal, with mean and standard deviation in percent of the crowd
  listed    ///< each written down
};

/// Keys, ranges and meanings: `Thresholds::fields`.
struct ThresholdsParameters {
  double citizens = 100;
  ThresholdSource distribution = ThresholdSource::uniform;
  sim::Number mean{25}, deviation{10};
  std::vector<double> listed;
  bool sampled = false;
};

struct ThresholdsWorld {
  ThresholdsParameters p;  ///< the priors drawn
  std::vector<double> threshold;
  std::vector<std::uint8_t> acts;
  std::int64_t acting = 0;
  int rounds = 0;  ///< in which somebody joined
  bool settled = false;
};

/// Everybody looks at the same time: who sees at least as many acting as the own threshold acts in the next round,
/// which is a tick. Safe to share between threads.
class Thresholds : public ClassicModel<Thresholds, ThresholdsParameters> {
 public:
  using World = ThresholdsWorld;
  static constexpr const char* name = "thresholds";
  static const sim::Fields<Parameters>& fields();
  /// Conditions between keys.
  static void check(const Parameters& p, const toml::table& keys, sim::Diagnostics& diagnostics);

  explicit Thresholds(Case<Parameters> c);

  World make_world(const sim::Draws& draws) const;
  void step(World& w, const sim::Draws& draws, int number) const;
  void record_series(const World& w, std::span<float> row) const;
  void record_outcomes(const World& w, std::span<double> out) const;
};

}  // namespace qantar::agents::classic
