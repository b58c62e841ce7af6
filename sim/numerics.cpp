#include "sim/numerics.hpp"

#include <algorithm>
#include <span>

namespace qantar::sim {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double negligible = 0x1p-54;
constexpr int most_terms = 10000;  // a shape of 10000 needs about 600

double polynomial(double x, std::span<const double> coefficients) {  // highest power last
  double y = 0;
  for (std::size_t i = coefficients.size(); i-- > 0;) y = y * x + coefficients[i];
  return y;
}

// log(1 + y) without losing the digits of a small y.
double log1p(double y) {
  const double u = 1.0 + y;
  return log(u) - ((u - 1.0) - y) / u;
}

// Standard normal quantile of 1/2 + q, |q| <= 0.425.
double central_quantile(double q) {
  static constexpr double a[] = {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                 1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                 3.3430575583588128105e4, 2.5090809287301226727e3};
  static constexpr double b[] = {1.0,
                                 4.2313330701600911252e1,
                                 6.8718700749205790830e2,
                                 5.3941960214247511077e3,
                                 2.1213794301586595867e4,
                                 3.9307895800092710610e4,
                                 2.8729085735721942674e4,
                                 5.2264952788528545610e3};
  const double r = 0.180625 - q * q;
  return q * polynomial(r, a) / polynomial(r, b);
}

// The point above which a share p <= 0.075 of the standard normal distribution lies.
double tail_quantile(double p) {
  static constexpr double c[] = {1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                 3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                 2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[] = {1.0,
                                 2.05319162663775882187e0,
                                 1.67638483018380384940e0,
                                 6.89767334985100004550e-1,
                                 1.48103976427480074590e-1,
                                 1.51986665636164571966e-2,
                                 5.47593808499534494600e-4,
                                 1.05075007164441684324e-9};
  static constexpr double e[] = {6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                 2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                 2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[] = {1.0,
                                 5.99832206555887937690e-1,
                                 1.36929880922735805310e-1,
                                 1.48753612908506148525e-2,
                                 7.86869131145613259100e-4,
                                 1.84631831751005468180e-5,
                                 1.42151175831644588870e-7,
                                 2.04426310338993978564e-15};
  const double r = std::sqrt(-log(p));
  return r <= 5.0 ? polynomial(r - 1.6, c) / polynomial(r - 1.6, d) : polynomial(r - 5.0, e) / polynomial(r - 5.0, f);
}

// A factor of Lentz's method for continued fractions may not be exactly zero.
double away_from_zero(double x) { return std::fabs(x) < 1e-300 ? 1e-300 : x; }

// Continued fraction of the upper incomplete gamma function, for x >= shape + 1.
double gamma_fraction(double shape, double x) {
  double b = x + 1.0 - shape, c = 1e300, d = 1.0 / b, h = d;
  for (int i = 1; i < most_terms; ++i) {
    const double a = -i * (i - shape);
    b += 2.0;
    d = 1.0 / away_from_zero(a * d + b);
    c = away_from_zero(b + a / c);
    h *= c * d;
    if (std::fabs(c * d - 1.0) < negligible) break;
  }
  return h;
}

// Continued fraction of the incomplete beta function, for x below about its mean.
double beta_fraction(double a, double b, double x) {
  double c = 1.0, d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0)), h = d;
  const auto advance = [&](double coefficient) {
    d = 1.0 / away_from_zero(1.0 + coefficient * d);
    c = away_from_zero(1.0 + coefficient / c);
    h *= c * d;
  };
  for (int m = 1; m < most_terms; ++m) {
    advance(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)));
    advance(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)));
    if (std::fabs(c * d - 1.0) < negligible) break;
  }
  return h;
}

// The least x in (0, top] at which a distribution on the positive numbers reaches `target`. Halving the bit
// pattern takes at most 62 steps at any scale, and since the points of comparison do not depend on the
// target, the result is monotone in it whatever the rounding inside `tails`.
template <class Function>
double search(const Tails& target, double top, const Function& tails) {
  std::uint64_t low = 0, high = std::bit_cast<std::uint64_t>(top);
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    const Tails t = tails(std::bit_cast<double>(middle));
    const bool reached = t.below <= t.above ? t.below >= target.below : t.above <= target.above;
    (reached ? high : low) = middle;
  }
  return std::bit_cast<double>(high);
}

}  // namespace

