// Scores as promised: unbiased, proper, and intervals that cover. Every draw has an address, so nothing here is left to
// chance; tolerances are four standard errors unless said otherwise (false alarm below 1e-4 each, had the seed been
// free).
#include <cmath>

#include <boost/math/distributions/binomial.hpp>
#include <gtest/gtest.h>

#include "analysis/scoring/crps.hpp"
#include "analysis/scoring/energy.hpp"
#include "analysis/scoring/interval_score.hpp"
#include "analysis/scoring/probability.hpp"
#include "analysis/statistics/wilson.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"

namespace {

using namespace qantar::analysis;
using qantar::sim::Draws;

const Draws draws({20220105, 0, 0});

/// Mean of `n` numbers with its standard error.
template <class F>
Estimate mean_of(std::uint32_t n, F f) {
  double sum = 0, squares = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double x = f(i);
    sum += x;
    squares += x * x;
  }
  const double mean = sum / n;
  const double error = std::sqrt(std::max(0.0, squares / n - mean * mean) / n);
  return {mean, mean - 4 * error, mean + 4 * error};
}

// The mean fair score of a small ensemble is that of the law behind it; the plain one is too large by a known amount.
TEST(FairScores, AreUnbiasedForSmallEnsembles) {
  const double observed = 1.0, exact = 0.602441;  // normal law, known answer
  const auto score = [&](bool fair) {
    return mean_of(40000, [&](std::uint32_t i) {
      std::vector<double> members;
      for (std::uint32_t j = 0; j < 3; ++j) members.push_back(draws.normal(1, j, i));
      return fair ? fair_crps(members, observed) : crps(members, observed);
    });
  };
  const auto fair = score(true), plain = score(false);
  EXPECT_LT(fair.low, exact);
  EXPECT_GT(fair.high, exact);
  EXPECT_GT(plain.low, exact);  // the control: without the correction the test fails
  EXPECT_NEAR(plain.value - fair.value, 2 / std::sqrt(M_PI) / 6, 0.01);
}

TEST(FairScores, BrierIsUnbiased) {
  const double p = 0.3;
  const auto fair = mean_of(40000, [&](std::uint32_t i) {
    std::int64_t hits = 0;
    for (std::uint32_t j = 0; j < 4; ++j) hits += draws.happens(p, 2, j, i);
    return fair_brier(hits, 4, true);
  });
  EXPECT_LT(fair.low, 0.49);
  EXPECT_GT(fair.high, 0.49);
}

/// Pairs of standard normal numbers with this correlation, shift and spread, one after the other.
std::vector<double> pairs(std::uint32_t n, double correlation, double shift, double spread, std::uint32_t slot) {
  std::vector<double> out;
  for (std::uint32_t j = 0; j < n; ++j) {
    const double x = draws.normal(9, 2 * j, slot), y = draws.normal(9, 2 * j + 1, slot);
    out.push_back(shift + spread * x);
    out.push_back(shift + spread * (correlation * x + std::sqrt(1 - correlation * correlation) * y));
  }
  return out;
}

// Independent pairs: the length of X - y has a Rice law, whose mean at y = (1, 1) is sqrt(pi / 2) L_1/2(-1), and that
// of X - X' is sqrt(pi).
TEST(FairScores, EnergyIsUnbiasedAndItsIntervalCovers) {
  const std::vector<double> observed{1, 1};
  const double laguerre = std::exp(-0.5) * (2 * std::cyl_bessel_i(0, 0.5) + std::cyl_bessel_i(1, 0.5));
  const double exact = std::sqrt(M_PI / 2) * laguerre - 0.5 * std::sqrt(M_PI);
  const auto fair =
      mean_of(20000, [&](std::uint32_t i) { return fair_energy_score(pairs(3, 0, 0, 1, i), observed).value; });
  const auto plain = mean_of(20000, [&](std::uint32_t i) { return energy_score(pairs(3, 0, 0, 1, i), observed); });
  EXPECT_LT(fair.low, exact);
  EXPECT_GT(fair.high, exact);
  EXPECT_GT(plain.low, exact);  // the control
  const double at_zero = std::sqrt(M_PI / 2) - 0.5 * std::sqrt(M_PI);
  const auto covered = mean_of(4000, [&](std::uint32_t i) {
    const auto e = fair_energy_score(pairs(100, 0, 0, 1, i), std::vector<double>{0, 0});
    return double(e.low <= at_zero && at_zero <= e.high);
  });
  EXPECT_NEAR(covered.value, 0.95, 0.02);
}

