// Cases for tests of the model: an invented crisis that is small but complete, and ways to change and run it.
#pragma once
#include <bit>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "agents/case.hpp"
#include "agents/case_folder.hpp"
#include "agents/crisis_model.hpp"
#include "agents/scenario_fields.hpp"
#include "agents/world.hpp"
#include "sim/trial.hpp"

namespace qantar::test {

using agents::Scenario;
using ScenarioPtr = std::shared_ptr<const Scenario>;

inline std::string text_of(const std::string& relative) {
  std::ifstream in(std::string(QANTAR_SOURCE_DIR) + "/" + relative, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  if (!in) throw std::runtime_error("cannot read " + relative);
  return out.str();
}

inline const std::string& crisis_text() {
  static const std::string text = text_of("tests/support/crisis_case.toml");
  return text;
}

/// The scenario of one case text without hypotheses; problems go to `diagnostics`.
inline ScenarioPtr read_case(const std::string& text, const std::vector<std::string>& overrides,
                             sim::Diagnostics& diagnostics) {
  auto built = agents::build_case("case", {{"case.toml", text}}, overrides, diagnostics);
  return built.hypotheses.empty() ? nullptr : built.hypotheses.front().scenario;
}

/// The same for a case that must be good.
inline ScenarioPtr scenario_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  sim::Diagnostics diagnostics;
  auto scenario = read_case(text, overrides, diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  return scenario;
}

inline ScenarioPtr crisis(const std::vector<std::string>& overrides = {}) {
  return scenario_of(crisis_text(), overrides);
}

/// A case as it is shipped, by the name of its folder.
inline agents::Case shipped(const std::string& name, const std::vector<std::string>& overrides = {}) {
  sim::Diagnostics diagnostics;
  const auto folder = std::string(QANTAR_SOURCE_DIR) + "/configs/" + name;
  auto built =
      agents::build_case("configs/" + name, agents::read_case_files(folder, diagnostics), overrides, diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  return built;
}

inline agents::Case january() { return shipped("january_2022"); }

inline ScenarioPtr hypothesis(const agents::Case& of, const std::string& name) {
  for (const auto& h : of.hypotheses)
    if (h.name == name) return h.scenario;
  throw std::runtime_error("no hypothesis " + name);
}

/// When an action of the case was taken.
inline sim::Hours taken(const agents::World& w, const std::string& action) {
  return w.action_time[agents::ActionId(w.scenario->ids.find("actions", action))];
}

/// The kind of the event that tells of an action.
inline std::int32_t event_kind_of(const Scenario& s, const std::string& action) {
  return agents::to_underlying(agents::EventKind::action) + s.ids.find("actions", action);
}

/// Overrides after which nobody takes an action.
inline std::vector<std::string> nobody_takes(const std::vector<std::string>& actions) {
  std::vector<std::string> out;
  for (const auto& action : actions) out.push_back("actions." + action + ".by=[]");
  return out;
}

/// Overrides of the crisis after which a unit follows the old family, which sends it to a site and calls people out.
inline std::vector<std::string> two_sides(const std::string& site = "harbour_broadcaster") {
  return {"units.harbour_guard.side=\"old_family\"", "actions.yield_posts.by=[\"old_family\"]",
          "actions.yield_posts.latest=2030-03-01T14:00:00+02:00",
          "actions.yield_posts.effects=[{ effect = \"seize\", site = \"" + site +
              "\" }, { effect = \"rally\", place = \"harbour\", amount = 5000 }]"};
}

/// A changed copy: `change` edits the scenario in place.
template <class F>
ScenarioPtr changed(const ScenarioPtr& scenario, F&& change) {
  auto copy = std::make_shared<Scenario>(*scenario);
  change(*copy);
  return copy;
}

inline sim::TrialKey trial(std::uint32_t replicate) { return {.seed = 20300301, .point = 0, .replicate = replicate}; }

inline sim::TrialResult run(const ScenarioPtr& scenario, std::uint32_t replicate) {
  auto record = sim::run_trial(agents::CrisisModel(scenario), trial(replicate));
  if (record.status != sim::TrialStatus::ok) throw std::runtime_error(record.stage + ": " + record.message);
  return record;
}

/// Equal bit for bit; two NaN are equal.
template <class T>
bool same_numbers(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(a[i] == b[i] || (a[i] != a[i] && b[i] != b[i]))) return false;
  return true;
}

inline bool same_events(const std::vector<sim::LoggedEvent>& a, const std::vector<sim::LoggedEvent>& b) {
  return std::ranges::equal(a, b, [](const sim::LoggedEvent& x, const sim::LoggedEvent& y) {
    return x.time == y.time && x.kind == y.kind && std::ranges::equal(x.refs, y.refs) && x.value == y.value &&
           x.causes == y.causes;
  });
}

}  // namespace qantar::test