double normal_quantile(double p) { return normal_quantile(Tails{p, 1.0 - p}); }

double normal_quantile(const Tails& p) {
  if (!(p.below >= 0 && p.above >= 0)) return nan;
  if (p.below == 0) return -infinity;
  if (p.above == 0) return infinity;
  if (p.below < 0.075) return -tail_quantile(p.below);
  if (p.above < 0.075) return tail_quantile(p.above);
  return central_quantile(p.below <= p.above ? p.below - 0.5 : 0.5 - p.above);
}

double half_normal_quantile(const Tails& p) {
  if (!(p.below >= 0 && p.above >= 0)) return nan;
  if (p.above == 0) return infinity;
  return p.above < 0.15 ? tail_quantile(0.5 * p.above) : central_quantile(0.5 * p.below);
}

double log_gamma(double x) {
  if (!(x > 0)) return nan;
  if (x < 0.5) return log_gamma(x + 1.0) - log(x);
  static constexpr double c[] = {676.5203681218851,     -1259.1392167224028,  771.32342877765313,
                                 -176.61502916214059,   12.507343278686905,   -0.13857109526572012,
                                 9.9843695780195716e-6, 1.5056327351493116e-7};
  double sum = 0.99999999999980993;
  for (int i = 0; i < 8; ++i) sum += c[i] / (x + i);
  const double t = x + 6.5;
  constexpr double half_log_two_pi = 0.91893853320467274178;
  return (x - 0.5) * log(t) - t + half_log_two_pi + log(sum);
}

GammaTails::GammaTails(double shape) : shape_(shape), log_gamma_(log_gamma(shape)) {}

Tails GammaTails::operator()(double x) const {
  if (!(x > 0)) return x == x ? Tails{0, 1} : Tails{nan, nan};
  if (x == infinity) return {1, 0};
  const double front = exp(shape_ * log(x) - x - log_gamma_);
  if (x >= shape_ + 1.0) {
    const double above = std::min(1.0, front * gamma_fraction(shape_, x));
    return {1.0 - above, above};
  }
  double term = 1.0 / shape_, sum = term;
  for (int n = 1; n < most_terms && term > negligible * sum; ++n) sum += term *= x / (shape_ + n);
  const double below = std::min(1.0, front * sum);
  return {below, 1.0 - below};
}

double GammaTails::quantile(const Tails& p) const { return search(p, std::numeric_limits<double>::max(), *this); }

BetaTails::BetaTails(double a, double b) : a_(a), b_(b), log_beta_(log_gamma(a) + log_gamma(b) - log_gamma(a + b)) {}

Tails BetaTails::operator()(double x) const {
  if (!(x > 0)) return x == x ? Tails{0, 1} : Tails{nan, nan};
  if (x >= 1) return {1, 0};
  const double front = exp(a_ * log(x) + b_ * log1p(-x) - log_beta_);
  if (x < (a_ + 1.0) / (a_ + b_ + 2.0)) {
    const double below = std::min(1.0, front * beta_fraction(a_, b_, x) / a_);
    return {below, 1.0 - below};
  }
  const double above = std::min(1.0, front * beta_fraction(b_, a_, 1.0 - x) / b_);
  return {1.0 - above, above};
}

double BetaTails::quantile(const Tails& p) const { return search(p, 1.0, *this); }

Tails normal_tails(double x) {
  static const GammaTails half_square(0.5);  // half the square of a standard normal number
  const Tails t = half_square(0.5 * x * x);
  const double far = 0.5 * t.above, near = 0.5 + 0.5 * t.below;
  return x < 0 ? Tails{far, near} : Tails{near, far};
}

double normal_cdf(double x) { return normal_tails(x).below; }

}  // namespace qantar::sim
