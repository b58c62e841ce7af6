// What the engine asks of a model, and nothing more.
#pragma once
#include <concepts>
#include <span>
#include <vector>

#include "sim/trial_key.hpp"
#include "sim/trial_result.hpp"

namespace qantar::sim {

/// A model is a value that makes worlds and moves them. It must be safe to use from many threads at once: all of
/// its functions are const, and whatever changes lives in the World.
template <class M>
concept Model = requires(const M& model, typename M::World& world, const typename M::World& seen, const Draws& draws,
                         int step, std::span<double> numbers, std::span<float> row, std::vector<LoggedEvent>& events) {
  { model.clock() } -> std::convertible_to<const Clock&>;
  { model.layout() } -> std::convertible_to<const ResultLayout&>;
  /// The world at the start of the clock; parameters are drawn here.
  { model.make_world(draws) } -> std::same_as<typename M::World>;
  /// One step of the clock, 0 <= step < clock().steps().
  { model.step(world, draws, step) } -> std::same_as<void>;
  /// The series row at the end of a step: layout().width(series) numbers.
  { model.record_series(seen, row) } -> std::same_as<void>;
  /// The outcomes after the last step: layout().width(outcomes) numbers.
  { model.record_outcomes(seen, numbers) } -> std::same_as<void>;
  /// The values of the parameters of this world: layout().width(parameters) numbers.
  { model.parameters(seen, numbers) } -> std::same_as<void>;
  /// Hands over the event log.
  { model.events(world) } -> std::convertible_to<std::vector<LoggedEvent>>;
};

}  // namespace qantar::sim
