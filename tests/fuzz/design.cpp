// A design file of a sweep, whose table, when it is listed, is good.
#include <stdexcept>

#include "agents/vocabulary.hpp"
#include "sim/design/experiment.hpp"
#include "tests/fuzz/texts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qantar;
  sim::Diagnostics diagnostics;
  const sim::Experiment experiment = sim::read_experiment(
      test::text_of(data, size), "design.toml",
      [](const std::string&) { return "threshold,fear_steepness\n0.05,2\n0.1,4\n"; }, diagnostics);
  test::check_problems(diagnostics);
  constexpr std::int64_t few = 1 << 16;  // a longer design is good, and takes its time
  if (!diagnostics.empty() || experiment.shape.size > few || experiment.factors.size() > 64) return 0;
  try {
    const sim::Points points(experiment);
    if (points.size() > 0) points.assigned(points.size() - 1);
  } catch (const std::invalid_argument&) {  // a design that no design can be says so
  }
  return 0;
}
