// Is a verdict right? Judged on problems whose answer is known: how often is the account of a record ranked, how often
// a wrong one, and what stands in the way.
#include "analysis/inference/verdict.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <numeric>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/inference/adjudication.hpp"
#include "tests/known_answers/verdict_problems.hpp"
#include "tests/support/full_length.hpp"
#include "tests/support/statistics.hpp"

namespace verdict_test {
namespace {

using namespace qantar;
using namespace qantar::analysis;
using namespace qantar::test;

// What the rule promises.
constexpr double sure = 0.95, least_ranked_when_sure = 0.9;
constexpr double never_below = 0.7;
constexpr double greatest_wrong = 0.05;    // share of rankings
constexpr double greatest_none = 0.01;     // share of records of a known account
constexpr double greatest_faults = 0.002;  // two accounts with a nominal alarm in 1000 each
constexpr double false_alarm = 1e-3;       // of a share that is tested

/// Probability of at least so many when each has this probability.
double tail(std::int64_t count, std::int64_t of, double probability) {
  if (count == 0) return 1;
  return boost::math::cdf(boost::math::complement(boost::math::binomial(static_cast<double>(of), probability),
                                                  static_cast<double>(count) - 1));
}

/// As many trials as users have who ask for no other number.
AdjudicationSettings usual_trials(std::uint64_t seed) {
  AdjudicationSettings out;
  out.seed = seed;
  out.threads = 1;
  return out;
}

AdjudicationSettings fewest_trials(std::uint64_t seed) {
  return {.seed = seed, .particles = 100, .trials = 1000, .records = 150, .threads = 1};
}

/// What stands at the head of a reason, without names and numbers.
std::string kind_of(const std::string& reason) {
  for (const auto& [part, kind] :
       {std::pair("cannot be relied on", "refused"), std::pair("are tied within the error", "tied"),
        std::pair("cannot be judged", "variation unknown"), std::pair("does not stay ahead", "variation reversed"),
        std::pair("the rest of the record favours", "contradicted"), std::pair("a ranking needs", "probability"),
        std::pair("evidence favours", "classifier disagrees"), std::pair("check is tied", "classifier tied"),
        std::pair("classifier check finds", "not found near"), std::pair("classifier check judges", "not right near"),
        std::pair("does not tell these", "set"), std::pair("can be told near", "perhaps a set"),
        std::pair("hardly ever leaves", "surprise"), std::pair("exactly the same", "same evidence"),
        std::pair("calibration of", "self-check")})
    if (reason.find(part) != std::string::npos) return kind;
  return reason.substr(0, 40);
}

struct Tally {
  std::int64_t seeds = 0, sure_ones = 0, sure_ranked = 0, ranked = 0, wrong = 0, ranked_low = 0, none = 0, faults = 0;
  double expected_wrong = 0, least_ranked = 1;  ///< by the exact probabilities of those ranked
  double error = 0;                             ///< greatest difference between P by evidence and the exact one
  std::map<std::string, std::int64_t> blocked;  ///< reasons where the exact probability is sure

  void operator+=(const Tally& t) {
    for (const auto part : {&Tally::seeds, &Tally::sure_ones, &Tally::sure_ranked, &Tally::ranked, &Tally::wrong,
                            &Tally::ranked_low, &Tally::none, &Tally::faults})
      this->*part += t.*part;
    expected_wrong += t.expected_wrong;
    least_ranked = std::min(least_ranked, t.least_ranked);
    error = std::max(error, t.error);
    for (const auto& [kind, count] : t.blocked) blocked[kind] += count;
  }

