// The trial that a reader should be told: one like the others.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// The trial of a hypothesis that is nearest to its other ones in the sum of some series, every cell and step of it on
/// a log scale: the medoid by absolute distance, and of equals the first. None without trials or without the series.
std::optional<std::int64_t> typical_trial(std::span<const sim::TrialResult> trials, std::int32_t hypothesis,
                                          const sim::ResultLayout& layout, std::span<const std::string> series);

}  // namespace qantar::analysis
