// A switch leaves the others' draws alone, draw by draw. switches_test.cpp sees only what comes of them; here every
// address that is drawn is written down. Addresses mean the same luck whatever is switched on, none serves twice in a
// trial, and until a switch moves something the others draw exactly what they draw without it. About 5 s.
#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/random_draws.hpp"
#include "tests/support/parts.hpp"
#include "tests/support/states.hpp"

#ifndef QANTAR_RECORD_DRAWS
#error "all of this program is compiled with QANTAR_RECORD_DRAWS"
#endif

namespace qantar::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::uint32_t trials = 4;

using Address = std::array<std::uint32_t, 4>;  // mechanism, agent, step, slot
using Drawing = std::vector<sim::Drawn>;

Address address_of(const sim::Drawn& d) { return {d.mechanism, d.agent, d.step, d.slot}; }

std::string shown(const Address& a) {
  return fmt::format("mechanism {}, agent {}, step {}, slot {}", a[0], a[1], a[2], a[3]);
}

// Writes down what is drawn while it lives.
class Recording {
 public:
  explicit Recording(Drawing& into) { sim::recorder = &into; }
  ~Recording() { sim::recorder = nullptr; }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;
};

// What a trial drew: in the world's making, in each part of each step.
struct Stage {
  std::string name;
  Drawing drawn;
  State left;  // the world after it
};
using Trial = std::vector<Stage>;

// An act of a wrong model, after a part.
using Plant = std::function<void(const std::string& part, const World&, const sim::Draws&)>;

Trial recorded(const ScenarioPtr& scenario, const sim::TrialKey& key, const Plant& plant = {}) {
  const sim::Draws draws(key);
  Trial trial(1);
  trial[0].name = "making the world";
  std::optional<World> w;
  {
    const Recording recording(trial[0].drawn);
    w.emplace(make_world(*scenario, draws));
  }
  trial[0].left = state_of(*w, true);
  for (int i = 0; i < scenario->clock.steps(); ++i) {
    begin_step(*w, i);
    for (const Part& part : parts()) {
      Stage& stage = trial.emplace_back();
      stage.name = fmt::format("{} of step {}", part.name, i);
      const Recording recording(stage.drawn);
      part.run(*w, {draws, w->step});
      if (plant) plant(part.name, *w, draws);
      stage.left = state_of(*w, true);
    }
  }
  return trial;
}

// A draw and the stage that it was made in.
struct Use {
  Address address;
  sim::Block value;
  std::size_t stage;
};

std::vector<Use> by_address(const Trial& trial) {
  std::vector<Use> all;
  for (std::size_t i = 0; i < trial.size(); ++i)
    for (const auto& d : trial[i].drawn) all.push_back({address_of(d), d.value, i});
  std::ranges::stable_sort(all, {}, &Use::address);
  return all;
}

// Addresses that serve twice.
std::vector<std::string> repeated(const Trial& trial) {
  std::vector<std::string> out;
  const auto all = by_address(trial);
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i].address == all[i - 1].address)
      out.push_back(fmt::format("{}: in {} and in {}", shown(all[i].address), trial[all[i - 1].stage].name,
                                trial[all[i].stage].name));
  return out;
}

// Addresses that mean other luck in the other trial.
std::vector<std::string> disagreeing(const Trial& a, const Trial& b) {
  std::vector<std::string> out;
  const auto x = by_address(a), y = by_address(b);
  auto other = y.begin();
  for (const Use& use : x) {
    while (other != y.end() && other->address < use.address) ++other;
    if (other != y.end() && other->address == use.address && other->value != use.value)
      out.push_back(shown(use.address));
  }
  return out;
}

// The luck of a switch: of the groups that exist by it, and of the motives that count by it.
bool belongs_to(const std::string& s, const Scenario& scenario, const Address& a) {
  const auto [mechanism, agent, step, slot] = a;
  const SwitchId id = switch_of(scenario, s);
  const auto group = [&](std::uint32_t g) { return g < scenario.groups.size() && scenario.groups[g].enabled_by == id; };
  if (mechanism == agents::address(Mechanism::groups)) return group(agent);
  if (mechanism == agents::address(Mechanism::columns)) return slot >= 16 && group(slot - 16);
  if (mechanism == agents::address(Mechanism::inquiry)) return slot <= 2 && group(agent);
  if (mechanism == agents::address(Mechanism::actions))
    return std::ranges::any_of(scenario.motives,
                               [&](const Motive& m) { return m.luck == agent && m.enabled_by == id; });
  return false;
}

// What is drawn on one side only before the worlds part, apart from what the switch may add. `stages`: how many stages
// the worlds had in common; in the one after them the switch acts.
std::vector<std::string> strange(const std::string& s, const Scenario& scenario, const Trial& without,
                                 const Trial& with, std::size_t& stages) {
  std::vector<std::string> out;
  for (stages = 0; stages < with.size(); ++stages) {
    const Stage &x = without[stages], &y = with[stages];
    if (!same(x.left, y.left)) break;
    std::vector<Address> a, b;
    std::ranges::transform(x.drawn, std::back_inserter(a), address_of);
    std::ranges::transform(y.drawn, std::back_inserter(b), address_of);
    std::ranges::sort(a);
    std::ranges::sort(b);
    std::vector<Address> one_sided;
    std::ranges::set_symmetric_difference(a, b, std::back_inserter(one_sided));
    for (const Address& d : one_sided)
      if (!belongs_to(s, scenario, d)) out.push_back(shown(d) + ": on one side in " + x.name);
  }
  return out;
}

