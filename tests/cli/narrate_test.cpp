// narrate: one trial as a story, from a result and from a case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// One result of the small case for all tests here.
class Narrate : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    const Ended run = qantar({"run", small_case(), "-n", "4", "--seed", "11", "-o", file(), "--keep-series", "none",
                              "--set", "places.port.population=400000"});
    ASSERT_EQ(run.code, 0) << run.err;
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string file() { return (*folder_ / "r.h5").string(); }

  static Ended tell(std::vector<std::string> more) {
    std::vector<std::string> words{"narrate", file()};
    words.insert(words.end(), more.begin(), more.end());
    return qantar(words);
  }

 private:
  static inline Folder* folder_ = nullptr;
};

TEST_F(Narrate, TellsATrialUnderItsHypothesis) {
  const Ended ended = tell({"--trial", "6"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(
      ended.out,
      AllOf(HasSubstr("Unrest in a small port"), HasSubstr("Neighbours pulled each other out (strong_pull)"),
            HasSubstr("Trial 6: seed 11, replicate 2"), HasSubstr("the port: protest begins"), HasSubstr("1 Mar")));
  EXPECT_THAT(ended.out, Not(HasSubstr("{")));
  EXPECT_THAT(ended.err, IsEmpty());
}

TEST_F(Narrate, TellsTheSameFromTheCaseAsFromTheResult) {
  for (const std::string trial : {"0", "3"})
    EXPECT_EQ(tell({"--trial", trial, "--all"}).out,
              qantar({"narrate", small_case(), "--seed", "11", "--trial", trial, "--hypothesis", "quiet_line", "--set",
                      "places.port.population=400000", "--all"})
                  .out);
}

TEST_F(Narrate, NeedsNothingButTheResult) {
  const CaseCopy copy;
  const Folder folder;
  const std::string result = (folder / "r.h5").string();
  ASSERT_EQ(qantar({"run", copy.path(), "-n", "2", "-o", result}).code, 0);
  const std::string before = qantar({"narrate", result, "--trial", "1"}).out;
  fs::remove_all(copy.path());
  EXPECT_EQ(qantar({"narrate", result, "--trial", "1"}).out, before);
  EXPECT_THAT(before, Not(IsEmpty()));
}

TEST_F(Narrate, AllTellsMore) {
  EXPECT_GT(tell({"--trial", "1", "--all"}).out.size(), tell({"--trial", "1"}).out.size());
}

TEST_F(Narrate, GoesBackFromAnEventToItsCauses) {
  const Ended ended = tell({"--trial", "1", "--why", "protest_begins:port"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("the port: protest begins"));
  EXPECT_EQ(tell({"--trial", "1", "--why", "0"}).code, 0);
}

TEST_F(Narrate, RefusesWhatIsNotThere) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"--trial", "8"}, "from 0 to 7"},
      {{"--trial", "-1"}, "from 0 to 7"},
      {{}, "--trial K"},
      {{"--trial", "1", "--why", "protest_begin"}, "protest_begins"},
      {{"--trial", "1", "--why", "protest_begins:prot"}, "--why"},
      {{"--trial", "1", "--why", "99999"}, "--why"},
      {{"--trial", "1", "--why", ""}, "why"},
      {{"--trial", "1", "--seed", "2"}, "holds its own"},
      {{"--trial", "1", "--hypothesis", "quiet_line"}, "holds its own"}};
  for (const auto& [words, message] : wrong) {
    const Ended ended = tell(words);
    EXPECT_EQ(ended.code, 2) << message;
    EXPECT_THAT(ended.err, HasSubstr(message));
    EXPECT_THAT(ended.out, IsEmpty());
  }
}

TEST_F(Narrate, OfACaseNeedsSeedAndHypothesis) {
  const Ended no_seed = qantar({"narrate", small_case(), "--trial", "0"});
  EXPECT_EQ(no_seed.code, 2);
  EXPECT_THAT(no_seed.err, HasSubstr("--seed"));
  const Ended no_hypothesis = qantar({"narrate", small_case(), "--trial", "0", "--seed", "1"});
  EXPECT_EQ(no_hypothesis.code, 2);
  EXPECT_THAT(no_hypothesis.err, HasSubstr("quiet_line, strong_pull"));
}

}  // namespace
}  // namespace qantar::testing
