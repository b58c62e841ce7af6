// Two other programs of civil violence, Run 2, written down from their published rules and from nothing of ours: Mesa's
// example (epstein_civil_violence of Mesa 3, with the values of its sliders) and NetLogo's Rebellion (with its own).
// Chance is the standard library's, cells are looked at one by one, and exp is the machine's.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace qantar::test {

/// Actives at the end of every tick become what is reported of a run, by the names of our outcomes.
class OutsideReport {
 public:
  void note(int active) {
    ++tick_;
    active_ += active;
    peak_ = std::max(peak_, active);
    if (active > 50) {
      if (last_ != tick_ - 1 || outbursts_ == 0) {
        if (outbursts_ > 0) waits_ += tick_ - last_ - 1;
        ++outbursts_;
      }
      activation_ += active;
      last_ = tick_;
    }
  }
  void note_arrest() { ++arrests_; }
  std::map<std::string, double> summary() const {
    return {{"outbursts", outbursts_},
            {"outburst_wait", outbursts_ > 1 ? waits_ / (outbursts_ - 1) : std::nan("")},
            {"outburst_activation", outbursts_ > 0 ? activation_ / outbursts_ : std::nan("")},
            {"peak_active", peak_},
            {"mean_active", active_ / tick_},
            {"arrests", arrests_}};
  }

 private:
  int tick_ = 0, last_ = 0, outbursts_ = 0, peak_ = 0, arrests_ = 0;
  double active_ = 0, waits_ = 0, activation_ = 0;
};

/// What both have: a torus of 40 by 40, people, and chance.
class OutsideProgram {
 protected:
  static constexpr int side = 40, cells = side * side, vision = 7;
  struct Person {
    bool cop = false, active = false;
    double hardship = 0, risk_aversion = 0;
    int cell = 0, term = 0;
  };

  explicit OutsideProgram(std::uint64_t seed) : random_(seed) {}

  /// The cells that `sees(dx, dy)` of every cell.
  template <class Sees>
  void look_round(const Sees& sees) {
    seen_.resize(cells);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x)
        for (int dy = -vision; dy <= vision; ++dy)
          for (int dx = -vision; dx <= vision; ++dx)
            if (sees(dx, dy)) seen_[at(y * side + x)].push_back((y + dy + side) % side * side + (x + dx + side) % side);
  }
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  double unit() { return std::uniform_real_distribution<>()(random_); }
  int below(int n) { return std::uniform_int_distribution<>(0, n - 1)(random_); }
  int one_of(std::span<const int> list) { return list[at(below(static_cast<int>(list.size())))]; }
  /// How many are in sight of a cell, of those counted by cell in `here`.
  int seen(int cell, const std::vector<int>& here) const {
    int n = 0;
    for (const int other : seen_[at(cell)]) n += here[at(other)];
    return n;
  }
  /// The cells in sight that fit; good until the next call.
  template <class Fits>
  std::span<const int> seen_that(int cell, const Fits& fits) {
    std::size_t n = 0;
    for (const int other : seen_[at(cell)]) {
      found_[n] = other;
      n += fits(at(other));
    }
    return {found_.data(), n};
  }
  const std::vector<int>& shuffled_people() {
    order_.resize(people_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::shuffle(order_, random_);
    return order_;
  }
  /// Whether grievance less risk exceeds the threshold. The ratio of cops to actives is only asked for when it matters.
  template <class Ratio>
  static bool rebels(const Person& p, const Ratio& ratio) {
    const double grievance = p.hardship * (1 - 0.82);
    return grievance > 0.1 && grievance - p.risk_aversion * (1 - std::exp(-2.3 * ratio())) > 0.1;
  }
  int actives() const {
    return static_cast<int>(std::ranges::count_if(people_, [](const Person& p) { return p.active; }));
  }

  OutsideReport report_;
  std::mt19937_64 random_;
  std::vector<Person> people_;
  std::vector<std::vector<int>> seen_;

 private:
  std::array<int, (2 * vision + 1) * (2 * vision + 1)> found_{};
  std::vector<int> order_;
};

/// Mesa: one in a cell at most, citizens and cops by a draw in each cell, von Neumann sight. Who is called looks round,
/// decides or arrests, and then moves to a cell that was empty. A term of 0 to 30 is a number of own turns; the jailed
/// stay where they are, and nobody enters their cell. C/A is rounded, halves to the even number.
class MesaCivilViolence : OutsideProgram {
 public:
  explicit MesaCivilViolence(std::uint64_t seed)
      : OutsideProgram(seed), who_(cells, -1), cops_(cells, 0), actives_(cells, 0) {
    look_round([](int dx, int dy) { return std::abs(dx) + std::abs(dy) <= vision && (dx != 0 || dy != 0); });
    for (int cell = 0; cell < cells; ++cell) {
      const double u = unit();
      if (u >= 0.74) continue;
      who_[at(cell)] = static_cast<int>(people_.size());
      cops_[at(cell)] = u >= 0.7;
      people_.push_back({u >= 0.7, false, unit(), unit(), cell, 0});
    }
  }

