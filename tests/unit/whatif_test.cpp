// Paired counterfactuals whose answer is known by hand.
#include "analysis/whatif.hpp"

#include <cmath>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/draws.hpp"

namespace qantar::analysis::whatif_test {
namespace {

using ::testing::DoubleNear;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const sim::StopFlag run_on{false};

/// A model that is a function of its luck.
using Toy = std::function<std::vector<double>(const sim::Draws&, double quantile)>;

RunTrial run_of(Toy toy) {
  return [toy = std::move(toy)](const sim::TrialKey& key, std::span<const sim::AssignedPrior> assigned) {
    return toy(sim::Draws(key), assigned.empty() ? 0.5 : assigned.front().quantile);
  };
}

std::vector<PosteriorTrial> alike(std::uint32_t n, std::size_t account = 0, std::uint64_t seed = 1) {
  std::vector<PosteriorTrial> out;
  for (std::uint32_t i = 0; i < n; ++i) out.push_back({account, 1, {seed, 0, i}, {}});
  return out;
}

const std::vector<OutcomeColumn> one_number{{"x", sim::ValueKind::real, 0}};

WhatIfEffects effects(const std::vector<PairedAccount>& accounts, const std::vector<PosteriorTrial>& trials,
                      const std::vector<OutcomeColumn>& outcomes = one_number, int threads = 1) {
  return paired_effects(accounts, run_pairs(accounts, trials, outcomes, threads, run_on));
}

OutcomeEffect effect_of(const Toy& before, const Toy& after, const std::vector<PosteriorTrial>& trials,
                        sim::ValueKind kind = sim::ValueKind::real) {
  const auto found = effects({{"toy", run_of(before), run_of(after)}}, trials, {{"x", kind, 0}});
  EXPECT_THAT(found.all.refusal, IsEmpty());
  return found.all.outcomes.at(0);
}

double luck(const sim::Draws& draws, std::uint32_t slot = 0) { return draws.normal(1, 0, 0, slot); }

TEST(PairedEffects, AChangeThatChangesNothingMakesNoDifferenceAnywhere) {
  const Toy toy = [](const sim::Draws& draws, double) {
    const double z = luck(draws);
    return std::vector{z, z > 0 ? 1.0 : 0.0, z > 1 ? sim::never : 10 + z, std::floor(100 + z)};
  };
  const std::vector<OutcomeColumn> outcomes{{"real", sim::ValueKind::real, 0},
                                            {"flag", sim::ValueKind::flag, 1},
                                            {"time", sim::ValueKind::time, 2},
                                            {"count", sim::ValueKind::count, 3}};
  const auto found = effects({{"toy", run_of(toy), run_of(toy)}}, alike(400), outcomes);
  for (const auto* account : {&found.all, &found.accounts[0]})
    for (const auto& e : account->outcomes) {
      EXPECT_EQ(e.means.difference.value, 0);
      EXPECT_EQ(e.means.variance_ratio, 0);
      EXPECT_EQ(e.means.as_it_was, e.means.as_it_would_be);
      EXPECT_EQ(e.to_yes + e.to_no, 0U);
    }
  EXPECT_EQ(found.all.outcomes[2].hours.difference.value, 0);
  // That none of 400 trials changed does not prove that none can.
  const auto& share = found.all.outcomes[1].means.difference;
  EXPECT_LT(share.low, 0);
  EXPECT_GT(share.high, 0);
  EXPECT_LT(share.high, 0.006);
}

TEST(PairedEffects, OfAConstantShiftIsTheShift) {
  const auto e = effect_of([](const sim::Draws& d, double) { return std::vector{luck(d)}; },
                           [](const sim::Draws& d, double) { return std::vector{luck(d) + 2.5}; }, alike(200));
  EXPECT_THAT(e.means.difference.value, DoubleNear(2.5, 1e-12));
  EXPECT_THAT(e.means.difference.high - e.means.difference.low, DoubleNear(0, 1e-12));
  EXPECT_THAT(e.means.variance_ratio, DoubleNear(0, 1e-12));
}

// Before z, after 1 + r z + sqrt(1 - r^2) z'. The variances are 1 and 1, that of the difference 2 (1 - r), the ratio
// 1 - r.
TEST(PairedEffects, OfALinearModelHasTheKnownVariance) {
  for (const double r : {0.0, 0.5, 0.9}) {
    const auto e = effect_of(
        [](const sim::Draws& d, double) { return std::vector{luck(d)}; },
        [r](const sim::Draws& d, double) { return std::vector{1 + r * luck(d) + std::sqrt(1 - r * r) * luck(d, 1)}; },
        alike(20000));
    EXPECT_NEAR(e.means.variance_ratio, 1 - r, 0.03) << r;
    const double half = 1.96 * std::sqrt(2 * (1 - r) / 20000);
    EXPECT_NEAR(e.means.difference.value, 1, 2 * half) << r;
    EXPECT_NEAR(e.means.difference.high - e.means.difference.low, 2 * half, 0.05 * half) << r;
  }
}

TEST(PairedEffects, WeighTrialsAndAccounts) {
  // Two accounts of 200 trials. In the first, trials of weight 1 and 3 gain 1 and 5; in the second all gain 11.
  std::vector<PosteriorTrial> trials;
  for (std::uint32_t i = 0; i < 200; ++i) trials.push_back({0, i % 2 == 0 ? 1.0 : 3.0, {1, 0, i}, {}});
  for (std::uint32_t i = 0; i < 200; ++i) trials.push_back({1, 0.5, {1, 0, i}, {}});
  const auto zero = run_of([](const sim::Draws&, double) { return std::vector{0.0}; });
  const auto first =
      run_of([](const sim::Draws& d, double) { return std::vector{d.trial().replicate % 2 == 0 ? 1.0 : 5.0}; });
  const auto second = run_of([](const sim::Draws&, double) { return std::vector{11.0}; });
  const auto found = effects({{"a", zero, first}, {"b", zero, second}}, trials);

  const auto& a = found.accounts[0];
  EXPECT_DOUBLE_EQ(a.outcomes[0].means.difference.value, 4);
  EXPECT_DOUBLE_EQ(a.weight, 0.8);
  EXPECT_DOUBLE_EQ(a.effective_size, 160);  // 400^2 / (100 + 900)
  // Linearised: sum of (w / sum w)^2 d^2 = 100 (9 + 9) / 400^2, times 160 / 159.
  const double half = 1.959963984540054 * std::sqrt(100 * 18.0 / 160000 * 160 / 159);
  EXPECT_NEAR(a.outcomes[0].means.difference.high, 4 + half, 1e-12);
  EXPECT_DOUBLE_EQ(found.accounts[1].outcomes[0].means.difference.value, 11);
  EXPECT_NEAR(found.all.outcomes[0].means.difference.value, 0.8 * 4 + 0.2 * 11, 1e-12);
  EXPECT_EQ(found.all.trials, 400U);
}

// The same account twice, with the same luck, says no more than once.
TEST(PairedEffects, SharedLuckCountsOnce) {
  const auto before = run_of([](const sim::Draws& d, double) { return std::vector{luck(d), luck(d) > 0 ? 1.0 : 0.0}; });
  const auto after = run_of([](const sim::Draws& d, double) {
    return std::vector{2 * luck(d, 1), luck(d, 1) > 0 ? 1.0 : 0.0};
  });
  const std::vector<OutcomeColumn> outcomes{{"x", sim::ValueKind::real, 0}, {"yes", sim::ValueKind::flag, 1}};
  auto trials = alike(150);
  const auto once = effects({{"a", before, after}}, trials, outcomes);
  const auto again = alike(150, 1);
  trials.insert(trials.end(), again.begin(), again.end());
  const auto twice = effects({{"a", before, after}, {"b", before, after}}, trials, outcomes);
  EXPECT_EQ(twice.all.trials, 300U);
  EXPECT_NEAR(twice.all.effective_size, 150, 1e-9);
  EXPECT_NEAR(effective_trials(trials), 150, 1e-9);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    EXPECT_NEAR(twice.all.outcomes[i].means.difference.low, once.all.outcomes[i].means.difference.low, 1e-3);
    EXPECT_NEAR(twice.all.outcomes[i].means.difference.high, once.all.outcomes[i].means.difference.high, 1e-3);
  }
}

TEST(PairedEffects, OfATimeAreSharesAndHours) {
  // Of every four trials: never to 8, 10 to 7, 10 to never, 12 to 13.
  const double before[] = {sim::never, 10, 10, 12}, after[] = {8, 7, sim::never, 13};
  const auto e = effect_of([&](const sim::Draws& d, double) { return std::vector{before[d.trial().replicate % 4]}; },
                           [&](const sim::Draws& d, double) { return std::vector{after[d.trial().replicate % 4]}; },
                           alike(400), sim::ValueKind::time);
  EXPECT_EQ(e.to_yes, 100U);
  EXPECT_EQ(e.to_no, 100U);
  EXPECT_DOUBLE_EQ(e.means.as_it_was, 0.75);
  EXPECT_DOUBLE_EQ(e.means.difference.value, 0);
  EXPECT_DOUBLE_EQ(e.hours.as_it_was, 11);
  EXPECT_DOUBLE_EQ(e.hours.as_it_would_be, 10);
  EXPECT_DOUBLE_EQ(e.hours.difference.value, -1);
  EXPECT_DOUBLE_EQ(e.hours.effective_size, 200);
}

TEST(PairedEffects, SettledPriorsAreTheSameBothWays) {
  auto trials = alike(200);
  for (auto& t : trials) t.assigned = {{"p", 0.001 * t.key.replicate}};
  const auto e = effect_of([](const sim::Draws& d, double q) { return std::vector{q + luck(d)}; },
                           [](const sim::Draws& d, double q) { return std::vector{3 * q + luck(d)}; }, trials);
  EXPECT_NEAR(e.means.difference.value, 2 * 0.0995, 1e-12);  // the mean of 0 .. 0.199
}

// 1000 experiments of 150 trials with weights 1, 2 and 3, worth 129 equal ones. The counts of intervals that cover lie
// in these bounds in all but one of a thousand such tests when the true coverage is 95 percent.
TEST(PairedEffects, IntervalsCoverAsTheyClaim) {
  int numbers = 0, shares = 0;
  for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
    auto trials = alike(150, 0, seed);
    for (auto& t : trials) t.weight = 1 + t.key.replicate % 3;
    const auto number =
        effect_of([](const sim::Draws& d, double) { return std::vector{luck(d)}; },
                  [](const sim::Draws& d, double) { return std::vector{0.3 + 0.8 * luck(d) + 0.6 * luck(d, 1)}; },
                  trials)
            .means.difference;
    numbers += number.low <= 0.3 && 0.3 <= number.high;
    // No becomes yes in 0.08 of trials, yes becomes no in 0.03.
    const auto share =
        effect_of([](const sim::Draws& d, double) { return std::vector{d.uniform(1, 0, 0) < 0.5 ? 1.0 : 0.0}; },
                  [](const sim::Draws& d, double) {
                    const double u = d.uniform(1, 0, 0);
                    return std::vector{(u < 0.5 && u > 0.03) || u > 0.92 ? 1.0 : 0.0};
                  },
                  trials, sim::ValueKind::flag)
            .means.difference;
    shares += share.low <= 0.05 && 0.05 <= share.high;
  }
  EXPECT_GE(numbers, 927);
  EXPECT_LE(numbers, 971);
  EXPECT_GE(shares, 927);
  EXPECT_LE(shares, 985);  // the interval of shares errs on the side of caution
}

