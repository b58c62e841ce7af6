#include "sim/design/sobol.hpp"

#include <bit>
#include <stdexcept>
#include <string>

#include <boost/random/sobol.hpp>

#include "sim/design/design_draws.hpp"

namespace qantar::sim {
namespace {

constexpr unsigned bits = 32;

std::uint32_t reversed(std::uint32_t x) {
  x = ((x >> 1) & 0x55555555U) | ((x & 0x55555555U) << 1);
  x = ((x >> 2) & 0x33333333U) | ((x & 0x33333333U) << 2);
  x = ((x >> 4) & 0x0f0f0f0fU) | ((x & 0x0f0f0f0fU) << 4);
  x = ((x >> 8) & 0x00ff00ffU) | ((x & 0x00ff00ffU) << 8);
  return (x >> 16) | (x << 16);
}

/// A keyed permutation in which a bit depends on itself and on lower bits only (Laine and Karras 2011), which is what
/// makes it a nested scramble once the bits are reversed. Constants by Vegdahl (2021, "Building a Better LK Hash").
std::uint32_t hashed(std::uint32_t x, std::uint32_t addend, std::uint32_t factor) {
  x ^= x * 0x3d20adeaU;
  x += addend;
  x *= factor | 1U;
  x ^= x * 0x05526c56U;
  x ^= x * 0x53a22864U;
  return x;
}

}  // namespace

const std::size_t SobolSequence::most_dimensions = boost::random::default_sobol_table::max_dimension;

SobolSequence::SobolSequence(std::size_t dimensions, std::uint64_t seed) : dimensions_(dimensions) {
  if (dimensions < 1 || dimensions > most_dimensions)
    throw std::invalid_argument("no Sobol' points of " + std::to_string(dimensions) +
                                " dimensions: possible are 1 to " + std::to_string(most_dimensions));
  // Points 2^k - 1 and 2^k differ by direction number k, in Gray code order. That much of Boost is documented.
  boost::random::sobol_engine<std::uint32_t, bits> engine(dimensions);
  directions_.resize(dimensions * bits);
  std::vector<std::uint32_t> before(dimensions, 0);
  for (unsigned k = 0; k < bits; ++k) {
    if (k > 0) {
      engine.seed((std::uint32_t{1} << k) - 2);
      for (auto& x : before) x = engine();
    }
    for (std::size_t d = 0; d < dimensions; ++d) directions_[d * bits + k] = engine() ^ before[d];
  }
  keys_.resize(dimensions);
  for (std::size_t d = 0; d < dimensions; ++d) {
    const Block b = design_block(seed, Purpose::scramble, static_cast<std::uint32_t>(d), 0);
    keys_[d] = {{b[0], b[1], b[2], b[3]}};
  }
}

std::uint32_t SobolSequence::plain(std::uint32_t index, std::size_t dimension) const {
  const std::uint32_t* direction = directions_.data() + dimension * bits;
  std::uint32_t x = 0;
  for (std::uint32_t code = index ^ (index >> 1); code != 0; code &= code - 1) x ^= direction[std::countr_zero(code)];
  return x;
}

std::uint32_t SobolSequence::scrambled(std::uint32_t index, std::size_t dimension) const {
  const auto& key = keys_[dimension].words;
  // Two rounds, each with an addend of its own: a uniform addend alone makes the point uniform over the seeds.
  return reversed(hashed(hashed(reversed(plain(index, dimension)), key[0], key[1]), key[2], key[3]));
}

double SobolSequence::at(std::uint32_t index, std::size_t dimension) const {
  return open_unit(scrambled(index, dimension));
}

}  // namespace qantar::sim
