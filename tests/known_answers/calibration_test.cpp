// Calibration where the answer is known.
#include "analysis/calibration/calibration.hpp"

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/calibration/chains.hpp"
#include "analysis/calibration/emulator.hpp"
#include "analysis/statistics/quantile.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {
namespace {

sim::Priors uniform_priors(std::size_t count, double low, double high) {
  sim::Priors priors;
  for (std::size_t j = 0; j < count; ++j)
    priors.add("x" + std::to_string(j), sim::Distribution(sim::Family::uniform, {low, high}));
  return priors;
}

/// Rows that are outcomes with normal errors of known deviation.
class NormalErrors final : public RecordLaw {
 public:
  NormalErrors(std::vector<double> documented, double sd) : documented_(std::move(documented)), sd_(sd) {
    for (std::size_t r = 0; r < documented_.size(); ++r) names_.push_back("row" + std::to_string(r));
  }
  std::size_t size() const override { return documented_.size(); }
  const std::string& name(std::size_t row) const override { return names_[row]; }
  const std::vector<double>& documented() const override { return documented_; }
  double log_density(std::span<const double>, std::span<const double>) const override { return 0; }
  std::vector<double> sample(std::span<const double> outcomes, const sim::Draws& draws) const override {
    std::vector<double> out(outcomes.begin(), outcomes.end());
    for (std::uint32_t r = 0; r < out.size(); ++r) out[r] += sd_ * draws.normal(7, r, 0);
    return out;
  }

