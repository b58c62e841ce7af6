// Elementary functions whose bits depend on neither compiler nor instruction set.
//
// The C library picks its exp and log by processor (with and without fused multiply-add), so two machines may
// differ in the last bit and a trial could then take another path. Everything that can reach a trial's state
// uses these instead. Only +, -, *, /, sqrt and integer operations are used, all exactly rounded by IEEE 754.
#pragma once
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace qantar::sim {

/// e^x. Relative error below 4e-16; 0 below -745, infinity above 709.78.
inline double exp(double x) {
  if (!(x == x)) return x;
  if (x > 709.78) return std::numeric_limits<double>::infinity();
  if (x < -745.0) return 0.0;
  constexpr double inverse_ln2 = 1.4426950408889634, ln2_high = 6.93145751953125e-1,
                   ln2_low = 1.42860682030941723212e-6;
  const double n = std::floor(x * inverse_ln2 + 0.5);
  const double r = (x - n * ln2_high) - n * ln2_low;
  const double r2 = r * r;  // Cephes rational approximation of e^r on |r| <= ln2/2
  const double p = r * ((1.26177193074810590878e-4 * r2 + 3.02994407707441961300e-2) * r2 + 9.99999999999999999910e-1);
  const double q =
      ((3.00198505138664455042e-6 * r2 + 2.52448340349684104192e-3) * r2 + 2.27265548208155028766e-1) * r2 +
      2.00000000000000000009e0;
  const double y = 1.0 + 2.0 * (p / (q - p));
  const auto k = static_cast<std::int64_t>(n);
  const auto power = [](std::int64_t e) { return std::bit_cast<double>(static_cast<std::uint64_t>(e + 1023) << 52); };
  if (k < -1000) return y * power(k + 200) * power(-200);
  if (k > 1000) return y * power(k - 200) * power(200);
  return y * power(k);
}

/// Natural logarithm. Relative error below 3e-16; -infinity at 0, NaN below 0.
inline double log(double x) {
  if (!(x == x) || x < 0) return std::numeric_limits<double>::quiet_NaN();
  if (x == 0) return -std::numeric_limits<double>::infinity();
  if (x == std::numeric_limits<double>::infinity()) return x;
  int e = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984.0;
    e = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  e += static_cast<int>(bits >> 52) - 1022;
  double m = std::bit_cast<double>((bits & 0x000fffffffffffffULL) | 0x3fe0000000000000ULL);  // in [0.5, 1)
  if (m < 0.70710678118654752440) {
    m *= 2.0;
    e -= 1;
  }
  const double f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z;  // fdlibm
  const double t1 = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const double t2 =
      z * (6.666666666666735130e-01 +
           w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  const double r = t1 + t2, half_square = 0.5 * f * f, k = static_cast<double>(e);
  return k * 6.93147180369123816490e-01 -
         ((half_square - (s * (half_square + r) + k * 1.90821492927058770002e-10)) - f);
}

/// e^x in single precision for the citizens' loop; relative error below 2e-7, argument clamped to [-80, 80].
inline float exp_single(float x) {
  x = x < -80.0f ? -80.0f : (x > 80.0f ? 80.0f : x);
  const float scaled = x * 1.44269504f;
  const auto n = static_cast<std::int32_t>(scaled + (scaled < 0 ? -0.5f : 0.5f));
  const float k = static_cast<float>(n);
  const float r = (x - k * 0.693359375f) - k * -2.12194440e-4f;
  const float p =
      1.0f + r * (1.0f + r * (0.5f + r * (0.166666657f + r * (4.16657962e-2f + r * (8.33345205e-3f + r * 1.39e-3f)))));
  return p * std::bit_cast<float>(static_cast<std::uint32_t>(n + 127) << 23);
}

/// x^y for x >= 0.
inline double pow(double x, double y) {
  if (y == 0) return 1.0;
  if (x == 0) return y > 0 ? 0.0 : std::numeric_limits<double>::infinity();
  return exp(y * log(x));
}

/// 1 / (1 + e^-x), in [0, 1]: 1 from x = 37 on, 0 below -745.
inline double logistic(double x) {
  if (x >= 0) return 1.0 / (1.0 + exp(-x));
  const double e = exp(x);
  return e / (1.0 + e);
}

/// The nearest whole number; a half goes up.
inline double rounded(double x) { return std::floor(x + 0.5); }

/// log(p / (1 - p)).
inline double logit(double p) { return log(p / (1.0 - p)); }

/// Probability that a process with hourly `rate` acts within `hours`: 1 - e^(-rate hours).
inline double hazard(double rate, double hours) {
  const double x = rate * hours;
  if (!(x > 0)) return 0.0;
  if (x < 1e-5) return x * (1.0 - 0.5 * x);
  return 1.0 - exp(-x);
}

/// A probability and its complement: the shares of a distribution below and above a point. Each keeps its own
/// digits, so a small upper tail does not drown in the rounding of 1.
struct Tails {
  double below = 0, above = 1;
};

/// Inverse of the standard normal distribution function (Wichura 1988, AS 241; relative error below 2e-15).
/// -infinity at 0, infinity at 1, NaN outside.
double normal_quantile(double p);
double normal_quantile(const Tails& p);

/// Quantile of the absolute value of a standard normal number, by the same approximation.
double half_normal_quantile(const Tails& p);

/// log Gamma(x) for x > 0, NaN otherwise (Lanczos, g = 7, n = 9; error below 1e-14 of the larger of 1 and the
/// value).
double log_gamma(double x);

/// The Gamma distribution of unit scale: series below shape + 1, Lentz's continued fraction above. Relative
/// error of the smaller tail below 1e-12 for shapes up to 100, growing in proportion to the shape.
class GammaTails {
 public:
  /// `shape` from 0.01 to 10000.
  explicit GammaTails(double shape);
  Tails operator()(double x) const;
  /// Least number at which the computed distribution function reaches p; exactly monotone.
  double quantile(const Tails& p) const;

 private:
  double shape_, log_gamma_;
};

/// The Beta distribution by Lentz's continued fraction. Relative error of the smaller tail below 1e-10 for a
/// and b up to 1000, below 1e-9 beyond.
class BetaTails {
 public:
  /// `a` and `b` from 0.01 to 10000.
  BetaTails(double a, double b);
  Tails operator()(double x) const;
  /// Least number at which the computed distribution function reaches p; exactly monotone.
  double quantile(const Tails& p) const;

 private:
  double a_, b_, log_beta_;
};

/// Standard normal distribution function, and with its complement.
double normal_cdf(double x);
Tails normal_tails(double x);

}  // namespace qantar::sim
