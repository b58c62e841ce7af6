#include "analysis/inference/classifier.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <stdexcept>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <fmt/format.h>

#include "sim/conversions.hpp"
#include "sim/numerics.hpp"
#include "sim/ordered.hpp"

namespace qantar::analysis {
namespace {

using Matrix = Eigen::MatrixXd;

constexpr double ridge = 1;
constexpr int most_iterations = 500;
constexpr double small_step = 1e-5;

// Eigen cuts sums of products by the caches of the machine, and so their rounding, unless it is told of some.
[[maybe_unused]] const bool same_blocks = [] {
  Eigen::setCpuCacheSizes(1 << 15, 1 << 18, 1 << 21);
  return true;
}();

/// Rows of logarithms to rows of probabilities.
void to_probabilities(Matrix& m) {
  for (Eigen::Index i = 0; i < m.rows(); ++i) {
    const double top = m.row(i).maxCoeff();
    double sum = 0;
    for (Eigen::Index k = 0; k < m.cols(); ++k) sum += m(i, k) = sim::exp(m(i, k) - top);
    m.row(i) /= sum;
  }
}

/// Coefficients, one column per account, for a design whose first column is 1.
Matrix fit(const Matrix& x, const Matrix& truth) {
  const Eigen::Index p = x.cols(), accounts = truth.cols();
  Eigen::VectorXd penalty = Eigen::VectorXd::Constant(p, ridge);
  penalty(0) = 1e-6;  // of the intercept: only what keeps the factor regular
  // Half of X'X bounds the curvature of the log likelihood, so one factor serves all steps.
  Matrix bound = 0.5 * (x.transpose() * x);
  bound.diagonal() += penalty;
  const Eigen::LLT<Matrix> factor(bound);
  Matrix at = Matrix::Zero(p, accounts), before = at;
  double momentum = 1;
  for (int i = 0; i < most_iterations; ++i) {
    const double next = 0.5 * (1 + std::sqrt(1 + 4 * momentum * momentum));
    const Matrix ahead = at + (momentum - 1) / next * (at - before);
    Matrix probability = x * ahead;
    to_probabilities(probability);
    const Matrix slope = x.transpose() * (truth - probability) - penalty.asDiagonal() * ahead;
    before = at;
    at = ahead + factor.solve(slope);
    // Momentum that points downhill starts anew (O'Donoghue and Candes 2015).
    momentum = slope.cwiseProduct(at - before).sum() < 0 ? 1 : next;
    if ((at - before).cwiseAbs().maxCoeff() < small_step) break;
  }
  return at;
}

/// Probabilities from scores. Summed from the least, so that the order of accounts does not matter.
std::vector<double> calibrated(std::vector<double> scores, double temperature) {
  const double top = *std::ranges::max_element(scores);
  for (double& s : scores) s = sim::exp((s - top) / temperature);
  auto sorted = scores;
  std::ranges::sort(sorted);
  const double sum = std::accumulate(sorted.begin(), sorted.end(), 0.0);
  for (double& s : scores) s /= sum;
  return scores;
}

std::vector<double> divided(std::vector<double> scores, double temperature) {
  for (double& s : scores) s /= temperature;
  return scores;
}

/// Mean -ln P(truth) at a temperature.
double log_score(const std::vector<std::vector<double>>& scores, const SimulatedDatasets& records,
                 const RecordOrder& order, double temperature) {
  double sum = 0;
  for (const std::size_t i : order.rows) {
    const double top = *std::ranges::max_element(scores[i]);
    std::vector<double> mass;
    for (const double s : scores[i]) mass.push_back(sim::exp((s - top) / temperature));
    std::ranges::sort(mass);
    sum +=
        (top - scores[i][records.account[i]]) / temperature + sim::log(std::accumulate(mass.begin(), mass.end(), 0.0));
  }
  return sum / sim::real(records.size());
}

struct Calibrated {
  double temperature, log_score;
};

/// Temperature of best log score in [1/20, 20], by golden section on its logarithm: the score is convex in 1/T.
Calibrated calibrate(const std::vector<std::vector<double>>& scores, const SimulatedDatasets& records,
                     const RecordOrder& order) {
  constexpr double golden = 0.6180339887498949;
  double low = -3, high = 3;
  const auto at = [&](double log_t) { return log_score(scores, records, order, sim::exp(log_t)); };
  double a = high - golden * (high - low), b = low + golden * (high - low), at_a = at(a), at_b = at(b);
  for (int i = 0; i < 30; ++i) {
    if (at_a < at_b) {
      high = b;
      b = a;
      at_b = at_a;
      a = high - golden * (high - low);
      at_a = at(a);
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + golden * (high - low);
      at_b = at(b);
    }
  }
  const double temperature = sim::exp(0.5 * (low + high));
  return {temperature, log_score(scores, records, order, temperature)};
}

/// The fold of each record.
std::vector<std::size_t> folds_of(const SimulatedDatasets& records, std::size_t folds) {
  if (records.accounts < 2) throw std::invalid_argument("a classifier needs at least 2 accounts to tell apart");
  if (folds < 2) throw std::invalid_argument("a classifier needs at least 2 folds to be calibrated");
  std::vector<std::size_t> seen(records.accounts, 0), out;
  for (const std::size_t k : records.account) out.push_back(seen[k]++ % folds);
  for (std::size_t k = 0; k < records.accounts; ++k)
    if (seen[k] < folds)
      throw std::invalid_argument(
          fmt::format("account {} has {} records: at least {} are needed, one per fold", k, seen[k], folds));
  return out;
}

std::vector<char> all_but(const std::vector<std::size_t>& fold, std::size_t left_out) {
  std::vector<char> keep;
  for (const std::size_t f : fold) keep.push_back(f != left_out);
  return keep;
}

std::vector<Judged> judged(const std::vector<std::vector<double>>& scores, double temperature,
                           const SimulatedDatasets& records) {
  std::vector<Judged> out;
  for (std::size_t i = 0; i < records.size(); ++i)
    out.push_back({records.account[i], calibrated(scores[i], temperature), 0.0});
  return out;
}

}  // namespace

std::vector<double> Regression::columns(std::span<const double> record) const {
  if (record.size() != kinds_.size())
    throw std::invalid_argument(
        fmt::format("a record of {} numbers for a classifier of {} columns", record.size(), kinds_.size()));
  std::vector<double> out;
  for (std::size_t c = 0; c < record.size(); ++c) {
    const double x = record[order_.columns[c]];
    const bool there = x == x;
    out.push_back(!there ? 0.0 : kinds_[c] == sim::ValueKind::count ? sim::log(1.0 + std::max(0.0, x)) : x);
    out.push_back(there ? 0.0 : 1.0);
  }
  return out;
}

Regression::Regression(const SimulatedDatasets& records, std::span<const char> keep) : order_(records) {
  if (keep.size() != records.size())
    throw std::invalid_argument(fmt::format("{} marks for {} records", keep.size(), records.size()));
  for (const std::size_t c : order_.columns) kinds_.push_back(records.kinds[c]);
  const std::size_t accounts = records.accounts;
  std::vector<std::size_t> rows, of_account(accounts, 0);
  for (const std::size_t i : order_.rows)
    if (keep[i]) {
      rows.push_back(i);
      ++of_account[records.account[i]];
    }
  for (std::size_t k = 0; k < accounts; ++k)
    if (of_account[k] == 0) throw std::invalid_argument(fmt::format("account {} has no record to learn from", k));
  std::vector<std::size_t> place(accounts);  // of an account among the sorted ones
  for (std::size_t k = 0; k < accounts; ++k) place[order_.accounts[k]] = k;

  const std::size_t p = 2 * kinds_.size();
  std::vector<std::vector<double>> all;
  for (const std::size_t i : rows) all.push_back(columns(records.row(i)));
  // "Never" is left out of a column's mean and deviation, and is 0 once it is standardised.
  for (std::size_t c = 0; c < p; ++c) {
    double sum = 0, squares = 0, count = 0;
    const bool value = c % 2 == 0;
    for (const auto& row : all)
      if (!value || row[c + 1] == 0) {
        sum += row[c];
        count += 1;
      }
    mean_.push_back(count > 0 ? sum / count : 0.0);
    for (const auto& row : all)
      if (!value || row[c + 1] == 0) squares += (row[c] - mean_[c]) * (row[c] - mean_[c]);
    const double sd = count > 0 ? std::sqrt(squares / count) : 0.0;
    scale_.push_back(sd > 1e-9 * (1.0 + std::fabs(mean_[c])) ? 1.0 / sd : 0.0);
  }
  Matrix x(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(1 + p));
  Matrix truth = Matrix::Zero(x.rows(), accounts);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Eigen::Index at = i;
    const auto z = standardised(records.row(rows[i]));
    x(at, 0) = 1;
    for (std::size_t c = 0; c < p; ++c) x(at, static_cast<Eigen::Index>(1 + c)) = z[c];
    truth(at, static_cast<Eigen::Index>(place[records.account[rows[i]]])) = 1;
  }
  const Matrix coefficients = fit(x, truth);
  coefficients_.assign(coefficients.data(), coefficients.data() + coefficients.size());  // column by column
}

