#include "analysis/scoring/crps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

// `pairs` is what the sum over all ordered pairs |xi - xj| is divided by: m^2, or m (m - 1) without i = j.
double kernel_score(std::vector<double>& members, double observed, double pairs) {
  if (members.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(members);
  const auto m = sim::real(members.size());
  double miss = 0, spread = 0;  // spread: the sum over pairs i < j, from order statistics
  for (std::size_t i = 0; i < members.size(); ++i) {
    miss += std::fabs(members[i] - observed);
    spread += (2.0 * sim::real(i) + 1.0 - m) * members[i];
  }
  return miss / m - (members.size() > 1 ? spread / pairs : 0.0);
}

}  // namespace

double chained_time(double t, double start, double end) {
  return (t == t ? std::clamp(t, start, end) - start : end - start) / (end - start);
}

double on_scale(double x, Scale scale) {
  if (scale == Scale::share) return x;
  return x < 0 ? -sim::log(1.0 - x) : sim::log(1.0 + x);
}

double chained_number(double x, double low, double high, Scale scale) {
  if (!(x == x)) return -1.0;
  constexpr double decade = 2.302585092994046;  // ln 10
  const auto distance = [&](double a, double b) {
    const double d = on_scale(b, scale) - on_scale(a, scale);
    return scale == Scale::share ? d : d / decade;
  };
  if (x < low) return std::max(-1.0, -distance(x, low));
  return x > high ? std::min(1.0, distance(high, x)) : 0.0;
}

double crps(std::vector<double> members, double observed) {
  const auto m = sim::real(members.size());
  return kernel_score(members, observed, m * m);
}

double fair_crps(std::vector<double> members, double observed) {
  const auto m = sim::real(members.size());
  return kernel_score(members, observed, m * (m - 1.0));
}

double time_score(const std::vector<double>& times, double observed, double start, double end) {
  std::vector<double> members;
  members.reserve(times.size());
  for (const double t : times) members.push_back(chained_time(t, start, end));
  return fair_crps(std::move(members), chained_time(observed, start, end));
}

double number_score(const std::vector<double>& numbers, double low, double high, Scale scale) {
  std::vector<double> members;
  members.reserve(numbers.size());
  for (const double x : numbers) members.push_back(chained_number(x, low, high, scale));
  return fair_crps(std::move(members), 0.0);
}

}  // namespace qantar::analysis
