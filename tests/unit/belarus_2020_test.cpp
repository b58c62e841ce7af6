// The second shipped case: what its files say holds together, and its trials run, without a line of C++ of its own.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/evidence.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents {
namespace {

class Belarus2020 : public ::testing::Test {
 protected:
  const std::string& text(const std::string& name) const {
    const std::string* found = case_.file(name);
    if (!found) throw std::runtime_error("no file " + name);
    return *found;
  }
  Case case_ = test::shipped("belarus_2020");
  sim::ResultLayout layout_ = result_layout(*case_.scenarios().at(0));
};

TEST_F(Belarus2020, EveryAccountSaysWhoHoldsIt) {
  std::vector<std::string> names;
  for (const auto& h : case_.scenarios()) {
    names.push_back(h->hypothesis);
    EXPECT_FALSE(h->held_by.empty()) << h->hypothesis;
  }
  EXPECT_THAT(names, ::testing::ElementsAre("crackdown_backfired", "loyal_forces", "loyalty_and_discipline",
                                            "peaceful_discipline"));
}

TEST_F(Belarus2020, EveryRowOfTheRecordMeetsAnOutcome) {
  sim::Diagnostics diagnostics;
  const auto& clock = case_.scenarios()[0]->clock;
  const auto evidence = analysis::read_evidence(text("evidence.toml"), "evidence.toml", layout_, clock, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_EQ(evidence.events.size(), 35U);
  EXPECT_EQ(evidence.sequence.size(), 9U);
  EXPECT_GE(evidence.hints.violence, 0);
  int held_out = 0;
  for (const auto& event : evidence.events) {
    EXPECT_FALSE(event.sources.empty()) << event.id;
    held_out += event.held_out;
    // A row can say something on a run only if its interval meets the clock.
    if (event.use != analysis::Use::scored || !sim::happened(event.middle())) continue;
    EXPECT_GE(event.middle(), clock.start()) << event.id;
    EXPECT_LE(event.middle(), clock.end()) << event.id;
  }
  EXPECT_EQ(held_out, 3);
  const auto claims = analysis::read_claims(text("claims.toml"), "claims.toml", layout_, clock, diagnostics);
  EXPECT_EQ(diagnostics.text(), "");
  EXPECT_EQ(claims.size(), 7U);
}

// Nothing of January 2022 has to be there: no patron, no chair to take, no armed groups.
TEST_F(Belarus2020, LeavesOutWhatItDoesNotNeed) {
  for (const auto& h : case_.scenarios()) {
    EXPECT_FALSE(h->faction(Role::patron).exists());
    EXPECT_TRUE(h->switches.empty());
    EXPECT_TRUE(h->groups.empty());
    for (const auto& action : h->actions) EXPECT_FALSE(action.takes_control) << action.id;
  }
}

TEST_F(Belarus2020, ProtestComesToMostTownsUnderEveryAccount) {
  for (const auto& h : case_.scenarios())
    for (std::uint32_t k = 0; k < 3; ++k) {
      const auto record = test::run(h, k);
      std::size_t begun = 0;
      for (const auto& event : record.events)
        begun += event.kind == static_cast<std::int32_t>(EventKind::protest_begins);
      EXPECT_GE(begun, 10U) << h->hypothesis << ", trial " << k;
      for (const auto& event : record.events)
        EXPECT_NE(event.kind, static_cast<std::int32_t>(EventKind::group_mobilises)) << h->hypothesis;
    }
}

TEST_F(Belarus2020, TheModelKnowsNoneOfItsNames) {
  namespace fs = std::filesystem;
  const auto& ids = case_.scenarios()[0]->ids;
  for (const auto& entry : fs::recursive_directory_iterator(std::string(QANTAR_SOURCE_DIR) + "/agents")) {
    if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
    const auto source = test::text_of(fs::relative(entry.path(), QANTAR_SOURCE_DIR).string());
    for (const char* kind : {"places", "sites", "organisations", "offices", "units"})
      for (const auto& id : ids.names(kind)) {
        if (id == "police" || id == "army" || id == "administration" || id == "president")
          continue;  // words of the model
        EXPECT_EQ(source.find('"' + id + '"'), std::string::npos) << entry.path() << " names " << id;
      }
  }
}

}  // namespace
}  // namespace qantar::agents
