#include "sim/trial_result.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace qantar::sim {

std::string Axis::text(std::size_t index) const {
  return labels.empty() ? fmt::format("{}", coordinates.at(index)) : labels.at(index);
}

const char* word_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::real:
      return "number";
    case ValueKind::time:
      return "time";
    case ValueKind::count:
      return "count";
    case ValueKind::flag:
      return "flag";
    case ValueKind::code:
      return "code";
  }
  return "number";
}

const Axis& ResultLayout::axis(const std::string& name) const {
  const auto found = std::ranges::find(axes, name, &Axis::name);
  if (found == axes.end()) throw std::logic_error("record layout has no axis '" + name + "'");
  return *found;
}

std::size_t ResultLayout::size(const Variable& v) const {
  std::size_t n = 1;
  for (const auto& a : v.axes) n *= axis(a).size();
  return n;
}

std::size_t ResultLayout::width(const std::vector<Variable>& variables) const {
  std::size_t n = 0;
  for (const auto& v : variables) n += size(v);
  return n;
}

std::vector<Placed> ResultLayout::placed(const std::vector<Variable>& variables) const {
  std::vector<Placed> out;
  std::size_t first = 0;
  for (const auto& v : variables) {
    out.push_back({v, first, size(v)});
    first += out.back().size;
  }
  return out;
}

std::optional<Placed> ResultLayout::find(const std::vector<Variable>& variables, const std::string& name) const {
  for (const auto& place : placed(variables))
    if (place.variable.name == name) return place;
  return std::nullopt;
}

std::vector<std::string> ResultLayout::labels(const Variable& v, std::size_t index) const {
  std::vector<std::string> out(v.axes.size());
  for (std::size_t a = out.size(); a-- > 0;) {
    const Axis& along = axis(v.axes[a]);
    out[a] = along.text(index % along.size());
    index /= along.size();
  }
  return out;
}

std::size_t bytes_held(const TrialResult& r) {
  return sizeof(TrialResult) + sizeof(double) * (r.outcomes.size() + r.parameters.size()) +
         sizeof(float) * r.series.size() + sizeof(LoggedEvent) * r.events.size();
}

}  // namespace qantar::sim
