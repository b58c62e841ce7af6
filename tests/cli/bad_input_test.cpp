// Bad input: each kind once, with its place, a piece of what is said about it, and nothing left behind.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <ostream>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/mount.h>
#include <sys/stat.h>

#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::TestWithParam;

/// "12:8": where the first occurrence of `part` begins.
std::string place_in(const std::string& text, const std::string& part) {
  const auto at = text.find(part);
  if (at == std::string::npos) throw std::runtime_error("no \"" + part + "\" in the file");
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
  const auto before = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  return std::to_string(line) + ":" + std::to_string(at - (before == std::string::npos ? 0 : before + 1) + 1);
}

/// One slip in one file of the small case.
struct Slip {
  std::string name, file, old, by;
  std::string at;       ///< the message points to where this begins; empty: to the file as a whole
  std::string message;  ///< a piece of what is said
};
void PrintTo(const Slip& slip, std::ostream* out) { *out << slip.name; }

const std::vector<Slip> slips{
    {"unknown_key", "case.toml", "mass_size = 1000", "mass_siz = 1000", "mass_siz", "did you mean \"mass_size\"?"},
    {"unknown_section", "case.toml", "[inputs]", "[input]", "input]", "did you mean \"inputs\"?"},
    {"unknown_parameter", "case.toml", "threshold = 0.09", "treshold = 0.09", "0.09", "did you mean \"threshold\"?"},
    {"wrong_type", "case.toml", "population = 300000", "population = \"many\"", "\"many\"", "expected a number"},
    {"out_of_range", "case.toml", "force_readiness = 0.8", "force_readiness = 1.8", "1.8", "outside the range 0 to 1"},
    {"not_a_number", "case.toml", "freed = 100", "freed = nan", "nan", "outside the range"},
    {"missing_key", "case.toml", "region = \"coast\"", "", "", "region: is missing"},
    {"duplicate_id", "case.toml", "id = \"seat\"", "id = \"port\" # twice", "\"port\" # twice", "used twice"},
    {"duplicate_key", "case.toml", "lines = 1", "lines = 1\nlines = 2", "2\nsignificance", "TOML syntax"},
    {"undefined_place", "case.toml", "place = \"port\"\nseat = true", "place = \"prot\"\nseat = true", "\"prot\"",
     "did you mean \"port\"?"},
    {"undefined_office", "case.toml", "superior = \"police_head\"", "superior = \"police_haed\"", "\"police_haed\"",
     "did you mean \"police_head\"?"},
    {"undefined_unit", "hypotheses/quiet_line.toml", "[organisations.police]",
     "[units.port_lien]\nstrength = 1\n[organisations.police]", "[units.port_lien]", "did you mean \"port_line\"?"},
    {"undefined_role", "case.toml", "role = \"incumbent\"", "role = \"incumbant\"", "\"incumbant\"",
     "did you mean \"incumbent\"?"},
    {"date_outside_the_clock", "case.toml", "at = 2030-03-02T23", "at = 2031-03-02T23", "2031-03-02T23",
     "outside the clock"},
    {"clock_backwards", "case.toml", "end = 2030-03-04", "end = 2030-02-04", "[clock]", "end must come after start"},
    {"epoch_in_another_age", "case.toml", "epoch = 2030", "epoch = 1030", "1030-", "within a year of the start"},
    {"more_in_uniform_than_people", "case.toml", "strength = 600", "strength = 1e6", "1e6", "500000 inhabitants"},
    {"agents_of_less_than_a_person", "case.toml", "persons_per_agent = 50", "persons_per_agent = 0.01", "0.01",
     "outside the range 1 to"},
    {"prior_of_all_sizes", "hypotheses/strong_pull.toml", "[0.07, 0.2]", "[700, 700]", "[700, 700]", "at most 10"},
    {"prior_with_impossible_arguments", "case.toml", "beta = [26, 14]", "beta = [-1, 14]", "[-1, 14]", "beta"},
    {"prior_of_no_family", "case.toml", "normal = [1.05, 0.02]", "norml = [1.05, 0.02]", "[1.05",
     "did you mean \"normal\"?"},
    {"prior_outside_the_range", "case.toml", "normal = [1.05, 0.02]", "normal = [900, 0.02]", "[900, 0.02]",
     "no probability"},
    {"syntax_error", "case.toml", "[clock]", "[clock", "\nepoch", "TOML syntax"},
    {"chain_in_a_circle", "case.toml", "superior = \"president\"", "superior = \"port_police\" # x",
     "\"port_police\" # x", "circle"},
    {"hypothesis_without_title", "hypotheses/quiet_line.toml", "title = \"The police held back\"", "", "",
     "title: is missing"},
    {"hypothesis_with_unknown_key", "hypotheses/quiet_line.toml",
     "morale =", "moral =", "moral =", "did you mean \"morale\"?"},
    {"hypothesis_with_its_own_clock", "hypotheses/strong_pull.toml", "[parameters]",
     "[clock]\nend = 2030-03-03T12:00:00+00:00\n[parameters]", "[clock]", "change case.toml"},
    {"hypothesis_that_renames", "hypotheses/strong_pull.toml", "[parameters]",
     "[sites.port_market]\nid = \"bazaar\"\n[parameters]", "", "rename it in case.toml"},
    {"undefined_observable", "evidence.toml", "\"place_protest_began\"", "\"place_protest_begun\"",
     "\"place_protest_begun\"", "did you mean \"place_protest_began\"?"},
    {"undefined_label", "evidence.toml", "at = \"seat_hall\"", "at = \"seat_hal\"", "\"seat_hal\"",
     "did you mean \"seat_hall\"?"},
    {"evidence_interval_backwards", "evidence.toml", "latest = 2030-03-02",
     "latest = 2030-03-01T12:30:00+00:00 # was 2030-03-02", "", "latest"},
    {"evidence_outside_the_clock", "evidence.toml", "latest = 2030-03-02", "latest = 2031-03-02", "2031-03-02",
     "clock"},
    {"evidence_with_unknown_key", "evidence.toml", "tolerance = 1.0", "tolerence = 1.0", "tolerence",
     "did you mean \"tolerance\"?"},
    {"claim_with_low_above_high", "claims.toml", "high = 100", "high = 0", "", "low"},
};

