// The screening of citizens on every instruction set that this machine has: the same bits as one by one.
#include "agents/screening.hpp"

#include <algorithm>
#include <bit>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hwy/highway.h>

#include "agents/random_draws.hpp"
#include "tests/support/crisis_case.hpp"
#include "tests/support/plain_citizens.hpp"

namespace qantar::agents {
namespace {

/// Runs `work` once on each instruction set, and then as the program does.
template <class Work>
void on_every_instruction_set(Work work) {
  const auto targets = hwy::SupportedAndGeneratedTargets();
  EXPECT_GT(targets.size(), 0U);
  for (const auto target : targets) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::GetChosenTarget().Update(target);
    work();
  }
  hwy::GetChosenTarget().DeInit();
}

TEST(Screening, IsTheSameOnEveryInstructionSet) {
  std::mt19937 random(5);
  std::array<Status, group_size> status{};
  int asked = 0, passed_over = 0, undrawn = 0;
  for (std::uint32_t group = 0; group < 400; ++group) {
    const sim::Draws draws({random(), 1, group});
    // From crowds in which nobody can move to those in which everybody must be asked.
    const std::uint32_t greatest = group % 4 == 0 ? 0 : (1U << 24) >> random() % 6;
    const auto some = [&] { return greatest == 0 ? 0 : static_cast<std::uint32_t>(random()) % (greatest + 1); };
    Screen screen;
    for (auto& limit : screen.unaware) limit = some();
    std::ranges::sort(screen.unaware);
    screen.ready = some();
    screen.peaceful = some();
    screen.violent = some();
    const auto kinds = static_cast<std::uint32_t>(1 + random() % status_count);
    for (auto& s : status) s = static_cast<Status>((group + random() % kinds) % status_count);

    std::array<std::uint32_t, group_size> expected_words{}, words{};
    const auto expected =
        may_move_one_by_one(screen, {draws, 7}, group * 1000003U % (1U << 26), status.data(), expected_words.data());
    asked += std::popcount(expected.bits);
    passed_over += 64 - std::popcount(expected.bits);
    undrawn += expected_words == std::array<std::uint32_t, group_size>{};
    on_every_instruction_set([&] {
      words = {};
      const auto movers = may_move(screen, {draws, 7}, group * 1000003U % (1U << 26), status.data(), words.data());
      EXPECT_EQ(movers.bits, expected.bits);
      EXPECT_EQ(movers.out, expected.out);
      EXPECT_EQ(words, expected_words);
    });
  }
  EXPECT_GT(asked, 1000);
  EXPECT_GT(passed_over, 1000);
  EXPECT_GT(undrawn, 90);
  EXPECT_LT(undrawn, 300);
}

TEST(Screening, BoundsAreNeverBelowTheRates) {
  for (const float rates : {0.0f, 1e-9f, 0.001f, 0.37f, 0.99999994f, 1.0f, 17.0f})
    for (const std::int64_t step : {-1, 0, 1}) {
      const std::int64_t word = static_cast<std::int64_t>(bound(rates)) + step;
      if (word < 0 || word >= 1 << 24) continue;
      const float u = static_cast<float>(word) * 0x1p-24f;
      EXPECT_EQ(u < rates, word < static_cast<std::int64_t>(bound(rates))) << rates << " " << word;
    }
  EXPECT_EQ(bound(-1.0f), 0U);
  EXPECT_EQ(bound(2.0f), 1U << 24);
}

/// A place of many citizens in all states, who differ as those of a case do.
struct Crowd {
  Citizens citizens;
  PlaceState place;

  Crowd(std::mt19937& random, std::uint32_t agents, bool at_home) {
    std::uniform_real_distribution<float> share(0, 1);
    place.last = agents;
    for (std::uint32_t i = 0; i < agents; ++i) {
      const auto kind = static_cast<Status>(at_home        ? random() % 2
                                            : random() % 3 ? random() % 4
                                                           : random() % status_count);
      citizens.status.push_back(kind);
      ++place.count[static_cast<std::size_t>(kind)];
      citizens.hardship.push_back(share(random));
      citizens.risk_aversion.push_back(share(random));
      citizens.threshold.push_back(0.3f * share(random));
    }
  }
};

TEST(Screening, CitizensDoWhatThePlainRuleSays) {
  std::mt19937 random(11);
  std::uniform_real_distribution<float> share(0, 1);
  for (const auto activation : {Activation::sequential, Activation::synchronous}) {
    int moved = 0;
    for (int k = 0; k < 12; ++k) {
      const bool at_home = k % 4 == 3;
      const Crowd before(random, 64 * 40, at_home);
      CrowdTerms terms;
      const float pace = k % 3 == 0 ? 0.01f : k % 3 == 1 ? 0.2f : 1.2f;  // from slow days to everything at once
      for (float* term : {&terms.aware_place, &terms.aware_circle, &terms.stand_down, &terms.tire, &terms.turn_violent,
                          &terms.calm, &terms.reconsider})
        *term = pace * share(random);
      terms.grievance = share(random);
      terms.fear = share(random);
      terms.pull_place = share(random);
      terms.pull_circle = 2 * share(random);
      terms.inverse_noise = 10 * share(random);
      if (at_home) {  // only who sees the first go out learns of it, in the same step
        terms.aware_place = 0;
        terms.aware_circle = 0.8f;
        terms.reconsider = 0.2f;
      }
      const sim::Draws draws({random(), 0, 0});
      Crowd plain = before;
      test::plain_citizens_choose(plain.citizens, plain.place, terms, activation, {draws, 9});
      for (std::size_t i = 0; i < before.citizens.status.size(); ++i)
        moved += plain.citizens.status[i] != before.citizens.status[i];
      on_every_instruction_set([&] {
        Crowd crowd = before;
        citizens_of_place_choose(crowd.citizens, crowd.place, terms, activation, {draws, 9});
        EXPECT_EQ(crowd.citizens.status, plain.citizens.status);
        EXPECT_EQ(crowd.place.count, plain.place.count);
        EXPECT_EQ(crowd.place.newly_out, plain.place.newly_out);
        EXPECT_EQ(crowd.place.newly_violent, plain.place.newly_violent);
      });
    }
    EXPECT_GT(moved, 1000);
  }
}

TEST(Screening, TrialsAreTheSameOnEveryInstructionSet) {
  const auto scenario = test::crisis();
  const auto expected = test::run(scenario, 3);
  on_every_instruction_set([&] {
    const auto record = test::run(scenario, 3);
    EXPECT_THAT(record.outcomes, ::testing::Pointwise(::testing::NanSensitiveDoubleEq(), expected.outcomes));
    EXPECT_EQ(record.series.size(), expected.series.size());
    EXPECT_EQ(record.events.size(), expected.events.size());
  });
}

}  // namespace
}  // namespace qantar::agents
