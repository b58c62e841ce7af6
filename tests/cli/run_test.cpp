// What a run leaves behind: one file with every hypothesis, the same numbers on any number of threads, or nothing.
#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/results/result_file.hpp"
#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Le;

using Json = nlohmann::json;

/// A run of the small case that must succeed, as its JSON.
Json run(const fs::path& file, std::vector<std::string> more, const std::string& folder = small_case()) {
  std::vector<std::string> words{"run", folder, "-o", file.string(), "--json", "--quiet"};
  words.insert(words.end(), more.begin(), more.end());
  const Ended ended = qantar(words);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, IsEmpty());
  return ended.code == 0 ? Json::parse(ended.out) : Json();
}

TEST(Run, PutsEveryHypothesisIntoOneFileOneAfterTheOther) {
  const Folder folder;
  const Json said = run(folder / "r.h5", {"-n", "3", "--seed", "7", "--keep-series", "1"});
  const sim::ResultReader result(folder / "r.h5");
  EXPECT_EQ(result.trials(), 6);
  EXPECT_THAT(result.hypothesis(), ElementsAre(0, 0, 0, 1, 1, 1));
  EXPECT_THAT(result.kept_trials(), ElementsAre(0, 3));
  for (std::int64_t i = 0; i < 6; ++i)
    EXPECT_EQ(result.record(i).key, (sim::TrialKey{7, 0, static_cast<std::uint32_t>(i % 3)}));
  EXPECT_EQ(result.run().case_name, "small_case");
  EXPECT_EQ(result.run().hypotheses[1].name, "strong_pull");
  EXPECT_EQ(result.run().hypotheses[1].title, "Neighbours pulled each other out");
  EXPECT_EQ(result.run().evidence_sha256, sim::sha256(text_of(source("tests/support/small_case/evidence.toml"))));
  EXPECT_EQ(result.run().input_files.size(), 7U);
  EXPECT_EQ(said.at("content_digest"), result.content_digest());
  EXPECT_EQ(said.at("trials"), Json({{"total", 6}, {"ok", 6}, {"failed", 0}}));
  EXPECT_EQ(said.at("hypotheses").size(), 2U);
}

TEST(Run, GivesTheSameContentOnAnyNumberOfThreads) {
  const Folder folder;
  std::vector<std::string> digests;
  for (const std::string threads : {"1", "2", "3"})
    digests.push_back(run(folder / (threads + ".h5"), {"-n", "10", "--threads", threads}).at("content_digest"));
  EXPECT_THAT(digests, ElementsAre(digests[0], digests[0], digests[0]));
  EXPECT_NE(run(folder / "other.h5", {"-n", "10", "--seed", "2"}).at("content_digest"), digests[0]);
}

TEST(Run, GivesOneHypothesisTheSameTrialsAloneAndAmongOthers) {
  const Folder folder;
  run(folder / "all.h5", {"-n", "4"});
  run(folder / "one.h5", {"-n", "4", "--hypothesis", "strong_pull"});
  const sim::ResultReader all(folder / "all.h5"), one(folder / "one.h5");
  ASSERT_EQ(one.trials(), 4);
  for (std::int64_t i = 0; i < 4; ++i) {
    EXPECT_THAT(one.record(i).outcomes,
                ::testing::Pointwise(::testing::NanSensitiveDoubleEq(), all.record(4 + i).outcomes));
    EXPECT_EQ(one.record(i).parameters, all.record(4 + i).parameters);
  }
}

TEST(Run, TakesAListOfHypotheses) {
  const Folder folder;
  const std::string third = (folder / "case").string();
  fs::copy(small_case(), third, fs::copy_options::recursive);
  fs::copy(third + "/hypotheses/quiet_line.toml", third + "/hypotheses/another.toml");
  const auto whole = run(folder / "whole.h5", {"-n", "2"}, third).at("content_digest");
  std::vector<std::string> digests;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--hypothesis", "another,strong_pull"},
                                                {"--hypothesis", "strong_pull,another"},
                                                {"--hypothesis", "strong_pull", "--hypothesis", "another"}}) {
    const auto file = folder / std::to_string(digests.size());
    auto more = words;
    more.insert(more.end(), {"-n", "2"});
    digests.push_back(run(file, more, third).at("content_digest"));
    const sim::ResultReader result(file);
    ASSERT_EQ(result.run().hypotheses.size(), 2U);
    EXPECT_EQ(result.run().hypotheses[0].name, "another");
    EXPECT_EQ(result.run().hypotheses[1].name, "strong_pull");
  }
  EXPECT_THAT(digests, ElementsAre(digests[0], digests[0], digests[0]));
  EXPECT_NE(digests[0], whole);
}

