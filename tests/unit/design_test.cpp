// Designs have the structure that their analyses rely on. Nothing here is random: every seed is fixed.
#include "sim/design/design.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <thread>

#include <boost/random/sobol.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/design/morris.hpp"
#include "sim/design/permutation.hpp"
#include "sim/design/sobol.hpp"
#include "sim/draws.hpp"
#include "tests/support/statistics.hpp"

namespace qantar::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double false_alarm = 1e-4;  // of each test of fit, had the seed been free
constexpr double certain = 1e-12;     // what a wrong model must fall below

std::vector<double> row_of(const Design& design, std::int64_t index) {
  std::vector<double> out(design.factors());
  design.row(index, out);
  return out;
}

/// What make_design has against a shape; empty when nothing.
std::string complaint(const DesignShape& shape) {
  try {
    (void)make_design(shape);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

const std::vector<DesignShape>& one_of_each() {
  static const std::vector<DesignShape> shapes{
      {DesignKind::grid, 3, 0, {2, 3, 5}, 1}, {DesignKind::latin_hypercube, 5, 1000, {}, 1},
      {DesignKind::sobol, 5, 1000, {}, 1},    {DesignKind::morris, 5, 100, {6}, 1},
      {DesignKind::saltelli, 5, 100, {}, 1},  {DesignKind::listed, 2, 7, {}, 1},
  };
  return shapes;
}

TEST(Design, EveryNumberLiesInTheOpenInterval) {
  for (const auto& shape : one_of_each()) {
    const auto design = make_design(shape);
    EXPECT_EQ(design->factors(), shape.factors);
    for (std::int64_t i = 0; i < design->points(); ++i)
      for (const double u : row_of(*design, i)) {
        EXPECT_GT(u, 0);
        EXPECT_LT(u, 1);
      }
  }
}

TEST(Design, RefusesRowsThatDoNotExist) {
  for (const auto& shape : one_of_each()) {
    const auto design = make_design(shape);
    std::vector<double> out(shape.factors), wrong(shape.factors + 1);
    EXPECT_THROW(design->row(-1, out), std::invalid_argument);
    EXPECT_THROW(design->row(design->points(), out), std::invalid_argument);
    EXPECT_THROW(design->row(0, wrong), std::invalid_argument);
    EXPECT_NO_THROW(design->row(design->points() - 1, out));
  }
}

TEST(Design, SaysWhatIsImpossibleAndWhatWouldBePossible) {
  const auto kinds = {DesignKind::grid,   DesignKind::latin_hypercube, DesignKind::sobol,
                      DesignKind::morris, DesignKind::saltelli,        DesignKind::listed};
  for (const auto kind : kinds) {
    EXPECT_THAT(complaint({kind, 0, 10, {4}, 1}), HasSubstr("at least 1"));
    if (kind == DesignKind::grid) continue;
    for (const std::int64_t size : {std::int64_t{0}, std::int64_t{-1}, most_points + 1})
      EXPECT_THAT(complaint({kind, 2, size, {4}, 1}), HasSubstr("possible are 1 to")) << size;
  }
  EXPECT_THAT(complaint({DesignKind::grid, 2, 0, {3}, 1}), HasSubstr("one for each factor"));
  EXPECT_THAT(complaint({DesignKind::grid, 2, 0, {3, 0}, 1}), HasSubstr("at least 1"));
  EXPECT_THAT(complaint({DesignKind::grid, 2, 0, {65536, 65536}, 1}), HasSubstr("fewer values"));
  // The product passes 2^64, too.
  EXPECT_THAT(complaint({DesignKind::grid, 3, 0, {1LL << 32, 1LL << 32, 4}, 1}), HasSubstr("fewer values"));
  EXPECT_EQ(complaint({DesignKind::grid, 2, 0, {65535, 65537}, 1}), "");  // 2^32 - 1
  EXPECT_THAT(complaint({DesignKind::morris, 2, 10, {5}, 1}), HasSubstr("even numbers"));
  EXPECT_THAT(complaint({DesignKind::morris, 2, 10, {0}, 1}), HasSubstr("even numbers"));
  EXPECT_THAT(complaint({DesignKind::morris, 2, 10, {}, 1}), HasSubstr("one number of levels"));
  EXPECT_THAT(complaint({DesignKind::morris, 2, most_points / 3 + 1, {4}, 1}), HasSubstr("1431655765"));
  EXPECT_THAT(complaint({DesignKind::saltelli, 2, most_points / 4 + 1, {}, 1}), HasSubstr("1073741823"));
  EXPECT_THAT(complaint({DesignKind::sobol, 3668, 10, {}, 1}), HasSubstr("1 to 3667"));
  EXPECT_THAT(complaint({DesignKind::saltelli, 1834, 10, {}, 1}), HasSubstr("1 to 1833"));
  EXPECT_EQ(complaint({DesignKind::saltelli, 1833, 10, {}, 1}), "");
}

TEST(Design, SeedsDiffer) {
  for (auto shape : one_of_each()) {
    if (shape.kind == DesignKind::grid || shape.kind == DesignKind::listed) continue;
    std::set<std::vector<double>> seen;
    const std::vector<std::uint64_t> seeds{1, 2, 3, 1ULL << 32, 1ULL << 63};
    for (const auto seed : seeds) {
      shape.seed = seed;
      std::vector<double> first;
      const auto design = make_design(shape);
      for (std::int64_t i = 0; i < 6; ++i)
        for (const double u : row_of(*design, i)) first.push_back(u);
      seen.insert(first);
    }
    EXPECT_EQ(seen.size(), seeds.size()) << static_cast<int>(shape.kind);
  }
}

TEST(Design, IsAFunctionOfTheRowFromAnyThread) {
  for (const auto& shape : one_of_each()) {
    const auto design = make_design(shape);
    std::vector<std::vector<double>> forwards(design->points()), backwards(design->points());
    {
      std::jthread one([&] {
        for (std::int64_t i = 0; i < design->points(); ++i) forwards[i] = row_of(*design, i);
      });
      std::jthread other([&] {
        for (std::int64_t i = design->points(); i-- > 0;) backwards[i] = row_of(*design, i);
      });
    }
    EXPECT_EQ(forwards, backwards);
    EXPECT_EQ(row_of(*make_design(shape), 3), forwards[3]);
  }
}

// A list of ten million rows would take seconds and a gigabyte.
TEST(Design, LargeDesignsAreMadeAtOnce) {
  const auto start = std::chrono::steady_clock::now();
  for (const auto& shape : std::vector<DesignShape>{{DesignKind::grid, 2, 0, {10000, 1000}, 1},
                                                    {DesignKind::latin_hypercube, 20, 10000000, {}, 1},
                                                    {DesignKind::sobol, 20, 10000000, {}, 1},
                                                    {DesignKind::morris, 20, 1000000, {4}, 1},
                                                    {DesignKind::saltelli, 20, 1000000, {}, 1},
                                                    {DesignKind::listed, 20, 10000000, {}, 1}}) {
    const auto design = make_design(shape);
    EXPECT_GE(design->points(), 10000000);
    EXPECT_EQ(row_of(*design, design->points() - 1).size(), shape.factors);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

// Bits that must never change: a result file names its design by shape only.
TEST(Design, RowsAreWhatTheyWere) {
  const auto at = [](DesignKind kind, std::int64_t index) {
    return row_of(*make_design({kind, 3, kind == DesignKind::morris ? 1000 : 4000, {6}, 20220105}), index);
  };
  EXPECT_THAT(at(DesignKind::latin_hypercube, 1234),
              ElementsAre(0x1.88f5353b645a2p-1, 0x1.af09f1f3b645ap-2, 0x1.eed02b851eb85p-6));
  EXPECT_THAT(at(DesignKind::sobol, 1234), ElementsAre(0x1.530c3bd1p-1, 0x1.7af8fa35p-1, 0x1.ef849c41p-1));
  EXPECT_THAT(at(DesignKind::morris, 1234), ElementsAre(0.25, 0.25, 0x1.2aaaaaaaaaaabp-1));
  EXPECT_THAT(at(DesignKind::saltelli, 1234), ElementsAre(0x1.c5b5bd3dp-1, 0x1.b298a487p-1, 0x1.b08434cap-2));
}

TEST(Grid, IsInOrderWithTheLastFactorFastest) {
  const auto grid = make_design({DesignKind::grid, 3, 0, {2, 3, 5}, 1});
  ASSERT_EQ(grid->points(), 30);
  EXPECT_THAT(row_of(*grid, 0), ElementsAre(0.25, 0.5 / 3, 0.1));
  EXPECT_THAT(row_of(*grid, 1), ElementsAre(0.25, 0.5 / 3, 0.3));
  EXPECT_THAT(row_of(*grid, 5), ElementsAre(0.25, 0.5, 0.1));
  EXPECT_THAT(row_of(*grid, 29), ElementsAre(0.75, 2.5 / 3, 0.9));
  std::int64_t index = 0;
  for (int a = 0; a < 2; ++a)
    for (int b = 0; b < 3; ++b)
      for (int c = 0; c < 5; ++c, ++index) {
        const auto u = row_of(*grid, index);
        EXPECT_EQ(std::floor(u[0] * 2), a);
        EXPECT_EQ(std::floor(u[1] * 3), b);
        EXPECT_EQ(std::floor(u[2] * 5), c);
      }
}

TEST(Grid, NumbersComeBackForAnyCount) {
  for (const std::int64_t n :
       {std::int64_t{1}, std::int64_t{3}, std::int64_t{49}, std::int64_t{1000003}, most_points}) {
    const auto grid = make_design({DesignKind::grid, 1, 0, {n}, 1});
    const auto list = make_design({DesignKind::listed, 2, n, {}, 1});
    for (std::int64_t k = 0; k < 5000; ++k)
      for (const std::int64_t i : {k % n, n - 1 - k % n, k * 858993 % n}) {
        EXPECT_EQ(std::floor(row_of(*grid, i)[0] * static_cast<double>(n)), static_cast<double>(i));
        const auto u = row_of(*list, i);
        EXPECT_EQ(u[0], u[1]);
        EXPECT_EQ(std::floor(u[0] * static_cast<double>(n)), static_cast<double>(i));
      }
  }
}

TEST(Permutation, HitsEveryPlaceOnce) {
  for (const std::uint32_t n :
       {1U, 2U, 3U, 4U, 10U, 255U, 256U, 257U, 258U, 272U, 1000U, 1024U, 4097U, 65537U, 300000U}) {
    const Permutation p(n, 7, 3);
    std::vector<bool> hit(n, false);
    for (std::uint32_t i = 0; i < n; ++i) {
      const auto to = p(i);
      ASSERT_LT(to, n);
      EXPECT_FALSE(hit[to]) << n << ' ' << i;
      hit[to] = true;
    }
  }
  EXPECT_THROW(Permutation(0, 7, 3), std::invalid_argument);
}

TEST(Permutation, StaysInsideAndApartWhenLarge) {
  for (const std::uint32_t n : {10000019U, 2147483648U, 4294967295U}) {
    const Permutation p(n, 7, 3);
    std::set<std::uint32_t> to;
    for (std::uint32_t i = 0; i < 20000; ++i) {
      to.insert(p(i));
      to.insert(p(n - 1 - i));
    }
    EXPECT_EQ(to.size(), 40000U);
    EXPECT_LT(*to.rbegin(), n);
    EXPECT_GT(*to.rbegin(), n - n / 1000);
  }
}

// All 24 permutations of four things, and where a place goes among many, over seeds.
TEST(Permutation, IsUniformOverSeeds) {
  std::map<std::vector<std::uint32_t>, double> counts;
  for (std::uint64_t seed = 0; seed < 24000; ++seed) {
    const Permutation p(4, seed, 0);
    counts[{p(0), p(1), p(2), p(3)}] += 1;
  }
  ASSERT_EQ(counts.size(), 24U);
  std::vector<double> observed;
  for (const auto& [key, count] : counts) observed.push_back(count);
  EXPECT_GT(test::chi_square(observed, std::vector<double>(24, 1000)).p_value, false_alarm);

  for (const std::uint32_t n : {300U, 10007U}) {
    std::vector<double> places, together;
    for (std::uint64_t seed = 0; seed < 20000; ++seed) {
      const Permutation p(n, seed, 1);
      const double a = p(17), b = p(18);
      places.push_back((a + 0.5) / n);
      together.push_back((std::fmod(a - b + n, n) - 0.5) / (n - 1));  // 1 .. n - 1 with equal probability
    }
    // Steps of 1/n are small next to the distance that the test sees (0.015).
    EXPECT_GT(test::kolmogorov_smirnov(places, [](double x) { return x; }).p_value, false_alarm) << n;
    EXPECT_GT(test::kolmogorov_smirnov(together, [](double x) { return x; }).p_value, false_alarm) << n;
    EXPECT_LT(test::kolmogorov_smirnov(places, [](double x) { return std::pow(x, 1.2); }).p_value, certain) << n;
  }
}

TEST(LatinHypercube, HasEveryStratumExactlyOnce) {
  for (const std::int64_t n : {1, 2, 3, 7, 64, 100, 256, 257, 1000, 4096, 50000}) {
    const auto design = make_design({DesignKind::latin_hypercube, 6, n, {}, 11});
    std::vector<std::vector<bool>> hit(6, std::vector<bool>(n, false));
    for (std::int64_t i = 0; i < n; ++i) {
      const auto u = row_of(*design, i);
      for (std::size_t f = 0; f < 6; ++f) {
        const auto stratum = static_cast<std::size_t>(u[f] * static_cast<double>(n));
        EXPECT_FALSE(hit[f][stratum]) << n << " rows, row " << i << ", factor " << f;
        hit[f][stratum] = true;
      }
    }
  }
}

TEST(LatinHypercube, LargeOnesRepeatNoStratum) {
  for (const std::int64_t n : {std::int64_t{10000000}, most_points}) {
    const auto design = make_design({DesignKind::latin_hypercube, 1, n, {}, 11});
    std::set<std::int64_t> strata;
    for (std::int64_t i = 0; i < 20000; ++i)
      strata.insert(static_cast<std::int64_t>(row_of(*design, i * (n / 20000))[0] * static_cast<double>(n)));
    EXPECT_EQ(strata.size(), 20000U);
  }
}

// Inside a stratum the place is uniform, and factors know nothing of each other.
TEST(LatinHypercube, IsJitteredAndItsFactorsAreUnrelated) {
  const std::int64_t n = 20000;
  const auto design = make_design({DesignKind::latin_hypercube, 6, n, {}, 11});
  std::vector<double> inside;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<double>> products;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto u = row_of(*design, i);
    for (std::size_t f = 0; f < 6; ++f) {
      const double x = u[f] * static_cast<double>(n);
      inside.push_back(x - std::floor(x));
      for (std::size_t g = 0; g < f; ++g) products[{g, f}].push_back((u[f] - 0.5) * (u[g] - 0.5));
    }
  }
  EXPECT_GT(test::kolmogorov_smirnov(inside, [](double x) { return x; }).p_value, false_alarm);
  EXPECT_LT(test::kolmogorov_smirnov(inside, [](double x) { return std::pow(x, 1.1); }).p_value, certain);
  for (const auto& [pair, values] : products)
    EXPECT_GT(test::known_mean(values, 0, 1.0 / 12).p_value, false_alarm) << pair.first << ' ' << pair.second;
}

TEST(SobolSequence, PlainPointsAreTheKnownOnes) {
  const SobolSequence s(3, 1);
  const double expected[][3] = {
      {0, 0, 0}, {.5, .5, .5}, {.75, .25, .25}, {.25, .75, .75}, {.375, .375, .625}};  // Joe and Kuo
  for (std::uint32_t i = 0; i < 5; ++i)
    for (std::size_t d = 0; d < 3; ++d) EXPECT_EQ(s.plain(i, d) * 0x1p-32, expected[i][d]) << i << ' ' << d;
}

TEST(SobolSequence, PlainPointsAreThoseOfBoostAfterTheOrigin) {
  const std::size_t dimensions = 40;
  const SobolSequence s(dimensions, 1);
  boost::random::sobol engine(dimensions);  // 64 bits
  for (std::uint32_t i = 1; i < 5000; ++i)
    for (std::size_t d = 0; d < dimensions; ++d) ASSERT_EQ(s.plain(i, d), engine() >> 32) << i << ' ' << d;
  engine.seed(3000000000ULL);
  for (std::size_t d = 0; d < dimensions; ++d) EXPECT_EQ(s.plain(3000000001U, d), engine() >> 32);
}

/// How many of the first 2^k points lie in each elementary interval of the projection on two dimensions, 2^(k - a) by
/// 2^a of them, largest first.
template <class Coordinate>
std::vector<int> cells(unsigned k, unsigned a, std::size_t x, std::size_t y, const Coordinate& coordinate) {
  std::vector<int> counts(std::size_t{1} << k, 0);
  const auto high = [](std::uint32_t word, unsigned bits) { return bits == 0 ? 0 : word >> (32 - bits); };
  for (std::uint32_t i = 0; i < 1U << k; ++i)
    ++counts[(std::size_t{high(coordinate(i, x), k - a)} << a) + high(coordinate(i, y), a)];
  std::ranges::sort(counts, std::greater());
  return counts;
}

TEST(SobolSequence, TheScrambleKeepsTheNet) {
  const std::size_t dimensions = 12;
  const SobolSequence s(dimensions, 99);
  const auto plain = [&](std::uint32_t i, std::size_t d) { return s.plain(i, d); };
  const auto scrambled = [&](std::uint32_t i, std::size_t d) { return s.scrambled(i, d); };
  for (unsigned k = 0; k <= 10; ++k) {
    const std::vector<int> once(std::size_t{1} << k, 1);
    for (std::size_t d = 0; d < dimensions; ++d) EXPECT_EQ(cells(k, 0, d, d, scrambled), once) << k << ' ' << d;
    for (unsigned a = 0; a <= k; ++a) {
      EXPECT_EQ(cells(k, a, 0, 1, scrambled), once) << k << ' ' << a;  // a (0, k, 2)-net
      for (std::size_t d = 1; d < dimensions; ++d)                     // others are as good as the plain points are
        EXPECT_EQ(cells(k, a, d - 1, d, scrambled), cells(k, a, d - 1, d, plain)) << k << ' ' << a << ' ' << d;
    }
  }
  // The control: a random scramble of each point by itself keeps none.
  const auto broken = [&](std::uint32_t i, std::size_t d) { return s.scrambled(i, d) ^ (i * 2654435761U); };
  EXPECT_NE(cells(10, 0, 3, 3, broken), std::vector<int>(1024, 1));
}

TEST(SobolSequence, ScrambledPointsAreUniformOverSeedsAndDimensions) {
  for (const std::uint32_t index : {0U, 1U, 12345U}) {
    std::vector<double> over_seeds, over_dimensions, pairs;
    for (std::uint64_t seed = 0; seed < 20000; ++seed) {
      const SobolSequence s(2, seed);
      over_seeds.push_back(s.at(index, 1));
      pairs.push_back((s.at(index, 0) - 0.5) * (s.at(index, 1) - 0.5));
    }
    const SobolSequence s(3667, 5);
    for (std::size_t d = 0; d < 3667; ++d) over_dimensions.push_back(s.at(index, d));
    EXPECT_GT(test::kolmogorov_smirnov(over_seeds, [](double x) { return x; }).p_value, false_alarm);
    EXPECT_GT(test::kolmogorov_smirnov(over_dimensions, [](double x) { return x; }).p_value, false_alarm);
    EXPECT_GT(test::known_mean(pairs, 0, 1.0 / 12).p_value, false_alarm);
    EXPECT_LT(test::kolmogorov_smirnov(over_seeds, [](double x) { return std::pow(x, 1.2); }).p_value, certain);
  }
}

// Nested: a bit is flipped or not by what the higher bits are and by nothing else. The variance of a mean is that of
// Owen's scramble when any two flips are independent, which is what is tested, for the 31 flips of the five highest
// bits.
/// The largest correlation of two flips over 100000 seeds, of the scrambles scramble_of(seed)(coordinate).
template <class ScrambleOf>
double dependence(const ScrambleOf& scramble_of) {
  constexpr std::uint32_t depth = 5, nodes = (1U << depth) - 1, seeds = 100000;
  std::vector<std::vector<int>> together(nodes, std::vector<int>(nodes, 0));
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto scramble = scramble_of(seed);
    std::vector<int> flip(nodes + 1, 0);  // by node of the tree: 1 followed by the higher bits; -1 or 1
    for (std::uint32_t i = 0; i < 1U << depth; ++i) {
      const auto changed = (scramble(i << (32 - depth)) >> (32 - depth)) ^ i;
      for (std::uint32_t b = 0; b < depth; ++b) {
        const auto node = (1U << b) | (i >> (depth - b));
        const int flipped = ((changed >> (depth - 1 - b)) & 1U) != 0 ? 1 : -1;
        EXPECT_TRUE(flip[node] == 0 || flip[node] == flipped) << "not nested: seed " << seed << ", node " << node;
        flip[node] = flipped;
      }
    }
    for (std::uint32_t i = 0; i < nodes; ++i)
      for (std::uint32_t j = 0; j < i; ++j) together[i][j] += flip[i + 1] * flip[j + 1];
  }
  int largest = 0;
  for (const auto& line : together)
    for (const int sum : line) largest = std::max(largest, std::abs(sum));
  return static_cast<double>(largest) / seeds;
}

TEST(SobolSequence, TheScrambleIsNestedAndItsFlipsAreIndependentInPairs) {
  // The first dimension is the Gray code of the index with its bits reversed.
  const auto index_of = [](std::uint32_t x) {
    std::uint32_t code = 0, index = 0;
    for (unsigned b = 0; b < 32; ++b) code |= ((x >> b) & 1U) << (31 - b);
    for (; code != 0; code >>= 1) index ^= code;
    return index;
  };
  const auto ours = [&](std::uint64_t seed) {
    return [&, s = SobolSequence(1, seed)](std::uint32_t x) { return s.scrambled(index_of(x), 0); };
  };
  for (std::uint32_t i = 0; i < 32; ++i) ASSERT_EQ(SobolSequence(1, 1).plain(index_of(i << 27), 0), i << 27);
  // 465 pairs with a standard deviation of 0.0032 each: beyond 5.2 of them with probability 1e-4.
  EXPECT_LT(dependence(ours), 5.2 / std::sqrt(100000.0));
}

// The control: one round of the hash as it is printed in Burley (2020) has flips that go together.
TEST(SobolSequence, TheOriginalHashHasFlipsThatGoTogether) {
  const auto reversed = [](std::uint32_t x) {
    std::uint32_t out = 0;
    for (unsigned b = 0; b < 32; ++b) out |= ((x >> b) & 1U) << (31 - b);
    return out;
  };
  const auto original = [&](std::uint64_t seed) {
    return [&, addend = philox({0, 0, 0, 0}, static_cast<std::uint32_t>(seed), 0)[0]](std::uint32_t x) {
      x = reversed(x) + addend;
      x ^= x * 0x6c50b47cU;
      x ^= x * 0xb82f1e52U;
      x ^= x * 0xc7afe638U;
      x ^= x * 0x8d22f6e6U;
      return reversed(x);
    };
  };
  EXPECT_GT(dependence(original), 0.3);
}

// What the scramble is for: the error of a mean falls much faster than with independent points, and stays unbiased.
TEST(SobolSequence, IntegratesSmoothFunctionsWithLittleError) {
  const auto error = [](std::uint32_t n) {
    double squares = 0, sum = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const SobolSequence s(4, seed);
      double mean = 0;
      for (std::uint32_t i = 0; i < n; ++i) {
        double product = 1;
        for (std::size_t d = 0; d < 4; ++d) product *= 1 + (s.at(i, d) - 0.5);
        mean += product / n;
      }
      sum += mean - 1;
      squares += (mean - 1) * (mean - 1);
    }
    EXPECT_LT(std::fabs(sum / 200), 4 * std::sqrt(squares / 200 / 200)) << n;  // unbiased; false alarm 1e-4
    return std::sqrt(squares / 200);
  };
  const double coarse = error(64), fine = error(1024);
  EXPECT_LT(coarse, 0.61 / 8 / 5);  // independent points: sd of the product 0.61 over the root of 64
  EXPECT_LT(fine, coarse / 16);     // independent points: a quarter
}

TEST(Sobol, RowsAreTheSequence) {
  const auto design = make_design({DesignKind::sobol, 4, 100, {}, 8});
  const SobolSequence s(4, 8);
  EXPECT_EQ(design->points(), 100);
  EXPECT_THAT(row_of(*design, 77), ElementsAre(s.at(77, 0), s.at(77, 1), s.at(77, 2), s.at(77, 3)));
}

TEST(Morris, EachTrajectoryMovesEachFactorOnceByTheStep) {
  for (const std::int64_t levels : {2, 4, 6, 10}) {
    const std::int64_t trajectories = 200;
    const std::size_t factors = 5;
    const MorrisDesign design({DesignKind::morris, factors, trajectories, {levels}, 3});
    ASSERT_EQ(design.points(), trajectories * 6);
    std::set<std::vector<std::size_t>> orders;
    for (std::int64_t t = 0; t < trajectories; ++t) {
      auto before = row_of(design, t * 6);
      EXPECT_FALSE(design.move(t * 6).has_value());
      const auto moves = design.moves(t);
      std::vector<std::size_t> order;
      for (std::int64_t k = 1; k <= 5; ++k) {
        const auto after = row_of(design, t * 6 + k);
        const auto move = design.move(t * 6 + k);
        ASSERT_TRUE(move.has_value());
        EXPECT_EQ(*move, moves[static_cast<std::size_t>(k - 1)]);
        order.push_back(move->factor);
        for (std::size_t i = 0; i < factors; ++i) {
          const double due = i == move->factor ? move->direction * MorrisDesign::step : 0.0;
          EXPECT_NEAR(after[i] - before[i], due, due == 0 ? 0 : 1e-15);
          const double level = after[i] * static_cast<double>(levels) - 0.5;
          EXPECT_NEAR(level, std::round(level), 1e-13);
        }
        before = after;
      }
      orders.insert(order);
      std::ranges::sort(order);
      EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4));
    }
    EXPECT_GT(orders.size(), 80U);  // of 120; about 97 in 200 trajectories
  }
}

