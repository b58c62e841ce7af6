// The fourth shipped case: a coup of one night, in which units act on both sides, without a line of C++ of its own.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/shipped_record.hpp"

namespace qantar::agents::turkey_2016_test {
namespace {

constexpr std::uint32_t trials = 300;

class Turkey2016 : public ::testing::Test {
 protected:
  Case case_ = test::shipped("turkey_2016");
  sim::ResultLayout layout_ = result_layout(*case_.scenarios().at(0));

  double outcome(const sim::TrialResult& result, const std::string& name, const std::string& label = "") const {
    const auto field = *layout_.find(layout_.outcomes, name);
    if (label.empty()) return result.outcomes[field.first];
    const auto& labels = layout_
                             .axis(name == "action_time"      ? "action"
                                   : name == "degenerate"     ? "course"
                                   : name.starts_with("site") ? "site"
                                                              : "office")
                             .labels;
    return result.outcomes[field.first + static_cast<std::size_t>(std::ranges::find(labels, label) - labels.begin())];
  }
};

TEST_F(Turkey2016, EveryAccountSaysWhoHoldsItAndEveryRowMeetsAnOutcome) { test::expect_whole(case_, layout_, 44, 3); }

// Bridges, broadcast, call, surrender on the bridge between 05:30 and 08:30, the president in office, the chief of
// staff free, all in one trial: in 8 % at least. README.md of the case has 15 %, of other trials.
TEST_F(Turkey2016, TheDocumentedNightIsAmongItsNights) {
  int documented = 0, degenerate = 0;
  std::vector<double> deaths;
  for (std::uint32_t k = 0; k < trials; ++k) {
    const auto result = test::run(test::hypothesis(case_, "one_network"), k);
    const auto action = [&](const std::string& id) { return outcome(result, "action_time", id); };
    const double bridge = outcome(result, "site_retaken", "bosphorus_bridge");
    documented += action("close_bridges") < action("read_declaration") &&
                  action("read_declaration") <= action("call_to_squares") && bridge >= 29.5 && bridge <= 32.5 &&
                  !sim::happened(outcome(result, "president_ousted")) && sim::happened(action("free_chief"));
    deaths.push_back(outcome(result, "deaths"));
    const auto took = [&](const char* course) { return outcome(result, "degenerate", course) > 0; };
    degenerate += took("nobody_acts") || took("all_burns") || took("never_ends");
  }
  EXPECT_GE(documented, 0.08 * trials);
  EXPECT_LE(degenerate, 0.1 * trials);
  std::ranges::sort(deaths);
  EXPECT_LT(deaths[trials / 20], 264);
  EXPECT_GT(deaths[trials - trials / 20], 354);
}

TEST_F(Turkey2016, ACapturedPresidentAndASilencedBroadcasterDecideIt) {
  sim::Diagnostics diagnostics;
  const auto folder = std::string(QANTAR_SOURCE_DIR) + "/configs/turkey_2016";
  const auto changed = build_case("turkey_2016", read_case_files(folder, diagnostics), {}, diagnostics,
                                  {.names = {"president_captured"}, .assignments = {}});
  ASSERT_EQ(diagnostics.text(), "");
  int before = 0, after = 0;
  for (std::uint32_t k = 0; k < 100; ++k) {
    before += sim::happened(outcome(test::run(test::hypothesis(case_, "one_network"), k), "president_ousted"));
    after += sim::happened(outcome(test::run(test::hypothesis(changed, "one_network"), k), "president_ousted"));
  }
  EXPECT_GT(after, 50);
  EXPECT_LT(before, 25);
}

}  // namespace
}  // namespace qantar::agents::turkey_2016_test
