#include "sim/design/permutation.hpp"

#include <numeric>
#include <stdexcept>
#include <utility>

#include "sim/design/design_draws.hpp"

namespace qantar::sim {
namespace {

// A Feistel network over halves of two or three values reaches few of the permutations that there are; small ones are
// shuffled outright. From here on the halves have 17 values and more.
constexpr std::uint32_t small = 256;
// Four rounds are enough against an adversary (Luby and Rackoff 1988) and halves this short call for more.
constexpr std::uint32_t rounds = 8;

}  // namespace

Permutation::Permutation(std::uint32_t size, std::uint64_t seed, std::uint32_t stream)
    : size_(size), seed_(seed), stream_(stream) {
  if (size < 1) throw std::invalid_argument("a permutation of nothing: at least 1 place is needed");
  if (size <= small) {  // Fisher and Yates, from the end
    table_.resize(size);
    std::iota(table_.begin(), table_.end(), std::uint8_t{0});
    for (std::uint32_t i = size; i > 1; --i)
      std::swap(table_[i - 1], table_[below(i, design_block(seed, Purpose::shuffle, i, 0, stream)[0])]);
    return;
  }
  while (std::uint64_t{left_} * left_ < size) ++left_;
  right_ = static_cast<std::uint32_t>((std::uint64_t{size} + left_ - 1) / left_);
}

std::uint32_t Permutation::operator()(std::uint32_t place) const {
  if (!table_.empty()) return table_[place];
  // An unbalanced Feistel network with addition (Black and Rogaway 2002). Its domain is larger than the size by less
  // than left_: walking along the cycle leads back inside, nearly always at once.
  std::uint64_t x = place;
  do {
    auto l = static_cast<std::uint32_t>(x / right_), r = static_cast<std::uint32_t>(x % right_);
    for (std::uint32_t round = 1; round <= rounds; round += 2) {
      l = static_cast<std::uint32_t>(
          (std::uint64_t{l} + below(left_, design_block(seed_, Purpose::shuffle, r, round, stream_)[0])) % left_);
      r = static_cast<std::uint32_t>(
          (std::uint64_t{r} + below(right_, design_block(seed_, Purpose::shuffle, l, round + 1, stream_)[0])) % right_);
    }
    x = std::uint64_t{l} * right_ + r;
  } while (x >= size_);
  return static_cast<std::uint32_t>(x);
}

}  // namespace qantar::sim
