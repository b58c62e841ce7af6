#include "sim/design/morris.hpp"

#include <numeric>
#include <stdexcept>
#include <string>
#include <utility>

#include "sim/conversions.hpp"
#include "sim/design/design_draws.hpp"

namespace qantar::sim {

MorrisDesign::MorrisDesign(const DesignShape& shape)
    : factors_(shape.factors), trajectories_(shape.size), levels_(0), seed_(shape.seed) {
  if (factors_ < 1 || factors_ >= static_cast<std::size_t>(most_points))
    throw std::invalid_argument("a Morris design of " + std::to_string(factors_) +
                                " factors: possible are 1 or more, with at most 4294967295 rows in all");
  if (shape.levels.size() != 1)
    throw std::invalid_argument("a Morris design has one number of levels for all factors, not " +
                                std::to_string(shape.levels.size()));
  levels_ = shape.levels[0];
  constexpr std::int64_t most_levels = 1 << 20;
  if (levels_ < 2 || levels_ > most_levels || levels_ % 2 != 0)
    throw std::invalid_argument("a Morris design of " + std::to_string(levels_) +
                                " levels: possible are even numbers from 2 to " + std::to_string(most_levels));
  const std::int64_t most = most_points / (static_cast<std::int64_t>(factors_) + 1);
  if (trajectories_ < 1 || trajectories_ > most)
    throw std::invalid_argument("a Morris design of " + std::to_string(trajectories_) + " trajectories with " +
                                std::to_string(factors_) + " factors: possible are 1 to " + std::to_string(most));
}

std::uint32_t MorrisDesign::start(std::int64_t trajectory, std::size_t factor) const {
  const Block b = design_block(seed_, Purpose::start, static_cast<std::uint32_t>(trajectory),
                               static_cast<std::uint32_t>(factor / 4));
  return below(static_cast<std::uint64_t>(levels_), b[factor % 4]);
}

int MorrisDesign::direction(std::int64_t trajectory, std::size_t factor) const {
  return start(trajectory, factor) < levels_ / 2 ? 1 : -1;
}

std::vector<std::size_t> MorrisDesign::order(std::int64_t trajectory) const {
  std::vector<std::size_t> order(factors_);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = factors_; i > 1; --i) {
    const Block b =
        design_block(seed_, Purpose::order, static_cast<std::uint32_t>(trajectory), static_cast<std::uint32_t>(i / 4));
    std::swap(order[i - 1], order[below(i, b[i % 4])]);
  }
  return order;
}

void MorrisDesign::row(std::int64_t index, std::span<double> out) const {
  check(index, out);
  const auto rows = static_cast<std::int64_t>(factors_) + 1;
  const std::int64_t trajectory = index / rows;
  const std::size_t done = index % rows;
  const auto put = [&](std::size_t factor, std::int64_t level) { out[factor] = (real(level) + 0.5) / real(levels_); };
  for (std::size_t i = 0; i < factors_; ++i) put(i, start(trajectory, i));
  if (done == 0) return;
  const auto order = this->order(trajectory);
  for (std::size_t i = 0; i < done; ++i)
    put(order[i], start(trajectory, order[i]) + direction(trajectory, order[i]) * (levels_ / 2));
}

std::optional<MorrisDesign::Move> MorrisDesign::move(std::int64_t index) const {
  if (index < 0 || index >= points())
    throw std::invalid_argument("row " + std::to_string(index) + " of a design of " + std::to_string(points()) +
                                " rows");
  const auto rows = static_cast<std::int64_t>(factors_) + 1;
  const std::size_t done = index % rows;
  if (done == 0) return std::nullopt;
  return moves(index / rows)[done - 1];
}

std::vector<MorrisDesign::Move> MorrisDesign::moves(std::int64_t trajectory) const {
  if (trajectory < 0 || trajectory >= trajectories_)
    throw std::invalid_argument("trajectory " + std::to_string(trajectory) + " of a design of " +
                                std::to_string(trajectories_));
  std::vector<Move> out;
  for (const std::size_t factor : order(trajectory)) out.push_back({factor, direction(trajectory, factor)});
  return out;
}

}  // namespace qantar::sim
