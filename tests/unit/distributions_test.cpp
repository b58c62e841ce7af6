#include "sim/distributions.hpp"

#include <algorithm>
#include <functional>
#include <random>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace qantar::sim {
namespace {

using Long = long double;
using ::testing::HasSubstr;

constexpr double infinity = std::numeric_limits<double>::infinity();

// The same law by Boost.Math in long double: quantiles from below and from above, and both distribution
// functions.
struct Reference {
  std::function<Long(Long)> quantile, quantile_above, cdf, above;
};

template <class Law>
Reference boost_law(const Law& law, Long scale = 1) {
  using boost::math::complement;
  return {[=](Long u) { return scale * quantile(law, u); },
          [=](Long v) { return scale * quantile(complement(law, v)); }, [=](Long x) { return cdf(law, x / scale); },
          [=](Long x) { return cdf(complement(law, x / scale)); }};
}

Reference line(Long low, Long high) {
  return {[=](Long u) { return low + u * (high - low); }, [=](Long v) { return high - v * (high - low); },
          [=](Long x) { return (x - low) / (high - low); }, [=](Long x) { return (high - x) / (high - low); }};
}

// The law of exp(X), where X follows `law`.
Reference exponential_of(const Reference& law) {
  return {[=](Long u) { return std::exp(law.quantile(u)); }, [=](Long v) { return std::exp(law.quantile_above(v)); },
          [=](Long x) { return law.cdf(std::log(x)); }, [=](Long x) { return law.above(std::log(x)); }};
}

// The law of |X|, where X is symmetric about 0.
Reference absolute(const Reference& law) {
  return {[=](Long u) { return law.quantile((1 + u) / 2); }, [=](Long v) { return law.quantile_above(v / 2); },
          [=](Long x) { return 1 - 2 * law.above(x); }, [=](Long x) { return 2 * law.above(x); }};
}

Reference reference(Family family, const std::vector<double>& a) {
  using Normal = boost::math::normal_distribution<Long>;
  switch (family) {
    case Family::uniform:
      return line(a[0], a[1]);
    case Family::log_uniform:
      return exponential_of(line(std::log(Long{a[0]}), std::log(Long{a[1]})));
    case Family::normal:
      return boost_law(Normal(a[0], a[1]));
    case Family::lognormal:
      return exponential_of(boost_law(Normal(std::log(Long{a[0]}), a[1])));
    case Family::half_normal:
      return absolute(boost_law(Normal(0, a[0])));
    case Family::beta:
      return boost_law(boost::math::beta_distribution<Long>(a[0], a[1]));
    default:
      return boost_law(boost::math::gamma_distribution<Long>(a[1]), Long{a[0]} / Long{a[1]});
  }
}

struct Case {
  Family family;
  std::vector<double> arguments;
  double low, high;  // a truncation with something inside
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {Family::uniform, {-1, 3}, 0, 2.5},
      {Family::uniform, {0, 0.25}, 0.2, 1},
      {Family::log_uniform, {0.001, 20}, 0.01, 0.5},
      {Family::normal, {0.3, 2}, 0, infinity},
      {Family::normal, {0, 1}, 5, 9},  // far out in the upper tail, where 1 - p has no digits left
      {Family::normal, {0, 1}, -9, -5},
      {Family::lognormal, {18, 0.5}, 1, 100},
      {Family::lognormal, {0.2, 1.5}, 0, 0.01},
      {Family::half_normal, {0.3}, 0.1, 1},
      {Family::half_normal, {2}, 12, infinity},
      {Family::beta, {4, 2}, 0.2, 0.9},
      {Family::beta, {8, 2}, 0.99, 1},
      {Family::beta, {0.5, 0.5}, 0.1, 0.2},
      {Family::beta, {1, 1}, 0, 1},
      {Family::beta, {0.05, 3}, 1e-9, 0.5},
      {Family::beta, {900, 1100}, 0.4, 0.6},
      {Family::gamma, {3, 2}, 0.5, 12},
      {Family::gamma, {18, 0.2}, 1, infinity},
      {Family::gamma, {1e-3, 1}, 0, 1e-3},
      {Family::gamma, {1000, 5000}, 1000, 1100},
  };
  return all;
}

const std::vector<double>& shares() {
  static const std::vector<double> all = [] {
    std::vector<double> u{0x1p-33, 1e-6, 0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999, 1 - 1e-6, 1 - 0x1p-33};
    std::mt19937_64 generator(1);
    for (int i = 0; i < 100; ++i) u.push_back((static_cast<double>(generator() >> 32) + 0.5) * 0x1p-32);
    return u;
  }();
  return all;
}

