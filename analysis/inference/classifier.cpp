#include "analysis/inference/classifier.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <fmt/format.h>

#include "sim/ensemble.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

using Matrix = Eigen::MatrixXd;

constexpr double ridge = 1;
constexpr int most_iterations = 500;
constexpr double small_step = 1e-5;

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

/// -log P(truth) summed over all records at a temperature.
double log_loss(const std::vector<std::vector<double>>& scores, std::span<const std::size_t> truth,
                double temperature) {
  double sum = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    std::vector<double> scaled(scores[i]);
    for (double& s : scaled) s /= temperature;
    const double top = *std::ranges::max_element(scaled);
    double mass = 0;
    for (const double s : scaled) mass += sim::exp(s - top);
    sum += top + sim::log(mass) - scaled[truth[i]];
  }
  return sum;
}

/// Temperature of least log loss in [1/20, 20], by golden section on its logarithm: the loss is convex in 1/T.
double best_temperature(const std::vector<std::vector<double>>& scores, std::span<const std::size_t> truth) {
  constexpr double golden = 0.6180339887498949;
  double low = -3, high = 3;
  const auto loss = [&](double log_t) { return log_loss(scores, truth, sim::exp(log_t)); };
  double a = high - golden * (high - low), b = low + golden * (high - low), at_a = loss(a), at_b = loss(b);
  for (int i = 0; i < 30; ++i) {
    if (at_a < at_b) {
      high = b;
      b = a;
      at_b = at_a;
      a = high - golden * (high - low);
      at_a = loss(a);
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + golden * (high - low);
      at_b = loss(b);
    }
  }
  return sim::exp(0.5 * (low + high));
}

}  // namespace

std::vector<double> Classifier::columns(std::span<const double> record) const {
  if (record.size() != kinds_.size())
    throw std::invalid_argument(
        fmt::format("a record of {} numbers for a classifier of {} columns", record.size(), kinds_.size()));
  std::vector<double> out;
  for (std::size_t c = 0; c < record.size(); ++c) {
    const double x = record[c];
    const bool there = x == x;
    out.push_back(!there ? 0.0 : kinds_[c] == sim::ValueKind::count ? sim::log(1.0 + std::max(0.0, x)) : x);
    out.push_back(there ? 0.0 : 1.0);
  }
  return out;
}

Classifier::Classifier(const LabelledRecords& records, std::span<const char> keep)
    : kinds_(records.kinds), accounts_(records.accounts) {
  if (records.values.size() != records.size() * kinds_.size() || keep.size() != records.size())
    throw std::invalid_argument(fmt::format("{} values and {} marks for {} records of {} columns",
                                            records.values.size(), keep.size(), records.size(), kinds_.size()));
  std::vector<std::size_t> rows, of_account(accounts_, 0);
  for (std::size_t i = 0; i < records.size(); ++i)
    if (keep[i]) {
      rows.push_back(i);
      ++of_account.at(records.account[i]);
    }
  for (std::size_t k = 0; k < accounts_; ++k)
    if (of_account[k] == 0) throw std::invalid_argument(fmt::format("account {} has no record to learn from", k));

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
  Matrix truth = Matrix::Zero(x.rows(), static_cast<Eigen::Index>(accounts_));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    const auto z = standardised(records.row(rows[i]));
    x(at, 0) = 1;
    for (std::size_t c = 0; c < p; ++c) x(at, static_cast<Eigen::Index>(1 + c)) = z[c];
    truth(at, static_cast<Eigen::Index>(records.account[rows[i]])) = 1;
  }
  const Matrix coefficients = fit(x, truth);
  coefficients_.assign(coefficients.data(), coefficients.data() + coefficients.size());  // column by column
}

std::vector<double> Classifier::standardised(std::span<const double> record) const {
  auto out = columns(record);
  for (std::size_t c = 0; c < out.size(); ++c) {
    const bool never = c % 2 == 0 && out[c + 1] != 0;  // its indicator is standardised after it
    out[c] = never ? 0.0 : (out[c] - mean_[c]) * scale_[c];
  }
  return out;
}