TEST(Morris, StartsOrdersAndDirectionsAreUniform) {
  const std::int64_t trajectories = 12000;
  const MorrisDesign design({DesignKind::morris, 3, trajectories, {4}, 3});
  std::map<std::vector<std::size_t>, double> orders;
  std::vector<double> starts(64, 0), ups(8, 0);
  for (std::int64_t t = 0; t < trajectories; ++t) {
    const auto first = row_of(design, t * 4);
    std::size_t start = 0, up = 0;
    for (const double u : first) start = start * 4 + static_cast<std::size_t>(u * 4);
    starts[start] += 1;
    std::vector<std::size_t> order;
    for (const auto& move : design.moves(t)) {
      order.push_back(move.factor);
      up |= (move.direction > 0 ? 1U : 0U) << move.factor;
    }
    orders[order] += 1;
    ups[up] += 1;
  }
  ASSERT_EQ(orders.size(), 6U);
  std::vector<double> counts;
  for (const auto& [order, count] : orders) counts.push_back(count);
  const double n = static_cast<double>(trajectories);
  EXPECT_GT(test::chi_square(counts, std::vector<double>(6, n / 6)).p_value, false_alarm);
  EXPECT_GT(test::chi_square(starts, std::vector<double>(64, n / 64)).p_value, false_alarm);
  EXPECT_GT(test::chi_square(ups, std::vector<double>(8, n / 8)).p_value, false_alarm);
}

