// Granovetter's crowd (1978): everybody acts once enough others do. Crowds that are almost the same end quite
// differently, so what a crowd did tells little about what its members wanted.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "sim/model.hpp"

namespace qantar::agents::classic {

/// Where the thresholds come from; all are counted in citizens who act already.
enum class ThresholdSource {
  listed,   ///< each written down
  uniform,  ///< 0, 1, 2, ..., as many as there are citizens
  normal    ///< normal, with mean and standard deviation in percent of the crowd
};

struct ThresholdSettings {
  sim::Clock clock;       ///< one step is one round
  double citizens = 100;  ///< ignored when thresholds are listed
  ThresholdSource source = ThresholdSource::uniform;
  std::vector<double> listed;
  double mean = 25, deviation = 10;  ///< percent of the crowd
  /// The crowd is sampled from a larger city with this distribution, citizen by citizen; otherwise it has the
  /// distribution exactly, one citizen for each equal share of it.
  bool sampled = false;
};

/// Everybody looks at the same time: who sees at least as many acting as his threshold acts in the next round.
class Thresholds {
 public:
  struct World {
    std::vector<double> threshold;
    std::vector<std::uint8_t> acts;
    std::int64_t acting = 0;
    int rounds = 0;  ///< in which somebody joined
    bool settled = false;
    std::vector<sim::LoggedEvent> log;
  };

  explicit Thresholds(ThresholdSettings settings);

  const sim::Clock& clock() const { return settings_.clock; }
  const sim::RecordLayout& layout() const { return layout_; }
  World make_world(const sim::Draws& draws) const;
  void step(World& world, const sim::Draws& draws, int step) const;
  void sample(const World& world, std::span<float> row) const;
  void observe(const World& world, std::span<double> numbers) const;
  void parameters(const World& world, std::span<double> numbers) const;
  std::vector<sim::LoggedEvent> events(World& world) const { return std::move(world.log); }

 private:
  ThresholdSettings settings_;
  sim::RecordLayout layout_;
};

}  // namespace qantar::agents::classic
