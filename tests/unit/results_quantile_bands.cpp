// Quantiles in bounded memory against the quantiles of the sorted values.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "sim/draws.hpp"
#include "sim/results/quantile_bands.hpp"

namespace qantar::sim {
namespace {

double exact(std::vector<float> values, double p) {
  std::ranges::sort(values);
  const double rank = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const double a = values[below], b = values[std::min(below + 1, values.size() - 1)];
  return a + (rank - static_cast<double>(below)) * (b - a);
}

/// A number without bounds on either side.
double logistic(const Draws& draw, std::uint32_t mechanism, std::uint32_t agent, std::uint32_t step) {
  const double u = draw.uniform(mechanism, agent, step);
  return std::log(u / (1 - u));
}

constexpr double quantiles[] = {0.05, 0.25, 0.5, 0.75, 0.95};

TEST(QuantileBands, are_exact_up_to_96_values) {
  QuantileBands bands(2);
  std::vector<float> values;
  for (int i = 0; i < 96; ++i) {
    values.push_back(static_cast<float>((i * 37) % 96) * 0.3f - 7);
    bands.add(1, values.back());
  }
  for (const double p : quantiles) EXPECT_NEAR(bands.quantile(1, p), exact(values, p), 1e-5);
  EXPECT_TRUE(std::isnan(bands.quantile(0, 0.5)));
}

TEST(QuantileBands, err_by_less_than_a_bin_whatever_the_values) {
  const Draws draw(TrialKey{1, 2, 3});
  const std::vector<std::function<double(std::uint32_t)>> kinds = {
      [&](std::uint32_t i) { return draw.uniform(0, i, 0); },
      [&](std::uint32_t i) { return 1e6 * std::exp(3 * logistic(draw, 1, i, 0)); },
      [&](std::uint32_t i) { return draw.uniform(2, i, 0) < 0.6 ? 0.0 : 1e-6 * draw.uniform(2, i, 1); },
      [&](std::uint32_t i) { return logistic(draw, 3, i, 0) - 1e4; },
      [&](std::uint32_t i) { return i < 200 ? 5.0 : 5.0 + i; },
      [&](std::uint32_t) { return 3.25; },
      [&](std::uint32_t i) { return i % 2 ? 1.0 : 0.0; },
      [&](std::uint32_t i) { return std::ldexp(1.0, static_cast<int>(i % 100)) * (i % 3 ? -1 : 1); },
      [&](std::uint32_t i) { return i == 150   ? -3e38
                                    : i == 151 ? 3e38
                                               : 1e-38; }};
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    QuantileBands bands(1);
    std::vector<float> values;
    for (std::uint32_t i = 0; i < 5000; ++i) {
      values.push_back(static_cast<float>(kinds[k](i)));
      bands.add(0, values.back());
    }
    const auto [low, high] = std::ranges::minmax(values);
    // One bin, and the gap to the neighbouring order statistic.
    const double width = (static_cast<double>(high) - static_cast<double>(low)) / 47;
    for (const double p : quantiles) {
      EXPECT_GE(bands.quantile(0, p), exact(values, p - 2.0 / 5000) - width * 1.0001) << k << " " << p;
      EXPECT_LE(bands.quantile(0, p), exact(values, p + 2.0 / 5000) + width * 1.0001) << k << " " << p;
    }
  }
}

TEST(QuantileBands, keep_zero_and_one_exactly) {
  QuantileBands bands(1);
  for (int i = 0; i < 1000; ++i) bands.add(0, i % 10 < 6 ? 0.f : 1.f);
  EXPECT_EQ(bands.quantile(0, 0.5), 0.f);
  EXPECT_EQ(bands.quantile(0, 0.75), 1.f);
}

TEST(QuantileBands, do_not_depend_on_order) {
  const Draws draw(TrialKey{5, 0, 0});
  std::vector<float> values;
  for (std::uint32_t i = 0; i < 3000; ++i) values.push_back(static_cast<float>(std::exp(2 * logistic(draw, 1, i, 0))));
  QuantileBands forward(1), sorted(1);
  for (const float v : values) forward.add(0, v);
  std::ranges::sort(values);
  for (const float v : values) sorted.add(0, v);
  for (const double p : quantiles) EXPECT_EQ(forward.quantile(0, p), sorted.quantile(0, p));
}

// The way of the result writer: whole rows at a time, in batches, before and after cells become histograms.
TEST(QuantileBands, are_the_same_row_by_row_and_one_by_one) {
  constexpr std::size_t cells = 40, rows = 500;
  const Draws draw({5, 0, 0});
  QuantileBands single(cells + 1), batches(cells + 1);
  std::vector<float> batch;
  for (std::uint32_t r = 0; r < rows; ++r) {
    for (std::uint32_t c = 0; c < cells; ++c) {
      // Some cells are mostly zero, some never defined, some begin small and grow, some have one far outlier.
      double x = logistic(draw, 1, c, r);
      if (c % 4 == 0 && draw.uniform(2, c, r) < 0.8) x = 0;
      if (c % 4 == 1) x *= 1 + r;
      if (c % 4 == 2 && r == 321) x = -1e12;
      if (c == 39 || draw.uniform(3, c, r) < 0.05) x = std::numeric_limits<double>::quiet_NaN();
      single.add(c + 1, static_cast<float>(x));
      batch.push_back(static_cast<float>(x));
    }
    if (r % 37 == 36 || r + 1 == rows) {
      batches.add(1, cells, batch);
      batch.clear();
    }
  }
  for (std::size_t c = 0; c <= cells; ++c)
    for (const double p : quantiles) {
      const float a = single.quantile(c, p), b = batches.quantile(c, p);
      EXPECT_TRUE(a == b || (std::isnan(a) && std::isnan(b))) << c << ", " << p << ": " << a << ", " << b;
    }
}

TEST(QuantileBands, leave_out_what_is_undefined) {
  QuantileBands bands(1);
  for (int i = 0; i < 300; ++i) bands.add(0, i % 3 ? std::numeric_limits<float>::quiet_NaN() : 2.f);
  bands.add(0, std::numeric_limits<float>::infinity());
  EXPECT_EQ(bands.quantile(0, 0.95), 2.f);
}

TEST(QuantileBands, stay_within_their_memory) {
  EXPECT_EQ(QuantileBands(60 * 450 * 8).bins(), 96u);
  EXPECT_EQ(QuantileBands(100, 100 * 4 * 50).bins(), 50u);
  EXPECT_EQ(QuantileBands(1000, 1).bins(), 16u);
}

}  // namespace
}  // namespace qantar::sim
