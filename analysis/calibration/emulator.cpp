#include "analysis/calibration/emulator.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include <Eigen/Dense>

#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

using Columns = Eigen::MatrixXd;

constexpr std::size_t most_terms = 40;
constexpr std::uint32_t highest_degree = 8;      // of a parameter that is alone; joint ones have less
constexpr std::uint32_t highest_of_several = 4;  // in all, of a product
constexpr std::size_t trials_per_term = 10;
constexpr double least_share = 0.02;  // of the variance on average that is left anywhere
// A column that is all but a sum of those before it.
constexpr double dependent = 1e-8;

double legendre(std::uint32_t degree, double u) {
  const double x = 2.0 * u - 1.0;
  double before = 1.0, value = x;
  if (degree == 0) return 1.0;
  for (std::uint32_t n = 1; n < degree; ++n) {
    const double k = n;
    const double next = ((2.0 * k + 1.0) * x * value - k * before) / (k + 1.0);
    before = value;
    value = next;
  }
  return std::sqrt(2.0 * degree + 1.0) * value;
}

double value_of(const PolynomialTerm& term, std::span<const double> u) {
  double product = 1;
  for (const auto& [input, degree] : term) product *= legendre(degree, u[input]);
  return product;
}

// Forward selection. Each column is kept orthogonal to those chosen before it, so that what one more explains is a
// single product.
class Selection {
 public:
  Selection(std::span<const double> u, std::size_t dimension, std::span<const double> y)
      : u_(u), dimension_(dimension), residual_(Eigen::Map<const Eigen::VectorXd>(y.data(), std::ssize(y))) {
    Columns constant = Columns::Ones(residual_.size(), 1);
    constant /= constant.col(0).norm();
    residual_ -= constant.col(0) * constant.col(0).dot(residual_);
    basis_ = std::move(constant);
  }

  /// Adds the best of the candidates as long as it is worth it.
  void add_from(std::vector<PolynomialTerm> candidates) {
    std::erase_if(candidates, [&](const auto& c) { return std::ranges::find(terms_, c) != terms_.end(); });
    if (candidates.empty()) return;
    const Eigen::Index n = residual_.size();
    Columns columns(n, std::ssize(candidates));
    for (Eigen::Index c = 0; c < columns.cols(); ++c)
      for (Eigen::Index i = 0; i < n; ++i) columns(i, c) = value_of(candidates[c], at(i));
    for (Eigen::Index b = 0; b < basis_.cols(); ++b) project_out(columns, basis_.col(b));
    const double worth = 2.0 * sim::log(std::max(2.0, sim::real(candidates.size())));
    const auto most = static_cast<Eigen::Index>(std::min(most_terms, static_cast<std::size_t>(n) / trials_per_term));
    while (basis_.cols() < most) {
      const double left = residual_.squaredNorm();
      Eigen::Index best = -1;
      double explained = 0;
      for (Eigen::Index c = 0; c < columns.cols(); ++c) {
        const double norm = columns.col(c).squaredNorm();
        if (norm < dependent * sim::real(n)) continue;
        const double product = columns.col(c).dot(residual_);
        if (const double gain = product * product / norm; gain > explained) {
          explained = gain;
          best = c;
        }
      }
      const double free = sim::real(n - basis_.cols() - 1);
      if (best < 0 || !(explained > worth * (left - explained) / free)) return;
      const Eigen::VectorXd column = columns.col(best).normalized();
      terms_.push_back(candidates[best]);
      basis_.conservativeResize(Eigen::NoChange, basis_.cols() + 1);
      basis_.rightCols(1) = column;
      residual_ -= column * column.dot(residual_);
      project_out(columns, column);
      columns.col(best).setZero();
    }
  }

  const std::vector<PolynomialTerm>& terms() const { return terms_; }
  const Eigen::VectorXd& residual() const { return residual_; }

 private:
  std::span<const double> at(Eigen::Index trial) const { return u_.subspan(trial * dimension_, dimension_); }
  static void project_out(Columns& columns, const Eigen::VectorXd& column) {
    columns.noalias() -= column * (column.transpose() * columns);
  }

  std::span<const double> u_;
  std::size_t dimension_;
  std::vector<PolynomialTerm> terms_;
  Columns basis_;
  Eigen::VectorXd residual_;
};

std::vector<PolynomialTerm> alone(std::size_t dimension, std::uint32_t first, std::uint32_t last) {
  std::vector<PolynomialTerm> out;
  for (std::uint32_t j = 0; j < dimension; ++j)
    for (std::uint32_t degree = first; degree <= last; ++degree) out.push_back({{j, degree}});
  return out;
}

