// The normal distribution function where it is evaluated millions of times and its far tails need not be exact.
#pragma once

namespace qantar::sim {

/// Standard normal distribution function by Cody's (1969) rational approximations of the error function: ten times as
/// fast as `normal_cdf`, with a relative error below 1e-15 (1 + x^2). The same bits everywhere. `x` is finite.
double quick_normal_cdf(double x);

}  // namespace qantar::sim
