// The crisis as a Model of the engine.
#pragma once
#include <memory>
#include <span>
#include <vector>

#include "agents/observables.hpp"
#include "agents/scenario.hpp"
#include "agents/scenario_fields.hpp"
#include "agents/step.hpp"
#include "agents/world.hpp"
#include "sim/trial.hpp"

namespace qantar::agents {

/// One scenario, ready to make worlds. Safe to share between threads.
class CrisisModel {
 public:
  using World = agents::World;
  explicit CrisisModel(std::shared_ptr<const Scenario> scenario)
      : scenario_(std::move(scenario)), layout_(result_layout(*scenario_)) {}

  const sim::Clock& clock() const { return scenario_->clock; }
  const sim::ResultLayout& layout() const { return layout_; }
  const sim::Priors& priors() const { return scenario_->priors; }
  const std::string& case_title() const { return scenario_->head.title; }
  std::string resolved_text() const { return agents::resolved_text(*scenario_); }
  World make_world(const Draws& draws) const { return agents::make_world(*scenario_, draws); }
  void step(World& w, const Draws& draws, int number) const { agents::step(w, draws, number); }
  void record_series(const World& w, std::span<float> row) const;
  void record_outcomes(const World& w, std::span<double> out) const;
  void parameters(const World& w, std::span<double> out) const;
  std::vector<sim::LoggedEvent> events(World& w) const { return std::move(w.log); }

 private:
  std::shared_ptr<const Scenario> scenario_;
  sim::ResultLayout layout_;
};

}  // namespace qantar::agents