class BadCase : public TestWithParam<Slip> {};

TEST_P(BadCase, IsRefusedWithPlaceAndRemedyBeforeAnythingIsWritten) {
  const Slip& slip = GetParam();
  const CaseCopy copy;
  copy.replace(slip.file, slip.old, slip.by);
  std::string place = (copy / slip.file).string() + ":";
  if (!slip.at.empty()) place += place_in(text_of(copy / slip.file), slip.at) + ":";
  const Folder results;
  const Ended run = qantar({"run", copy.path(), "-n", "1", "-o", (results / "r.h5").string()});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, AllOf(HasSubstr(place), HasSubstr(slip.message)));
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(results.names(), IsEmpty());
  const Ended check = qantar({"check", copy.path()});
  EXPECT_EQ(check.code, 3);
  EXPECT_THAT(check.err, AllOf(HasSubstr(place), HasSubstr(slip.message), ContainsRegex("toml:[0-9]+:[0-9]+: ")))
      << "a line to look at";
}

INSTANTIATE_TEST_SUITE_P(Slips, BadCase, ::testing::ValuesIn(slips), [](const auto& test) { return test.param.name; });

/// A file that is no text of a case at all.
struct Spoilt {
  std::string name;
  std::function<void(const fs::path&)> spoil;
  std::string message;
};
void PrintTo(const Spoilt& spoilt, std::ostream* out) { *out << spoilt.name; }

