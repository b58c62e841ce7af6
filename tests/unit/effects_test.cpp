// What each effect of an action brings about, what signals count, what sets groups in motion by itself, and whom an
// inquiry names.
#include "agents/effects.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "agents/armed_groups.hpp"
#include "agents/inquiry.hpp"
#include "agents/intervention.hpp"
#include "agents/random_draws.hpp"
#include "agents/rumours.hpp"
#include "agents/security_units.hpp"
#include "agents/signals.hpp"
#include "agents/standing.hpp"
#include "agents/step.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents::effects_test {
namespace {

using test::ScenarioPtr;

// Worlds refer to their scenario, so all of them stay.
ScenarioPtr kept(ScenarioPtr scenario) {
  static std::vector<ScenarioPtr> all;
  all.push_back(scenario);
  return scenario;
}

OfficeId office(const World& w, const std::string& id) { return OfficeId(w.scenario->ids.find("offices", id)); }

// The invented crisis with one action of its palace, whose effect it is.
class OneEffect {
 public:
  explicit OneEffect(const std::string& effect, const std::string& more = "") {
    std::string text = test::crisis_text();
    text.erase(text.find("[[actions]]"), text.find("[decisions]") - text.find("[[actions]]"));
    // Nobody calls its groups: they have a cue that never comes.
    const std::string no_cue = "\ncues = [{ rate = 0 }]";
    for (std::size_t at = 0; (at = text.find("\nsponsor = ", at)) != std::string::npos; at += no_cue.size() + 1)
      if (text.find("cues = ", at) >= text.find("[[", at)) text.insert(at, no_cue);
    scenario_ = kept(
        test::scenario_of(text + "\n[[actions]]\nid = \"it\"\nname = \"It happens\"\nby = [\"palace\"]\neffects = [{ " +
                          effect + " }]\n" + more + "\n[[motives]]\nid = \"why\"\naction = \"it\"\nbarrier = 20\n"));
  }
  // The world after the effect, at the hour of its step.
  World after(const std::function<void(World&)>& before = {}) const {
    const sim::Draws draws(test::trial(0));
    World w = make_world(*scenario_, draws);
    if (before) before(w);
    const Effect& e = scenario_->actions[ActionId(0)].effects.front();
    const FactionId palace(scenario_->ids.find("factions", "palace"));
    effect_rows()[e.kind].apply(w, StepDraws(draws, 0), e, {palace, no_event});
    return w;
  }
  const Scenario& scenario() const { return *scenario_; }

