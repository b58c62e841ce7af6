// A case is configuration: another crisis runs without a change to the program, and so do cases with parts missing.
#include <cmath>
#include <filesystem>
#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "agents/case_folder.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents {
namespace {

using test::ScenarioPtr;

TEST(OtherCrisis, RunsFromConfigurationAlone) {
  sim::Diagnostics diagnostics;
  const auto folder = std::string(QANTAR_SOURCE_DIR) + "/tests/support/other_crisis";
  const auto built = build_case(folder, read_case_files(folder, diagnostics), {}, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(built.name, "other_crisis");
  ASSERT_EQ(built.hypotheses.size(), 2U);
  std::set<std::string> seen;
  for (const auto& scenario : built.scenarios())
    for (std::uint32_t k = 0; k < 12; ++k) {
      const CrisisModel model(scenario);
      for (const auto& event : test::run(scenario, k).events)
        seen.insert(scenario->hypothesis + ": " + model.layout().event_kinds[static_cast<std::size_t>(event.kind)]);
    }
  for (const char* expected :
       {"quiet: protest_begins", "quiet: mass_crowd", "smugglers: mass_crowd", "smugglers: group_mobilises"})
    EXPECT_TRUE(seen.contains(expected)) << expected;
  EXPECT_FALSE(seen.contains("quiet: group_mobilises"));
  EXPECT_FALSE(seen.contains("quiet: intervention_agreed"));
}

// Names of the January case appear in no source of the model.
TEST(OtherCrisis, TheModelKnowsNoNamesOfACase) {
  namespace fs = std::filesystem;
  const auto ids = test::january().hypotheses.front().scenario->ids;
  for (const char* room : {"sim", "agents", "analysis", "cli"})
    for (const auto& entry : fs::recursive_directory_iterator(std::string(QANTAR_SOURCE_DIR) + "/" + room)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
      const auto text = test::text_of(fs::relative(entry.path(), QANTAR_SOURCE_DIR).string());
      for (const char* kind :
           {"places", "sites", "factions", "offices", "units", "groups", "actions", "motives", "switches"})
        for (const auto& id : ids.names(kind)) {
          if (id.find('_') == std::string::npos) continue;  // "president" is also a word of the model
          EXPECT_EQ(text.find('"' + id + '"'), std::string::npos) << entry.path() << " names " << id;
        }
    }
}

void forget(Scenario& s, const std::string& kind, const std::function<void()>& clear) {
  clear();
  // Actions may be about what is forgotten.
  s.actions.clear();
  s.motives.clear();
  s.choices.clear();
  s.endings.clear();
  sim::Ids rest;
  for (const char* other :
       {"places", "sites", "factions", "organisations", "offices", "units", "groups", "switches", "snapshots"})
    if (kind != other)
      for (const auto& id : s.ids.names(other)) rest.add(other, id);
  s.ids = rest;
}

void no_groups(Scenario& s) {
  forget(s, "groups", [&] { s.groups.clear(); });
}
void no_snapshots(Scenario& s) {
  forget(s, "snapshots", [&] { s.snapshots.clear(); });
}
void no_units(Scenario& s) {
  forget(s, "units", [&] { s.units.clear(); });
}
void no_sites(Scenario& s) {
  forget(s, "sites", [&] { s.sites.clear(); });
  for (auto& unit : s.units) unit.site = {};
}
void no_offices(Scenario& s) {
  forget(s, "offices", [&] { s.offices.clear(); });
  for (auto& unit : s.units) unit.commander = {};
  for (auto& faction : s.factions) faction.head = {};
  for (auto& organisation : s.organisations) organisation.head = {};
}
void only_the_president(Scenario& s) {
  for (auto& faction : s.factions)
    if (faction.role != Role::incumbent) faction.role = Role::none;
}

TEST(DegenerateCases, RunWithoutParts) {
  const std::pair<const char*, std::function<void(Scenario&)>> cases[] = {
      {"no groups", no_groups},
      {"no snapshots", no_snapshots},
      {"no units", no_units},
      {"no sites", no_sites},
      {"no offices", no_offices},
      {"only the president's faction", only_the_president},
      {"nothing but people",
       [](Scenario& s) {
         no_groups(s);
         no_units(s);
         no_sites(s);
         no_offices(s);
         no_snapshots(s);
         only_the_president(s);
       }},
      {"no head of any faction",
       [](Scenario& s) {
         for (auto& faction : s.factions) faction.head = {};
       }},
      {"no reaction", [](Scenario& s) { s.choices.clear(); }},
      {"only reserves",
       [](Scenario& s) {
         for (auto& unit : s.units) unit.reserve = true;
       }},
      {"units of nobody",
       [](Scenario& s) {
         for (auto& unit : s.units) unit.strength = {0, -1};
       }},
      {"no loyalty",
       [](Scenario& s) {
         for (auto& o : s.organisations) o.loyalty.assign(s.factions.size(), {});
       }},
      {"no focal city",
       [](Scenario& s) {
         for (auto& place : s.places) place.significance = 0;
       }},
      {"one inhabitant each",
       [](Scenario& s) {
         for (auto& place : s.places) place.population = 1;
       }},
      {"intervention without a place", [](Scenario& s) { s.intervention.place = {}; }},
      {"intervention of nobody",
       [](Scenario& s) {
         s.intervention.strength = {0, -1};
       }},
      {"one step", [](Scenario& s) {
         s.span.end = {s.span.start.seconds + 3600, s.span.start.offset_minutes};
         s.clock = sim::Clock(s.span.epoch, s.span.start, s.span.end, 1);
       }}};
  for (const auto& [name, change] : cases)
    for (std::uint32_t k = 0; k < 3; ++k) {
      const auto scenario = test::changed(test::crisis(), change);
      const auto record = sim::run_trial(CrisisModel(scenario), test::trial(k));
      EXPECT_EQ(record.status, sim::TrialStatus::ok) << name << ": " << record.stage << ": " << record.message;
      for (float x : record.series) EXPECT_FALSE(std::isinf(x)) << name;
      for (double x : record.outcomes) EXPECT_FALSE(std::isinf(x)) << name;
    }
}

TEST(DegenerateCases, TheSmallestCaseRuns) {
  const auto scenario = test::scenario_of(R"(
schema = 1
[case]
title = "One village"
persons_per_agent = 20
mobilisable_share = 0.024
protest_size = 50
mass_size = 2000
[clock]
epoch = 2000-01-01T00:00:00Z
start = 2000-01-01T00:00:00Z
end = 2000-01-03T00:00:00Z
[[places]]
id = "village"
name = "Village"
region = "r"
population = 900
[[factions]]
id = "mayor"
name = "mayor"
role = "incumbent"
[[organisations]]
id = "office"
name = "office"
)");
  for (std::uint32_t k = 0; k < 5; ++k) EXPECT_EQ(test::run(scenario, k).series.empty(), false);
}

}  // namespace
}  // namespace qantar::agents