  std::map<std::string, double> run(int ticks) {
    for (int tick = 0; tick < ticks; ++tick) {
      for (const int who : shuffled_people()) turn(who);
      report_.note(actives());
    }
    return report_.summary();
  }

 private:
  void turn(int who) {
    Person& p = people_[at(who)];
    if (p.term > 0) {
      --p.term;
      return;
    }
    if (!p.cop) {
      p.active = rebels(
          p, [&] { return std::nearbyint(static_cast<double>(seen(p.cell, cops_)) / (1 + seen(p.cell, actives_))); });
      actives_[at(p.cell)] = p.active;
    } else if (const auto scenes = seen_that(p.cell, [&](std::size_t cell) { return actives_[cell] > 0; });
               !scenes.empty()) {
      const int scene = one_of(scenes);
      Person& caught = people_[at(who_[at(scene)])];
      caught.active = false;
      caught.term = below(31);
      report_.note_arrest();
      actives_[at(scene)] = 0;
    }
    move(who);
  }

  void move(int who) {
    Person& p = people_[at(who)];
    const auto empty = seen_that(p.cell, [&](std::size_t cell) { return who_[cell] < 0; });
    if (empty.empty()) return;
    const int to = one_of(empty);
    for (auto* here : {&who_, &cops_, &actives_}) std::swap((*here)[at(p.cell)], (*here)[at(to)]);
    p.cell = to;
  }

  std::vector<int> who_, cops_, actives_;
};

/// NetLogo: 64 cops and 1120 agents, sight in a circle with the own cell. A cell is free when no cop and only jailed
/// agents are there. Who is called moves, and then decides or arrests; the cop steps onto the cell of the arrested. A
/// term is 0 to 29 ticks, counted down at the end of each; the jailed come back where they are. A is 1 and all actives
/// in sight, among them the agent itself when it was active before. C/A is cut to a whole number.
class NetLogoRebellion : OutsideProgram {
 public:
  explicit NetLogoRebellion(std::uint64_t seed)
      : OutsideProgram(seed), cops_(cells, 0), unjailed_(cells, 0), actives_(cells, 0) {
    look_round([](int dx, int dy) { return dx * dx + dy * dy <= vision * vision; });
    std::vector<int> free(cells);
    std::iota(free.begin(), free.end(), 0);
    std::ranges::shuffle(free, random_);
    for (int i = 0; i < 64 + 1120; ++i) {
      people_.push_back({i < 64, false, unit(), unit(), free[at(i)], 0});
      ++(i < 64 ? cops_ : unjailed_)[at(free[at(i)])];
    }
  }

  std::map<std::string, double> run(int ticks) {
    for (int tick = 0; tick < ticks; ++tick) {
      for (const int who : shuffled_people()) turn(people_[at(who)]);
      for (Person& p : people_)
        if (p.term > 0 && --p.term == 0) ++unjailed_[at(p.cell)];
      report_.note(actives());
    }
    return report_.summary();
  }

 private:
  void turn(Person& p) {
    if (p.term > 0) return;
    move(p);
    if (!p.cop) {
      set_active(p, rebels(p, [&] {
                   return std::floor(static_cast<double>(seen(p.cell, cops_)) / (1 + seen(p.cell, actives_)));
                 }));
    } else if (seen(p.cell, actives_) > 0) {
      std::vector<int> suspects;
      for (int i = 0; i < static_cast<int>(people_.size()); ++i)
        if (people_[at(i)].active && in_circle(people_[at(i)].cell, p.cell)) suspects.push_back(i);
      Person& suspect = people_[at(one_of(suspects))];
      set_active(suspect, false);
      suspect.term = below(30);
      report_.note_arrest();
      if (suspect.term > 0) --unjailed_[at(suspect.cell)];
      go(p, suspect.cell);
    }
  }

  void move(Person& p) {
    const auto targets = seen_that(p.cell, [&](std::size_t cell) { return cops_[cell] == 0 && unjailed_[cell] == 0; });
    if (!targets.empty()) go(p, one_of(targets));
  }
  static bool in_circle(int a, int b) {
    const int x = std::abs(a % side - b % side), y = std::abs(a / side - b / side);
    const int dx = std::min(x, side - x), dy = std::min(y, side - y);
    return dx * dx + dy * dy <= vision * vision;
  }
  void go(Person& p, int cell) {
    auto& here = p.cop ? cops_ : unjailed_;
    --here[at(p.cell)];
    ++here[at(cell)];
    actives_[at(p.cell)] -= p.active;
    actives_[at(cell)] += p.active;
    p.cell = cell;
  }
  void set_active(Person& p, bool active) {
    actives_[at(p.cell)] += active - p.active;
    p.active = active;
  }

  std::vector<int> cops_, unjailed_, actives_;
};

}  // namespace qantar::test