std::vector<double> Regression::standardised(std::span<const double> record) const {
  auto out = columns(record);
  for (std::size_t c = 0; c < out.size(); ++c) {
    const bool never = c % 2 == 0 && out[c + 1] != 0;  // its indicator is standardised after it
    out[c] = never ? 0.0 : (out[c] - mean_[c]) * scale_[c];
  }
  return out;
}

std::vector<double> Regression::scores(std::span<const double> record) const {
  const auto z = standardised(record);
  std::vector<double> out(order_.accounts.size());
  for (std::size_t k = 0; k < out.size(); ++k) {
    const double* beta = coefficients_.data() + k * (1 + z.size());
    double& sum = out[order_.accounts[k]] = beta[0];
    for (std::size_t c = 0; c < z.size(); ++c) sum += beta[1 + c] * z[c];
  }
  return out;
}

std::vector<ReliabilityBin> reliability(std::span<const Judged> records) {
  constexpr std::size_t bins = 10;
  std::array<double, bins> sum{};
  std::array<std::int64_t, bins> so{}, all{};
  for (const Judged& r : records)
    for (std::size_t k = 0; k < r.probability.size(); ++k) {
      const auto b = std::min(bins - 1, static_cast<std::size_t>(r.probability[k] * sim::real(bins)));
      sum[b] += r.probability[k];
      so[b] += r.truth == k;
      ++all[b];
    }
  std::vector<ReliabilityBin> out;
  for (std::size_t b = 0; b < bins; ++b)
    if (all[b] > 0)
      out.push_back({sum[b] / sim::real(all[b]), wilson(so[b], all[b]), static_cast<std::size_t>(all[b])});
  return out;
}

