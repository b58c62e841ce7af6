// Global games of regime change (Morris and Shin 2003): cut-offs in closed form and from the reasoning of players, and
// how often regimes then fall.
#include "agents/classic/global_game.hpp"

#include <cmath>

#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>

#include "sim/trial.hpp"
#include "tests/support/statistics.hpp"

namespace qantar::agents::classic::global_game_test {
namespace {

constexpr double false_alarm = 1e-4;
constexpr double tolerance = 1e-3;

GlobalGames model(const GlobalGame& game, FirstGuess guess, double players = 1, int rounds = 200) {
  Case<GlobalGamesParameters> c;
  c.clock = tick_clock(rounds);
  c.parameters = {{game.cost}, {game.public_signal}, {game.public_precision}, {game.private_precision}, players, guess};
  return GlobalGames(c);
}

// The cut-off of the regime that reasoning reaches from one end.
double reached(const GlobalGame& game, FirstGuess guess) {
  const auto record = sim::run_trial(model(game, guess), {.seed = 1, .point = 0, .replicate = 0});
  EXPECT_EQ(record.status, sim::TrialStatus::ok) << record.message;
  return record.outcomes[4];
}

// a (theta - y) - sqrt(b) Phi^-1(theta) - sqrt(a + b) Phi^-1(c) = 0 in equilibrium.
double imbalance(const GlobalGame& g, double theta) {
  const boost::math::normal law;
  return g.public_precision * (theta - g.public_signal) -
         std::sqrt(g.private_precision) * boost::math::quantile(law, theta) -
         std::sqrt(g.public_precision + g.private_precision) * boost::math::quantile(law, g.cost);
}

std::vector<double> equilibria(const GlobalGame& g) {
  std::vector<double> roots;
  const int cells = 20'001;
  double before = imbalance(g, 1e-9);
  for (int i = 1; i < cells; ++i) {
    const double theta = std::min(1 - 1e-9, static_cast<double>(i) / (cells - 1));
    const double now = imbalance(g, theta);
    if ((before > 0) != (now > 0)) roots.push_back(theta - 0.5 / (cells - 1));
    before = now;
  }
  return roots;
}

struct Known {
  GlobalGame game;  // cost, public signal, public precision, private precision
  double cut_off;
};
const std::vector<Known> unique{
    {{0.5, 0.3, 4, 100}, 0.5379}, {{0.5, 0.7, 4, 100}, 0.4621}, {{0.3, 0.5, 4, 100}, 0.7353}};
const GlobalGame ambiguous{0.5, 0.5, 4, 1};

TEST(GlobalGame, ReasoningFromBothEndsReachesTheOneCutOff) {
  for (const auto& [game, cut_off] : unique) {
    ASSERT_EQ(equilibria(game).size(), 1U);
    EXPECT_NEAR(equilibria(game).front(), cut_off, tolerance);
    for (const FirstGuess guess : {FirstGuess::nobody_attacks, FirstGuess::everybody_attacks})
      EXPECT_NEAR(reached(game, guess), cut_off, tolerance);
  }
}

TEST(GlobalGame, WithoutPublicNewsTheCutOffIsOneMinusTheCost) {
  const boost::math::normal law;
  for (const double cost : {0.1, 0.3, 0.5, 0.8}) {
    const GlobalGame game{cost, 0.5, 1e-9, 25};
    EXPECT_NEAR(reached(game, FirstGuess::nobody_attacks), 1 - cost, tolerance);
    const double theta = 1 - cost;
    EXPECT_NEAR(attack_below(game, theta), theta + boost::math::quantile(law, theta) / 5, tolerance);
  }
}

TEST(GlobalGame, PrecisePublicNewsMakesItAMatterOfExpectations) {
  const auto roots = equilibria(ambiguous);
  ASSERT_EQ(roots.size(), 3U);
  EXPECT_NEAR(roots[0], 0.0301, tolerance);
  EXPECT_NEAR(roots[1], 0.5, tolerance);
  EXPECT_NEAR(roots[2], 0.9699, tolerance);
  EXPECT_NEAR(reached(ambiguous, FirstGuess::nobody_attacks), 0.0301, tolerance);
  EXPECT_NEAR(reached(ambiguous, FirstGuess::everybody_attacks), 0.9699, tolerance);
}

// One cut-off for every public signal if and only if a / sqrt(b) <= sqrt(2 pi). At y = c = .5 the middle is always one.
TEST(GlobalGame, UniqueUpToTheKnownRatioOfPrecisions) {
  const double limit = std::sqrt(2 * 3.14159265358979);
  for (const double b : {1.0, 25.0}) {
    const auto apart = [&](double factor) {
      const GlobalGame game{0.5, 0.5, factor * limit * std::sqrt(b), b};
      const auto end = [&](FirstGuess guess) {  // close to the limit reasoning takes long
        return sim::run_trial(model(game, guess, 1, 3000), {.seed = 1, .point = 0, .replicate = 0}).outcomes[4];
      };
      return end(FirstGuess::everybody_attacks) - end(FirstGuess::nobody_attacks);
    };
    // The indifference at y = c = .5 has cost 1/2 and no other term, so the ratio alone decides.
    EXPECT_LT(apart(0.97), tolerance) << b;
    EXPECT_GT(apart(1.03), 0.1) << b;
  }
}

/// Wrong: players forget the public signal when they judge their chances.
GlobalGame forgetting(GlobalGame g) {
  g.public_precision = 1e-9;
  return g;
}
/// Wrong: a precision is taken for a standard deviation.
GlobalGame blurred(GlobalGame g) {
  g.private_precision = std::sqrt(g.private_precision);
  return g;
}

TEST(GlobalGame, CutOffCheckRejectsWrongRules) {
  for (const auto& [game, cut_off] : unique) {
    EXPECT_GT(std::fabs(reached(forgetting(game), FirstGuess::nobody_attacks) - cut_off), tolerance);
    EXPECT_GT(std::fabs(reached(blurred(game), FirstGuess::nobody_attacks) - cut_off), tolerance);
  }
}

// theta is normal around y with precision a, so the regime falls with probability Phi(sqrt(a) (theta* - y)). With 1000
// players the share of attackers at the cut-off has a spread that is symmetric to first order, so the finite crowd
// moves the frequency by less than 1e-3, and 4000 trials see .008. False alarm 1e-4.
double fall_p_value(const GlobalGame& played, const GlobalGame& believed_by_us, FirstGuess guess, double cut_off,
                    double* frequency = nullptr) {
  constexpr std::int64_t trials = 4000;
  const GlobalGames regimes = model(played, guess, 1000, 60);
  std::int64_t fell = 0;
  for (std::uint32_t k = 0; k < trials; ++k)
    fell += sim::run_trial(regimes, {.seed = 98, .point = 0, .replicate = k}).outcomes[2] > 0;
  if (frequency) *frequency = static_cast<double>(fell) / trials;
  const boost::math::normal law;
  const double expected =
      boost::math::cdf(law, std::sqrt(believed_by_us.public_precision) * (cut_off - believed_by_us.public_signal));
  return test::binomial_share(fell, trials, expected).p_value;
}

TEST(GlobalGame, RegimesOfManyPlayersFallAsOftenAsTheCutOffSays) {
  double frequency = 0;
  for (const auto& [game, cut_off] : unique) {
    EXPECT_GT(fall_p_value(game, game, FirstGuess::nobody_attacks, cut_off, &frequency), false_alarm);
    RecordProperty("fell_y" + std::to_string(game.public_signal) + "_c" + std::to_string(game.cost),
                   std::to_string(frequency));
  }
  EXPECT_GT(fall_p_value(ambiguous, ambiguous, FirstGuess::nobody_attacks, 0.0301, &frequency), false_alarm);
  RecordProperty("fell_ambiguous_nobody", std::to_string(frequency));
  EXPECT_GT(fall_p_value(ambiguous, ambiguous, FirstGuess::everybody_attacks, 0.9699, &frequency), false_alarm);
  RecordProperty("fell_ambiguous_everybody", std::to_string(frequency));
}

TEST(GlobalGame, FallCheckRejectsAWrongCostAndAWrongGuess) {
  const auto& [game, cut_off] = unique.back();
  GlobalGame dearer = game;
  dearer.cost = 0.4;
  EXPECT_LT(fall_p_value(dearer, game, FirstGuess::nobody_attacks, cut_off), false_alarm);
  EXPECT_LT(fall_p_value(ambiguous, ambiguous, FirstGuess::everybody_attacks, 0.0301), false_alarm);
}

}  // namespace
}  // namespace qantar::agents::classic::global_game_test
