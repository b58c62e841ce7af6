// What the blocks of random words of a design are for. A design draws with the seed itself as key; the last word of the
// counter keeps its purposes apart from each other and from the keys of trials (sim/draws.hpp), which use the same
// seed.
#pragma once
#include <cstdint>

#include "sim/draws.hpp"

namespace qantar::sim {

enum class Purpose : std::uint32_t { shuffle = 0xde510001U, jitter, scramble, start, order };

inline Block design_block(std::uint64_t seed, Purpose purpose, std::uint32_t a, std::uint32_t b, std::uint32_t c = 0) {
  return philox({a, b, c, static_cast<std::uint32_t>(purpose)}, static_cast<std::uint32_t>(seed),
                static_cast<std::uint32_t>(seed >> 32));
}

/// A whole number of 0 .. n - 1 from 32 random bits; each comes with probability 1/n up to 2^-32.
inline std::uint32_t below(std::uint64_t n, std::uint32_t word) {
  return static_cast<std::uint32_t>((std::uint64_t{word} * n) >> 32);
}

}  // namespace qantar::sim
