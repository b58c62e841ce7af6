// Separation of accounts by one number, with answers known by hand.
#include "analysis/separation.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "sim/draws.hpp"

namespace {

using namespace qantar;
using namespace qantar::analysis;

constexpr std::uint32_t n = 200;

/// n trials of each of two accounts; `value(account, trial)` is the outcome.
template <class F>
std::vector<Separation> two(F value) {
  std::vector<double> values;
  std::vector<std::int32_t> account;
  for (int a = 0; a < 2; ++a)
    for (std::uint32_t t = 0; t < n; ++t) {
      values.push_back(value(a, t));
      account.push_back(a);
    }
  return separation(values, account, 2);
}

TEST(Separation, OfNumbersThatDoNotOverlapIsPerfect) {
  const auto s = two([](int a, std::uint32_t t) { return 1000.0 * a + t; });
  for (const auto& one : s) {
    EXPECT_EQ(one.auc, 1);
    // The halves meet other numbers, so the threshold of one may cut off a neighbouring trial of the other.
    EXPECT_GE(one.accuracy.value, 1 - 1.0 / n);
    EXPECT_GT(one.accuracy.low, 0.97);
  }
}

TEST(Separation, OfTheSameNumbersIsChance) {
  for (const auto& s : two([](int, std::uint32_t t) { return static_cast<double>(t / 2 % 10); })) {
    EXPECT_DOUBLE_EQ(s.auc, 0.5);
    EXPECT_DOUBLE_EQ(s.accuracy.value, 0.5);
  }
}

// One in four of the first account lies above everything; the rest of both is one and the same value:
// AUC = 1/4 + 3/4 * 1/2, accuracy = (1/4 + 1) / 2.
TEST(Separation, CountsTiesHalf) {
  const auto s = two([](int a, std::uint32_t t) { return a == 0 && t / 2 % 4 == 0 ? 1.0 : 0.0; });
  EXPECT_DOUBLE_EQ(s[0].auc, 0.625);
  EXPECT_DOUBLE_EQ(s[0].accuracy.value, 0.625);
  EXPECT_DOUBLE_EQ(s[1].auc, 0.625);  // below instead of above
}

TEST(Separation, NeverIsAValueOfItsOwnOnEitherSide) {
  const auto before = two([](int a, std::uint32_t t) { return a == 0 ? (t / 2 % 2 ? sim::never : 1.0) : 5.0; });
  EXPECT_EQ(before[0].accuracy.value, 1);  // never and 1 against 5: never counts as earliest
  const auto after = two([](int a, std::uint32_t t) { return a == 0 ? (t / 2 % 2 ? sim::never : 9.0) : 5.0; });
  EXPECT_EQ(after[0].accuracy.value, 1);
  const auto only = two([](int a, std::uint32_t) { return a == 0 ? sim::never : 5.0; });
  EXPECT_EQ(only[0].auc, 1);
  EXPECT_EQ(only[0].accuracy.value, 1);
}

// An order that holds in one half and is turned round in the other is no order: learnt on either, it fails in the
// other.
TEST(Separation, IsNotTakenInByOneHalf) {
  for (const auto& s : two([](int a, std::uint32_t t) { return t % 2 ? double(a) : double(1 - a); })) {
    EXPECT_EQ(s.auc, 0);
    EXPECT_EQ(s.accuracy.value, 0);
  }
}

// Forty outcomes of pure chance: the best of them on all trials would look better than chance; the mean over both
// halves is 0.5 up to noise. The standard deviation of one AUC is sqrt((2 n + 1) / (12 n n)) = 0.029, of their mean
// 0.0046: the bounds are four of these.
TEST(Separation, OfChanceHasNoOptimism) {
  const sim::Draws draws({11, 0, 0});
  double auc = 0, accuracy = 0;
  for (std::uint32_t k = 0; k < 40; ++k) {
    const auto s = two([&](int a, std::uint32_t t) { return draws.uniform(static_cast<std::uint32_t>(a), t, k); });
    auc += s[0].auc / 40;
    accuracy += s[0].accuracy.value / 40;
  }
  EXPECT_NEAR(auc, 0.5, 0.019);
  EXPECT_NEAR(accuracy, 0.5, 0.019);
}

TEST(Separation, WithoutOthersIsNotClaimed) {
  const auto s = separation({1, 2, 3}, {0, 0, 0}, 2);
  for (const auto& one : s) {
    EXPECT_EQ(one.auc, 0.5);
    EXPECT_EQ(one.accuracy.low, 0);
    EXPECT_EQ(one.accuracy.high, 1);
  }
}

TEST(Tellings, NameEachNumberAndPutTheBestFirst) {
  using K = sim::ValueKind;
  sim::ResultLayout layout;
  layout.axes = {{"place", {"north", "south"}, {}, "", ""}};
  layout.outcomes = {{"mark", "1", "", K::flag, {}, {}},
                     {"crowd", "person", "", K::count, {"place"}, {}},
                     {"origin", "1", "", K::code, {}, {"north", "south", "west"}},
                     {"label", "1", "", K::flag, {}, {}, true}};
  std::vector<std::int32_t> account;
  for (int t = 0; t < 80; ++t) account.push_back(t % 2);
  const auto values = [&](const sim::Variable& v) {
    std::vector<double> out;
    for (int t = 0; t < 80; ++t) {
      if (v.name == "crowd") out.push_back(7);                            // north: always the same
      if (v.name == "crowd") out.push_back(t % 2 == 1 ? 5 : t / 4 % 2);   // south: names the account
      if (v.name == "origin") out.push_back(t % 2 == 1 ? 2 : t / 4 % 2);  // west under account 1 only
      if (v.name == "mark") out.push_back(t / 4 % 2);                     // no relation
      if (v.name == "label") out.push_back(t % 2);
    }
    return out;
  };
  const auto found = tellings(layout, account, 2, values);
  ASSERT_EQ(found.size(), 5U);  // mark, crowd in the south, three meanings
  EXPECT_EQ(found[0].outcome, "crowd[south]");
  EXPECT_EQ(found[0].column, 2U);
  EXPECT_EQ(found[0].best().auc, 1);
  EXPECT_EQ(found[1].outcome, "origin = west");
  EXPECT_EQ(found[1].column, 3U);
  EXPECT_EQ(found.back().outcome, "mark");
  EXPECT_EQ(found.back().best().auc, 0.5);
  EXPECT_TRUE(tellings(layout, account, 1, values).empty());
}

}  // namespace
