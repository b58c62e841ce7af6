// The classifier check against what is known of it.
#include "analysis/inference/classifier.hpp"

#include <cmath>
#include <limits>

#include <Eigen/Core>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/draws.hpp"
#include "sim/numerics.hpp"

namespace classifier_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;
using ::testing::HasSubstr;

constexpr std::size_t per_account = 4000;

/// Unit normal numbers around a mean per account: the logit is then linear in them.
SimulatedDatasets gaussian(const std::vector<std::vector<double>>& means, std::uint64_t seed,
                           std::size_t n = per_account) {
  SimulatedDatasets r;
  r.kinds.assign(means[0].size(), sim::ValueKind::real);
  r.accounts = means.size();
  for (std::uint32_t i = 0; i < n; ++i)
    for (std::uint32_t k = 0; k < means.size(); ++k) {
      for (std::uint32_t c = 0; c < means[k].size(); ++c)
        r.values.push_back(means[k][c] + sim::Draws({seed, k, i}).normal(1, c, 0));
      r.account.push_back(k);
    }
  return r;
}

TEST(Classifier, FindsTheExactProbabilities) {
  const std::vector<std::vector<double>> means{{0, 0}, {1, 0.5}, {-1, 1}};
  const auto t = train_classifier(gaussian(means, 1));
  EXPECT_EQ(t.name(), "regression");  // no tree can improve on it
  EXPECT_GT(t.trees_log_score, t.regression_log_score);
  for (const auto& y : {std::vector{0.0, 0.0}, {1.0, 1.0}, {-1.0, 0.2}, {0.4, -1.0}}) {
    std::vector<double> exact;
    for (const auto& m : means) exact.push_back(-0.5 * ((y[0] - m[0]) * (y[0] - m[0]) + (y[1] - m[1]) * (y[1] - m[1])));
    const auto p = t.probabilities(y), truth = normalised(exact);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(p[k], truth[k], 0.03) << k;  // 0.007 is one standard error
  }
  EXPECT_NEAR(t.regression_temperature, 1, 0.1);
  // Held-out probabilities are calibrated, and as good as the exact ones.
  const auto held_out = confusion(t.held_out, 3);
  std::vector<Judged> exact;
  const auto records = gaussian(means, 1);
  for (std::size_t i = 0; i < records.size(); ++i) {
    std::vector<double> logs;
    for (const auto& m : means) {
      const auto y = records.row(i);
      logs.push_back(-0.5 * ((y[0] - m[0]) * (y[0] - m[0]) + (y[1] - m[1]) * (y[1] - m[1])));
    }
    exact.push_back({records.account[i], normalised(logs), 0});
  }
  EXPECT_NEAR(held_out.log_score, confusion(exact, 3).log_score, 0.005);
  EXPECT_NEAR(held_out.error, confusion(exact, 3).error, 0.01);
  for (const auto& bin : reliability(t.held_out))
    if (bin.count > 200) {
      EXPECT_NEAR(bin.predicted, bin.observed.value, 0.04);
    }
  for (const double z : model_calibration(t.held_out, 3).standard) EXPECT_LT(std::fabs(z), 4);
}

TEST(Classifier, HeldOutCalibrationTamesMoreColumnsThanRowsCanBear) {
  // Nothing tells these accounts apart, in 60 columns and 80 rows.
  const auto t = train_classifier(gaussian({std::vector<double>(60, 0.0), std::vector<double>(60, 0.0)}, 2, 40));
  EXPECT_GT(t.regression_temperature, 2);
  EXPECT_NEAR(confusion(t.held_out, 2).log_score, std::log(2.0), 0.05);
}

TEST(Classifier, NeverTellsWhatAValueCannot) {
  // Times with one and the same law; under one account 80 % never come, under the other 20 %.
  SimulatedDatasets r;
  r.kinds = {sim::ValueKind::time, sim::ValueKind::count};
  r.accounts = 2;
  for (std::uint32_t i = 0; i < 5000; ++i)
    for (std::uint32_t k = 0; k < 2; ++k) {
      const sim::Draws draws({3, k, i});
      const bool never = draws.uniform(1, 0, 0) < (k == 0 ? 0.8 : 0.2);
      r.values.push_back(never ? sim::never : 100 + 10 * draws.normal(1, 1, 0));
      r.values.push_back(7);  // a column that never varies
      r.account.push_back(k);
    }
  const auto t = train_classifier(r);
  const std::vector<double> never{sim::never, 7}, came{103, 7};
  EXPECT_NEAR(t.probabilities(never)[0], 0.8, 0.02);
  EXPECT_NEAR(t.probabilities(came)[0], 0.2, 0.02);
  EXPECT_EQ(record_distance(t, came, came), 0);
  EXPECT_GT(record_distance(t, came, never), 0.5);
}