/// Mean difference of two scores over observations from the true law: positive when the truth wins.
template <class Score>
Estimate advantage(std::uint32_t n, Score wrong_minus_true) {
  return mean_of(n, wrong_minus_true);
}

TEST(Proper, TheTrueProbabilityWins) {
  for (const double truth : {0.05, 0.3, 0.8})
    for (const double wrong : {truth - 0.04, truth + 0.04}) {
      const auto y = [&](std::uint32_t i) { return draws.happens(truth, 3, 0, i); };
      EXPECT_GT(advantage(200000, [&](auto i) { return brier(wrong, y(i)) - brier(truth, y(i)); }).value, 0);
      EXPECT_GT(advantage(200000, [&](auto i) { return log_score(wrong, y(i)) - log_score(truth, y(i)); }).value, 0);
    }
}

// A share of draws: of 50 in which the true probability is met, and of 50 in which it is not.
TEST(Proper, TheTrueShareOfDrawsHasTheLeastIgnorance) {
  for (const double wrong : {0.2, 0.44})
    EXPECT_GT(advantage(100000,
                        [&](auto i) {
                          const bool y = draws.happens(0.3, 10, 0, i);
                          const auto of = [&](double share) { return ignorance(y ? share : 1 - share, 50); };
                          return of(wrong) - of(0.3);
                        })
                  .low,
              0);
}

TEST(Proper, TheTrueLawOfANumberWins) {
  const auto law = [](double mean, double sd) {
    std::vector<double> out;
    for (int i = 0; i < 200; ++i) out.push_back(mean + sd * qantar::sim::normal_quantile((i + 0.5) / 200));
    return out;
  };
  const auto truth = law(0, 1);
  for (const auto& wrong : {law(0.4, 1), law(-0.4, 1), law(0, 0.6), law(0, 1.6)})
    EXPECT_GT(advantage(10000,
                        [&](auto i) {
                          const double y = draws.normal(11, 0, i);
                          return crps(wrong, y) - crps(truth, y);
                        })
                  .low,
              0);
}

// Wrong in its mean, its spread, or only in what goes together: each number alone is then as it should be.
TEST(Proper, TheTrueJointLawWins) {
  const std::uint32_t members = 100, n = 2000;
  const auto truth = pairs(members, 0.8, 0, 1, 1);
  for (const auto& wrong : {pairs(members, 0.8, 0.5, 1, 1), pairs(members, 0.8, 0, 0.6, 1),
                            pairs(members, 0.8, 0, 1.6, 1), pairs(members, 0, 0, 1, 1), pairs(members, -0.8, 0, 1, 1)})
    EXPECT_GT(advantage(n,
                        [&](auto i) {
                          const auto y = pairs(1, 0.8, 0, 1, 1000 + i);
                          return energy_score(wrong, y) - energy_score(truth, y);
                        })
                  .low,
              0);
}

/// Quantiles of an exponential time that never comes with probability `never`.
std::vector<double> law(double mean, double never) {
  std::vector<double> out;
  for (int i = 0; i < 400; ++i) {
    const double u = (i + 0.5) / 400;
    out.push_back(u < never ? double(NAN) : -mean * std::log1p(-(u - never) / (1 - never)));
  }
  return out;
}

// Times observed on [0, 10] only. Wrong laws have another mean, another probability of never, or pretend that what
// was not seen happens at the horizon's end.
TEST(Proper, TheTrueTimeWinsAlthoughTheRecordIsCut) {
  const double mean = 6, never = 0.3;
  const auto truth = law(mean, never);
  const auto observe = [&](std::uint32_t i) {
    if (draws.happens(never, 4, 0, i)) return double(NAN);
    const double t = -mean * std::log(draws.uniform(4, 1, i));
    return t <= 10 ? t : double(NAN);
  };
  const std::vector<std::vector<double>> wrong{law(3, 0.3), law(12, 0.3), law(6, 0.05), law(6, 0.7), law(6, 0.0)};
  for (const auto& other : wrong) {
    const auto gain = advantage(
        4000, [&](auto i) { return time_score(other, observe(i), 0, 10) - time_score(truth, observe(i), 0, 10); });
    EXPECT_GT(gain.low, 0);
  }
}

