// Calibration of the small case: planted parameters are found again as often as the intervals say.
#include "analysis/calibration/calibration.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/inference/model_account.hpp"
#include "sim/draws.hpp"
#include "tests/support/crisis_case.hpp"

namespace qantar {
namespace {

/// What a record might say of a trial: some outcomes, on a scale on which they are about normal, with errors.
class SomeOutcomes final : public analysis::RecordLaw {
 public:
  explicit SomeOutcomes(const sim::ResultLayout& layout) {
    for (const char* name :
         {"deaths", "security_deaths", "peak_participants", "detained", "sites_fallen", "arms_lost"}) {
      const auto found = layout.find(layout.outcomes, name);
      if (!found) throw std::logic_error(name);
      names_.emplace_back(name);
      columns_.push_back(found->first);
    }
    documented_.resize(names_.size());
  }
  std::size_t size() const override { return names_.size(); }
  const std::string& name(std::size_t row) const override { return names_[row]; }
  const std::vector<double>& documented() const override { return documented_; }
  double log_density(std::span<const double>, std::span<const double>) const override { return 0; }
  std::vector<double> sample(std::span<const double> outcomes, const sim::Draws& draws) const override {
    std::vector<double> out;
    for (std::uint32_t r = 0; r < columns_.size(); ++r)
      out.push_back(std::log1p(outcomes[columns_[r]]) + 0.1 * draws.normal(7, r, 0));
    return out;
  }
  void document(std::vector<double> record) { documented_ = std::move(record); }

 private:
  std::vector<std::string> names_;
  std::vector<std::size_t> columns_;
  std::vector<double> documented_;
};

TEST(CalibrationOfACase, IntervalsCoverPlantedTruths) {
  constexpr int truths = 200;
  sim::Diagnostics diagnostics;
  const auto small = agents::build_case(
      "small_case", agents::read_case_files(QANTAR_SOURCE_DIR "/tests/support/small_case", diagnostics), {},
      diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  const agents::CrisisModel model(small.hypotheses.back().scenario);
  const analysis::Account account = analysis::make_account(small.hypotheses.back().name, model, model.priors());
  SomeOutcomes law(model.layout());
  ASSERT_GE(law.size(), 3U);
  const analysis::CalibrationSettings settings{.seed = 3, .trials = 800, .draws = 100};
  analysis::CalibrationTrials shared;  // the first wave knows nothing of the record, so all truths share it
  std::vector<double> covered(account.dimension(), 0.0);
  double moved = 0;
  std::size_t active = 0;
  for (std::uint32_t t = 0; t < truths; ++t) {
    const sim::Draws draws(sim::TrialKey{77, 0, t});
    std::vector<double> z;
    for (std::uint32_t j = 0; j < account.dimension(); ++j) z.push_back(draws.normal(50, j, 0));
    law.document(law.sample(account.outcomes({78, 0, t}, account.assigned(z)), draws));
    analysis::Calibrator calibrator(account, law, settings, shared);
    while (calibrator.advance()) {
    }
    if (shared.waves.empty()) shared.waves.push_back(calibrator.trials().waves.front());
    const auto found = calibrator.result();
    if (found.none) continue;  // counts as not covered
    const auto u = analysis::quantiles_at(z);
    for (std::size_t j = 0; j < u.size(); ++j)
      covered[j] += (found.parameters[j].low <= u[j] && u[j] <= found.parameters[j].high) / double(truths);
    active += found.active.size();
    for (const std::size_t j : found.active) moved += std::abs(found.parameters[j].median - 0.5);
  }
  double all = 0;
  for (const double share : covered) all += share / double(covered.size());
  EXPECT_GT(all, 0.87);
  EXPECT_LT(all, 0.93);
  EXPECT_GT(moved / double(active), 0.03) << "the records have moved nothing";
}

}  // namespace
}  // namespace qantar
