#include "sim/results/quantile_bands.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "sim/conversions.hpp"

namespace qantar::sim {
namespace {

// Rounded down; by hand, because std::floor is a call on the oldest processors that the program is for.
std::int64_t bin_of(float value, double per_unit) {
  const double at = double{value} * per_unit;
  const auto towards_zero = static_cast<std::int64_t>(at);
  return towards_zero - (at < real(towards_zero));
}

}  // namespace

QuantileBands::QuantileBands(std::size_t cells, std::size_t limit)
    : bins_(std::clamp(limit / std::max<std::size_t>(4 * cells, 1), fewest_bins, most_bins)),
      cells_(cells),
      // Not initialised on purpose: a short run never touches most of it.
      storage_(std::make_unique_for_overwrite<std::uint32_t[]>(cells * bins_)) {}

void QuantileBands::add(std::size_t index, float value) {
  if (!std::isfinite(value)) return;
  Cell& cell = cells_[index];
  std::uint32_t* bins = &storage_[index * bins_];
  cell.low = cell.count ? std::min(cell.low, value) : value;
  cell.high = cell.count ? std::max(cell.high, value) : value;
  if (!cell.binned) {
    if (cell.count < bins_) {
      bins[cell.count++] = std::bit_cast<std::uint32_t>(value);
      return;
    }
    std::array<float, most_bins> kept;
    for (std::size_t i = 0; i < bins_; ++i) kept[i] = std::bit_cast<float>(bins[i]);
    std::fill_n(bins, bins_, 0u);
    cell.binned = true;
    cell.exponent = std::numeric_limits<float>::min_exponent - 64;
    widen(cell, bins);
    for (std::size_t i = 0; i < bins_; ++i) count_in(cell, bins, kept[i]);
  }
  ++cell.count;
  count_in(cell, bins, value);
}

/// Makes [low, high] fit into the bins at the least width, moving what is there.
void QuantileBands::widen(Cell& cell, std::uint32_t* bins) const {
  const float largest = std::max(std::fabs(cell.low), std::fabs(cell.high));
  // Finer bins than 2^-40 of the value mean nothing to a float and would overflow the bin numbers.
  int exponent = std::max(cell.exponent, std::ilogb(std::max(largest, std::numeric_limits<float>::min())) - 40);
  double per_unit = std::ldexp(1.0, -exponent);
  for (; bin_of(cell.high, per_unit) - bin_of(cell.low, per_unit) >= static_cast<std::int64_t>(bins_); per_unit /= 2)
    ++exponent;
  const std::int64_t first = bin_of(cell.low, per_unit);
  const int shift = std::min(exponent - cell.exponent, 63);
  std::array<std::uint32_t, most_bins> moved{};
  for (std::size_t i = 0; i < bins_; ++i)
    if (bins[i]) {
      // Shifting right rounds down, so a pair of bins meets in the bin that covers both.
      const std::int64_t to = ((cell.first + static_cast<std::int64_t>(i)) >> shift) - first;
      moved[to] += bins[i];
    }
  std::copy_n(moved.begin(), bins_, bins);
  cell.first = first;
  cell.exponent = exponent;
  cell.per_unit = per_unit;
}

void QuantileBands::count_in(Cell& cell, std::uint32_t* bins, float value) const {
  // Compared in floating point, since a far outlier among narrow bins would not fit an integer.
  const auto outside = [&](double at) {
    const auto first = real(cell.first);
    return at < first || at >= first + real(bins_);
  };
  if (outside(double{value} * cell.per_unit)) widen(cell, bins);
  if (value == 0)
    ++cell.zeros;
  else
    ++bins[bin_of(value, cell.per_unit) - cell.first];
}

void QuantileBands::add(std::size_t first, std::size_t row, std::span<const float> rows) {
  for (std::size_t i = 0; i < row; ++i) {
    std::size_t at = i;
    for (Cell& cell = cells_[first + i]; at < rows.size() && !cell.binned; at += row) add(first + i, rows[at]);
    while (at < rows.size()) at = count_inside(first + i, rows, at, row);
  }
}

/// Counts the values rows[at], rows[at + row], ... in a binned cell for as long as they lie in its bins. Everything
/// that they change stays in registers, and what comes next is asked for in time: most of it waits for memory
/// otherwise. Returns where it stopped, after one more value.
std::size_t QuantileBands::count_inside(std::size_t index, std::span<const float> rows, std::size_t at,
                                        std::size_t row) {
  Cell& cell = cells_[index];
  std::uint32_t* const bins = &storage_[index * bins_];
  const double per_unit = cell.per_unit;
  const auto least = real(cell.first), most = least + real(bins_);
  float low = cell.low, high = cell.high;
  std::uint32_t count = 0, zeros = 0;
  constexpr std::size_t line = 16;  // numbers of four bytes that come into the cache together
  for (std::size_t next = 0; next < bins_; next += line) __builtin_prefetch(bins + bins_ + next, 1);
  for (; at < rows.size(); at += row) {
    const float value = rows[at];
    __builtin_prefetch(&rows[at] + 2 * line);
    const double place = double{value} * per_unit;
    if (!(place >= least && place < most)) break;
    low = std::min(low, value);
    high = std::max(high, value);
    ++count;
    if (value == 0)
      ++zeros;
    else
      ++bins[bin_of(value, per_unit) - cell.first];
  }
  cell.low = low;
  cell.high = high;
  cell.count += count;
  cell.zeros += zeros;
  if (at < rows.size()) add(index, rows[at]);
  return at + row;
}

float QuantileBands::quantile(std::size_t index, double p) const {
  const Cell& cell = cells_[index];
  const std::uint32_t* bins = &storage_[index * bins_];
  if (cell.count == 0) return std::numeric_limits<float>::quiet_NaN();
  const double rank = p * (cell.count - 1);
  if (!cell.binned) {
    std::array<float, most_bins> kept;
    for (std::uint32_t i = 0; i < cell.count; ++i) kept[i] = std::bit_cast<float>(bins[i]);
    std::sort(kept.begin(), kept.begin() + cell.count);
    const auto below = static_cast<std::size_t>(rank);
    const double a = kept[below], b = kept[std::min<std::size_t>(below + 1, cell.count - 1)];
    return static_cast<float>(a + (rank - real(below)) * (b - a));
  }
  double passed = 0;
  for (std::size_t i = 0; i < bins_; ++i) {
    const std::int64_t bin = cell.first + static_cast<std::int64_t>(i);
    if (bin == 0) {
      passed += cell.zeros;
      if (rank < passed) return 0;
    }
    if (bins[i] && rank < passed + bins[i]) {
      const double inside = (rank - passed + 0.5) / bins[i];
      const auto value = static_cast<float>(std::ldexp(real(bin) + inside, cell.exponent));
      return std::clamp(value, cell.low, cell.high);
    }
    passed += bins[i];
  }
  return cell.high;
}

}  // namespace qantar::sim
