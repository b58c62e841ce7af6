// Score of a prediction interval. Lower is better.
#pragma once

namespace qantar::analysis {

/// Interval score of the central (1 - alpha) interval [low, high] for the observation y, in its unit:
/// (high - low) + 2/alpha (low - y)+ + 2/alpha (y - high)+. Proper for the quantiles alpha/2 and 1 - alpha/2
/// (Gneiting and Raftery 2007, equation 43). The default is the 90 % interval.
double interval_score(double low, double high, double observed, double alpha = 0.1);

}  // namespace qantar::analysis
