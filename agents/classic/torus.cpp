#include "agents/classic/torus.hpp"

#include <bit>
#include <cstddef>
#include <cstdlib>

namespace qantar::agents::classic {

const std::vector<std::string>& shape_names() {
  static const std::vector<std::string> names{"euclidean", "moore", "von_neumann"};
  return names;
}

Sight::Sight(int width, int height, double vision, Shape shape) : width_(width), height_(height) {
  const int reach = static_cast<int>(vision);
  for (int dy = -reach; dy <= reach; ++dy) {
    int wide = reach;
    if (shape == Shape::von_neumann) wide = reach - std::abs(dy);
    if (shape == Shape::euclidean)
      while (wide * wide + dy * dy > vision * vision) --wide;
    rows_.push_back({wide, dy});
    for (int dx = -wide; dx <= wide; ++dx)
      if (dx != 0 || dy != 0) offsets_.push_back({dx, dy});
  }
}

void Sight::add(std::vector<std::int16_t>& counts, int cell, int amount) const {
  const auto by = static_cast<std::int16_t>(amount);
  stretches(cell, [&](int from, int to) {
    for (int i = from; i < to; ++i) counts[i] = static_cast<std::int16_t>(counts[i] + by);
    return false;
  });
}

EmptyCells::EmptyCells(int cells) : words_((cells + 63) / 64, ~std::uint64_t{0}) {}

void EmptyCells::set(int cell, bool empty) {
  const std::uint64_t bit = std::uint64_t{1} << (cell % 64);
  std::uint64_t& word = words_[cell / 64];
  word = empty ? word | bit : word & ~bit;
}

std::uint64_t EmptyCells::word(int i, int from, int to) const {
  std::uint64_t bits = words_[i];
  if (from > 64 * i) bits &= ~std::uint64_t{0} << (from - 64 * i);
  if (to < 64 * (i + 1)) bits &= ~std::uint64_t{0} >> (64 * (i + 1) - to);
  return bits;
}

int EmptyCells::count(int from, int to) const {
  int n = 0;
  for (int i = from / 64; 64 * i < to; ++i) n += std::popcount(word(i, from, to));
  return n;
}

int EmptyCells::nth(int from, int to, int n) const {
  for (int i = from / 64;; ++i) {
    std::uint64_t bits = word(i, from, to);
    const int here = std::popcount(bits);
    if (n >= here) {
      n -= here;
      continue;
    }
    for (; n > 0; --n) bits &= bits - 1;
    return 64 * i + std::countr_zero(bits);
  }
}

}  // namespace qantar::agents::classic
