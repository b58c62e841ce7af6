#include "analysis/scoring/interval_score.hpp"

#include <algorithm>

namespace qantar::analysis {

double interval_score(double low, double high, double observed, double alpha) {
  const double outside = std::max(low - observed, 0.0) + std::max(observed - high, 0.0);
  return (high - low) + 2.0 / alpha * outside;
}

}  // namespace qantar::analysis
