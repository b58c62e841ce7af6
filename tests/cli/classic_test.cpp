// A case of a classic model goes through the same commands as a crisis.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/results/result_file.hpp"
#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> classic_cases() {
  std::vector<std::string> folders;
  for (const auto& entry : fs::directory_iterator(source("configs/classic"))) folders.push_back(entry.path().string());
  return folders;
}

const std::string civil_violence = source("configs/classic/civil_violence").string();

TEST(Classic, ShippedCasesAreChecked) {
  std::vector<std::string> words{"check"};
  for (const auto& folder : classic_cases()) words.push_back(folder);
  const Ended ended = qantar(words);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("civil_violence_groups: "), HasSubstr(" ticks, no problems")));
}

TEST(Classic, RunsTheSameOnAnyNumberOfThreadsAndIsVerified) {
  const Folder folder;
  std::vector<std::string> digests;
  for (const std::string threads : {"1", "3"}) {
    const std::string file = (folder / (threads + ".h5")).string();
    const Ended ended = qantar({"run", civil_violence, "-n", "3", "--set", "clock.ticks=60", "-o", file, "--threads",
                                threads, "--quiet", "--hypothesis", "all"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.out, AllOf(HasSubstr("outbursts"), HasSubstr("literal"), Not(HasSubstr("Jan"))));
    digests.push_back(sim::ResultReader(file).content_digest());
    const Ended verified = qantar({"verify", file, "--replay", "4"});
    EXPECT_EQ(verified.code, 0) << verified.out;
    EXPECT_THAT(verified.out, HasSubstr("4 trials replayed"));
  }
  EXPECT_EQ(digests[0], digests[1]);
}

TEST(Classic, SetsAnyNumberAndRefusesWrongOnes) {
  const Folder folder;
  const std::string file = (folder / "r.h5").string();
  const Ended good = qantar({"run", civil_violence, "-n", "2", "--set", "clock.ticks=20", "--set", "max_jail=inf",
                             "--set", "legitimacy=0.3", "--hypothesis", "floor", "-o", file, "--quiet"});
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_THAT(sim::ResultReader(file).variable("parameter_legitimacy"), ElementsAre(0.3, 0.3));
  const Ended bad = qantar({"run", civil_violence, "-o", (folder / "x.h5").string(), "--set", "legitimcy=0.3"});
  EXPECT_EQ(bad.code, 3);
  EXPECT_THAT(bad.err, HasSubstr("did you mean \"legitimacy\"?"));
}

TEST(Classic, SetsAnyWord) {
  const Folder folder;
  const auto run = [&](const std::string& name, const std::string& assignment) {
    const std::string file = (folder / name).string();
    const Ended ended = qantar({"run", civil_violence, "-n", "1", "--set", "clock.ticks=20", "--set", assignment,
                                "--hypothesis", "floor", "-o", file, "--quiet"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.code == 0 ? sim::ResultReader(file).run().configuration : "";
  };
  const auto bare = run("a.h5", "ratio=round");
  EXPECT_THAT(bare, HasSubstr("ratio = \"round\""));
  EXPECT_EQ(bare, run("b.h5", "ratio=\"round\""));
  const auto wrong = [&](const std::string& assignment, const std::string& message) {
    const Ended ended = qantar({"run", civil_violence, "-o", (folder / "x.h5").string(), "--set", assignment});
    EXPECT_EQ(ended.code, 3);
    EXPECT_THAT(ended.err, HasSubstr(message));
  };
  wrong("ratio=rund", "did you mean \"round\"?");
  wrong("legitimacy=high", "\"high\"");
  wrong("ratio=round up", "--set 'ratio=\"round up\"'");
}

TEST(Classic, SaysPlainlyWhatDoesNotApply) {
  const Folder folder;
  const std::string file = (folder / "r.h5").string();
  ASSERT_EQ(qantar({"run", civil_violence, "-n", "1", "--set", "clock.ticks=5", "-o", file, "--quiet"}).code, 0);
  for (const auto& [words, message] :
       {std::pair<std::vector<std::string>, std::string>{{"narrate", file, "--trial", "0"}, "keeps no log of events"},
        {{"narrate", civil_violence, "--trial", "0", "--seed", "1", "--hypothesis", "floor"}, "keeps no log of events"},
        {{"compare", file}, "without evidence.toml"}}) {
    const Ended ended = qantar(words);
    EXPECT_EQ(ended.code, 2) << words[0];
    EXPECT_THAT(ended.err, HasSubstr(message));
    EXPECT_THAT(ended.out, IsEmpty());
  }
}

TEST(Classic, IsAdjudicatedByARecordOfItsOwn) {
  const Folder folder;
  const std::string own = (folder / "regime").string();
  fs::copy(source("configs/classic/global_game"), own, fs::copy_options::recursive);
  write_file(
      folder / "regime/evidence.toml",
      "schema = 1\n[[events]]\nid = \"fall\"\ntitle = \"The regime falls\"\ndate = 2000-01-01\nuse = \"scored\"\n"
      "grade = \"A\"\nfamilies = [\"L\"]\nsources = [\"a text\"]\nmeasure = \"occurs\"\nobservable = \"fell\"\n"
      "weight = 1\nkey = true\n");
  const Ended ended = qantar(
      {"adjudicate", own, "--trials", "100", "--seed", "1", "-o", (folder / "v.h5").string(), "--quiet", "--json"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(nlohmann::json::parse(ended.out).at("switches"), IsEmpty());
}

TEST(Classic, ParametersAndSchemaKnowTheModel) {
  for (const auto& folder : classic_cases()) {
    const auto keys = nlohmann::json::parse(qantar({"parameters", folder, "--json"}).out).at("parameters");
    EXPECT_THAT(keys, Not(IsEmpty())) << folder;
    for (const auto& key : keys) EXPECT_FALSE(key.at("text").empty() || key.at("values").empty()) << folder << key;
  }
  const Ended parameters = qantar({"parameters", civil_violence});
  EXPECT_EQ(parameters.code, 0) << parameters.err;
  EXPECT_THAT(parameters.out, AllOf(HasSubstr("fear_constant"), HasSubstr("\"floor\""), Not(HasSubstr("social_pull"))));
  const Ended schema = qantar({"schema", "civil_violence"});
  EXPECT_EQ(schema.code, 0);
  const auto parsed = nlohmann::json::parse(schema.out);
  EXPECT_TRUE(parsed.at("properties").at("parameters").at("properties").contains("legitimacy"));
}

}  // namespace
}  // namespace qantar::testing
