#include "cli/case_input.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "agents/case_folder.hpp"
#include "cli/calibration/calibration_file.hpp"
#include "cli/options.hpp"
#include "cli/text/table.hpp"
#include "sim/results/digest.hpp"

namespace qantar::cli {
namespace {

// The trials of a result share their axes, so a hypothesis may change what things are like but not which there are.
void check_same_axes(const std::string& shown, const CheckedCase& checked, sim::Diagnostics& diagnostics) {
  const auto same = [](const sim::Axis& a, const sim::Axis& b) { return a.name == b.name && a.labels == b.labels; };
  for (const auto& h : checked.model.hypotheses)
    if (!std::ranges::equal(checked.layout.axes, h.model->layout().axes, same))
      diagnostics.add(
          {fmt::format("{}/{}/{}.toml", shown, h.of.empty() ? "hypotheses" : "alternatives", h.name), 1, 1}, "id",
          fmt::format("an entry has another name than under {}; rename it in case.toml, for every hypothesis",
                      checked.model.hypotheses.front().name));
}

}  // namespace

CheckedCase check_case(const std::string& shown, agents::CaseFiles files, const std::vector<std::string>& overrides,
                       sim::Diagnostics& diagnostics) {
  CheckedCase checked;
  checked.model = agents::build_case(shown, std::move(files), overrides, diagnostics);
  if (checked.model.hypotheses.empty()) return checked;  // reported: case.toml cannot be read at all
  const agents::AnyModel& first = *checked.model.hypotheses.front().model;
  checked.layout = first.layout();
  check_same_axes(shown, checked, diagnostics);
  if (first.clock().steps() == 0) return checked;  // reported: without a clock no date can be judged
  if (const auto* text = checked.model.file("evidence.toml"))
    checked.evidence =
        analysis::read_evidence(*text, shown + "/evidence.toml", checked.layout, first.clock(), diagnostics);
  if (const auto* text = checked.model.file("claims.toml"))
    checked.claims = analysis::read_claims(*text, shown + "/claims.toml", checked.layout, first.clock(), diagnostics);
  return checked;
}

CheckedCase read_case(const std::string& folder, const std::vector<std::string>& overrides, const std::string& prior) {
  sim::Diagnostics diagnostics;
  auto files = agents::read_case_files(folder, diagnostics);
  if (!prior.empty()) std::ranges::move(posterior_files(prior), std::back_inserter(files));
  CheckedCase checked = check_case(folder, std::move(files), overrides, diagnostics);
  if (!diagnostics.empty())
    throw sim::InputError(
        fmt::format("{}\n{}; nothing was done", diagnostics.text(), counted(diagnostics.problems().size(), "problem")));
  return checked;
}

sim::RunDescription description_of(const CheckedCase& checked, const std::vector<std::string>& overrides,
                                   const std::string& line) {
  const agents::Case& model = checked.model;
  sim::RunDescription run;
  run.case_name = model.name;
  run.case_title = model.hypotheses.front().model->case_title();
  for (const auto& h : model.hypotheses) run.hypotheses.push_back({h.name, h.title});
  run.configuration = model.resolved();
  if (const auto* evidence = model.file("evidence.toml")) run.evidence_sha256 = sim::sha256(*evidence);
  run.command_line = line;
  run.input_files = model.files;
  run.overrides = overrides;
  return run;
}

void check_hypotheses(const std::vector<std::string>& wanted, const std::vector<std::string>& names,
                      const std::string& owner) {
  for (const auto& name : wanted) {
    if (std::ranges::find(names, name) != names.end()) continue;
    if (name == "all" || name == "alternatives")
      throw UsageError(fmt::format("--hypothesis: \"{}\" stands alone; leave out the other names, or it", name));
    throw UsageError(fmt::format("--hypothesis: {} has no hypothesis \"{}\"{}; it has: {}, or all of them with \"all\"",
                                 owner, name, sim::nearest_hint(name, names), sim::joined(names)));
  }
}

void check_posteriors(const agents::Case& model) {
  if (!model.has_posteriors()) return;
  for (const auto& h : model.hypotheses)
    if (!model.file(agents::posterior_file(h.of.empty() ? h.name : h.of)))
      throw UsageError(
          fmt::format("--prior: the calibration has no posterior of {}; calibrate it as well, or leave it "
                      "out with --hypothesis",
                      h.name));
}

namespace {

void keep_wanted(agents::Case& model, const std::vector<std::string>& wanted) {
  const auto has = [](const std::vector<std::string>& list, const std::string& name) {
    return std::ranges::find(list, name) != list.end();
  };
  if (wanted == std::vector<std::string>{"all"}) {
    std::erase_if(model.hypotheses, [](const auto& h) { return !h.of.empty(); });
    return;
  }
  std::vector<std::string> names, changed;
  for (const auto& h : model.hypotheses) {
    names.push_back(h.name);
    if (!h.of.empty()) changed.push_back(h.of);
  }
  if (wanted == std::vector<std::string>{"alternatives"}) {
    if (changed.empty()) throw UsageError("--hypothesis alternatives: the case has no folder alternatives");
    std::erase_if(model.hypotheses, [&](const auto& h) { return h.of.empty() && !has(changed, h.name); });
    return;
  }
  check_hypotheses(wanted, names, "the case");
  std::erase_if(model.hypotheses, [&](const auto& h) { return !has(wanted, h.name); });
}

}  // namespace

void keep_hypotheses(agents::Case& model, const std::vector<std::string>& wanted) {
  keep_wanted(model, wanted);
  check_posteriors(model);
}

}  // namespace qantar::cli