void expect_close(double value, Long truth, const Case& c, double u) {
  const double least = 1e-300;  // a quantile below this may be rounded to 0
  if (std::fabs(truth) < Long{least}) {
    EXPECT_LE(std::fabs(value), least);
    return;
  }
  // A sum of a mean and a deviation that nearly cancel keeps the absolute accuracy of its terms only.
  const double cancelled = c.family == Family::normal ? 1e-15 * (std::fabs(c.arguments[0]) + c.arguments[1]) : 0;
  EXPECT_LE(std::fabs(Long{value} - truth), 1e-9L * std::fabs(truth) + cancelled)
      << Distribution(c.family, c.arguments).text() << " at " << u << ": " << value << " for "
      << static_cast<double>(truth);
}

TEST(Distribution, QuantilesAgreeWithBoost) {
  for (const Case& c : cases()) {
    const Distribution d(c.family, c.arguments);
    const Reference truth = reference(c.family, c.arguments);
    for (const double u : shares())
      expect_close(d.quantile(u), u <= 0.5 ? truth.quantile(u) : truth.quantile_above(1 - Long{u}), c, u);
  }
}

TEST(Distribution, TruncatedQuantilesAreConditional) {
  for (const Case& c : cases()) {
    Distribution d(c.family, c.arguments);
    ASSERT_TRUE(d.truncate(c.low, c.high));
    const Reference truth = reference(c.family, c.arguments);
    const auto inside = [&](double x) { return truth.cdf(x) > 0 && truth.above(x) > 0; };
    const bool low = inside(c.low), high = c.high < infinity && inside(c.high);
    const Long below_low = low ? truth.cdf(c.low) : 0, below_high = high ? truth.cdf(c.high) : 1;
    const Long above_low = low ? truth.above(c.low) : 1, above_high = high ? truth.above(c.high) : 0;
    for (const double u : shares()) {
      const Long below = below_low + Long{u} * (below_high - below_low);
      const Long above = above_high + (1 - Long{u}) * (above_low - above_high);
      expect_close(d.quantile(u), below <= above ? truth.quantile(below) : truth.quantile_above(above), c, u);
      EXPECT_GE(d.quantile(u), c.low);
      EXPECT_LE(d.quantile(u), c.high);
    }
  }
}

TEST(Distribution, QuantilesAreMonotone) {
  for (const Case& c : cases()) {
    Distribution whole(c.family, c.arguments), cut(c.family, c.arguments);
    ASSERT_TRUE(cut.truncate(c.low, c.high));
    for (const Distribution& d : {whole, cut}) {
      auto sorted = shares();
      for (const double centre : {0.01, 0.5, 0.97})  // neighbours among the numbers that a draw can yield
        for (int i = -20; i < 20; ++i) sorted.push_back(centre + i * 0x1p-32);
      std::ranges::sort(sorted);
      double before = -infinity;
      for (const double u : sorted) {
        const double x = d.quantile(u);
        EXPECT_GE(x, before) << d.text() << " at " << u;
        before = x;
      }
    }
  }
}

TEST(Distribution, SearchedQuantilesAreMonotoneToTheLastBit) {
  for (const Distribution& d : {Distribution(Family::beta, {900, 1100}), Distribution(Family::gamma, {1000, 5000}),
                                Distribution(Family::beta, {4, 2})})
    for (const double centre : {1e-5, 0.3, 0.5, 0.9999}) {
      double before = 0, u = centre;
      for (int i = 0; i < 300; ++i, u = std::nextafter(u, 1.0)) {
        const double x = d.quantile(u);
        EXPECT_GE(x, before);
        before = x;
      }
    }
}

TEST(Distribution, AFixedValueIsItself) {
  Distribution d(Family::fixed, {0.6});
  EXPECT_TRUE(d.is_fixed());
  EXPECT_EQ(d.quantile(0.01), 0.6);
  EXPECT_TRUE(d.truncate(0.6, 1));
  EXPECT_FALSE(d.truncate(0.7, 1));
  EXPECT_EQ(d.quantile(0.5), 0.6);
  EXPECT_EQ(Distribution().quantile(0.5), 0.0);
}

TEST(Distribution, TruncationsIntersect) {
  Distribution d(Family::normal, {0, 1});
  EXPECT_EQ(d.low(), -infinity);
  EXPECT_EQ(d.high(), infinity);
  ASSERT_TRUE(d.truncate(-1, 5));
  ASSERT_TRUE(d.truncate(-3, 2));
  EXPECT_EQ(d.low(), -1);
  EXPECT_EQ(d.high(), 2);
}

