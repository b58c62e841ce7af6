// A global game of regime change (Morris and Shin 2003; Angeletos, Hellwig and Pavan 2007): each sees the strength of
// the regime through a blurred glass and must guess what the others will do.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agents/classic/classic_case.hpp"
#include "sim/model.hpp"

namespace qantar::agents::classic {

/// What the players know before they look. The strength theta of the regime is normal around the public signal; it
/// falls when the share of players who attack is at least theta.
struct GlobalGame {
  double cost = 0.5;               ///< of an attack, as a share of what a success brings, 0..1
  double public_signal = 0.5;      ///< mean of theta
  double public_precision = 4;     ///< 1 / variance of theta
  double private_precision = 100;  ///< 1 / variance of what one sees of theta
};

/// The strength below which the regime falls when all who see less than `signal` attack: Phi(sqrt(b) (x - theta)) =
/// theta.
double falls_below(const GlobalGame& game, double signal);

/// The signal below which an attack pays when the regime falls below `strength`: the chance of success given the signal
/// equals the cost.
double attack_below(const GlobalGame& game, double strength);

/// Where the reasoning starts. With precise private signals both ends lead to the same cut-off; with a precise public
/// one they do not, and what happens hangs on what each expects the others to expect.
enum class FirstGuess { nobody_attacks, everybody_attacks };

/// Keys, ranges and meanings: `GlobalGames::fields`. The first four are those of the game.
struct GlobalGamesParameters {
  sim::Number cost{0.5}, public_signal{0.5}, public_precision{4}, private_precision{100};
  double players = 1000;
  FirstGuess first_guess = FirstGuess::nobody_attacks;
};

struct GlobalGamesWorld {
  GlobalGamesParameters p;  ///< the priors drawn
  GlobalGame game;
  double strength = 0;         ///< theta
  std::vector<double> signal;  ///< by player
  double falls_below = 0;      ///< cut-off theta that players expect
  double attack_below = 0;     ///< cut-off x of those who expect it
  std::int64_t attackers = 0;
};

/// Players reason round after round, a tick each: given what the others would do, who would attack? The last round is
/// played. Safe to share between threads.
class GlobalGames : public ClassicModel<GlobalGames, GlobalGamesParameters> {
 public:
  using World = GlobalGamesWorld;
  static constexpr const char* name = "global_game";
  static const sim::Fields<Parameters>& fields();
  /// Conditions between keys.
  static void check(const Parameters& p, const toml::table& keys, sim::Diagnostics& diagnostics);

  explicit GlobalGames(Case<Parameters> c);

  World make_world(const sim::Draws& draws) const;
  void step(World& w, const sim::Draws& draws, int number) const;
  void record_series(const World& w, std::span<float> row) const;
  void record_outcomes(const World& w, std::span<double> out) const;
};

}  // namespace qantar::agents::classic
