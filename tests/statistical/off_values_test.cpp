// The off value of a mechanism gives the model without it, bit for bit; and what is switched on leaves the luck of
// everything else alone.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/crisis_case.hpp"

namespace qantar::agents {
namespace {

using test::ScenarioPtr;

constexpr std::uint32_t trials = 6;

const std::vector<std::string>& all_off() {
  static const std::vector<std::string> off = [] {
    std::vector<std::string> out;
    for (const auto& name : switch_names()) out.push_back(name + "=0");
    return out;
  }();
  return off;
}

ScenarioPtr without_switches(std::vector<std::string> more = {}) {
  auto overrides = all_off();
  overrides.insert(overrides.end(), more.begin(), more.end());
  return test::crisis(overrides);
}

// Outcomes by name, without what merely repeats the switches or the axis of groups.
std::vector<double> outcomes_of(const ScenarioPtr& s, std::uint32_t k, const std::string& but = "switched_on") {
  const CrisisModel model(s);
  const auto record = test::run(s, k);
  std::vector<double> out;
  std::size_t at = 0;
  for (const auto& v : model.layout().outcomes) {
    const std::size_t n = model.layout().size(v);
    if (v.name != but)
      out.insert(out.end(), record.outcomes.begin() + static_cast<std::ptrdiff_t>(at),
                 record.outcomes.begin() + static_cast<std::ptrdiff_t>(at + n));
    at += n;
  }
  return out;
}

void expect_same(const ScenarioPtr& a, const ScenarioPtr& b, const std::string& what) {
  for (std::uint32_t k = 0; k < trials; ++k) {
    EXPECT_TRUE(test::same_numbers(outcomes_of(a, k), outcomes_of(b, k))) << what << ", trial " << k;
    EXPECT_TRUE(test::same_numbers(test::run(a, k).series, test::run(b, k).series)) << what << ", trial " << k;
    EXPECT_TRUE(test::same_events(test::run(a, k).events, test::run(b, k).events)) << what << ", trial " << k;
  }
}

bool any_event(const ScenarioPtr& s, EventKind kind) {
  for (std::uint32_t k = 0; k < trials; ++k)
    for (const auto& e : test::run(s, k).events)
      if (e.kind == static_cast<std::int32_t>(kind)) return true;
  return false;
}
bool any_action(const ScenarioPtr& s, Action action) {
  return any_event(s, static_cast<EventKind>(static_cast<int>(EventKind::action) + static_cast<int>(action)));
}

TEST(OffValues, WithoutItsSwitchAGroupIsAsIfDeleted) {
  const auto off = without_switches();
  const auto deleted = test::changed(off, [](Scenario& s) {
    s.groups.clear();
    s.ids = {};
    for (const auto& x : s.places) s.ids.add("places", x.id);
    for (const auto& x : s.sites) s.ids.add("sites", x.id);
    for (const auto& x : s.factions) s.ids.add("factions", x.id);
    for (const auto& x : s.organisations) s.ids.add("organisations", x.id);
    for (const auto& x : s.offices) s.ids.add("offices", x.id);
    for (const auto& x : s.units) s.ids.add("units", x.id);
    for (const auto& x : s.snapshots) s.ids.add("snapshots", x.id);
  });
  expect_same(off, deleted, "groups deleted");
}

// Draws are addressed by mechanism and actor, so a switch whose group is empty changes no number of anybody else.
TEST(OffValues, ASwitchWithAnEmptyGroupChangesNothing) {
  const auto off = without_switches();
  const std::pair<const char*, const char*> pairs[] = {{"clan_funding", "paid_groups"},
                                                       {"prepared_groups", "service_irregulars"},
                                                       {"organised_crime", "gang"},
                                                       {"foreign_training", "foreign_fighters"}};
  for (const auto& [name, group] : pairs)
    expect_same(off, without_switches({std::string(name) + "=1", "groups." + std::string(group) + ".size=0"}), name);
}

TEST(OffValues, ASwitchWithoutItsMeansChangesNothing) {
  const auto off = without_switches({"factions.service.actions=[\"misreport\"]"});
  expect_same(off, without_switches({"factions.service.actions=[\"misreport\"]", "withdrawal_directives=1"}),
              "directives that nobody may give");
  // With groups under the conspiracy's switches, removing the permission removes the groups.
  const auto on = [](const std::string& actions) {
    return without_switches({"clan_funding=1", "factions.old_family.actions=" + actions});
  };
  EXPECT_TRUE(any_event(on("[\"fund_groups\"]"), EventKind::group_mobilises));
  EXPECT_FALSE(any_event(on("[]"), EventKind::group_mobilises));
}

TEST(OffValues, ADrawDoesNotDependOnOtherSwitches) {
  // All switches at one half: whether one is on in a trial is the same whatever the others are.
  const auto half = test::crisis();
  const auto one = without_switches({"organised_crime=0.5"});
  int seen[2] = {0, 0};
  for (std::uint32_t k = 0; k < 40; ++k) {
    const CrisisModel a(half), b(one);
    const sim::Draws draws(test::trial(k));
    const bool on = a.make_world(draws).on(Switch::organised_crime);
    EXPECT_EQ(on, b.make_world(draws).on(Switch::organised_crime));
    ++seen[on];
  }
  EXPECT_GT(seen[0], 8);
  EXPECT_GT(seen[1], 8);
}

TEST(OffValues, WithoutForceNobodyClears) {
  EXPECT_TRUE(any_action(without_switches(), Action::clear_streets));
  for (const auto& off : {without_switches({"force_rate=0"}), without_switches({"factions.palace.actions=[]"})}) {
    EXPECT_FALSE(any_action(off, Action::clear_streets));
    EXPECT_FALSE(any_action(off, Action::live_fire) && any_action(off, Action::clear_streets));
  }
}

TEST(OffValues, ARefusedInterventionIsNone) {
  const std::string refuse = "factions.neighbours.actions=[]";
  const auto refused = without_switches({refuse});
  EXPECT_TRUE(any_action(refused, Action::request_intervention));
  for (Action a : {Action::intervention_agreed, Action::intervention_landed, Action::intervention_gone})
    EXPECT_FALSE(any_action(refused, a));
  // Its strength, place and timing then mean nothing.
  expect_same(refused,
              without_switches({refuse, "intervention.strength=9000", "intervention.place=\"seat\"",
                                "intervention_signal=3", "morale_relief=0.9", "intervention_delay=3"}),
              "intervention refused");
  // Nor does it matter when nobody asks.
  const std::string never = "request_rate=0";
  expect_same(without_switches({never, refuse}), without_switches({never}), "nobody asks");
}

TEST(OffValues, NetworkMeasuresWithoutEffectAreNoMeasures) {
  // At level 1 the measures are taken, but nothing follows: all but their own times and the events is the same.
  const auto street = [](const ScenarioPtr& s, std::uint32_t k) {
    const CrisisModel model(s);
    const auto record = test::run(s, k);
    const auto& layout = model.layout();
    const std::size_t width = layout.width(layout.series), places = s->places.size();
    std::vector<float> out;  // peaceful and violent come first
    for (std::size_t at = 0; at < record.series.size(); at += width)
      out.insert(out.end(), record.series.begin() + static_cast<std::ptrdiff_t>(at),
                 record.series.begin() + static_cast<std::ptrdiff_t>(at + 2 * places));
    return out;
  };
  const auto weak = without_switches({"network_restricted=1", "network_shut=1"});
  const auto none = without_switches({"network_rate=0", "shutdown_rate=0"});
  const auto strong = without_switches({"network_restricted=0.1", "network_shut=0"});
  bool measures = false, differs = false;
  for (std::uint32_t k = 0; k < trials; ++k) {
    EXPECT_TRUE(test::same_numbers(street(weak, k), street(none, k))) << k;
    differs = differs || !test::same_numbers(street(strong, k), street(none, k));
  }
  measures = any_action(weak, Action::restrict_network) || any_action(weak, Action::shut_network);
  EXPECT_TRUE(measures);
  EXPECT_TRUE(differs);
}

TEST(OffValues, WithoutSocialPullTheTiesCarryOnlyAwareness) {
  // Social pull 0 and nobody becoming ready through ties: the weight of ties is then without meaning.
  const std::vector<std::string> still{"social_pull=0", "awareness_rate=0"};
  auto more = still;
  more.push_back("tie_weight=0.9");
  expect_same(without_switches(still), without_switches(more), "no social pull, no awareness");
}

TEST(OffValues, WithoutAPriceStepItsTermsMeanNothing) {
  const auto no_step = [](const ScenarioPtr& s) {
    return test::changed(s, [](Scenario& x) { x.inputs.shock_at = sim::never; });
  };
  expect_same(no_step(without_switches()), no_step(without_switches({"shock_grievance=0.5", "shock_awareness=1"})),
              "no price step");
  // A factor of one is no step either.
  const auto same_price = [](const std::string& grievance) {
    return without_switches({"inputs.shock_size=0", "shock_awareness=0", "shock_grievance=" + grievance});
  };
  expect_same(same_price("0.1"), same_price("0.9"), "the same price");
}

TEST(OffValues, WithoutArmsNoneAreLost) {
  const auto unarmed = test::changed(without_switches(), [](Scenario& s) {
    for (auto& site : s.sites) site.arms = 0;
  });
  const auto armed = without_switches();
  const auto lost = [](const ScenarioPtr& s, std::uint32_t k) {
    const CrisisModel model(s);
    World w = model.make_world(sim::Draws(test::trial(k)));
    for (int i = 0; i < model.clock().steps(); ++i) model.step(w, sim::Draws(test::trial(k)), i);
    return w.tally.arms_lost;
  };
  double some = 0;
  for (std::uint32_t k = 0; k < trials; ++k) {
    EXPECT_EQ(lost(unarmed, k), 0.0);
    some += lost(armed, k);
  }
  EXPECT_GT(some, 0.0);
  expect_same(unarmed,
              test::changed(unarmed,
                            [](Scenario& s) {
                              const auto& rows = parameter_rows();
                              for (std::size_t i = 0; i < rows.size(); ++i)
                                if (rows[i].name == "arms_spread") s.parameters[i].value = 0.1;
                            }),
              "no arms to spread");
}

TEST(OffValues, WithoutOfficesOrdersAndStancesAreSilent) {
  const auto quiet = without_switches({"office_rate=0"});
  for (EventKind kind : {EventKind::stance_supports, EventKind::stance_waits, EventKind::stance_opposes})
    EXPECT_FALSE(any_event(quiet, kind));
  EXPECT_TRUE(any_event(without_switches(), EventKind::stance_waits));
}

TEST(OffValues, WithoutBiasOnlyTheDisloyalWithhold) {
  const auto honest = without_switches({"bias=0", "office_rate=0"});  // nobody ever turns from the president
  EXPECT_FALSE(any_event(honest, EventKind::loss_withheld));
  EXPECT_TRUE(any_event(without_switches({"bias=1", "office_rate=0"}), EventKind::loss_withheld));
}

}  // namespace
}  // namespace qantar::agents