 private:
  ScenarioPtr scenario_;
};

TEST(Effects, MarkAndSway) {
  const World marked = OneEffect("effect = \"mark\", amount = 0.5").after();
  for (const auto& o : marked.offices) EXPECT_DOUBLE_EQ(o.mark, 0.5 * marked.p.signal_scale);
  const OneEffect sway("effect = \"sway\", faction = \"old_family\", amount = -0.7");
  World before = make_world(sway.scenario(), sim::Draws(test::trial(0)));
  const World swayed = sway.after();
  int moved = 0;
  for (const OfficeId i : swayed.offices.ids()) {
    const bool tied = swayed.about(i).tie == FactionId(sway.scenario().ids.find("factions", "old_family"));
    EXPECT_DOUBLE_EQ(swayed.offices[i].affinity, before.offices[i].affinity - (tied ? 0.7 : 0.0));
    moved += tied;
  }
  EXPECT_GT(moved, 0);
}

TEST(Effects, ReliefReachesItsPlaces) {
  const World all = OneEffect("effect = \"relieve\", amount = 0.4").after();
  for (const auto& place : all.places) EXPECT_DOUBLE_EQ(place.shock_relief, 0.4);
  const World origin = OneEffect("effect = \"relieve\", where = \"origin\", amount = 0.4").after([](World& w) {
    w.origin = PlaceId(0);
  });
  for (const PlaceId c : origin.places.ids())
    EXPECT_EQ(origin.places[c].shock_relief > 0, origin.about(c).region == origin.about(PlaceId(0)).region);
  EXPECT_DOUBLE_EQ(OneEffect("effect = \"appease\", amount = 0.2").after().decided.appeasement, 0.2);
}

TEST(Effects, EmergenciesAreDeclaredAndLifted) {
  const World all = OneEffect("effect = \"declare_emergency\"").after();
  for (const auto& place : all.places) EXPECT_TRUE(place.emergency);
  EXPECT_TRUE(all.decided.emergency_everywhere.holds());
  const World trouble = OneEffect("effect = \"declare_emergency\", where = \"trouble\"").after([](World& w) {
    w.places[1].posture = Posture::clear;
  });
  for (const PlaceId c : trouble.places.ids()) EXPECT_EQ(trouble.places[c].emergency, c == PlaceId(1));
  EXPECT_TRUE(trouble.decided.emergency_in_trouble.holds());
  const auto declared = [](World& w) {
    for (auto& place : w.places) place.emergency = true;
  };
  const World lifted = OneEffect("effect = \"end_emergency\", amount = 1").after(declared);
  for (const auto& place : lifted.places) EXPECT_FALSE(place.emergency);
  const World kept = OneEffect("effect = \"end_emergency\", amount = 0").after(declared);
  for (const auto& place : kept.places) EXPECT_TRUE(place.emergency);
}

TEST(Effects, NetworkOrdersAndReserves) {
  EXPECT_DOUBLE_EQ(OneEffect("effect = \"network\", amount = 0.1").after().decided.network, 0.1);
  const World fire = OneEffect("effect = \"order_fire\"").after();
  EXPECT_TRUE(fire.decided.fire.holds());
  EXPECT_EQ(fire.about(fire.decided.fire.by).id, "palace");
  EXPECT_TRUE(OneEffect("effect = \"reinforce\"").after().decided.reinforcement.holds());
  const World called = OneEffect("effect = \"call_reserves\"").after();
  int coming = 0;
  for (const UnitId u : called.units.ids()) {
    EXPECT_EQ(happened(called.units[u].arrives), called.about(u).reserve);
    coming += called.about(u).reserve;
  }
  EXPECT_GT(coming, 0);
  const World leave = OneEffect("effect = \"order_to_leave\", organisation = \"police_force\", amount = 1").after();
  ASSERT_FALSE(leave.orders.empty());
  for (const Order& order : leave.orders) {
    EXPECT_EQ(order.content, Content::withdraw);
    EXPECT_EQ(leave.about(leave.about(order.unit).organisation).id, "police_force");
  }
}

TEST(Effects, OfficesAreDismissedDetainedCapturedAndFreed) {
  const std::string whom = ", office = \"service_head\"";
  const World gone = OneEffect("effect = \"dismiss\"" + whom).after();
  EXPECT_TRUE(gone.dismissed(office(gone, "service_head")));
  EXPECT_EQ(gone.tally.personnel_changes, 1);
  const World held = OneEffect("effect = \"detain\"" + whom).after();
  EXPECT_TRUE(happened(held.offices[office(held, "service_head")].arrested));
  const World captured = OneEffect("effect = \"capture\"" + whom).after();
  EXPECT_TRUE(captured.offices[office(captured, "service_head")].captured);
  const World freed = OneEffect("effect = \"free\"" + whom).after([&](World& w) {
    w.offices[office(w, "service_head")].captured = true;
  });
  EXPECT_FALSE(freed.offices[office(freed, "service_head")].captured);
  const World round = OneEffect("effect = \"come_round\", organisation = \"secret_service\", amount = 1").after();
  for (const OfficeId i : round.offices.ids()) {
    if (round.about(round.about(i).organisation).id == "secret_service") {
      EXPECT_GE(round.offices[i].affinity, 0.7);
    }
  }
  const World replaced = OneEffect("effect = \"replace\", faction = \"old_family\"").after();
  EXPECT_TRUE(replaced.decided.replacement.holds());
}

TEST(Effects, PowerMoneyGroupsAndAllies) {
  EXPECT_TRUE(OneEffect("effect = \"take_control\"").after().in_control());
  EXPECT_TRUE(happened(OneEffect("effect = \"step_down\"").after().ousted));
  const OneEffect claims("effect = \"claim\", faction = \"old_family\", amount = 0.5");
  const World w = claims.after();
  EXPECT_DOUBLE_EQ(w.resource(FactionId(claims.scenario().ids.find("factions", "old_family")), Resource::money), 0.45);
  EXPECT_DOUBLE_EQ(w.resource(FactionId(claims.scenario().ids.find("factions", "palace")), Resource::money),
                   0.6 + 0.45);
  const OneEffect mobilises("effect = \"mobilise\", group = \"gang\"", "");
  const GroupId gang(mobilises.scenario().ids.find("groups", "gang"));
  EXPECT_TRUE(mobilises.scenario().groups[gang].called);
  const World out = mobilises.after([&](World& x) { x.groups[gang].exists = true; });
  EXPECT_TRUE(happened(out.groups[gang].mobilised));
  EXPECT_TRUE(OneEffect("effect = \"request\"").after().decided.request.holds());
  const World landed = OneEffect("effect = \"land\", amount = 1").after();
  EXPECT_TRUE(landed.decided.landing.holds());
  EXPECT_GT(landed.offices[OfficeId(0)].mark, 0);
  EXPECT_TRUE(OneEffect("effect = \"leave\"").after().decided.leaving.holds());
}

TEST(Effects, ACapturedOfficePassesNoOrders) {
  // All orders to units go through captured offices: none arrives.
  const OneEffect fires("effect = \"order_fire\"");
  const auto arrived = [&](bool captured) {
    const sim::Draws draws(test::trial(0));
    World w = make_world(fires.scenario(), draws);
    w.decided.fire = {w.now, no_event, FactionId(w.scenario->ids.find("factions", "palace"))};
    for (auto& o : w.offices) o.captured = captured;
    for (auto& place : w.places) place.persons_violent = 500;
    int received = 0;
    for (int s = 0; s < 30; ++s) {
      step(w, draws, s);
      for (auto& place : w.places) place.persons_violent = 500;
    }
    for (const Order& order : w.orders) received += happened(order.received) && !order.chain.empty();
    for (const auto& unit : w.units) received += unit.has_order && unit.order == Content::fire;
    return received;
  };
  EXPECT_GT(arrived(false), 0);
  EXPECT_LT(arrived(true), arrived(false));
}

TEST(Effects, ADepartedInterventionIsNotThere) {
  const auto landed = [](World& w) { w.decided.landing = {w.now - 100, no_event, FactionId(0)}; };
  const OneEffect leaving("effect = \"leave\""), departed("effect = \"depart\"");
  World stays = leaving.after(landed), gone = departed.after(landed);
  intervention_acts(stays);
  intervention_acts(gone);
  EXPECT_GT(stays.intervention_present, 0.0);
  EXPECT_EQ(gone.intervention_present, 0.0);
}

TEST(Effects, TheProvincesAreAllButTheCapital) {
  const OneEffect leave(
      "effect = \"order_to_leave\", organisation = \"police_force\", where = \"provinces\", amount = 1");
  const World w = leave.after();
  std::set<UnitId> told;
  for (const Order& order : w.orders) told.insert(order.unit);
  int spared = 0;
  for (const UnitId u : w.units.ids()) {
    if (w.about(w.about(u).organisation).id != "police_force") continue;
    const bool capital = w.about(w.units[u].place).capital;
    EXPECT_EQ(told.contains(u), !capital) << w.about(u).id;
    spared += capital;
  }
  EXPECT_GT(spared, 0);
}

// Guards of focal places alone find their orders less clear, and only until the president alone commands.
TEST(Effects, GuardsHoldBackUntilTheTurn) {
  const OneEffect effect("effect = \"hold_back\", organisation = \"guard\", amount = 5");
  const auto hours_stalled = [&](bool told, bool turned) {
    std::map<std::string, int> hours;
    for (std::uint32_t k = 0; k < 10; ++k) {
      const sim::Draws draws(test::trial(k));
      World w = told ? effect.after() : make_world(effect.scenario(), draws);
      if (turned) w.decided.turn = {w.now, no_event, FactionId(0)};
      EXPECT_EQ(w.held_back(), told && !turned);
      for (int s = 0; s < 60; ++s) {
        units_answer_orders(w, StepDraws(draws, s));
        for (const UnitId u : w.units.ids()) hours[w.about(u).id] += w.units[u].conduct == Conduct::stalling;
      }
    }
    return hours;
  };
  const auto usual = hours_stalled(false, false), told = hours_stalled(true, false), turned = hours_stalled(true, true);
  EXPECT_GT(told.at("harbour_guard"), usual.at("harbour_guard"));
  EXPECT_EQ(told.at("east_guard"), usual.at("east_guard"));      // no focal place
  EXPECT_EQ(told.at("harbour_line"), usual.at("harbour_line"));  // no guard
  EXPECT_LT(turned.at("harbour_guard"), told.at("harbour_guard"));
}

// Everybody learns at once that the head of an organisation has gone, or who has nobody above him; of others when a
// decree is ready.
TEST(Effects, WhoStandsAtTheTopCannotLeaveUnseen) {
  const auto scenario = kept(test::crisis({"decree_delay=100"}));
  const auto seen_at_once = [&](const char* id) {
    const sim::Draws draws(test::trial(0));
    World w = make_world(*scenario, draws);
    const OfficeId office(scenario->ids.find("offices", id));
    dismiss(w, office, no_event);
    spread_rumours(w, StepDraws(draws, 0));
    return happened(w.offices[office].published);
  };
  EXPECT_TRUE(seen_at_once("interior_minister"));
  EXPECT_TRUE(seen_at_once("prime_minister"));
  EXPECT_FALSE(seen_at_once("harbour_chief"));
  EXPECT_FALSE(seen_at_once("service_deputy"));
}

// ---- Signals --------------------------------------------------------------------------------------------------------

TEST(Signals, CountEachGuardedSiteOnceWhoeverElseGuardsIt) {
  const auto scenario = kept(test::crisis({"units.airport_post.site=\"harbour_service\""}));
  World w = make_world(*scenario, sim::Draws(test::trial(0)));
  Condition of;
  of.organisation = OrganisationId(scenario->ids.find("organisations", "secret_service"));
  const auto row = std::ranges::find(signal_rows(), std::string_view("sites_attacked"), &SignalRow::name);
  const auto attacked = [&] { return row->sense(w, {}, of).value; };
  EXPECT_EQ(attacked(), 0);
  w.sites[SiteId(scenario->ids.find("sites", "harbour_hall"))].attacked = w.now;  // guarded by nobody of theirs
  EXPECT_EQ(attacked(), 0);
  w.sites[SiteId(scenario->ids.find("sites", "harbour_service"))].attacked = w.now;
  EXPECT_EQ(attacked(), 1);
}

// ---- Cues: what sets a group in motion without anybody's action -----------------------------------------------------

TEST(Cues, SetAGroupInMotionAtTheirRateAndNameTheirCause) {
  const auto share_out = [](const std::string& cues) {
    const auto scenario = kept(test::crisis({"organised_crime=1", "groups.gang.cues=" + cues}));
    const GroupId gang(scenario->ids.find("groups", "gang"));
    int out = 0;
    for (std::uint32_t k = 0; k < 400; ++k) {
      const sim::Draws draws(test::trial(k));
      World w = make_world(*scenario, draws);
      PlaceState& place = w.places[PlaceId(1)];
      place.persons_violent = 300;
      place.event_violence = w.note(EventKind::crowd_turns_violent, PlaceId(1), {}, {}, 300, {});
      for (int s = 0; s < 10; ++s) armed_groups_choose(w, StepDraws(draws, s));
      if (!happened(w.groups[gang].mobilised)) continue;
      ++out;
      EXPECT_EQ(w.log[w.groups[gang].event].causes.front(), place.event_violence);
    }
    return out / 400.0;
  };
  const std::string violent = "{ signal = \"violence\", at = 200, width = 1 }",
                    calm = "{ signal = \"violence\", below = 200, width = 1 }";
  const double in_ten_hours = 1 - std::exp(-1.0);
  EXPECT_NEAR(share_out("[{ when = [" + violent + "], rate = 0.1 }]"), in_ten_hours, 0.1);
  EXPECT_NEAR(share_out("[{ when = [" + violent + "], rate = 0.05 }, { when = [" + violent + "], rate = 0.05 }]"),
              in_ten_hours, 0.1);
  EXPECT_EQ(share_out("[{ when = [" + calm + "], rate = 5 }]"), 0);
  EXPECT_EQ(share_out("[{ when = [" + violent + ", " + calm + "], rate = 5 }]"), 0);  // all must be met
  EXPECT_EQ(share_out("[{ when = [" + calm + ", " + violent + "], rate = 5 }]"), 0);
  EXPECT_EQ(share_out("[]"), 0);
}

// An inquiry that errs names another sponsor that the case has, or nobody, and never a faction that sponsors nothing.
TEST(Inquiry, ErrsOnlyAmongThoseWhoSponsorSomething) {
  const auto scenario =
      kept(test::crisis({"clan_funding=1", "inquiry_rate=1", "misattribution=1", "groups.paid_groups.size=400"}));
  const GroupId paid(scenario->ids.find("groups", "paid_groups"));
  std::set<FactionId> named;
  for (std::uint32_t k = 0; k < 100; ++k) {
    const sim::Draws draws(test::trial(k));
    World w = make_world(*scenario, draws);
    w.restored = w.groups[paid].mobilised = w.now;
    for (int s = 0; s < 20; ++s) inquire(w, StepDraws(draws, s));
    ASSERT_TRUE(happened(w.groups[paid].attributed));
    named.insert(w.groups[paid].attributed_to);
  }
  std::set<FactionId> sponsors;
  for (const Group& group : scenario->groups) sponsors.insert(group.sponsor);
  sponsors.erase(scenario->groups[paid].sponsor);
  EXPECT_EQ(named, sponsors);
}

}  // namespace
}  // namespace qantar::agents::effects_test
