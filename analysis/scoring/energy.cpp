#include "analysis/scoring/energy.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include <Eigen/Dense>

#include "analysis/statistics/quantile.hpp"
#include "sim/conversions.hpp"

namespace qantar::analysis {
namespace {

/// Of each member the distance to the observation, and the sum of those to the other members.
struct Distances {
  Eigen::ArrayXd miss, others;
};

Distances distances(std::span<const double> members, std::span<const double> observed) {
  const auto d = static_cast<Eigen::Index>(observed.size()), n = static_cast<Eigen::Index>(members.size());
  if (d == 0 || n % d != 0)
    throw std::invalid_argument("an energy score of " + std::to_string(n) + " numbers for an observation of " +
                                std::to_string(d));
  const Eigen::Map<const Eigen::MatrixXd> x(members.data(), d, n / d);
  const Eigen::Map<const Eigen::VectorXd> y(observed.data(), d);
  const Eigen::Index m = x.cols();
  Distances out{(x.colwise() - y).colwise().norm().array(), Eigen::ArrayXd::Zero(m)};
  for (Eigen::Index i = 0; i < m; ++i)
    for (Eigen::Index j = i + 1; j < m; ++j) {
      const double apart = (x.col(i) - x.col(j)).norm();
      out.others[i] += apart;
      out.others[j] += apart;
    }
  return out;
}

}  // namespace

double energy_score(std::span<const double> members, std::span<const double> observed) {
  const auto [miss, others] = distances(members, observed);
  if (miss.size() == 0) return std::numeric_limits<double>::quiet_NaN();
  return (miss - 0.5 * others / sim::real(miss.size())).mean();
}

Estimate fair_energy_score(std::span<const double> members, std::span<const double> observed) {
  constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
  const auto [miss, others] = distances(members, observed);
  const auto m = sim::real(miss.size());
  if (miss.size() < 2) return {miss.size() == 1 ? miss[0] : undefined, undefined, undefined};
  const double score = (miss - 0.5 * others / (m - 1)).mean();
  // What one member contributes: each pair belongs to both of its members (Hoeffding 1948).
  const Eigen::ArrayXd own = miss - others / (m - 1);
  const double half = normal_975 * std::sqrt((own - own.mean()).square().sum() / (m * (m - 1)));
  return {score, score - half, score + half};
}

}  // namespace qantar::analysis
