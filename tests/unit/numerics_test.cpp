#include "sim/numerics.hpp"

#include <random>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

#include "sim/distributions.hpp"
#include "sim/quick_normal.hpp"

namespace qantar::sim::numerics_test {
namespace {

using Long = long double;  // the reference has eleven more bits

constexpr double infinity = std::numeric_limits<double>::infinity();

double error_of(double value, Long truth) {
  const Long difference = std::fabs(static_cast<Long>(value) - truth);
  return static_cast<double>(truth == 0 ? difference : difference / std::fabs(truth));
}

// Numbers from low to high, the same on every machine.
template <class Check>
void over(double low, double high, int n, const Check& check) {
  std::mt19937_64 generator(1);
  for (int i = 0; i < n; ++i) check(low + (high - low) * (static_cast<double>(generator() >> 11) * 0x1p-53));
}

TEST(Exp, AgreesWithLongDouble) {
  for (const double width : {1e-9, 1e-3, 0.35, 1.0, 40.0, 708.0}) {
    double worst = 0;
    over(-width, width, 100000, [&](double x) { worst = std::max(worst, error_of(exp(x), std::exp(Long{x}))); });
    EXPECT_LT(worst, 4e-16) << "up to " << width;
  }
  over(-745, -708, 10000, [](double x) { EXPECT_NEAR(exp(x), static_cast<double>(std::exp(Long{x})), 5e-324); });
}

TEST(Exp, KnowsItsEnds) {
  EXPECT_EQ(exp(0.0), 1.0);
  EXPECT_EQ(exp(710.0), infinity);
  EXPECT_EQ(exp(infinity), infinity);
  EXPECT_EQ(exp(-746.0), 0.0);
  EXPECT_EQ(exp(-infinity), 0.0);
  EXPECT_TRUE(std::isnan(exp(std::nan(""))));
  EXPECT_LT(exp(709.78), infinity);
}

TEST(Log, AgreesWithLongDouble) {
  for (const double width : {1e-9, 1e-3, 0.35, 1.0, 40.0, 708.0}) {
    double worst = 0;
    over(-width, width, 100000, [&](double t) {
      const double x = std::exp(t);
      worst = std::max(worst, error_of(log(x), std::log(Long{x})));
    });
    EXPECT_LT(worst, 3e-16) << "up to e^" << width;
  }
  for (double x = 1e-308; x > 0; x /= 3) EXPECT_LT(error_of(log(x), std::log(Long{x})), 3e-16);
}

TEST(Log, KnowsItsEnds) {
  EXPECT_EQ(log(1.0), 0.0);
  EXPECT_EQ(log(0.0), -infinity);
  EXPECT_EQ(log(infinity), infinity);
  EXPECT_TRUE(std::isnan(log(-1.0)));
  EXPECT_TRUE(std::isnan(log(std::nan(""))));
}

TEST(Pow, AgreesWithLongDouble) {
  over(0.01, 20, 2000, [](double x) {
    over(-5, 5, 20, [&](double y) { EXPECT_LT(error_of(pow(x, y), std::pow(Long{x}, Long{y})), 1e-14); });
  });
  EXPECT_EQ(pow(0.0, 0.0), 1.0);
  EXPECT_EQ(pow(0.0, 2.0), 0.0);
  EXPECT_EQ(pow(0.0, -1.0), infinity);
  EXPECT_EQ(pow(7.0, 0.0), 1.0);
}

TEST(Logistic, AndLogitUndoEachOther) {
  EXPECT_EQ(logistic(0.0), 0.5);
  over(-30, 30, 1000, [](double x) {
    EXPECT_LT(error_of(logistic(x), 1 / (1 + std::exp(-Long{x}))), 1e-15);
    EXPECT_NEAR(logistic(x) + logistic(-x), 1, 1e-15);
    if (x < 10) {
      EXPECT_NEAR(logit(logistic(x)), x, 1e-11);
    }
  });
  EXPECT_EQ(logistic(-800.0), 0.0);
  EXPECT_EQ(logistic(800.0), 1.0);
}

TEST(Hazard, IsTheProbabilityOfActing) {
  over(-30, 4, 1000, [](double t) {
    const double x = std::exp(t);
    EXPECT_LT(error_of(hazard(x, 1), -std::expm1(-Long{x})), 2e-11) << x;
  });
  EXPECT_EQ(hazard(0, 1), 0.0);
  EXPECT_EQ(hazard(2, 0), 0.0);
  EXPECT_EQ(hazard(1e9, 1), 1.0);
}

TEST(NormalQuantile, AgreesWithBoost) {
  const boost::math::normal_distribution<Long> normal;
  over(-690, -0.7, 20000, [&](double t) {
    const double p = std::exp(t);
    EXPECT_LT(error_of(normal_quantile(p), quantile(normal, Long{p})), 2e-15) << p;
    EXPECT_EQ(normal_quantile(Tails{1 - p, p}), -normal_quantile(Tails{p, 1 - p}));
  });
  over(1e-12, 1 - 1e-12, 20000,
       [&](double p) { EXPECT_LT(error_of(normal_quantile(p), quantile(normal, Long{p})), 2e-15) << p; });
}

TEST(NormalQuantile, KnowsItsEnds) {
  EXPECT_EQ(normal_quantile(0.5), 0.0);
  EXPECT_EQ(normal_quantile(0.0), -infinity);
  EXPECT_EQ(normal_quantile(1.0), infinity);
  EXPECT_TRUE(std::isnan(normal_quantile(-0.1)));
  EXPECT_TRUE(std::isnan(normal_quantile(1.1)));
  EXPECT_TRUE(std::isnan(normal_quantile(std::nan(""))));
}

TEST(HalfNormalQuantile, AgreesWithBoost) {
  const boost::math::normal_distribution<Long> normal;
  over(-30, -0.7, 5000, [&](double t) {
    const double p = std::exp(t);
    // Near 0 the density is flat, sqrt(2/pi): the reference would lose the digits that are under test.
    const Long near = p < 1e-7 ? Long{p} * std::sqrt(std::acos(Long{-1}) / 2) : quantile(normal, (1 + Long{p}) / 2);
    EXPECT_LT(error_of(half_normal_quantile({p, 1 - p}), near), 1e-11) << p;
    EXPECT_LT(error_of(half_normal_quantile({1 - p, p}), -quantile(normal, Long{p} / 2)), 2e-15) << p;
  });
}

TEST(NormalCdf, AgreesWithBoost) {
  const boost::math::normal_distribution<Long> normal;
  over(-37, 37, 20000, [&](double x) {
    const double small = std::min(normal_tails(x).below, normal_tails(x).above);
    EXPECT_LT(error_of(small, cdf(normal, -std::fabs(Long{x}))), 3e-13) << x;
  });
  EXPECT_EQ(normal_cdf(0.0), 0.5);
  EXPECT_EQ(normal_cdf(-infinity), 0.0);
  EXPECT_EQ(normal_cdf(infinity), 1.0);
}

TEST(NormalCdf, TheQuickOneAgreesWithBoost) {
  const boost::math::normal_distribution<Long> normal;
  over(-30, 10, 20000,
       [&](double x) { EXPECT_LT(error_of(quick_normal_cdf(x), cdf(normal, Long{x})), 1e-15 * (1 + x * x)) << x; });
  EXPECT_EQ(quick_normal_cdf(0.0), 0.5);
}

TEST(LogGamma, AgreesWithBoost) {
  over(-14, 20, 20000, [](double t) {
    const double x = std::exp(t);
    const Long truth = boost::math::lgamma(Long{x});
    EXPECT_LT(std::fabs(log_gamma(x) - truth), 1e-14L * std::max(1.0L, std::fabs(truth))) << x;
  });
  EXPECT_TRUE(std::isnan(log_gamma(0)));
}

TEST(Gamma, AgreesWithBoostInBothTails) {
  for (const double shape : {0.01, 0.3, 1.0, 2.0, 18.0, 100.0, 1000.0, 10000.0}) {
    const double tolerance = 1e-12 * std::max(1.0, shape / 50);
    const GammaTails tails(shape);
    over(-6, 6, 2000, [&](double z) {
      const double x = shape * std::exp(z / std::sqrt(shape));
      const Long below = boost::math::gamma_p(Long{shape}, Long{x}), above = boost::math::gamma_q(Long{shape}, Long{x});
      if (std::min(below, above) < 1e-280L) return;
      const Tails t = tails(x);
      EXPECT_LT(below < above ? error_of(t.below, below) : error_of(t.above, above), tolerance) << shape << ' ' << x;
    });
  }
  EXPECT_EQ(GammaTails(2)(0).below, 0.0);
  EXPECT_EQ(GammaTails(2)(-1).below, 0.0);
  EXPECT_EQ(GammaTails(2)(infinity).below, 1.0);
}

TEST(Beta, AgreesWithBoostInBothTails) {
  for (const double a : {0.01, 0.5, 1.0, 4.0, 100.0, 10000.0})
    for (const double b : {0.01, 0.5, 1.0, 2.0, 300.0, 10000.0}) {
      const double tolerance = std::max(a, b) > 1000 ? 1e-9 : 1e-10;
      const BetaTails tails(a, b);
      over(0, 1, 500, [&](double x) {
        const double mean = a / (a + b), deviation = std::sqrt(mean * (1 - mean) / (a + b + 1));
        x = mean + 8 * deviation * (x - 0.5);
        if (!(x > 0 && x < 1)) return;
        const Long below = boost::math::ibeta(Long{a}, Long{b}, Long{x});
        const Long above = boost::math::ibetac(Long{a}, Long{b}, Long{x});
        if (std::min(below, above) < 1e-280L) return;
        const Tails t = tails(x);
        EXPECT_LT(below < above ? error_of(t.below, below) : error_of(t.above, above), tolerance)
            << a << ' ' << b << ' ' << x;
      });
    }
  EXPECT_EQ(BetaTails(2, 3)(0).below, 0.0);
  EXPECT_EQ(BetaTails(2, 3)(1).below, 1.0);
}

// One number for the bits of everything above. It was the same with g++ 12 at -O0 and -O3, clang 14 at -O3,
// and with and without the instruction set of the machine; a difference here means that results no longer
// travel.
TEST(Bits, AreTheSameOnEveryMachine) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
  const auto take = [&](double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    for (int byte = 0; byte < 8; ++byte) hash = (hash ^ (bits >> (8 * byte) & 0xff)) * 1099511628211ULL;
  };
  for (int i = 1; i < 4096; ++i) {
    const double u = i / 4096.0, x = 20 * u - 10, wide = 1400 * u - 700;
    take(exp(x));
    take(exp(wide));
    take(log(u));
    take(log(exp(wide)));
    take(pow(u, x));
    take(logistic(x));
    take(logit(u));
    take(hazard(u, 3));
    take(normal_quantile(u));
    take(normal_quantile(exp(-700 * u)));
    take(half_normal_quantile({u, 1 - u}));
    take(normal_cdf(x));
    take(log_gamma(50 * u));
    take(GammaTails(3.3)(10 * u).below);
    take(BetaTails(4, 2)(u).below);
  }
  const std::vector<double> arguments{0.7, 2.1};
  for (const Family family : Distribution::families()) {
    Distribution d(family, family == Family::half_normal ? std::vector{0.7} : arguments);
    for (int i = 1; i < 256; ++i) take(d.quantile(i / 256.0));
    ASSERT_TRUE(d.truncate(0.72, 0.99));
    for (int i = 1; i < 256; ++i) take(d.quantile(i / 256.0));
  }
  EXPECT_EQ(hash, 17993006479609341611ULL);
}

}  // namespace
}  // namespace qantar::sim::numerics_test
