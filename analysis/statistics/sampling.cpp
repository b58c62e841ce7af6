#include "analysis/statistics/sampling.hpp"

#include <algorithm>

#include "sim/conversions.hpp"

namespace qantar::analysis {

double chance_of_meeting(std::int64_t marked, std::int64_t all, std::int64_t drawn) {
  double missed = 1;
  for (std::int64_t i = 0; i < std::min(drawn, all); ++i)
    missed *= std::max(0.0, sim::real(all - marked - i) / sim::real(all - i));
  return 1 - missed;
}

}  // namespace qantar::analysis
