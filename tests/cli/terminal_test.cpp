// The program at a terminal: tables that fit, no colours, completions, the manual page, JSON from everything that
// summarises, and doctor.
#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

using Json = nlohmann::json;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool there_is(const std::string& program) { return Running("sh", {"-c", "command -v " + program}).finish().code == 0; }

/// The same two results for all tests here.
class Terminal : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    const Ended run = qantar({"run", small_case(), "-n", "100", "-o", file()});
    ASSERT_EQ(run.code, 0) << run.err;
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string file() { return (*folder_ / "r.h5").string(); }

  /// What a command shows on a terminal of 80 columns.
  static std::vector<std::string> on_screen(const std::string& arguments) {
    const Ended ended =
        Running("script", {"-qec", "stty cols 80; " QANTAR_PROGRAM " " + arguments, "/dev/null"}).finish();
    EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
    return lines_of(ended.out);
  }

 private:
  static inline Folder* folder_ = nullptr;
};

/// A row of a table: cells with two blanks between.
bool is_row(const std::string& line) { return line.find("  ") != std::string::npos; }

TEST_F(Terminal, TablesFitAScreen) {
  if (!there_is("script")) GTEST_SKIP() << "script(1) is not installed";
  for (const std::string& command :
       {"compare " + file(), "whatif " + file() + " --prior --do threshold=0.3", "parameters " + small_case(),
        std::string("observables"), "check " + small_case() + " --trials 10 --threads 1", std::string("doctor")}) {
    std::size_t rows = 0;
    for (const auto& line : on_screen(command))
      if (is_row(line)) {
        ++rows;
        EXPECT_LE(characters(line), 80U) << command << ": " << line;
      }
    EXPECT_GE(rows, 5U) << command;
  }
}

TEST_F(Terminal, APipeGetsTablesAsWideAsTheyAre) {
  const auto piped = lines_of(qantar({"parameters", small_case()}).out);
  EXPECT_GT(characters(piped.front()), 100U);
  EXPECT_EQ(piped, lines_of(Running("env", {"COLUMNS=40", QANTAR_PROGRAM, "parameters", small_case()}).finish().out));
  if (!there_is("script")) GTEST_SKIP() << "script(1) is not installed";
  const auto screen = on_screen("parameters " + small_case());
  EXPECT_GT(screen.size(), piped.size());
  const Json all = Json::parse(qantar({"parameters", "--json"}).out);
  for (const auto& p : all.at("parameters"))
    EXPECT_THAT(screen, ::testing::Contains(StartsWith(p.at("name").get<std::string>())));
}

TEST_F(Terminal, NothingIsColoured) {
  if (!there_is("script")) GTEST_SKIP() << "script(1) is not installed";
  for (const auto& line : on_screen("run " + small_case() + " -n 20 --force -o " + file() + "2 2>/dev/null"))
    EXPECT_THAT(line, Not(HasSubstr("\033")));
  const Ended failing = Running("script", {"-qec", QANTAR_PROGRAM " run /nowhere -o " + file(), "/dev/null"}).finish();
  EXPECT_THAT(failing.out, AllOf(HasSubstr("no such case folder"), Not(HasSubstr("\033"))));
}

TEST_F(Terminal, EverySummaryIsAlsoOneJsonObject) {
  const auto json = [](const std::vector<std::string>& words) {
    const Ended ended = qantar(words);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return Json::parse(ended.out);
  };
  const Json checked = json({"check", small_case(), source("configs/classic/thresholds").string(), "--json"});
  EXPECT_THAT(checked.at("problems"), IsEmpty());
  ASSERT_EQ(checked.at("cases").size(), 2U);
  EXPECT_EQ(checked.at("cases")[0].at("hypotheses"), Json({"quiet_line", "strong_pull"}));
  EXPECT_EQ(checked.at("cases")[0].at("holds").at("site"), 4);

  const Json told = json({"narrate", file(), "--trial", "3", "--json"});
  EXPECT_EQ(told.at("hypothesis"), "quiet_line");
  const std::string text = qantar({"narrate", file(), "--trial", "3"}).out;
  EXPECT_THAT(text, HasSubstr(told.at("text").get<std::string>()));
  ASSERT_FALSE(told.at("events").empty());
  for (std::size_t i = 0; i < told.at("events").size(); ++i) {
    const Json& event = told.at("events")[i];
    EXPECT_EQ(event.at("number"), i);
    for (const auto& cause : event.at("causes")) EXPECT_LT(cause, i);
  }

  const Json verified = json({"verify", file(), "--json"});
  EXPECT_EQ(verified.at("whole"), true);
  EXPECT_EQ(verified.at("replayed"), 5);
  EXPECT_EQ(verified.at("content_digest").get<std::string>().size(), 64U);

  const Json reported = json({"observables", "--json"});
  EXPECT_THAT(reported.at("outcomes"), SizeIs(::testing::Gt(50)));
  EXPECT_TRUE(reported.at("series")[0].contains("text"));
  EXPECT_EQ(qantar({"observables", "--json", "--markdown"}).code, 2);
}

