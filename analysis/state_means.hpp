// How many of a group are in a state over time, on average over trials: sites that are lost, offices that wait.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/calendar.hpp"
#include "sim/results/result_file.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// Mean number of each group that are between two times, such as lost and not yet retaken, at the end of each step: by
/// hypothesis, then step and group. `from` and `until` are outcomes with a time of each member; `group` is that of each
/// member, or none for one that is not counted. Over the trials that did not fail; 0 without any.
std::vector<std::vector<double>> mean_between(const sim::ResultReader& result, const std::string& from,
                                              const std::string& until,
                                              std::span<const std::optional<std::size_t>> group, std::size_t groups);

/// The states of a member of a group in one trial: since when, and which. Ascending; the first is that of the start.
using StateChanges = std::vector<std::pair<sim::Hours, int>>;

/// Mean number of members of each group in each state at each of `times`: by group, state, then time. `trials[i]` has
/// one entry per member, and so has `group`. NaN without trials.
std::vector<double> mean_in_state(std::span<const std::vector<StateChanges>> trials, std::span<const std::size_t> group,
                                  std::size_t groups, std::size_t states, std::span<const sim::Hours> times);

}  // namespace qantar::analysis
