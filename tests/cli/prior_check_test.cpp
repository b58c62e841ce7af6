// check --trials: what trials under the priors look like.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using Json = nlohmann::json;

/// The small case with two facts: one that is always so, one that never is.
void add_facts(const CaseCopy& copy) {
  write_file(copy / "evidence.toml",
             text_of(copy / "evidence.toml") +
                 "\n\n[[stylised_fact]]\nid = \"some\"\ntext = \"Somebody is out\"\nmeasure = \"number\"\n"
                 "observable = \"peak_participants\"\nlow = 0\nhigh = 1e9\n"
                 "\n[[stylised_fact]]\nid = \"both\"\ntext = \"The hall falls and stands\"\nmeasure = \"occurs\"\n"
                 "observable = \"site_fell\"\nat = \"seat_hall\"\n"
                 "also = [{ measure = \"absent\", observable = \"site_fell\", at = \"seat_hall\" }]\n");
}

TEST(PriorCheck, CountsFactsUnderEveryHypothesis) {
  const CaseCopy copy;
  add_facts(copy);
  const Ended ended = qantar({"check", copy.path(), "--trials", "12", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Json hypotheses = Json::parse(ended.out).at("hypotheses");
  ASSERT_EQ(hypotheses.size(), 2U);
  for (const auto& h : hypotheses) {
    EXPECT_EQ(h.at("trials"), 12);
    EXPECT_EQ(h.at("stylised_facts")[0].at("value"), 1.0);
    EXPECT_EQ(h.at("stylised_facts")[1].at("value"), 0.0);
    EXPECT_EQ(h.at("all_stylised_facts").at("value"), 0.0);
    EXPECT_EQ(h.at("degenerate").size(), 4U);
  }
}

// The same trials as run with the same seed, on any number of threads.
TEST(PriorCheck, AgreesWithRunAndCompare) {
  const CaseCopy copy;
  add_facts(copy);
  const Folder folder;
  const std::string file = (folder / "r.h5").string();
  ASSERT_EQ(qantar({"run", copy.path(), "-n", "20", "--seed", "5", "-o", file}).code, 0);
  const Ended compared = qantar({"compare", file, "--json"});
  for (const char* threads : {"1", "3"}) {
    const Ended checked =
        qantar({"check", copy.path(), "--trials", "20", "--seed", "5", "--threads", threads, "--json"});
    EXPECT_EQ(Json::parse(checked.out).at("hypotheses"), Json::parse(compared.out).at("courses"));
  }
  const Ended other = qantar({"check", copy.path(), "--trials", "20", "--seed", "6", "--json"});
  EXPECT_NE(Json::parse(other.out).at("hypotheses"), Json::parse(compared.out).at("courses"));
}

TEST(PriorCheck, PrintsTables) {
  const CaseCopy copy;
  add_facts(copy);
  const Ended ended = qantar({"check", copy.path(), "-n", "4"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("no problems"), HasSubstr("4 trials of each hypothesis, seed 1"),
                               HasSubstr("The hall falls and stands  0.00 [0.00, 0.49]"), HasSubstr("any of them")));
}

TEST(PriorCheck, WithoutFactsThereAreDegenerateCourses) {
  const CaseCopy copy;
  fs::remove(copy / "evidence.toml");
  const Ended ended = qantar({"check", copy.path(), "-n", "2"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(Not(HasSubstr("Stylised")), HasSubstr("Degenerate courses")));
}

TEST(PriorCheck, OptionsThatMakeNoSenseAreRefused) {
  EXPECT_EQ(qantar({"check", small_case(), "--trials", "0"}).code, 2);
  EXPECT_EQ(qantar({"check", small_case(), small_case(), "--trials", "2"}).code, 2);
  EXPECT_EQ(qantar({"check", small_case(), "--resolved", "--trials", "2"}).code, 2);
  for (const char* option : {"--seed", "--threads"}) {
    const Ended ended = qantar({"check", small_case(), option, "2"});
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.err, HasSubstr("belongs to --trials"));
  }
  EXPECT_EQ(qantar({"check", small_case(), "--json", "--resolved"}).code, 2);
}

TEST(PriorCheck, BadFactsAreAnsweredBeforeAnyTrial) {
  const CaseCopy copy;
  add_facts(copy);
  copy.replace("evidence.toml", "observable = \"peak_participants\"", "observable = \"peak_participant\"");
  const Ended ended = qantar({"check", copy.path(), "--trials", "1000000"});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("stylised_fact.some.observable"), HasSubstr("did you mean")));
}

TEST(PriorCheck, InterruptEndsIt) {
  Running running(QANTAR_PROGRAM, {"check", small_case(), "--trials", "1000000"});
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  running.send(SIGTERM);
  const Ended ended = running.finish();
  EXPECT_EQ(ended.code, 75);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, AllOf(HasSubstr("interrupted after"), HasSubstr("--trials 1000000")));
}

TEST(PriorCheck, RowsThatNoTrialMeetsAreNamed) {
  const CaseCopy copy;
  copy.replace("evidence.toml", "measure = \"absent\"\nobservable = \"site_fell\"\nat = \"seat_hall\"",
               "measure = \"number\"\nobservable = \"deaths\"\nlow = 100000\nhigh = 200000");
  const Ended ended = qantar({"check", copy.path(), "--trials", "20"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("Rows of the record that no trial of any account agrees with"));
  EXPECT_THAT(ended.out, HasSubstr("number deaths"));
  const auto j = nlohmann::json::parse(qantar({"check", copy.path(), "--trials", "20", "--json"}).out);
  EXPECT_EQ(j.at("rows_never_met"), nlohmann::json::array({"P2"}));
  EXPECT_TRUE(nlohmann::json::parse(qantar({"check", small_case(), "--trials", "20", "--json"}).out)
                  .at("rows_never_met")
                  .empty());
}

}  // namespace
}  // namespace qantar::testing
