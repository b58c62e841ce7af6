// The citizens of the crisis model in one place with nothing else going on: all ready, no hardship, no fear, no night,
// no mood, no fatigue, no violence. A test switches on what it wants to see alone.
#pragma once
#include "agents/citizens.hpp"
#include "agents/random_draws.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::test {

struct BareCitizens {
  ScenarioPtr scenario = crisis();
  sim::Draws draws{trial(0)};
  agents::World world = agents::make_world(*scenario, draws);
  agents::PlaceState& place = world.places[1];  ///< the largest
  std::uint32_t citizens;

  explicit BareCitizens(std::uint32_t n) : citizens(n) {
    if (n > place.last - place.first) throw std::invalid_argument("more citizens than the place has");
    auto& p = world.p;
    p.social_pull = p.tie_weight = p.night_cost = p.curfew_cost = p.mood_sd = p.fatigue = p.stand_down = 0;
    p.violence_base = p.violence_force = p.violence_arms = p.violence_vacuum = 0;
    p.awareness_rate = p.shock_awareness = p.shock_grievance = 0;
    world.network = 1;
    for (auto& other : world.places) {
      other.police = 0;
      other.network = 1;
      other.count = {};
      for (auto i = other.first; i < other.last; ++i) world.citizens.status[i] = agents::Status::absent;
    }
    place.pool = n * scenario->head.persons_per_agent;
    for (std::uint32_t i = 0; i < n; ++i) {
      set(i, agents::Status::ready);
      world.citizens.hardship[place.first + i] = world.citizens.risk_aversion[place.first + i] = 0;
    }
  }
  BareCitizens(const BareCitizens&) = delete;
  BareCitizens& operator=(const BareCitizens&) = delete;

  void set(std::uint32_t i, agents::Status status) {
    auto& now = world.citizens.status[place.first + i];
    if (now != agents::Status::absent) --place.count[static_cast<std::size_t>(now)];
    ++place.count[static_cast<std::size_t>(status)];
    now = status;
    place.persons_peaceful = scenario->head.persons_per_agent *
                             static_cast<double>(place.count[static_cast<std::size_t>(agents::Status::peaceful)]);
  }
  float& threshold(std::uint32_t i) { return world.citizens.threshold[place.first + i]; }
  float& risk_aversion(std::uint32_t i) { return world.citizens.risk_aversion[place.first + i]; }
  /// One step of the shipped part.
  void choose() {
    world.now = scenario->clock.begin_of(world.step);
    agents::citizens_choose(world, {draws, world.step});
    ++world.step;
  }
  /// Citizens on the street.
  double out() const { return world.crowd(agents::PlaceId(1)) / scenario->head.persons_per_agent; }
};

}  // namespace qantar::test
