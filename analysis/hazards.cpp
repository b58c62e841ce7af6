#include "analysis/hazards.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "analysis/measures.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

struct Exposure {
  double events = 0, hours = 0;

  double rate() const { return (events + 0.5) / std::max(1.0, hours); }
};

/// What other records say, by observable.
struct Elsewhere {
  std::map<std::string, Exposure> times;
  Exposure all_times;
  std::map<std::string, std::vector<double>> numbers;
  std::map<Scale, std::vector<double>> all_numbers;
  double flags_set = 0, flags = 0;

  void add(const Event& e, const sim::Clock& clock) {
    const auto or_else = [](double x, double otherwise) { return x == x ? x : otherwise; };
    const double from = or_else(e.earliest, clock.start()), to = or_else(e.latest, clock.end());
    if (measure_row(e.measure).compared_by == ComparedBy::number) {
      const double middle = std::isfinite(e.high) ? 0.5 * (e.low + e.high) : e.low;
      numbers[e.observable].push_back(middle);
      all_numbers[e.scale].push_back(middle);
      return;
    }
    const bool happened = e.measure != Measure::absent;
    if (e.kind == sim::ValueKind::flag) {
      flags_set += happened;
      ++flags;
    } else if (e.kind == sim::ValueKind::time && !e.compares_two()) {
      const double hours = (happened ? 0.5 * (from + to) : to) - clock.start();
      for (Exposure* exposure : {&times[e.observable], &all_times}) {
        exposure->events += happened;
        exposure->hours += std::max(0.0, hours);
      }
    }
  }
};

double drawn(const sim::Variable& variable, Scale scale, const Elsewhere& elsewhere, const sim::Clock& clock,
             double u) {
  const auto one_of = [&](const std::vector<double>& values) {
    return values[std::min(values.size() - 1, static_cast<std::size_t>(u * sim::real(values.size())))];
  };
  switch (variable.kind) {
    case sim::ValueKind::time: {
      const auto found = elsewhere.times.find(variable.name);
      const Exposure& exposure = found != elsewhere.times.end() ? found->second : elsewhere.all_times;
      const double at = clock.start() - sim::log(u) / exposure.rate();
      return at <= clock.end() ? at : sim::never;
    }
    case sim::ValueKind::flag:
      return u < (elsewhere.flags > 0 ? elsewhere.flags_set / elsewhere.flags : 0.5) ? 1.0 : 0.0;
    case sim::ValueKind::code:
      return std::floor(u * sim::real(std::max<std::size_t>(1, variable.meanings.size())));
    default:
      if (const auto found = elsewhere.numbers.find(variable.name); found != elsewhere.numbers.end())
        return one_of(found->second);
      if (const auto found = elsewhere.all_numbers.find(scale); found != elsewhere.all_numbers.end())
        return one_of(found->second);
      return 0;
  }
}

}  // namespace

Predictor hazards_of_others(std::span<const KnownRecord> others, const Evidence& evidence, const sim::Clock& clock,
                            const sim::ResultLayout& layout, std::int64_t trials, std::uint64_t seed) {
  if (others.empty()) throw std::invalid_argument("rates of events need the record of another crisis");
  Elsewhere elsewhere;
  for (const auto& other : others)
    for (const auto& event : other.evidence->events)
      if (event.use == Use::scored && !event.input_driven) elsewhere.add(event, other.clock);
  std::map<std::size_t, Scale> scale;
  for (const auto& event : evidence.events)
    if (event.use == Use::scored) scale.emplace(event.column, event.scale);
  Predictor out{"hazards_of_others", "Rates of events in other crises", true, trials, 0, {}};
  const auto placed = layout.placed(layout.outcomes);
  for (const std::size_t column : needed_columns(evidence)) {
    const auto of =
        std::ranges::find_if(placed, [&](const auto& p) { return p.first <= column && column < p.first + p.size; });
    auto& values = out.columns[column];
    for (std::int64_t t = 0; t < trials; ++t) {
      const sim::Draws draws({seed, 0, static_cast<std::uint32_t>(t)});
      const double u = draws.uniform(1, static_cast<std::uint32_t>(column), 0);
      values.push_back(
          drawn(of->variable, scale.contains(column) ? scale[column] : Scale::magnitude, elsewhere, clock, u));
    }
  }
  return out;
}

}  // namespace qantar::analysis
