// The record and the claims: what is read, and what every kind of mistake is answered with.
#include "analysis/evidence.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/case.hpp"
#include "agents/case_folder.hpp"
#include "agents/observables.hpp"
#include "sim/config/document.hpp"

namespace evidence_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;
using ::testing::AllOf;
using ::testing::HasSubstr;

sim::Clock clock_of_test() {
  const auto at = [](unsigned day, int hour) { return sim::Instant::of(2022, 1, day, hour, 0, 0, 360); };
  return {at(1, 0), at(1, 12), at(11, 0), 1};
}

sim::ResultLayout layout_of_test() {
  using K = sim::ValueKind;
  sim::ResultLayout layout;
  layout.axes = {{"place", {"north", "south"}, {}, "", ""}, {"level", {}, {0.1, 0.2}, "1", ""}};
  layout.outcomes = {{"began", "", "", K::time, {"place"}, {}},
                     {"ended", "", "", K::time, {}, {}},
                     {"crowd", "person", "", K::count, {"place"}, {}},
                     {"share", "1", "", K::real, {}, {}},
                     {"shut", "1", "", K::flag, {}, {}},
                     {"origin", "1", "", K::code, {}, {"north", "south"}},
                     {"matrix", "1", "", K::real, {"place", "level"}, {}}};
  return layout;
}

const std::string head = "schema = 1\n[[events]]\nid = \"E1\"\ntitle = \"t\"\ndate = 2022-01-02\ngrade = \"A\"\n";
const std::string scored = head + "use = \"scored\"\nweight = 1.0\n";
const std::string window = "earliest = 2022-01-02T00:00:00+06:00\nlatest = 2022-01-03T00:00:00+06:00\n";

std::string problems(const std::string& text) {
  sim::Diagnostics diagnostics;
  read_evidence(text, "evidence.toml", layout_of_test(), clock_of_test(), diagnostics);
  return diagnostics.text();
}