TEST_F(Terminal, ProblemsAreJsonWithTheirPlaces) {
  const CaseCopy copy;
  copy.replace("case.toml", "strength", "strenght");
  const Ended ended = qantar({"check", copy.path(), "--json"});
  EXPECT_EQ(ended.code, 3);
  const Json problems = Json::parse(ended.out).at("problems");
  ASSERT_FALSE(problems.empty());
  EXPECT_EQ(problems[0].at("file"), (copy / "case.toml").string());
  EXPECT_GT(problems[0].at("line"), 1);
  EXPECT_THAT(problems[0].at("key").get<std::string>(), HasSubstr("strenght"));
  EXPECT_THAT(problems[0].at("message").get<std::string>(), HasSubstr("strength"));
}

TEST_F(Terminal, DamageIsJsonToo) {
  std::string bytes = text_of(file());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x20);
  const Folder folder;
  write_file(folder / "r.h5", bytes);
  const Ended ended = qantar({"verify", (folder / "r.h5").string(), "--json"});
  EXPECT_EQ(ended.code, 5);
  const Json found = Json::parse(ended.out);
  EXPECT_EQ(found.at("whole"), false);
  EXPECT_FALSE(found.at("damages").empty());
}

// ---- What is generated from the definitions of the options ---------------------------------------------------------

/// The commands that the help lists.
std::vector<std::string> listed_commands() {
  std::vector<std::string> out;
  bool inside = false;
  for (const auto& line : lines_of(qantar({"--help"}).out)) {
    if (line == "Commands:") inside = true;
    if (inside && line.empty()) break;
    if (inside && line.starts_with("  ")) out.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return out;
}

/// What bash offers after these words, the last of which is being typed.
std::vector<std::string> offered(const std::vector<std::string>& words) {
  const std::string program =
      "source <(" QANTAR_PROGRAM
      " completions bash); cd \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _qantar 2>/dev/null; "
      "printf '%s\\n' \"${COMPREPLY[@]}\"";
  std::vector<std::string> arguments{"-uc", program, QANTAR_SOURCE_DIR};
  arguments.insert(arguments.end(), words.begin(), words.end());
  const Ended ended = Running("bash", arguments).finish();
  EXPECT_THAT(ended.err, IsEmpty());
  auto out = lines_of(ended.out);
  std::erase(out, "");
  return out;
}

TEST(Completions, OfferWhatThereIs) {
  EXPECT_THAT(offered({"qantar", ""}), IsSupersetOf(listed_commands()));
  EXPECT_THAT(offered({"qantar", "comp"}), ::testing::ElementsAre("compare"));
  EXPECT_THAT(offered({"qantar", "sweep", ""}), IsSupersetOf({"plan", "run", "submit", "status", "merge"}));
  EXPECT_THAT(offered({"qantar", "run", "--h"}), ::testing::UnorderedElementsAre("--hypothesis", "--help"));
  EXPECT_THAT(offered({"qantar", "sweep", "run", "d", "--sh"}), ::testing::ElementsAre("--shard"));
  EXPECT_THAT(offered({"qantar", "export", "f", "--table", ""}),
              ::testing::UnorderedElementsAre("outcomes", "events", "series"));
  EXPECT_THAT(offered({"qantar", "check", "configs/b"}), ::testing::ElementsAre("configs/belarus_2020"));
  EXPECT_THAT(offered({"qantar", "verify", "READ"}), ::testing::ElementsAre("README.md"));
  EXPECT_THAT(offered({"qantar", "run", "configs/january_2022", "-o", "CHANGE"}),
              ::testing::ElementsAre("CHANGELOG.md"));
  EXPECT_THAT(offered({"qantar", "run", "configs/january_2022", "--seed", ""}), IsEmpty());
}

TEST(Completions, OfferEveryOptionOfEveryHelp) {
  for (const auto& command : listed_commands()) {
    std::vector<std::vector<std::string>> calls{{command}};
    if (command == "sweep")
      calls = {{command, "plan"}, {command, "run"}, {command, "submit"}, {command, "status"}, {command, "merge"}};
    for (auto call : calls) {
      auto help = call, typed = call;
      help.push_back("--help");
      typed.insert(typed.begin(), "qantar");
      typed.push_back("--");
      const auto all = offered(typed);
      EXPECT_THAT(all, Not(IsEmpty()));
      const std::string text = qantar(help).out;
      for (const auto& option : all) EXPECT_THAT(text, HasSubstr(option)) << call.back();
    }
  }
}

TEST(Completions, AreZsh) {
  const Ended written = qantar({"completions", "zsh"});
  EXPECT_THAT(written.out,
              AllOf(StartsWith("#compdef qantar"), HasSubstr("'sweep merge')"), HasSubstr("--keep-series")));
  if (!there_is("zsh")) GTEST_SKIP() << "zsh is not installed";
  const Folder folder;
  write_file(folder / "_qantar", written.out);
  const Ended ended = Running("zsh", {"-fn", (folder / "_qantar").string()}).finish();
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, IsEmpty());
  EXPECT_EQ(qantar({"completions", "fish"}).code, 2);
}

