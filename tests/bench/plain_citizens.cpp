// The plain rule, compiled for x86-64-v3 by CMakeLists.txt: what the shipped code is compared with.
#include "tests/bench/plain_citizens.hpp"

#include "tests/support/plain_citizens.hpp"

namespace qantar::bench {

void plain_citizens_choose(agents::Citizens& all, agents::PlaceState& place, const agents::CrowdTerms& terms,
                           const agents::StepDraws& draw) {
  test::plain_citizens_choose(all, place, terms, agents::Activation::sequential, draw);
}

}  // namespace qantar::bench
