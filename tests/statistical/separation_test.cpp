// Is an account recognised by a label instead of by its course? An outcome that names an account in nearly every trial
// is no finding about the account but its switch under another name, unless chance can bring the same outcome about
// under the others.
#include "analysis/separation.hpp"

#include <atomic>
#include <cstdlib>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/ensemble.hpp"
#include "sim/numerics.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar::analysis {
namespace {

// An outcome is a label of an account when the best single threshold, found on one half of the trials and judged on the
// other, names the account rightly in more than 98 percent (balanced accuracy against all others together) and the
// lower end of the 95 % interval lies above 95 percent. With 200 trials of each account an outcome whose true accuracy
// is .95 or less is taken for a label in at most 2.5 percent of such tests.
constexpr double label = 0.98, surely = 0.95;
constexpr std::int64_t trials = 200;

struct Trials {
  std::vector<std::vector<double>> rows;
  std::vector<std::int32_t> account;

  std::vector<double> values(const sim::RecordLayout& layout, const sim::Variable& v) const {
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

std::vector<std::string> labels(const sim::RecordLayout& layout, const Trials& all,
                                const std::vector<std::string>& accounts) {
  std::vector<std::string> out;
  for (const auto& t : tellings(layout, all.account, accounts.size(),
                                [&](const sim::Variable& v) { return all.values(layout, v); }, {"switched_on"}))
    for (const Separation& s : t.accounts)
      if (const Estimate& a = s.accuracy; a.value > label && a.low > surely)
        out.push_back(fmt::format("{} is a label of {}: balanced accuracy {:.3f} [{:.3f}, {:.3f}]", t.outcome,
                                  accounts[s.account], a.value, a.low, a.high));
  return out;
}

/// Trials of every hypothesis of the case, run once for all tests here.
class January : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    for (const auto& scenario : test::january().hypotheses) {
      accounts_.push_back(scenario->hypothesis);
      models_.emplace_back(scenario);
    }
    const sim::StopFlag stop{false};
    sim::run_ensemble(
        0, trials * std::ssize(models_), 0,
        [&](std::int64_t t) {
          auto record = sim::run_trial(models_[static_cast<std::size_t>(t / trials)],
                                       {20220105, 0, static_cast<std::uint32_t>(t % trials)});
          record.hypothesis = static_cast<std::int32_t>(t / trials);
          return record;
        },
        [&](sim::TrialRecord&& record) {
          ASSERT_EQ(record.status, sim::TrialStatus::ok) << record.message;
          all_.rows.push_back(std::move(record.outcomes));
          all_.account.push_back(record.hypothesis);
        },
        stop);
  }
  static void TearDownTestSuite() {
    accounts_.clear();
    models_.clear();
    all_ = {};
  }
  static inline std::vector<std::string> accounts_;
  static inline std::vector<agents::CrisisModel> models_;
  static inline Trials all_;
};

TEST_F(January, NoOutcomeIsALabelOfAnAccount) {
  EXPECT_THAT(labels(models_.front().layout(), all_, accounts_), ::testing::IsEmpty())
      << "Give each of these a null process: something that brings it about by chance under the other accounts too, so "
         "that it is evidence instead of a mark.";
}

TEST_F(January, APlantedLabelIsCaught) {
  auto layout = models_.front().layout();
  auto marked = all_;
  layout.outcomes.push_back({"planted", "1", "", sim::ValueKind::count, {}, {}});
  // Never under the first account, and under the others a number with a slip in one trial of a hundred.
  for (std::size_t t = 0; t < marked.rows.size(); ++t)
    marked.rows[t].push_back((marked.account[t] == 0) != (t % 100 == 7) ? sim::never : static_cast<double>(t / 2 % 10));
  EXPECT_THAT(labels(layout, marked, accounts_),
              ::testing::Contains(::testing::StartsWith("planted is a label of " + accounts_.front())));
}

}  // namespace
}  // namespace qantar::analysis
