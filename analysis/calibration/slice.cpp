#include "analysis/calibration/slice.hpp"

#include <cmath>
#include <numbers>

#include "sim/draws.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

enum Mechanism : std::uint32_t { direction = 0x511c, angle };

struct Circle {
  double cosine = 1, sine = 0;
};

// Of whole turns; the library's own functions have other last bits on other machines. Taylor series around the nearest
// quarter.
Circle on_circle(double turns) {
  const double quarters = std::floor(4.0 * turns + 0.5);
  const double x = 2.0 * std::numbers::pi * (turns - 0.25 * quarters), x2 = x * x;
  double cosine = 1, sine = 1;
  for (int n = 20; n >= 2; n -= 2) {
    cosine = 1.0 - x2 / (n * (n - 1.0)) * cosine;
    sine = 1.0 - x2 / (n * (n + 1.0)) * sine;
  }
  sine *= x;
  switch (static_cast<int>(quarters) & 3) {
    case 1:
      return {-sine, cosine};
    case 2:
      return {-cosine, -sine};
    case 3:
      return {sine, -cosine};
    default:
      return {cosine, sine};
  }
}

}  // namespace

void slice_step(std::vector<double>& z, double& log_density, const LogDensity& target, const sim::Draws& draws,
                std::uint32_t step) {
  constexpr std::uint32_t most_attempts = 200;  // then nothing but the point itself is left
  std::vector<double> other(z.size()), proposed(z.size());
  for (std::uint32_t j = 0; j < z.size(); ++j) other[j] = draws.normal(direction, j, step);
  const double height = log_density + sim::log(draws.uniform(angle, 0, step));
  double turn = draws.uniform(angle, 1, step), low = turn - 1.0, high = turn;
  for (std::uint32_t attempt = 2; attempt < most_attempts; ++attempt) {
    const auto [along, across] = on_circle(turn);
    for (std::size_t j = 0; j < z.size(); ++j) proposed[j] = z[j] * along + other[j] * across;
    if (const double there = target(proposed); there >= height) {
      z = proposed;
      log_density = there;
      return;
    }
    (turn < 0 ? low : high) = turn;
    turn = low + (high - low) * draws.uniform(angle, attempt, step);
  }
}

}  // namespace qantar::analysis
