// Trajectories of Morris (1991): from a random start, each factor is changed once, in random order.
#pragma once
#include <optional>

#include "sim/design/design.hpp"

namespace qantar::sim {

/// Morris' design with p levels, p even. Level l = 0 .. p - 1, which Morris puts at l / (p - 1) of the closed unit
/// interval, stands at (l + 1/2) / p of the open one. A factor moves by p/2 levels: p / (2 (p - 1)) with Morris, always
/// `step` here. It starts at any level with equal probability, and moves up from the lower half, down from the upper.
class MorrisDesign : public Design {
 public:
  static constexpr double step = 0.5;  ///< by which a factor changes, as a number of (0, 1)

  /// A change of one factor between two rows that follow each other.
  struct Move {
    std::size_t factor = 0;
    int direction = 1;  ///< 1 up, -1 down
    bool operator==(const Move&) const = default;
  };

  /// Throws std::invalid_argument as `make_design` does.
  explicit MorrisDesign(const DesignShape& shape);

  std::int64_t points() const override { return trajectories_ * (static_cast<std::int64_t>(factors_) + 1); }
  std::size_t factors() const override { return factors_; }
  std::int64_t trajectories() const { return trajectories_; }
  void row(std::int64_t index, std::span<double> out) const override;

  /// What changed from row index - 1 to row `index`; nothing for the first row of a trajectory.
  std::optional<Move> move(std::int64_t index) const;
  /// The moves of one trajectory in their order: factors() of them.
  std::vector<Move> moves(std::int64_t trajectory) const;

 private:
  std::uint32_t start(std::int64_t trajectory, std::size_t factor) const;
  std::vector<std::size_t> order(std::int64_t trajectory) const;
  int direction(std::int64_t trajectory, std::size_t factor) const;

  std::size_t factors_;
  std::int64_t trajectories_, levels_;
  std::uint64_t seed_;
};

}  // namespace qantar::sim
