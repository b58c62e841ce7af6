#include "analysis/posterior.hpp"

#include <cmath>

#include "analysis/compare.hpp"
#include "analysis/inference/adjudication.hpp"
#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/outcome_summary.hpp"
#include "sim/conversions.hpp"

namespace qantar::analysis {
namespace {

void set_weights(std::vector<PosteriorTrial>& trials, const std::vector<double>& logs) {
  const auto weights = normalised(logs);
  for (std::size_t i = 0; i < trials.size(); ++i) trials[i].weight = weights[i];
}

}  // namespace

std::vector<PosteriorTrial> posterior_trials(const sim::ResultReader& result, const Evidence* record) {
  const sim::RunDescription& run = result.run();
  std::vector<PosteriorTrial> out;
  std::vector<double> logs;
  const auto rows = good_rows(result);
  for (std::size_t h = 0; h < rows.size(); ++h)
    for (const std::size_t row : rows[h]) {
      out.push_back({h, 0.0, {run.seed, 0, static_cast<std::uint32_t>(row % run.trials_per_hypothesis)}, {}});
      logs.push_back(-std::log(sim::real(rows[h].size())));
    }
  if (record) {
    const ObservationModel law = evidence_law(*record, result.clock());
    std::size_t next = 0;
    for (const auto& predictor : predictors(result, needed_columns(*record)))
      each_trial(predictor, [&](std::span<const double> outcomes) {
        logs[next++] += law.log_density(law.documented(), outcomes);
      });
  }
  set_weights(out, logs);
  return out;
}

std::vector<PosteriorTrial> posterior_trials(std::span<const Account> accounts, std::span<const AccountTrials> run,
                                             const RecordLaw* law, std::uint64_t seed) {
  const TrialSet set = law ? TrialSet::evidence : TrialSet::prior;
  std::vector<PosteriorTrial> out;
  std::vector<double> logs;
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const Trials& trials = run[k].of(set);
    const auto weights = log_weights(
        trials, law ? likelihood_of(*law) : [](std::span<const double>) { return 0.0; });
    for (std::size_t i = 0; i < trials.size(); ++i) {
      if (trials.failed[i]) continue;
      logs.push_back(weights[i] - std::log(sim::real(trials.size())));
      out.push_back({k, 0.0, key_of(seed, run[k].luck, set, i), accounts[k].assigned(trials.z_of(i))});
    }
  }
  set_weights(out, logs);
  return out;
}

}  // namespace qantar::analysis
