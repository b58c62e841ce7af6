// The events of a crisis in words.
#pragma once
#include "agents/scenario.hpp"
#include "analysis/narrative.hpp"

namespace qantar::cli {

/// How the events of a case are told.
analysis::Wording wording_of(const agents::Scenario& scenario);

}  // namespace qantar::cli
