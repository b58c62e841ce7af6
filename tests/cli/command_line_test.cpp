// The command line as such: help, slips of the pen, numbers that are none.
#include <boost/algorithm/string/split.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

/// Every command that people call, verbs of two words too.
std::vector<std::string> commands() {
  std::vector<std::string> names;
  for (const auto& command : cli::described_commands()) names.push_back(command.name);
  return names;
}

TEST(CommandLine, HelpOfTheProgramNamesEveryCommand) {
  const Ended help = qantar({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const auto& command : commands())
    EXPECT_THAT(help.out, HasSubstr("\n  " + command.substr(0, command.find(' ')) + " "));
  EXPECT_THAT(help.err, IsEmpty());
}

TEST(CommandLine, EveryCommandExplainsItselfWithAnExample) {
  for (const auto& command : commands()) {
    std::vector<std::string> words;
    boost::split(words, command, [](char c) { return c == ' '; });
    words.push_back("--help");
    const Ended help = qantar(words);
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_THAT(help.out, AllOf(StartsWith("usage: qantar " + command), HasSubstr("Example:\n  qantar " + command)));
    EXPECT_THAT(help.err, IsEmpty());
  }
}

TEST(CommandLine, VersionNamesTheProgram) { EXPECT_THAT(qantar({"--version"}).out, StartsWith("qantar 0.")); }

TEST(CommandLine, WithoutACommandHelpGoesToTheErrors) {
  const Ended ended = qantar({});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err, HasSubstr("usage: qantar COMMAND"));
}

/// A command line and a piece of what is said about it.
struct Wrong {
  std::vector<std::string> words;
  std::string message;
};

TEST(CommandLine, SlipsAreNamedWithTheNearestKnown) {
  const std::string file = "/nowhere/r.h5", here = small_case();
  const std::vector<Wrong> all{
      {{"chekc"}, "did you mean \"check\"?"},
      {{"--versoin"}, "did you mean \"--version\"?"},
      {{"run", here, "-o", file, "--trails", "5"}, "did you mean \"--trials\"?"},
      {{"run", here, "-o", file, "--tri", "5"}, "unknown option --tri"},
      {{"run", here}, "-o FILE"},
      {{"run", "-o", file}, "CASE is missing"},
      {{"run", here, "another", "-o", file}, "a word too many"},
      {{"run", here, "-o"}, "argument"},
      {{"run", here, "-o", file, "--seed", "1", "--seed", "2"}, "more than once"},
      {{"run", here, "-o", file, "--hypothesis", "quiet_lien"}, "did you mean \"quiet_line\"?"},
      {{"run", here, "-o", file, "--hypothesis", "xyz"}, "it has: quiet_line, strong_pull"},
      {{"run", here, "-o", file, "--hypothesis", "quiet_line,strong_pul"}, "did you mean \"strong_pull\"?"},
      {{"run", here, "-o", file, "--hypothesis", "quiet_line,quiet_line"}, "\"quiet_line\" is given twice"},
      {{"run", here, "-o", file, "--hypothesis", "quiet_line", "--hypothesis", "quiet_line"}, "is given twice"},
      {{"run", here, "-o", file, "--hypothesis", "quiet_line,"}, "lacks a name"},
      {{"run", here, "-o", file, "--hypothesis", "quiet_line,all"}, "\"all\" stands alone"},
      {{"check"}, "CASE is missing"},
      {{"verify"}, "FILE is missing"},
      {{"verify", file, "--replay", "some"}, "--replay: \"some\" is not a whole number"},
      {{"schema", "clams"}, "did you mean \"claims\"?"},
      {{"parameters", here, here}, "a word too many"},
  };
  for (const auto& wrong : all) {
    const Ended ended = qantar(wrong.words);
    EXPECT_EQ(ended.code, 2) << wrong.message;
    EXPECT_THAT(ended.err, AllOf(HasSubstr(wrong.message), HasSubstr("--help")));
    EXPECT_THAT(ended.out, IsEmpty());
  }
}

TEST(CommandLine, NumbersThatAreNoneAreRefused) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> wrong{
      {"--trials", {"0", "-5", "1000000001", "ten", "1e3", "5x", "", "99999999999999999999"}},
      {"--seed", {"-1", "18446744073709551616", "0x10"}},
      {"--threads", {"-1", "5000", "two"}},
      {"--keep-series", {"-1", "some"}}};
  const Folder folder;
  for (const auto& [option, values] : wrong)
    for (const auto& value : values) {
      const Ended ended = qantar({"run", small_case(), "-o", (folder / "r.h5").string(), option, value});
      EXPECT_EQ(ended.code, 2) << option << " " << value;
      EXPECT_THAT(ended.err, HasSubstr(option));
    }
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(CommandLine, SchemasAreJson) {
  EXPECT_EQ(nlohmann::json::parse(qantar({"schema"}).out), nlohmann::json::parse(qantar({"schema", "case"}).out));
  for (const char* kind : {"case", "hypothesis", "alternative", "whatif", "evidence", "claims"}) {
    const Ended ended = qantar({"schema", kind});
    EXPECT_EQ(ended.code, 0);
    EXPECT_TRUE(nlohmann::json::parse(ended.out).contains("properties")) << kind;
  }
}

// Every shipped file, before a validator that is not ours.
TEST(CommandLine, SchemasAcceptEveryShippedFileAndFindSlips) {
  const Ended ended =
      Running("/usr/bin/python3", {source("tests/cli/schemas.py").string(), QANTAR_PROGRAM, QANTAR_SOURCE_DIR})
          .finish();
  if (ended.code == 77 || ended.code == 127) GTEST_SKIP() << ended.err;
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
}

TEST(CommandLine, ParametersAreATableOrJson) {
  const Ended text = qantar({"parameters"});
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, AllOf(StartsWith("name"), HasSubstr("\nthreshold ")));
  const auto json = nlohmann::json::parse(qantar({"parameters", small_case(), "--json"}).out).at("parameters");
  const auto find = [&](const std::string& name) {
    for (const auto& p : json)
      if (p.at("name") == name) return p.at("values");
    return nlohmann::json();
  };
  EXPECT_EQ(find("threshold"), nlohmann::json({{"all", "0.09"}}));
  EXPECT_EQ(find("social_pull").size(), 2U);
  EXPECT_EQ(find("social_pull").at("strong_pull"), "lognormal(0.07, 0.2)");
}

TEST(CommandLine, CheckSaysWhatACaseHolds) {
  const Ended ended = qantar({"check", source("configs/january_2022").string(), small_case()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(
      ended.out,
      AllOf(HasSubstr("january_2022: 13 hypotheses, 8 alternatives, 19 places"),
            HasSubstr("small_case: 2 hypotheses, 2 places, 4 sites, 3 offices, 3 units, 2 what-ifs, 2 documented "
                      "events, 1 claim, no problems")));
}

TEST(CommandLine, AResolvedHypothesisIsACaseThatResolvesToItself) {
  const std::string resolved = qantar({"check", small_case(), "--resolved"}).out;
  const auto second = resolved.find("# hypothesis: strong_pull\n");
  ASSERT_NE(second, std::string::npos);
  const CaseCopy copy;
  fs::remove_all(copy / "hypotheses");
  write_file(copy / "case.toml", resolved.substr(second));
  const Ended again = qantar({"check", copy.path(), "--resolved"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(again.out.substr(again.out.find('\n')), resolved.substr(resolved.find('\n', second)));
}

}  // namespace
}  // namespace qantar::testing
