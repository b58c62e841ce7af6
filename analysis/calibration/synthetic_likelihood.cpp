#include "analysis/calibration/synthetic_likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <Eigen/Dense>

#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

bool two_values(std::span<const double> records, std::size_t row, std::size_t rows) {
  std::set<double> seen;
  for (std::size_t i = row; i < records.size() && seen.size() < 3; i += rows) seen.insert(records[i]);
  return seen.size() <= 2;
}

// Correlations, drawn towards none as far as their errors ask for (Schäfer and Strimmer 2005).
Matrix shrunk_correlation(const Matrix& standardised) {
  const double n = sim::real(standardised.rows());
  Matrix z = standardised;
  for (Eigen::Index r = 0; r < z.cols(); ++r) {
    z.col(r).array() -= z.col(r).mean();
    const double sd = std::sqrt(z.col(r).squaredNorm() / n);
    if (sd > 0) z.col(r) /= sd;
  }
  Matrix correlation = z.transpose() * z / n;
  double errors = 0, squares = 0;
  for (Eigen::Index a = 0; a < z.cols(); ++a)
    for (Eigen::Index b = 0; b < a; ++b) {
      const double c = correlation(a, b);
      errors += ((z.col(a).array() * z.col(b).array()) - c).square().sum() / (n * (n - 1.0));
      squares += c * c;
    }
  const double shrink = squares > 0 ? std::clamp(errors / squares, 0.01, 1.0) : 1.0;
  correlation *= 1.0 - shrink;
  correlation.diagonal().setOnes();
  return correlation;
}

}  // namespace

struct SyntheticLikelihood::Parts {
  struct Used {
    std::size_t row;
    double weight, variance;  // 0: the emulated one
  };

  const Wave& wave;
  std::vector<double> documented;
  std::vector<Used> used;
  Eigen::LLT<Matrix> root;

  /// Of a record, what its rows are off in standard deviations, and the sum of the logs of these.
  std::pair<Vector, double> standardised(std::span<const double> u, std::span<const double> record) const {
    Vector off(std::ssize(used));
    double logs = 0;
    for (std::size_t k = 0; k < used.size(); ++k) {
      const auto& [row, weight, variance] = used[k];
      const Emulated e = wave.emulators()[row].at(u);
      const double all = (variance > 0 ? variance : e.luck_variance) + e.mean_variance;
      off[k] = std::sqrt(weight / all) * (record[row] - e.mean);
      if (variance == 0) logs += 0.5 * weight * sim::log(all);
    }
    return {std::move(off), logs};
  }
  double squared_distance(const Vector& off) const { return root.matrixL().solve(off).squaredNorm(); }
};

SyntheticLikelihood::SyntheticLikelihood(const Wave& wave, const RecordLaw& law, const std::vector<double>& documented,
                                         std::span<const double> u, std::size_t dimension,
                                         std::span<const double> records)
    : parts_(new Parts{wave, documented, {}, {}}) {
  const std::size_t rows = documented.size(), trials = records.size() / rows;
  const auto place = [&](std::size_t trial) { return u.subspan(trial * dimension, dimension); };
  for (std::size_t r = 0; r < rows; ++r) {
    double squares = 0;
    for (std::size_t i = 0; i < trials; ++i) {
      const double off = records[i * rows + r] - wave.emulators()[r].at(place(i)).mean;
      squares += off * off / sim::real(trials);
    }
    // One that never varies says nothing of parameters.
    if (squares > 0) parts_->used.push_back({r, law.weight(r), two_values(records, r, rows) ? squares : 0.0});
  }
  Matrix off(trials, parts_->used.size());
  for (std::size_t i = 0; i < trials; ++i)
    off.row(i) = parts_->standardised(place(i), records.subspan(i * rows, rows)).first.transpose();
  parts_->root = shrunk_correlation(off).llt();
  for (std::size_t i = 0; i < trials; ++i) own_.push_back(parts_->squared_distance(off.row(i)));
  std::ranges::sort(own_);
}

SyntheticLikelihood::SyntheticLikelihood(SyntheticLikelihood&&) noexcept = default;
SyntheticLikelihood& SyntheticLikelihood::operator=(SyntheticLikelihood&&) noexcept = default;
SyntheticLikelihood::~SyntheticLikelihood() = default;

double SyntheticLikelihood::distance(std::span<const double> u) const {
  return parts_->squared_distance(parts_->standardised(u, parts_->documented).first);
}

double SyntheticLikelihood::log_density(std::span<const double> u) const {
  const auto [off, log_deviations] = parts_->standardised(u, parts_->documented);
  return -0.5 * parts_->squared_distance(off) / (discrepancy_ * discrepancy_) - log_deviations;
}

}  // namespace qantar::analysis