Evidence good(const std::string& text) {
  sim::Diagnostics diagnostics;
  auto out = read_evidence(text, "evidence.toml", layout_of_test(), clock_of_test(), diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  return out;
}

TEST(Evidence, ReadsARowIntoTheColumnAndTheHoursThatItMeans) {
  const auto evidence = good(scored + "measure = \"time\"\nobservable = \"began\"\nat = \"south\"\n" + window +
                             "tolerance = 2.0\nin_seed = true\nfamilies = [\"K\", \"L\"]\n");
  ASSERT_EQ(evidence.events.size(), 1U);
  const Event& e = evidence.events[0];
  EXPECT_EQ(e.column, 1U);
  EXPECT_EQ(e.earliest, 24);
  EXPECT_EQ(e.latest, 48);
  EXPECT_EQ(e.middle(), 36);
  EXPECT_EQ(e.day, 24);
  EXPECT_EQ(e.date, "2022-01-02");
  EXPECT_TRUE(e.in_seed);
  EXPECT_FALSE(e.held_out);
  EXPECT_EQ(e.families.size(), 2U);
  EXPECT_EQ(e.root(), "E1");
}

TEST(Evidence, FindsColumnsBehindWiderVariables) {
  const auto e = good(scored + "measure = \"number\"\nobservable = \"crowd\"\nat = \"south\"\nlow = 10\nhigh = 20\n");
  EXPECT_EQ(e.events[0].column, 4U);
  EXPECT_EQ(e.events[0].scale, Scale::magnitude);
  const auto s = good(scored + "measure = \"number\"\nobservable = \"share\"\nlow = 0.1\nhigh = 0.2\n");
  EXPECT_EQ(s.events[0].column, 5U);
  EXPECT_EQ(s.events[0].scale, Scale::share);
}

TEST(Question, HoldsAtTheEdgesAndNotBeyond) {
  Question q;
  q.measure = Measure::time;
  q.earliest = 10;
  q.latest = 12;
  q.tolerance = 1;
  EXPECT_TRUE(q.holds(9) && q.holds(13));
  EXPECT_FALSE(q.holds(8.9) || q.holds(13.1) || q.holds(sim::never));
  q.measure = Measure::occurs;
  EXPECT_TRUE(q.holds(9));
  EXPECT_FALSE(q.holds(14) || q.holds(sim::never));
  q.measure = Measure::absent;
  q.tolerance = 0;
  EXPECT_TRUE(q.holds(9) && q.holds(sim::never));
  EXPECT_FALSE(q.holds(11));
  q.earliest = q.latest = sim::never;  // no window
  EXPECT_FALSE(q.holds(1e4));
  EXPECT_TRUE(q.holds(sim::never));
  q.measure = Measure::occurs;
  EXPECT_TRUE(q.holds(1e4));
  q.latest = 5;  // a bound on one side
  EXPECT_TRUE(q.holds(-3) && !q.holds(6));
  q.kind = sim::ValueKind::flag;
  EXPECT_TRUE(q.holds(1) && !q.holds(0) && !q.holds(sim::never));
  q.measure = Measure::absent;
  EXPECT_TRUE(!q.holds(1) && q.holds(0) && !q.holds(sim::never));
}

TEST(Question, AnOrderMayAskForTheHoursBetween) {
  Question q;
  q.measure = Measure::order;
  EXPECT_TRUE(q.holds(10, 10) && q.holds(10, 1e4));
  EXPECT_FALSE(q.holds(10, 9.9) || q.holds(10, sim::never) || q.holds(sim::never, 10));
  q.low = 24;
  q.high = 36;
  EXPECT_TRUE(q.holds(10, 34) && q.holds(10, 46));
  EXPECT_FALSE(q.holds(10, 33) || q.holds(10, 47));
  q.tolerance = 12;
  EXPECT_TRUE(q.holds(10, 22) && q.holds(10, 58));
  EXPECT_FALSE(q.holds(10, 21) || q.holds(10, 59));
}

TEST(Question, RisesMeansLarger) {
  Question q;
  q.measure = Measure::rises;
  EXPECT_TRUE(q.holds(3, 4));
  EXPECT_FALSE(q.holds(4, 4) || q.holds(4, 3) || q.holds(sim::never, 3) || q.holds(3, sim::never));
}

const std::string fact = "schema = 1\n[[stylised_fact]]\nid = \"F\"\ntext = \"t\"\n";
const std::string grown = "measure = \"number\"\nobservable = \"crowd\"\nat = \"south\"\nlow = 10\nhigh = 20\n";

TEST(StylisedFacts, NeedAllTheirConditionsInOneTrial) {
  const auto evidence = good(fact + grown +
                             "also = [{ measure = \"rises\", observable = \"crowd\", at = \"north\", then = \"crowd\","
                             " then_at = \"south\" }, { measure = \"absent\", observable = \"shut\" }]\n");
  ASSERT_EQ(evidence.stylised_facts.size(), 1U);
  const Element& f = evidence.stylised_facts[0];
  ASSERT_EQ(f.also.size(), 2U);
  // began north and south, ended, crowd north and south, share, shut
  const auto trial = [](double north, double south, double shut) {
    return std::vector<double>{sim::never, sim::never, sim::never, north, south, 0.5, shut};
  };
  EXPECT_TRUE(f.is_so(trial(9, 15, 0)));
  EXPECT_FALSE(f.is_so(trial(9, 21, 0)));
  EXPECT_FALSE(f.is_so(trial(15, 15, 0)));
  EXPECT_FALSE(f.is_so(trial(9, 15, 1)));
}

TEST(StylisedFacts, AnswerMistakesWhereTheyAre) {
  EXPECT_THAT(problems(fact + grown + "also = [{ measure = \"rises\", observable = \"crowd\", at = \"north\" }]\n"),
              AllOf(HasSubstr("evidence.toml:10"), HasSubstr("stylised_fact.F.also.1.then"), HasSubstr("is missing")));
  EXPECT_THAT(problems(fact + grown + "also = [{ measure = \"absent\", observable = \"shutt\" }]\n"),
              AllOf(HasSubstr("also.1.observable"), HasSubstr("did you mean \"shut\"?")));
  EXPECT_THAT(problems(fact + grown + "also = [{ observable = \"shut\" }]\n"), HasSubstr("also.1.measure"));
  EXPECT_THAT(problems(fact + grown + "also = [{ measure = \"absent\", observable = \"shut\", low = 1 }]\n"),
              HasSubstr("does not belong to measure"));
  EXPECT_THAT(problems(fact + grown + "also = \"shut\"\n"), HasSubstr("expected further conditions"));
  EXPECT_THAT(problems(fact + "measure = \"rises\"\nobservable = \"ended\"\nthen = \"share\"\n"),
              HasSubstr("measure = \"rises\" needs a number or a count, but \"ended\" is a time"));
  EXPECT_THAT(problems(fact), HasSubstr("stylised_fact.F.measure"));
  EXPECT_THAT(problems(fact + grown + "[[stylised_fact]]\nid = \"F\"\ntext = \"t\"\n" + grown),
              HasSubstr("used twice in [[stylised_fact]]"));
  EXPECT_THAT(problems("schema = 1\n[[stylized_fact]]\n"), HasSubstr("did you mean \"stylised_fact\"?"));
}

TEST(Question, WidensNumbersAndOrders) {
  Question q;
  q.measure = Measure::number;
  q.low = 100;
  q.high = 200;
  q.factor = 2;
  EXPECT_TRUE(q.holds(50) && q.holds(400));
  EXPECT_FALSE(q.holds(49) || q.holds(401) || q.holds(sim::never));
  q.factor = 1;
  q.margin = 150;
  q.kind = sim::ValueKind::real;
  EXPECT_EQ(q.least(), -50);
  q.kind = sim::ValueKind::count;
  EXPECT_EQ(q.least(), 0);
  EXPECT_TRUE(q.holds(0) && q.holds(350) && !q.holds(351));
  q = {};
  q.measure = Measure::number;
  q.kind = sim::ValueKind::real;
  q.low = -20;
  q.high = -10;
  q.factor = 2;
  EXPECT_TRUE(q.holds(-40) && q.holds(-5));
  EXPECT_FALSE(q.holds(-41) || q.holds(-4) || q.holds(20));
  q = {};
  q.measure = Measure::order;
  q.tolerance = 2;
  EXPECT_TRUE(q.holds(10, 8) && q.holds(8, 10));
  EXPECT_FALSE(q.holds(10, 7) || q.holds(10, sim::never) || q.holds(sim::never, 10) || q.holds(sim::never));
  q = {};
  q.measure = Measure::is;
  q.code = 1;
  EXPECT_TRUE(q.holds(1) && !q.holds(0) && !q.holds(-1) && !q.holds(sim::never));
}

std::string replaced(std::string text, const std::string& part, const std::string& by) {
  return text.replace(text.find(part), part.size(), by);
}
const std::string second = replaced(scored.substr(11), "E1", "E2");

TEST(Evidence, EveryMistakeHasAPlaceAndARemedy) {
  struct Case {
    std::string text, expected;
  };
  const std::string time = scored + "measure = \"time\"\n";
  const std::vector<Case> cases{
      {time + "observable = \"begann\"\nat = \"south\"\n" + window,
       "10:14: events.E1.observable: \"begann\" is nothing"},
      {time + "observable = \"begann\"\nat = \"south\"\n" + window, "did you mean \"began\"?"},
      {time + "observable = \"began\"\nat = \"soth\"\n" + window, "did you mean \"south\"?"},
      {time + "observable = \"began\"\n" + window, "events.E1.at: is missing"},
      {time + "observable = \"ended\"\nat = \"south\"\n" + window, "leave this key out"},
      {time + "observable = \"matrix\"\nat = \"south\"\n" + window, "several axes"},
      {time + "observable = \"shut\"\n" + window, "needs a time, but \"shut\" is a flag"},
      {time + "observable = \"ended\"\n", "events.E1.earliest: is missing"},
      {time + "observable = \"ended\"\nlow = 1\n" + window, "events.E1.low: does not belong to measure = \"time\""},
      {time + "observable = \"ended\"\nearliest = 2022-01-03T00:00:00+06:00\nlatest = 2022-01-02T00:00:00+06:00\n",
       "lies after latest"},
      {time + "observable = \"ended\"\nearliest = 2021-12-03T00:00:00+06:00\nlatest = 2022-01-02T00:00:00+06:00\n",
       "outside the clock"},
      {scored + "measure = \"number\"\nobservable = \"began\"\nat = \"south\"\nlow = 1\nhigh = 2\n",
       "needs a number or a count"},
      {scored + "measure = \"number\"\nobservable = \"share\"\nlow = 3\nhigh = 2\n", "lies above high"},
      {scored + "measure = \"number\"\nobservable = \"share\"\nlow = 1\nhigh = 2\nfactor = 2\nmargin = 1\n",
       "either a factor or a margin"},
      {scored + "measure = \"number\"\nobservable = \"share\"\nlow = 1\n", "events.E1.high: is missing"},
      {scored + "measure = \"number\"\nobservable = \"crowd\"\nat = \"south\"\nlow = -1\nhigh = 2\n",
       "events.E1.low: a count is never below 0"},
      {scored + "measure = \"order\"\nobservable = \"ended\"\nthen = \"ended\"\nlow = -1\nhigh = 2\n",
       "events.E1.low: hours between two events are never below 0"},
      {scored + "measure = \"occurs\"\nobservable = \"origin\"\n", "needs a time or a flag, but \"origin\" is a code"},
      {scored + "measure = \"occurs\"\nobservable = \"shut\"\n" + window, "a flag has no time"},
      {scored + "measure = \"absent\"\nobservable = \"ended\"\ntolerance = 1\n", "does not belong"},
      {scored + "measure = \"order\"\nobservable = \"ended\"\n", "events.E1.then: is missing"},
      {scored + "measure = \"order\"\nobservable = \"ended\"\nthen = \"crowd\"\nthen_at = \"south\"\n",
       "events.E1.then: measure = \"order\" needs a time, but \"crowd\" is a count"},
      {scored + "measure = \"order\"\nobservable = \"ended\"\nthen = \"began\"\n", "events.E1.then_at: is missing"},
      {scored + "measure = \"is\"\nobservable = \"origin\"\nat = \"nrth\"\n", "did you mean \"north\"?"},
      {scored + "measure = \"is\"\nobservable = \"ended\"\nat = \"north\"\n", "needs a code"},
      {scored + "measure = \"tme\"\nobservable = \"ended\"\n", "did you mean \"time\"?"},
      {scored, "events.E1.measure: is missing"},
      {head + "use = \"scored\"\nmeasure = \"occurs\"\nobservable = \"ended\"\n", "events.E1.weight: is missing"},
      {scored + "measure = \"occurs\"\nobservable = \"ended\"\nplace = \"est\"\n", "is no place of the case"},
      {scored + "measure = \"occurs\"\nobservable = \"ended\"\ntolerence = 1\n", "did you mean \"tolerance\"?"},
      {replaced(time, "2022-01-02", "0022-01-02") + "observable = \"ended\"\n" + window,
       "5:8: events.E1.date: 0022-01-02 lies more than a year from the clock"},
      {replaced(time, "2022-01-02", "2022-01-09") + "observable = \"ended\"\n" + window,
       "5:8: events.E1.date: 2022-01-09 lies outside earliest to latest"},
      {replaced(time, "2022-01-02", "2021-12-30") + "observable = \"ended\"\n" + window,
       "events.E1.date: 2021-12-30 lies outside earliest to latest"},
      {time + "observable = \"ended\"\ntolerance = 200\n" + window, "11:13: events.E1.tolerance: is more than three"},
      {scored + "measure = \"number\"\nobservable = \"share\"\nlow = 30\nhigh = 40\n",
       "12:8: events.E1.high: the observable is a share"},
      {time + "observable = \"ended\"\n" + window + second + "measure = \"time\"\nobservable = \"ended\"\n" + window,
       "events.E2: asks what E1 asks"},
      {scored + "measure = \"number\"\nobservable = \"crowd\"\nat = \"south\"\nlow = 1\nhigh = 2\n" + second +
           "measure = \"number\"\nobservable = \"crowd\"\nat = \"south\"\nlow = 5\nhigh = 9\n",
       "events.E2: asks what E1 asks"},
      {scored + "measure = \"occurs\"\nobservable = \"ended\"\nof = \"E2\"\n", "\"E2\" is no other event"},
      {head + "use = \"context\"\n", "events.E1.reason: is missing"},
      {head + "use = \"context\"\nreason = \"r\"\nweight = 1\n", "has no effect unless use = \"scored\""},
      {"schema = 1\n[[events]]\nid = \"E1\"\ntitle = \"t\"\nuse = \"context\"\nreason = \"r\"\ngrade = \"A\"\n",
       "events.E1.date: is missing"},
      {"schema = 1\n[[events]]\nid = \"E1\"\ntitle = \"t\"\ndate = 2022-01-02\nuse = \"scored\"\nweight = -1\ngrade = "
       "\"E\"\nmeasure = \"occurs\"\nobservable = \"ended\"\n",
       "never scored"},
      {"schema = 1\n[[events]]\nid = \"E1\"\ntitle = \"t\"\ndate = 2022-01-02\nuse = \"scored\"\nweight = -1\ngrade = "
       "\"F\"\nmeasure = \"occurs\"\nobservable = \"ended\"\n",
       "-1 is outside the range"},
      {scored + "measure = \"occurs\"\nobservable = \"ended\"\n" + head.substr(11) +
           "use = \"context\"\nreason = \"r\"\n",
       "this id is used twice"},
      {"schema = 2\n", "expected schema = 1"},
      {"schema = 1\n[[event]]\nid = \"a\"\n", "did you mean \"events\"?"},
      {"schema = 1\nevents = 3\n", "headed [[events]]"},
      {"schema = 1\n[[sequence]]\nid = \"a\"\ntext = \"t\"\n", "sequence.a.measure: is missing"},
      {"schema = 1\n[baselines]\nconcession = \"E9\"\n", "there is no event \"E9\""},
      {"schema = 1\n[baselines]\neverywhere = [\"crowd\"]\n", "is no time that runs report"},
      {"schema = 1\n[[events]\n", "TOML syntax"},
  };
  for (const auto& c : cases)
    EXPECT_THAT(problems(c.text), AllOf(HasSubstr(c.expected), HasSubstr("evidence.toml:"))) << c.text;
}

TEST(Evidence, NumbersThatCanBeNegativeMayBeDocumented) {
  const auto e = good(scored + "measure = \"number\"\nobservable = \"share\"\nlow = -0.5\nhigh = -0.2\n").events.at(0);
  EXPECT_EQ(e.low, -0.5);
  EXPECT_TRUE(e.holds(-0.3) && !e.holds(0) && !e.holds(-0.6));
}

TEST(Evidence, AllProblemsAreReportedAtOnce) {
  sim::Diagnostics diagnostics;
  read_evidence(scored + "measure = \"time\"\nobservable = \"begann\"\nlow = 1\nnonsense = 1\n", "e.toml",
                layout_of_test(), clock_of_test(), diagnostics);
  EXPECT_EQ(diagnostics.problems().size(), 5U) << diagnostics.text();
}

TEST(Evidence, ReadsSequenceAndBaselines) {
  const auto e = good(scored + "measure = \"time\"\nobservable = \"ended\"\n" + window +
                      "[[sequence]]\nid = \"origin\"\ntext = \"first in the south\"\nmeasure = \"is\"\n"
                      "observable = \"origin\"\nat = \"south\"\n"
                      "[baselines]\nconcession = \"E1\"\neverywhere = [\"began\"]\n");
  ASSERT_EQ(e.sequence.size(), 1U);
  EXPECT_EQ(e.sequence[0].code, 1);
  EXPECT_EQ(e.hints.concession, 0);
  EXPECT_EQ(e.hints.violence, -1);
}

/// The layout of the case as it is shipped.
class January2022 : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = QANTAR_SOURCE_DIR "/configs/january_2022";
    sim::Diagnostics diagnostics;
    files_ = agents::read_case_files(folder, diagnostics);
    const auto built = agents::build_case(folder, files_, {}, diagnostics);
    ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
    scenario_ = built.hypotheses.at(0).scenario;
    layout_ = agents::result_layout(*scenario_);
  }
  std::string text(const std::string& name) const {
    for (const auto& [file, content] : files_)
      if (file == name) return content;
    return "";
  }
  agents::CaseFiles files_;
  std::shared_ptr<const agents::Scenario> scenario_;
  sim::ResultLayout layout_;
};

