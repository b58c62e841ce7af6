#include "agents/classic/thresholds.hpp"

#include <cmath>
#include <utility>

#include "sim/numerics.hpp"

namespace qantar::agents::classic {
namespace {

constexpr std::uint32_t of_citizens = 1;  // mechanism

}  // namespace

Thresholds::Thresholds(ThresholdSettings settings) : settings_(std::move(settings)) {
  if (settings_.source == ThresholdSource::listed) settings_.citizens = static_cast<double>(settings_.listed.size());
  using enum sim::ValueKind;
  layout_.outcomes = {{"acting", "1", "citizens who act in the end", count, {}, {}},
                      {"acting_share", "1", "share of the crowd that acts in the end", real, {}, {}},
                      {"rounds", "1", "rounds in which somebody joined", count, {}, {}},
                      {"settled", "1", "whether the crowd came to rest within the clock", flag, {}, {}}};
  layout_.parameters = {{"mean_threshold", "1", "mean threshold of this crowd, in citizens", real, {}, {}}};
  layout_.series = {{"acting", "1", "citizens who act", count, {}, {}}};
  layout_.event_kinds = {"somebody_starts", "everybody_acts", "crowd_at_rest"};
}

Thresholds::World Thresholds::make_world(const sim::Draws& draws) const {
  World world;
  if (settings_.source == ThresholdSource::listed) {
    world.threshold = settings_.listed;
  } else {
    const auto n = static_cast<std::uint32_t>(settings_.citizens);
    for (std::uint32_t i = 0; i < n; ++i) {
      const double u = settings_.sampled ? draws.uniform(of_citizens, i, 0) : (i + 0.5) / n;
      world.threshold.push_back(settings_.source == ThresholdSource::uniform
                                    ? std::floor(n * u)
                                    : n * (settings_.mean + settings_.deviation * sim::normal_quantile(u)) / 100.0);
    }
  }
  world.acts.assign(world.threshold.size(), 0);
  return world;
}

void Thresholds::step(World& world, const sim::Draws&, int step) const {
  if (world.settled) return;
  const auto seen = static_cast<double>(world.acting);
  for (std::size_t i = 0; i < world.acts.size(); ++i) {
    const bool joins = world.acts[i] == 0 && seen >= world.threshold[i];
    world.acts[i] |= static_cast<std::uint8_t>(joins);
    world.acting += joins;
  }
  const auto acting = static_cast<double>(world.acting);
  const auto note = [&](int kind) {
    std::vector<std::int32_t> causes;
    if (!world.log.empty()) causes.push_back(static_cast<std::int32_t>(world.log.size()) - 1);
    world.log.push_back(
        {.time = settings_.clock.end_of(step), .kind = kind, .value = acting, .causes = std::move(causes)});
  };
  if (acting == seen) {
    world.settled = true;
    note(2);
    return;
  }
  if (world.rounds++ == 0) note(0);
  if (world.acting == std::ssize(world.acts)) note(1);
}

void Thresholds::sample(const World& world, std::span<float> row) const { row[0] = static_cast<float>(world.acting); }

void Thresholds::observe(const World& world, std::span<double> numbers) const {
  numbers[0] = static_cast<double>(world.acting);
  numbers[1] = numbers[0] / static_cast<double>(world.acts.size());
  numbers[2] = world.rounds;
  numbers[3] = world.settled;
}

void Thresholds::parameters(const World& world, std::span<double> numbers) const {
  double sum = 0;
  for (const double t : world.threshold) sum += t;
  numbers[0] = sum / static_cast<double>(world.threshold.size());
}

static_assert(sim::Model<Thresholds>);

}  // namespace qantar::agents::classic
