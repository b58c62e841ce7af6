#include "agents/classic/civil_violence.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "agents/ids.hpp"
#include "agents/rules/participation.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"

namespace qantar::agents::classic {
namespace {

using World = CivilViolenceWorld;
using Parameters = CivilViolenceParameters;
using sim::Draws;

/// What a draw is for.
enum class Luck : std::uint32_t { settling = 2, traits, order, move, arrest, term, release, kill, clone, clone_cell };
constexpr std::uint32_t address(Luck luck) { return to_underlying(luck); }

constexpr int outburst_size = 50;  // Epstein's: more actives than this are an outburst
constexpr int calm_size = 10;      // a tick with fewer actives than this is calm
constexpr int fear_counts = 64;
constexpr auto never_free = std::numeric_limits<std::int32_t>::max();

/// One of n things, from 32 random bits.
int one_of(std::uint32_t word, int n) { return static_cast<int>(std::uint64_t{word} * n >> 32); }

std::uint32_t as_word(int n) { return n; }

/// How far a change that runs from one tick to another has come, in [0, 1]. It is a jump when both are the same.
double progress(int tick, double from, double to) {
  if (to <= from) return tick >= from ? 1 : 0;
  return std::clamp((tick - from) / (to - from), 0.0, 1.0);
}

// ---- Rules ----------------------------------------------------------------------------------------------------------

/// C/A as the variant sees it.
double ratio(int cops, int active, Rounding rounding) {
  const int whole = cops / active, rest = cops % active;
  switch (rounding) {
    case Rounding::floor:
      return whole;
    case Rounding::round:
      return whole + (2 * rest > active || (2 * rest == active && whole % 2 == 1) ? 1 : 0);
    case Rounding::literal:
      break;
  }
  return sim::real(cops) / active;
}

double fear_of(const Parameters& p, int cops, int active) {
  return fear(ratio(cops, active, p.ratio), p.fear_constant.value, p.fear_steepness.value);
}

/// The fears that come up all the time, so that each is only worked out once in a trial.
std::vector<double> usual_fears(const Parameters& p) {
  std::vector<double> fears;
  for (int cops = 0; cops < fear_counts; ++cops)
    for (int active = 0; active < fear_counts; ++active)
      fears.push_back(active == 0 ? 1 : fear_of(p, cops, active));  // whoever decides is active, so never none
  return fears;
}

/// Rule A: active iff G - R P > T, with G = H (1 - L). Whoever decides counts as one active of those in sight.
bool wants_to_act(const World& w, const Actor& a) {
  const double grievance = a.hardship * (1 - w.legitimacy);
  if (grievance <= w.p.threshold.value) return false;  // fear only lowers it
  const std::size_t cell = a.cell;
  const int cops = w.cops_near[cell],
            active = 1 + w.actives_near[cell] - (a.active && !w.p.counts_itself_twice ? 1 : 0);
  const double risk =
      std::max(cops, active) < fear_counts ? w.fear[cops * fear_counts + active] : fear_of(w.p, cops, active);
  return grievance - a.risk_aversion * risk > w.p.threshold.value;
}

// ---- Places ---------------------------------------------------------------------------------------------------------

void set_active(World& w, Actor& a, bool active) {
  if (a.active == active) return;
  a.active = active;
  w.sight.add(w.actives_near, a.cell, active ? 1 : -1);
}

void put(World& w, int who, int cell) {
  Actor& a = w.actors[who];
  a.cell = cell;
  a.next = std::exchange(w.occupant[cell], who);
  w.empty.set(cell, false);
  if (a.cop) w.sight.add(w.cops_near, cell, 1);
  if (a.active) w.sight.add(w.actives_near, cell, 1);
}

/// Takes an actor who may stand on a cell out of the way there. It keeps its cell.
void leave(World& w, int who) {
  Actor& a = w.actors[who];
  std::int32_t& first = w.occupant[a.cell];
  if (first == who) {
    first = a.next;
  } else {
    int other = first;
    while (other >= 0 && w.actors[other].next != who) other = w.actors[other].next;
    if (other >= 0) w.actors[other].next = a.next;
  }
  w.empty.set(a.cell, first < 0);
  if (a.cop) w.sight.add(w.cops_near, a.cell, -1);
  if (a.active) w.sight.add(w.actives_near, a.cell, -1);
}

void take_off(World& w, int who) {
  leave(w, who);
  w.actors[who].cell = -1;
}

/// A random empty cell, -1 without any: a few of n at random first, and only when all of these are taken a choice among
/// the empty ones, so that each is as likely as any other. `choose` takes one of those from a random word.
template <class CellAt, class Choose>
int empty_cell(const World& w, const Draws& draws, Luck luck, int who, int tick, int n, const CellAt& cell_at,
               const Choose& choose) {
  constexpr std::uint32_t blocks = 2;
  for (std::uint32_t slot = 0; slot < blocks; ++slot)
    for (const std::uint32_t word : draws.block(address(luck), as_word(who), as_word(tick), slot))
      if (const int cell = cell_at(one_of(word, n)); w.occupant[cell] < 0) return cell;
  return choose(
      [&](int count) { return one_of(draws.block(address(luck), as_word(who), as_word(tick), blocks)[0], count); });
}

int empty_in_sight(const World& w, const Draws& draws, Luck luck, int who, int cell, int tick) {
  const Sight::View seen = w.sight.from(cell);
  return empty_cell(
      w, draws, luck, who, tick, w.sight.size(), [&](int i) { return seen[i]; },
      [&](const auto& pick) {
        int count = 0, found = -1;
        w.sight.stretches(cell, [&](int from, int to) {
          count += w.empty.count(from, to);
          return false;
        });
        if (count == 0) return found;
        int left = pick(count);
        w.sight.stretches(cell, [&](int from, int to) {
          const int here = w.empty.count(from, to);
          if (left < here) found = w.empty.nth(from, to, left);
          left -= here;
          return found >= 0;
        });
        return found;
      });
}

int empty_anywhere(const World& w, const Draws& draws, Luck luck, int who, int tick) {
  const int cells = static_cast<int>(w.occupant.size());
  return empty_cell(
      w, draws, luck, who, tick, cells, [](int i) { return i; },
      [&](const auto& pick) {
        const int count = w.empty.count(0, cells);
        return count == 0 ? -1 : w.empty.nth(0, cells, pick(count));
      });
}

/// The first actor that `fits` of those who stand in sight of a cell or on it, -1 for none.
template <class Fits>
int in_sight(const World& w, int cell, const Fits& fits) {
  const auto on = [&](int here) {
    int who = w.occupant[here];
    while (who >= 0 && !fits(w.actors[who])) who = w.actors[who].next;
    return who;
  };
  const Sight::View seen = w.sight.from(cell);
  for (int i = 0; i < w.sight.size(); ++i)
    if (const int who = on(seen[i]); who >= 0) return who;
  return on(cell);
}

// ---- A tick ---------------------------------------------------------------------------------------------------------

/// A new citizen with traits of its own.
Actor citizen(const World& w, const Draws& draws, int who, int group, int tick) {
  const sim::Block b = draws.block(address(Luck::traits), as_word(who), as_word(tick));
  Actor a;
  a.hardship = sim::open_unit(b[0]);
  a.risk_aversion = sim::open_unit(b[1]);
  a.group = static_cast<std::int8_t>(group);
  a.dies_at = w.p.groups > 1 ? tick + 1 + static_cast<int>(sim::open_unit(b[2]) * w.p.max_age.value) : never_free;
  return a;
}

Actor cop() {
  Actor a;
  a.cop = true;
  return a;
}

double cop_density(const World& w, int tick) {
  const Parameters& p = w.p;
  return p.cop_density.value + w.cop_luck +
         p.cop_density_change.value * progress(tick, p.cops_change_from, p.cops_change_to);
}

int cops_wanted(const World& w, int tick) {
  const auto cells = sim::real(w.occupant.size());
  return std::max(0, static_cast<int>(std::floor(cop_density(w, tick) * cells + 0.5)));
}

/// Brings the number of cops to what the tick wants. They are alike, so it does not matter which ones go.
void post_cops(World& w, const Draws& draws, int tick) {
  const int wanted = cops_wanted(w, tick);
  for (int who = w.people() - 1; w.cops > wanted && who >= 0; --who)
    if (Actor& a = w.actors[who]; a.cop && !a.gone) {
      take_off(w, who);
      a.gone = true;
      --w.cops;
    }
  while (w.cops < wanted) {
    const int who = w.people();
    const int cell = empty_anywhere(w, draws, Luck::release, who, tick);
    if (cell < 0) return;  // a full grid: the next tick tries again
    w.actors.push_back(cop());
    put(w, who, cell);
    ++w.cops;
  }
}

/// Those who have served a term of ticks come out, as aggrieved as before, where they were arrested or at a random
/// empty cell; in Model II the old die.
void release_and_bury(World& w, const Draws& draws, int tick) {
  for (int who = 0; who < w.people(); ++who) {
    Actor& a = w.actors[who];
    if (a.gone || a.cop) continue;
    if (tick >= a.dies_at) {
      if (a.cell >= 0) take_off(w, who);
      a.active = a.jailed = false;
      a.gone = true;
    } else if (a.jailed && w.p.jailed != Jailed::blocking && --a.term <= 0) {
      const int cell = a.cell >= 0 ? a.cell : empty_anywhere(w, draws, Luck::release, who, tick);
      if (cell < 0) continue;
      a.jailed = false;
      put(w, who, cell);
    }
  }
}

/// One random order of all who are on the grid (Fisher-Yates, the words by address).
void draw_order(World& w, const Draws& draws, int tick) {
  w.order.clear();
  for (int who = 0; who < w.people(); ++who)
    if (w.actors[who].cell >= 0) w.order.push_back(who);
  std::uint32_t words[64];
  for (std::uint32_t i = 0; i < w.order.size(); ++i) {
    if (i % 64 == 0) draws.group(address(Luck::order), i / 64, as_word(tick), words);
    const int other = one_of(words[i % 64], i + 1);
    std::swap(w.order[i], w.order[other]);
  }
}

void move(World& w, const Draws& draws, int who, int tick) {
  const int cell = empty_in_sight(w, draws, Luck::move, who, w.actors[who].cell, tick);
  if (cell < 0) return;
  leave(w, who);
  put(w, who, cell);
}

/// Rule C: arrest one random active citizen in sight, for a term of min_jail, ... max_jail. Without any term he stays.
void arrest(World& w, const Draws& draws, int who, int tick) {
  const int cell = w.actors[who].cell;
  const int there = w.actives_near[cell];
  if (there == 0) return;
  int left = one_of(draws.block(address(Luck::arrest), as_word(who), as_word(tick))[0], there);
  const int caught = in_sight(w, cell, [&](const Actor& a) { return a.active && left-- == 0; });
  Actor& a = w.actors[caught];
  const int scene = a.cell;
  const double u = draws.uniform(address(Luck::term), as_word(caught), as_word(tick));
  const double term = w.p.min_jail + std::floor(u * (w.p.max_jail.value + (1 - w.p.min_jail)));
  a.term = term < 1e9 ? static_cast<int>(term) : never_free;
  set_active(w, a, false);
  if (w.p.jailed == Jailed::blocking) {
    a.jailed = true;
  } else if (a.term > 0) {
    a.jailed = true;
    leave(w, caught);
    if (w.p.jailed == Jailed::away) a.cell = -1;
  }
  if (w.p.step_to_arrest) {
    leave(w, who);
    put(w, who, scene);
  }
  ++w.tally.arrests;
}

/// Model II: an active citizen kills a random one of the other group in sight.
void kill(World& w, const Draws& draws, int who, int tick) {
  const Actor& a = w.actors[who];
  const auto enemy = [&](const Actor& other) { return !other.cop && !other.jailed && other.group != a.group; };
  int there = 0;
  in_sight(w, a.cell, [&](const Actor& other) {
    there += enemy(other);
    return false;
  });
  if (there == 0) return;
  int left = one_of(draws.block(address(Luck::kill), as_word(who), as_word(tick))[0], there);
  const int victim = in_sight(w, a.cell, [&](const Actor& other) { return enemy(other) && left-- == 0; });
  Actor& v = w.actors[victim];
  take_off(w, victim);
  v.active = false;
  v.gone = true;
  ++w.tally.killed;
}

/// Model II: a child of the same group and hardship appears on an empty cell in sight; it acts from the next tick on.
void clone(World& w, const Draws& draws, int who, int tick) {
  if (!draws.happens(w.p.clone_probability.value, address(Luck::clone), as_word(who), as_word(tick))) return;
  const Actor& parent = w.actors[who];
  const int cell = empty_in_sight(w, draws, Luck::clone_cell, who, parent.cell, tick);
  if (cell < 0) return;
  const int child = w.people();
  Actor a = citizen(w, draws, child, parent.group, tick);
  a.hardship = parent.hardship;
  w.actors.push_back(a);
  put(w, child, cell);
}

/// The rule of a cop or of a citizen.
void act(World& w, const Draws& draws, int who, int tick) {
  Actor& a = w.actors[who];
  if (a.cop) return arrest(w, draws, who, tick);
  set_active(w, a, wants_to_act(w, a));
  if (w.p.groups < 2) return;
  if (a.active) kill(w, draws, who, tick);
  clone(w, draws, who, tick);
}

void take_turn(World& w, const Draws& draws, int who, int tick) {
  Actor& a = w.actors[who];
  if (a.jailed && w.p.jailed == Jailed::blocking && a.term-- == 0) a.jailed = false;
  if (a.jailed) return;
  const bool moves = a.cop || w.p.movement;
  if (w.p.order == TurnOrder::act_move) act(w, draws, who, tick);
  if (moves) move(w, draws, who, tick);
  if (w.p.order == TurnOrder::move_act) act(w, draws, who, tick);
}

void count(World& w) {
  w.active = w.jailed = w.free = 0;
  w.group_size = {};
  for (const Actor& a : w.actors) {
    if (a.cop || a.gone) continue;
    ++w.group_size[a.group];
    w.jailed += a.jailed;
    w.free += !a.jailed;
    w.active += a.active;
  }
}

void note(World& w, int tick) {
  Tally& t = w.tally;
  ++t.ticks;
  t.active += w.active;
  t.peak = std::max(t.peak, w.active);
  t.calm_ticks += w.active < calm_size;
  if (w.active > outburst_size) {
    if (!t.in_outburst && ++t.outbursts == 1) t.first_outburst = tick;
    if (!t.in_outburst && t.outbursts > 1) t.wait += tick - t.last_outburst_end - 1;
    t.outburst_activation += w.active;
    t.last_outburst_end = tick;
  }
  t.in_outburst = w.active > outburst_size;
  if (t.group_gone_at == 0 && w.p.groups > 1 && std::min(w.group_size[0], w.group_size[1]) == 0) t.group_gone_at = tick;
}

/// Means over the citizens who are not in jail: of grievance over that of risk aversion, times the share that is quiet.
double tension(const World& w) {
  double hardship = 0, risk = 0;
  for (const Actor& a : w.actors)
    if (!a.cop && !a.gone && !a.jailed) {
      hardship += a.hardship;
      risk += a.risk_aversion;
    }
  if (w.free == 0) return sim::never;
  return (1 - w.legitimacy) * hardship / risk * (w.free - w.active) / w.free;
}

double when(int tick) { return tick > 0 ? tick : sim::never; }
double mean(double sum, int n) { return n > 0 ? sum / n : sim::never; }

const std::vector<Reported<World>>& outcomes() {
  using K = sim::ValueKind;
  static const std::vector<Reported<World>> rows{
      reported<World>("outbursts", "1", K::count, "outbursts: unbroken runs of ticks that end with more than 50 active",
                      [](const World& w) -> double { return w.tally.outbursts; }),
      reported<World>("outburst_wait", "tick", K::real,
                      "mean number of ticks between the last tick of an outburst and the first of the next",
                      [](const World& w) { return mean(w.tally.wait, w.tally.outbursts - 1); }),
      reported<World>("outburst_activation", "agent tick", K::real,
                      "mean over outbursts of the sum of actives over their ticks",
                      [](const World& w) { return mean(w.tally.outburst_activation, w.tally.outbursts); }),
      reported<World>("first_outburst", "tick", K::count, "first tick of the first outburst",
                      [](const World& w) { return when(w.tally.first_outburst); }),
      reported<World>("peak_active", "agent", K::count, "most active citizens at the end of a tick",
                      [](const World& w) -> double { return w.tally.peak; }),
      reported<World>("mean_active", "agent", K::real, "mean number of active citizens over all ticks",
                      [](const World& w) { return mean(w.tally.active, w.tally.ticks); }),
      reported<World>("calm_share", "1", K::real, "share of ticks that end with fewer than 10 active",
                      [](const World& w) { return mean(w.tally.calm_ticks, w.tally.ticks); }),
      reported<World>("arrests", "1", K::count, "arrests", [](const World& w) -> double { return w.tally.arrests; }),
      reported<World>("jailed_at_end", "agent", K::count, "citizens in jail after the last tick",
                      [](const World& w) -> double { return w.jailed; }),
      reported<World>("killed", "agent", K::count, "citizens killed by the other group",
                      [](const World& w) -> double { return w.tally.killed; }),
      reported<World>("group_gone", "1", K::flag, "whether one of two groups has disappeared",
                      [](const World& w) { return w.p.groups > 1 ? double(w.tally.group_gone_at > 0) : sim::never; }),
      reported<World>("group_gone_at", "tick", K::count, "tick at the end of which one of two groups is gone",
                      [](const World& w) { return when(w.tally.group_gone_at); })};
  return rows;
}

const std::vector<Reported<World>>& series() {
  using K = sim::ValueKind;
  static const std::vector<Reported<World>> rows{
      reported<World>("active", "agent", K::count, "active citizens",
                      [](const World& w) -> double { return w.active; }),
      reported<World>("quiet", "agent", K::count, "citizens who are neither active nor in jail",
                      [](const World& w) -> double { return w.free - w.active; }),
      reported<World>("jailed", "agent", K::count, "citizens in jail",
                      [](const World& w) -> double { return w.jailed; }),
      reported<World>("cops", "agent", K::count, "cops", [](const World& w) -> double { return w.cops; }),
      reported<World>("legitimacy", "1", K::real, "legitimacy of the government",
                      [](const World& w) { return w.legitimacy; }),
      reported<World>("tension", "1", K::real, "mean grievance over mean risk aversion, times the share that is quiet",
                      tension),
      {{"group_size", "agent", "citizens of a group, in jail or not", K::count, {"group"}, {}},
       [](const World& w, std::span<double> out) { std::ranges::copy(w.group_size, out.begin()); }}};
  return rows;
}

}  // namespace

const std::vector<std::string>& rounding_names() {
  static const std::vector<std::string> names{"literal", "floor", "round"};
  return names;
}

const std::vector<std::string>& turn_order_names() {
  static const std::vector<std::string> names{"move_act", "act_move"};
  return names;
}

const std::vector<std::string>& jailed_names() {
  static const std::vector<std::string> names{"away", "blocking", "passable"};
  return names;
}

const std::vector<std::string>& fill_names() {
  static const std::vector<std::string> names{"exact", "bernoulli"};
  return names;
}

const sim::Fields<Parameters>& CivilViolence::fields() {
  using P = Parameters;
  const sim::Range share{0, 1, "1"}, tick{0, 20000, "tick"};
  const double inf = std::numeric_limits<double>::infinity();
  static const auto all =
      sim::Fields<P>{}
          .fixed("width", &P::width, {3, 1000, "cell"}, "columns of the grid, which is a torus")
          .fixed("height", &P::height, {3, 1000, "cell"}, "rows of the grid")
          .choice("fill", &P::fill, fill_names(),
                  "the start: exactly as many as the densities say, or a draw in each cell with their chances")
          .number("agent_density", &P::agent_density, share, "citizens per cell at the start")
          .number("cop_density", &P::cop_density, share, "cops per cell at the start")
          .number("cop_density_change", &P::cop_density_change, {-1, 1, "1"},
                  "how much the cop density changes in all, evenly over the ticks named next")
          .fixed("cops_change_from", &P::cops_change_from, tick, "tick at which that change begins")
          .fixed("cops_change_to", &P::cops_change_to, tick, "tick at which it is complete; the same tick for a jump")
          .fixed("vision", &P::vision, {1, 100, "cell"}, "how far citizens and cops see")
          .choice("neighbourhood", &P::neighbourhood, shape_names(),
                  "the cells within vision: a disc, a square, or a diamond")
          .flag("movement", &P::movement, "whether citizens move to a random empty cell in sight; cops always do")
          .choice("order", &P::order, turn_order_names(),
                  "a turn: move, then decide or arrest; or decide or arrest, then move")
          .flag("counts_itself_twice", &P::counts_itself_twice,
                "whether a citizen who is already active counts itself twice among the actives in sight")
          .choice("ratio", &P::ratio, rounding_names(),
                  "what becomes of the ratio of cops to actives before fear is taken of it")
          .number("fear_steepness", &P::fear_steepness, {0.1, 64, "1"},
                  "power m of the ratio in fear; 1 is the rule as printed")
          .number("fear_constant", &P::fear_constant, {0, 20, "1"}, "k: fear is 1 - exp(-k ratio^m)")
          .number("threshold", &P::threshold, {-1, 1, "1"}, "T: active iff grievance minus net risk exceeds it")
          .number("legitimacy", &P::legitimacy, share, "legitimacy of the government at the start")
          .number("legitimacy_change", &P::legitimacy_change, {-1, 1, "1"},
                  "how much legitimacy changes in all, evenly over the ticks named next")
          .fixed("legitimacy_change_from", &P::legitimacy_change_from, tick, "tick at which that change begins")
          .fixed("legitimacy_change_to", &P::legitimacy_change_to, tick,
                 "tick at which it is complete; the same tick for a jump")
          .fixed("min_jail", &P::min_jail, {0, 1, "tick"},
                 "shortest jail term; after a term of 0 a citizen may act again when called next")
          .number("max_jail", &P::max_jail, {1, inf, "tick"},
                  "longest jail term: terms are uniform on the whole numbers from the shortest to it; inf for jail "
                  "without end")
          .choice("jailed", &P::jailed, jailed_names(),
                  "where the jailed are: away, to come out at a random empty cell; blocking their cell, with terms in "
                  "turns of their own; or on their cell, passable to others")
          .flag("step_to_arrest", &P::step_to_arrest, "whether a cop steps onto the cell of an arrest")
          .fixed("groups", &P::groups, {1, 2, "1"},
                 "1 for rebellion against the government, 2 for violence between two groups, with births and deaths")
          .number("clone_probability", &P::clone_probability, share,
                  "with two groups: chance of a child in a tick, if there is an empty cell in sight")
          .number("max_age", &P::max_age, {1, 1e6, "tick"}, "with two groups: ages at death are uniform up to it");
  return all;
}

void CivilViolence::check(const Parameters& p, const toml::table& keys, sim::Diagnostics& diagnostics) {
  const auto need = [&](bool good, const std::string& key, const std::string& message) {
    if (good) return;
    const toml::node* node = keys.get(key);
    diagnostics.add(sim::place_of(node ? *node : keys), "parameters." + key, message);
  };
  for (const auto& [key, value] :
       {std::pair{"width", p.width}, {"height", p.height}, {"groups", p.groups}, {"min_jail", p.min_jail}})
    need(value == std::floor(value), key, "expected a whole number");
  const double side = std::min(p.width, p.height);
  need(2 * std::floor(p.vision) + 1 <= side, "vision",
       fmt::format("nobody may see round the torus: on a grid of {} by {} expected less than {}", p.width, p.height,
                   side / 2));
  need(p.cops_change_to >= p.cops_change_from, "cops_change_to", "must not come before cops_change_from");
  need(p.legitimacy_change_to >= p.legitimacy_change_from, "legitimacy_change_to",
       "must not come before legitimacy_change_from");
  const double cops_after = p.cop_density.value + p.cop_density_change.value;
  need(cops_after >= -1e-9, "cop_density_change", "takes away more cops than there are");
  need(p.agent_density.value + std::max(p.cop_density.value, cops_after) <= 1, "agent_density",
       "citizens and cops together are more than the cells: lower a density");
  const double legitimacy_after = p.legitimacy.value + p.legitimacy_change.value;
  need(legitimacy_after >= -1e-9 && legitimacy_after <= 1 + 1e-9, "legitimacy_change",
       "takes legitimacy out of the range 0 to 1");
}

CivilViolence::CivilViolence(Case<Parameters> c) : ClassicModel(std::move(c), outcomes(), series()) {
  layout_.axes = {{"group", {"first", "second"}, {}, "", "group of citizens; the second only in Model II"}};
}

CivilViolenceWorld CivilViolence::make_world(const Draws& draws) const {
  World w;
  w.p = drawn_parameters(case_, fields(), draws);
  const Parameters& p = w.p;
  const int width = static_cast<int>(p.width), height = static_cast<int>(p.height), cells = width * height;
  w.sight = Sight(width, height, p.vision, p.neighbourhood);
  w.occupant.assign(cells, -1);
  w.empty = EmptyCells(cells);
  w.actives_near.assign(w.occupant.size(), 0);
  w.cops_near.assign(w.occupant.size(), 0);
  w.fear = usual_fears(p);
  w.legitimacy = p.legitimacy.value;
  const int citizens = static_cast<int>(std::floor(p.agent_density.value * cells + 0.5));
  w.cops = cops_wanted(w, 0);
  if (citizens + w.cops > cells)
    throw std::runtime_error(fmt::format("{} citizens and {} cops do not fit on {} cells", citizens, w.cops, cells));
  const auto settle = [&](const Actor& a, int cell) {
    w.actors.push_back(a);
    put(w, w.people() - 1, cell);
  };
  if (p.fill == Fill::bernoulli) {
    const double citizens_end = p.agent_density.value, cops_end = citizens_end + cop_density(w, 0);
    w.cops = 0;
    for (int cell = 0; cell < cells; ++cell) {
      const sim::Block b = draws.block(address(Luck::settling), as_word(cell), 0);
      const double u = sim::open_unit(b[0]);
      if (u < citizens_end) {
        settle(citizen(w, draws, w.people(), p.groups > 1 ? one_of(b[1], 2) : 0, 0), cell);
      } else if (u < cops_end) {
        settle(cop(), cell);
        ++w.cops;
      }
    }
    w.cop_luck = sim::real(w.cops) / cells - cop_density(w, 0);
  } else {
    // The first of a shuffled list of all cells: everybody stands somewhere else.
    std::vector<int> free(w.occupant.size());
    std::iota(free.begin(), free.end(), 0);
    for (int who = 0; who < citizens + w.cops; ++who) {
      const std::uint32_t word = draws.block(address(Luck::settling), as_word(who), 0)[0];
      std::swap(free[who], free[who + one_of(word, cells - who)]);
      settle(who < citizens ? citizen(w, draws, who, p.groups > 1 ? who % 2 : 0, 0) : cop(), free[who]);
    }
  }
  count(w);
  return w;
}

void CivilViolence::step(World& w, const Draws& draws, int number) const {
  const int tick = number + 1;
  const Parameters& p = w.p;
  w.legitimacy = std::clamp(
      p.legitimacy.value + p.legitimacy_change.value * progress(tick, p.legitimacy_change_from, p.legitimacy_change_to),
      0.0, 1.0);
  post_cops(w, draws, tick);
  release_and_bury(w, draws, tick);
  draw_order(w, draws, tick);
  for (const int who : w.order)
    if (w.actors[who].cell >= 0) take_turn(w, draws, who, tick);  // not led away, not killed
  count(w);
  note(w, tick);
}

void CivilViolence::record_series(const World& w, std::span<float> row) const {
  report(w, series(), layout_.series, layout_, row);
}

void CivilViolence::record_outcomes(const World& w, std::span<double> out) const {
  report(w, outcomes(), layout_.outcomes, layout_, out);
}

static_assert(sim::Model<CivilViolence>);

}  // namespace qantar::agents::classic