TEST_F(January2022, EvidenceIsReadWithoutAProblem) {
  sim::Diagnostics diagnostics;
  const auto evidence = read_evidence(text("evidence.toml"), "evidence.toml", layout_, scenario_->clock, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_EQ(evidence.events.size(), 215U);
  EXPECT_EQ(std::ranges::count(evidence.events, Use::scored, &Event::use), 164);
  EXPECT_GE(evidence.sequence.size(), 12U);
  EXPECT_GE(evidence.hints.concession, 0);
  EXPECT_GE(evidence.hints.violence, 0);
}

TEST_F(January2022, ClaimsAreReadWithoutAProblem) {
  sim::Diagnostics diagnostics;
  const auto claims = read_claims(text("claims.toml"), "claims.toml", layout_, scenario_->clock, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_EQ(claims.size(), 55U);
}

TEST(EvidenceSchema, NamesEveryKeyAndTheNeedsOfEachMeasure) {
  const auto schema = evidence_schema();
  const auto& event = schema["properties"]["events"]["items"];
  for (const char* key : {"id", "of", "date", "measure", "then_at", "weight", "in_seed", "factor"})
    EXPECT_TRUE(event["properties"].contains(key)) << key;
  EXPECT_EQ(event["allOf"].size(), 8U);
  EXPECT_EQ(event["allOf"][3]["then"]["required"], nlohmann::json::array({"low", "high"}));
  EXPECT_EQ(claims_schema()["properties"]["claims"]["items"]["properties"]["kind"]["enum"].size(), 6U);
}

}  // namespace
}  // namespace evidence_test