  std::string line(const std::string& name) const {
    std::string out =
        fmt::format("{:38} {:5} {:4}/{:<4} {:4} {:3} {:5.1f} {:5.3f} {:3} {:3} {:3} {:5.3f} ", name, seeds, sure_ranked,
                    sure_ones, ranked, wrong, expected_wrong, least_ranked, ranked_low, none, faults, error);
    for (const auto& [kind, count] : blocked) out += fmt::format(" {} {},", kind, count);
    if (out.back() == ',') out.pop_back();
    return out;
  }
};

Tally judge_records(const VerdictProblem& problem, std::uint64_t seeds,
                    AdjudicationSettings (*settings)(std::uint64_t)) {
  Tally t;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const std::size_t truth = seed % problem.accounts.size();
    const Evidence record = problem.record(truth, seed);
    const auto exact = problem.exact(record);
    const auto a = adjudicate(problem.accounts, record, problem.clock, settings(1000 + seed));
    const std::size_t top = a.verdict.top.value_or(0);
    const bool ranked = a.verdict.ruling == Ruling::ranked;
    ++t.seeds;
    if (*std::ranges::max_element(exact) > sure) {
      ++t.sure_ones;
      t.sure_ranked += ranked;
      std::vector<std::string> kinds;
      for (const auto& reason : a.verdict.reasons) kinds.push_back(kind_of(reason));
      std::ranges::sort(kinds);
      kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
      for (const auto& kind : kinds) ++t.blocked[kind];
    }
    if (ranked) {
      ++t.ranked;
      t.wrong += top != truth;
      t.expected_wrong += 1 - exact[top];
      t.least_ranked = std::min(t.least_ranked, exact[top]);
      t.ranked_low += exact[top] < never_below;
    }
    t.none += a.verdict.ruling == Ruling::none_of_the_accounts;
    t.faults += !a.by_evidence.faults.empty();
    for (std::size_t k = 0; k < exact.size(); ++k)
      t.error = std::max(t.error, std::fabs(a.probability[k].value - exact[k]));
  }
  return t;
}

void print_head() {
  fmt::print("{:38} {:>5} {:>9} {:>4} {:>3} {:>5} {:>5} {:>3} {:>3} {:>3} {:>5}  {}\n", "", "seeds", "sure", "rank",
             "bad", "due", "leastP", "<.7", "non", "flt", "dP", "what stands in the way where it is sure");
}

// Exact answers do not change with finer quadratures, and the evidence by trials agrees with them.
TEST(VerdictProblems, AnswersAreExact) {
  const auto problems = verdict_problems(), finer = verdict_problems(2);
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const VerdictProblem& p = problems[i];
    for (const auto& parts : p.laws)
      for (const auto& law : parts)
        EXPECT_NEAR(std::accumulate(law.mass.begin(), law.mass.end(), 0.0), 1, 1e-8) << p.name;
    for (std::size_t truth = 0; truth < p.accounts.size(); ++truth) {
      const Evidence record = p.record(truth, 77);
      const auto exact = p.log_evidence(record), again = finer[i].log_evidence(record);
      const ObservationModel law(record, p.clock);
      for (std::size_t k = 0; k < p.accounts.size(); ++k) {
        EXPECT_NEAR(exact[k], again[k], 1e-8) << p.name << " " << k;
        const auto trials = run_trials(
            p.accounts[k], Proposal(p.accounts[k].dimension()),
            {.seed = account_seed(5, p.accounts[k].name), .stage = own_stages, .first = 0, .last = 4000, .threads = 1});
        const auto z = evidence_estimate(trials, likelihood_of(law));
        // Where few trials have most of the weight, the error is not known either.
        if (z.effective_size > 100 && z.largest_share < 0.02) {
          EXPECT_NEAR(z.log_evidence, exact[k], 4.5 * z.standard_error + 1e-9) << p.name << " " << k;
        }
      }
    }
  }
}

TEST(LongVerdict, IsRightOnRecordsOfKnownTruth) {
  const std::uint64_t seeds = full_length() ? 6 : 2;
  print_head();
  Tally all;
  for (const auto& problem : verdict_problems()) {
    const Tally t = judge_records(problem, seeds, usual_trials);
    fmt::print("{}\n", t.line(problem.name));
    std::cout.flush();
    EXPECT_GT(tail(t.sure_ones - t.sure_ranked, t.sure_ones, 1 - least_ranked_when_sure), false_alarm) << problem.name;
    all += t;
  }
  fmt::print("{}\n", all.line("all"));
  EXPECT_GE(static_cast<double>(all.sure_ranked), least_ranked_when_sure * static_cast<double>(all.sure_ones));
  EXPECT_GT(tail(all.wrong, all.ranked, greatest_wrong), false_alarm);
  EXPECT_EQ(all.ranked_low, 0);
  EXPECT_GT(tail(all.none, all.seeds, greatest_none), false_alarm);
  EXPECT_GT(tail(all.faults, all.seeds, greatest_faults), false_alarm);
}

