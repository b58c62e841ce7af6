// compare: trials beside the documented events, as text and as JSON.
#include <cmath>
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
  EXPECT_THAT(predictors, ::testing::IsSupersetOf({"quiet_line", "strong_pull", "nothing_happens"}));
}

TEST_F(Compare, PrintsTables) {
  const Ended ended = qantar({"compare", file()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("The police held back (quiet_line): 40 trials"), HasSubstr("P1 "),
                               HasSubstr("does not happen"), HasSubstr("Totals"), HasSubstr("nothing_happens")));
  EXPECT_THAT(ended.err, IsEmpty());
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
