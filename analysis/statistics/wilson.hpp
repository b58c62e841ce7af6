// Uncertainty of a share that was counted.
#pragma once
#include <cstdint>

namespace qantar::analysis {

/// An estimate with its 95 % interval.
struct Estimate {
  double value = 0, low = 0, high = 0;
};

/// The share hits / trials with Wilson's score interval (Wilson 1927), which keeps its coverage near 0 and 1, where the
/// textbook interval has none (Brown, Cai and DasGupta 2001). Without trials: NaN in [0, 1].
Estimate wilson(std::int64_t hits, std::int64_t trials);

}  // namespace qantar::analysis
