// Which trial, and what a design settles in it.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace qantar::sim {

class Draws;

/// Which trial: the master seed, the row of a design (0 without one) and the repetition within it.
struct TrialKey {
  std::uint64_t seed = 0;
  std::uint32_t point = 0;
  std::uint32_t replicate = 0;
  bool operator==(const TrialKey&) const = default;
};

/// A prior that a design assigns instead of luck.
struct AssignedPrior {
  std::string prior;                                        ///< its name: "parameters.fear_steepness"
  double quantile = 0.5;                                    ///< place in its distribution, in (0, 1)
  double value = std::numeric_limits<double>::quiet_NaN();  ///< taken as it is; NaN to take the quantile
};

/// Which of the assigned priors of a trial were asked for, by position; whoever runs the trial owns it.
using Asked = std::vector<unsigned char>;

}  // namespace qantar::sim
