// What a sample of a finite number of things shows.
#pragma once
#include <cstdint>

namespace qantar::analysis {

/// Probability that at least one of `marked` things among `all` is in a random sample of `drawn` of them, without
/// replacement. Numbers above `all` count as all.
double chance_of_meeting(std::int64_t marked, std::int64_t all, std::int64_t drawn);

}  // namespace qantar::analysis
