// Rules of the street, one by one: what an assault is, who guards, who leaves a post, who detains, how far force
// reaches.
#include <map>

#include <gtest/gtest.h>

#include "agents/random_draws.hpp"
#include "agents/security_units.hpp"
#include "agents/sites.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::agents::street_test {
namespace {

// Worlds refer to their scenario, so all of them stay.
struct Play {
  explicit Play(const std::vector<std::string>& overrides = {}, std::uint32_t replicate = 0)
      : scenario(kept(test::crisis(overrides))), draws(test::trial(replicate)), w(make_world(*scenario, draws)) {}

  static test::ScenarioPtr kept(test::ScenarioPtr one) {
    static std::vector<test::ScenarioPtr> all;
    return all.emplace_back(std::move(one));
  }
  SiteId site(const std::string& id) const { return SiteId(scenario->ids.find("sites", id)); }
  PlaceId place(const std::string& id) const { return PlaceId(scenario->ids.find("places", id)); }
  PlaceState& harbour() { return w.places[place("harbour")]; }
  void units(int steps) {
    for (int i = 0; i < steps; ++i) units_answer_orders(w, StepDraws(draws, i));
  }

  test::ScenarioPtr scenario;
  sim::Draws draws;
  World w;
};

TEST(Street, AnAssaultIsAnEpisodeAndCountsAsRepelledIfItEndsSo) {
  Play p;
  const SiteId hall = p.site("harbour_hall");
  const SiteState& state = p.w.sites[hall];
  withstand(p.w, hall, true);
  withstand(p.w, hall, false);
  withstand(p.w, hall, false);
  EXPECT_EQ(state.repelled, 1);
  EXPECT_DOUBLE_EQ(state.hours_attacked, 3 * p.w.dt);
  withstand(p.w, hall, true);  // after a pause
  EXPECT_EQ(state.repelled, 2);
  lose(p.w, hall, 500);  // the second one took it
  EXPECT_EQ(state.repelled, 1);
  EXPECT_DOUBLE_EQ(state.hours_attacked, 4 * p.w.dt);
  regain(p.w, hall, 100, 0.0, {});
  lose(p.w, hall, 500);
  EXPECT_EQ(state.repelled, 1);
}

TEST(Street, APlaceKnowsWhetherItsSeatIsLost) {
  Play p;
  lose(p.w, p.site("harbour_police"), 500);
  EXPECT_FALSE(p.harbour().seat_lost);
  lose(p.w, p.site("harbour_hall"), 500);
  EXPECT_TRUE(p.harbour().seat_lost);
  regain(p.w, p.site("harbour_hall"), 100, 0.0, {});
  EXPECT_FALSE(p.harbour().seat_lost);
}

TEST(Street, ForceThinsOutInALargeCrowd) {
  const auto felt = [](double people, const char* density) {
    Play p({std::string("force_density=") + density, "force_rate=0"});
    p.harbour().persons_peaceful = people;
    p.harbour().posture = Posture::clear;
    p.units(1);
    return p.harbour().force;
  };
  EXPECT_GT(felt(3000, "1"), 0);
  EXPECT_NEAR(felt(30000, "1"), felt(3000, "1") * felt(30000, "0.1") / felt(3000, "0.1"), 0.05);
  EXPECT_LT(felt(30000, "0.1"), 0.2 * felt(3000, "0.1"));
  EXPECT_DOUBLE_EQ(felt(30000, "1000"), felt(3000, "1000"));
}

TEST(Street, PoliceAtAnAttackedSiteDoNotPatrol) {
  Play p;
  p.units(1);
  EXPECT_GT(p.harbour().police, 0);
  EXPECT_DOUBLE_EQ(p.harbour().patrol, p.harbour().police);
  EXPECT_TRUE(p.w.policed(p.place("harbour")));
  for (const UnitId u : p.harbour().units) p.w.units[u].in_contact = true;
  p.units(1);
  EXPECT_GT(p.harbour().police, 0);
  EXPECT_EQ(p.harbour().patrol, 0);
  EXPECT_FALSE(p.w.policed(p.place("harbour")));
  p.units(1);  // they are free again when nobody attacks
  EXPECT_DOUBLE_EQ(p.harbour().patrol, p.harbour().police);
}

TEST(Street, GuardsOfOtherSitesLeaveWhenTheSeatIsLostAndTheStreetsRiot) {
  const auto orders = [](bool lost, double violent, const char* rate) {
    int n = 0;
    for (std::uint32_t k = 0; k < 20; ++k) {
      Play p({std::string("seat_withdrawal=") + rate, "local_withdrawal=0"}, k);
      p.harbour().seat_lost = lost;
      p.harbour().persons_violent = violent;
      p.units(20);
      for (const auto& e : p.w.log)
        n += e.kind == static_cast<std::int32_t>(EventKind::order_issued) &&
             e.value == static_cast<double>(Content::withdraw);
    }
    return n;
  };
  EXPECT_EQ(orders(false, 2000, "0.1"), 0);
  EXPECT_EQ(orders(true, 0, "0.1"), 0);
  EXPECT_EQ(orders(true, 2000, "0"), 0);
  EXPECT_GT(orders(true, 2000, "0.1"), 20);
}

TEST(Street, DetentionsComeWhereCommandActs) {
  const auto detained = [](Posture posture, bool emergency) {
    Play p;
    p.harbour().wanted = 2000;
    p.harbour().posture = posture;
    p.harbour().emergency = emergency;
    p.units(0);
    for (const PlaceId c : p.w.places.ids()) p.w.places[c].police = p.w.places[c].police_at_start;
    for (int i = 0; i < 5; ++i) resolve_contacts(p.w, StepDraws(p.draws, i));
    return p.w.tally.detained;
  };
  const double still = detained(Posture::hold, false), clearing = detained(Posture::clear, false),
               banned = detained(Posture::hold, true);
  EXPECT_GT(clearing, 3 * still);
  EXPECT_DOUBLE_EQ(clearing, banned);
}

// Local command clears when enough of its forces are told to, in daylight and before a peaceful crowd, and stops when
// told.
TEST(Street, OrdersFromAboveMoveLocalCommand) {
  const auto posture = [](Content told, Posture before) {
    std::map<Posture, int> n;
    for (std::uint32_t k = 0; k < 20; ++k) {
      Play p({"force_rate=0", "unit_rate=0", "local_withdrawal=0", "cease_fire_rate=1", "open_fire_rate=1"}, k);
      p.harbour().persons_peaceful = 1000;
      p.harbour().posture = before;
      for (const UnitId u : p.harbour().units) {
        p.w.units[u].order = told;
        p.w.units[u].has_order = true;
      }
      p.units(10);
      ++n[p.harbour().posture];
    }
    return n;
  };
  EXPECT_EQ(posture(Content::cease, Posture::hold)[Posture::hold], 20);
  EXPECT_GT(posture(Content::clear, Posture::hold)[Posture::clear], 15);
  EXPECT_GT(posture(Content::cease, Posture::clear)[Posture::hold], 15);
  EXPECT_GT(posture(Content::cease, Posture::fire)[Posture::hold], 15);
  EXPECT_EQ(posture(Content::clear, Posture::fire)[Posture::hold], 0);
}

}  // namespace
}  // namespace qantar::agents::street_test