TEST(PairedEffects, DoNotDependOnTheNumberOfThreads) {
  const std::vector<PairedAccount> accounts{
      {"toy", run_of([](const sim::Draws& d, double) { return std::vector{luck(d)}; }),
       run_of([](const sim::Draws& d, double) { return std::vector{luck(d, 1)}; })}};
  const auto trials = alike(300);
  const auto one = run_pairs(accounts, trials, one_number, 1, run_on);
  const auto three = run_pairs(accounts, trials, one_number, 3, run_on);
  EXPECT_EQ(one.as_it_was, three.as_it_was);
  EXPECT_EQ(one.as_it_would_be, three.as_it_would_be);
}

TEST(PairedEffects, AreRefusedWhereTrialsAreTooFewOrFail) {
  const auto good = run_of([](const sim::Draws& d, double) { return std::vector{luck(d)}; });
  const auto breaks = run_of([](const sim::Draws& d, double) -> std::vector<double> {
    if (d.trial().replicate % 50 == 0) throw std::runtime_error("no world");
    return {0.0};
  });
  auto trials = alike(99);
  const auto more = alike(200, 1);
  trials.insert(trials.end(), more.begin(), more.end());
  const auto few = effects({{"few", good, good}, {"many", good, good}}, trials);
  EXPECT_THAT(few.accounts[0].refusal, HasSubstr("worth 99 equal ones; at least 100"));
  EXPECT_THAT(few.accounts[0].outcomes, IsEmpty());
  EXPECT_THAT(few.accounts[1].refusal, IsEmpty());
  EXPECT_THAT(few.all.refusal, IsEmpty());
  const auto failing = effects({{"failing", good, breaks}}, alike(400));
  EXPECT_EQ(failing.all.failed, 8U);
  EXPECT_THAT(failing.all.refusal, HasSubstr("8 of 400 trials failed; at most 1 % may: no world"));
}