 private:
  std::vector<double> documented_;
  std::vector<std::string> names_;
  double sd_;
};

// Exact with a known variance: |x^2 - 1| <= 3 * 0.1, so x between sqrt(0.7) and sqrt(1.3) or their negatives.
TEST(HistoryMatching, KeepsExactlyWhatIsNoWonder) {
  const Account account = make_account("square", uniform_priors(1, -2, 2), [](auto values, const auto&) {
    return std::vector<double>{values[0] * values[0]};
  });
  const NormalErrors law({1.0}, 0.1);
  Calibrator calibrator(account, law, {.trials = 8000});
  while (calibrator.advance()) {
  }
  for (const double side : {-1.0, 1.0}) {
    std::vector<double> kept;
    for (int i = 1; i < 4000; ++i) {
      const double x = side * 2.0 * i / 4000.0;
      if (calibrator.region().holds(std::vector{(x + 2.0) / 4.0})) kept.push_back(std::abs(x));
    }
    ASSERT_FALSE(kept.empty());
    EXPECT_NEAR(kept.front(), 0.8367, 0.008367);
    EXPECT_NEAR(kept.back(), 1.1402, 0.011402);
  }
  const CalibrationResult found = calibrator.result();
  ASSERT_GT(found.waves.size(), 1U);
  EXPECT_NEAR(found.waves[1].surprises, 0.0027, 0.003);  // of a normal law, beyond three deviations
  EXPECT_NEAR(found.waves.back().volume, 2.0 * (1.1402 - 0.8367) / 4.0, 0.02);
  EXPECT_FALSE(found.none);
}

TEST(HistoryMatching, AnImpossibleRecordEndsInNone) {
  const Account account = make_account("square", uniform_priors(1, -2, 2), [](auto values, const auto&) {
    return std::vector<double>{values[0] * values[0], values[0]};
  });
  const CalibrationResult negative = calibrate(account, NormalErrors({-1.0, 0.0}, 0.1), {.trials = 500});
  EXPECT_TRUE(negative.none);
  EXPECT_EQ(negative.rows.front().name, "row0");
  EXPECT_NEAR(negative.rows.front().least, 10.0, 1.5);
  EXPECT_TRUE(negative.parameters.empty());
  // x^2 = 1 and x = 0 can each be met.
  const CalibrationResult both = calibrate(account, NormalErrors({1.0, 0.0}, 0.1), {.trials = 500});
  EXPECT_TRUE(both.none);
  ASSERT_EQ(both.contradictions.size(), 1U);
  EXPECT_EQ(both.contradictions.front().one, "row0");
  EXPECT_EQ(both.contradictions.front().other, "row1");
  for (const auto& row : both.rows) EXPECT_LT(row.least, implausibility_cut) << row.name;
}

// A row that no parameter moves is as far everywhere, so nothing can be cut and nothing is left.
TEST(HistoryMatching, ARowOutOfReachEverywhereEndsInNone) {
  const Account account = make_account("deaf", uniform_priors(2, 0, 1), [](auto, const sim::Draws& draws) {
    return std::vector<double>{draws.normal(1, 0, 0)};
  });
  const CalibrationResult found = calibrate(account, NormalErrors({3.5}, 0.1), {.trials = 500});
  EXPECT_TRUE(found.none);
  EXPECT_NEAR(found.nearest, 3.5, 0.3);
}

// "Never" comes after every number; where no trial under the priors was never, nothing is cut, and a later one is last.
TEST(HistoryMatching, NeverIsTheLatest) {
  const double never = sim::never;
  std::vector<double> records;
  for (int i = 0; i < 100; ++i) records.insert(records.end(), {double(i), i < 50 ? double(i) : never});
  const RowScales scales(records, {5.0, 5.0});
  EXPECT_EQ(scales(0, 98.5), 98.5);
  EXPECT_EQ(scales(0, 200.0), 200.0);
  EXPECT_EQ(scales(0, never), 99.0);
  EXPECT_EQ(scales(1, 10.0), 10.0);
  EXPECT_NEAR(scales(1, 49.0), 46.55, 1e-9);  // 95 % of 0 .. 49
  EXPECT_EQ(scales(1, never), scales(1, 49.0));
  EXPECT_EQ(RowScales(records, {5.0, 48.0})(1, never), 48.0);  // what is documented is not cut
}

// Twenty rows that are each two deviations off are no wonder one by one, and as far as 80 is from 20 together.
TEST(Calibration, ARecordThatIsOffAltogetherWidensTheLikelihood) {
  const Account account = make_account("many", uniform_priors(1, -1, 1), [](auto values, const sim::Draws& draws) {
    std::vector<double> out;
    for (std::uint32_t r = 0; r < 20; ++r) out.push_back((r == 0 ? values[0] : 0.0) + draws.normal(1, r, 0));
    return out;
  });
  std::vector<double> off(20, 2.0), near(20, 0.0);
  for (std::size_t r = 1; r < 20; r += 2) off[r] = -2.0;
  const CalibrationResult far = calibrate(account, NormalErrors(off, 0.01), {.trials = 2000});
  ASSERT_FALSE(far.none);
  EXPECT_NEAR(far.discrepancy, 2.0, 0.2);
  const NormalErrors law(off, 0.01);
  Calibrator calibrator(account, law, {.trials = 2000});
  while (calibrator.advance()) {
  }
  auto likelihood = calibrator.likelihood();
  const auto slope = [&] {
    return likelihood.log_density(std::vector{0.9}) - likelihood.log_density(std::vector{0.1});
  };
  const double before = slope();
  likelihood.widen(2.0);
  EXPECT_GT(before, 1.0);
  EXPECT_NEAR(before / slope(), 4.0, 0.2);
  EXPECT_EQ(calibrate(account, NormalErrors(near, 0.01), {.trials = 2000}).discrepancy, 1.0);
}

// Two outcomes with luck of their own, one of them answered by yes or no, one that may never come, and idle parameters.
Simulator planted() {
  return [](std::span<const double> x, const sim::Draws& draws) {
    const double luck = draws.normal(1, 0, 0);
    std::vector<double> out;
    out.push_back(x[0] + 0.5 * x[1] + 0.8 * luck);
    out.push_back(x[1] * x[1] + 0.3 * luck + 0.5 * draws.normal(1, 1, 0));
    out.push_back(draws.uniform(1, 2, 0) < sim::logistic(2.0 * x[0]) ? 1.0 : 0.0);
    out.push_back(draws.uniform(1, 3, 0) < 0.8 ? 2.0 * x[2] + draws.normal(1, 4, 0) : sim::never);
    return out;
  };
}

TEST(Calibration, IntervalsCoverPlantedTruths) {
  const Account account = make_account("planted", uniform_priors(8, -1, 1), planted());
  constexpr int truths = 200;
  std::vector<int> covered(account.dimension(), 0);
  double narrowing = 0;
  for (std::uint32_t t = 0; t < truths; ++t) {
    const sim::Draws draws(sim::TrialKey{99, 0, t});
    std::vector<double> u, values;
    for (std::uint32_t j = 0; j < account.dimension(); ++j) u.push_back(draws.uniform(50, j, 0));
    for (const double x : u) values.push_back(2.0 * x - 1.0);
    const NormalErrors law(planted()(values, draws), 0.2);
    const NormalErrors documented(law.sample(law.documented(), draws), 0.2);
    const CalibrationResult found = calibrate(account, documented, {.seed = t, .trials = 600, .draws = 250});
    ASSERT_FALSE(found.none) << t;
    for (std::size_t j = 0; j < account.dimension(); ++j)
      covered[j] += found.parameters[j].low <= u[j] && u[j] <= found.parameters[j].high;
    narrowing += found.parameters[0].narrowing / truths;
  }
  int all = 0;
  for (std::size_t j = 0; j < account.dimension(); ++j) {
    all += covered[j];
    EXPECT_NEAR(covered[j] / double(truths), 0.9, 0.065) << j;
  }
  EXPECT_GT(all / double(truths * account.dimension()), 0.87);
  EXPECT_LT(all / double(truths * account.dimension()), 0.93);
  EXPECT_GT(narrowing, 0.1);
}

TEST(Emulator, FindsWhatMattersAndIgnoresTheRest) {
  constexpr std::size_t dimension = 60, trials = 1500;
  std::vector<double> u, y;
  for (std::uint32_t i = 0; i < trials; ++i) {
    const sim::Draws draws(sim::TrialKey{5, 0, i});
    for (std::uint32_t j = 0; j < dimension; ++j) u.push_back(draws.uniform(1, j, 0));
    const auto at = std::span(u).subspan(i * dimension);
    y.push_back(3.0 * at[4] * at[9] + at[4] + (0.2 + at[20]) * draws.normal(2, 0, 0));
  }
  const Emulator emulator(u, dimension, y);
  for (const std::size_t input : {4, 9, 20}) EXPECT_TRUE(std::ranges::count(emulator.active(), input)) << input;
  EXPECT_LE(emulator.active().size(), 5U);
  double off = 0, spread = 0;
  for (std::uint32_t i = 0; i < 500; ++i) {
    const sim::Draws draws(sim::TrialKey{6, 0, i});
    std::vector<double> at;
    for (std::uint32_t j = 0; j < dimension; ++j) at.push_back(draws.uniform(1, j, 0));
    const Emulated e = emulator.at(at);
    off += std::pow(e.mean - (3.0 * at[4] * at[9] + at[4]), 2) / e.mean_variance / 500;
    spread += e.luck_variance / std::pow(0.2 + at[20], 2) / 500;
  }
  EXPECT_NEAR(off, 1.0, 0.8);
  EXPECT_NEAR(spread, 1.0, 0.3);
}

TEST(Chains, KnowWhatTheyAreWorth) {
  // First-order autoregression: n (1 - a) / (1 + a) independent draws.
  constexpr std::size_t length = 4000;
  for (const double a : {0.0, 0.5, 0.9}) {
    std::vector<double> draws;
    for (std::uint32_t c = 0; c < 4; ++c) {
      const sim::Draws luck(sim::TrialKey{8, 0, c});
      double x = luck.normal(1, 0, 0);
      for (std::uint32_t i = 1; i <= length; ++i)
        draws.push_back(x = a * x + std::sqrt(1 - a * a) * luck.normal(1, 0, i));
    }
    const auto found = chain_diagnostics(draws, length);
    EXPECT_NEAR(found.effective / (4 * length), (1 - a) / (1 + a), 0.12 * (1 - a) / (1 + a)) << a;
    EXPECT_NEAR(found.r_hat, 1.0, 0.01) << a;
  }
  std::vector<double> apart;
  for (std::uint32_t i = 0; i < 4 * 100; ++i)
    apart.push_back(sim::Draws(sim::TrialKey{9, 0, i}).normal(1, 0, 0) + (i < 200 ? 0.0 : 3.0));
  EXPECT_GT(chain_diagnostics(apart, 100).r_hat, 1.5);
}

}  // namespace
}  // namespace qantar::analysis