TEST(Morris, RefusesMovesThatDoNotExist) {
  const MorrisDesign design({DesignKind::morris, 2, 3, {4}, 3});
  EXPECT_THROW((void)design.move(-1), std::invalid_argument);
  EXPECT_THROW((void)design.move(9), std::invalid_argument);
  EXPECT_THROW((void)design.moves(3), std::invalid_argument);
}

TEST(Saltelli, BlocksAreAThenBThenAWithOneColumnOfB) {
  const std::size_t factors = 4;
  const auto design = make_design({DesignKind::saltelli, factors, 50, {}, 21});
  const SobolSequence s(2 * factors, 21);
  ASSERT_EQ(design->points(), 50 * 6);
  for (std::int64_t base = 0; base < 50; ++base) {
    const auto a = row_of(*design, base * 6), b = row_of(*design, base * 6 + 1);
    for (std::size_t i = 0; i < factors; ++i) {
      EXPECT_EQ(a[i], s.at(static_cast<std::uint32_t>(base), i));
      EXPECT_EQ(b[i], s.at(static_cast<std::uint32_t>(base), factors + i));
      auto mixed = a;
      mixed[i] = b[i];
      EXPECT_NE(a[i], b[i]);
      EXPECT_EQ(row_of(*design, base * 6 + 2 + static_cast<std::int64_t>(i)), mixed);
    }
  }
}

}  // namespace
}  // namespace qantar::sim
