// export: the same numbers as in the result, for whatever reads CSV; and the examples that read results elsewhere.
#include <fmt/format.h>
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
using ::testing::StartsWith;

/// One result of the small case for all tests here: two accounts, the courses of the first two trials of each.
class Export : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    const Ended run = qantar({"run", small_case(), "-n", "5", "--keep-series", "2", "-o", path("r.h5")});
    ASSERT_EQ(run.code, 0) << run.err;
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string path(const std::string& name) { return (*folder_ / name).string(); }

 private:
  static inline Folder* folder_ = nullptr;
};

/// Whether another program is there and can do what a test needs.
bool can(const std::string& program, const std::vector<std::string>& arguments) {
  return Running(program, arguments).finish().code == 0;
}

TEST_F(Export, GivesPandasTheNumbersOfTheResult) {
  std::vector<std::string> words{source("tests/cli/tables.py").string(), path("r.h5")};
  for (const std::string table : {"outcomes", "events", "series"}) {
    words.push_back(path(table + ".csv"));
    const Ended ended = qantar({"export", path("r.h5"), "--table", table, "-o", words.back(), "--force"});
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.out + ended.err, IsEmpty());
    EXPECT_EQ(text_of(words.back()), qantar({"export", path("r.h5"), "--table", table}).out);
  }
  const Ended ended = Running("/usr/bin/python3", words).finish();
  if (ended.code == 77 || ended.code == 127) GTEST_SKIP() << ended.err;
  EXPECT_EQ(ended.code, 0) << ended.err;
}

TEST_F(Export, GivesRNumbersWithoutFurtherAsking) {
  if (!can("Rscript", {"--version"})) GTEST_SKIP() << "R is not installed";
  ASSERT_EQ(qantar({"export", path("r.h5"), "-o", path("for_r.csv"), "--force"}).code, 0);
  const std::string program =
      "d <- read.csv(commandArgs(TRUE), check.names = FALSE)\n"
      "stopifnot(nrow(d) == 10, is.numeric(d$deaths), !anyNA(d$deaths), any(is.na(d$`site_fell:seat_hall`)),\n"
      "          d$hypothesis[6] == 'strong_pull', !is.character(d$`site_fell:seat_hall`))\n";
  const Ended ended = Running("Rscript", {"-e", program, path("for_r.csv")}).finish();
  EXPECT_EQ(ended.code, 0) << ended.err;
}

TEST_F(Export, NamesColumnsAsTheResultDoes) {
  const std::string outcomes = qantar({"export", path("r.h5")}).out;
  EXPECT_THAT(outcomes, StartsWith("trial,hypothesis,point,replicate,status,"));
  EXPECT_THAT(outcomes, AllOf(HasSubstr(",site_fell:seat_hall,"), HasSubstr(",parameter_threshold,"),
                              HasSubstr("\n5,strong_pull,0,0,ok,"), Not(HasSubstr("_occurred"))));
  EXPECT_THAT(qantar({"export", path("r.h5"), "--table", "events"}).out,
              StartsWith("trial,hypothesis,number,time,kind,place,site,actor,value,causes\n0,quiet_line,0,"));
  EXPECT_THAT(qantar({"export", path("r.h5"), "--table", "series"}).out, StartsWith("trial,hypothesis,time,variable,"));
}

// RFC 4180, for names that no case can have, but a file of a stranger.
TEST_F(Export, NamesAreQuotedAndNoFormulas) {
  const std::string forged = path("forged.h5");
  {
    const sim::ResultReader result(path("r.h5"));
    sim::RunDescription run = result.run();
    run.hypotheses.at(0).name = "=so, \"they\" say";
    run.hypotheses.at(1).name = "\x1b[31m\u202e-rf";
    sim::ResultWriter writer(forged, result.layout(), result.clock(), run, true);
    for (std::int64_t i = 0; i < result.trials(); ++i) writer.append(result.record(i));
    writer.finish();
  }
  const std::string out = qantar({"export", forged}).out;
  EXPECT_THAT(out, HasSubstr("\n0,\"'=so, \"\"they\"\" say\",0,0,ok,"));
  EXPECT_THAT(out, AllOf(HasSubstr("\\u001b[31m\\u202e-rf"), Not(HasSubstr("\x1b")), Not(HasSubstr("\u202e"))));
}

