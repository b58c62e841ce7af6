#pragma once
#include "agents/citizens.hpp"

namespace qantar::bench {

/// tests/support/plain_citizens.hpp in sequential activation.
void plain_citizens_choose(agents::Citizens& all, agents::PlaceState& place, const agents::CrowdTerms& terms,
                           const agents::StepDraws& draw);

}  // namespace qantar::bench