// Of parameters that matter: higher degrees, and products of two.
std::vector<PolynomialTerm> richer(const std::vector<PolynomialTerm>& terms) {
  std::set<std::uint32_t> active;
  for (const auto& term : terms)
    for (const auto& [input, degree] : term) active.insert(input);
  std::vector<PolynomialTerm> out;
  for (const auto j : active)
    for (std::uint32_t degree = 1; degree <= highest_degree; ++degree) out.push_back({{j, degree}});
  for (const auto j : active)
    for (const auto k : active)
      for (std::uint32_t a = 1; j < k && a < highest_of_several; ++a)
        for (std::uint32_t b = 1; a + b <= highest_of_several; ++b) out.push_back({{j, a}, {k, b}});
  return out;
}

}  // namespace

void Emulator::Regression::values(std::span<const double> u, std::vector<double>& out) const {
  out.assign(1, 1.0);
  for (const auto& term : terms) out.push_back(value_of(term, u));
}

Emulator::Regression Emulator::fitted(std::span<const double> u, std::size_t dimension, std::span<const double> y) {
  Selection selection(u, dimension, y);
  selection.add_from(alone(dimension, 1, 2));
  selection.add_from(richer(selection.terms()));
  Regression out;
  out.terms = selection.terms();
  const Eigen::Index n = std::ssize(y), p = std::ssize(out.terms) + 1;
  Columns design(n, p);
  std::vector<double> row;
  for (Eigen::Index i = 0; i < n; ++i) {
    out.values(u.subspan(i * dimension, dimension), row);
    for (Eigen::Index c = 0; c < p; ++c) design(i, c) = row[c];
  }
  const Eigen::LLT<Columns> gram(design.transpose() * design);
  const Eigen::VectorXd coefficient =
      gram.solve(design.transpose() * Eigen::Map<const Eigen::VectorXd>(y.data(), n)).eval();
  const Eigen::VectorXd residual = Eigen::Map<const Eigen::VectorXd>(y.data(), n) - design * coefficient;
  out.residual_variance = residual.squaredNorm() / std::max(1.0, sim::real(n - p));
  out.coefficient.assign(coefficient.begin(), coefficient.end());
  const Columns inverse = gram.matrixL().solve(Columns::Identity(p, p));
  for (Eigen::Index i = 0; i < p; ++i)
    for (Eigen::Index j = 0; j < p; ++j) out.inverse_root.push_back(inverse(i, j));
  return out;
}

Emulator::Emulator(std::span<const double> u, std::size_t dimension, std::span<const double> y) {
  if (y.size() < 2 || u.size() != y.size() * dimension)
    throw std::invalid_argument("an emulator needs two trials or more, each at a place");
  mean_ = fitted(u, dimension, y);
  std::vector<double> squared, row;
  for (std::size_t i = 0; i < y.size(); ++i) {
    mean_.values(u.subspan(i * dimension, dimension), row);
    double mean = 0;
    for (std::size_t t = 0; t < row.size(); ++t) mean += mean_.coefficient[t] * row[t];
    squared.push_back((y[i] - mean) * (y[i] - mean));
  }
  variance_ = fitted(u, dimension, squared);
  // A residual is a little less than what it stands for, since the mean was fitted to it.
  const double n = sim::real(y.size());
  const double unbiased = n / std::max(1.0, n - sim::real(mean_.coefficient.size()));
  for (double& c : variance_.coefficient) c *= unbiased;
  least_variance_ = least_share * mean_.residual_variance;
}

Emulated Emulator::at(std::span<const double> u) const {
  thread_local std::vector<double> row;
  const auto sum_of = [&](const Regression& regression) {
    regression.values(u, row);
    double sum = 0;
    for (std::size_t t = 0; t < row.size(); ++t) sum += regression.coefficient[t] * row[t];
    return sum;
  };
  Emulated out;
  out.luck_variance = std::max(least_variance_, sum_of(variance_));
  out.mean = sum_of(mean_);
  double leverage = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    double part = 0;
    for (std::size_t j = 0; j <= i; ++j) part += mean_.inverse_root[i * row.size() + j] * row[j];
    leverage += part * part;
  }
  out.mean_variance = mean_.residual_variance * leverage;
  return out;
}

std::vector<std::size_t> Emulator::active() const {
  std::set<std::size_t> inputs;
  for (const auto* terms : {&mean_.terms, &variance_.terms})
    for (const auto& term : *terms)
      for (const auto& [input, degree] : term) inputs.insert(input);
  return {inputs.begin(), inputs.end()};
}

}  // namespace qantar::analysis
