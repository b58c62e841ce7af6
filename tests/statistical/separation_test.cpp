// Is an account recognised by a label instead of by its course? An outcome that names an account in nearly every trial
// is no finding about the account but its switch under another name, unless chance can bring the same outcome about
// under the others.
#include "analysis/separation.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/ensemble.hpp"
#include "sim/numerics.hpp"
#include "tests/support/crisis_case.hpp"
#include "tests/support/instrumented.hpp"

namespace qantar::analysis {
namespace {

// An outcome is a label of an account when the best single threshold, found on one half of the trials and judged on the
// other, names the account rightly in more than 98 percent (balanced accuracy against all others together) and the
// lower end of the 95 % interval lies above 95 percent. With 100 trials of each account an outcome whose true accuracy
// is .95 or less is taken for a label in at most 2.5 percent of such tests.
constexpr double label = 0.98, surely = 0.95;
constexpr std::int64_t trials = 100;

struct Trials {
  std::vector<std::vector<double>> rows;
  std::vector<std::int32_t> account;

  std::vector<double> values(const sim::ResultLayout& layout, const sim::Variable& v) const {
    std::size_t first = 0;
    for (const auto& other : layout.outcomes) {
      if (other.name == v.name) break;
      first += layout.size(other);
    }
    std::vector<double> out;
    for (const auto& row : rows)
      out.insert(out.end(), row.begin() + static_cast<std::ptrdiff_t>(first),
                 row.begin() + static_cast<std::ptrdiff_t>(first + layout.size(v)));
    return out;
  }
};

std::vector<std::string> labels(const sim::ResultLayout& layout, const Trials& all,
                                const std::vector<std::string>& accounts) {
  std::vector<std::string> out;
  for (const auto& t :
       tellings(layout, all.account, accounts.size(), [&](const sim::Variable& v) { return all.values(layout, v); }))
    for (const Separation& s : t.accounts)
      if (const Estimate& a = s.accuracy; a.value > label && a.low > surely)
        out.push_back(fmt::format("{} is a label of {}: balanced accuracy {:.3f} [{:.3f}, {:.3f}]", t.outcome,
                                  accounts[s.account], a.value, a.low, a.high));
  return out;
}

TEST(Labels, NoOutcomeIsALabelOfAnAccount) {
  std::vector<std::string> accounts;
  std::vector<agents::CrisisModel> models;
  const auto january = test::january();
  for (const auto& h : january.hypotheses) {
    if (!h.of.empty()) continue;  // structural alternatives are no accounts
    accounts.push_back(h.name);
    models.emplace_back(h.scenario);
  }
  Trials all;
  const sim::StopFlag stop{false};
  sim::run_ensemble(
      0, (test::instrumented ? 2 : trials) * std::ssize(models), 0,
      [&](std::int64_t t) {
        auto record = sim::run_trial(models[static_cast<std::size_t>(t % std::ssize(models))],
                                     {20220105, 0, static_cast<std::uint32_t>(t / std::ssize(models))});
        record.hypothesis = static_cast<std::int32_t>(t % std::ssize(models));
        return record;
      },
      [&](sim::TrialResult&& record) {
        ASSERT_EQ(record.status, sim::TrialStatus::ok) << record.message;
        all.rows.push_back(std::move(record.outcomes));
        all.account.push_back(record.hypothesis);
      },
      stop);
  if (test::instrumented) return;
  EXPECT_THAT(labels(models.front().layout(), all, accounts), ::testing::IsEmpty())
      << "Give each of these a null process: something that brings it about by chance under the other accounts too, so "
         "that it is evidence instead of a mark.";
}

// Four accounts of chance, and two planted outcomes: one that never comes under the first account, with a slip in one
// trial of a hundred, and one that comes in nine trials of ten of the second account only.
TEST(Labels, OnlyAPlantedLabelIsCaught) {
  sim::ResultLayout layout;
  layout.outcomes = {{"chance", "1", "", sim::ValueKind::real, {}, {}},
                     {"planted", "1", "", sim::ValueKind::count, {}, {}},
                     {"often", "1", "", sim::ValueKind::time, {}, {}}};
  Trials all;
  for (std::int32_t account = 0; account < 4; ++account)
    for (std::uint32_t t = 0; t < trials; ++t) {
      const sim::Draws draws({5, static_cast<std::uint32_t>(account), t});
      const bool never = (account == 0) != (t == 57);
      all.rows.push_back({draws.uniform(0, 0, 0), never ? sim::never : static_cast<double>(t / 2 % 10),
                          account == 1 && t % 10 != 3 ? static_cast<double>(t) : sim::never});
      all.account.push_back(account);
    }
  EXPECT_THAT(labels(layout, all, {"first", "second", "third", "fourth"}),
              ::testing::ElementsAre(::testing::StartsWith("planted is a label of first: balanced accuracy 0.990")));
}

}  // namespace
}  // namespace qantar::analysis