// The control: leaving "never" out, which looks natural, rewards a forecaster who says that it comes for certain.
TEST(Proper, LeavingNeverOutIsNotProper) {
  const double mean = 6, never = 0.5;
  std::vector<double> honest = law(mean, never), bold = law(mean, 0.0);
  const auto observe = [&](std::uint32_t i) {
    return draws.happens(never, 5, 0, i) ? double(NAN) : -mean * std::log(draws.uniform(5, 1, i));
  };
  const auto gain = advantage(4000, [&](auto i) {
    const double y = observe(i);
    return y == y ? time_score(honest, y, 0, 10) - time_score(bold, y, 0, 10) : 0.0;
  });
  EXPECT_GT(gain.low, 0);
}

TEST(Proper, TheTrueNumberWinsForAFixedInterval) {
  const auto sample = [&](double shift, std::uint32_t slot) {
    std::vector<double> out;
    for (std::uint32_t j = 0; j < 400; ++j) out.push_back(std::exp(5 + shift + draws.normal(6, j, slot)));
    return out;
  };
  const auto truth = sample(0, 1);
  // The observation is known only as below, inside or above the interval, at its distance.
  const auto loss = [&](const std::vector<double>& forecast, std::uint32_t i) {
    const double y = std::exp(5 + draws.normal(7, 0, i));
    const auto v = [](double x) {
      return x < 100   ? -std::min(1.0, std::log10(101 / (1 + x)))
             : x > 200 ? std::min(1.0, std::log10((1 + x) / 201))
                       : 0;
    };
    std::vector<double> members;
    for (const double x : forecast) members.push_back(v(x));
    return fair_crps(members, v(y));
  };
  for (const double shift : {-1.0, 0.7}) {
    const auto other = sample(shift, 2);
    EXPECT_GT(advantage(4000, [&](auto i) { return loss(other, i) - loss(truth, i); }).low, 0);
  }
}

TEST(Proper, TheTrueIntervalWins) {
  const double z = 1.6448536269514722;
  for (const double width : {0.6, 1.6}) {
    const auto gain = advantage(100000, [&](auto i) {
      const double y = draws.normal(8, 0, i);
      return interval_score(-z * width, z * width, y) - interval_score(-z, z, y);
    });
    EXPECT_GT(gain.low, 0);
  }
}

// Exact coverage, summed over the binomial law: between 0.90 and 0.99 at each share and 0.95 within 0.01 on average.
// The textbook interval p +- z sqrt(p (1 - p) / n) is shown to fail the same test.
TEST(WilsonInterval, CoversAtItsLevel) {
  const auto coverage = [](std::int64_t n, double p, bool textbook) {
    const boost::math::binomial binomial(static_cast<double>(n), p);
    double sum = 0;
    for (std::int64_t k = 0; k <= n; ++k) {
      Estimate e = wilson(k, n);
      if (textbook) {
        const double half = 1.959963984540054 * std::sqrt(e.value * (1 - e.value) / static_cast<double>(n));
        e = {e.value, e.value - half, e.value + half};
      }
      if (p >= e.low && p <= e.high) sum += boost::math::pdf(binomial, static_cast<double>(k));
    }
    return sum;
  };
  for (const std::int64_t n : {20, 100, 1000}) {
    double mean = 0, worst_textbook = 1;
    int cells = 0;
    for (double p = 0.05; p < 0.96; p += 0.01, ++cells) {
      const double c = coverage(n, p, false);
      EXPECT_GT(c, 0.90) << n << ' ' << p;
      EXPECT_LT(c, 0.99) << n << ' ' << p;
      mean += c;
      worst_textbook = std::min(worst_textbook, coverage(n, p, true));
    }
    EXPECT_NEAR(mean / cells, 0.95, 0.01) << n;
    if (n == 20) {
      EXPECT_LT(worst_textbook, 0.7);
    }
  }
}

}  // namespace
