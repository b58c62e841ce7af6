// The step of the model part by part, so that a test can look between two parts or leave one out.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "agents/armed_groups.hpp"
#include "agents/bargains.hpp"
#include "agents/citizens.hpp"
#include "agents/decisions.hpp"
#include "agents/endings.hpp"
#include "agents/events.hpp"
#include "agents/intervention.hpp"
#include "agents/legitimacy.hpp"
#include "agents/messages.hpp"
#include "agents/officeholders.hpp"
#include "agents/random_draws.hpp"
#include "agents/security_units.hpp"
#include "agents/sides.hpp"
#include "agents/sites.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::test {

struct Part {
  const char* name;
  void (*run)(agents::World&, const agents::StepDraws&);
};

/// In the order of step.cpp; a test compares them with the step itself.
inline const std::array<Part, 13>& parts() {
  using namespace agents;
  static const std::array<Part, 13> all{{{"orders and news", deliver_orders_and_news},
                                         {"legitimacy", [](World& w, const StepDraws&) { update_legitimacy(w); }},
                                         {"citizens", citizens_choose},
                                         {"armed groups", armed_groups_choose},
                                         {"units", units_answer_orders},
                                         {"contacts", resolve_contacts},
                                         {"sides", sides_contest},
                                         {"publication", publish_events},
                                         {"office-holders", officeholders_update},
                                         {"endings", [](World& w, const StepDraws&) { judge_endings(w); }},
                                         {"factions", factions_choose},
                                         {"bargains", factions_bargain},
                                         {"intervention", [](World& w, const StepDraws&) { intervention_acts(w); }}}};
  return all;
}

inline void begin_step(agents::World& w, int number) {
  w.step = number;
  w.now = w.scenario->clock.begin_of(number);
}

/// A trial stepped by `step(world, draws, number)`, as a record with its series, outcomes and events.
template <class Step>
sim::TrialResult run_by(const ScenarioPtr& scenario, std::uint32_t replicate, Step&& step) {
  const agents::CrisisModel model(scenario);
  const auto& layout = model.layout();
  const sim::Draws draws(trial(replicate));
  agents::World w = model.make_world(draws);
  sim::TrialResult record;
  const std::size_t width = layout.width(layout.series);
  for (int i = 0; i < model.clock().steps(); ++i) {
    step(w, draws, i);
    record.series.resize(record.series.size() + width);
    model.record_series(w, std::span(record.series).last(width));
  }
  record.outcomes.resize(layout.width(layout.outcomes));
  model.record_outcomes(w, record.outcomes);
  record.events = model.events(w);
  return record;
}

/// The model without one of its parts.
inline sim::TrialResult run_without(const std::string& part, const ScenarioPtr& scenario, std::uint32_t replicate) {
  bool found = part.empty();
  for (const Part& p : parts()) found = found || p.name == part;
  if (!found) throw std::invalid_argument("no part " + part);
  return run_by(scenario, replicate, [&](agents::World& w, const sim::Draws& draws, int number) {
    begin_step(w, number);
    for (const Part& p : parts())
      if (p.name != part) p.run(w, {draws, number});
  });
}

}  // namespace qantar::test
