#include "cli/case_input.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "agents/observables.hpp"
#include "cli/options.hpp"
#include "cli/table.hpp"

namespace qantar::cli {
namespace {

// The trials of a result share their axes, so a hypothesis may change what is there but not which things there are.
bool same_shape(const sim::RecordLayout& a, const sim::RecordLayout& b) {
  return std::ranges::equal(
      a.axes, b.axes, [](const sim::Axis& x, const sim::Axis& y) { return x.name == y.name && x.labels == y.labels; });
}

bool same_clock(const sim::Clock& a, const sim::Clock& b) {
  return a.epoch().seconds == b.epoch().seconds && a.epoch().offset_minutes == b.epoch().offset_minutes &&
         a.start() == b.start() && a.end() == b.end() && a.step_hours() == b.step_hours();
}

void check_comparable(const std::string& shown, const CheckedCase& checked, sim::Diagnostics& diagnostics) {
  const auto& first = *checked.model.hypotheses.front();
  for (const auto& other : checked.model.hypotheses) {
    const sim::SourcePlace file{fmt::format("{}/hypotheses/{}.toml", shown, other->hypothesis)};
    if (!same_clock(first.clock, other->clock))
      diagnostics.add(file, "clock",
                      fmt::format("differs from the clock under {}; change it in case.toml, for every hypothesis",
                                  first.hypothesis));
    if (!same_shape(checked.layout, agents::record_layout(*other)))
      diagnostics.add(file, "id", "an entry is renamed, so results could not be compared; rename it in case.toml");
  }
}

}  // namespace

CheckedCase check_case(const std::string& shown, agents::CaseFiles files, const std::vector<std::string>& overrides,
                       sim::Diagnostics& diagnostics) {
  CheckedCase checked;
  checked.model = agents::build_case(shown, std::move(files), overrides, diagnostics);
  if (checked.model.hypotheses.empty()) return checked;  // reported: case.toml cannot be read at all
  const agents::Scenario& first = *checked.model.hypotheses.front();
  checked.layout = agents::record_layout(first);
  check_comparable(shown, checked, diagnostics);
  if (first.clock.steps() == 0) return checked;  // reported: without a clock no date can be judged
  if (const auto* text = checked.model.file("evidence.toml"))
    checked.evidence =
        analysis::read_evidence(*text, shown + "/evidence.toml", checked.layout, first.clock, diagnostics);
  if (const auto* text = checked.model.file("claims.toml"))
    checked.claims = analysis::read_claims(*text, shown + "/claims.toml", checked.layout, first.clock, diagnostics);
  return checked;
}

CheckedCase read_case(const std::string& folder, const std::vector<std::string>& overrides) {
  sim::Diagnostics diagnostics;
  auto files = agents::read_case_files(folder, diagnostics);
  CheckedCase checked = check_case(folder, std::move(files), overrides, diagnostics);
  if (!diagnostics.empty())
    throw sim::InputError(
        fmt::format("{}\n{}; nothing was done", diagnostics.text(), counted(diagnostics.problems().size(), "problem")));
  return checked;
}

void keep_hypotheses(agents::Case& model, const std::string& wanted) {
  if (wanted == "all") return;
  std::vector<std::string> names;
  for (const auto& h : model.hypotheses) names.push_back(h->hypothesis);
  std::erase_if(model.hypotheses, [&](const auto& h) { return h->hypothesis != wanted; });
  if (model.hypotheses.empty())
    throw UsageError(
        fmt::format("--hypothesis: the case has no hypothesis \"{}\"{}; it has: {}, or all of them with \"all\"",
                    wanted, sim::nearest_hint(wanted, names), sim::joined(names)));
}

}  // namespace qantar::cli