std::vector<double> Classifier::scores(std::span<const double> record) const {
  const auto z = standardised(record);
  std::vector<double> out;
  for (std::size_t k = 0; k < accounts_; ++k) {
    const double* beta = coefficients_.data() + k * (1 + z.size());
    double sum = beta[0];
    for (std::size_t c = 0; c < z.size(); ++c) sum += beta[1 + c] * z[c];
    out.push_back(sum);
  }
  return out;
}

std::vector<double> Classifier::probabilities(std::span<const double> record, double temperature) const {
  auto s = scores(record);
  for (double& x : s) x /= temperature;
  return normalised(s);
}

std::vector<ReliabilityBin> reliability(std::span<const Judged> records) {
  constexpr std::size_t bins = 10;
  std::array<double, bins> sum{};
  std::array<std::int64_t, bins> so{}, all{};
  for (const Judged& r : records)
    for (std::size_t k = 0; k < r.probability.size(); ++k) {
      const auto b = std::min(bins - 1, static_cast<std::size_t>(r.probability[k] * static_cast<double>(bins)));
      sum[b] += r.probability[k];
      so[b] += r.truth == k;
      ++all[b];
    }
  std::vector<ReliabilityBin> out;
  for (std::size_t b = 0; b < bins; ++b)
    if (all[b] > 0)
      out.push_back({sum[b] / static_cast<double>(all[b]), wilson(so[b], all[b]), static_cast<std::size_t>(all[b])});
  return out;
}

LabelledRecords LabelledRecords::with_columns(std::span<const std::size_t> columns) const {
  LabelledRecords out;
  out.account = account;
  out.accounts = accounts;
  for (const std::size_t c : columns) out.kinds.push_back(kinds.at(c));
  for (std::size_t i = 0; i < size(); ++i)
    for (const std::size_t c : columns) out.values.push_back(row(i)[c]);
  return out;
}

TrainedClassifier train_classifier(const LabelledRecords& records, std::size_t folds, int threads) {
  if (folds < 2) throw std::invalid_argument("a classifier needs at least 2 folds to be calibrated");
  std::vector<std::size_t> seen(records.accounts, 0), fold;
  for (const std::size_t k : records.account) {
    if (k >= records.accounts)
      throw std::invalid_argument(fmt::format("a record of account {} where there are {}", k, records.accounts));
    fold.push_back(seen[k]++ % folds);
  }
  for (std::size_t k = 0; k < records.accounts; ++k)
    if (seen[k] < folds)
      throw std::invalid_argument(
          fmt::format("account {} has {} records: at least {} are needed, one per fold", k, seen[k], folds));
  std::vector<std::vector<double>> scores(records.size());
  std::optional<Classifier> whole;
  sim::parallel_for(static_cast<std::int64_t>(folds) + 1, threads, [&](std::int64_t n) {
    const auto f = static_cast<std::size_t>(n);
    std::vector<char> keep;
    for (const std::size_t of_row : fold) keep.push_back(of_row != f);  // the last one holds nothing out
    Classifier part(records, keep);
    for (std::size_t i = 0; i < records.size(); ++i)
      if (fold[i] == f) scores[i] = part.scores(records.row(i));
    if (f == folds) whole = std::move(part);
  });
  TrainedClassifier out{std::move(*whole), best_temperature(scores, records.account), {}};
  for (std::size_t i = 0; i < records.size(); ++i) {
    for (double& s : scores[i]) s /= out.temperature;
    out.held_out.push_back({records.account[i], normalised(scores[i]), 0.0});
  }
  return out;
}

double record_distance(const Classifier& classifier, std::span<const double> a, std::span<const double> b) {
  const auto x = classifier.standardised(a), y = classifier.standardised(b);
  double squares = 0;
  for (std::size_t c = 0; c < x.size(); ++c) squares += (x[c] - y[c]) * (x[c] - y[c]);
  return std::sqrt(squares / static_cast<double>(std::max<std::size_t>(1, x.size())));
}

}  // namespace qantar::analysis
