// Every parameter, switch and key of a case moves something: the same trials (same luck) under two values differ.
// A key that moves nothing would promise an effect that the model does not have.
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "agents/action_fields.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents::parameters_test {
namespace {

using test::ScenarioPtr;

constexpr std::uint32_t trials = 16;

// In which trial the two scenarios part in their outcomes; -1 for none.
int parts_at(const ScenarioPtr& a, const ScenarioPtr& b) {
  for (std::uint32_t k = 0; k < trials; ++k)
    if (!test::same_numbers(test::run(a, k).outcomes, test::run(b, k).outcomes)) return static_cast<int>(k);
  return -1;
}

bool series_part(const ScenarioPtr& a, const ScenarioPtr& b) {
  return !test::same_numbers(test::run(a, 0).series, test::run(b, 0).series);
}

// Parameters that only act in a special situation, and the overrides that bring it about.
const std::map<std::string, std::vector<std::string>>& situations() {
  static const std::map<std::string, std::vector<std::string>> all{
      {"detection_rate", {"prepared_groups=1", "foreign_training=1"}},
      {"challenger_replaces", {"offices.harbour_chief.affinity=-4", "office_rate=2"}},
      {"challenger_blocks", {"offices.harbour_chief.affinity=-4", "office_rate=2"}},
      {"unresolved_retaking", {"actions.live_fire.by=[]", "police_guarding=0.9"}},
      {"joining_affinity", {"joining_barrier=1"}},
      {"waiting_blocks",
       {"withdrawal_directives=1", "offices.service_deputy.affinity=4", "offices.service_first_deputy.affinity=4"}},
      {"group_decay", {"clan_funding=1"}},
      {"inquiry_rate", {"clan_funding=1"}},
      {"misattribution", {"clan_funding=1"}},
      {"rally_rate", test::two_sides()},
      {"site_mark", test::two_sides()},
  };
  return all;
}

TEST(Parameters, EachMovesAnOutcome) {
  for (const auto& row : parameter_rows()) {
    auto set = [&](double value) {
      std::vector<std::string> overrides;
      if (const auto found = situations().find(row.name); found != situations().end()) overrides = found->second;
      overrides.push_back(row.name + "=" + sim::write_number(value));
      return test::crisis(overrides);
    };
    const double usual = row.prior.quantile(0.5);
    const double low = std::max(row.low, usual > 0 ? 0.4 * usual : 1.5 * usual);
    const double high = std::min(row.high, usual > 0 ? 2.5 * usual : usual == 0 ? 1.0 : 0.5 * usual);
    ASSERT_LT(low, high) << row.name;
    EXPECT_GE(parts_at(set(low), set(high)), 0) << row.name << " moves nothing between " << low << " and " << high;
  }
}

TEST(Switches, EachMovesAnOutcome) {
  // The outcome `switched_on` shows the switch itself, so it is not asked.
  const auto layout = CrisisModel(test::crisis()).layout();
  const std::size_t shown = layout.width(layout.outcomes) - test::crisis()->switches.size();
  ASSERT_EQ(layout.outcomes.back().name, "switched_on");
  const auto names = test::crisis()->ids.names("switches");
  for (const auto& name : names) {
    std::vector<std::string> off;
    for (const auto& other : names) off.push_back(other + "=0");
    auto on = off;
    on.push_back(name + "=1");
    const auto without = test::crisis(off), with = test::crisis(on);
    bool moved = false;
    for (std::uint32_t k = 0; k < trials && !moved; ++k) {
      auto a = test::run(without, k).outcomes, b = test::run(with, k).outcomes;
      a.resize(shown);
      b.resize(shown);
      moved = !test::same_numbers(a, b);
    }
    EXPECT_TRUE(moved) << name;
  }
}

// What a key is set to: two TOML values for one entry of its kind, with what else is needed for it to matter.
struct KeyRow {
  std::string key, first, second;
  std::vector<std::string> also;
  bool only_series = false;  ///< shows in the series of states, and in no outcome
};

void check(const std::vector<KeyRow>& rows) {
  for (const auto& row : rows) {
    const auto set = [&](const std::string& value) {
      auto overrides = row.also;
      if (!value.empty()) overrides.push_back(row.key + "=" + value);
      return test::crisis(overrides);
    };
    const auto a = set(row.first), b = set(row.second);
    if (row.only_series) {
      EXPECT_TRUE(series_part(a, b)) << row.key << " moves nothing";
      EXPECT_EQ(parts_at(a, b), -1) << row.key << " moves outcomes now: no longer a mere state";
    } else {
      EXPECT_GE(parts_at(a, b), 0) << row.key << " moves nothing between " << row.first << " and " << row.second;
    }
  }
}

// Keys that only describe. They must move nothing at all.
const std::set<std::string> described{"id", "name", "source", "title", "description"};

// The rows must cover every key of the kind, so that a new key without a row fails.
template <class T>
void expect_covered(const sim::Fields<T>& fields, const std::string& head, const std::vector<KeyRow>& rows) {
  std::set<std::string> seen;
  for (const auto& row : rows) {
    std::string rest = row.key.substr(head.size());
    if (head.find('.') == std::string::npos &&
        (head == "case" || head == "inputs" || head == "structure" || head == "intervention"))
      rest = rest.substr(1);
    else
      rest = rest.substr(rest.find('.', 1) + 1);
    seen.insert(rest.substr(0, rest.find('.')));
  }
  for (const auto& field : fields.all())
    EXPECT_TRUE(described.contains(field.key) || seen.contains(field.key))
        << head << "." << field.key << " has no row in this test";
}

TEST(Keys, OfCaseClockAndInputsMatter) {
  const std::vector<KeyRow> head{{"case.persons_per_agent", "20", "25", {}, false},
                                 {"case.mobilisable_share", "0.03", "0.02", {}, false},
                                 {"case.protest_size", "50", "200", {}, false},
                                 {"case.mass_size", "1500", "3000", {}, false}};
  expect_covered(case_fields(), "case", head);
  check(head);
  const std::vector<KeyRow> inputs{
      {"inputs.shock_at", "2030-03-01T13:00:00+02:00", "2030-03-02T13:00:00+02:00", {}, false},
      {"inputs.shock_size", "1", "0.5", {}, false},
      {"inputs.sunrise", "6.5", "9.5", {}, false},
      {"inputs.sunset", "18.5", "15.5", {}, false},
      {"inputs.curfew_begins", "23", "19", {}, false},
      {"inputs.curfew_ends", "7", "11", {}, false}};
  expect_covered(input_fields(), "inputs", inputs);
  check(inputs);
  check({{"clock.step_hours", "1", "2", {}, false},
         {"clock.start", "2030-03-01T12:00:00+02:00", "2030-03-01T06:00:00+02:00", {}, false},
         {"clock.end", "2030-03-14T00:00:00+02:00", "2030-03-18T00:00:00+02:00", {}, false}});
  const std::vector<KeyRow> structure{{"structure.activation", "\"synchronous\"", "\"sequential\"", {}, false},
                                      {"structure.first_mover", "\"citizens\"", "\"forces\"", {}, false}};
  expect_covered(structure_fields(), "structure", structure);
  check(structure);
  const std::vector<KeyRow> intervention{{"intervention.strength", "1500", "500", {}, false},
                                         {"intervention.place", "\"harbour\"", "\"seat\"", {}, false},
                                         {"intervention.freed", "600", "0", {}, false},
                                         {"intervention.arrival_hours", "36", "6", {"intervention_kinetic=1"}, false},
                                         {"intervention.exit_hours", "24", "48", {}, false}};
  expect_covered(intervention_fields(), "intervention", intervention);
  check(intervention);
}

TEST(Keys, OfPlacesAndSitesMatter) {
  const std::vector<KeyRow> places{{"places.valley.region", "\"south\"", "\"coast\"", {}, false},
                                   {"places.harbour.population", "500000", "400000", {}, false},
                                   {"places.mine.shock_exposure", "1", "0.5", {}, false},
                                   {"places.harbour.hardship_offset", "0.15", "0", {}, false},
                                   {"places.harbour.force_readiness", "1", "0.3", {}, false},
                                   {"places.harbour.network", "0.9", "0.3", {}, false},
                                   {"places.east_town.latitude", "50", "80", {}, false},
                                   {"places.east_town.longitude", "32", "100", {}, false},
                                   {"places.mine.clock_shift", "-1", "2", {}, false},
                                   {"places.harbour.significance", "1", "0.5", {}, false},
                                   {"places.seat.capital", "true", "false", {"withdrawal_directives=1"}, false}};
  expect_covered(place_fields(), "places", places);
  check(places);
  const std::vector<KeyRow> sites{
      {"sites.harbour_party.place", "\"harbour\"", "\"valley\"", {}, false},
      {"sites.harbour_hall.seat", "true", "false", {}, false},
      {"sites.harbour_hall.lines", "2", "4", {}, false},
      {"sites.harbour_service.arms", "300", "30", {}, false},
      {"sites.harbour_shops.businesses", "400", "40", {}, false},
      {"sites.harbour_hall.significance", "1", "0.3", {}, false},
      {"sites.harbour_police.coercive", "0.8", "3", {"prepared_groups=1"}, false},
      {"sites.harbour_party.symbolic", "0.6", "3", {}, false},
      {"sites.harbour_party.loot", "0.2", "5", {}, false},
      {"sites.harbour_statue.state", "true", "false", {}, false},
      {"sites.harbour_hall.held_until", "2030-03-01T13:00:00+02:00", "2030-03-13T00:00:00+02:00", {}, false}};
  expect_covered(site_fields(), "sites", sites);
  check(sites);
}

TEST(Keys, OfTheElitesMatter) {
  const std::vector<KeyRow> organisations{
      {"organisations.police_force.head", "\"interior_minister\"", "\"harbour_chief\"", {}, false},
      {"organisations.police_force.morale", "0.5", "0.8", {}, false},
      {"organisations.police_force.loyalty.palace", "0.6", "0.2", {}, false}};
  expect_covered(organisation_fields(), "organisations", organisations);
  check(organisations);
  const std::vector<KeyRow> factions{
      {"factions.old_family.role", "\"patron\"", "\"none\"", {}, false},
      {"factions.old_family.head", "\"council_chair\"", "\"magnate\"", {"clan_funding=1"}, false},
      {"factions.old_family.money", "0.9", "0.4", {}, false},
      {"factions.old_family.information", "0.8", "0.1", {"clan_funding=1"}, false},
      {"factions.old_family.external", "0.1", "0.021", {}, false},
      {"factions.old_family.income", "0", "0.1", {}, false},
      {"factions.old_family.stake", "0", "9", {"motives.not_yet_lost.barrier=-3"}, false},
      {"factions.old_family.against", "false", "true", {"motives.not_yet_lost.barrier=-3"}, false}};
  check(factions);
  expect_covered(faction_fields(), "factions", factions);
  const std::vector<KeyRow> offices{
      {"offices.harbour_chief.organisation", "\"police_force\"", "\"guard\"", {}, false},
      {"offices.harbour_chief.superior", "\"interior_minister\"", "\"president\"", {}, false},
      {"offices.magnate.tie", "\"old_family\"", "\"palace\"", {}, false},
      {"offices.magnate.affinity", "-0.5", "2", {}, false},
      {"offices.magnate.power", "1.5", "8", {}, false},
      {"offices.prime_minister.removable", "true", "false", {"actions.dismiss_cabinet.by=[]"}, false}};
  check(offices);
  auto all = offices;
  all.push_back({"offices.harbour_chief.place", "\"harbour\"", "\"valley\"", {}, false});  // only in the event log
  expect_covered(office_fields(), "offices", all);
}

TEST(Keys, OfUnitsGroupsAndSnapshotsMatter) {
  const std::vector<KeyRow> units{
      {"units.harbour_guard.organisation", "\"guard\"", "\"army\"", {}, false},
      {"units.north_police.place", "\"north_town\"", "\"harbour\"", {}, false},
      {"units.airport_post.site", "\"harbour_airport\"", "\"harbour_service\"", {}, false},
      {"units.service_post.commander", "\"service_deputy\"", "\"service_head\"", {"withdrawal_directives=1"}, false},
      {"units.harbour_line.strength", "350", "700", {}, false},
      {"units.harbour_guard.side", "\"palace\"", "\"old_family\"", {}, false},
      {"units.harbour_guard.task", "\"harbour_broadcaster\"", "\"harbour_hall\"", test::two_sides(), false},
      {"units.first_brigade.reserve", "true", "false", {}, false},
      {"units.east_guard.mobile", "true", "false", {}, false}};
  expect_covered(unit_fields(), "units", units);
  check(units);
  const std::string on = "prepared_groups=1";
  const std::vector<KeyRow> groups{
      {"groups.service_irregulars.sponsor", "\"service\"", "\"abroad\"", {on}, false},
      {"groups.service_irregulars.foreign", "false", "true", {on}, false},
      {"groups.service_irregulars.cues", "[]", "[{ rate = 5 }]", {on}, false},
      {"groups.service_irregulars.enabled_by", "\"prepared_groups\"", "\"clan_funding\"", {on}, false},
      {"groups.service_irregulars.presence", "1", "0", {on}, false},
      {"groups.service_irregulars.size", "300", "900", {on}, false},
      {"groups.service_irregulars.armed_share", "0.4", "0.9", {on}, false},
      {"groups.service_irregulars.skill", "2", "6", {on}, false},
      {"groups.service_irregulars.preparation_months", "6", "24", {on}, false},
      {"groups.service_irregulars.protection", "0.7", "0", {on}, false},
      {"groups.service_irregulars.growth_hours", "2", "48", {on}, false},
      {"groups.service_irregulars.places", "{ harbour = 0.8 }", "{ valley = 0.8 }", {on}, false},
      {"groups.service_irregulars.coercive", "1.8", "-2", {on}, false},
      {"groups.service_irregulars.symbolic", "0.2", "4", {on}, false},
      {"groups.service_irregulars.loot", "-1", "4", {on}, false},
      {"groups.service_irregulars.arms", "0.4", "4", {on}, false}};
  expect_covered(group_fields(), "groups", groups);
  check(groups);
  const std::vector<KeyRow> snapshots{
      {"snapshots.day_05.at", "2030-03-05T23:00:00+02:00", "2030-03-05T12:00:00+02:00", {}, false}};
  expect_covered(snapshot_fields(), "snapshots", snapshots);
  check(snapshots);
}

TEST(Keys, OfEndingsMatter) {
  const std::vector<KeyRow> endings{{"endings.no_violence.kind", "\"degenerate\"", "\"order_restored\"", {}, false},
                                    {"endings.few_people.when",
                                     "[{ signal = \"peak_crowd\", below = 10 }]",
                                     "[{ signal = \"peak_crowd\", below = 1000000 }]",
                                     {},
                                     false},
                                    {"endings.quiet.hours", "0", "24", {}, false}};
  expect_covered(ending_fields(), "endings", endings);
  check(endings);
}

// The event log is the only place where the seat of an office shows.
TEST(Keys, TheSeatOfAnOfficeShowsInEvents) {
  const auto events = [](const std::string& place) {
    return test::run(test::crisis({"offices.harbour_chief.place=\"" + place + "\""}), 0).events;
  };
  EXPECT_FALSE(test::same_events(events("harbour"), events("valley")));
}

// The control: what only describes moves nothing, bit for bit.
TEST(Keys, DescriptionsMoveNothing) {
  const auto usual = test::crisis();
  for (const std::string key : {"places.harbour.name", "sites.harbour_hall.source", "offices.magnate.name",
                                "units.harbour_line.name", "groups.gang.source", "case.title", "case.description"}) {
    const auto other = test::crisis({key + "=\"another text\""});
    for (std::uint32_t k = 0; k < 2; ++k) {
      const auto a = test::run(usual, k), b = test::run(other, k);
      EXPECT_TRUE(test::same_numbers(a.outcomes, b.outcomes)) << key;
      EXPECT_TRUE(test::same_numbers(a.series, b.series)) << key;
      EXPECT_TRUE(test::same_events(a.events, b.events)) << key;
    }
  }
}

}  // namespace
}  // namespace qantar::agents::parameters_test