const std::vector<Spoilt> spoilt_files{
    {"empty", [](const fs::path& p) { write_file(p, ""); }, "is empty"},
    {"blank", [](const fs::path& p) { write_file(p, " \n\n"); }, "blank"},
    {"binary", [](const fs::path& p) { write_file(p, std::string("\x89HDF\r\n\0\x1a\n", 9)); },
     ":2:1: holds a NUL byte"},
    {"no_utf8", [](const fs::path& p) { write_file(p, "title = \"\xff\xfe\"\n"); }, "TOML syntax"},
    {"a_line_of_10_MB", [](const fs::path& p) { write_file(p, "schema = 1 #" + std::string(10'000'000, 'x')); },
     ":1:100000: this line"},
    {"60_MB", [](const fs::path& p) { write_file(p, std::string(60'000'000, '\n')); }, "at most"},
    {"nested_deeply", [](const fs::path& p) { write_file(p, "a = " + std::string(50'000, '[')); }, "TOML syntax"},
    {"a_folder", [](const fs::path& p) { fs::remove(p), fs::create_directory(p); }, "is a directory"},
    {"a_pipe", [](const fs::path& p) { fs::remove(p), mkfifo(p.c_str(), 0600); }, "not a regular file"},
};

class BadFile : public TestWithParam<std::tuple<Spoilt, std::string>> {};

TEST_P(BadFile, IsRefusedByName) {
  const auto& [spoilt, file] = GetParam();
  const CaseCopy copy;
  spoilt.spoil(copy / file);
  const Folder results;
  const Ended run = qantar({"run", copy.path(), "-n", "1", "-o", (results / "r.h5").string()});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.err, AllOf(HasSubstr((copy / file).string()), HasSubstr(spoilt.message)));
  EXPECT_THAT(results.names(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Files, BadFile,
                         ::testing::Combine(::testing::ValuesIn(spoilt_files),
                                            ::testing::Values("case.toml", "hypotheses/quiet_line.toml",
                                                              "evidence.toml", "claims.toml")),
                         [](const auto& test) {
                           std::string name = std::get<0>(test.param).name + "_" + std::get<1>(test.param);
                           for (char& c : name)
                             if (c == '/' || c == '.') c = '_';
                           return name;
                         });

TEST(BadInput, CheckReadsTheDesignsOfSweepsToo) {
  const CaseCopy copy;
  copy.replace("sweeps/line.toml", "fear_steepness", "fear_stepness");
  Ended check = qantar({"check", copy.path()});
  EXPECT_EQ(check.code, 3);
  EXPECT_THAT(check.err, AllOf(HasSubstr((copy / "sweeps/line.toml").string() + ":"), HasSubstr("fear_stepness"),
                               HasSubstr("1 problem")));
  copy.replace("sweeps/line.toml", "fear_stepness", "fear_steepness");
  copy.replace("sweeps/line.toml", "replicates = ", "repliactes = ");
  copy.replace("case.toml", "description", "descripton");
  check = qantar({"check", copy.path()});
  EXPECT_EQ(check.code, 3);
  EXPECT_THAT(check.err, AllOf(HasSubstr("repliactes"), HasSubstr("descripton"), HasSubstr("2 problems")));
  write_file(copy / "sweeps/listed.toml",
             "title = \"t\"\ncase = \"..\"\n[design]\nkind = \"listed\"\ntable = \"two.csv\"\n");
  write_file(copy / "sweeps/two.csv", "threshold\n0.05\nmuch\n");
  check = qantar({"check", copy.path()});
  EXPECT_THAT(check.err, AllOf(HasSubstr((copy / "sweeps/two.csv").string() + ":3:1: "), HasSubstr("3 problems")));
}

TEST(BadInput, WhatFilesSayIsShownAndNotSentToTheTerminal) {
  const CaseCopy copy;
  copy.replace("case.toml", "title = \"", "title = \"\\u001b]0;mine\\u0007\\u202e");
  const Folder folder;
  const Ended run = qantar({"run", copy.path(), "-n", "1", "-o", (folder / "r.h5").string()});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr("\\u001b]0;mine\\u0007\\u202e"), Not(HasSubstr("\x1b")), Not(HasSubstr("\a")),
                             Not(HasSubstr("\u202e"))));
  const Ended told = qantar({"check", "/nowhere/\x1b[31m"});
  EXPECT_THAT(told.err, AllOf(HasSubstr("/nowhere/\\u001b[31m: no such case folder"), Not(HasSubstr("\x1b"))));
  EXPECT_EQ(nlohmann::json::parse(qantar({"check", "/nowhere/\u202e", "--json"}).out).at("problems")[0].at("file"),
            "/nowhere/\u202e")
      << "in JSON it is the same character";
}

TEST(BadInput, AccountsHaveNamesThatHarmNobody) {
  for (const std::string name : {"=cmd", "-rf", "two\nlines", "Capital", "a b"}) {
    const CaseCopy copy;
    fs::rename(copy / "hypotheses/quiet_line.toml", copy / ("hypotheses/" + name + ".toml"));
    const Ended check = qantar({"check", copy.path()});
    EXPECT_EQ(check.code, 3) << name;
    EXPECT_THAT(check.err, HasSubstr("rename the file")) << name;
  }
}

TEST(BadInput, WhatIsNoFileIsRefusedAtOnce) {
  const Folder folder;
  const std::string pipe = (folder / "pipe.h5").string(), page = (folder / "page.html").string();
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  ASSERT_EQ(mkfifo((folder / "plan.json").c_str(), 0600), 0);
  for (const std::vector<std::string>& words :
       std::initializer_list<std::vector<std::string>>{{"report", pipe, "-o", page},
                                                       {"report", folder.path().string(), "-o", page},
                                                       {"verify", pipe},
                                                       {"verify", "/dev/zero"},
                                                       {"compare", pipe},
                                                       {"narrate", pipe, "--trial", "0"},
                                                       {"export", pipe},
                                                       {"whatif", pipe, "--do", "threshold=0.1"},
                                                       {"sensitivity", pipe},
                                                       {"sweep", "status", folder.path().string()},
                                                       {"sweep", "merge", folder.path().string(), "-o", page}}) {
    const Ended ended = Running(QANTAR_PROGRAM, words).finish(std::chrono::seconds(20));
    EXPECT_THAT(ended.code, ::testing::AnyOf(3, 5)) << words[0];
    EXPECT_THAT(ended.out + ended.err, HasSubstr("regular file")) << words[0];
  }
  EXPECT_FALSE(fs::exists(page));
}

TEST(BadInput, APlanThatIsTooLargeIsNotRead) {
  const Folder folder;
  std::ofstream(folder / "plan.json").close();
  fs::resize_file(folder / "plan.json", 300'000'000);
  const Ended ended = qantar({"sweep", "status", folder.path().string()});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("is not a regular file of at most 64 MB"));
}

TEST(BadInput, TooFewDescriptorsAreNotDamage) {
#if defined(QANTAR_SANITIZED)
  GTEST_SKIP() << "sanitizers need descriptors themselves";
#endif
  const Folder folder;
  const std::string file = (folder / "r.h5").string();
  ASSERT_EQ(qantar({"run", small_case(), "-n", "1", "-o", file}).code, 0);
  for (const char* n : {"8", "11", "13"}) {
    const Ended ended = Running("/bin/sh", {"-c", std::string("ulimit -n ") + n + " && exec \"$@\"", "sh",
                                            QANTAR_PROGRAM, "verify", file})
                            .finish();
    EXPECT_EQ(ended.code, 3) << ended.out;
    EXPECT_THAT(ended.err, HasSubstr("no file can be opened (ulimit -n): Too many open files"));
  }
}

TEST(BadInput, ACaseNeedsCaseToml) {
  const CaseCopy copy;
  fs::remove(copy / "case.toml");
  const Ended check = qantar({"check", copy.path()});
  EXPECT_EQ(check.code, 3);
  EXPECT_THAT(check.err, HasSubstr((copy / "case.toml").string() + ": no such file"));
}

TEST(BadInput, AllProblemsOfAllFilesComeAtOnce) {
  const CaseCopy copy;
  copy.replace("case.toml", "description", "descripton");
  copy.replace("case.toml", "superior = \"police_head\"", "superior = \"nobody\"");
  copy.replace("hypotheses/strong_pull.toml", "social_pull", "social_pul");
  copy.replace("evidence.toml", "\"place_protest_began\"", "\"place_protest_begun\"");
  copy.replace("claims.toml", "measure = \"number\"", "measure = \"numbr\"");
  const Ended check = qantar({"check", copy.path()});
  EXPECT_EQ(check.code, 3);
  for (const char* piece : {"descripton", "\"nobody\"", "social_pul", "place_protest_begun", "numbr", "5 problems"})
    EXPECT_THAT(check.err, HasSubstr(piece));
}

TEST(BadInput, CheckGoesThroughEveryCase) {
  const CaseCopy bad;
  bad.replace("case.toml", "description", "descripton");
  const Ended check = qantar({"check", bad.path(), "/nowhere/at_all", small_case(), (bad / "case.toml").string()});
  EXPECT_EQ(check.code, 3);
  EXPECT_THAT(check.err, AllOf(HasSubstr("descripton"), HasSubstr("/nowhere/at_all: no such case folder"),
                               HasSubstr("case.toml: is not a folder"), HasSubstr("3 problems")));
  EXPECT_THAT(check.out, HasSubstr("small_case: 2 hypotheses"));
}

TEST(BadInput, AProblemHidesNoneOfAnotherAccountOrCase) {
  const CaseCopy slip, circle, both;
  slip.replace("case.toml", "description", "descripton");
  circle.replace("case.toml", "superior = \"president\"", "superior = \"port_police\"");
  both.replace("case.toml", "superior = \"president\"", "superior = \"port_police\"");
  both.replace("hypotheses/strong_pull.toml", "social_pull = ", "social_pull = \"much\" # ");
  for (const std::vector<std::string>& order :
       {std::vector{slip.path(), circle.path()}, std::vector{circle.path(), slip.path()}, std::vector{both.path()}}) {
    std::vector<std::string> words{"check"};
    words.insert(words.end(), order.begin(), order.end());
    const Ended check = qantar(words);
    EXPECT_EQ(check.code, 3);
    EXPECT_THAT(check.err, AllOf(HasSubstr("circle"), HasSubstr(order.size() > 1 ? "descripton" : "social_pull")));
  }
}

TEST(BadInput, OverridesArePartOfTheCase) {
  const Folder results;
  const auto run = [&](const std::string& assignment) {
    return qantar({"run", small_case(), "-n", "1", "-o", (results / "r.h5").string(), "--set", assignment});
  };
  const std::vector<std::pair<std::string, std::string>> wrong{{"treshold=0.1", "did you mean \"threshold\"?"},
                                                               {"parameters.threshold=7", "outside the range"},
                                                               {"places.prot.population=5", "did you mean \"port\"?"},
                                                               {"threshold", "expected KEY=VALUE"},
                                                               {"threshold=", "expected KEY=VALUE"},
                                                               {"threshold=[", "TOML syntax"}};
  for (const auto& [assignment, message] : wrong) {
    const Ended ended = run(assignment);
    EXPECT_EQ(ended.code, 3) << assignment;
    EXPECT_THAT(ended.err, AllOf(HasSubstr("--set " + assignment), HasSubstr(message)));
  }
  EXPECT_THAT(results.names(), IsEmpty());
}

// ---- Outputs that cannot be ----------------------------------------------------------------------------------------

Ended run_to(const fs::path& file, const std::string& trials = "2", const std::string& more = "--quiet") {
  return qantar({"run", small_case(), "-n", trials, "-o", file.string(), more});
}

TEST(BadOutput, WhatExistsStaysUnlessForced) {
  const Folder folder;
  write_file(folder / "r.h5", "precious");
  const Ended refused = run_to(folder / "r.h5");
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("r.h5"), HasSubstr("exists already"), HasSubstr("--force")));
  EXPECT_EQ(text_of(folder / "r.h5"), "precious");
  EXPECT_EQ(run_to(folder / "r.h5", "2", "--force").code, 0);
  EXPECT_EQ(qantar({"verify", (folder / "r.h5").string()}).code, 0);
}

TEST(BadOutput, PathsThatCannotBeWrittenAreFoundBeforeTheFirstTrial) {
  const Folder folder;
  write_file(folder / "file", "");
  std::vector<std::pair<fs::path, std::string>> wrong{{folder / "missing/r.h5", "mkdir"},
                                                      {folder / "file/r.h5", "folder does not exist"},
                                                      {folder.path(), "this is a folder"}};
  // Not even root can write there; a bare chroot without it has a plain folder of that name.
  if (fs::exists("/proc/self")) wrong.emplace_back("/proc/r.h5", "cannot be written");
  for (const auto& [path, message] : wrong) {
    // So many trials that the test would not end if they were simulated first.
    const Ended ended = run_to(path, "100000000");
    EXPECT_EQ(ended.code, 3) << path;
    EXPECT_THAT(ended.err, AllOf(HasSubstr(path.string()), HasSubstr(message)));
  }
  EXPECT_EQ(folder.names(), std::vector<std::string>{"file"});
}

TEST(BadOutput, AFullDiskLeavesNothing) {
  const Folder folder;
  if (mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=1m") != 0) GTEST_SKIP() << "needs the right to mount";
  const Ended ended = run_to(folder / "r.h5", "2000");
  const auto left = folder.names();
  umount(folder.path().c_str());
  EXPECT_EQ(ended.code, 3) << ended.err;
  EXPECT_THAT(ended.err, AllOf(HasSubstr("r.h5"), HasSubstr("space")));
  EXPECT_THAT(left, IsEmpty());
}

TEST(BadOutput, AFullStandardOutputIsSaid) {
  const Ended ended = Running(QANTAR_PROGRAM, {"parameters"}, "/dev/full").finish();
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("standard output cannot be written"));
}

}  // namespace
}  // namespace qantar::testing
