// Random numbers by address, not by turn.
//
// A draw is a pure function of (seed, point, replicate; mechanism, agent, step, slot). No generator has a state
// that could be advanced, so nothing depends on the order of calls, on threads, or on whether another mechanism
// drew. The configuration is on purpose *not* part of the key: two configurations that share seed and replicate
// meet the same luck, which is what paired what-ifs and switches need.
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <Random123/philox.h>

#include "sim/conversions.hpp"
#include "sim/numerics.hpp"
#include "sim/trial_key.hpp"

namespace qantar::sim {

/// Four 32-bit words: one block of Philox4x32-10 (Salmon et al. 2011), from Random123.
using Block = std::array<std::uint32_t, 4>;

// g++ would leave it out of line where a unit has many draws.
[[gnu::always_inline]] inline Block philox(const Block& counter, std::uint32_t key0, std::uint32_t key1) {
  const auto out = r123::Philox4x32_R<10>{}({{counter[0], counter[1], counter[2], counter[3]}}, {{key0, key1}});
  return {out.v[0], out.v[1], out.v[2], out.v[3]};
}

/// A uniform on the open interval (0, 1) from 32 random bits: (word + 1/2) / 2^32.
inline double open_unit(std::uint32_t word) { return (real(word) + 0.5) * 0x1p-32; }

#ifdef QANTAR_RECORD_DRAWS
/// What was drawn where, for one test program that is compiled wholly with this (tests/CMakeLists.txt): a draw leaves
/// no other trace. Blocks go to `recorder` while there is one.
struct Drawn {
  std::uint32_t mechanism, agent, step, slot;
  Block value;
};
inline thread_local std::vector<Drawn>* recorder = nullptr;
#endif

/// All the luck of one trial, and what a design has assigned instead.
class Draws {
 public:
  /// `assigned` must outlive the draws, and so must `asked`, which has one entry for each of it and where those that
  /// are asked for, of these draws or of a copy, become 1.
  explicit Draws(const TrialKey& key, std::span<const AssignedPrior> assigned = {}, Asked* asked = nullptr)
      : trial_(key), assigned_(assigned), asked_(asked) {
    // The first word of the counter's tail marks the purpose, so a trial's key never repeats one of its draws.
    const Block k = philox({key.point, key.replicate, 0, 0x7121a1U}, static_cast<std::uint32_t>(key.seed),
                           static_cast<std::uint32_t>(key.seed >> 32));
    key0_ = k[0];
    key1_ = k[1];
  }

  const TrialKey& trial() const { return trial_; }
  /// The Philox key of all blocks.
  std::array<std::uint32_t, 2> key() const { return {key0_, key1_}; }

  /// What the design says about a prior; null when it leaves it to luck.
  const AssignedPrior* assigned(std::string_view prior) const {
    for (std::size_t i = 0; i < assigned_.size(); ++i)
      if (assigned_[i].prior == prior) {
        if (asked_) (*asked_)[i] = 1;
        return &assigned_[i];
      }
    return nullptr;
  }

  /// The block at an address. `mechanism` below 65536; `slot` separates several draws of one agent in one step.
  Block block(std::uint32_t mechanism, std::uint32_t agent, std::uint32_t step, std::uint32_t slot = 0) const {
    const Block value = philox({agent, step, mechanism, slot}, key0_, key1_);
#ifdef QANTAR_RECORD_DRAWS
    if (recorder) recorder->push_back({mechanism, agent, step, slot, value});
#endif
    return value;
  }

  /// A uniform on (0, 1).
  double uniform(std::uint32_t mechanism, std::uint32_t agent, std::uint32_t step, std::uint32_t slot = 0) const {
    return open_unit(block(mechanism, agent, step, slot)[0]);
  }

  /// Whether an event of this probability happens.
  bool happens(double probability, std::uint32_t mechanism, std::uint32_t agent, std::uint32_t step,
               std::uint32_t slot = 0) const {
    return uniform(mechanism, agent, step, slot) < probability;
  }

  /// A standard normal number.
  double normal(std::uint32_t mechanism, std::uint32_t agent, std::uint32_t step, std::uint32_t slot = 0) const {
    return normal_quantile(uniform(mechanism, agent, step, slot));
  }

  /// A Gamma variate of shape 2 with this mean: the sum of two exponentials. Used for delays, in hours.
  double delay(double mean, std::uint32_t mechanism, std::uint32_t agent, std::uint32_t step,
               std::uint32_t slot = 0) const {
    const Block b = block(mechanism, agent, step, slot);
    return -0.5 * mean * (log(open_unit(b[0])) + log(open_unit(b[1])));
  }

  /// A Poisson count of this mean (exact, by inversion in pieces of mean at most 16).
  std::uint32_t poisson(double mean, std::uint32_t mechanism, std::uint32_t agent, std::uint32_t step,
                        std::uint32_t slot = 0) const;

  /// Sixty-four 32-bit words for the agents 64 group .. 64 group + 63: word w of block b belongs to agent
  /// 64 group + 16 w + b, so that whole vectors of blocks can be computed side by side.
  void group(std::uint32_t mechanism, std::uint32_t group, std::uint32_t step, std::uint32_t* out) const {
    for (std::uint32_t b = 0; b < 16; ++b) {
      const Block words = block(mechanism, group * 16 + b, step);
      for (std::uint32_t w = 0; w < 4; ++w) out[16 * w + b] = words[w];
    }
  }

 private:
  TrialKey trial_;
  std::span<const AssignedPrior> assigned_;
  Asked* asked_ = nullptr;
  std::uint32_t key0_ = 0, key1_ = 0;
};

}  // namespace qantar::sim