TrainedClassifier train_regression(const SimulatedDatasets& records, std::size_t folds, int threads) {
  const RecordOrder order(records);
  const auto fold = folds_of(records, folds);
  std::vector<std::optional<Regression>> fits(folds + 1);  // the last one holds nothing out
  sim::parallel_for(std::ssize(fits), threads, [&](std::int64_t n) {
    const std::size_t f = n;
    fits[f].emplace(records, all_but(fold, f));
  });
  std::vector<std::vector<double>> scores;
  for (std::size_t i = 0; i < records.size(); ++i) scores.push_back(fits[fold[i]]->scores(records.row(i)));
  const auto [temperature, score] = calibrate(scores, records, order);
  TrainedClassifier out{.regression_log_score = score,
                        .trees_log_score = sim::never,
                        .held_out = judged(scores, temperature, records),
                        .regression = std::move(*fits.back()),
                        .starts = {},
                        .trees = {},
                        .regression_temperature = temperature};
  fits.pop_back();
  for (auto& fit : fits) out.starts.push_back(std::move(*fit));
  return out;
}

TrainedClassifier train_classifier(const SimulatedDatasets& records, std::size_t folds, int threads) {
  auto out = train_regression(records, folds, threads);
  const RecordOrder order(records);
  const auto fold = folds_of(records, folds);
  std::vector<std::optional<BoostedTrees>> grown(folds);
  sim::parallel_for(std::ssize(grown), threads, [&](std::int64_t n) {
    const std::size_t f = n;
    std::vector<std::vector<double>> start;
    for (std::size_t i = 0; i < records.size(); ++i)
      start.push_back(divided(out.starts[f].scores(records.row(i)), out.regression_temperature));
    grown[f].emplace(records, all_but(fold, f), start);
  });
  for (auto& trees : grown) out.trees.push_back(std::move(*trees));

  std::vector<double> loss(BoostedTrees::most / BoostedTrees::stride, 0.0);
  for (const auto& trees : out.trees) {
    loss.resize(std::min(loss.size(), trees.loss().size()));
    for (std::size_t s = 0; s < loss.size(); ++s) loss[s] += trees.loss()[s];
  }
  out.rounds = BoostedTrees::stride * static_cast<std::size_t>(1 + (std::ranges::min_element(loss) - loss.begin()));
  std::vector<std::vector<double>> scores;
  for (std::size_t i = 0; i < records.size(); ++i) scores.push_back(out.scores(fold[i], records.row(i)));
  const auto [temperature, score] = calibrate(scores, records, order);
  out.trees_log_score = score;
  out.trees_temperature = temperature;
  if (out.trees_log_score < out.regression_log_score) {
    out.kind = TrainedClassifier::Kind::boosted_trees;
    out.held_out = judged(scores, temperature, records);
  }
  return out;
}

std::vector<double> TrainedClassifier::scores(std::size_t fold, std::span<const double> record) const {
  auto out = divided(starts[fold].scores(record), regression_temperature);
  const auto added = trees[fold].scores(record, rounds);
  for (std::size_t k = 0; k < out.size(); ++k) out[k] += added[k];
  return out;
}

std::vector<double> TrainedClassifier::probabilities(std::span<const double> record) const {
  if (kind == Kind::regression) return calibrated(regression.scores(record), regression_temperature);
  std::vector<double> sum(regression.scores(record).size(), 0.0);
  for (std::size_t fold = 0; fold < trees.size(); ++fold) {
    const auto of_fold = scores(fold, record);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += of_fold[k];
  }
  return calibrated(std::move(sum), trees_temperature * sim::real(trees.size()));
}

std::string TrainedClassifier::name() const { return kind == Kind::regression ? "regression" : "boosted trees"; }

double record_distance(const TrainedClassifier& classifier, std::span<const double> a, std::span<const double> b) {
  const auto x = classifier.regression.standardised(a), y = classifier.regression.standardised(b);
  double squares = 0;
  for (std::size_t c = 0; c < x.size(); ++c) squares += (x[c] - y[c]) * (x[c] - y[c]);
  return std::sqrt(squares / sim::real(std::max<std::size_t>(1, x.size())));
}

}  // namespace qantar::analysis
