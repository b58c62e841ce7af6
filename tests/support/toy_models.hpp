// Models small enough to know exactly. They prove that the engine asks nothing political of a model.
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "sim/draws.hpp"
#include "sim/model.hpp"
#include "sim/trial_result.hpp"

namespace qantar::test {

/// `steps` hours from an arbitrary epoch.
inline sim::Clock toy_clock(int steps) {
  const sim::Instant start = sim::Instant::of(2022, 1, 1, 0, 0, 0, 360);
  return {start, start, {start.seconds + 3600LL * steps, start.offset_minutes}, 1.0};
}

/// Moves up by 1 with probability `up` and down by 1 otherwise, from 0. After n steps (position + n) / 2 is
/// Binomial(n, up).
class BiasedWalk {
 public:
  struct World {
    double up = 0.5;
    int position = 0;
    sim::Hours first_above = sim::never;
    std::vector<sim::LoggedEvent> log;
  };

  explicit BiasedWalk(double up, int steps = 24) : up_(up), clock_(toy_clock(steps)) {
    layout_.outcomes = {{"position", "1", "position after the last step", sim::ValueKind::count, {}, {}},
                        {"first_above", "", "first time above 0", sim::ValueKind::time, {}, {}}};
    layout_.parameters = {{"up", "1", "probability of a step up", sim::ValueKind::real, {}, {}}};
    layout_.series = {{"position", "1", "position", sim::ValueKind::count, {}, {}}};
    layout_.event_kinds = {"first_above"};
  }

  const sim::Clock& clock() const { return clock_; }
  const sim::ResultLayout& layout() const { return layout_; }
  World make_world(const sim::Draws&) const { return {.up = up_, .position = 0, .first_above = sim::never, .log = {}}; }
  void step(World& world, const sim::Draws& draws, int step) const {
    world.position += draws.happens(world.up, mechanism, 0, static_cast<std::uint32_t>(step)) ? 1 : -1;
    if (world.position > 0 && !sim::happened(world.first_above)) {
      world.first_above = clock_.end_of(step);
      world.log.push_back({.time = world.first_above, .kind = 0, .value = 1.0, .causes = {}});
    }
  }
  void record_series(const World& world, std::span<float> row) const { row[0] = static_cast<float>(world.position); }
  void record_outcomes(const World& world, std::span<double> numbers) const {
    numbers[0] = world.position;
    numbers[1] = world.first_above;
  }
  void parameters(const World& world, std::span<double> numbers) const { numbers[0] = world.up; }
  std::vector<sim::LoggedEvent> events(World& world) const { return std::move(world.log); }

 private:
  static constexpr std::uint32_t mechanism = 1;
  double up_;
  sim::Clock clock_;
  sim::ResultLayout layout_;
};
static_assert(sim::Model<BiasedWalk>);

/// `agents` independent machines that break with probability `breaks` a step and are mended with probability
/// `mends`, all working at first. Each is broken after n steps with probability b/(b+m) (1 - (1-b-m)^n).
class Machines {
 public:
  struct World {
    std::vector<std::uint8_t> broken;
  };

  Machines(double breaks, double mends, std::uint32_t agents = 20, int steps = 12)
      : breaks_(breaks), mends_(mends), agents_(agents), clock_(toy_clock(steps)) {
    layout_.outcomes = {{"broken", "1", "machines broken after the last step", sim::ValueKind::count, {}, {}}};
    layout_.series = {{"broken", "1", "machines broken", sim::ValueKind::count, {}, {}}};
  }

  static double broken_probability(double breaks, double mends, int steps) {
    double still = 1;
    for (int i = 0; i < steps; ++i) still *= 1 - breaks - mends;
    return breaks / (breaks + mends) * (1 - still);
  }

  const sim::Clock& clock() const { return clock_; }
  const sim::ResultLayout& layout() const { return layout_; }
  World make_world(const sim::Draws&) const { return {std::vector<std::uint8_t>(agents_, 0)}; }
  void step(World& world, const sim::Draws& draws, int step) const {
    for (std::uint32_t agent = 0; agent < agents_; ++agent) {
      std::uint8_t& broken = world.broken[agent];
      if (draws.happens(broken ? mends_ : breaks_, mechanism, agent, static_cast<std::uint32_t>(step))) broken ^= 1;
    }
  }
  void record_series(const World& world, std::span<float> row) const { row[0] = static_cast<float>(count(world)); }
  void record_outcomes(const World& world, std::span<double> numbers) const { numbers[0] = count(world); }
  void parameters(const World&, std::span<double>) const {}
  std::vector<sim::LoggedEvent> events(World&) const { return {}; }

 private:
  static int count(const World& world) {
    int n = 0;
    for (const auto broken : world.broken) n += broken;
    return n;
  }

  static constexpr std::uint32_t mechanism = 2;
  double breaks_, mends_;
  std::uint32_t agents_;
  sim::Clock clock_;
  sim::ResultLayout layout_;
};
static_assert(sim::Model<Machines>);

/// A biased walk in which every seventh replicate (3, 10, 17, ...) throws at a chosen stage.
class FragileWalk : public BiasedWalk {
 public:
  enum class Where { world, step, observe };
  struct World : BiasedWalk::World {
    bool cracked = false;
  };

  explicit FragileWalk(Where where) : BiasedWalk(0.5), where_(where) {}
  static bool cracks(const sim::TrialKey& key) { return key.replicate % 7 == 3; }

  World make_world(const sim::Draws& draws) const {
    const bool cracked = cracks(draws.trial());
    if (cracked && where_ == Where::world) throw std::runtime_error("no world");
    return {BiasedWalk::make_world(draws), cracked};
  }
  void step(World& world, const sim::Draws& draws, int step) const {
    if (world.cracked && where_ == Where::step && step == 5) throw std::runtime_error("a broken leg");
    BiasedWalk::step(world, draws, step);
  }
  void record_outcomes(const World& world, std::span<double> numbers) const {
    BiasedWalk::record_outcomes(world, numbers);
    if (world.cracked && where_ == Where::observe) throw std::runtime_error("nothing to see");
  }

 private:
  Where where_;
};
static_assert(sim::Model<FragileWalk>);

/// Whether two records agree in every bit, NaN included.
inline bool same_bits(const sim::TrialResult& a, const sim::TrialResult& b) {
  const auto same_double = [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  };
  const auto same_float = [](float x, float y) {
    return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
  };
  const auto same_event = [&](const sim::LoggedEvent& x, const sim::LoggedEvent& y) {
    return same_double(x.time, y.time) && x.kind == y.kind && std::ranges::equal(x.refs, y.refs) &&
           same_double(x.value, y.value) && x.causes == y.causes;
  };
  return a.trial == b.trial && a.hypothesis == b.hypothesis && a.key == b.key && a.status == b.status &&
         a.stage == b.stage && a.message == b.message && std::ranges::equal(a.outcomes, b.outcomes, same_double) &&
         std::ranges::equal(a.parameters, b.parameters, same_double) &&
         std::ranges::equal(a.series, b.series, same_float) && std::ranges::equal(a.events, b.events, same_event);
}

}  // namespace qantar::test
