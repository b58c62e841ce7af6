// Units that follow another faction than the one in power, and people who come out for a side.
#include "agents/sides.hpp"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/effects.hpp"
#include "agents/events.hpp"
#include "agents/messages.hpp"
#include "agents/random_draws.hpp"
#include "agents/signals.hpp"
#include "agents/sites.hpp"
#include "agents/step.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents::sides_test {
namespace {

// The invented crisis without a street, with three units that follow the old family.
std::string text_with_sides() {
  return test::crisis_text() + R"(
[[units]]
id = "radio_party"
name = "radio party"
organisation = "army"
place = "harbour"
side = "old_family"
task = "harbour_broadcaster"
strength = 80

[[units]]
id = "hall_party"
name = "hall party"
organisation = "army"
place = "valley"
side = "old_family"
task = "harbour_service"
strength = 200

[[units]]
id = "free_party"
name = "free party"
organisation = "army"
place = "harbour"
side = "old_family"
strength = 50
)";
}

// As if an order to seize had come to every unit of a side that can go for the site.
void seize(World& w, SiteId s, FactionId side) {
  for (const UnitId u : w.units.ids())
    if (w.units[u].side == side) set_out(w, u, s, no_event);
}

// Worlds refer to their scenario, so all of them stay.
const Scenario& scenario(const std::vector<std::string>& overrides = {}) {
  static std::vector<test::ScenarioPtr> all;
  all.push_back(test::scenario_of(text_with_sides(), overrides));
  return *all.back();
}

struct Play {
  explicit Play(const std::vector<std::string>& overrides = {}, std::uint32_t replicate = 0)
      : draws(test::trial(replicate)), w(make_world(scenario(overrides), draws)), hour(w.now) {}

  UnitId unit(const std::string& id) const { return UnitId(w.scenario->ids.find("units", id)); }
  SiteId site(const std::string& id) const { return SiteId(w.scenario->ids.find("sites", id)); }
  PlaceId place(const std::string& id) const { return PlaceId(w.scenario->ids.find("places", id)); }
  FactionId faction(const std::string& id) const { return FactionId(w.scenario->ids.find("factions", id)); }
  FactionId family() const { return faction("old_family"); }
  void contest(int steps) {
    for (int i = 0; i < steps; ++i) {
      w.step = ++number;
      w.now = hour + number * w.dt;
      sides_contest(w, StepDraws(draws, number));
    }
  }
  void until_lost(SiteId s) {
    for (int i = 0; i < 100 && w.sites[s].held; ++i) contest(1);
  }
  const UnitState& operator[](const std::string& id) const { return w.units[unit(id)]; }

  sim::Draws draws;
  World w;
  Hours hour;
  int number = 0;
};

TEST(Sides, AUnitThatTurnedIsNoneOfTheState) {
  Play with({"units.harbour_line.side=\"palace\""});  // which every unit follows
  EXPECT_TRUE(with["harbour_line"].present);
  const auto without = test::crisis();
  const World plain = make_world(*without, sim::Draws(test::trial(0)));
  const PlaceId harbour = with.place("harbour");
  EXPECT_DOUBLE_EQ(with.w.places[harbour].police_at_start, plain.places[harbour].police_at_start);
  EXPECT_FALSE(with["radio_party"].present);
  step(with.w, with.draws, 0);
  World w = plain;
  step(w, with.draws, 0);
  EXPECT_DOUBLE_EQ(with.w.places[harbour].police, w.places[harbour].police);
  EXPECT_GT(with.w.resource(with.family(), Resource::coercion), w.resource(with.family(), Resource::coercion));
  EXPECT_LT(with.w.resource(with.faction("palace"), Resource::coercion),
            w.resource(with.faction("palace"), Resource::coercion));
}

TEST(Sides, WhoIsSentGoesForTheSite) {
  Play p;
  const SiteId radio = p.site("harbour_broadcaster");
  seize(p.w, radio, p.family());
  EXPECT_EQ(p["radio_party"].site, radio);
  EXPECT_EQ(p["free_party"].site, radio);  // it is there and has no task
  EXPECT_FALSE(p["hall_party"].site.exists());
  p.until_lost(radio);
  EXPECT_FALSE(p.w.sites[radio].held);
  EXPECT_EQ(p.w.sites[radio].holder, p.family());
  EXPECT_TRUE(happened(p.w.sites[radio].fell));
  EXPECT_TRUE(holds(p.w, radio, p.family()));
  EXPECT_FALSE(holds(p.w, radio, p.faction("palace")));
  EXPECT_TRUE(holds(p.w, p.site("harbour_hall"), p.faction("palace")));
  EXPECT_FALSE(holds(p.w, p.site("harbour_hall"), p.family()));
  // A site that nobody guards falls without a shot.
  EXPECT_EQ(p.w.tally.deaths, 0);
  EXPECT_FALSE(happened(p.w.violence_began));
}