TEST(Run, SummarisesWhatIsInTheFile) {
  const Folder folder;
  const Json said = run(folder / "r.h5", {"-n", "25", "--hypothesis", "quiet_line"});
  const Json& outcomes = said.at("hypotheses").at(0).at("outcomes");
  const auto flags = sim::ResultReader(folder / "r.h5").variable("president_prevails");
  const double share = std::accumulate(flags.begin(), flags.end(), 0.0) / 25;
  EXPECT_DOUBLE_EQ(outcomes.at("president_prevails").at("share"), share);
  EXPECT_LE(outcomes.at("president_prevails").at("low"), share);
  EXPECT_GE(outcomes.at("president_prevails").at("high"), share);
  EXPECT_LE(outcomes.at("peak_participants").at("q05"), outcomes.at("peak_participants").at("median"));
  EXPECT_TRUE(outcomes.at("protest_began").contains("share"));
}

TEST(Run, PrintsATablePerHypothesisAndTheDigest) {
  const Folder folder;
  const Ended ended = qantar({"run", small_case(), "-n", "2", "-o", (folder / "r.h5").string()});
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("Unrest in a small port"), HasSubstr("quiet_line"), HasSubstr("strong_pull"),
                    HasSubstr("president_prevails"), HasSubstr(sim::ResultReader(folder / "r.h5").content_digest()),
                    HasSubstr("4 ok, 0 failed")));
  EXPECT_THAT(ended.err, IsEmpty());
}

TEST(Run, KeepsSeriesAsAskedFor) {
  const Folder folder;
  run(folder / "none.h5", {"-n", "3", "--keep-series", "none"});
  run(folder / "all.h5", {"-n", "3", "--keep-series", "all"});
  EXPECT_THAT(sim::ResultReader(folder / "none.h5").kept_trials(), IsEmpty());
  EXPECT_EQ(sim::ResultReader(folder / "all.h5").kept_trials().size(), 6U);
}

TEST(Run, LaysOverridesOverEveryHypothesis) {
  const Folder folder;
  run(folder / "r.h5", {"-n", "1", "--set", "threshold=0.2", "--set", "places.port.population=1000"});
  const sim::ResultReader result(folder / "r.h5");
  EXPECT_THAT(result.variable("parameter_threshold"), ElementsAre(0.2, 0.2));
  EXPECT_THAT(result.run().overrides, ElementsAre("threshold=0.2", "places.port.population=1000"));
  EXPECT_EQ(qantar({"verify", (folder / "r.h5").string()}).code, 0);
}

TEST(Run, WithoutHypothesesTheCaseItselfIsRun) {
  const CaseCopy copy;
  for (const char* optional : {"hypotheses", "evidence.toml", "claims.toml"}) fs::remove_all(copy / optional);
  const Folder folder;
  EXPECT_EQ(run(folder / "r.h5", {"-n", "2"}, copy.path()).at("hypotheses").at(0).at("name"), "case");
  EXPECT_EQ(qantar({"verify", (folder / "r.h5").string()}).code, 0);
}

TEST(Run, RunsTheRealCase) {
  const Folder folder;
  const Json said = run(folder / "r.h5", {"-n", "1"}, source("configs/january_2022").string());
  EXPECT_EQ(said.at("trials").at("ok"), 13);
  EXPECT_EQ(qantar({"verify", (folder / "r.h5").string(), "--replay", "13"}).code, 0);
}

TEST(Run, CountsAndNamesTheTrialsThatFail) {
  const Folder folder;
  const std::string file = (folder / "r.h5").string();
  const Ended ended =
      qantar({"run", source("configs/classic/civil_violence").string(), "-n", "4", "-o", file, "--hypothesis", "floor",
              "--json", "--set", "clock.ticks=2", "--set", "parameters.agent_density={ uniform = [0.8, 0.99] }",
              "--set", "parameters.cop_density=0.1"});
  EXPECT_EQ(ended.code, 4) << ended.err;
  EXPECT_THAT(ended.err, AllOf(HasSubstr("of 4 trials failed"), HasSubstr("making the world: "),
                               HasSubstr("citizens and 160 cops do not fit on 1600 cells")));
  const auto status = sim::ResultReader(file).status();
  const auto failed = std::ranges::count(status, 1);
  EXPECT_THAT(failed, AllOf(Ge(1), Le(3)));
  EXPECT_EQ(Json::parse(ended.out).at("trials"), Json({{"total", 4}, {"ok", 4 - failed}, {"failed", failed}}));
}

