#include "sim/design/design.hpp"

#include <stdexcept>
#include <string>

#include "sim/conversions.hpp"
#include "sim/design/design_draws.hpp"
#include "sim/design/morris.hpp"
#include "sim/design/permutation.hpp"
#include "sim/design/sobol.hpp"

namespace qantar::sim {
namespace {

/// `size` when it is one of 1 .. most; `what` with what is possible otherwise.
std::int64_t checked(std::int64_t size, std::int64_t most, const std::string& what) {
  if (size < 1 || size > most)
    throw std::invalid_argument(what + " of " + std::to_string(size) + ": possible are 1 to " + std::to_string(most));
  return size;
}

double middle(std::int64_t i, std::int64_t n) { return (real(i) + 0.5) / real(n); }

class Grid : public Design {
 public:
  explicit Grid(const DesignShape& shape) : levels_(shape.levels) {
    if (levels_.size() != shape.factors)
      throw std::invalid_argument("a grid of " + std::to_string(shape.factors) + " factors with " +
                                  std::to_string(levels_.size()) + " numbers of values: one for each factor is needed");
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      if (levels_[i] < 1)
        throw std::invalid_argument("a grid with " + std::to_string(levels_[i]) + " values of factor " +
                                    std::to_string(i) + ": at least 1 is possible");
      if (levels_[i] > most_points / points_)
        throw std::invalid_argument("a grid of more than " + std::to_string(most_points) +
                                    " points (reached at factor " + std::to_string(i) +
                                    "): fewer values, or a sobol or latin_hypercube design, are possible");
      points_ *= levels_[i];
    }
  }
  std::int64_t points() const override { return points_; }
  std::size_t factors() const override { return levels_.size(); }
  void row(std::int64_t index, std::span<double> out) const override {
    check(index, out);
    for (std::size_t i = levels_.size(); i-- > 0; index /= levels_[i]) out[i] = middle(index % levels_[i], levels_[i]);
  }

 private:
  std::vector<std::int64_t> levels_;
  std::int64_t points_ = 1;
};

class Listed : public Design {
 public:
  explicit Listed(const DesignShape& shape)
      : factors_(shape.factors), rows_(checked(shape.size, most_points, "a number of listed rows")) {}
  std::int64_t points() const override { return rows_; }
  std::size_t factors() const override { return factors_; }
  void row(std::int64_t index, std::span<double> out) const override {
    check(index, out);
    for (double& u : out) u = middle(index, rows_);
  }

 private:
  std::size_t factors_;
  std::int64_t rows_;
};

class LatinHypercube : public Design {
 public:
  explicit LatinHypercube(const DesignShape& shape)
      : rows_(checked(shape.size, most_points, "a number of rows of a Latin hypercube")), seed_(shape.seed) {
    for (std::size_t i = 0; i < shape.factors; ++i)
      strata_.emplace_back(static_cast<std::uint32_t>(rows_), shape.seed, static_cast<std::uint32_t>(i));
  }
  std::int64_t points() const override { return rows_; }
  std::size_t factors() const override { return strata_.size(); }
  void row(std::int64_t index, std::span<double> out) const override {
    check(index, out);
    const auto place = static_cast<std::uint32_t>(index);
    Block words{};
    for (std::size_t i = 0; i < strata_.size(); ++i) {
      if (i % 4 == 0) words = design_block(seed_, Purpose::jitter, place, static_cast<std::uint32_t>(i / 4));
      // 18 random bits: with up to 2^32 strata no more fit into a double such that rounding leaves it in its stratum.
      const double jitter = (real(words[i % 4] >> 14) + 0.5) * 0x1p-18;
      out[i] = (real(strata_[i](place)) + jitter) / real(rows_);
    }
  }

 private:
  std::int64_t rows_;
  std::uint64_t seed_;
  std::vector<Permutation> strata_;
};

class Sobol : public Design {
 public:
  explicit Sobol(const DesignShape& shape)
      : rows_(checked(shape.size, most_points, "a number of Sobol' points")), sequence_(shape.factors, shape.seed) {}
  std::int64_t points() const override { return rows_; }
  std::size_t factors() const override { return sequence_.dimensions(); }
  void row(std::int64_t index, std::span<double> out) const override {
    check(index, out);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = sequence_.at(static_cast<std::uint32_t>(index), i);
  }

 private:
  std::int64_t rows_;
  SobolSequence sequence_;
};

/// A and B are the halves of the coordinates of one sequence, so that each of them is a net and both together are.
class Saltelli : public Design {
 public:
  explicit Saltelli(const DesignShape& shape)
      : factors_(shape.factors),
        base_rows_(checked(shape.size, most_points / (static_cast<std::int64_t>(factors_) + 2),
                           "a number of base rows of a Saltelli design with " + std::to_string(factors_) + " factors")),
        sequence_(2 * factors_, shape.seed) {}
  std::int64_t points() const override { return base_rows_ * block(); }
  std::size_t factors() const override { return factors_; }
  void row(std::int64_t index, std::span<double> out) const override {
    check(index, out);
    const auto base = static_cast<std::uint32_t>(index / block());
    const std::size_t part = index % block();  // 0: A, 1: B, 2 + i: A with column i from B
    for (std::size_t i = 0; i < factors_; ++i)
      out[i] = sequence_.at(base, part == 1 || part == 2 + i ? factors_ + i : i);
  }

 private:
  std::int64_t block() const { return static_cast<std::int64_t>(factors_) + 2; }

  std::size_t factors_;
  std::int64_t base_rows_;
  SobolSequence sequence_;
};

}  // namespace

void Design::check(std::int64_t index, std::span<double> out) const {
  if (index < 0 || index >= points())
    throw std::invalid_argument("row " + std::to_string(index) + " of a design of " + std::to_string(points()) +
                                " rows");
  if (out.size() != factors())
    throw std::invalid_argument("a row of " + std::to_string(factors()) + " factors does not fit into " +
                                std::to_string(out.size()) + " numbers");
}

std::unique_ptr<Design> make_design(const DesignShape& shape) {
  if (shape.factors < 1) throw std::invalid_argument("a design without factors: at least 1 is needed");
  if (shape.factors > 1000000)
    throw std::invalid_argument("a design of " + std::to_string(shape.factors) + " factors: possible are 1 to 1000000");
  switch (shape.kind) {
    case DesignKind::grid:
      return std::make_unique<Grid>(shape);
    case DesignKind::latin_hypercube:
      return std::make_unique<LatinHypercube>(shape);
    case DesignKind::sobol:
      return std::make_unique<Sobol>(shape);
    case DesignKind::morris:
      return std::make_unique<MorrisDesign>(shape);
    case DesignKind::saltelli: {
      const std::size_t most = SobolSequence::most_dimensions / 2;
      if (shape.factors > most)
        throw std::invalid_argument("a Saltelli design of " + std::to_string(shape.factors) +
                                    " factors: possible are 1 to " + std::to_string(most));
      return std::make_unique<Saltelli>(shape);
    }
    case DesignKind::listed:
      return std::make_unique<Listed>(shape);
  }
  throw std::invalid_argument("an unknown kind of design");
}

}  // namespace qantar::sim
