// What a case calls the end of a president or of a crisis: for how long its conditions must hold, and what it gets
// wrong.
#include "agents/endings.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/observables.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents {
namespace {

using ::testing::HasSubstr;

/// A world of the invented crisis that is judged hour by hour.
struct Judged {
  explicit Judged(const std::vector<std::string>& overrides = {}) : scenario(test::crisis(overrides)) {}
  /// One hour with so much visible support.
  void hour(double support) {
    w.support = support;
    judge_endings(w);
    w.now += 1;
  }
  test::ScenarioPtr scenario;
  World w = make_world(*scenario, sim::Draws(test::trial(0)));
};

TEST(Endings, MustHoldWithoutABreak) {
  Judged j;  // below .42 for six hours
  for (int i = 0; i < 6; ++i) j.hour(0.41);
  EXPECT_FALSE(happened(j.w.ousted));
  j.hour(0.42);
  for (int i = 0; i < 6; ++i) j.hour(0.41);
  EXPECT_FALSE(happened(j.w.ousted)) << "a break begins the count again";
  j.hour(0.41);
  EXPECT_TRUE(happened(j.w.ousted));
  const Hours when = j.w.ousted;
  for (int i = 0; i < 20; ++i) j.hour(0.1);
  EXPECT_EQ(j.w.ousted, when) << "once";
}

TEST(Endings, AnyOfThemIsEnough) {
  Judged j;
  SiteState& seat = j.w.sites[SiteId(j.scenario->ids.find("sites", "seat_hall"))];
  seat.held = false;
  for (int i = 0; i < 12; ++i) j.hour(1);
  EXPECT_FALSE(happened(j.w.ousted));
  j.hour(1);
  EXPECT_TRUE(happened(j.w.ousted));
}

TEST(Endings, OrderNeedsTheQuietThatTheCaseAsksFor) {
  for (const double hours : {6.0, 30.0}) {
    Judged j({"endings.quiet.when=[{ signal = \"hours_of_violence\", at = 0 }, { signal = \"hours_of_quiet\", at = " +
              sim::write_number(hours) + " }]"});
    j.w.quiet_since = j.w.now;
    for (int i = 0; i <= hours; ++i) j.hour(1);
    EXPECT_FALSE(happened(j.w.restored)) << "nothing to be restored";
    j.w.violence_began = j.w.quiet_since = j.w.now;
    for (int i = 0; i < hours; ++i) j.hour(1);
    EXPECT_FALSE(happened(j.w.restored)) << hours;
    j.hour(1);
    EXPECT_TRUE(happened(j.w.restored)) << hours;
  }
}

TEST(Endings, WithoutAnyThereIsNoEnd) {
  auto scenario = std::make_shared<Scenario>(*test::crisis());
  scenario->endings.clear();
  World w = make_world(*scenario, sim::Draws(test::trial(0)));
  w.support = 0;
  w.violence_began = w.quiet_since = w.now;
  for (int i = 0; i < 100; ++i, w.now += 1) judge_endings(w);
  EXPECT_FALSE(happened(w.ousted) || happened(w.restored));
  const auto layout = result_layout(*scenario);
  EXPECT_EQ(std::ranges::count(layout.outcomes, "degenerate", &sim::Variable::name), 0);
}

TEST(Endings, DegenerateCoursesAreJudgedAtTheEnd) {
  Judged j;
  const auto course = [&](const std::string& id) {
    return holds_now(j.w, EndingId(j.scenario->ids.find("endings", id)));
  };
  EXPECT_TRUE(course("no_violence") && course("few_people"));
  EXPECT_FALSE(course("never_ends") || course("all_burns"));
  j.w.violence_began = j.w.now;
  j.w.tally.peak = 5000;
  EXPECT_FALSE(course("no_violence") || course("few_people"));
  EXPECT_TRUE(course("never_ends"));
  j.w.restored = j.w.now;
  EXPECT_FALSE(course("never_ends"));
  const auto layout = result_layout(*j.scenario);
  EXPECT_THAT(layout.axis("course").labels,
              ::testing::ElementsAre("no_violence", "few_people", "all_burns", "never_ends"));
}

TEST(Endings, NameWhatIsWrongAndWhere) {
  const auto problems = [](const std::string& more) {
    sim::Diagnostics diagnostics;
    test::read_case(test::crisis_text() + "\n[[endings]]\nid = \"it\"\nname = \"it\"\n" + more, {}, diagnostics);
    return diagnostics.text();
  };
  EXPECT_EQ(problems("kind = \"degenerate\"\nwhen = [{ signal = \"peak_crowd\", below = 10 }]\n"), "");
  EXPECT_THAT(problems("kind = \"degenerate\"\n"), HasSubstr("endings.it: has no conditions"));
  EXPECT_THAT(problems("kind = \"degenerate\"\nhours = 3\nwhen = [{ signal = \"peak_crowd\", below = 10 }]\n"),
              HasSubstr("endings.it.hours: a degenerate course is judged at the end of the clock"));
  EXPECT_THAT(problems("kind = \"order\"\nwhen = [{ signal = \"peak_crowd\", below = 10 }]\n"),
              HasSubstr("order_restored"));
  EXPECT_THAT(problems("kind = \"degenerate\"\nwhen = [{ signal = \"peak_crowd\", below = 10, width = 1 }]\n"),
              HasSubstr("width: unknown key"));
  EXPECT_THAT(problems("kind = \"degenerate\"\nwhen = [{ signal = \"peak_crowds\", below = 10 }]\n"),
              HasSubstr("did you mean \"peak_crowd\"?"));
  EXPECT_THAT(problems("kind = \"degenerate\"\nwhen = [{ signal = \"holds\", below = 1 }]\n"), HasSubstr("site"));
  // A motive that waits for order where nothing says when it is back.
  std::string text = test::crisis_text();
  const std::string kind = "kind = \"order_restored\"";
  text.replace(text.find(kind), kind.size(), "kind = \"loses_power\"");
  sim::Diagnostics diagnostics;
  test::read_case(text, {}, diagnostics);
  EXPECT_THAT(diagnostics.text(), HasSubstr("waits for order, which never comes back"));
}

}  // namespace
}  // namespace qantar::agents