TEST(Manual, IsAPageWithEveryCommandAndOption) {
  const Ended page = qantar({"man"});
  EXPECT_EQ(page.code, 0);
  for (const auto& command : listed_commands()) EXPECT_THAT(page.out, HasSubstr("\n.SS " + command)) << command;
  for (const char* option : {"\\-\\-keep\\-series", "\\-o, \\-\\-output", "\\-\\-shard"})
    EXPECT_THAT(page.out, HasSubstr(std::string("\n.B ") + option));
  const Folder folder;
  const std::string file = (folder / "qantar.1").string();
  write_file(file, page.out);
  if (!there_is("mandoc")) GTEST_SKIP() << "mandoc is not installed";
  const Ended ended = Running("mandoc", {"-T", "lint", "-W", "warning", file}).finish();
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_THAT(Running("mandoc", {"-T", "html", file}).finish().out, HasSubstr("/usr/share/qantar/configs"));
}

TEST(Manual, HasTheDateOfTheSources) {
  const Ended page = Running("env", {"SOURCE_DATE_EPOCH=1641394800", QANTAR_PROGRAM, "man"}).finish();
  EXPECT_THAT(page.out, StartsWith(".TH QANTAR 1 \"2022-01-05\""));
}

// ---- doctor --------------------------------------------------------------------------------------------------------

TEST(Doctor, FindsNothingWrongHere) {
  const Ended ended = qantar({"doctor", "--json"});
  ASSERT_EQ(ended.code, 0) << ended.out << ended.err;
  const Json said = Json::parse(ended.out);
  EXPECT_EQ(said.at("good"), true);
  std::vector<std::string> names;
  for (const auto& finding : said.at("findings")) {
    names.push_back(finding.at("name"));
    EXPECT_EQ(finding.at("problem"), "") << names.back();
    EXPECT_NE(finding.at("value"), "") << names.back();
  }
  EXPECT_THAT(names, IsSupersetOf({"program", "libraries", "HDF5", "generator", "vectors", "threads"}));
  EXPECT_THAT(qantar({"doctor"}).out, HasSubstr("All is well."));
}

TEST(Doctor, SaysWhatIsWrong) {
  const Folder folder;
  const Ended ended = Running("env", {"TMPDIR=" + (folder / "missing").string(), QANTAR_PROGRAM, "doctor"}).finish();
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("WRONG"), HasSubstr("cannot be written"), HasSubstr("Something is wrong")));
}

}  // namespace
}  // namespace qantar::testing
