#include "agents/classic/global_game.hpp"

#include <cmath>
#include <utility>

#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"

namespace qantar::agents::classic {
namespace {

using World = GlobalGamesWorld;
using Parameters = GlobalGamesParameters;

/// What a draw is for.
enum Luck : std::uint32_t { of_regime = 2, of_player };

double share_attacking(const World& w) { return sim::real(w.attackers) / sim::real(w.signal.size()); }

const std::vector<Reported<World>>& outcomes() {
  using K = sim::ValueKind;
  static const std::vector<Reported<World>> rows{
      reported<World>("strength", "1", K::real, "strength of the regime: the share of attackers that topples it",
                      [](const World& w) { return w.strength; }),
      reported<World>("attacking_share", "1", K::real, "share of players who attack", share_attacking),
      reported<World>("fell", "1", K::flag, "whether the regime falls",
                      [](const World& w) -> double { return share_attacking(w) >= w.strength; }),
      reported<World>("attack_below", "1", K::real, "signal below which players attack",
                      [](const World& w) { return w.attack_below; }),
      reported<World>("falls_below", "1", K::real, "strength below which a regime with many players falls",
                      [](const World& w) { return w.falls_below; })};
  return rows;
}

const std::vector<Reported<World>>& series() {
  static const std::vector<Reported<World>> rows{reported<World>("attacking_share_now", "1", sim::ValueKind::real,
                                                                 "share of players who would attack after this round",
                                                                 share_attacking)};
  return rows;
}

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

const sim::Fields<Parameters>& GlobalGames::fields() {
  using P = Parameters;
  static const auto all =
      sim::Fields<P>{}
          .number("cost", &P::cost, {0.001, 0.999, "1"}, "cost of an attack, as a share of what a success brings", true)
          .number("public_signal", &P::public_signal, {-10, 10, "1"},
                  "what everybody knows of the regime's strength: its mean", true)
          .number("public_precision", &P::public_precision, {1e-6, 1e6, "1"}, "one over the variance of strength", true)
          .number("private_precision", &P::private_precision, {1e-6, 1e6, "1"},
                  "one over the variance of what each sees of the strength", true)
          .fixed("players", &P::players, {1, 1e7, "citizen"}, "players")
          .choice("first_guess", &P::first_guess, {"nobody_attacks", "everybody_attacks"},
                  "where players begin to reason about each other");
  return all;
}

void GlobalGames::check(const Parameters& p, const toml::table& keys, sim::Diagnostics& diagnostics) {
  const toml::node* node = keys.get("players");
  if (p.players != std::floor(p.players))
    diagnostics.add(sim::place_of(node ? *node : keys), "parameters.players", "expected a whole number");
}

GlobalGames::GlobalGames(Case<Parameters> c) : ClassicModel(std::move(c), outcomes(), series()) {}

GlobalGamesWorld GlobalGames::make_world(const sim::Draws& draws) const {
  World w;
  w.p = drawn_parameters(case_, fields(), draws);
  w.game = {w.p.cost.value, w.p.public_signal.value, w.p.public_precision.value, w.p.private_precision.value};
  w.strength = w.game.public_signal + draws.normal(of_regime, 0, 0) / std::sqrt(w.game.public_precision);
  const double blur = 1.0 / std::sqrt(w.game.private_precision);
  for (std::uint32_t i = 0; i < w.p.players; ++i) w.signal.push_back(w.strength + blur * draws.normal(of_player, i, 0));
  w.falls_below = w.p.first_guess == FirstGuess::everybody_attacks ? 1.0 : 0.0;
  return w;
}

void GlobalGames::step(World& w, const sim::Draws&, int number) const {
  const double cut_off = attack_below(w.game, w.falls_below);
  if (number > 0 && cut_off == w.attack_below) return;  // nobody has learnt anything new
  w.attack_below = cut_off;
  w.falls_below = falls_below(w.game, cut_off);
  w.attackers = 0;
  for (const double signal : w.signal) w.attackers += signal < cut_off;
}

void GlobalGames::record_series(const World& w, std::span<float> row) const {
  report(w, series(), layout_.series, layout_, row);
}
void GlobalGames::record_outcomes(const World& w, std::span<double> out) const {
  report(w, outcomes(), layout_.outcomes, layout_, out);
}

static_assert(sim::Model<GlobalGames>);

}  // namespace qantar::agents::classic