TEST(Sides, ItTakesTheWayThere) {
  Play p({"units.free_party.task=\"harbour_hall\""});
  const SiteId post = p.site("harbour_service");
  seize(p.w, post, p.family());
  EXPECT_EQ(p["hall_party"].place, p.place("harbour"));
  EXPECT_GT(p["hall_party"].arrives, p.w.now);
  EXPECT_TRUE(std::ranges::count(p.w.places[p.place("harbour")].units, p.unit("hall_party")));
  p.contest(1);
  EXPECT_EQ(p.w.sites[post].attackers, 0.0);  // on the way
}

// Share of trials in which a site has fallen by an hour.
double share_fallen(const std::vector<std::string>& overrides, int steps) {
  int fell = 0;
  constexpr int trials = 60;
  for (int i = 0; i < trials; ++i) {
    Play p(overrides, i);
    seize(p.w, p.site("harbour_service"), p.family());
    p.contest(steps);
    fell += happened(p.w.sites[p.site("harbour_service")].fell);
  }
  return fell / double(trials);
}

TEST(Sides, GuardsHoldAgainstFewAndNotAgainstMany) {
  const double few = share_fallen({"units.hall_party.strength=20", "units.free_party.task=\"harbour_hall\""}, 12);
  const double many = share_fallen({"units.hall_party.strength=900"}, 12);
  EXPECT_LT(few, 0.2);
  EXPECT_GT(many, 0.9);
  EXPECT_EQ(
      share_fallen({"units.hall_party.strength=900", "sites.harbour_service.held_until=2030-03-13T00:00:00+02:00"}, 12),
      0);
}

// Both sides lose by the square law: with equal rates the difference of the squares of their strengths stays.
TEST(Sides, AnOrganisedContestFollowsTheSquareLaw) {
  double squares = 0, before = 0, lost = 0;
  constexpr int trials = 40;
  for (int i = 0; i < trials; ++i) {
    Play p({"units.hall_party.strength=3000", "units.service_post.strength=2000", "parameters.security_loss=0.05",
            "organisations.army.morale=1", "organisations.secret_service.morale=1",
            "units.free_party.task=\"harbour_hall\"", "sites.harbour_service.held_until=2030-03-13T00:00:00+02:00"},
           i);
    const auto difference = [&] {
      return p["hall_party"].strength * p["hall_party"].strength -
             p["service_post"].strength * p["service_post"].strength;
    };
    const double deaths = p.w.tally.deaths;
    before = difference();
    seize(p.w, p.site("harbour_service"), p.family());
    p.contest(16);
    squares += difference() / trials;
    lost += (p.w.tally.deaths - deaths) / trials;
    EXPECT_NEAR(p.w.tally.security_deaths, 2000 - p["service_post"].strength, 1e-6);
    EXPECT_NEAR(p.w.tally.turned_deaths, 3000 - p["hall_party"].strength, 1e-6);
  }
  EXPECT_GT(lost, 1000);  // a good part of both
  EXPECT_NEAR(squares / before, 1.0, 0.05);
}

TEST(Sides, PeopleComeOutAsFarAsTheyAreReached) {
  Play p({"parameters.rally_rate=2", "parameters.fatigue=0"});
  rally(p.w, p.place("harbour"), p.faction("palace"), 10000, no_event);
  p.contest(1);
  EXPECT_NEAR(p.w.rallies.front().persons, 10000 * (1 - std::exp(-2 * p.w.dt)), 1);
  p.contest(10);
  EXPECT_NEAR(p.w.rallies.front().persons, 10000, 1);
  EXPECT_TRUE(happened(p.w.places[p.place("harbour")].rally_began));
  EXPECT_NEAR(p.w.places[p.place("harbour")].rally_peak, 10000, 1);
  Play dark({"parameters.rally_rate=2", "parameters.fatigue=0"});
  dark.w.network = 0.3;
  rally(dark.w, dark.place("harbour"), dark.faction("palace"), 10000, no_event);
  rally(dark.w, dark.place("harbour"), dark.faction("palace"), 4000, no_event);  // adds nobody
  dark.contest(10);
  EXPECT_EQ(dark.w.rallies.size(), 1u);
  EXPECT_NEAR(dark.w.rallies.front().persons, 3000, 1);
}