TEST(Distribution, AnEmptyTruncationIsRefusedAndChangesNothing) {
  for (const auto& [low, high] : {std::pair{2.0, 3.0}, {-2.0, 0.0}, {0.5, 0.5}, {0.6, 0.4}, {1.0, 5.0}}) {
    Distribution d(Family::beta, {4, 2});
    const double median = d.quantile(0.5);
    EXPECT_FALSE(d.truncate(low, high)) << low << ' ' << high;
    EXPECT_EQ(d.quantile(0.5), median);
    EXPECT_EQ(d.low(), -infinity);
  }
  Distribution u(Family::uniform, {0, 1});
  EXPECT_FALSE(u.truncate(std::nan(""), 1));
}

TEST(Distribution, AShareOutsideIsRefused) {
  const Distribution d(Family::normal, {0, 1});
  for (const double u : {0.0, 1.0, -0.1, 1.1, std::nan("")}) EXPECT_THROW((void)d.quantile(u), std::invalid_argument);
}

TEST(Distribution, ImpossibleArgumentsAreReportedWithTheRemedy) {
  const struct {
    Family family;
    std::vector<double> arguments;
    const char *what, *remedy;
  } wrong[] = {
      {Family::fixed, {}, "fixed takes 1 number (value) but has 0", ""},
      {Family::beta, {4}, "beta takes 2 numbers (a, b) but has 1", ""},
      {Family::half_normal, {1, 2}, "half_normal takes 1 number (sd) but has 2", ""},
      {Family::uniform, {3, 1}, "low of uniform is 3 and high is 1", "exchange them"},
      {Family::uniform, {1, 1}, "low must be below high", "write a plain number"},
      {Family::uniform, {-1.7e308, 1.7e308}, "too wide", "closer together"},
      {Family::uniform, {0, infinity}, "high of uniform is inf", "finite number"},
      {Family::log_uniform, {0, 1}, "low of log_uniform is 0", "write uniform"},
      {Family::log_uniform, {-1, 1}, "low of log_uniform is -1", "above 0"},
      {Family::log_uniform, {2, 1}, "low of log_uniform is 2 and high is 1", "exchange them"},
      {Family::normal, {0, 0}, "sd of normal is 0", "write a plain number"},
      {Family::normal, {0, -2}, "sd of normal is -2", "above 0"},
      {Family::normal, {std::nan(""), 1}, "mean of normal is nan", "finite number"},
      {Family::lognormal, {0, 1}, "median of lognormal is 0", "above 0"},
      {Family::lognormal, {1, 0}, "sd of the log of lognormal is 0", "write a plain number"},
      {Family::half_normal, {-1}, "sd of half_normal is -1", "above 0"},
      {Family::beta, {0, 1}, "a of beta is 0", "between 0.01 and 10000"},
      {Family::beta, {1, 1e5}, "b of beta is 100000", "write a normal or a plain number"},
      {Family::gamma, {0, 1}, "mean of gamma is 0", "above 0"},
      {Family::gamma, {1, -1}, "shape of gamma is -1", "between 0.01 and 10000"},
  };
  for (const auto& [family, arguments, what, remedy] : wrong) {
    const std::string problem = Distribution::problem(family, arguments);
    EXPECT_THAT(problem, HasSubstr(what));
    EXPECT_THAT(problem, HasSubstr(remedy));
    EXPECT_THROW(Distribution(family, arguments), std::invalid_argument);
  }
  for (const Case& c : cases()) EXPECT_EQ(Distribution::problem(c.family, c.arguments), "");
}

TEST(Distribution, NamesAndFamiliesMatch) {
  EXPECT_EQ(Distribution::families().size(), 7U);
  for (const Family family : Distribution::families()) {
    Family parsed = Family::fixed;
    EXPECT_TRUE(Distribution::parse(Distribution::name(family), parsed));
    EXPECT_EQ(parsed, family);
    EXPECT_NE(family, Family::fixed);
    EXPECT_FALSE(Distribution::argument_names(family).empty());
  }
  Family untouched = Family::beta;
  EXPECT_FALSE(Distribution::parse("betta", untouched));
  EXPECT_EQ(untouched, Family::beta);
  EXPECT_EQ(Distribution(Family::beta, {4, 2}).text(), "beta(4, 2)");
  EXPECT_EQ(Distribution(Family::half_normal, {0.25}).text(), "half_normal(0.25)");
}

}  // namespace
}  // namespace qantar::sim