TEST(Thinned, TakesTrialsAsOftenAsTheirWeightDeserves) {
  std::vector<PosteriorTrial> trials;
  for (std::uint32_t i = 0; i < 1000; ++i) trials.push_back({0, i < 10 ? 50.0 : 0.5, {1, 0, i}, {}});
  for (std::uint32_t i = 0; i < 20; ++i) trials.push_back({1, 2, {1, 0, i}, {}});
  const auto some = thinned(trials, 100, 7);
  double first = 0, second = 0;
  std::size_t heavy = 0;
  for (const auto& t : some) {
    (t.account == 0 ? first : second) += t.weight;
    if (t.account == 0 && t.key.replicate < 10) {
      ++heavy;
      EXPECT_NEAR(t.weight, 50, 9.95 + 1e-9);  // a hundredth of 995 either way
    }
  }
  EXPECT_NEAR(first, 995, 1e-9);
  EXPECT_NEAR(second, 40, 1e-12);  // few enough to be left alone
  EXPECT_EQ(heavy, 10U);
  EXPECT_LE(some.size(), 120U);
  EXPECT_EQ(thinned(trials, 100, 7).size(), some.size());
  trials[3].weight = -1;
  EXPECT_THROW(thinned(trials, 100, 7), std::invalid_argument);
}

}  // namespace
}  // namespace qantar::analysis::whatif_test
