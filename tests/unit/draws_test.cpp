#include "sim/draws.hpp"

#include <numeric>
#include <set>
#include <vector>

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <gtest/gtest.h>

#include "sim/generator_check.hpp"
#include "tests/support/statistics.hpp"

// The tests of fit below reject a right generator with probability `false_alarm` each. Seeds are fixed: a
// test that passes once always passes, until somebody changes the generator.
namespace qantar::sim::draws_test {
namespace {

using test::Fit;
constexpr double false_alarm = 1e-4;
constexpr double certain = 1e-12;  // what a wrong model must fall below
constexpr std::uint32_t many = 100000;

template <class Draw>
std::vector<double> sample(const Draw& draw, std::uint32_t n = many) {
  std::vector<double> values(n);
  for (std::uint32_t i = 0; i < n; ++i) values[i] = draw(i);
  return values;
}

TEST(Philox, ReproducesThePublishedVectors) {  // kat_vectors of Random123, philox4x32 with 10 rounds
  constexpr std::uint32_t ones = 0xffffffffU;
  EXPECT_EQ(philox({0, 0, 0, 0}, 0, 0), (Block{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U}));
  EXPECT_EQ(philox({ones, ones, ones, ones}, ones, ones), (Block{0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU}));
  EXPECT_EQ(philox({0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}, 0xa4093822U, 0x299f31d0U),
            (Block{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U}));
}

TEST(Philox, PassesItsOwnCheck) {
  EXPECT_NO_THROW(check_generator());
  EXPECT_NE(std::string(check_generator()).find("philox4x32-10"), std::string::npos);
}

TEST(OpenUnit, NeverReachesItsEnds) {
  EXPECT_EQ(open_unit(0), 0x1p-33);
  EXPECT_EQ(open_unit(0xffffffffU), 1 - 0x1p-33);
  EXPECT_LT(open_unit(0x7fffffffU), 0.5);
  EXPECT_GT(open_unit(0x80000000U), 0.5);
}

TEST(Draws, AreWhereTheirAddressSays) {
  const TrialKey key{.seed = 0x0123456789abcdefULL, .point = 7, .replicate = 11};
  const Block k = philox({7, 11, 0, 0x7121a1U}, 0x89abcdefU, 0x01234567U);
  const Draws draws(key);
  EXPECT_EQ(draws.trial(), key);
  EXPECT_EQ(draws.block(3, 5, 9, 2), philox({5, 9, 3, 2}, k[0], k[1]));
  EXPECT_EQ(draws.uniform(3, 5, 9, 2), open_unit(draws.block(3, 5, 9, 2)[0]));
  EXPECT_EQ(draws.normal(3, 5, 9, 2), normal_quantile(draws.uniform(3, 5, 9, 2)));
  EXPECT_EQ(draws.uniform(3, 5, 9), draws.uniform(3, 5, 9, 0));
}

TEST(Draws, DoNotDependOnOtherDraws) {
  const Draws draws({.seed = 4, .point = 0, .replicate = 1});
  const double before = draws.uniform(1, 2, 3);
  for (std::uint32_t i = 0; i < 1000; ++i) (void)draws.poisson(50, 9, i, i);
  EXPECT_EQ(draws.uniform(1, 2, 3), before);
}

TEST(Draws, NoTwoAddressesShareABlock) {
  std::set<Block> seen;
  std::size_t addresses = 0;
  const Draws draws({.seed = 100, .point = 0, .replicate = 0});
  for (const std::uint32_t mechanism : {0U, 1U, 2U, 63U, 65535U})
    for (std::uint32_t agent = 0; agent < 40; ++agent)
      for (std::uint32_t step = 0; step < 40; ++step)
        for (const std::uint32_t slot : {0U, 1U, 2U, 255U, 256U, 512U}) {
          seen.insert(draws.block(mechanism, agent, step, slot));
          ++addresses;
        }
  EXPECT_EQ(seen.size(), addresses);
}

TEST(Draws, NoTwoTrialsShareLuck) {
  std::set<Block> seen;
  std::size_t trials = 0;
  for (std::uint64_t seed = 100; seed < 110; ++seed)  // neighbours
    for (std::uint32_t point = 0; point < 30; ++point)
      for (std::uint32_t replicate = 0; replicate < 300; ++replicate) {
        seen.insert(Draws({seed, point, replicate}).block(0, 0, 0));
        ++trials;
      }
  EXPECT_EQ(seen.size(), trials);
  EXPECT_NE(Draws({1, 2, 3}).block(0, 0, 0), Draws({1, 3, 2}).block(0, 0, 0));
  EXPECT_NE(Draws({1, 0, 0}).block(0, 0, 0), Draws({1ULL << 32, 0, 0}).block(0, 0, 0));
}

TEST(Draws, AGroupIsLaidOutAsItSays) {
  const Draws draws({.seed = 6, .point = 1, .replicate = 2});
  for (const std::uint32_t group : {0U, 1U, 1000U}) {
    std::vector<std::uint32_t> words(64);
    draws.group(17, group, 23, words.data());
    for (std::uint32_t w = 0; w < 4; ++w)
      for (std::uint32_t b = 0; b < 16; ++b) {
        const std::uint32_t agent = 64 * group + 16 * w + b;
        EXPECT_EQ(words[agent - 64 * group], draws.block(17, 16 * group + b, 23)[w]);
      }
  }
}

TEST(Draws, GroupsDoNotRepeatWords) {
  const Draws draws({.seed = 6, .point = 0, .replicate = 0});
  std::vector<double> units;
  for (std::uint32_t group = 0; group < 1000; ++group) {
    std::uint32_t words[64];
    draws.group(1, group, 0, words);
    for (const auto word : words) units.push_back(open_unit(word));
  }
  EXPECT_GT(test::kolmogorov_smirnov(units, [](double x) { return x; }).p_value, false_alarm);
  // 64000 words of 32 bits: 0.48 expected coincidences; five or more come with probability 2e-4.
  EXPECT_GT(std::set<double>(units.begin(), units.end()).size(), units.size() - 5);
}

// Along each part of the address in turn, where a weak generator would show a pattern.
TEST(Draws, UniformsAreUniformAlongEveryAxis) {
  const Draws draws({.seed = 100, .point = 0, .replicate = 0});
  const std::vector<std::vector<double>> axes{
      sample([&](std::uint32_t i) { return draws.uniform(1, i, 0); }),
      sample([&](std::uint32_t i) { return draws.uniform(1, 0, i); }),
      sample([&](std::uint32_t i) { return draws.uniform(1, 0, 0, i); }),
      sample([&](std::uint32_t i) { return draws.uniform(i % 65536, i / 65536, 0); }),
      sample([&](std::uint32_t i) {
        return Draws({100, 0, i}).uniform(1, 0, 0);
      }),
      sample([&](std::uint32_t i) {
        return Draws({100, i, 0}).uniform(1, 0, 0);
      }),
      sample([&](std::uint32_t i) {
        return Draws({i, 0, 0}).uniform(1, 0, 0);
      }),
  };
  for (const auto& u : axes) {
    EXPECT_GT(test::kolmogorov_smirnov(u, [](double x) { return x; }).p_value, false_alarm);
    EXPECT_GT(test::known_mean(u, 0.5, std::sqrt(1.0 / 12)).p_value, false_alarm);
    std::vector<double> squares, products;
    for (const double x : u) squares.push_back((x - 0.5) * (x - 0.5));
    EXPECT_GT(test::known_mean(squares, 1.0 / 12, std::sqrt(1.0 / 180)).p_value, false_alarm);  // variance
    for (std::size_t i = 1; i < u.size(); ++i) products.push_back((u[i] - 0.5) * (u[i - 1] - 0.5));
    EXPECT_GT(test::known_mean(products, 0, 1.0 / 12).p_value, false_alarm);  // neighbours are uncorrelated
  }
  EXPECT_LT(test::kolmogorov_smirnov(axes[0], [](double x) { return x * x; }).p_value, certain);
  EXPECT_LT(test::known_mean(axes[0], 0.51, std::sqrt(1.0 / 12)).p_value, certain);
}

TEST(Draws, EventsHappenAsOftenAsTheyShould) {
  const Draws draws({.seed = 100, .point = 0, .replicate = 0});
  for (const double p : {0.001, 0.3, 0.9}) {
    std::int64_t count = 0;
    for (std::uint32_t i = 0; i < many; ++i) count += draws.happens(p, 5, i, 1);
    EXPECT_GT(test::binomial_share(count, many, p).p_value, false_alarm);
    EXPECT_LT(test::binomial_share(count, many, p * 1.05 + 0.001).p_value, 1e-6);
  }
  for (std::uint32_t i = 0; i < 1000; ++i) {
    EXPECT_FALSE(draws.happens(0, 5, i, 2));
    EXPECT_TRUE(draws.happens(1, 5, i, 2));
  }
}

TEST(Draws, NormalsAreNormal) {
  const Draws draws({.seed = 100, .point = 0, .replicate = 0});
  const auto z = sample([&](std::uint32_t i) { return draws.normal(8, i, 0); });
  const auto cdf = [](double shift) {
    return [shift](double x) { return boost::math::cdf(boost::math::normal(shift, 1), x); };
  };
  EXPECT_GT(test::kolmogorov_smirnov(z, cdf(0)).p_value, false_alarm);
  EXPECT_LT(test::kolmogorov_smirnov(z, cdf(0.05)).p_value, certain);
}

TEST(Draws, DelaysAreGammaOfShapeTwo) {
  const Draws draws({.seed = 100, .point = 0, .replicate = 0});
  const double mean = 3;
  const auto delays = sample([&](std::uint32_t i) { return draws.delay(mean, 8, i, 0); });
  const auto cdf = [&](double shape) {
    return [=](double x) { return boost::math::cdf(boost::math::gamma_distribution<>(shape, mean / shape), x); };
  };
  EXPECT_GT(test::known_mean(delays, mean, mean / std::sqrt(2)).p_value, false_alarm);
  EXPECT_GT(test::kolmogorov_smirnov(delays, cdf(2)).p_value, false_alarm);
  EXPECT_LT(test::kolmogorov_smirnov(delays, cdf(1)).p_value, certain);
  for (const double d : delays) EXPECT_GT(d, 0);
}

Fit poisson_fit(const std::vector<double>& counts, double mean) {
  const boost::math::poisson law(mean);
  const auto cells = static_cast<std::size_t>(mean + 12 * std::sqrt(mean) + 12);
  std::vector<double> observed(cells, 0), expected(cells);
  for (const double k : counts) observed[std::min(static_cast<std::size_t>(k), cells - 1)] += 1;
  for (std::size_t k = 0; k < cells; ++k)
    expected[k] = static_cast<double>(counts.size()) * boost::math::pdf(law, static_cast<double>(k));
  return test::chi_square(observed, expected);
}

TEST(Draws, PoissonCountsArePoisson) {  // below, at and above the mean at which they are cut into pieces
  const Draws draws({.seed = 100, .point = 0, .replicate = 0});
  std::uint32_t step = 0;
  for (const double mean : {0.05, 1.0, 7.3, 15.9, 16.0, 16.1, 40.0, 500.0}) {
    const auto counts = sample([&](std::uint32_t i) { return draws.poisson(mean, 3, i, step); }, 20000);
    ++step;
    EXPECT_GT(test::known_mean(counts, mean, std::sqrt(mean)).p_value, false_alarm) << mean;
    std::vector<double> squares;
    for (const double k : counts) squares.push_back((k - mean) * (k - mean));
    EXPECT_GT(test::known_mean(squares, mean, std::sqrt(mean + 2 * mean * mean)).p_value, false_alarm) << mean;
    EXPECT_GT(poisson_fit(counts, mean).p_value, false_alarm) << mean;
    EXPECT_LT(poisson_fit(counts, mean + 0.2 * std::sqrt(mean)).p_value, certain) << mean;
  }
  EXPECT_EQ(draws.poisson(0, 3, 1, 1), 0U);
  EXPECT_EQ(draws.poisson(-1, 3, 1, 1), 0U);
}

}  // namespace
}  // namespace qantar::sim::draws_test