TEST(LongVerdict, NeverRanksIdenticalAccounts) {
  print_head();
  std::uint64_t seeds = 200;
  for (const auto& problem : identical_accounts()) {
    const Tally t = judge_records(problem, seeds, fewest_trials);
    fmt::print("{}\n", t.line(problem.name));
    EXPECT_EQ(t.ranked, 0) << problem.name;
    seeds = 40;
  }
}

/// All that a verdict says, names for positions.
struct Said {
  Ruling ruling;
  std::string top;
  std::map<std::string, double> probability, classifier;
  std::vector<std::string> reasons, ruled_out;
  std::vector<std::vector<std::string>> indistinguishable;
};

Said said(const std::vector<Account>& accounts, const Adjudication& a) {
  Said out{a.verdict.ruling, a.verdict.top ? accounts[*a.verdict.top].name : "", {}, {}, a.verdict.reasons, {}, {}};
  std::ranges::sort(out.reasons);
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    out.probability[accounts[k].name] = a.probability[k].value;
    out.classifier[accounts[k].name] = a.findings.classifier[k];
  }
  for (const std::size_t k : a.verdict.ruled_out) out.ruled_out.push_back(accounts[k].name);
  std::ranges::sort(out.ruled_out);
  for (const auto& set : a.verdict.indistinguishable) {
    auto& names = out.indistinguishable.emplace_back();
    for (const std::size_t k : set) names.push_back(accounts[k].name);
    std::ranges::sort(names);
  }
  std::ranges::sort(out.indistinguishable);
  return out;
}

// The 144 orders of three accounts and four rows are shared out among 20 seeds, of which every merge takes five.
TEST(LongVerdict, DoesNotDependOnTheOrderOfAccountsAndRows) {
  constexpr std::size_t of_accounts = 6, of_rows = 24;
  constexpr std::uint64_t seeds = 20;
  const std::uint64_t taken = full_length() ? seeds : seeds / 4;
  for (const auto& problem : problems_of_three()) {
    std::size_t orders = 0;
    for (std::uint64_t seed = 0; seed < taken; ++seed) {
      const AdjudicationSettings settings{.seed = seed, .particles = 100, .trials = 300, .records = 100, .threads = 1};
      const Evidence record = problem.record(seed % 3, seed);
      const Said first = said(problem.accounts, adjudicate(problem.accounts, record, problem.clock, settings));
      std::vector<std::size_t> order{0, 1, 2};
      for (std::size_t i = 0; i < of_accounts; ++i, std::ranges::next_permutation(order)) {
        std::vector<std::size_t> rows{0, 1, 2, 3};
        for (std::size_t j = 0; j < of_rows; ++j, std::ranges::next_permutation(rows)) {
          if ((i * of_rows + j) % seeds != seed) continue;
          ++orders;
          std::vector<Account> accounts;
          for (const std::size_t k : order) accounts.push_back(problem.accounts[k]);
          Evidence turned = record;
          for (std::size_t r = 0; r < rows.size(); ++r) turned.events[r] = record.events[rows[r]];
          const Said other = said(accounts, adjudicate(accounts, turned, problem.clock, settings));
          SCOPED_TRACE(fmt::format("{}, seed {}, accounts {}, rows {}", problem.name, seed, fmt::join(order, ""),
                                   fmt::join(rows, "")));
          EXPECT_EQ(first.ruling, other.ruling);
          EXPECT_EQ(first.top, other.top);
          EXPECT_EQ(first.reasons, other.reasons);
          EXPECT_EQ(first.ruled_out, other.ruled_out);
          EXPECT_EQ(first.indistinguishable, other.indistinguishable);
          EXPECT_EQ(first.probability, other.probability);
          EXPECT_EQ(first.classifier, other.classifier);
        }
      }
    }
    EXPECT_EQ(orders, full_length() ? of_accounts * of_rows : 39);
  }
}

}  // namespace
}  // namespace verdict_test
