// What is kept of a calibration that is under way goes on where it was, and only if it is of the same one.
#include "cli/calibration/calibration_file.hpp"

#include <atomic>

#include <gtest/gtest.h>

#include "tests/known_answers/toys.hpp"
#include "tests/support/program.hpp"

namespace qantar::cli {
namespace {

std::atomic<int> squares_run{0};

analysis::Account square() {
  return test::toy("square", {sim::Distribution(sim::Family::uniform, {-2, 2})},
                   [](const std::vector<double>& p, const sim::Draws& draws) -> std::vector<double> {
                     ++squares_run;
                     return {p[0] * p[0] + 0.1 * draws.normal(1, 0, 0)};
                   });
}

class One final : public analysis::RecordLaw {
 public:
  std::size_t size() const override { return 1; }
  const std::string& name(std::size_t) const override { return name_; }
  const std::vector<double>& documented() const override { return documented_; }
  double log_density(std::span<const double>, std::span<const double>) const override { return 0; }
  std::vector<double> sample(std::span<const double> outcomes, const sim::Draws&) const override {
    return {outcomes.begin(), outcomes.end()};
  }

 private:
  std::string name_ = "square";
  std::vector<double> documented_{1.0};
};

TEST(CalibrationFile, GoesOnWhereItWasAndRunsNothingTwice) {
  const qantar::testing::Folder folder;
  const auto account = square();
  const One law;
  const analysis::CalibrationSettings settings{.seed = 4, .trials = 700, .draws = 50, .threads = 1};
  squares_run = 0;
  analysis::Calibrator whole(account, law, settings);
  while (whole.advance()) {
  }
  const int all = squares_run;
  ASSERT_GE(whole.trials().waves.size(), 2U);
  EXPECT_EQ(all, whole.trials().done());

  squares_run = 0;
  analysis::CalibrationTrials kept;
  for (bool more = true; more;) {
    analysis::Calibrator part(account, law, settings, kept);
    more = part.advance();
    save_calibration(folder / "square.h5", "this one", part.trials());
    analysis::CalibrationTrials again;
    EXPECT_FALSE(load_calibration(folder / "square.h5", "another one", again));
    ASSERT_TRUE(load_calibration(folder / "square.h5", "this one", again));
    ASSERT_EQ(again.done(), part.trials().done());
    kept = std::move(again);
  }
  EXPECT_EQ(squares_run, all);
  analysis::Calibrator taken_up(account, law, settings, kept);
  EXPECT_FALSE(taken_up.advance());
  EXPECT_EQ(taken_up.result().quantile, whole.result().quantile);
  EXPECT_FALSE(whole.result().none);

  kept.waves.push_back(kept.waves.front());
  EXPECT_THROW(analysis::Calibrator(account, law, settings, kept), std::invalid_argument) << "more than it would run";
}

}  // namespace
}  // namespace qantar::cli
