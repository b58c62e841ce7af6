// Sobol' points by index, plain and scrambled.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace qantar::sim {

/// Sobol' points (Sobol' 1967) with the direction numbers of Joe and Kuo (2008), as Boost.Random has them, in Gray code
/// order (Antonov and Saleev 1980). The first 2^k points are a net: with d = 1, each of the 2^k equal intervals holds
/// exactly one. Index 0 is the origin, which boost::random::sobol leaves out: our point i is its (i - 1)-th. It is kept
/// because the net is one point short without it; the scramble moves it away from the corner (Owen 2020, "On dropping
/// the first Sobol' point").
///
/// The scramble is Owen's nested uniform one (1995) by hashing, as in Burley (2020, "Practical Hash-based Owen
/// Scrambling"), per dimension with 128 random bits from the seed. It keeps the net, makes every single point uniform
/// over the seeds, and flips any two bits independently, on which the variance of a mean depends. The hash as printed
/// there does not do the last, so ours is another one of the same family, in two rounds. More than two flips together
/// are not independent: four of them decide each other in part.
class SobolSequence {
 public:
  /// `dimensions` from 1 to `most_dimensions`; throws std::invalid_argument otherwise.
  SobolSequence(std::size_t dimensions, std::uint64_t seed);
  static const std::size_t most_dimensions;  ///< 3667 in Boost 1.74

  std::size_t dimensions() const { return dimensions_; }

  /// Coordinate of the plain point, as a multiple of 2^-32. `dimension` below dimensions().
  std::uint32_t plain(std::uint32_t index, std::size_t dimension) const;
  /// Coordinate of the scrambled point, as a multiple of 2^-32.
  std::uint32_t scrambled(std::uint32_t index, std::size_t dimension) const;
  /// Coordinate of the scrambled point in the open interval (0, 1).
  double at(std::uint32_t index, std::size_t dimension) const;

 private:
  struct Key {
    std::uint32_t words[4];
  };
  std::size_t dimensions_;
  std::vector<std::uint32_t> directions_;  ///< [dimension][32]
  std::vector<Key> keys_;                  ///< of the scramble, by dimension
};

}  // namespace qantar::sim
