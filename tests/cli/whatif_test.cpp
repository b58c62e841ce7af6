// whatif: the trials of a result run both ways, with the same luck.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Json = nlohmann::json;

/// One result of the small case for all tests here.
class WhatIf : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    const Ended run =
        qantar({"run", small_case(), "-n", "120", "--seed", "3", "-o", file(), "--keep-series", "none", "--quiet"});
    ASSERT_EQ(run.code, 0) << run.err;
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string file() { return (*folder_ / "r.h5").string(); }

  static Ended ask(std::vector<std::string> more) {
    std::vector<std::string> words{"whatif", file()};
    words.insert(words.end(), more.begin(), more.end());
    return qantar(words);
  }
  static Json answer(std::vector<std::string> more) {
    more.push_back("--json");
    const Ended ended = ask(more);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.code == 0 ? Json::parse(ended.out) : Json();
  }

 private:
  static inline Folder* folder_ = nullptr;
};

TEST_F(WhatIf, SaysWhatDiffersAndHowItIsToBeRead) {
  const Ended ended = ask({"--do", "hall_held", "--prior"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("Unrest in a small port"), HasSubstr("What if The hall of the port held"),
                               HasSubstr("all 240 trials weigh alike (--prior): the record plays no part"),
                               HasSubstr("not what would have happened"), HasSubstr("Differences under each account"),
                               HasSubstr("quiet_line"), HasSubstr("deaths")));
  EXPECT_THAT(ended.err, HasSubstr("weigh alike"));
}

TEST_F(WhatIf, AHeldSiteDoesNotFall) {
  const Json said = answer({"--do", "hall_held", "--prior", "--outcome", "site_fell:port_hall"});
  const Json& fell = said.at("all").at("outcomes").at(0);
  EXPECT_GT(fell.at("as_it_was"), 0);
  EXPECT_EQ(fell.at("as_it_would_be"), 0);
  EXPECT_EQ(fell.at("changed").at("to_yes"), 0);
  EXPECT_LT(fell.at("difference").at("high"), 0);
}

TEST_F(WhatIf, AChangeThatChangesNothingMakesNoDifference) {
  const nlohmann::json all = answer({"--do", "case.mass_size=1000", "--prior"});
  for (const auto& account : all.at("hypotheses"))
    for (const auto& o : account.at("outcomes")) {
      if (o.at("difference").at("value").is_null()) continue;  // hardly ever defined
      EXPECT_EQ(o.at("difference").at("value"), 0) << o;
      EXPECT_EQ(o.at("variance_ratio"), 0) << o;
    }
}

TEST_F(WhatIf, JsonHasTheSameNumbersOnAnyNumberOfThreads) {
  const Json one = answer({"--do", "no_force", "--do", "units.port_line.strength=900", "--prior", "--threads", "1"});
  EXPECT_EQ(one, answer({"--do", "no_force", "--do", "units.port_line.strength=900", "--prior", "--threads", "2"}));
  EXPECT_EQ(one.at("do"), Json({"no_force", "units.port_line.strength=900"}));
  EXPECT_EQ(one.at("ready_made").at(0).at("title"), "No live fire");
  EXPECT_EQ(one.at("weighed_by"), "prior");
  EXPECT_EQ(one.at("hypotheses").size(), 2U);
  EXPECT_EQ(one.at("hypotheses").at(1).at("name"), "strong_pull");
  EXPECT_NEAR(one.at("hypotheses").at(1).at("weight"), 0.5, 1e-12);
  for (const char* key :
       {"name", "kind", "as_it_was", "as_it_would_be", "difference", "variance_ratio", "effective_size"})
    EXPECT_TRUE(one.at("all").at("outcomes").at(0).contains(key)) << key;
}

TEST_F(WhatIf, OneAccountAndFewerTrialsCanBeAsked) {
  const Json said =
      answer({"--do", "no_force", "--prior", "--hypothesis", "strong_pull", "--trials", "110", "--outcome", "deaths"});
  EXPECT_EQ(said.at("hypotheses").size(), 1U);
  EXPECT_EQ(said.at("all").at("trials"), 110);
  EXPECT_EQ(said.at("all").at("outcomes").size(), 1U);
  const Json two = answer({"--do", "no_force", "--prior", "--hypothesis", "strong_pull,quiet_line", "--trials", "110"});
  ASSERT_EQ(two.at("hypotheses").size(), 2U);
  EXPECT_EQ(two.at("hypotheses").at(0).at("name"), "quiet_line");
  EXPECT_EQ(two.at("hypotheses").at(1).at("name"), "strong_pull");
}

