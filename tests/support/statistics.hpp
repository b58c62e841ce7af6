// Tests of fit with p-values. A test that uses them declares the false-alarm rate at which it rejects, runs
// from a fixed seed, and shows that a wrong model is rejected.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <vector>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>

namespace qantar::test {

/// A statistic and the probability of one at least as extreme when the model is right.
struct Fit {
  double statistic = 0, p_value = 1;
};

/// Pearson's chi-square of counts against expected counts (sums equal). Neighbouring cells are pooled until
/// each expects at least five. `fitted` parameters were estimated from the same counts.
inline Fit chi_square(const std::vector<double>& observed, const std::vector<double>& expected, int fitted = 0) {
  if (observed.size() != expected.size()) throw std::invalid_argument("chi_square: as many counts as expectations");
  std::vector<double> seen, due;
  double o = 0, e = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    o += observed[i];
    e += expected[i];
    if (e >= 5) {
      seen.push_back(o);
      due.push_back(e);
      o = e = 0;
    }
  }
  const double freedom = static_cast<double>(seen.size()) - 1 - fitted;
  if (freedom < 1) throw std::invalid_argument("chi_square: too few cells that expect five");
  seen.back() += o;
  due.back() += e;
  Fit fit;
  for (std::size_t i = 0; i < seen.size(); ++i) fit.statistic += (seen[i] - due[i]) * (seen[i] - due[i]) / due[i];
  fit.p_value = boost::math::cdf(boost::math::complement(boost::math::chi_squared(freedom), fit.statistic));
  return fit;
}

/// The p-value of a Kolmogorov-Smirnov distance between distributions of which one or both are samples; `n` is the size
/// of the sample, or n m / (n + m) of two. Kolmogorov's series with Stephens' (1970) correction, good from about ten
/// on.
inline double kolmogorov_p_value(double distance, double n) {
  const double t = distance * (std::sqrt(n) + 0.12 + 0.11 / std::sqrt(n));
  if (t < 0.2) return 1;  // the series converges slowly where the answer is 1 to twelve digits
  double sum = 0;
  for (int k = 1; k <= 100; ++k) sum += (k % 2 == 1 ? 2.0 : -2.0) * std::exp(-2.0 * k * k * t * t);
  return std::clamp(sum, 0.0, 1.0);
}

/// Kolmogorov-Smirnov distance of a sample from a continuous distribution function.
inline Fit kolmogorov_smirnov(std::vector<double> sample, const std::function<double(double)>& cdf) {
  if (sample.empty()) throw std::invalid_argument("kolmogorov_smirnov: an empty sample");
  std::ranges::sort(sample);
  const auto n = static_cast<double>(sample.size());
  Fit fit;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double f = cdf(sample[i]);
    fit.statistic = std::max({fit.statistic, f - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - f});
  }
  fit.p_value = kolmogorov_p_value(fit.statistic, n);
  return fit;
}

/// Kolmogorov-Smirnov distance between two samples. With ties the test rejects less often than it says.
inline Fit kolmogorov_smirnov(std::vector<double> a, std::vector<double> b) {
  if (a.empty() || b.empty()) throw std::invalid_argument("kolmogorov_smirnov: an empty sample");
  std::ranges::sort(a);
  std::ranges::sort(b);
  const auto share = [](const std::vector<double>& sample, double x) {
    return static_cast<double>(std::ranges::upper_bound(sample, x) - sample.begin()) /
           static_cast<double>(sample.size());
  };
  Fit fit;
  for (const auto* sample : {&a, &b})
    for (const double x : *sample) fit.statistic = std::max(fit.statistic, std::fabs(share(a, x) - share(b, x)));
  const auto n = static_cast<double>(a.size()), m = static_cast<double>(b.size());
  fit.p_value = kolmogorov_p_value(fit.statistic, n * m / (n + m));
  return fit;
}

/// Two-sided test of two means whose standard errors are known.
inline Fit difference_of_means(double a, double b, double error_a, double error_b) {
  const double z = (a - b) / std::hypot(error_a, error_b);
  return {z, 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), std::fabs(z)))};
}

/// Two-sided exact test that `successes` of `trials` come with this probability: twice the smaller tail.
inline Fit binomial_share(std::int64_t successes, std::int64_t trials, double probability) {
  const boost::math::binomial law(static_cast<double>(trials), probability);
  const auto k = static_cast<double>(successes);
  const double below = boost::math::cdf(law, k);
  const double above = successes > 0 ? boost::math::cdf(boost::math::complement(law, k - 1)) : 1.0;
  return {k, std::min(1.0, 2 * std::min(below, above))};
}

/// Two-sided test that a sample mean has this expectation, the standard deviation of one observation being
/// known.
inline Fit known_mean(const std::vector<double>& sample, double mean, double deviation) {
  double sum = 0;
  for (const double x : sample) sum += x;
  const auto n = static_cast<double>(sample.size());
  const double z = (sum / n - mean) / (deviation / std::sqrt(n));
  return {z, 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), std::fabs(z)))};
}

}  // namespace qantar::test
