// The case folders of the docked models give the published results, and their written-out text is the same model again.
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "agents/case.hpp"
#include "agents/case_folder.hpp"
#include "agents/classic/cascades.hpp"
#include "agents/classic/global_game.hpp"
#include "agents/classic/thresholds.hpp"
#include "sim/config/document.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents {
namespace {

Case shipped(const std::string& name) {
  sim::Diagnostics diagnostics;
  const std::string folder = std::string(QANTAR_SOURCE_DIR) + "/configs/classic/" + name;
  Case read = build_case(folder, read_case_files(folder, diagnostics), {}, diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  return read;
}

/// Mean of an outcome over trials, by hypothesis.
std::map<std::string, double> means(const Case& of, const std::string& outcome, std::uint32_t trials) {
  std::map<std::string, double> out;
  for (const auto& h : of.hypotheses) {
    const auto& variables = h.model->layout().outcomes;
    const auto at =
        static_cast<std::size_t>(std::ranges::find(variables, outcome, &sim::Variable::name) - variables.begin());
    for (std::uint32_t k = 0; k < trials; ++k)
      out[h.name] += h.model->run({.seed = 1, .point = 0, .replicate = k}).outcomes.at(at) / trials;
  }
  return out;
}

TEST(DockedCases, Thresholds) {
  const Case crowds = shipped("thresholds");
  auto acting = means(crowds, "acting_share", 1);
  EXPECT_EQ(acting["uniform"], 1.0);
  EXPECT_EQ(acting["perturbed"], 0.01);
  EXPECT_NEAR(acting["normal_below"], 0.0548, 1e-3);
  EXPECT_EQ(acting["normal_above"], 1.0);
  const auto some = means(crowds, "acting_share", 200);
  EXPECT_GT(some.at("sampled"), 0.02);
  EXPECT_LT(some.at("sampled"), 0.9);
  for (const auto& [name, settled] : means(crowds, "settled", 20)) EXPECT_NEAR(settled, 1.0, 1e-9) << name;
}

// Fifty trials: a share of .3 or less would show .15 or less, or one of .6 less than .3, once in ten thousand blind
// seeds.
TEST(DockedCases, Cascades) {
  auto global = means(shipped("cascades"), "global_cascade", 50);
  for (const char* inside : {"few_ties", "some_ties", "many_ties"}) EXPECT_GT(global[inside], 0.3) << inside;
  for (const char* outside : {"too_few_ties", "too_many_ties"}) EXPECT_EQ(global[outside], 0.0) << outside;
}

TEST(DockedCases, GlobalGame) {
  auto cut_off = means(shipped("global_game"), "falls_below", 1);
  EXPECT_NEAR(cut_off["weak_in_public"], 0.5379, 1e-3);
  EXPECT_NEAR(cut_off["strong_in_public"], 0.4621, 1e-3);
  EXPECT_NEAR(cut_off["cheap_attack"], 0.7353, 1e-3);
  EXPECT_NEAR(cut_off["expecting_calm"], 0.0301, 1e-3);
  EXPECT_NEAR(cut_off["expecting_uproar"], 0.9699, 1e-3);
}

TEST(DockedCases, WrittenOutTextIsTheSameModel) {
  for (const char* name : {"thresholds", "cascades", "global_game"})
    for (const auto& h : shipped(name).hypotheses) {
      sim::Diagnostics diagnostics;
      const Case again = build_case("again", {{"case.toml", h.model->resolved_text()}}, {}, diagnostics);
      ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
      const sim::TrialKey key{.seed = 5, .point = 0, .replicate = 3};
      EXPECT_TRUE(test::same_numbers(again.hypotheses.front().model->run(key).outcomes, h.model->run(key).outcomes));
      EXPECT_EQ(again.hypotheses.front().model->resolved_text(), h.model->resolved_text());
    }
}

TEST(DockedCases, NameWhatCannotBe) {
  const auto problem = [](const std::string& name, const std::vector<std::string>& overrides) {
    sim::Diagnostics diagnostics;
    const std::string folder = std::string(QANTAR_SOURCE_DIR) + "/configs/classic/" + name;
    auto files = read_case_files(folder, diagnostics);
    std::erase_if(files, [](const auto& file) { return file.first != "case.toml"; });
    build_case(name, std::move(files), overrides, diagnostics);
    return diagnostics.text();
  };
  EXPECT_NE(problem("thresholds", {"distribution=\"listed\""}).find("parameters.listed"), std::string::npos);
  EXPECT_NE(problem("thresholds", {"listed=[1, 2]"}).find("is not used"), std::string::npos);
  EXPECT_NE(problem("thresholds", {"distribution=\"listed\"", "listed=[0, -1]"}).find("listed"), std::string::npos);
  EXPECT_NE(problem("cascades", {"citizens=10.5"}).find("whole number"), std::string::npos);
  EXPECT_NE(problem("global_game", {"cost=1"}).find("parameters.cost"), std::string::npos);
  EXPECT_EQ(problem("thresholds", {"distribution=\"listed\"", "listed=[0, 1.5]"}), "");
}

}  // namespace
}  // namespace qantar::agents
