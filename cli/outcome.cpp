#include "cli/outcome.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cli/options.hpp"
#include "sim/config/diagnostics.hpp"

namespace qantar::cli {
namespace {

const std::string occurred = "_occurred";

/// "h", not the long text that dates the clock's epoch.
std::string shown_units(const sim::Variable& v) { return v.kind == sim::ValueKind::time ? "h" : v.units; }

}  // namespace

OutcomeName find_outcome(const std::string& written, const sim::ResultLayout& layout) {
  const auto colon = written.find(':');
  OutcomeName found{written, written.substr(0, colon), 0, 1, sim::ValueKind::real, ""};
  const bool flag = found.variable.ends_with(occurred);
  const std::string base = flag ? found.variable.substr(0, found.variable.size() - occurred.size()) : found.variable;
  std::vector<std::string> names;
  for (const auto& v : layout.outcomes) names.push_back(v.name);
  const auto variable = std::ranges::find(layout.outcomes, base, &sim::Variable::name);
  if (variable == layout.outcomes.end() || (flag && variable->kind != sim::ValueKind::time))
    throw UsageError(
        fmt::format("\"{}\": no such outcome{}; see qantar observables", written, sim::nearest_hint(base, names)));
  if (variable->kind == sim::ValueKind::code) throw UsageError(fmt::format("\"{}\": is a name and no number", written));
  found.kind = flag ? sim::ValueKind::flag : variable->kind;
  found.units = flag ? "1" : shown_units(*variable);
  found.size = layout.size(*variable);
  if (variable->axes.empty()) {
    if (colon != std::string::npos) throw UsageError(fmt::format("\"{}\": {} is one number", written, base));
    return found;
  }
  const sim::Axis& axis = layout.axis(variable->axes.front());
  const std::string label = colon == std::string::npos ? "" : written.substr(colon + 1);
  const auto at = std::ranges::find(axis.labels, label);
  if (variable->axes.size() != 1 || at == axis.labels.end())
    throw UsageError(fmt::format("\"{}\": {} has a number for each {}; write {}:NAME with one of: {}", written, base,
                                 axis.name, found.variable, sim::joined(axis.labels)));
  found.offset = static_cast<std::size_t>(at - axis.labels.begin());
  return found;
}

std::vector<OutcomeName> single_outcomes(const sim::ResultLayout& layout) {
  std::vector<OutcomeName> out;
  for (const auto& v : layout.outcomes)
    if (v.axes.empty() && v.kind != sim::ValueKind::code) out.push_back(find_outcome(v.name, layout));
  return out;
}

std::vector<double> values_of(const OutcomeName& outcome, const sim::ResultReader& result) {
  const auto all = result.variable(outcome.variable);
  std::vector<double> out;
  for (std::size_t at = outcome.offset; at < all.size(); at += outcome.size) {
    const bool never = outcome.kind == sim::ValueKind::time && std::isnan(all[at]);
    out.push_back(never ? result.clock().end() : all[at]);
  }
  return out;
}

}  // namespace qantar::cli
