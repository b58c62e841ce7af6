// The luck of priors.
#pragma once
#include <string>
#include <vector>

#include "sim/config/values.hpp"
#include "sim/trial_key.hpp"

namespace qantar::agents {

/// A name as a part of an address: FNV-1a.
std::uint64_t name_address(const std::string& name);

/// The uniform of a named number in a trial. It is addressed by the name, so adding another prior to a case disturbs
/// none.
double named_uniform(const std::string& name, const sim::Draws& draws);

/// The value of every prior in a trial, by luck or as a design has assigned it, for sim::Priors::value.
std::vector<double> drawn_values(const sim::Priors& priors, const sim::Draws& draws);

}  // namespace qantar::agents
