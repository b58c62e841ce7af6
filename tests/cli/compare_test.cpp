// compare: trials beside the documented events, as text and as JSON.
#include <cmath>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/results/result_file.hpp"
#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Json = nlohmann::json;

/// One result of the small case for all tests here.
class Compare : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    const Ended run = qantar({"run", small_case(), "-n", "40", "-o", file()});
    ASSERT_EQ(run.code, 0) << run.err;
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string file() { return (*folder_ / "r.h5").string(); }

  static Json json(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"compare", file(), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = qantar(words);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return Json::parse(ended.out);
  }

 private:
  static inline Folder* folder_ = nullptr;
};

TEST_F(Compare, GivesEveryScoredEventUnderEveryHypothesis) {
  const Json events = json().at("events");
  ASSERT_EQ(events.size(), 4U);
  for (const auto& event : events) {
    EXPECT_LE(event.at("low"), event.at("hit"));
    EXPECT_GE(event.at("high"), event.at("hit"));
    EXPECT_GE(event.at("score"), 0.0);
    for (const char* key : {"id", "hypothesis", "observed", "quantiles"}) EXPECT_TRUE(event.contains(key)) << key;
  }
}

TEST_F(Compare, CountsHitsAsOneWouldByHand) {
  const sim::ResultReader result(file());
  const auto fell = result.variable("site_fell");  // trial, site; the capital's hall is the last of four
  const Json events = json().at("events");
  for (const auto& event : events) {
    if (event.at("id") != "P2") continue;
    const std::int64_t first = event.at("hypothesis") == "quiet_line" ? 0 : 40;
    double stands = 0;
    for (std::int64_t t = first; t < first + 40; ++t) stands += std::isnan(fell[static_cast<std::size_t>(4 * t + 3)]);
    EXPECT_DOUBLE_EQ(event.at("hit"), stands / 40);
  }
}

TEST_F(Compare, PutsTotalsBesideBaselines) {
  std::set<std::string> predictors;
  const Json totals = json().at("totals");
  for (const auto& total : totals) {
    predictors.insert(total.at("predictor"));
    EXPECT_LE(total.at("score").at("value"), 1.0);
  }
  EXPECT_THAT(predictors, ::testing::IsSupersetOf({"quiet_line", "strong_pull", "climatology", "nothing_happens"}));
}

TEST_F(Compare, PutsAccountsBesideEachOtherAndReferences) {
  const Json all = json();
  std::map<std::string, Json> totals;
  for (const auto& total : all.at("totals"))
    if (total.at("group") == "scored") totals[total.at("predictor")] = total;
  std::set<std::pair<std::string, std::string>> pairs;
  for (const auto& d : all.at("differences")) {
    if (d.at("group") != "scored") continue;
    pairs.emplace(d.at("predictor"), d.at("minus"));
    const double a = totals.at(d.at("predictor")).at("score").at("value"),
                 b = totals.at(d.at("minus")).at("score").at("value");
    EXPECT_NEAR(d.at("score").at("value"), a - b, 1e-12);
    if (b > 0)
      EXPECT_NEAR(d.at("skill").at("value"), 1 - a / b, 1e-12);
    else
      EXPECT_TRUE(d.at("skill").at("value").is_null());
    EXPECT_LE(d.at("score").at("low"), d.at("score").at("high"));
  }
  EXPECT_THAT(pairs,
              ::testing::IsSupersetOf(std::set<std::pair<std::string, std::string>>{
                  {"quiet_line", "strong_pull"}, {"quiet_line", "climatology"}, {"strong_pull", "nothing_happens"}}));
  // The pool of two accounts with as many trials each hits as often as they do on average.
  const auto hit = [&](const char* who) { return totals.at(who).at("hit").at("value").get<double>(); };
  EXPECT_NEAR(hit("climatology"), 0.5 * (hit("quiet_line") + hit("strong_pull")), 1e-12);
  for (const char* key : {"energy_score", "ignorance", "interval_score", "inside_90"})
    EXPECT_TRUE(totals.at("quiet_line").at(key).at("value").is_number()) << key;
}

TEST_F(Compare, PrintsTables) {
  const Ended ended = qantar({"compare", file()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("The police held back (quiet_line): 40 trials"), HasSubstr("P1 "),
                               HasSubstr("does not happen"), HasSubstr("Totals"), HasSubstr("nothing_happens"),
                               HasSubstr("Degenerate courses"), HasSubstr("on record"),
                               HasSubstr("paired: score minus that of "), HasSubstr("climatology  nothing  energy")));
  EXPECT_THAT(ended.err, IsEmpty());
}

// The shares of degenerate courses and the best outcome follow from the file alone.
TEST_F(Compare, CountsCoursesAndSaysWhatTellsTheAccountsApart) {
  const sim::ResultReader result(file());
  const auto quiet = result.variable("degenerate");  // four courses a trial, the first of them without violence
  const Json all = json();
  ASSERT_EQ(all.at("courses").size(), 2U);
  for (std::size_t h = 0; h < 2; ++h) {
    const Json courses = all.at("courses")[h];
    EXPECT_EQ(courses.at("trials"), 40);
    EXPECT_TRUE(courses.at("stylised_facts").empty());
    double count = 0;
    for (std::size_t t = 40 * h; t < 40 * (h + 1); ++t) count += quiet[4 * t];
    EXPECT_EQ(courses.at("degenerate")[0].at("id"), "no_violence");
    EXPECT_DOUBLE_EQ(courses.at("degenerate")[0].at("value"), count / 40);
  }
  const Json separation = all.at("separation");
  ASSERT_FALSE(separation.empty());
  double before = 1;
  int on_record = 0;
  for (const auto& one : separation) {
    EXPECT_LE(one.at("auc"), before);
    before = one.at("auc");
    EXPECT_NE(one.at("outcome"), "switched_on");
    if (one.at("on_record")) {
      ++on_record;
      EXPECT_THAT(one.at("outcome"),
                  ::testing::AnyOf("place_protest_began[port]", "site_fell[seat_hall]"));  // P1 and P2
    }
  }
  EXPECT_GT(on_record, 0);
}

TEST_F(Compare, TakesOtherEvidence) {
  const CaseCopy copy;
  copy.replace("evidence.toml", "id = \"P2\"", "id = \"P9\"");
  EXPECT_EQ(json({"--evidence", (copy / "evidence.toml").string()}).at("events").back().at("id"), "P9");
  copy.replace("evidence.toml", "\"seat_hall\"", "\"seat_hal\"");
  const Ended wrong = qantar({"compare", file(), "--evidence", (copy / "evidence.toml").string()});
  EXPECT_EQ(wrong.code, 3);
  EXPECT_THAT(wrong.err,
              AllOf(HasSubstr((copy / "evidence.toml").string() + ":"), HasSubstr("did you mean \"seat_hall\"?")));
  EXPECT_EQ(qantar({"compare", file(), "--evidence", "/nowhere.toml"}).code, 3);
}

TEST_F(Compare, WithoutAnyEvidenceAsksForSome) {
  const CaseCopy copy;
  fs::remove(copy / "evidence.toml");
  const Folder folder;
  ASSERT_EQ(qantar({"run", copy.path(), "-n", "1", "-o", (folder / "r.h5").string()}).code, 0);
  const Ended ended = qantar({"compare", (folder / "r.h5").string()});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("--evidence FILE"));
}

}  // namespace
}  // namespace qantar::testing