// Hours until a seized site is back, averaged; and the dead among people.
struct Held {
  double hours = 0, people = 0, given_up = 0, detained = 0;
};

Held held(double persons, const std::vector<std::string>& more = {}) {
  Held out;
  constexpr int trials = 40;
  std::vector<std::string> overrides{"parameters.street_loss=0.2", "units.radio_party.strength=300"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  for (int i = 0; i < trials; ++i) {
    Play p(overrides, i);
    const SiteId radio = p.site("harbour_broadcaster");
    seize(p.w, radio, p.family());
    p.contest(6);
    if (persons > 0) rally(p.w, p.place("harbour"), p.faction("palace"), persons, no_event);
    p.contest(6);
    out.given_up += given_up(p.w, p.family()) / trials;
    p.contest(54);
    const SiteState& site = p.w.sites[radio];
    out.hours += ((happened(site.retaken) ? site.retaken : p.w.now) - site.fell) / trials;
    out.people += (p.w.tally.deaths - p.w.tally.security_deaths - p.w.tally.turned_deaths) / trials;
    out.detained += p.w.tally.detained / trials;
    if (happened(site.retaken)) {
      EXPECT_FALSE(site.holder.exists());
      EXPECT_TRUE(site.held);
    }
  }
  return out;
}

TEST(Sides, PeopleShortenASeizureAndPayForIt) {
  const Held alone = held(0), crowd = held(20000);
  EXPECT_LT(crowd.hours, 0.8 * alone.hours);
  EXPECT_EQ(alone.people, 0);
  EXPECT_GT(crowd.people, 1);
  EXPECT_GT(crowd.given_up, alone.given_up);
  EXPECT_GT(crowd.detained, 50);  // who gives up is detained
}

TEST(Sides, AUnitTurnsTheRatherTheLikelierItsSide) {
  const auto turned = [](double amount, double expectation) {
    int n = 0;
    for (int i = 0; i < 40; ++i) {
      Play p({}, i);
      for (auto& office : p.w.offices) office.expectation = expectation;
      Effect e;
      e.organisation = OrganisationId(p.w.scenario->ids.find("organisations", "police_force"));
      e.amount = {amount, -1};
      for (const EffectRow& row : effect_rows())
        if (std::string_view(row.name) == "turn") row.apply(p.w, StepDraws(p.draws, 3), e, {p.family(), no_event});
      for (const UnitId u : p.w.units.ids())
        if (p.w.units[u].side == p.family() && !p.w.about(u).side.exists()) {
          ++n;
          EXPECT_FALSE(p.w.units[u].present);
          EXPECT_EQ(p.w.about(u).organisation, e.organisation);
        }
    }
    return n;
  };
  const int never = turned(-20, 0), even = turned(0, 0), losing = turned(0, 2), winning = turned(0, -2),
            all = turned(20, 0);
  EXPECT_EQ(never, 0);
  EXPECT_LT(losing, even);
  EXPECT_LT(even, winning);
  EXPECT_LT(winning, all);
  EXPECT_NEAR(even, 0.5 * all, 0.1 * all);
}

TEST(Sides, WhoTurnedCanComeBackAndWhoGaveUpCannot) {
  Play p;
  const UnitId line = p.unit("harbour_line"), party = p.unit("radio_party");
  const SiteId post = p.w.units[p.unit("service_post")].site;
  turn(p.w, p.unit("service_post"), p.family(), no_event);
  EXPECT_FALSE(p["service_post"].present);
  EXPECT_FALSE(p["service_post"].site.exists());
  turn(p.w, line, p.faction("palace"), no_event);  // it never left
  EXPECT_TRUE(p["harbour_line"].present);
  turn(p.w, p.unit("service_post"), p.faction("palace"), no_event);
  EXPECT_TRUE(p["service_post"].present);
  EXPECT_EQ(p["service_post"].site, post);
  p.w.units[party].conduct = Conduct::withdrawn;
  turn(p.w, party, p.faction("palace"), no_event);
  EXPECT_EQ(p.w.units[party].side, p.family());
}

TEST(Sides, AStrikeKillsTheGuardsFirst) {
  Play p;
  strike(p.w, StepDraws(p.draws, 1), p.site("harbour_service"), 30, no_event);
  EXPECT_GT(p.w.tally.security_deaths, 5);
  EXPECT_EQ(p.w.tally.security_deaths, p.w.tally.deaths);
  EXPECT_DOUBLE_EQ(p["service_post"].strength, 70 - p.w.tally.deaths);
  EXPECT_TRUE(p.w.sites[p.site("harbour_service")].held);
  EXPECT_TRUE(happened(p.w.sites[p.site("harbour_service")].attacked));
  EXPECT_TRUE(happened(p.w.violence_began));
  Play empty;
  strike(empty.w, StepDraws(empty.draws, 1), empty.site("harbour_broadcaster"), 30, no_event);
  EXPECT_GT(empty.w.tally.deaths, 5);
  EXPECT_EQ(empty.w.tally.security_deaths, 0);
}

TEST(Sides, FiringEndsTheQuiet) {
  Play p;
  p.w.quiet_since = p.w.now - 5;
  strike(p.w, StepDraws(p.draws, 1), p.site("harbour_broadcaster"), 0, no_event);
  EXPECT_FALSE(happened(p.w.quiet_since));
}

TEST(Sides, GuardsThatWereOverrunStandAgainWhenTheSiteIsBack) {
  Play p({"units.hall_party.strength=900"});
  const SiteId post = p.site("harbour_service");
  seize(p.w, post, p.family());
  p.until_lost(post);
  ASSERT_FALSE(p.w.sites[post].held);
  EXPECT_EQ(p["service_post"].conduct, Conduct::broken);
  EXPECT_EQ(p.w.tally.overrun[p.w.about(p.unit("service_post")).organisation], 1);
  for (const char* party : {"hall_party", "free_party"}) p.w.units[p.unit(party)].conduct = Conduct::withdrawn;
  p.contest(1);
  EXPECT_TRUE(p.w.sites[post].held);
  EXPECT_EQ(p["service_post"].conduct, Conduct::obeying);
  EXPECT_EQ(p["hall_party"].conduct, Conduct::withdrawn);
}

// The state retakes what a crowd had taken: its own units stand there again, those that had turned do not.
TEST(Sides, WhoHadTurnedDoesNotReturnWithASite) {
  Play p({"parameters.retake_rate=5", "units.harbour_line.strength=5000"});
  const SiteId post = p.site("harbour_service");
  p.w.sites[post].held = false;
  p.w.units[p.unit("free_party")].site = post;
  for (const char* unit : {"free_party", "service_post"}) p.w.units[p.unit(unit)].conduct = Conduct::withdrawn;
  p.w.decided.fire = {p.w.now, no_event, p.faction("palace")};
  p.w.places[p.place("harbour")].police = 5000;
  for (int step = 1; step < 20 && !p.w.sites[post].held; ++step) resolve_contacts(p.w, StepDraws(p.draws, step));
  ASSERT_TRUE(p.w.sites[post].held);
  EXPECT_EQ(p["service_post"].conduct, Conduct::obeying);
  EXPECT_EQ(p["free_party"].conduct, Conduct::withdrawn);
}

// Its loss goes up through those who guarded it, not through those who took it.
TEST(Sides, WhoTookASiteDoesNotReportIt) {
  Play p({"parameters.bias=1", "units.radio_party.organisation=\"secret_service\""});
  ASSERT_TRUE(p.w.about(p.w.about(p.unit("radio_party")).organisation).head.exists());
  const SiteId radio = p.site("harbour_broadcaster");
  seize(p.w, radio, p.family());
  p.until_lost(radio);
  ASSERT_FALSE(p.w.sites[radio].held);
  publish_events(p.w, StepDraws(p.draws, 50));
  EXPECT_EQ(p.w.reports.size(), 1u);
  EXPECT_EQ(p.w.tally.false_reports, 0);
}

TEST(Sides, WhoSlackensBeforeASiteThinksAgain) {
  Play p({"units.free_party.task=\"harbour_hall\"", "units.service_post.strength=2000"});
  const SiteId post = p.site("harbour_service");
  seize(p.w, post, p.family());
  UnitState& party = p.w.units[p.unit("hall_party")];
  party.arrives = p.w.now;
  party.conduct = Conduct::stalling;
  bool again = false;
  for (int i = 0; i < 300 && !again; ++i) {
    p.contest(1);
    again = party.conduct != Conduct::stalling;
  }
  EXPECT_TRUE(again);
}

// Half of a party slackens: all of it is hit alike, and nobody dies twice.
TEST(Sides, LossesFallOnAllOfAParty) {
  Play p({"units.hall_party.strength=400", "units.free_party.strength=400", "units.service_post.strength=2000",
          "parameters.security_loss=0.1"});
  const SiteId post = p.site("harbour_service");
  seize(p.w, post, p.family());
  UnitState &one = p.w.units[p.unit("hall_party")], &other = p.w.units[p.unit("free_party")];
  one.arrives = other.arrives = p.w.now;
  one.conduct = Conduct::stalling;
  p.contest(1);
  EXPECT_GT(p.w.tally.turned_deaths, 50);
  EXPECT_EQ(p.w.tally.deaths, std::floor(p.w.tally.deaths));
  EXPECT_DOUBLE_EQ(one.strength, other.strength);
  EXPECT_NEAR(one.strength + other.strength, 800 - p.w.tally.turned_deaths, 1e-9);
}

// Whole persons die, and what is left of a party below one person holds nothing.
TEST(Sides, NobodyIsLeftOfAPartyThatIsWipedOut) {
  Play p({"units.hall_party.strength=4.5", "units.free_party.task=\"harbour_hall\"",
          "units.service_post.strength=2000.5", "parameters.security_loss=1"});
  SiteState& site = p.w.sites[p.site("harbour_service")];
  seize(p.w, p.site("harbour_service"), p.family());
  p.w.units[p.unit("hall_party")].arrives = p.w.now;
  p.contest(5);
  EXPECT_EQ(p.w.tally.turned_deaths, 4);
  EXPECT_EQ(p.w.tally.deaths, std::floor(p.w.tally.deaths));
  site.attackers = -1;
  p.contest(1);
  EXPECT_EQ(site.attackers, -1) << "somebody attacks";
}

TEST(Sides, SignalsSayWhatTheOwnSideHas) {
  Play p;
  const auto sense = [&](const char* name, FactionId who, const Condition& of) {
    return std::ranges::find(signal_rows(), std::string_view(name), &SignalRow::name)->sense(p.w, who, of).value;
  };
  Condition of;
  of.site = p.site("harbour_broadcaster");
  of.place = p.place("harbour");
  const FactionId palace = p.faction("palace");
  EXPECT_EQ(sense("holds", palace, of), 1);
  EXPECT_EQ(sense("holds", p.family(), of), 0);
  EXPECT_EQ(sense("given_up", p.family(), of), 0);
  EXPECT_EQ(sense("rally", palace, of), 0);
  seize(p.w, of.site, p.family());
  rally(p.w, of.place, palace, 5000, no_event);
  p.until_lost(of.site);
  EXPECT_EQ(sense("holds", p.family(), of), 1);
  EXPECT_GT(sense("rally", palace, of), 100);
  EXPECT_EQ(sense("rally", p.family(), of), 0);
  EXPECT_EQ(sense("counter_rally", p.family(), of), sense("rally", palace, of));
  EXPECT_EQ(sense("counter_rally", palace, of), 0);
  p.w.units[p.unit("radio_party")].conduct = Conduct::withdrawn;
  p.w.units[p.unit("free_party")].conduct = Conduct::obeying;
  EXPECT_DOUBLE_EQ(sense("given_up", p.family(), of), 0.5);  // two were sent
}

// ---- Orders of a side that is not in power
// ----------------------------------------------------------------------------

// Effects of the family, or of another faction, and what came of its orders some hours later.
struct Told : Play {
  using Play::Play;
  void tell(FactionId who, const char* effect, Effect e = {}) {
    const auto row = std::ranges::find(effect_rows(), std::string_view(effect), &EffectRow::name);
    row->apply(w, StepDraws(draws, number), e, {who, no_event});
  }
  void wait(int steps) {
    for (int i = 0; i < steps; ++i) {
      w.step = ++number;
      w.now = hour + number * w.dt;
      deliver_orders_and_news(w, StepDraws(draws, number));
    }
  }
  Effect units_of(const std::string& organisation) const {
    Effect e;
    e.organisation = OrganisationId(w.scenario->ids.find("organisations", organisation));
    e.amount = {1.0, -1};
    return e;
  }
  Effect about(SiteId site) const {
    Effect e;
    e.site = site;
    return e;
  }
};

// The order goes from the head of the family to the office that commands the party, and from there to the party.
const std::vector<std::string> commanded{"units.radio_party.commander=\"magnate\"",
                                         "offices.magnate.superior=\"council_chair\"",
                                         "factions.old_family.head=\"council_chair\"", "parameters.order_delay=1"};

TEST(OrdersOfASide, ComeDownItsChain) {
  Told p(commanded);
  p.w.offices[OfficeId(p.w.scenario->ids.find("offices", "magnate"))].stance = Stance::challenger;
  const SiteId radio = p.site("harbour_broadcaster");
  p.tell(p.family(), "seize", p.about(radio));
  EXPECT_FALSE(p["radio_party"].site.exists());
  p.wait(40);
  EXPECT_EQ(p["radio_party"].site, radio);
  EXPECT_EQ(p["free_party"].site, radio);  // that nobody else commands
  EXPECT_FALSE(p["hall_party"].site.exists());
}

TEST(OrdersOfASide, EndAtAnOfficeThatIsCaptured) {
  Told p(commanded);
  p.w.offices[OfficeId(p.w.scenario->ids.find("offices", "magnate"))].captured = true;
  p.tell(p.family(), "seize", p.about(p.site("harbour_broadcaster")));
  p.wait(40);
  EXPECT_FALSE(p["radio_party"].site.exists());
  EXPECT_TRUE(p["free_party"].site.exists());
}

TEST(OrdersOfASide, AreAnsweredByItsOwnUnitsAlone) {
  Told p;
  p.tell(p.faction("palace"), "order_to_leave", p.units_of("army"));
  p.wait(60);
  for (const char* party : {"radio_party", "hall_party", "free_party"})
    EXPECT_EQ(p[party].conduct, Conduct::obeying) << party;
  p.tell(p.family(), "order_to_leave", p.units_of("army"));
  p.wait(60);
  for (const char* party : {"radio_party", "hall_party", "free_party"})
    EXPECT_EQ(p[party].conduct, Conduct::withdrawn) << party;
  EXPECT_EQ(p.w.tally.turned_given_up, 80 + 200 + 50);
}

TEST(OrdersOfASide, ToHoldTakeTheOrderToFireBack) {
  Told p;
  p.tell(p.family(), "order_fire");
  EXPECT_FALSE(p.w.decided.fire.holds());  // that is the president's
  p.wait(40);
  EXPECT_EQ(p["radio_party"].order, Content::fire);
  p.tell(p.family(), "order_to_hold", p.units_of("army"));
  p.wait(40);
  EXPECT_EQ(p["radio_party"].order, Content::hold);
}

// People before units that hold a site die the more when these were told to fire.
TEST(OrdersOfASide, ToFireCostLives) {
  const auto people_killed = [](bool told) {
    double sum = 0;
    for (int i = 0; i < 40; ++i) {
      Told p({"parameters.street_loss=0.02", "units.radio_party.strength=300", "parameters.clear_lethality=0.1"}, i);
      const SiteId radio = p.site("harbour_broadcaster");
      seize(p.w, radio, p.family());
      if (told) p.tell(p.family(), "order_fire");
      p.wait(30);
      p.until_lost(radio);
      rally(p.w, p.place("harbour"), p.faction("palace"), 20000, no_event);
      p.contest(10);
      sum += p.w.tally.deaths - p.w.tally.security_deaths - p.w.tally.turned_deaths;
    }
    return sum;
  };
  EXPECT_GT(people_killed(true), 3 * people_killed(false));
}

TEST(Sides, BadInputIsNamedAtOnce) {
  sim::Diagnostics found;
  std::string text = text_with_sides() + R"(
[[units]]
id = "both"
name = "both"
organisation = "army"
place = "harbour"
site = "harbour_hall"
side = "old_family"
strength = 10
)";
  text.insert(text.find("[[snapshots]]"), R"([[actions]]
id = "send_nobody"
name = "Nobody is sent"
by = ["gangs"]
effects = [{ effect = "seize", site = "harbour_hall" }]

[[motives]]
id = "no_reason"
action = "send_nobody"
barrier = 1

)");
  test::read_case(text, {}, found);
  std::string all;
  for (const auto& problem : found.problems()) all += problem.text() + "\n";
  EXPECT_THAT(all, testing::HasSubstr("units.both.side"));
  EXPECT_THAT(all, testing::HasSubstr("guards nothing for the state"));
  EXPECT_THAT(all, testing::HasSubstr("gangs has nobody to send"));
}

}  // namespace
}  // namespace qantar::agents::sides_test
