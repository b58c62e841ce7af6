// One life of a model.
#pragma once
#include <exception>
#include <new>
#include <string>

#include "sim/draws.hpp"
#include "sim/model.hpp"
#include "sim/trial_options.hpp"

namespace qantar::sim {

/// Runs one trial from start to end. A throwing model yields a record with status `failed`, the stage at which it
/// failed and its message; the outcomes of a failed trial are NaN. Throws IgnoredPrior when `all_asked` is set and
/// a trial that did not fail has asked for less than is assigned, and std::bad_alloc: too little memory is no outcome.
template <Model M>
TrialResult run_trial(const M& model, const TrialKey& key, const TrialOptions& options = {}) {
  const ResultLayout& layout = model.layout();
  TrialResult record;
  record.key = key;
  record.outcomes.assign(layout.width(layout.outcomes), never);
  record.parameters.assign(layout.width(layout.parameters), never);
  const std::size_t row = layout.width(layout.series);
  std::string stage = "making the world";
  Asked asked(options.all_asked ? options.assigned.size() : 0, 0);
  try {
    const Draws draws(key, options.assigned, options.all_asked ? &asked : nullptr);
    typename M::World world = model.make_world(draws);
    model.parameters(world, record.parameters);
    const int steps = model.clock().steps();
    if (options.series) record.series.resize(row * static_cast<std::size_t>(steps));
    for (int step = 0; step < steps; ++step) {
      stage = "step " + std::to_string(step);
      model.step(world, draws, step);
      if (options.series)
        model.record_series(world, std::span(record.series).subspan(row * static_cast<std::size_t>(step), row));
    }
    stage = "observing";
    model.record_outcomes(world, record.outcomes);
    record.events = model.events(world);
  } catch (const std::bad_alloc&) {
    throw;  // of the machine, not of the model
  } catch (const std::exception& error) {
    record.status = TrialStatus::failed;
    record.stage = stage;
    record.message = error.what();
    record.outcomes.assign(record.outcomes.size(), never);
    record.series.clear();
    record.events.clear();
    return record;
  }
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (!asked[i]) throw IgnoredPrior(options.assigned[i].prior);
  return record;
}

}  // namespace qantar::sim
