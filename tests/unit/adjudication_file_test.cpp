// What is kept of an adjudication that is under way goes on where it was, and only if it is of the same one.
#include "cli/verdict/adjudication_file.hpp"

#include <atomic>
#include <filesystem>
#include <new>
#include <stdexcept>

#include <gtest/gtest.h>

#include "analysis/inference/storage.hpp"
#include "tests/known_answers/toys.hpp"
#include "tests/support/program.hpp"

namespace qantar::cli {
namespace {

using analysis::AccountTrials;
using analysis::AdjudicationSettings;

std::atomic<int> trials_run{0};

analysis::Account drift() {
  return test::toy("drift", {sim::Distribution(sim::Family::normal, {0, 1})},
                   [](const std::vector<double>& p, const sim::Draws& draws) -> std::vector<double> {
                     ++trials_run;
                     // So that a generation takes more than one batch.
                     if (draws.uniform(2, 0, 0) < 0.3) throw std::runtime_error("no luck");
                     return {p[0] + draws.normal(1, 0, 0)};
                   });
}

analysis::Evidence at_one() {
  analysis::Evidence out;
  analysis::Event e;
  e.id = "share";
  e.measure = analysis::Measure::number;
  e.scale = analysis::Scale::share;
  e.low = 0.9;
  e.high = 1.1;
  e.weight = 1;
  out.events.push_back(e);
  return out;
}

TEST(AccountTrials, ThatAllFailEndWithTheReasonOfTheFirst) {
  const sim::Clock clock{{}, {0, 0}, {3600, 0}, 1.0};
  const analysis::ObservationModel law = analysis::evidence_law(at_one(), clock);
  const auto failing = [](auto error) {
    return test::toy("broken", {sim::Distribution(sim::Family::normal, {0, 1})},
                     [error](const std::vector<double>&, const sim::Draws&) -> std::vector<double> { throw error; });
  };
  const AdjudicationSettings settings{.seed = 2, .particles = 40, .trials = 300, .records = 25, .threads = 1};
  try {
    analysis::run_account(failing(std::runtime_error("no world")), law, settings);
    ADD_FAILURE() << "it went on";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "account broken: all 25 trials failed, the first one with: no world");
  }
  EXPECT_THROW(analysis::run_account(failing(std::bad_alloc()), law, settings), std::bad_alloc)
      << "too little memory is no outcome";
}

TEST(AdjudicationFile, GoesOnWhereItWasAndRunsNothingTwice) {
  const sim::Clock clock{{}, {0, 0}, {3600, 0}, 1.0};
  const analysis::ObservationModel law = analysis::evidence_law(at_one(), clock);
  const AdjudicationSettings settings{.seed = 2, .particles = 40, .trials = 300, .records = 100, .threads = 1};
  trials_run = 0;
  const AccountTrials whole = analysis::run_account(drift(), law, settings);
  const int needed = trials_run;

  const testing::Folder folder;
  const auto file = folder / "drift.h5";
  trials_run = 0;
  AccountTrials pieces;
  pieces.name = "drift";
  EXPECT_FALSE(load_account(file, "one", pieces)) << "there is nothing yet";
  int rounds = 0;
  while (analysis::advance(pieces, drift(), law, settings)) {
    ++rounds;
    save_account(file, "one", pieces);
    pieces = {};
    pieces.name = "drift";
    ASSERT_TRUE(load_account(file, "one", pieces));
  }
  EXPECT_GT(rounds, 10);
  EXPECT_EQ(trials_run, needed);
  sim::Sha256 a, b;
  analysis::digest_account(a, whole);
  analysis::digest_account(b, pieces);
  EXPECT_EQ(a.hex(), b.hex());

  AccountTrials other;
  other.name = "drift";
  EXPECT_FALSE(load_account(file, "another seed", other));
  EXPECT_EQ(other.evidence.size(), 0U);
}

}  // namespace
}  // namespace qantar::cli
