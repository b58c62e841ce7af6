// Comparisons of two versions of a model that meet the same luck, trial by trial.
#pragma once
#include <cmath>
#include <stdexcept>
#include <vector>

#include <boost/math/distributions/normal.hpp>

namespace qantar::test {

/// The mean of b - a over paired trials, and its standard error.
struct Difference {
  double mean = 0, error = 0;
};

inline Difference paired(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size() || a.size() < 2) throw std::invalid_argument("paired: two samples of one length");
  const auto n = static_cast<double>(a.size());
  Difference d;
  for (std::size_t i = 0; i < a.size(); ++i) d.mean += (b[i] - a[i]) / n;
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) squares += (b[i] - a[i] - d.mean) * (b[i] - a[i] - d.mean);
  d.error = std::sqrt(squares / (n - 1.0) / n);
  return d;
}

/// The standard normal deviate that is exceeded with this probability.
inline double exceeded_with(double probability) {
  return boost::math::quantile(boost::math::complement(boost::math::normal(), probability));
}

}  // namespace qantar::test
