// report: what goes in, what comes out, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

using Json = nlohmann::json;

class ReportCommand : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new Folder;
    ASSERT_EQ(qantar({"run", small_case(), "-n", "30", "--seed", "3", "-o", in("r.h5"), "--quiet"}).code, 0);
  }
  static void TearDownTestSuite() { delete folder_; }
  static std::string in(const std::string& name) { return (*folder_ / name).string(); }

  static Ended report(std::vector<std::string> words) {
    words.insert(words.begin(), "report");
    return qantar(words);
  }
  /// The data of a page.
  static Json data_of(const std::string& page) {
    const std::string text = text_of(page), begin = "id=\"data\">";
    const auto from = text.find(begin) + begin.size();
    return Json::parse(text.substr(from, text.find("</script>", from) - from));
  }

 private:
  static inline Folder* folder_ = nullptr;
};

TEST_F(ReportCommand, WritesOnePageThatNeedsNoNetwork) {
  const Ended ended = report({in("r.h5"), "-o", in("p.html")});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("p.html"));
  const std::string page = text_of(in("p.html"));
  EXPECT_THAT(page, AllOf(HasSubstr("default-src 'none'"), Not(HasSubstr("src=\"http")), Not(HasSubstr("url(http")),
                          Not(HasSubstr("@import")), Not(HasSubstr("sourceMappingURL"))));
  const Json data = data_of(in("p.html"));
  const Json& part = data.at("parts").at(0);
  EXPECT_EQ(part.at("kind"), "run");
  EXPECT_EQ(part.at("accounts").at(0).at("trials"), 30);
  EXPECT_EQ(part.at("trials").size(), 2U) << "a typical one of each account";
  EXPECT_THAT(part.at("trials").at(0).at("story").get<std::string>(), HasSubstr("protest begins"));
  // Everything that is missing comes with the command that gives it.
  std::vector<std::string> how;
  for (const auto& entry : data.at("left_out")) how.push_back(entry.at("how"));
  EXPECT_THAT(how, AllOf(Contains(HasSubstr("qantar adjudicate")), Contains(HasSubstr("qantar sweep")),
                         Contains(HasSubstr("qantar whatif"))));

  EXPECT_EQ(report({in("r.h5"), "-o", in("p.html")}).code, 3) << "it is there already";
  ASSERT_EQ(report({in("r.h5"), "-o", in("again.html")}).code, 0);
  EXPECT_EQ(page, text_of(in("again.html"))) << "the same files give the same page";
}

TEST_F(ReportCommand, TellsTheTrialThatIsAskedFor) {
  ASSERT_EQ(report({in("r.h5"), "--trial", "52", "-o", in("t.html")}).code, 0);
  const Json data = data_of(in("t.html"));
  const Json& told = data.at("parts").at(0).at("trials").at(0);
  EXPECT_EQ(told.at("trial"), 52);
  EXPECT_EQ(told.at("typical"), false);
  const std::string story = qantar({"narrate", in("r.h5"), "--trial", "52"}).out;
  EXPECT_THAT(story, HasSubstr(told.at("story").get<std::string>()));

  const Ended none = report({in("r.h5"), "--trial", "60", "-o", in("n.html")});
  EXPECT_EQ(none.code, 5);
  EXPECT_THAT(none.err, HasSubstr("there is no trial 60"));
  EXPECT_EQ(report({in("r.h5"), "--trial", "x", "-o", in("n.html")}).code, 2);
  EXPECT_FALSE(fs::exists(in("n.html")));
}

TEST_F(ReportCommand, HasTheSameNumbersAsCompare) {
  ASSERT_EQ(report({in("r.h5"), "-o", in("c.html")}).code, 0);
  const Json record = data_of(in("c.html")).at("parts").at(0).at("record");
  const Json compared = Json::parse(qantar({"compare", in("r.h5"), "--json"}).out);
  std::size_t looked = 0;
  for (const auto& event : record.at("events"))
    for (const auto& row : compared.at("events")) {
      if (row.at("id") != event.at("id")) continue;
      std::size_t predictor = 0;
      while (record.at("predictors").at(predictor).at("name") != row.at("hypothesis")) ++predictor;
      const Json& predicted = event.at("predicted").at(predictor);
      EXPECT_NEAR(predicted.at(6).get<double>(), row.at("hit").get<double>(), 1e-4) << event.at("id");
      EXPECT_NEAR(predicted.at(9).get<double>(), row.at("score").get<double>(), 1e-4) << event.at("id");
      ++looked;
    }
  EXPECT_EQ(looked, compared.at("events").size());
  EXPECT_GT(looked, 0U);
}

TEST_F(ReportCommand, TheMediansOfOneTrialAreThatTrial) {
  const CaseCopy copy;
  copy.replace("case.toml", "name = \"the port\"", "name = \"the port\"\nlatitude = 43\nlongitude = 51");
  ASSERT_EQ(qantar({"run", copy.path(), "-n", "1", "--seed", "3", "--hypothesis", "strong_pull", "-o", in("one.h5"),
                    "--quiet"})
                .code,
            0);
  ASSERT_EQ(report({in("one.h5"), "-o", in("one.html")}).code, 0);
  const Json data = data_of(in("one.html"));
  const Json& part = data.at("parts").at(0);
  const Json &all = part.at("map").at("by_account").at(0), &one = part.at("trials").at(0);
  for (const char* name : {"peaceful", "violent", "police_present", "network_level", "lost"})
    EXPECT_EQ(all.at(name), one.at(name)) << name;
  EXPECT_THAT(one.at("lost").dump(), HasSubstr("1")) << "no site was lost, so the test shows little";
  EXPECT_EQ(part.at("map").at("places").at(0).at("sites"), 2) << "the market is no site of the state";
}

