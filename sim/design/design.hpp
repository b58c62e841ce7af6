// Designs of experiments: which inputs the trials of a sweep get. A design is a function of the row's number, so
// nothing is kept in memory, any thread may ask for any row, and a row can be computed again from what a result file
// carries. Only integers, additions and exactly rounded divisions decide a row: the same bits on every machine.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace qantar::sim {

enum class DesignKind {
  grid,             ///< every combination of the values, the last factor fastest
  latin_hypercube,  ///< each factor in every one of `size` equal strata exactly once (McKay, Beckman and Conover 1979)
  sobol,            ///< scrambled Sobol' points; see sim/design/sobol.hpp
  morris,           ///< trajectories that change one factor at a time; see sim/design/morris.hpp
  saltelli,         ///< for Sobol' indices: A, B, and A with one column from B at a time (Saltelli et al. 2010)
  listed            ///< rows of a table
};

/// What a design needs to know.
struct DesignShape {
  DesignKind kind = DesignKind::grid;
  std::size_t factors = 0;  ///< at least 1
  /// latin_hypercube, sobol, listed: rows; morris: trajectories of factors + 1 rows; saltelli: base rows, each a block
  /// of factors + 2 rows; grid: ignored. A sobol design and a saltelli design are best balanced at powers of two.
  std::int64_t size = 0;
  /// grid: the number of values of each factor; morris: one entry, the even number of levels; others: ignored.
  std::vector<std::int64_t> levels;
  std::uint64_t seed = 0;  ///< of everything random about the design; grid and listed have nothing random
};

/// The most rows that a design may have: a trial carries the number of its row in 32 bits.
inline constexpr std::int64_t most_points = 0xffffffff;

/// The rows of a design. Safe to use from many threads at once.
class Design {
 public:
  virtual ~Design() = default;
  virtual std::int64_t points() const = 0;  ///< rows, 1 .. most_points
  virtual std::size_t factors() const = 0;  ///< numbers in a row
  /// Writes row `index`, 0 .. points() - 1, as one number of the open interval (0, 1) for each factor; what a number
  /// means is the business of a prior's quantile. With n values in a grid, or n rows in a list, value i stands at
  /// (i + 1/2) / n, so that floor(n u) is i again. Throws std::invalid_argument for a row that does not exist and for
  /// an `out` that has not one place for each factor.
  virtual void row(std::int64_t index, std::span<double> out) const = 0;

 protected:
  void check(std::int64_t index, std::span<double> out) const;
};

/// The design of a shape. Rows that belong together (one trajectory of Morris, one base row of Saltelli) follow each
/// other, so a sweep that is cut short leaves whole ones. Throws std::invalid_argument with what is impossible and what
/// would be possible.
std::unique_ptr<Design> make_design(const DesignShape& shape);

}  // namespace qantar::sim
