// A grid whose edges are joined: who sees whom, and where there is room.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace qantar::agents::classic {

/// Which cells an actor sees: within a straight-line distance, a square, or a number of steps along the grid.
enum class Shape { euclidean, moore, von_neumann };
const std::vector<std::string>& shape_names();

/// Which cells of a grid are empty, a bit each, so that the n-th of many is found by counting words.
class EmptyCells {
 public:
  EmptyCells() = default;
  explicit EmptyCells(int cells);  ///< all empty

  void set(int cell, bool empty);
  int count(int from, int to) const;       ///< among cells from <= i < to
  int nth(int from, int to, int n) const;  ///< the n-th of these, from 0; there must be one

 private:
  std::uint64_t word(int i, int from, int to) const;  ///< of which cells outside [from, to) are masked
  std::vector<std::uint64_t> words_;
};

/// The cells that can be seen from a cell of the torus.
class Sight {
 public:
  Sight() = default;
  Sight(int width, int height, double vision, Shape shape);

  /// Number of cells seen, without the own one.
  int size() const { return static_cast<int>(offsets_.size()); }
  /// The cells seen from one cell: from(cell)[i] for 0 <= i < size().
  class View {
   public:
    int operator[](int i) const {
      const Offset& o = sight_.offsets_[i];
      return wrapped(y_ + o.dy, sight_.height_) * sight_.width_ + wrapped(x_ + o.dx, sight_.width_);
    }

   private:
    friend class Sight;
    View(const Sight& sight, int cell) : sight_(sight), x_(cell % sight.width_), y_(cell / sight.width_) {}
    const Sight& sight_;
    int x_, y_;
  };
  View from(int cell) const { return {*this, cell}; }

  /// Calls `visit(from, to)` for the stretches of cells that can be seen from a cell, itself included, in the order of
  /// from(cell), until it returns true.
  template <class Visit>
  void stretches(int cell, const Visit& visit) const {
    const int x = cell % width_, y = cell / width_;
    for (const Offset& row : rows_) {
      const int line = wrapped(y + row.dy, height_) * width_;
      const int from = x - row.dx, to = x + row.dx + 1;  // a row may run over an edge of the grid, never over both
      if (from < 0 && visit(line + from + width_, line + width_)) return;
      if (visit(line + std::max(from, 0), line + std::min(to, width_))) return;
      if (to > width_ && visit(line, line + to - width_)) return;
    }
  }

  /// Adds `amount` to all cells that see `cell`, itself included. Seeing is mutual.
  void add(std::vector<std::int16_t>& counts, int cell, int amount) const;

 private:
  struct Offset {
    int dx, dy;
  };
  /// A coordinate that may have left the torus by less than its size.
  static int wrapped(int at, int size) { return at < 0 ? at + size : at >= size ? at - size : at; }
  int width_ = 0, height_ = 0;
  std::vector<Offset> offsets_;
  std::vector<Offset> rows_;  ///< of every row: its distance dy, and how far it reaches to both sides
};

}  // namespace qantar::agents::classic
