#include "agents/classic/global_game.hpp"

#include <cmath>
#include <utility>

#include "sim/numerics.hpp"

namespace qantar::agents::classic {
namespace {

enum Mechanisms : std::uint32_t { of_regime = 1, of_players = 2 };
enum EventKinds : std::int32_t { attack, regime_falls };

}  // namespace

double falls_below(const GlobalGame& game, double signal) {
  // The same equation as x = theta + Phi^-1(theta) / sqrt(b), which rises in theta: there is exactly one solution.
  const double blur = 1.0 / std::sqrt(game.private_precision);
  double low = 0, high = 1;
  for (int i = 0; i < 60; ++i) {
    const double theta = 0.5 * (low + high);
    (theta + blur * sim::normal_quantile(theta) <= signal ? low : high) = theta;
  }
  return 0.5 * (low + high);
}

double attack_below(const GlobalGame& game, double strength) {
  const double a = game.public_precision, b = game.private_precision;
  return ((a + b) * strength - a * game.public_signal - std::sqrt(a + b) * sim::normal_quantile(game.cost)) / b;
}

GlobalGameModel::GlobalGameModel(GlobalGameSettings settings) : settings_(std::move(settings)) {
  using enum sim::ValueKind;
  layout_.outcomes = {
      {"attacking_share", "1", "share of players who attack", real, {}, {}},
      {"fell", "1", "whether the regime falls", flag, {}, {}},
      {"attack_below", "1", "signal below which players attack", real, {}, {}},
      {"falls_below", "1", "strength below which the regime falls, when there are many players", real, {}, {}}};
  layout_.parameters = {{"strength", "1", "strength of the regime", real, {}, {}}};
  layout_.series = {{"attacking_share", "1", "share of players who would attack after this round", real, {}, {}}};
  layout_.event_kinds = {"attack", "regime_falls"};
}

GlobalGameModel::World GlobalGameModel::make_world(const sim::Draws& draws) const {
  const GlobalGame& game = settings_.game;
  World world;
  world.strength = game.public_signal + draws.normal(of_regime, 0, 0) / std::sqrt(game.public_precision);
  const double blur = 1.0 / std::sqrt(game.private_precision);
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(settings_.players); ++i)
    world.signal.push_back(world.strength + blur * draws.normal(of_players, i, 0));
  world.falls_below = settings_.first_guess == FirstGuess::everybody_attacks ? 1.0 : 0.0;
  return world;
}

void GlobalGameModel::step(World& world, const sim::Draws&, int step) const {
  const double cut_off = attack_below(settings_.game, world.falls_below);
  if (step == 0 || cut_off != world.attack_below) {  // otherwise nobody has learnt anything new
    world.attack_below = cut_off;
    world.falls_below = falls_below(settings_.game, cut_off);
    world.attackers = 0;
    for (const double signal : world.signal) world.attackers += signal < cut_off;
  }
  if (step + 1 < settings_.clock.steps()) return;
  const auto note = [&](EventKinds kind, std::vector<std::int32_t> causes) {
    world.log.push_back({.time = settings_.clock.end_of(step),
                         .kind = kind,
                         .value = static_cast<double>(world.attackers),
                         .causes = std::move(causes)});
  };
  if (world.attackers > 0) note(attack, {});
  if (share(world) >= world.strength)
    note(regime_falls, world.log.empty() ? std::vector<std::int32_t>{} : std::vector{0});
}

void GlobalGameModel::sample(const World& world, std::span<float> row) const {
  row[0] = static_cast<float>(share(world));
}

void GlobalGameModel::observe(const World& world, std::span<double> numbers) const {
  numbers[0] = share(world);
  numbers[1] = share(world) >= world.strength;
  numbers[2] = world.attack_below;
  numbers[3] = world.falls_below;
}

void GlobalGameModel::parameters(const World& world, std::span<double> numbers) const { numbers[0] = world.strength; }

static_assert(sim::Model<GlobalGameModel>);

}  // namespace qantar::agents::classic
