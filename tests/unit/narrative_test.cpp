// A trial as text, and the walk back to the causes.
#include "analysis/narrative.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/config/diagnostics.hpp"

namespace narrative_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;
using ::testing::HasSubstr;
using ::testing::Not;

sim::Clock clock_of_test() {
  const auto at = [](unsigned day) { return sim::Instant::of(2022, 1, day, 0, 0, 0, 360); };
  return {at(1), at(1), at(11), 1};
}

sim::ResultLayout layout_of_test() {
  sim::ResultLayout layout;
  layout.axes = {{"place", {"north", "south"}, {}, "", ""}, {"actor", {"police", "guard"}, {}, "", ""}};
  layout.event_kinds = {"begins", "order", "turns", "falls"};
  layout.event_refs = {"place", "spot", "actor"};  // no axis "spot" here
  return layout;
}

Wording wording_of_test() {
  Wording w;
  w.sentences = {"{place}: protest begins; about {value} people", "{actor} is told: {content}", "{actor} now {stance}",
                 "{place} falls to {value} at {spot} {unknown}"};
  w.codes = {{"content", {"hold", "fire"}, -1}, {"stance", {"waits", "opposes"}, 1}};
  w.names = {{"north", "North Town"}};
  w.merged = {{"order", "{count} units are told: {content}"}};
  w.quiet = {"turns"};
  return w;
}

sim::TrialResult trial_of_test() {
  sim::TrialResult t;
  t.events = {{10, 0, {0, -1, -1}, 12345, {}},         {20.5, 1, {-1, -1, 0}, 1, {0}},  {20.5, 1, {-1, -1, 1}, 1, {0}},
              {20.5, 1, {-1, -1, 1}, 0, {}},           {20.5, 2, {-1, 1, 0}, 0.25, {}}, {30, 0, {1, -1, -1}, 2.5, {0}},
              {30, 3, {1, -1, -1}, 1234567, {1, 2, 5}}};
  return t;
}

std::string story(bool all = false) {
  return narrate(trial_of_test(), layout_of_test(), clock_of_test(), wording_of_test(), all);
}
std::string walk(const std::string& event) {
  return why(trial_of_test(), layout_of_test(), clock_of_test(), wording_of_test(), event);
}

TEST(Narrative, TellsDayByDayAndMergesWhatIsTheSame) {
  EXPECT_EQ(story(),
            "1 Jan\n"
            "  10:00   [0] North Town: protest begins; about 12,345 people\n"
            "  20:30  [1+] 2 units are told: fire ← 0\n"
            "  20:30   [3] guard is told: hold\n"
            "\n2 Jan\n"
            "  06:00   [5] south: protest begins; about 2.5 people ← 0\n"
            "  06:00   [6] south falls to 1,234,567 at someone {unknown} ← 1, 2, 5\n"
            "\nEvents left out: 1 (--all tells them)\n");
}

TEST(Narrative, TellsEveryEventWhenAsked) {
  const std::string text = story(true);
  EXPECT_THAT(text, HasSubstr("[1] police is told: fire ← 0"));
  EXPECT_THAT(text, HasSubstr("[4] police now opposes"));
  EXPECT_THAT(text, Not(HasSubstr("Events left out")));
  EXPECT_EQ(std::ranges::count(text, '['), 7);
}

TEST(Narrative, IsEmptyWithoutEvents) {
  EXPECT_EQ(narrate({}, layout_of_test(), clock_of_test(), wording_of_test()), "");
}

TEST(Why, WalksToTheRootsAndTellsEachEventOnce) {
  EXPECT_EQ(walk("6"),
            "[6] 2 Jan 06:00  south falls to 1,234,567 at someone {unknown}\n"
            "  ← [1] 1 Jan 20:30  police is told: fire\n"
            "    ← [0] 1 Jan 10:00  North Town: protest begins; about 12,345 people\n"
            "  ← [2] 1 Jan 20:30  guard is told: fire\n"
            "    ← [0] (told above)\n"
            "  ← [5] 2 Jan 06:00  south: protest begins; about 2.5 people\n"
            "    ← [0] (told above)\n");
}

TEST(Why, FindsEventsByKindAndByWhatTheyReferTo) {
  EXPECT_THAT(walk("falls"), HasSubstr("[6]"));
  EXPECT_THAT(walk("begins:south"), HasSubstr("[5] 2 Jan 06:00"));
  EXPECT_THAT(walk("begins"), HasSubstr("first of 2 such events; the next: 5"));
  EXPECT_THAT(walk("order:guard"), HasSubstr("[2]"));
}

std::string refusal(const std::string& event) {
  try {
    return walk(event) + " was found";
  } catch (const sim::InputError& error) {
    return error.what();
  }
}

TEST(Why, NamesWhatIsThere) {
  EXPECT_THAT(refusal("7"), HasSubstr("there is no event 7; this trial has events 0 to 6"));
  EXPECT_THAT(refusal("99999999999999999999"), HasSubstr("there is no event"));
  EXPECT_THAT(refusal("fals"), HasSubstr("did you mean \"falls\"?"));
  EXPECT_THAT(refusal("begins:nort"), HasSubstr("Present here: begins:north, begins:south"));
  EXPECT_THAT(refusal("coronation"), HasSubstr("; present here: begins, falls, order, turns"));
  EXPECT_THAT(refusal(""), HasSubstr("does not happen"));
  // A code in the place of a reference is no name: nobody "turns:guard" by stance.
  EXPECT_THAT(refusal("turns:guard"), HasSubstr("; present here: turns:police"));
}

}  // namespace
}  // namespace narrative_test
