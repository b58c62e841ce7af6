// Shuffles of 0 .. n - 1 that can be asked for one place without computing the others.
#pragma once
#include <cstdint>
#include <vector>

namespace qantar::sim {

/// A keyed permutation of 0 .. size - 1.
class Permutation {
 public:
  /// `size` from 1 to 2^32 - 1; throws std::invalid_argument for 0. `stream` separates the permutations of one seed.
  Permutation(std::uint32_t size, std::uint64_t seed, std::uint32_t stream);

  /// Where `place` goes, for `place` below the size. Safe to use from many threads at once.
  std::uint32_t operator()(std::uint32_t place) const;

 private:
  std::uint32_t size_, left_ = 1, right_ = 1;  ///< pairs (l, r), l < left_, r < right_, stand for l right_ + r
  std::uint64_t seed_;
  std::uint32_t stream_;
  std::vector<std::uint8_t> table_;  ///< of a small permutation
};

}  // namespace qantar::sim
