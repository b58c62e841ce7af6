// A benchmark that has read about other crises and knows nothing of politics: kinds of events come at constant rates.
#pragma once
#include <cstdint>
#include <span>

#include "analysis/compare.hpp"
#include "analysis/evidence.hpp"
#include "sim/calendar.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// The record of another crisis.
struct KnownRecord {
  const Evidence* evidence = nullptr;
  sim::Clock clock;
};

/// The predictor `hazards_of_others`, of `trials` courses:
///   a time    exponential with the rate of its observable in the scored rows of the others: (events + 1/2) per hour of
///             exposure, which ends at the event, in the middle of a window, or for what did not happen at the end of
///             its window. Observables that no other record has: the rate of all of them together
///   a number  the middle of a documented interval of the same observable elsewhere, drawn at random; where there is
///             none, of any number on the same scale
///   a flag    as often as the flags that are documented elsewhere, one in two where there are none
///   a code    any of its meanings alike
/// All columns are independent of each other. Throws std::invalid_argument without another record.
Predictor hazards_of_others(std::span<const KnownRecord> others, const Evidence& evidence, const sim::Clock& clock,
                            const sim::ResultLayout& layout, std::int64_t trials, std::uint64_t seed);

}  // namespace qantar::analysis
