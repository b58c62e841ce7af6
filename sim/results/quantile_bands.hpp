// Quantiles over all trials in bounded memory: the bands of the group `summary`.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace qantar::sim {

/// One small distribution per cell. A cell keeps its values as they are until it is full (at most 96), so the
/// quantiles of a small run are exact; then it becomes a histogram of as many bins whose width is a power of
/// two and doubles whenever a value falls outside. The width stays below 1/47 of the range of the values seen
/// (with 96 bins), which bounds the error of a quantile; zeros, the least and the greatest value are kept
/// exactly. The bins depend on the set of values only, not on their order.
class QuantileBands {
 public:
  static constexpr std::size_t most_bins = 96, fewest_bins = 16, memory_limit = 256u << 20;

  /// 96 bins of 4 bytes per cell, fewer when that would exceed the memory limit, but never fewer than 16.
  explicit QuantileBands(std::size_t cells, std::size_t limit = memory_limit);
  /// Undefined values (NaN, infinite) are left out.
  void add(std::size_t cell, float value);
  /// Value i of every row goes to cell first + i; `rows` holds whole rows of `row` values. Faster than one by one: a
  /// cell is fetched once for all rows.
  void add(std::size_t first, std::size_t row, std::span<const float> rows);
  /// NaN when the cell is empty. Linear between order statistics (type 7 of Hyndman and Fan) while exact.
  float quantile(std::size_t cell, double p) const;
  std::size_t bins() const { return bins_; }

 private:
  struct Cell {
    float low = 0, high = 0;
    std::uint32_t count = 0, zeros = 0;
    std::int64_t first = 0;  ///< number of the first bin: bin i covers [i, i + 1) * 2^exponent
    int exponent = 0;
    double per_unit = 1;  ///< 2^-exponent
    bool binned = false;
  };
  void widen(Cell& cell, std::uint32_t* bins) const;
  void count_in(Cell& cell, std::uint32_t* bins, float value) const;
  std::size_t count_inside(std::size_t cell, std::span<const float> rows, std::size_t at, std::size_t row);

  std::size_t bins_;
  std::vector<Cell> cells_;
  std::unique_ptr<std::uint32_t[]> storage_;  ///< float bits of the values, later counts
};

}  // namespace qantar::sim
