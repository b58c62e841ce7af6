// The page of `qantar report` in a real browser, for every kind of file. What is looked at in each: look.mjs.
#include <chrono>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/program.hpp"
#include "tests/unit/results_support.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class Report : public ::testing::Test {
 protected:
  std::string file(const std::string& name) const { return (folder_ / name).string(); }

  /// Runs the program, which must succeed.
  std::string must(const std::vector<std::string>& words) const {
    const Ended ended = qantar(words);
    EXPECT_EQ(ended.code, 0) << words.front() << ": " << ended.err;
    return ended.out;
  }
  std::string run(const std::string& of, const std::string& trials, std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"run", of, "-n", trials, "-o", file("run.h5"), "--seed", "2", "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    must(words);
    return file("run.h5");
  }

  /// Makes a page and looks at it; what it shows in words.
  std::string look(std::vector<std::string> words) const {
    words.insert(words.begin(), "report");
    words.insert(words.end(), {"-o", file("page.html")});
    must(words);
    const Ended ended = Running(QANTAR_NODE, {(source("tests/browser/look.mjs")).string(), QANTAR_BROWSER_MODULES,
                                              file("page.html"), folder_.path().string()})
                            .finish(std::chrono::minutes(5));
    if (ended.code == 77) return "";
    EXPECT_EQ(ended.code, 0) << faults(ended.out) << ended.err;
    return ended.out;
  }
  static std::string faults(const std::string& out) {
    std::istringstream in(out);
    std::string line, found;
    while (std::getline(in, line))
      if (line.starts_with("FAULT")) found += line + "\n";
    return found;
  }

  const Folder folder_;
  const CaseCopy copy_;
};

#define LOOK(page, ...)                       \
  const std::string page = look(__VA_ARGS__); \
  if (page.empty()) GTEST_SKIP() << "there is no chromium on this machine"

/// The small case has no coordinates, so that it is no map either.
void give_coordinates(const CaseCopy& copy) {
  copy.replace("case.toml", "name = \"the port\"", "name = \"the port\"\nlatitude = 43.65\nlongitude = 51.17");
  copy.replace("case.toml", "name = \"the capital\"", "name = \"the capital\"\nlatitude = 51.17\nlongitude = 71.43");
}

TEST_F(Report, OfARunShowsAllThatItHas) {
  give_coordinates(copy_);
  LOOK(page, {run(copy_.path(), "30"), "--trial", "41"});
  EXPECT_THAT(page, HasSubstr("sections: made outcomes record map courses elite story limits"));
  EXPECT_THAT(page, AllOf(HasSubstr("Unrest in a small port"), HasSubstr("60 trials of 2 accounts; none failed"),
                          HasSubstr("Trial 41, under"), HasSubstr("the port: protest begins")));
}

TEST_F(Report, OfEverythingAtOnceHasASectionForEach) {
  const std::string small = small_case(), runs = run(small, "120");
  must({"adjudicate", small, "--trials", "400", "--seed", "5", "-o", file("verdict.h5"), "--quiet"});
  write_file(file("whatif.json"), must({"whatif", runs, "--do", "hall_held", "--prior", "--json"}));
  must({"sweep", "plan", small + "/sweeps/line.toml", "--dir", file("sweep")});
  must({"sweep", "run", file("sweep"), "--quiet"});
  must({"sweep", "merge", file("sweep"), "-o", file("sweep.h5"), "--quiet"});
  must({"calibrate", small, "--trials", "300", "--seed", "5", "-o", file("fitted.h5"), "--quiet"});
  LOOK(page, {runs, file("verdict.h5"), file("whatif.json"), file("sweep.h5"), file("fitted.h5")});
  EXPECT_THAT(
      page, AllOf(HasSubstr(" verdict "), HasSubstr(" sensitivity "), HasSubstr(" whatif "), HasSubstr(" calibration "),
                  HasSubstr("each with waves of 300 trials"), HasSubstr("rows out of reach"),
                  HasSubstr("How strong must the line be?"), HasSubstr("The hall of the port held"),
                  HasSubstr("Would the truth have been found?"), ContainsRegex("with [0-9]+ to [0-9]+ trials each"),
                  HasSubstr("What do parts of the record say alone?"),
                  HasSubstr("given up without being overrun: 1 to 100: "),
                  HasSubstr("for what was said by a spokesman: At least one post was given up"),
                  ContainsRegex("the probability of (strong pull|quiet line) is 0[.][0-9]+"),
                  HasSubstr("1 to 100for “At least one post was given up”")));  // lines of the chart
}

TEST_F(Report, OfOneTrial) {
  LOOK(page, {run(small_case(), "1", {"--hypothesis", "strong_pull"})});
  EXPECT_THAT(page, HasSubstr("1 trial of 1 account; none failed"));
}

TEST_F(Report, OfAnEmptyResultSaysSo) {
  sim::ResultWriter(file("empty.h5"), sim::testing::small_layout(), sim::testing::small_clock(),
                    sim::testing::small_run(), false)
      .finish();
  LOOK(page, {file("empty.h5")});
  EXPECT_THAT(page, AllOf(HasSubstr("The file has no trials"), HasSubstr("sections: made limits")));
}

TEST_F(Report, OfAClassicModelCountsTicks) {
  LOOK(page, {run(source("configs/classic/civil_violence").string(), "2")});
  EXPECT_THAT(page, AllOf(HasSubstr("sections: made outcomes courses limits"), HasSubstr("tick")));
}

TEST_F(Report, NamesStayNames) {
  give_coordinates(copy_);
  const std::string harm = "</script><script>window.harm = 1</script><img src=x onerror='window.harm = 1'>";
  copy_.replace("case.toml", "name = \"the port\"", "name = \"" + harm + "\"");
  copy_.replace("case.toml", "title = \"Unrest in a small port\"", "title = \"" + harm + "\"");
  copy_.replace("case.toml", "name = \"head of the police\"", "name = \"=HYPERLINK(\\\"http://example.org\\\")\"");
  copy_.replace("case.toml", "name = \"city hall of the port\"", "name = \"datum.constructor ${x} <!-- %s\"");
  LOOK(page, {run(copy_.path(), "10")});
  EXPECT_THAT(page, AllOf(HasSubstr("<script>window.harm = 1</script>"), HasSubstr("=HYPERLINK")));
}

TEST_F(Report, OfManyTrialsIsNotLarger) {
  LOOK(page, {run(source("configs/classic/thresholds").string(), "100000", {"--hypothesis", "uniform"})});
  EXPECT_LT(fs::file_size(file("page.html")), 10'000'000U);
  EXPECT_THAT(page, HasSubstr("100,000"));
}

}  // namespace
}  // namespace qantar::testing