TEST_F(Export, RefusesWhatMakesNoSense) {
  const std::string file = path("r.h5");
  const Ended table = qantar({"export", file, "--table", "evnts"});
  EXPECT_EQ(table.code, 2);
  EXPECT_THAT(table.err, HasSubstr("did you mean \"events\"?"));
  EXPECT_EQ(qantar({"export", file, "--format", "parquet"}).code, 2);
  EXPECT_EQ(qantar({"export", file, "--force"}).code, 2);
  EXPECT_EQ(qantar({"export", path("none.h5")}).code, 5);
  const Ended exists = qantar({"export", file, "-o", file});
  EXPECT_EQ(exists.code, 3);
  EXPECT_THAT(exists.err, HasSubstr("--force"));
  EXPECT_EQ(qantar({"verify", file}).code, 0);
}

TEST_F(Export, SaysWhenTheDiskIsFull) {
  const Ended ended = Running(QANTAR_PROGRAM, {"export", path("r.h5"), "--table", "series"}, "/dev/full").finish();
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("is the disk full?"));
}

TEST(ExportOfNothingKept, IsAHeaderAndAWord) {
  const Folder folder;
  const std::string file = (folder / "r.h5").string();
  ASSERT_EQ(qantar({"run", small_case(), "-n", "1", "--keep-series", "none", "-o", file}).code, 0);
  const Ended ended = qantar({"export", file, "--table", "events"});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.out, "trial,hypothesis,number,time,kind,place,site,actor,value,causes\n");
  EXPECT_THAT(ended.err, HasSubstr("--keep-series"));
}

// What docs/examples print from a result of January 2022 is what compare says of row E030, to the last digit.
TEST(Examples, RedrawAFigureWithTheNumbersOfCompare) {
  const Folder folder;
  const std::string file = (folder / "r.h5").string();
  const Ended run = qantar({"run", source("configs/january_2022").string(), "-n", "10", "-o", file, "--quiet"});
  ASSERT_EQ(run.code, 0) << run.err;
  std::string expected = "account trials hit low high q05 q25 q50 q75 q95\n";
  const auto all = nlohmann::json::parse(qantar({"compare", file, "--json"}).out);
  for (const auto& e : all.at("events")) {
    if (e.at("id") != "E030") continue;
    EXPECT_EQ(e.at("observed"), nlohmann::json({{"low", 109.0}, {"high", 113.75}})) << "the examples draw this span";
    expected += e.at("hypothesis").get<std::string>() + " 10";
    const auto number = [&](const nlohmann::json& x) { expected += fmt::format(" {:.3f}", x.get<double>()); };
    for (const char* key : {"hit", "low", "high"}) number(e.at(key));
    for (const char* key : {"q05", "q25", "q50", "q75", "q95"}) number(e.at("quantiles").at(key));
    expected += "\n";
  }
  const auto expect_figure = [&](const std::string& program, const std::string& script, const std::string& figure) {
    const Ended ended =
        Running(program, {source("docs/examples/" + script).string(), file, (folder / figure).string()}).finish();
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(ended.out, expected) << script;
    EXPECT_THAT(text_of(folder / figure), StartsWith("%PDF"));
  };
  const bool python = can("/usr/bin/python3", {"-c", "import matplotlib, pandas, xarray"});
  const bool r = can("Rscript", {"-e", "library(ncdf4)"});
  if (python) expect_figure("/usr/bin/python3", "figure.py", "python.pdf");
  if (r) expect_figure("Rscript", "figure.R", "r.pdf");
  if (!python || !r) GTEST_SKIP() << "without " << (python ? "R and ncdf4" : "xarray, pandas and matplotlib");
}

}  // namespace
}  // namespace qantar::testing
