// Civil violence after Epstein (2002, PNAS 99 suppl. 3, 7243-7250): rebellion against a central authority (Model I) and
// violence between two groups (Model II), on a torus. What is pinned where the article leaves room: README.md here.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "agents/classic/classic_case.hpp"
#include "sim/draws.hpp"
#include "sim/model.hpp"

namespace qantar::agents::classic {

/// Which cells an actor sees: within a straight-line distance, a square, or a number of steps along the grid.
enum class Shape { euclidean, moore, von_neumann };
const std::vector<std::string>& shape_names();

/// What the ratio C/A of cops to active citizens becomes before fear is taken of it: as it is, cut to a whole number,
/// or rounded to one (halves to the even one).
enum class Rounding { literal, floor, round };
const std::vector<std::string>& rounding_names();

/// Keys, ranges and meanings: `civil_violence_fields`.
struct CivilViolenceParameters {
  double width = 40, height = 40;
  sim::Number agent_density{0.7}, cop_density{0.04}, cop_density_change{0};
  double cops_change_from = 0, cops_change_to = 0;
  double vision = 7;
  Shape neighbourhood = Shape::euclidean;
  bool movement = true;
  Rounding ratio = Rounding::literal;
  sim::Number fear_steepness{1}, fear_constant{2.3}, threshold{0.1};
  sim::Number legitimacy{0.82}, legitimacy_change{0};
  double legitimacy_change_from = 0, legitimacy_change_to = 0;
  sim::Number max_jail{30};
  double groups = 1;
  sim::Number clone_probability{0.05}, max_age{200};
};

/// Which cells of a grid are empty, a bit each, so that the n-th of many is found by counting words.
class EmptyCells {
 public:
  EmptyCells() = default;
  explicit EmptyCells(int cells);  ///< all empty

  void set(int cell, bool empty);
  int count(int from, int to) const;       ///< among cells from <= i < to
  int nth(int from, int to, int n) const;  ///< the n-th of these, from 0; there must be one

 private:
  std::uint64_t word(int i, int from, int to) const;  ///< of which cells outside [from, to) are masked
  std::vector<std::uint64_t> words_;
};

/// The cells that can be seen from a cell of the torus.
class Sight {
 public:
  Sight() = default;
  Sight(int width, int height, double vision, Shape shape);

  /// Number of cells seen, without the own one.
  int size() const { return static_cast<int>(offsets_.size()); }
  /// The cells seen from one cell: from(cell)[i] for 0 <= i < size().
  class View {
   public:
    int operator[](int i) const {
      const Offset& o = sight_.offsets_[static_cast<std::size_t>(i)];
      return wrapped(y_ + o.dy, sight_.height_) * sight_.width_ + wrapped(x_ + o.dx, sight_.width_);
    }

   private:
    friend class Sight;
    View(const Sight& sight, int cell) : sight_(sight), x_(cell % sight.width_), y_(cell / sight.width_) {}
    const Sight& sight_;
    int x_, y_;
  };
  View from(int cell) const { return {*this, cell}; }

  /// Calls `visit(from, to)` for the stretches of cells that can be seen from a cell, itself included, in the order of
  /// from(cell), until it returns true.
  template <class Visit>
  void stretches(int cell, const Visit& visit) const {
    const int x = cell % width_, y = cell / width_;
    for (const Offset& row : rows_) {
      const int line = wrapped(y + row.dy, height_) * width_;
      const int from = x - row.dx, to = x + row.dx + 1;  // a row may run over an edge of the grid, never over both
      if (from < 0 && visit(line + from + width_, line + width_)) return;
      if (visit(line + std::max(from, 0), line + std::min(to, width_))) return;
      if (to > width_ && visit(line, line + to - width_)) return;
    }
  }

  /// Adds `amount` to all cells that see `cell`, itself included. Seeing is mutual.
  void add(std::vector<std::int16_t>& counts, int cell, int amount) const;

 private:
  struct Offset {
    int dx, dy;
  };
  /// A coordinate that may have left the torus by less than its size.
  static int wrapped(int at, int size) { return at < 0 ? at + size : at >= size ? at - size : at; }
  int width_ = 0, height_ = 0;
  std::vector<Offset> offsets_;
  std::vector<Offset> rows_;  ///< of every row: its distance dy, and how far it reaches to both sides
};

/// A citizen or a cop.
struct Actor {
  double hardship = 0, risk_aversion = 0;  ///< of a citizen, in (0, 1), fixed
  std::int32_t cell = -1;                  ///< -1: in jail or gone
  std::int32_t free_at = 0;                ///< tick at the start of which a jailed citizen comes out
  std::int32_t dies_at = 0;                ///< tick at the start of which a citizen of Model II dies of age
  std::int8_t group = 0;                   ///< 0 or 1
  bool cop = false, active = false, jailed = false, gone = false;
};

/// Sums over the ticks so far.
struct Tally {
  int ticks = 0, outbursts = 0, first_outburst = 0, last_outburst_end = 0, peak = 0, calm_ticks = 0, killed = 0,
      arrests = 0, group_gone_at = 0;
  double active = 0, outburst_activation = 0, wait = 0;
  bool in_outburst = false;
};

struct CivilViolenceWorld {
  CivilViolenceParameters p;  ///< the priors drawn
  Sight sight;
  std::vector<Actor> actors;
  std::vector<std::int32_t> occupant;                 ///< actor on each cell, -1 for none
  std::vector<std::int16_t> actives_near, cops_near;  ///< how many are seen from each cell, itself included
  std::vector<double> fear;  ///< for each number of cops below `fear_counts`, and each of actives below it
  double legitimacy = 1;
  int cops = 0, active = 0, jailed = 0, free = 0;
  std::array<int, 2> group_size{};
  Tally tally;
  EmptyCells empty;                 ///< where nobody is
  std::vector<std::int32_t> order;  ///< kept between ticks to spare the memory's manager
};

/// Civil violence as a Model of the engine. Safe to share between threads.
class CivilViolence {
 public:
  using World = CivilViolenceWorld;
  using Parameters = CivilViolenceParameters;
  static constexpr const char* name = "civil_violence";
  static const sim::Fields<Parameters>& fields();
  /// Conditions between keys.
  static void check(const Parameters& p, const toml::table& keys, sim::Diagnostics& diagnostics);

  explicit CivilViolence(Case<Parameters> c);

  const sim::Clock& clock() const { return case_.clock; }
  const sim::RecordLayout& layout() const { return layout_; }
  const sim::Priors& priors() const { return case_.priors; }
  const std::string& case_title() const { return case_.head.title; }
  const Case<Parameters>& data() const { return case_; }
  std::string resolved_text() const { return classic::resolved_text(name, case_, fields()); }
  World make_world(const sim::Draws& draws) const;
  void step(World& w, const sim::Draws& draws, int number) const;
  void sample(const World& w, std::span<float> row) const;
  void observe(const World& w, std::span<double> out) const;
  void parameters(const World& w, std::span<double> out) const { parameter_values(w.p, fields(), out); }
  std::vector<sim::LoggedEvent> events(World&) const { return {}; }

 private:
  Case<Parameters> case_;
  sim::RecordLayout layout_;
};

}  // namespace qantar::agents::classic
