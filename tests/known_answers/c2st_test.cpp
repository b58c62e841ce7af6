// The classifier two-sample test on laws that it is known for.
#include "tests/known_answers/c2st.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "sim/numerics.hpp"

namespace c2st_test {
namespace {

using qantar::sim::Draws;
using namespace qantar::test;

/// Normal points of unit variance around (shift, shift, ...), any two coordinates with this correlation.
Points normal_points(Eigen::Index d, Eigen::Index n, double shift, double correlation, std::uint64_t seed) {
  Points out(d, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Draws draws({seed, 0, static_cast<std::uint32_t>(i)});
    const double common = draws.normal(1, 0, 0);
    for (Eigen::Index k = 0; k < d; ++k)
      out(k, i) = static_cast<float>(shift + std::sqrt(correlation) * common +
                                     std::sqrt(1 - correlation) * draws.normal(2, static_cast<std::uint32_t>(k), 0));
  }
  return out;
}

TEST(LongC2st, IsOneHalfForTheSameLaw) {
  for (const Eigen::Index d : {2, 10})
    EXPECT_NEAR(c2st(normal_points(d, 2000, 0, 0, 1), normal_points(d, 2000, 0, 0, 2)), 0.5, 4 * 0.5 / std::sqrt(4000));
}

// Two normal laws of unit variance whose means are a apart are told apart by the best rule with probability Phi(a/2).
TEST(LongC2st, IsTheBestAccuracyForShiftedNormals) {
  for (const Eigen::Index d : {2, 10})
    for (const double apart : {1.0, 2.0}) {
      const auto shifted = normal_points(d, 2000, apart / std::sqrt(static_cast<double>(d)), 0, 2);
      const double best = qantar::sim::normal_cdf(apart / 2), found = c2st(normal_points(d, 2000, 0, 0, 1), shifted);
      EXPECT_LT(found, best + 4 * 0.5 / std::sqrt(4000)) << d;
      EXPECT_GT(found, best - 0.05) << d;  // the network has to learn it
    }
}

TEST(LongC2st, SeesWhatGoesTogether) {
  for (const Eigen::Index d : {2, 10})
    EXPECT_GT(c2st(normal_points(d, 2000, 0, 0, 1), normal_points(d, 2000, 0, 0.9, 2)), 0.7);
}

}  // namespace
}  // namespace c2st_test
