// Model I of civil violence as one would write it down: whoever acts looks at every cell in sight, one by one, and
// works fear out anew. The shipped code, which keeps counts, must do the same to the bit, and is compared with it in
// speed.
#pragma once
#include <cmath>
#include <vector>

#include "agents/classic/civil_violence.hpp"
#include "agents/rules/participation.hpp"
#include "sim/draws.hpp"

namespace qantar::test {

class PlainCivilViolence {
 public:
  explicit PlainCivilViolence(agents::classic::CivilViolenceWorld world) : w_(std::move(world)) {}

  const agents::classic::CivilViolenceWorld& world() const { return w_; }

  void tick(const sim::Draws& draws, int tick) {
    for (int who = 0; who < size(); ++who)
      if (Actor& a = actor(who); a.jailed && --a.term <= 0) release(draws, who, tick);
    order_.clear();
    for (int who = 0; who < size(); ++who)
      if (actor(who).cell >= 0) order_.push_back(who);
    std::uint32_t words[64];
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (i % 64 == 0) draws.group(order_luck, word(i / 64), word(tick), words);
      std::swap(order_[i], order_[word(pick(words[i % 64], static_cast<int>(i) + 1))]);
    }
    for (const int who : order_)
      if (actor(who).cell >= 0) act(draws, who, tick);
  }

 private:
  using Actor = agents::classic::Actor;
  // The purposes of draws, as in civil_violence.cpp.
  static constexpr std::uint32_t order_luck = 4, move_luck = 5, arrest_luck = 6, term_luck = 7, release_luck = 8;

  template <class N>
  static std::uint32_t word(N n) {
    return static_cast<std::uint32_t>(n);
  }
  static int pick(std::uint32_t random, int n) {
    return static_cast<int>((std::uint64_t{random} * static_cast<std::uint64_t>(n)) >> 32);
  }

  int size() const { return static_cast<int>(w_.actors.size()); }
  Actor& actor(int who) { return w_.actors[static_cast<std::size_t>(who)]; }
  std::int32_t& at(int cell) { return w_.occupant[static_cast<std::size_t>(cell)]; }

  void stand(int who, int cell) {
    if (actor(who).cell >= 0) at(actor(who).cell) = -1;
    actor(who).cell = cell;
    if (cell >= 0) at(cell) = who;
  }

  /// A random empty one of n cells, -1 without any: eight tries, and then one of a list.
  template <class CellAt>
  int empty_one(const sim::Draws& draws, std::uint32_t luck, int who, int tick, int n, CellAt cell_at) {
    for (std::uint32_t slot = 0; slot < 2; ++slot)
      for (const std::uint32_t random : draws.block(luck, word(who), word(tick), slot))
        if (const int cell = cell_at(pick(random, n)); at(cell) < 0) return cell;
    empty_.clear();
    for (int i = 0; i < n; ++i)
      if (const int cell = cell_at(i); at(cell) < 0) empty_.push_back(cell);
    if (empty_.empty()) return -1;
    return empty_[word(pick(draws.block(luck, word(who), word(tick), 2)[0], static_cast<int>(empty_.size())))];
  }

  void release(const sim::Draws& draws, int who, int tick) {
    const int cell =
        empty_one(draws, release_luck, who, tick, static_cast<int>(w_.occupant.size()), [](int i) { return i; });
    if (cell < 0) return;
    actor(who).jailed = false;
    stand(who, cell);
  }

  void act(const sim::Draws& draws, int who, int tick) {
    Actor& a = actor(who);
    if (a.cop || w_.p.movement) {
      const auto view = w_.sight.from(a.cell);
      const int cell = empty_one(draws, move_luck, who, tick, w_.sight.size(), [&](int i) { return view[i]; });
      if (cell >= 0) stand(who, cell);
    }
    const auto view = w_.sight.from(a.cell);
    int cops = 0;
    actives_.clear();
    for (int i = 0; i < w_.sight.size(); ++i) {
      const int other = at(view[i]);
      if (other < 0) continue;
      cops += actor(other).cop;
      if (actor(other).active) actives_.push_back(other);
    }
    if (a.cop) {
      if (actives_.empty()) return;
      const int caught =
          actives_[word(pick(draws.block(arrest_luck, word(who), word(tick))[0], static_cast<int>(actives_.size())))];
      stand(caught, -1);
      actor(caught).active = false;
      actor(caught).jailed = true;
      actor(caught).term =
          1 + static_cast<int>(draws.uniform(term_luck, word(caught), word(tick)) * w_.p.max_jail.value);
      return;
    }
    // Run 2 with the ratio cut to a whole number.
    const double ratio = std::floor(static_cast<double>(cops) / (1.0 + static_cast<double>(actives_.size())));
    const double risk = agents::fear(ratio, w_.p.fear_constant.value, w_.p.fear_steepness.value);
    a.active = a.hardship * (1 - w_.legitimacy) - a.risk_aversion * risk > w_.p.threshold.value;
  }

  agents::classic::CivilViolenceWorld w_;
  std::vector<int> order_, empty_, actives_;
};

}  // namespace qantar::test
