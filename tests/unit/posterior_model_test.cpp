// Draws from a posterior in place of priors: together, and only where nothing else was said.
#include "agents/posterior_model.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/case.hpp"
#include "agents/case_folder.hpp"
#include "sim/draws.hpp"

namespace qantar::agents {
namespace {

using ::testing::HasSubstr;

const std::string two_draws = "parameters.threshold,parameters.hardship\n0.21,0.61\n0.22,0.62\n";

Case small_case_with(const std::string& posterior, const std::vector<std::string>& overrides,
                     sim::Diagnostics& diagnostics) {
  auto files = read_case_files(QANTAR_SOURCE_DIR "/tests/support/small_case", diagnostics);
  // As priors of the case itself, since an override would keep the posterior away.
  for (auto& [name, text] : files)
    if (name == "case.toml") {
      const std::string fixed = "threshold = 0.09\nhardship = { normal = [1.05, 0.02] }\n";
      const auto at = text.find(fixed);
      EXPECT_NE(at, std::string::npos);
      text.replace(at, fixed.size(), "threshold = { uniform = [0.1, 0.3] }\nhardship = { uniform = [0.5, 0.9] }\n");
    }
  files.emplace_back(posterior_file("quiet_line"), posterior);
  return build_case("small_case", std::move(files), overrides, diagnostics);
}

/// The value of a parameter in trials 0 .. 29.
std::vector<double> values(const AnyModel& model, const std::string& parameter,
                           const std::vector<sim::AssignedPrior>& assigned = {}) {
  const auto column = model.layout().find(model.layout().parameters, parameter);
  std::vector<double> out;
  for (std::uint32_t t = 0; t < 30; ++t)
    out.push_back(model.run({3, 0, t}, {.assigned = assigned, .series = false}).parameters[column->first]);
  return out;
}

TEST(PosteriorModel, TakesAllValuesOfATrialFromOneDraw) {
  sim::Diagnostics diagnostics;
  const Case built = small_case_with(two_draws, {}, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  const AnyModel& model = *built.hypotheses.front().model;
  const auto threshold = values(model, "threshold"), hardship = values(model, "hardship");
  std::set<double> seen;
  for (std::size_t t = 0; t < threshold.size(); ++t) {
    EXPECT_NEAR(hardship[t] - threshold[t], 0.4, 1e-12);
    seen.insert(threshold[t]);
  }
  EXPECT_EQ(seen, (std::set<double>{0.21, 0.22}));
  // The account without a posterior draws from its priors.
  const auto others = values(*built.hypotheses.back().model, "threshold");
  EXPECT_GT(std::set<double>(others.begin(), others.end()).size(), 25U);
}

TEST(PosteriorModel, HasOnePriorForAllThatItNames) {
  sim::Diagnostics diagnostics;
  const Case built = small_case_with(two_draws, {}, diagnostics);
  const AnyModel &with = *built.hypotheses.front().model, &without = *built.hypotheses.back().model;
  EXPECT_EQ(with.priors().find("parameters.threshold"), -1);
  EXPECT_GE(with.priors().find(posterior_draw), 0);
  EXPECT_GE(without.priors().find("parameters.threshold"), 0);
  for (const auto& [place, value] : {std::pair{0.2, 0.21}, {0.7, 0.22}})
    for (const double x : values(with, "threshold", {{.prior = posterior_draw, .quantile = place}}))
      EXPECT_EQ(x, value);
  for (const double x : values(with, "threshold", {{.prior = "parameters.threshold", .value = 0.15}}))
    EXPECT_EQ(x, 0.15);
  EXPECT_THAT(with.resolved_text(), HasSubstr("2 draws of 2 priors from a posterior"));
}

TEST(PosteriorModel, GivesWayToWhatWasSetSince) {
  sim::Diagnostics diagnostics;
  const Case fixed = small_case_with(two_draws, {"parameters.threshold=0.17"}, diagnostics);
  const Case spread = small_case_with(two_draws, {"parameters.threshold={uniform=[0.25, 0.26]}"}, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  for (const double x : values(*fixed.hypotheses.front().model, "threshold")) EXPECT_EQ(x, 0.17);
  for (const double x : values(*spread.hypotheses.front().model, "threshold")) EXPECT_GE(x, 0.25);
  for (const double x : values(*spread.hypotheses.front().model, "hardship")) EXPECT_GT(x, 0.605);
}

TEST(PosteriorModel, OfAnotherCaseIsAProblemWithPlaceAndRemedy) {
  sim::Diagnostics diagnostics;
  small_case_with("parameters.threshold,parameters.hardshop\n0.21,0.61\n", {}, diagnostics);
  EXPECT_THAT(diagnostics.text(),
              HasSubstr("quiet_line.csv:1:22: parameters.hardshop: is no prior of the case; did you "
                        "mean \"parameters.hardship\"?"));
  sim::Diagnostics none;
  small_case_with("", {}, none);
  EXPECT_TRUE(none.empty()) << none.text();
}

}  // namespace
}  // namespace qantar::agents
