// Energy score of a joint forecast: all coordinates of a trial at once, and with them what goes together with what.
// Lower is better.
//
//   ES(F, y) = E|X - y| - 1/2 E|X - X'|  with the Euclidean norm      (Gneiting and Raftery 2007, equation 22)
//
// In one dimension it is the CRPS. Strictly proper, but a wrong mean costs far more than a wrong dependence does
// (Pinson and Tastu 2013).
#pragma once
#include <span>

#include "analysis/statistics/wilson.hpp"

namespace qantar::analysis {

/// Energy score of the empirical law of the members, one after the other, each as long as the observation, in its unit.
/// NaN without members. Throws std::invalid_argument when the members do not fit the observation.
double energy_score(std::span<const double> members, std::span<const double> observed);

/// Energy score of the law that the members were drawn from, estimated without bias like `fair_crps`; may fall below
/// zero by chance. The interval is a normal one and says how well the members determine the score; NaN for one member,
/// which is scored as the certain forecast that it is. The work grows with the square of the number of members.
Estimate fair_energy_score(std::span<const double> members, std::span<const double> observed);

}  // namespace qantar::analysis
