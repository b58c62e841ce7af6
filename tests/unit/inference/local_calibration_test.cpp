#include "analysis/inference/local_calibration.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "sim/draws.hpp"

namespace local_calibration_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;

/// Records at distances 0, 1, 2, ... of which the first `near` are called account 0 with `said`, and are it with
/// `so`; beyond them both are one half.
std::vector<Judged> records(std::uint64_t seed, std::size_t near, double said, double so) {
  std::vector<Judged> out;
  for (std::uint32_t i = 0; i < 4000; ++i) {
    const bool in = i < near;
    const double p = in ? said : 0.5;
    const bool first = sim::Draws({seed}).uniform(1, i, 0) < (in ? so : 0.5);
    out.push_back({first ? 0u : 1u, {p, 1 - p}, static_cast<double>(i)});
  }
  return out;
}

TEST(LocalCalibration, CountsTheNearestAndNothingElse) {
  const auto all = records(1, 200, 0.9, 0.6);
  const auto c = local_calibration(all, 0, 200);
  double so = 0;
  for (std::size_t i = 0; i < 200; ++i) so += all[i].truth == 0;
  EXPECT_EQ(c.records, 200u);
  EXPECT_NEAR(c.predicted, 0.9, 1e-12);
  EXPECT_EQ(c.observed, so / 200);
  const double share = (so + 1) / 202;
  EXPECT_NEAR(c.standard_error, std::sqrt(share * (1 - share) / 200), 1e-12);  // 0.03; calibrated predictions have 0.02
  // The other account is the same seen from its side.
  const auto other = local_calibration(all, 1, 200);
  EXPECT_NEAR(other.predicted, 1 - c.predicted, 1e-12);
  EXPECT_NEAR(other.observed, 1 - c.observed, 1e-12);
  EXPECT_EQ(local_calibration(all, 0, 100000).records, 4000u);
}

TEST(LocalCalibration, SeesWhatIsWrongOnlyNearTheRecord) {
  int right = 0, wrong = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    right += local_calibration(records(seed, 200, 0.9, 0.9), 0, 200).calibrated();
    wrong += local_calibration(records(seed, 200, 0.9, 0.7), 0, 200).calibrated();
  }
  EXPECT_GE(right, 990);  // 0.3 % beyond three standard errors
  EXPECT_LE(wrong, 20);   // 6.2 standard errors off, of which three are allowed
  // Over all records the same mistake is a twentieth as large, and goes unseen.
  EXPECT_TRUE(local_calibration(records(1, 200, 0.9, 0.7), 0, 4000).calibrated());
  EXPECT_FALSE(local_calibration(records(1, 200, 0.9, 0.7), 0, 200).calibrated());
}

TEST(LocalCalibration, OneSurpriseAmongCertaintiesProvesNothing) {
  auto all = records(1, 200, 1 - 1e-9, 1);
  EXPECT_TRUE(local_calibration(all, 0, 200).calibrated());
  all[7].truth = 1;
  EXPECT_TRUE(local_calibration(all, 0, 200).calibrated());
  for (std::size_t i = 0; i < 20; ++i) all[i].truth = 1;
  EXPECT_FALSE(local_calibration(all, 0, 200).calibrated());
}

TEST(LocalCalibration, TiesAreTakenWholeAndOrderDoesNotMatter) {
  auto all = records(3, 200, 0.8, 0.8);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].distance = std::floor(all[i].distance / 150);
    all[i].probability[0] = sim::Draws({4}).uniform(1, static_cast<std::uint32_t>(i), 0);
  }
  const auto c = local_calibration(all, 0, 200);
  EXPECT_EQ(c.records, 300u);
  std::ranges::reverse(all);
  const auto reversed = local_calibration(all, 0, 200);
  EXPECT_EQ(c.predicted, reversed.predicted);
  EXPECT_EQ(c.observed, reversed.observed);
  EXPECT_EQ(c.standard_error, reversed.standard_error);
}

TEST(LocalCalibration, RefusesWhatItCannotCount) {
  auto all = records(1, 10, 0.5, 0.5);
  EXPECT_THROW(local_calibration({}, 0, 10), std::invalid_argument);
  EXPECT_THROW(local_calibration(all, 0, 0), std::invalid_argument);
  EXPECT_THROW(local_calibration(all, 2, 10), std::invalid_argument);
  all[5].distance = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(local_calibration(all, 0, 10), std::invalid_argument);
}

}  // namespace
}  // namespace local_calibration_test