TEST_F(ReportCommand, ASeizedSiteIsALostOne) {
  ASSERT_EQ(qantar({"run", source("configs/turkey_2016").string(), "-n", "1", "--hypothesis", "one_network", "-o",
                    in("night.h5"), "--quiet"})
                .code,
            0);
  ASSERT_EQ(report({in("night.h5"), "-o", in("night.html")}).code, 0);
  const Json data = data_of(in("night.html"));
  const Json& part = data.at("parts").at(0);
  const Json& lost = part.at("trials").at(0).at("lost");
  EXPECT_EQ(part.at("map").at("by_account").at(0).at("lost"), lost);
  EXPECT_THAT(lost.dump(), HasSubstr("2"));
  EXPECT_THAT(lost.dump(), testing::Not(HasSubstr("-")));
}

TEST_F(ReportCommand, ShowsWhereTheTrialsThatFitTheRecordLie) {
  ASSERT_EQ(qantar({"adjudicate", small_case(), "--trials", "400", "--seed", "5", "-o", in("v.h5"), "--quiet"}).code,
            0);
  ASSERT_EQ(report({in("v.h5"), "-o", in("v.html")}).code, 0);
  const Json data = data_of(in("v.html"));
  const Json& part = data.at("parts").at(0);
  const auto mean = [](const Json& numbers, std::size_t first, std::size_t last) {
    double sum = 0;
    for (std::size_t i = first; i < last; ++i) sum += numbers.at(i).get<double>();
    return sum / static_cast<double>(last - first);
  };
  ASSERT_EQ(part.at("posteriors").size(), part.at("summary").at("hypotheses").size());
  for (std::size_t k = 0; k < part.at("posteriors").size(); ++k) {
    const Json& found = part.at("posteriors").at(k);
    const Json& judged = part.at("summary").at("hypotheses").at(k);
    EXPECT_EQ(found.at("account"), judged.at("name"));
    EXPECT_NEAR(found.at("effective_size").get<double>(), judged.at("effective_size").get<double>(), 1);
    ASSERT_GT(found.at("effective_size").get<double>(), 100);
    ASSERT_GE(found.at("parameters").size(), 2U);
    for (const auto& p : found.at("parameters")) EXPECT_NEAR(mean(p.at("shares"), 0, 20), 1, 0.01) << p;
    // The first pair is of the first two; half of the first one's prior is half of its bins in both.
    const Json &pair = found.at("pairs").at(0), &first = found.at("parameters").at(0);
    EXPECT_EQ(pair.at("a"), first.at("name"));
    EXPECT_NEAR(mean(pair.at("cells"), 0, 32), mean(first.at("shares"), 0, 10), 0.02);
  }
}

TEST_F(ReportCommand, OfASweepSaysWhatSensitivitySays) {
  ASSERT_EQ(qantar({"sweep", "plan", small_case() + "/sweeps/line.toml", "--dir", in("sweep")}).code, 0);
  ASSERT_EQ(qantar({"sweep", "run", in("sweep"), "--quiet"}).code, 0);
  ASSERT_EQ(qantar({"sweep", "merge", in("sweep"), "-o", in("s.h5"), "--quiet"}).code, 0);
  const std::string printed = qantar({"sensitivity", in("s.h5"), "--json"}).out;
  write_file(in("s.json"), printed);
  ASSERT_EQ(report({in("s.h5"), in("s.json"), "-o", in("s.html")}).code, 0);
  const Json parts = data_of(in("s.html")).at("parts");
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts.at(0).at("kind"), "run");
  EXPECT_FALSE(parts.at(0).contains("bands"));
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(parts.at(i).at("kind"), "sensitivity");
    EXPECT_EQ(parts.at(i).at("hypotheses"), Json::parse(printed).at("hypotheses"));
  }
}

TEST_F(ReportCommand, RefusesWhatItCannotShow) {
  EXPECT_EQ(report({in("r.h5")}).code, 2);
  EXPECT_EQ(report({"-o", in("x.html")}).code, 2);
  EXPECT_EQ(report({in("nowhere.h5"), "-o", in("x.html")}).code, 5);
  EXPECT_EQ(report({in("r.h5"), "-o", in("nowhere/x.html")}).code, 3);
  write_file(in("compare.json"), qantar({"compare", in("r.h5"), "--json"}).out);
  const Ended compared = report({in("compare.json"), "-o", in("x.html")});
  EXPECT_EQ(compared.code, 3);
  EXPECT_THAT(compared.err, AllOf(HasSubstr("compare.json"), HasSubstr("give the result itself")));
  std::string bytes = text_of(in("r.h5"));
  bytes[bytes.size() / 2] ^= 1;
  write_file(in("damaged.h5"), bytes);
  EXPECT_EQ(report({in("damaged.h5"), "-o", in("x.html")}).code, 5);
  EXPECT_FALSE(fs::exists(in("x.html")));
}

}  // namespace
}  // namespace qantar::testing