/// Accounts that differ in spread, and in how often a value never comes, with names.
SimulatedDatasets named(std::size_t n) {
  SimulatedDatasets r;
  r.account_names = {"beta", "alpha", "gamma"};
  r.column_names = {"z", "x", "y", "w"};
  r.kinds = {sim::ValueKind::real, sim::ValueKind::count, sim::ValueKind::time, sim::ValueKind::real};
  r.accounts = 3;
  for (std::uint32_t k = 0; k < 3; ++k)
    for (std::uint32_t i = 0; i < n; ++i) {
      const sim::Draws draws({5, k, i});
      r.values.push_back((1 + k) * draws.normal(1, 0, 0));
      r.values.push_back(draws.poisson(3 + 0.3 * k, 2, 0, 0));
      r.values.push_back(draws.happens(0.1 * k, 3, 0, 0) ? sim::never : draws.uniform(3, 1, 0));
      r.values.push_back(draws.normal(4, 0, 0) + 0.2 * k);
      r.account.push_back(k);
    }
  return r;
}

TEST(Classifier, NoOrderChangesABit) {
  const auto r = named(100);
  const auto t = train_classifier(r, 5, 1);
  ASSERT_EQ(t.name(), "boosted trees");
  // Accounts, columns and rows in other orders; each account's records keep their own.
  constexpr std::size_t accounts[] = {2, 0, 1}, columns[] = {3, 1, 0, 2};
  SimulatedDatasets other = r;
  const auto permuted = [&](std::span<const double> record) {
    std::vector<double> out;
    for (const std::size_t c : columns) out.push_back(record[c]);
    return out;
  };
  other.values.clear();
  other.account.clear();
  for (std::size_t c = 0; c < 4; ++c) {
    other.column_names[c] = r.column_names[columns[c]];
    other.kinds[c] = r.kinds[columns[c]];
  }
  for (std::size_t k = 0; k < 3; ++k) other.account_names[k] = r.account_names[accounts[k]];
  for (std::size_t i = 0; i < 100; ++i)
    for (std::size_t k = 0; k < 3; ++k) {
      const auto record = permuted(r.row(accounts[k] * 100 + i));
      other.values.insert(other.values.end(), record.begin(), record.end());
      other.account.push_back(k);
    }
  const auto u = train_classifier(other, 5, 3);
  EXPECT_EQ(t.regression_log_score, u.regression_log_score);
  EXPECT_EQ(t.trees_log_score, u.trees_log_score);
  for (std::size_t i = 0; i < 100; ++i)
    for (std::size_t k = 0; k < 3; ++k) {
      const auto row = r.row(accounts[k] * 100 + i);
      const auto p = t.probabilities(row), q = u.probabilities(permuted(row));
      for (std::size_t j = 0; j < 3; ++j) {
        EXPECT_EQ(q[j], p[accounts[j]]);
        EXPECT_EQ(u.held_out[3 * i + k].probability[j], t.held_out[accounts[k] * 100 + i].probability[accounts[j]]);
      }
      EXPECT_EQ(record_distance(t, row, r.row(0)), record_distance(u, permuted(row), permuted(r.row(0))));
    }
}

TEST(Classifier, MatricesAreCutAlikeOnAllMachines) {
  EXPECT_EQ(Eigen::l1CacheSize(), 1 << 15);
  EXPECT_EQ(Eigen::l2CacheSize(), 1 << 18);
  EXPECT_EQ(Eigen::l3CacheSize(), 1 << 21);
}

TEST(Classifier, IdenticalAccountsGetEqualProbabilities) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto r = gaussian({{0, 0, 0}, {0, 0, 0}}, seed, 1000);
    const auto t = train_classifier(r);
    EXPECT_NEAR(confusion(t.held_out, 2).log_score, std::log(2.0), 0.002);
    for (std::size_t i = 0; i < 200; ++i) EXPECT_NEAR(t.probabilities(r.row(i))[0], 0.5, 0.15);
  }
}

TEST(Classifier, RefusesWhatDoesNotFit) {
  auto r = gaussian({{0}, {1}}, 1, 10);
  EXPECT_THROW(train_classifier(r, 1), std::invalid_argument);
  EXPECT_THROW(train_classifier(r, 11), std::invalid_argument);
  const auto t = train_classifier(r);
  EXPECT_THROW(t.probabilities(std::vector<double>{1, 2}), std::invalid_argument);
  r.values.pop_back();
  EXPECT_THROW(train_classifier(r), std::invalid_argument);
  r = gaussian({{0}, {1}}, 1, 10);
  r.accounts = 3;
  EXPECT_THROW(train_classifier(r), std::invalid_argument);
  r.accounts = 2;
  r.account_names = {"a", "a"};
  EXPECT_THAT([&] { train_classifier(r); }, ::testing::ThrowsMessage<std::invalid_argument>(HasSubstr("named a")));
  r.account_names = {"a"};
  EXPECT_THROW(train_classifier(r), std::invalid_argument);
  r.account_names.clear();
  r.values[3] = std::numeric_limits<double>::infinity();
  EXPECT_THAT([&] { train_classifier(r); }, ::testing::ThrowsMessage<std::invalid_argument>(HasSubstr("record 3")));
}

}  // namespace
}  // namespace classifier_test
