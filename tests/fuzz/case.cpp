// case.toml of any model, and once more as a hypothesis laid over the small case.
#include "agents/case.hpp"

#include "tests/fuzz/texts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace qantar;
  const std::string text = test::text_of(data, size);
  sim::Diagnostics diagnostics;
  const agents::Case made =
      agents::build_case("case", {{"case.toml", text}, {"hypotheses/h.toml", "title = \"t\"\n"}}, {}, diagnostics);
  test::check_problems(diagnostics);
  if (!diagnostics.empty()) return 0;
  const std::string resolved = made.resolved();
  const agents::Case again =
      agents::build_case("case", {{"case.toml", resolved}, {"hypotheses/h.toml", "title = \"t\"\n"}}, {}, diagnostics);
  test::require(diagnostics.empty(), "what a case resolves to is refused: " + diagnostics.text());
  test::require(again.resolved() == resolved, "what a case resolves to resolves to something else");
  return 0;
}