// Draws that belong to a switch.
std::size_t draws_of(const std::string& s, const Scenario& scenario, const Trial& trial) {
  std::size_t n = 0;
  for (const Stage& stage : trial)
    n += static_cast<std::size_t>(std::ranges::count_if(
        stage.drawn, [&](const sim::Drawn& d) { return belongs_to(s, scenario, address_of(d)); }));
  return n;
}

TEST(SwitchesDraws, OneByOneAreTheSameUntilTheSwitchActs) {
  for (const auto& s : switches()) {
    const auto off = with_switches({}), on = with_switches({s});
    std::size_t own = 0, parted = 0;
    for (std::uint32_t k = 0; k < trials; ++k) {
      SCOPED_TRACE(fmt::format("{}, trial {}", s, k));
      const Trial without = recorded(off, trial(k)), with = recorded(on, trial(k));
      EXPECT_THAT(disagreeing(without, with), IsEmpty());
      EXPECT_THAT(repeated(without), IsEmpty());
      EXPECT_THAT(repeated(with), IsEmpty());
      std::size_t stages = 0;
      EXPECT_THAT(strange(s, *on, without, with, stages), IsEmpty());
      parted += stages < with.size();
      EXPECT_GT(stages, 10U);  // some steps were compared
      EXPECT_EQ(draws_of(s, *on, without), 0U) << "it draws while it is off";
      own += draws_of(s, *on, with);
    }
    EXPECT_GT(parted, 0U) << s << " never acts";
    EXPECT_GT(own, 0U) << s << " never draws";
  }
}

// The shipped case with all switches at once, where most meets most.
TEST(SwitchesDraws, NoAddressServesTwiceInJanuary) {
  std::vector<std::string> overrides{"case.persons_per_agent=500"};
  for (const auto& s : switches()) overrides.push_back(s + "=1");
  const auto january = hypothesis(shipped("january_2022", overrides), "spontaneous_uprising");
  for (std::uint32_t k = 0; k < 2; ++k) EXPECT_THAT(repeated(recorded(january, trial(k))), IsEmpty()) << "trial " << k;
}

// Units that turned and a crowd go for the same building.
TEST(SwitchesDraws, NoAddressServesTwiceWithTwoSides) {
  auto overrides = test::two_sides("harbour_hall");
  overrides.push_back("actions.yield_posts.latest=2030-03-04T12:00:00+02:00");
  const auto scenario = crisis(overrides);
  bool together = false;
  for (std::uint32_t k = 0; k < 3; ++k) {
    const auto trial_k = recorded(scenario, trial(k));
    EXPECT_THAT(repeated(trial_k), IsEmpty()) << "trial " << k;
    for (const auto& stage : trial_k)
      together = together || std::ranges::any_of(stage.drawn, [](const auto& d) {
                   return d.mechanism == agents::address(Mechanism::sides);
                 });
  }
  EXPECT_TRUE(together) << "no unit that turned did anything";
}

// The one address that serves more than once, by design: a column keeps its luck for an hour, whatever the step.
TEST(SwitchesDraws, InShortStepsOnlyColumnsKeepTheirLuck) {
  const auto scenario = with_switches({"organised_crime"}, {"clock.step_hours=0.5"});
  const auto found = repeated(recorded(scenario, trial(0)));
  EXPECT_FALSE(found.empty());
  const auto columns = fmt::format("mechanism {},", agents::address(Mechanism::columns));
  for (const auto& line : found) EXPECT_TRUE(line.starts_with(columns)) << line;
}

// What the checks say of wrong models.
TEST(SwitchesDraws, AMechanismAtAShiftedSlotIsSeen) {
  const std::string s = "prepared_groups";
  const auto off = with_switches({}), on = with_switches({s});
  const auto without = recorded(off, trial(0));
  std::size_t stages = 0;
  // Stances are drawn one slot further as soon as the switch is on.
  auto shifted = recorded(on, trial(0));
  const sim::Draws luck(trial(0));
  for (Stage& stage : shifted)
    for (auto& d : stage.drawn)
      if (d.mechanism == agents::address(Mechanism::stances)) {
        ++d.slot;
        d.value = luck.block(d.mechanism, d.agent, d.step, d.slot);
      }
  const auto seen = strange(s, *on, without, shifted, stages);
  ASSERT_FALSE(seen.empty());
  EXPECT_THAT(seen.front(), HasSubstr(fmt::format("mechanism {},", agents::address(Mechanism::stances))));
  // The switch draws once more, at an address of its own making.
  const auto beyond = recorded(on, trial(0), [](const std::string& part, const World& w, const sim::Draws& draws) {
    if (part == "armed groups" && w.step == 3) draws.uniform(agents::address(Mechanism::units), 0, 3, 77);
  });
  EXPECT_THAT(strange(s, *on, without, beyond, stages), SizeIs(1));
  // It draws where the citizens have drawn already.
  const auto taken = recorded(on, trial(0), [](const std::string& part, const World& w, const sim::Draws& draws) {
    if (part == "citizens" && w.step == 3) draws.uniform(agents::address(Mechanism::citizens), 5, 3);
  });
  EXPECT_THAT(repeated(taken), SizeIs(1));
  // A key that knows the configuration.
  auto other = trial(0);
  other.point = 1;
  EXPECT_FALSE(disagreeing(without, recorded(on, other)).empty());
  EXPECT_THAT(disagreeing(without, recorded(on, trial(0))), IsEmpty());
}

}  // namespace
}  // namespace qantar::test
