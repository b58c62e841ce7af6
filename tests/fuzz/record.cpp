// evidence.toml and claims.toml of the small case.
#include <fstream>
#include <iterator>

#include "agents/case.hpp"
#include "analysis/evidence.hpp"
#include "tests/fuzz/texts.hpp"

using namespace qantar;

namespace {

const agents::Hypothesis& small_case() {
  static const agents::Case made = [] {
    std::ifstream in(QANTAR_SOURCE_DIR "/tests/support/small_case/case.toml");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    sim::Diagnostics diagnostics;
    agents::Case out =
        agents::build_case("case", {{"case.toml", text}, {"hypotheses/h.toml", "title = \"t\"\n"}}, {}, diagnostics);
    test::require(diagnostics.empty(), diagnostics.text());
    return out;
  }();
  return made.hypotheses.front();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = test::text_of(data, size);
  const auto& model = *small_case().model;
  sim::Diagnostics of_evidence, of_claims;
  analysis::read_evidence(text, "evidence.toml", model.layout(), model.clock(), of_evidence);
  analysis::read_claims(text, "claims.toml", model.layout(), model.clock(), of_claims);
  test::check_problems(of_evidence);
  test::check_problems(of_claims);
  return 0;
}