// Each world needs more memory than the program gets.
TEST(Run, TooLittleMemoryIsNoOutcome) {
#if defined(QANTAR_SANITIZED)
  GTEST_SKIP() << "sanitizers need the memory themselves";
#endif
  const Folder folder;
  const std::string file = (folder / "r.h5").string();
  const auto with_200_mb = [&](const std::string& command, const std::string& threads) {
    return Running("/bin/sh", {"-c", "ulimit -v 200000 && exec \"$@\"", "sh", QANTAR_PROGRAM, command, small_case(),
                               command == "run" ? "-n" : "--trials", "100", "-o", file, "--threads", threads, "--set",
                               "case.persons_per_agent=1", "--set", "case.mobilisable_share=1", "--set",
                               "places.port.population=14000000"})
        .finish();
  };
  for (const char* command : {"run", "adjudicate"}) {
    const Ended ended = with_200_mb(command, "1");
    EXPECT_EQ(ended.code, 3) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(std::string("qantar ") + command + ": the memory does not suffice"));
    EXPECT_FALSE(fs::exists(file));
    const Ended many = with_200_mb(command, "200");
    EXPECT_EQ(many.code, 2) << many.err;
    EXPECT_THAT(many.err, HasSubstr("--threads 200: their stacks alone would fill the memory"));
  }
}

class Interrupted : public ::testing::TestWithParam<int> {};

TEST_P(Interrupted, LeavesNothingAndSaysHowToGoOn) {
  const Folder folder;
  Running program(QANTAR_PROGRAM, {"run", small_case(), "-n", "1000000", "-o", (folder / "r.h5").string()});
  while (folder.names().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  program.send(GetParam());
  const Ended ended = program.finish();
  EXPECT_EQ(ended.code, 75);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("interrupted after"), HasSubstr("run " + small_case() + " -n 1000000")));
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(folder.names(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Signals, Interrupted, ::testing::Values(SIGINT, SIGTERM, SIGHUP));

TEST(Run, GoesOnWhenToldToIgnoreTheEndOfItsTerminal) {
  const Folder folder;
  Running program("/bin/sh", {"-c", "trap '' HUP; exec \"$@\"", "sh", QANTAR_PROGRAM, "run", small_case(), "-n",
                              "1000000", "-o", (folder / "r.h5").string()});
  while (folder.names().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  program.send(SIGHUP);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_THAT(folder.names(), ::testing::SizeIs(1));
  program.send(SIGTERM);
  EXPECT_EQ(program.finish().code, 75);
  EXPECT_THAT(folder.names(), IsEmpty());
}

// Whenever the signal comes: a whole file or none.
TEST(Run, IsNeverHalfDone) {
  for (int delay = 0; delay < 200; delay += 20) {
    const Folder folder;
    Running program(QANTAR_PROGRAM, {"run", small_case(), "-n", "20", "-o", (folder / "r.h5").string()});
    std::this_thread::sleep_for(std::chrono::milliseconds(delay));
    program.send(SIGINT);
    const int code = program.finish().code;
    // The last: before there was anything to stop, or when the file was done and its summary was being printed.
    EXPECT_THAT(code, ::testing::AnyOf(0, 75, 128 + SIGINT));
    if (code == 0 || (code != 75 && !folder.names().empty())) {
      EXPECT_THAT(folder.names(), ElementsAre("r.h5"));
      EXPECT_EQ(qantar({"verify", (folder / "r.h5").string()}).code, 0);
    } else {
      EXPECT_THAT(folder.names(), IsEmpty());
    }
  }
}

// netCDF4, xarray and ncdump see what HDF5 sees.
TEST(Run, WritesAFileForEveryReader) {
  const Folder folder;
  run(folder / "r.h5", {"-n", "2"});
  const Ended ended =
      Running("/usr/bin/python3", {source("tests/cli/readers.py").string(), (folder / "r.h5").string()}).finish();
  if (ended.code == 77 || ended.code == 127) GTEST_SKIP() << ended.err;
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
}

}  // namespace
}  // namespace qantar::testing
