// Elliptical slice sampling (Murray, Adams and MacKay 2010): moves under a standard normal prior and any likelihood,
// without a step length to tune and without rejections.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "sim/trial_key.hpp"

namespace qantar::analysis {

/// Natural log of the likelihood of a point, up to a constant; -infinity where it must not go.
using LogDensity = std::function<double(std::span<const double> z)>;

/// One move, the `step`th of its draws. `log_density` is that of `z`, finite, and is renewed with it.
void slice_step(std::vector<double>& z, double& log_density, const LogDensity& target, const sim::Draws& draws,
                std::uint32_t step);

}  // namespace qantar::analysis
