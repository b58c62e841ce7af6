// Scores of a probability for something that happens or not. Lower is better.
#pragma once
#include <cstdint>

namespace qantar::analysis {

/// Brier score (p - y)^2 of probability p in [0, 1] for an event that happened (y = 1) or not (y = 0); in [0, 1].
/// Strictly proper (Brier 1950; Gneiting and Raftery 2007).
double brier(double probability, bool happened);

/// Brier score of an ensemble in which `hits` of `members` show the event, made fair: (p - y)^2 - p (1 - p) / (m - 1).
/// Its mean does not depend on the number of members, so ensembles of different size compare (Ferro 2014). May fall
/// below zero by chance. A single member is scored as the certain forecast that it is; none at all gives NaN.
double fair_brier(std::int64_t hits, std::int64_t members, bool happened);

/// Logarithmic score -ln P(what happened), in nats; infinite when what happened was called impossible. Strictly proper
/// and local (Good 1952). A probability that was counted in simulations should be smoothed first.
double log_score(double probability, bool happened);

/// Ignorance of a share that was counted in simulations, in bits: the logarithmic score of what happened after one more
/// draw for each of the `bins` things that could have (Hegre et al. 2025, the ViEWS challenge). -log2((share draws + 1)
/// / (draws + bins)): at most log2(draws + bins), so it compares at equal numbers of draws only.
double ignorance(double share, std::int64_t draws, int bins = 2);

}  // namespace qantar::analysis
