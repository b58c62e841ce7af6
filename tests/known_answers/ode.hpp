// Differential equations, and the epidemic of Kermack and McKendrick as the benchmark of Lueckmann et al. (2021) has
// it.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <boost/numeric/odeint.hpp>

namespace qantar::test {

/// The solution of dx/dt = f(x) at these times, of which the first is where it starts.
template <std::size_t n, class F>
std::vector<std::array<double, n>> solve(F f, std::array<double, n> x, const std::vector<double>& times) {
  namespace odeint = boost::numeric::odeint;
  using State = std::array<double, n>;
  std::vector<State> out;
  odeint::integrate_times(
      odeint::make_controlled(1e-6, 1e-6, odeint::runge_kutta_dopri5<State>()),
      [&](const State& at, State& slope, double) { slope = f(at); }, x, times.begin(), times.end(), 0.1,
      [&](const State& at, double) { out.push_back(at); });
  return out;
}

/// One step of fixed length h.
template <std::size_t n, class F>
void runge_kutta_step(std::array<double, n>& x, double h, F f) {
  using State = std::array<double, n>;
  boost::numeric::odeint::runge_kutta4<State>().do_step([&](const State& at, State& slope, double) { slope = f(at); },
                                                        x, 0.0, h);
}

/// Ten times from 0 on.
inline std::vector<double> ten_times(double step) {
  std::vector<double> out;
  for (int i = 0; i < 10; ++i) out.push_back(step * i);
  return out;
}

/// Share infected on days 0, 17, ..., 153, after one of a million.
inline std::vector<double> infected(double contact_rate, double recovery_rate) {
  std::vector<double> out;
  const auto slope = [&](const std::array<double, 2>& x) {
    const double susceptible = std::exp(x[0]), infected = std::exp(x[1]);
    return std::array{-contact_rate * infected, contact_rate * susceptible - recovery_rate};
  };
  for (const auto& [log_susceptible, log_infected] :
       solve(slope, std::array{std::log1p(-1e-6), std::log(1e-6)}, ten_times(17)))
    out.push_back(std::exp(log_infected));
  return out;
}

/// Log probability of this many infected in tests of a thousand each, up to a constant.
inline double log_tested(std::span<const double> infected, std::span<const double> positive) {
  constexpr double tests = 1000;
  double sum = 0;
  for (std::size_t k = 0; k < positive.size(); ++k) {
    const double p = std::clamp(infected[k], 1e-12, 1 - 1e-12), hits = positive[k];
    sum += hits * std::log(p) + (tests - hits) * std::log1p(-p);
  }
  return sum;
}

}  // namespace qantar::test
