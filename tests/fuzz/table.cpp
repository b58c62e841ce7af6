// The table of a listed design.
#include "agents/vocabulary.hpp"
#include "sim/design/experiment.hpp"
#include "tests/fuzz/texts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qantar;
  sim::Diagnostics diagnostics;
  const sim::Experiment experiment = sim::read_experiment(
      "title = \"t\"\ncase = \"..\"\n[design]\nkind = \"listed\"\ntable = \"table.csv\"\n", "design.toml",
      [&](const std::string&) { return test::text_of(data, size); }, diagnostics);
  test::check_problems(diagnostics);
  if (diagnostics.empty()) {
    const sim::Points points(experiment);
    for (std::int64_t i = 0; i < points.size(); ++i) points.assigned(i);
  }
  return 0;
}
