// plan.json of a sweep.
#include "sim/sweep/plan.hpp"

#include "tests/fuzz/texts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qantar;
  try {
    const sim::SweepPlan plan = sim::plan_from(test::text_of(data, size), "plan.json", "qantar");
    test::require(plan.program == "qantar", "a plan of another program");
  } catch (const sim::InputError&) {
  }
  return 0;
}
