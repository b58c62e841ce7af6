// What the page of `qantar report` is told: few numbers, rightly summed up, and no text that could become a script.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/report/data.hpp"
#include "cli/report/page.hpp"
#include "tests/unit/results_support.hpp"

namespace qantar::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

TEST(ReportNumbers, AreShortAndWholeOnesHaveNoPoint) {
  EXPECT_EQ(short_number(1234.567).dump(), "1235");
  EXPECT_EQ(short_number(0.123456, 3).dump(), "0.123");
  EXPECT_EQ(short_number(-2.0).dump(), "-2");
  EXPECT_EQ(short_number(1.5e20, 2).dump(), "1.5e+20");
  EXPECT_EQ(short_number(std::nan("")).dump(), "null");
  EXPECT_EQ(short_number(INFINITY).dump(), "null");
}

TEST(ReportPage, NoTextEndsItsElement) {
  const std::string text = "</script><!-- <b> & \" \xff";
  const std::string page = page_with("<p>{\"data\":\"goes here\"}</p>", {{"name", text}});
  EXPECT_TRUE(page.starts_with("<p>{\"name\":\"\\u003c/script>\\u003c!-- "));
  EXPECT_TRUE(page.ends_with("\"}</p>"));
  EXPECT_THAT(page.substr(3, page.size() - 7), Not(HasSubstr("<")));
  const Json back = Json::parse(page.substr(3, page.size() - 7));
  EXPECT_EQ(back.at("name"), "</script><!-- <b> & \" \uFFFD");
  EXPECT_THROW(page_with("<p></p>", {}), std::logic_error);
}

TEST(ReportPrinted, IsKnownByWhatItHolds) {
  const auto kind = [](const Json& printed) { return part_of_printed("a.json", printed.dump()).at("kind"); };
  EXPECT_EQ(kind({{"do", {"x=1"}}, {"all", Json::object()}, {"hypotheses", Json::array()}}), "whatif");
  EXPECT_EQ(kind({{"title", "t"}, {"hypotheses", Json::array()}}), "sensitivity");
  EXPECT_THROW(kind({{"title", "t"}, {"hypotheses", Json::array()}, {"verdict", "ranked"}}), sim::InputError);
  EXPECT_THROW(kind({{"events", Json::array()}}), sim::InputError);
  EXPECT_THROW(part_of_printed("a.json", "[1]"), sim::InputError);
  EXPECT_THROW(part_of_printed("a.json", "{"), sim::InputError);
}

/// The made-up result, whose case no program can read.
class ReportOfARun : public ::testing::Test {
 protected:
  Json part(const std::vector<std::int64_t>& told = {}) {
    sim::testing::write_small(folder_ / "r.h5", true);
    const sim::ResultReader result(folder_ / "r.h5");
    return part_of_run("r.h5", result, told, left_out_);
  }
  const sim::testing::Folder folder_;
  std::vector<LeftOut> left_out_;
};

TEST_F(ReportOfARun, CountsTrialsAndNamesFailures) {
  const Json all = part();
  EXPECT_EQ(all.at("accounts").at(0).at("trials"), 10);
  EXPECT_EQ(all.at("accounts").at(0).at("failed"), 1);
  EXPECT_EQ(all.at("accounts").at(1).at("failed"), 0);
  EXPECT_EQ(all.at("failures").at(0).at("stage"), "step 3");
  EXPECT_EQ(all.at("run").at("seed"), "18364758544493064720");  // more than a number of a script can hold
  EXPECT_FALSE(all.at("made").contains("configuration"));
}

TEST_F(ReportOfARun, SumsUpOutcomesOfTheTrialsThatEndedWell) {
  const Json all = part(), outcomes = all.at("outcomes");
  const auto of = [&](const std::string& name) {
    return *std::ranges::find_if(outcomes, [&](const Json& o) { return o.at("name") == name; });
  };
  // Trials 10 to 19 of the second account: deaths at the first place are 10, ..., 19.
  const Json deaths = of("deaths").at("values").at(0).at(1);
  EXPECT_TRUE(deaths.at(0).is_null());
  EXPECT_EQ(deaths.at(5), 14.5);
  EXPECT_EQ(deaths.at(3), 10.45);
  // Trials 0, 3, 6, 9 of the first account never saw the dismissal; 7 failed.
  const Json dismissal = of("dismissal").at("values").at(0).at(0);
  EXPECT_EQ(dismissal.at(0), 0.5556);
  EXPECT_EQ(dismissal.at(5), 28);  // 25, 26, 28, 29, 32
  // Odd trials: 1, 3, 5, 9 of nine.
  EXPECT_EQ(of("fell").at("values").at(0).at(0).at(0), 0.4444);
  EXPECT_TRUE(of("fell").at("values").at(0).at(0).at(5).is_null());
  EXPECT_TRUE(std::ranges::none_of(outcomes, [](const Json& o) { return o.at("name") == "ending"; }));
}

TEST_F(ReportOfARun, HasTheFansOfTheFile) {
  const Json all = part();
  const Json& legitimacy = all.at("bands").at(1);
  EXPECT_EQ(legitimacy.at("name"), "legitimacy");
  ASSERT_EQ(all.at("hours").size(), 6U);
  EXPECT_EQ(all.at("hours").at(0), 25);
  // The fourth number of step 2 is 230 + trial; those of the second account are 10, ..., 19.
  EXPECT_NEAR(legitimacy.at("bands").at(1).at(0).at(2).at(2).get<double>(), 244.5, 0.51);
  EXPECT_NEAR(legitimacy.at("bands").at(1).at(0).at(0).at(2).get<double>(), 240.45, 0.51);
}

TEST_F(ReportOfARun, SaysWhatCannotBeShown) {
  const Json all = part();
  EXPECT_FALSE(all.contains("map"));
  ASSERT_FALSE(left_out_.empty());
  EXPECT_THAT(left_out_.front().what, HasSubstr("story"));
  EXPECT_THAT(left_out_.front().how, HasSubstr("cannot read the case"));
}

}  // namespace
}  // namespace qantar::cli