TEST_F(WhatIf, WeighsTrialsByTheRecordUnlessToldOtherwise) {
  const Ended ended = ask({"--do", "no_force", "--json"});
  EXPECT_THAT(ended.err, HasSubstr("weighed by the record, 240 trials are worth"));
  if (ended.code == 0) {
    EXPECT_EQ(Json::parse(ended.out).at("weighed_by"), "record");
  } else {
    EXPECT_EQ(ended.code, 3);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("at least 100 are needed"), HasSubstr("--prior")));
    EXPECT_THAT(ended.out, IsEmpty());
  }
}

TEST_F(WhatIf, RefusesWhatMakesNoSense) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"--prior"}, "hall_held"},  // lists the ready-made ones
      {{"--prior", "--do", "hal_held"}, "did you mean \"hall_held\"?"},
      {{"--prior", "--do", "help"}, "No live fire"},
      {{"--prior", "--do", "no_force", "--hypothesis", "strong_pul"}, "did you mean \"strong_pull\"?"},
      {{"--prior", "--do", "no_force", "--hypothesis", "quiet_line,strong_pul"}, "did you mean \"strong_pull\"?"},
      {{"--prior", "--do", "no_force", "--outcome", "death"}, "did you mean \"deaths\"?"},
      {{"--prior", "--do", "no_force", "--trials", "10"}, "--trials 10"},
      {{"--prior", "--do", "no_force", "--trials", "0"}, "whole number"},
      {{"--prior", "--do", "sites.port_hall.id=\"town_hall\""}, "names of what there is"},
      {{"--prior", "--do", "clock.end=2030-03-03T12:00:00+00:00"}, "changes the clock"},
      {{"--prior", "--do", "no_force", "--proir"}, "did you mean \"--prior\"?"}};
  for (const auto& [words, message] : wrong) {
    const Ended ended = ask(words);
    EXPECT_EQ(ended.code, 2) << message << "\n" << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(message));
    EXPECT_THAT(ended.out, IsEmpty());
  }
  EXPECT_EQ(qantar({"whatif"}).code, 2);
}

TEST_F(WhatIf, SaysWhichKeyIsWrong) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"force_rat=0", "did you mean \"force_rate\"?"},
      {"units.port_lin.strength=3", "did you mean \"port_line\"?"},
      {"force_rate=-1", "force_rate"},
      {"force_rate=", "--do force_rate="}};
  for (const auto& [change, message] : wrong) {
    const Ended ended = ask({"--prior", "--do", change});
    EXPECT_EQ(ended.code, 3) << ended.err;
    EXPECT_THAT(ended.err, AllOf(HasSubstr(message), HasSubstr("--do"), Not(HasSubstr("--set"))));
    EXPECT_THAT(ended.out, IsEmpty());
  }
}

TEST_F(WhatIf, NeedsAWholeResult) {
  const Folder folder;
  EXPECT_EQ(qantar({"whatif", (folder / "none.h5").string(), "--do", "no_force"}).code, 5);
  fs::copy(file(), folder / "r.h5");
  fs::resize_file(folder / "r.h5", fs::file_size(folder / "r.h5") / 2);
  EXPECT_EQ(qantar({"whatif", (folder / "r.h5").string(), "--do", "no_force"}).code, 5);
}

TEST(ReadyMadeWhatIfs, AreCheckedWithTheCase) {
  const CaseCopy copy;
  copy.replace("whatifs/no_force.toml", "[actions.live_fire]", "[actions.live_fir]");
  copy.replace("whatifs/hall_held.toml", "title = ", "titel = ");
  const Ended ended = qantar({"check", copy.path()});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("whatifs/no_force.toml:4"), HasSubstr("did you mean \"live_fire\"?"),
                               HasSubstr("whatifs/hall_held.toml"), HasSubstr("title: is missing")));
}

TEST(ReadyMadeWhatIfs, LeaveTheClockAlone) {
  const CaseCopy copy;
  copy.replace("whatifs/no_force.toml", "[actions.live_fire]", "[clock]\nstep_hours = 2\n\n[actions.live_fire]");
  const Ended ended = qantar({"check", copy.path()});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("a what-if cannot change this"));
}

}  // namespace
}  // namespace qantar::testing
