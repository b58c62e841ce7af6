#include "sim/results/fans.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace qantar::sim {
namespace {

std::int64_t bin_of(float value, double per_unit) {
  return static_cast<std::int64_t>(std::floor(static_cast<double>(value) * per_unit));
}

}  // namespace

Fans::Fans(std::size_t cells, std::size_t limit)
    : bins_(std::clamp(limit / std::max<std::size_t>(4 * cells, 1), fewest_bins, most_bins)),
      cells_(cells),
      // Not initialised on purpose: a short run never touches most of it.
      storage_(std::make_unique_for_overwrite<std::uint32_t[]>(cells * bins_)) {}

void Fans::add(std::size_t index, float value) {
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
void Fans::widen(Cell& cell, std::uint32_t* bins) const {
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
      moved[static_cast<std::size_t>(to)] += bins[i];
    }
  std::copy_n(moved.begin(), bins_, bins);
  cell.first = first;
  cell.exponent = exponent;
  cell.per_unit = per_unit;
}

void Fans::count_in(Cell& cell, std::uint32_t* bins, float value) const {
  // In floating point, since a far outlier among narrow bins would not fit an integer.
  const auto place = [&] {
    return std::floor(static_cast<double>(value) * cell.per_unit) - static_cast<double>(cell.first);
  };
  double at = place();
  if (at < 0 || at >= static_cast<double>(bins_)) {
    widen(cell, bins);
    at = place();
  }
  if (value == 0)
    ++cell.zeros;
  else
    ++bins[static_cast<std::size_t>(at)];
}

float Fans::quantile(std::size_t index, double p) const {
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
    return static_cast<float>(a + (rank - static_cast<double>(below)) * (b - a));
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
      const auto value = static_cast<float>(std::ldexp(static_cast<double>(bin) + inside, cell.exponent));
      return std::clamp(value, cell.low, cell.high);
    }
    passed += bins[i];
  }
  return cell.high;
}

}  // namespace qantar::sim
