// The off value of a mechanism gives the model without it, bit for bit; and what is switched on leaves the luck of
// everything else alone.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/parts.hpp"

namespace qantar::agents::off_values_test {
namespace {

using test::ScenarioPtr;

constexpr std::uint32_t trials = 6;

const std::vector<std::string>& all_off() {
  static const std::vector<std::string> off = [] {
    std::vector<std::string> out;
    const auto scenario = test::crisis();
    for (const auto& name : scenario->ids.names("switches")) out.push_back(name + "=0");
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
bool any_action(const ScenarioPtr& s, const std::string& action) {
  return any_event(s, static_cast<EventKind>(test::event_kind_of(*s, action)));
}

TEST(OffValues, WithoutItsSwitchAGroupIsAsIfDeleted) {
  const auto off = without_switches();
  const auto deleted = test::changed(off, [&](Scenario& s) {
    s.groups.clear();
    s.ids = {};
    for (const auto& x : s.places) s.ids.add("places", x.id);
    for (const auto& x : s.sites) s.ids.add("sites", x.id);
    for (const auto& x : s.factions) s.ids.add("factions", x.id);
    for (const auto& x : s.organisations) s.ids.add("organisations", x.id);
    for (const auto& x : s.offices) s.ids.add("offices", x.id);
    for (const auto& x : s.units) s.ids.add("units", x.id);
    for (const auto& x : s.snapshots) s.ids.add("snapshots", x.id);
    for (const auto& x : s.actions) s.ids.add("actions", x.id);
    for (const auto& x : off->ids.names("switches")) s.ids.add("switches", x);
  });
  expect_same(off, deleted, "groups deleted");
}

// Draws are addressed by mechanism and actor, so a switch whose group is empty changes no number of anybody else.
TEST(OffValues, ASwitchWithAnEmptyGroupChangesNothing) {
  const auto off = without_switches();
  // Where an action calls the group, nobody thinks of it.
  const std::pair<const char*, std::vector<std::string>> rows[] = {
      {"clan_funding", {"groups.paid_groups.size=0", "motives.ride_the_protest.barrier=20"}},
      {"prepared_groups", {"groups.service_irregulars.size=0", "motives.crowd_is_large.barrier=20"}},
      {"organised_crime",
       {"groups.gang.size=0", "motives.violence_offers.barrier=20", "motives.police_are_gone.barrier=20"}},
      {"foreign_training", {"groups.foreign_fighters.size=0"}}};
  for (auto [name, overrides] : rows) {
    overrides.push_back(std::string(name) + "=1");
    expect_same(off, without_switches(overrides), name);
  }
}

TEST(OffValues, ASwitchWithoutItsMeansChangesNothing) {
  const std::string nobody = "actions.direct_withdrawal.by=[]";
  expect_same(without_switches({nobody}), without_switches({nobody, "withdrawal_directives=1"}),
              "directives that nobody may give");
  // With groups under a switch, removing who may call them removes them.
  const auto on = [](const std::string& by) {
    return without_switches({"clan_funding=1", "actions.fund_groups.by=" + by});
  };
  EXPECT_TRUE(any_event(on("[\"old_family\"]"), EventKind::group_mobilises));
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
    const bool on = a.make_world(draws).on(SwitchId(half->ids.find("switches", "organised_crime")));
    EXPECT_EQ(on, b.make_world(draws).on(SwitchId(one->ids.find("switches", "organised_crime"))));
    ++seen[on];
  }
  EXPECT_GT(seen[0], 8);
  EXPECT_GT(seen[1], 8);
}

TEST(OffValues, WithoutForceNobodyClears) {
  const std::string no_fire = "actions.live_fire.by=[]";
  EXPECT_TRUE(any_event(without_switches({no_fire}), EventKind::force_used));
  EXPECT_FALSE(any_event(without_switches({no_fire, "force_rate=0"}), EventKind::force_used));
}

TEST(OffValues, ARefusedInterventionIsNone) {
  const std::string refuse = "actions.intervention_agreed.by=[]";
  const auto refused = without_switches({refuse});
  EXPECT_TRUE(any_action(refused, "request_intervention"));
  for (const char* a : {"intervention_agreed", "intervention_landed", "intervention_gone"})
    EXPECT_FALSE(any_action(refused, a));
  // Its strength and place then mean nothing.
  expect_same(refused,
              without_switches(
                  {refuse, "intervention.strength=9000", "intervention.place=\"seat\"", "motives.agreed.barrier=-5"}),
              "intervention refused");
  // Nor does it matter when nobody asks.
  const std::string never = "actions.request_intervention.by=[]";
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
  const auto effect = [](const std::string& what) {
    return without_switches({"actions.restrict_network.effects=[{ " + what + " }]",
                             "actions.shut_network.effects=[{ " + what + " }]", "network_shut=0"});
  };
  const auto weak = effect("effect = \"network\", amount = 1"), none = effect("effect = \"mark\", amount = 0"),
             strong = effect("effect = \"network\", amount = 0.05");
  bool measures = false, differs = false;
  for (std::uint32_t k = 0; k < trials; ++k) {
    EXPECT_TRUE(test::same_numbers(street(weak, k), street(none, k))) << k;
    differs = differs || !test::same_numbers(street(strong, k), street(none, k));
  }
  measures = any_action(weak, "restrict_network") || any_action(weak, "shut_network");
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

// --- part by part: the off values of agents/README.md, section 3, against the model whose step leaves the part out ---

void expect_same_without(const std::string& part, const ScenarioPtr& off) {
  for (std::uint32_t k = 0; k < trials; ++k) {
    const auto a = test::run(off, k), b = test::run_without(part, off, k);
    EXPECT_GT(a.events.size(), 20U) << part << ": an empty course proves nothing";
    EXPECT_TRUE(test::same_numbers(a.outcomes, b.outcomes)) << part << ", trial " << k;
    EXPECT_TRUE(test::same_numbers(a.series, b.series)) << part << ", trial " << k;
    EXPECT_TRUE(test::same_events(a.events, b.events)) << part << ", trial " << k;
  }
}

// The same comparison must see the part when it is on.
void expect_part_matters(const std::string& part, const ScenarioPtr& on) {
  bool differs = false;
  for (std::uint32_t k = 0; k < trials && !differs; ++k)
    differs = !test::same_numbers(test::run(on, k).series, test::run_without(part, on, k).series);
  EXPECT_TRUE(differs) << part << " does nothing even when it is on";
}

// Part 1. With delays at their least and both chances at 0 an order is obeyed as if nobody stood in between.
TEST(OffValues, OrdersWithoutDelayAndLossReachTheirUnitsAtOnce) {
  const auto off = without_switches({"order_delay=0.05", "waiting_blocks=0", "challenger_replaces=0"});
  EXPECT_FALSE(any_event(off, EventKind::order_replaced));
  int received = 0;
  for (std::uint32_t k = 0; k < trials; ++k) {
    const auto usual = test::run(off, k);
    for (const auto& e : usual.events) received += e.kind == static_cast<std::int32_t>(EventKind::order_received);
  }
  EXPECT_GT(received, 0);
  // Where nobody opposes the president, that is the model without a chain of command.
  const auto loyal =
      without_switches({"order_delay=0.05", "waiting_blocks=0", "challenger_replaces=0", "office_rate=0"});
  for (std::uint32_t k = 0; k < trials; ++k) {
    const auto direct = test::run_by(loyal, k, [](World& w, const sim::Draws& draws, int number) {
      for (Order& order : w.orders)
        if (!order.done) {
          order.chain.clear();
          order.due = order.sent;
        }
      step(w, draws, number);
    });
    const auto usual = test::run(loyal, k);
    EXPECT_TRUE(test::same_events(usual.events, direct.events)) << k;
    EXPECT_TRUE(test::same_numbers(usual.series, direct.series)) << k;
    EXPECT_TRUE(test::same_numbers(usual.outcomes, direct.outcomes)) << k;
  }
}

// Part 2.
TEST(OffValues, LegitimacyThatNothingMovesIsAConstant) {
  expect_same_without("legitimacy", without_switches({"force_backlash=0", "death_backlash=0", "concession_effect=0",
                                                      "looting_aversion=0"}));
  expect_part_matters("legitimacy", without_switches());
}

// Part 3. Nobody ever hears of anything, so nobody goes out; the hours of a curfew are counted by the citizens' part.
TEST(OffValues, WithoutAwarenessTheStreetsStayEmpty) {
  const auto off = without_switches({"awareness_rate=0", "shock_awareness=0"});
  for (std::uint32_t k = 0; k < trials; ++k) {
    const auto a = test::run(off, k), b = test::run_without("citizens", off, k);
    EXPECT_TRUE(test::same_numbers(a.series, b.series)) << k;
    EXPECT_TRUE(test::same_events(a.events, b.events)) << k;
    EXPECT_FALSE(std::ranges::any_of(
        a.events, [](const auto& e) { return e.kind == static_cast<std::int32_t>(EventKind::protest_begins); }));
  }
  expect_part_matters("citizens", without_switches());
}

// Part 4.
TEST(OffValues, WithoutSwitchesThereIsNoPartForGroups) {
  expect_same_without("armed groups", without_switches());
  expect_part_matters("armed groups", without_switches({"clan_funding=1"}));
  // So January without any plan and without the groups that belong to every account is the model without this part.
  const auto january = test::hypothesis(
      test::shipped("january_2022", {"groups.street_gangs.presence=0", "groups.banned_cells.presence=0",
                                     "groups.foreign_residents_in_gangs.presence=0"}),
      "spontaneous_uprising");
  const auto a = test::run(january, 0), b = test::run_without("armed groups", january, 0);
  EXPECT_TRUE(test::same_numbers(a.series, b.series) && test::same_events(a.events, b.events));
}

// Part 5 keeps counting who is present, so it cannot be left out; it leaves no trace of a decision.
TEST(OffValues, UnitsThatNeverDecideNeverLeave) {
  const std::vector<std::string> never{"force_rate=0", "local_withdrawal=0", "seat_withdrawal=0", "unit_rate=0"};
  const auto off = without_switches(never);
  EXPECT_FALSE(any_event(off, EventKind::unit_joins));
  EXPECT_FALSE(any_event(off, EventKind::site_left));
  EXPECT_TRUE(any_event(without_switches(), EventKind::site_left));
  // Who withdraws does so from a site that falls, in order, and never before contact.
  const CrisisModel model(off);
  for (std::uint32_t k = 0; k < trials; ++k) {
    const auto record = test::run(off, k);
    for (const auto& e : record.events)
      if (e.kind == static_cast<std::int32_t>(EventKind::unit_withdraws)) {
        ASSERT_EQ(e.causes.size(), 1U);
        EXPECT_EQ(record.events[static_cast<std::size_t>(e.causes[0])].kind,
                  static_cast<std::int32_t>(EventKind::site_falls));
      }
    const sim::Draws draws(test::trial(k));
    World w = model.make_world(draws);
    for (int i = 0; i < model.clock().steps(); ++i) {
      model.step(w, draws, i);
      for (const auto& unit : w.units)
        EXPECT_TRUE(unit.conduct == Conduct::obeying || unit.conduct == Conduct::broken ||
                    unit.conduct == Conduct::withdrawn);
    }
    for (const double n : w.tally.left_before_contact) EXPECT_EQ(n, 0.0);
  }
}

// Part 6, with what else it does: shooting in the street and detentions.
TEST(OffValues, WithoutAttacksNothingFalls) {
  expect_same_without("contacts", without_switches({"attack_share=0", "street_loss=0", "detention_rate=0"}));
  const auto off = without_switches({"attack_share=0"});
  for (EventKind kind : {EventKind::line_broken, EventKind::storm_repelled, EventKind::site_falls,
                         EventKind::unit_overrun, EventKind::site_retaken})
    EXPECT_FALSE(any_event(off, kind));
  expect_part_matters("contacts", without_switches());
}

// Part 6, continued.
TEST(OffValues, WithoutSidesThereIsNoPartForThem) {
  expect_same_without("sides", without_switches());
  expect_part_matters("sides", without_switches(test::two_sides()));
}

// Part 8: expectations at their prior, everybody showing support, loyalties where they were. What the part counts for
// the series of resources goes with it, and so does the rule by which a president who has lost the capital is out: here
// no place is the capital.
TEST(OffValues, OfficeHoldersWhoExpectNothingNewAreNotThere) {
  const auto off = without_switches({"signal_scale=0", "belief_coordination=0", "patronage=0", "succession=0",
                                     "belief_noise=0", "office_rate=0", "places.seat.capital=false",
                                     "actions.emergency_national.cost={}", "actions.live_fire.cost={}"});
  const CrisisModel model(off);
  const auto& layout = model.layout();
  const std::size_t width = layout.width(layout.series);
  std::size_t shared = 0;  // columns before the resources
  for (const auto& v : layout.series) {
    if (v.name == "resources") break;
    shared += layout.size(v);
  }
  ASSERT_LT(shared, width);
  for (std::uint32_t k = 0; k < trials; ++k) {
    const auto a = test::run(off, k), b = test::run_without("office-holders", off, k);
    EXPECT_TRUE(test::same_events(a.events, b.events)) << k;
    for (std::size_t at = 0; at < a.series.size(); at += width) {
      const auto row = [&](const sim::TrialResult& r) {
        return std::vector<float>(r.series.begin() + static_cast<std::ptrdiff_t>(at),
                                  r.series.begin() + static_cast<std::ptrdiff_t>(at + shared));
      };
      ASSERT_TRUE(test::same_numbers(row(a), row(b))) << k;
    }
  }
  expect_part_matters("office-holders", without_switches());
}

// Part 9.
TEST(OffValues, FactionsThatMayDoNothingAreNotThere) {
  expect_same_without("factions", without_switches(test::nobody_takes(test::crisis()->ids.names("actions"))));
  expect_part_matters("factions", without_switches());
}

// Part 10.
TEST(OffValues, WithoutAgreementThereIsNoPartForTheIntervention) {
  expect_same_without("intervention", without_switches({"actions.intervention_agreed.by=[]"}));
  expect_part_matters("intervention", without_switches());
}

// The null processes of parts 5 and 9.
TEST(OffValues, WithoutLocalDecisionsNobodyButTheCentreGivesOrders) {
  const auto local_orders = [](const ScenarioPtr& s) {
    int n = 0;
    for (std::uint32_t k = 0; k < trials; ++k)
      for (const auto& e : test::run(s, k).events)
        n += e.kind == static_cast<std::int32_t>(EventKind::order_issued) &&
             e.value == static_cast<double>(Content::withdraw);
    return n;
  };
  EXPECT_EQ(local_orders(without_switches({"local_withdrawal=0", "seat_withdrawal=0", "actions.evacuate_posts.by=[]"})),
            0);
  EXPECT_GT(
      local_orders(without_switches({"local_withdrawal=0.2", "seat_withdrawal=0", "actions.evacuate_posts.by=[]"})), 0);
  EXPECT_GT(local_orders(without_switches(
                {"local_withdrawal=0", "seat_withdrawal=0", "motives.one_building_attacked.barrier=1"})),
            0);
}

TEST(OffValues, WithoutReinforcementForcesStayWhereTheyAre) {
  const std::string off = "actions.reinforce.by=[]";
  EXPECT_TRUE(any_event(without_switches(), EventKind::unit_departs));
  EXPECT_FALSE(any_event(without_switches({off}), EventKind::unit_departs));
  expect_same(without_switches({off}),
              without_switches({off, "units.east_guard.mobile=false", "muster_delay=40", "travel_speed=9"}),
              "nobody is sent");
}

TEST(OffValues, WithoutRumoursWhoHoldsAnOfficeIsPlain) {
  const auto off = [](std::vector<std::string> more) {
    more.insert(more.end(), {"rumour_rate=0", "command_doubt=0"});
    return without_switches(more);
  };
  EXPECT_TRUE(any_event(without_switches(), EventKind::office_rumoured));
  for (const EventKind kind : {EventKind::office_rumoured, EventKind::office_denied})
    EXPECT_FALSE(any_event(off({}), kind));
  expect_same(off({}), off({"rumour_weight=9", "rumour_fade=0.5", "denial_rate=1"}), "nobody talks");
}

TEST(OffValues, WithoutAnInquiryNobodyIsNamed) {
  const auto on = [](std::vector<std::string> more) {
    more.push_back("clan_funding=1");
    return without_switches(more);
  };
  EXPECT_TRUE(any_event(on({"inquiry_rate=1"}), EventKind::group_attributed));
  EXPECT_FALSE(any_event(on({"inquiry_rate=0"}), EventKind::group_attributed));
  expect_same(on({"inquiry_rate=0"}), on({"inquiry_rate=0", "misattribution=1"}), "no inquiry");
}

TEST(OffValues, WithoutOutlayAndClaimsMoneyStaysWhereItIs) {
  auto off = test::nobody_takes({"claim_assets", "restrict_network", "shut_network", "mobilise_army", "reinforce",
                                 "keep_posts", "evacuate_posts", "intervention_landed"});
  off.push_back("patronage_outlay=0");
  const auto scenario = without_switches(off);
  for (std::uint32_t k = 0; k < trials; ++k) {
    const sim::Draws draws(test::trial(k));
    World w = make_world(*scenario, draws);
    const Eigen::VectorXd before = w.resources.col(0);
    for (int i = 0; i < scenario->clock.steps(); ++i) step(w, draws, i);
    EXPECT_EQ(w.resources.col(0), before);
    EXPECT_EQ(w.tally.money_spent, 0);
  }
}

// A group of every account that has no chance to exist is as if it had no members.
TEST(OffValues, AGroupWithoutPresenceIsNone) {
  std::vector<std::string> absent, empty;
  for (const std::string group : {"street_gangs", "banned_cells", "foreign_residents_in_gangs"}) {
    absent.push_back("groups." + group + ".presence=0");
    empty.push_back("groups." + group + ".size=0");
  }
  const auto account = [](const std::vector<std::string>& overrides) {
    return test::hypothesis(test::shipped("january_2022", overrides), "spontaneous_uprising");
  };
  EXPECT_FALSE(any_event(account(absent), EventKind::group_mobilises));
  expect_same(account(absent), account(empty), "groups of every account");
}

TEST(OffValues, WithoutTheMotiveNobodyTakesTheChairBeforeLosses) {
  const auto early = [](const ScenarioPtr& s) {
    int n = 0;
    for (std::uint32_t k = 0; k < trials; ++k)
      for (const auto& e : test::run(s, k).events)  // an action's value is the reported loss
        n += e.kind == test::event_kind_of(*s, "take_council_chair") && e.value <= 0.2;
    return n;
  };
  EXPECT_EQ(early(without_switches({"motives.opportunity.barrier=20"})), 0);
  EXPECT_GT(early(without_switches({"motives.opportunity.barrier=2"})), 0);
}

}  // namespace
}  // namespace qantar::agents::off_values_test
