#include "analysis/scoring/probability.hpp"

#include <limits>

#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {

double brier(double probability, bool happened) {
  const double miss = happened ? 1.0 - probability : probability;
  return miss * miss;
}

double fair_brier(std::int64_t hits, std::int64_t members, bool happened) {
  if (members <= 0) return std::numeric_limits<double>::quiet_NaN();
  const double p = sim::real(hits) / sim::real(members);
  const double spread = members > 1 ? p * (1.0 - p) / sim::real(members - 1) : 0.0;
  return brier(p, happened) - spread;
}

double log_score(double probability, bool happened) {
  const double given = happened ? probability : 1.0 - probability;
  return given > 0 ? -sim::log(given) : std::numeric_limits<double>::infinity();
}

double ignorance(double share, std::int64_t draws, int bins) {
  const auto n = sim::real(draws);
  return log_score((share * n + 1.0) / (n + bins), true) / sim::log(2.0);
}

}  // namespace qantar::analysis
