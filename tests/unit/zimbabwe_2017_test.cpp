// The third shipped case: factions that decide, without a line of C++ of its own.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/shipped_record.hpp"

namespace qantar::agents::zimbabwe_2017_test {
namespace {

class Zimbabwe2017 : public ::testing::Test {
 protected:
  Case case_ = test::shipped("zimbabwe_2017");
  sim::ResultLayout layout_ = result_layout(*case_.scenarios().at(0));

  // Share of trials in which all these steps were taken, in this order.
  double in_order(const std::string& account, const std::vector<std::string>& steps, std::uint32_t trials = 100) const {
    const auto scenario = test::hypothesis(case_, account);
    const auto times = layout_.find(layout_.outcomes, "action_time");
    const auto& labels = layout_.axis("action").labels;
    int n = 0;
    for (std::uint32_t k = 0; k < trials; ++k) {
      const auto out = test::run(scenario, k).outcomes;
      double before = -1;
      bool good = true;
      for (const auto& step : steps) {
        const auto at = std::ranges::find(labels, step) - labels.begin();
        const double time = out[times->first + static_cast<std::size_t>(at)];
        good = good && time >= before;
        before = time;
      }
      n += good;
    }
    return n / static_cast<double>(trials);
  }
};

TEST_F(Zimbabwe2017, EveryAccountSaysWhoHoldsItAndEveryRowMeetsAnOutcome) { test::expect_whole(case_, layout_, 25, 3); }

TEST_F(Zimbabwe2017, TheDocumentedOrderIsTheUsualOne) {
  const std::vector<std::string> night{"warn_party", "move_armour", "seize_broadcaster", "statement"};
  EXPECT_GT(in_order("factional_move", night), 0.9);
  EXPECT_GT(in_order("factional_move",
                     {"confine_president", "provinces_turn", "party_removes", "begin_impeachment", "resign"}),
            0.5);
  // Without the party's intent the last steps come less often: see README.md of the case.
  EXPECT_LT(in_order("corrective_action", {"party_removes", "begin_impeachment", "resign"}),
            in_order("factional_move", {"party_removes", "begin_impeachment", "resign"}));
}

TEST_F(Zimbabwe2017, ADismissedCommanderEndsIt) {
  const auto dismissed = test::shipped("zimbabwe_2017", {"actions.dismiss_commander.latest=2017-11-13T06:00:00+02:00"});
  for (std::uint32_t k = 0; k < 10; ++k) {
    const auto out = test::run(test::hypothesis(dismissed, "factional_move"), k).outcomes;
    const auto times = layout_.find(layout_.outcomes, "action_time");
    const auto& labels = layout_.axis("action").labels;
    const auto at = std::ranges::find(labels, "confine_president") - labels.begin();
    EXPECT_FALSE(sim::happened(out[times->first + static_cast<std::size_t>(at)]));
  }
}

}  // namespace
}  // namespace qantar::agents::zimbabwe_2017_test
