// A switch disturbs nobody else's luck. Up to the first thing that it does, the world with it is the world without it,
// bit for bit, after every part of every step; and a switch that acts without the means to move anything leaves all
// other things the same to the end, so no draw of anybody shifts because of it. Each switch alone, and on top of each
// other one. About 4 s.
#include <algorithm>
#include <map>
#include <optional>

#include <gtest/gtest.h>

#include "agents/case_folder.hpp"
#include "agents/random_draws.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/states.hpp"

namespace qantar::agents::switches_test {
namespace {

using namespace test;

constexpr std::uint32_t trials = 6;

// The place where two worlds part: after which part of which step.
struct Parting {
  World without, with;
  State before, after;  // without the switch, with it
  std::string part;
};

std::optional<Parting> parting(const ScenarioPtr& without, const ScenarioPtr& with, std::uint32_t k) {
  const sim::Draws draws(test::trial(k));
  World a = make_world(*without, draws), b = make_world(*with, draws);
  for (int i = 0; i < without->clock.steps(); ++i) {
    test::begin_step(a, i);
    test::begin_step(b, i);
    for (const auto& part : test::parts()) {
      part.run(a, {draws, i});
      part.run(b, {draws, i});
      State x = state_of(a, true), y = state_of(b, true);
      if (!same(x, y)) return Parting{a, b, std::move(x), std::move(y), part.name};
    }
  }
  return std::nullopt;
}

bool one_mobilised(const Parting& p, const std::string& s) {
  for (const GroupId g : p.with.groups.ids())
    if (p.with.about(g).enabled_by == switch_of(*p.with.scenario, s) &&
        happened(p.without.groups[g].mobilised) != happened(p.with.groups[g].mobilised))
      return true;
  return false;
}

// A faction that has motives under the switch acted on one side only: on one of them, or on another that came before or
// after it because of them.
bool one_acted(const Parting& p, const std::string& s) {
  const Scenario& scenario = *p.with.scenario;
  for (const ActionId a : scenario.actions.ids()) {
    if (happened(p.without.action_time[a]) == happened(p.with.action_time[a])) continue;
    for (const Motive& motive : scenario.motives)
      if (motive.enabled_by == switch_of(scenario, s) && scenario.actions[motive.action].by == scenario.actions[a].by)
        return true;
  }
  return false;
}

// Whether this switch is what parted them.
bool explains(const std::string& s, const Parting& p) {
  return (p.part == "armed groups" && one_mobilised(p, s)) ||
         (p.part == "factions" && (one_acted(p, s) || one_mobilised(p, s)));
}

TEST(Switches, ThePartsMakeTheStep) {
  const auto scenario = test::crisis(test::two_sides());
  const auto parts = test::run_without("", scenario, 0);
  const auto whole = test::run(scenario, 0);
  EXPECT_TRUE(test::same_numbers(parts.outcomes, whole.outcomes));
  EXPECT_TRUE(test::same_numbers(parts.series, whole.series));
  EXPECT_TRUE(test::same_events(parts.events, whole.events));
}

TEST(Switches, UntilASwitchActsTheWorldIsTheWorldWithoutIt) {
  std::map<std::string, int> parted;
  auto before = switches();
  before.insert(before.begin(), "none");
  for (const auto& second : switches())
    for (const auto& first : before) {
      if (first == second) continue;
      std::vector<std::string> base;
      if (first != "none") base.push_back(first);
      auto more = base;
      more.push_back(second);
      const auto without = with_switches(base), with = with_switches(more);
      for (std::uint32_t k = 0; k < trials; ++k) {
        const auto p = parting(without, with, k);
        if (!p) continue;
        ++parted[second];
        EXPECT_TRUE(explains(second, *p))
            << second << " on top of " << first << ", trial " << k << ", hour " << p->with.now << ", after " << p->part;
      }
    }
  for (const auto& s : switches()) EXPECT_GT(parted[s], 0) << s << " never acts";
  // The check sees a difference of luck for what it is: nobody's switch explains it.
  const auto calm = with_switches({});
  const auto other = with_switches({}, {"mood_sd=0.0092"});
  const auto p = parting(calm, other, 0);
  ASSERT_TRUE(p);
  for (const auto& s : switches()) EXPECT_FALSE(explains(s, *p));
}

// The same in the case of January 2022, each switch alone.
TEST(Switches, UntilASwitchActsJanuaryIsJanuaryWithoutIt) {
  sim::Diagnostics diagnostics;
  const auto files = read_case_files(std::string(QANTAR_SOURCE_DIR) + "/configs/january_2022", diagnostics);
  const auto january = [&](const std::vector<std::string>& overrides) {
    auto all = overrides;
    all.push_back("case.persons_per_agent=100");
    const auto built = build_case("configs/january_2022", files, all, diagnostics);
    if (!diagnostics.empty()) throw sim::InputError(diagnostics);
    return test::hypothesis(built, "spontaneous_uprising");
  };
  const auto without = january({});
  for (const auto& s : switches()) {
    const auto with = january({s + "=1"});
    int parted = 0;
    for (std::uint32_t k = 0; k < 2; ++k) {
      const auto p = parting(without, with, k);
      if (!p) continue;
      ++parted;
      EXPECT_TRUE(explains(s, *p)) << s << ", trial " << k << ", hour " << p->with.now << ", after " << p->part;
    }
    EXPECT_GT(parted, 0) << s << " never acts";
  }
}

// What takes from a switch every means of moving anything, while it still acts and draws.
std::vector<std::string> without_means(const std::string& s) {
  static const std::map<std::string, std::vector<std::string>> all{
      // every directive is let lie by the first office that it comes to
      {"withdrawal_directives", {"waiting_blocks=1", "office_rate=0"}},
      {"clan_funding", {"groups.paid_groups.places={}", "patronage=0", "decisions.resource_price=0"}},
      {"prepared_groups", {"groups.service_irregulars.places={}", "motives.crowd_is_large.barrier=20"}},
      {"presidential_script",
       {"motives.plan_with_the_crowd.barrier=20", "motives.plan_with_the_emergency.barrier=20",
        "motives.plan_to_ask.barrier=20", "motives.plan_to_dismiss.barrier=20", "motives.losing_the_city.barrier=20",
        "stall_ambiguity=0"}},
      {"organised_crime", {"groups.gang.places={}"}},
      {"foreign_training", {"groups.foreign_fighters.places={}"}}};
  return all.at(s);
}

// The log without what the switches themselves do, causes renumbered. `left_out` counts what was dropped.
std::vector<sim::LoggedEvent> without_doings(const World& w, int& left_out) {
  const auto own = [&](const sim::LoggedEvent& e) {
    const auto kind = static_cast<EventKind>(e.kind);
    for (const auto& a : of_switches)
      if (e.kind == test::event_kind_of(*w.scenario, a)) return true;
    return kind == EventKind::group_mobilises || kind == EventKind::group_disperses ||
           kind == EventKind::preparation_noticed || kind == EventKind::group_attributed ||
           ((kind == EventKind::order_issued || kind == EventKind::order_blocked) &&
            e.value == static_cast<double>(Content::withdraw));
  };
  std::vector<std::int32_t> number(w.log.size(), no_event);
  std::vector<sim::LoggedEvent> out;
  for (std::size_t i = 0; i < w.log.size(); ++i) {
    if (own(w.log[i])) {
      ++left_out;
      continue;
    }
    number[i] = static_cast<std::int32_t>(out.size());
    auto event = w.log[i];
    event.causes.clear();
    for (const std::int32_t cause : w.log[i].causes)
      if (number[static_cast<std::size_t>(cause)] != no_event)
        event.causes.push_back(number[static_cast<std::size_t>(cause)]);
    out.push_back(std::move(event));
  }
  return out;
}

// Whether two worlds stay the same to the end. `doings`: how much more the second one's switches did.
bool same_to_the_end(const ScenarioPtr& without, const ScenarioPtr& with, std::uint32_t k, int& doings) {
  const sim::Draws draws(test::trial(k));
  World a = make_world(*without, draws), b = make_world(*with, draws);
  for (int i = 0; i < without->clock.steps(); ++i) {
    step(a, draws, i);
    step(b, draws, i);
    if (!same(state_of(a, false), state_of(b, false))) return false;
  }
  int fewer = 0, more = 0;
  const auto x = without_doings(a, fewer), y = without_doings(b, more);
  doings += more - fewer;
  return test::same_events(x, y);
}

TEST(Switches, ASwitchWithoutMeansMovesNobodyElsesLuckToTheEnd) {
  auto before = switches();
  before.insert(before.begin(), "none");
  for (const auto& s : switches()) {
    int doings = 0;
    bool with_means_differs = false;
    for (const auto& first : before) {
      if (first == s) continue;
      // Directives are the cue of prepared groups: there the switch has means by itself.
      if (s == "withdrawal_directives" && first == "prepared_groups") continue;
      std::vector<std::string> base;
      if (first != "none") base.push_back(first);
      auto more = base;
      more.push_back(s);
      for (std::uint32_t k = 0; k < trials; ++k) {
        EXPECT_TRUE(
            same_to_the_end(with_switches(base, without_means(s)), with_switches(more, without_means(s)), k, doings))
            << s << " on top of " << first << ", trial " << k;
        int unused = 0;
        with_means_differs =
            with_means_differs || !same_to_the_end(with_switches(base), with_switches(more), k, unused);
      }
    }
    EXPECT_GT(doings, 0) << s << " did nothing to be compared";
    EXPECT_TRUE(with_means_differs) << s << " moves nothing even with its means: the check is blind";
  }
}

// The luck of an order belongs to who gets it, what it says and when: others sent before it change nothing.
TEST(Switches, AnOrdersLuckIsItsOwn) {
  const auto scenario = with_switches({});
  const FactionId issuer = scenario->faction(Role::incumbent);
  for (std::uint32_t k = 0; k < trials; ++k)
    for (const UnitId u : scenario->units.ids()) {
      const auto fate = [&](bool others) {
        const sim::Draws all(test::trial(k));
        World w = make_world(*scenario, all);
        for (auto& office : w.offices) office.stance = static_cast<Stance>(k % 3);
        const StepDraws draws(all, 5);
        test::begin_step(w, 5);
        for (const UnitId v : scenario->units.ids()) {
          if (!others) break;
          issue_order(w, draws, issuer, v, {Content::withdraw}, no_event);
          if (v != u) issue_order(w, draws, issuer, v, {Content::fire}, no_event);
        }
        issue_order(w, draws, issuer, u, {Content::fire}, no_event);
        for (int i = 5; i < 60; ++i) {
          test::begin_step(w, i);
          deliver_orders_and_news(w, {all, i});
        }
        for (const Order& o : w.orders)
          if (o.unit == u && o.sent_as == Content::fire)
            return std::vector<double>{o.due, o.received, static_cast<double>(o.content), o.blocked ? 1.0 : 0.0};
        return std::vector<double>{};
      };
      const auto alone = fate(false);
      ASSERT_FALSE(alone.empty());
      EXPECT_TRUE(test::same_numbers(alone, fate(true))) << scenario->units[u].id << ", trial " << k;
    }
}

}  // namespace
}  // namespace qantar::agents::switches_test
