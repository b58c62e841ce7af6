// Which citizens can move at all in a step? Most draw a number above the sum of all their rates; these are passed over
// many at a time, and only the others are asked what they do (rules/participation.hpp): one in a hundred in January
// 2022.
//
// Everybody draws in every step all the same. Skipping from one who may move straight to the next would spare most
// draws, and in a large crowd most of the time; but then a decision that changes a rate a little moves all later skips,
// and a what-if would compare different people. With 10,000 citizens it would spare at most what screening takes, a
// quarter of a trial.
#pragma once
#include <array>
#include <cstdint>

#include "agents/world.hpp"

namespace qantar::agents {

/// Below which of 2^24 equally likely numbers a citizen may move, by status; who has another status stays. Bounds, not
/// the rule: whoever is below one is asked.
struct Screen {
  std::array<std::uint32_t, circle_size + 1> unaware{};  ///< by how many of the circle are out, growing
  std::uint32_t ready = 0, peaceful = 0, violent = 0;
};

/// The bound for a sum of rates. Rounding is on the side of asking.
std::uint32_t bound(float rates);

/// What screening a group of 64 says.
struct Movers {
  /// Bit i: citizen i may move, even when all of the circle who are ready and may move have gone out before.
  std::uint64_t bits = 0;
  std::array<std::uint32_t, group_size / circle_size> out = {};  ///< how many of each circle are out; none without bits
};

/// Screens a group. `words` gets the draws of the group, of which citizen i has
/// the upper 24 bits of the i-th, unless the answer is that nobody may. On the widest vectors of the machine, which
/// give the same bits.
Movers may_move(const Screen& screen, const StepDraws& draw, std::uint32_t group, const Status* status,
                std::uint32_t* words);

/// Name of the vector instructions that may_move() takes on this machine, as Highway calls them: "AVX2", "SSE4", ...
const char* vector_instructions();

/// The same one by one: what the other is tested against.
Movers may_move_one_by_one(const Screen& screen, const StepDraws& draw, std::uint32_t group, const Status* status,
                           std::uint32_t* words);

}  // namespace qantar::agents
