#include "analysis/state_means.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/outcome_summary.hpp"
#include "sim/conversions.hpp"

namespace qantar::analysis {

std::vector<std::vector<double>> mean_between(const sim::ResultReader& result, const std::string& from,
                                              const std::string& until,
                                              std::span<const std::optional<std::size_t>> group, std::size_t groups) {
  const sim::Clock& clock = result.clock();
  const std::size_t steps = clock.steps(), members = group.size();
  const auto begins = result.variable(from), ends = result.variable(until);
  const auto hypothesis = result.hypothesis(), status = result.status();
  const auto counts = trial_counts(result);
  std::vector<std::vector<double>> out(counts.size(), std::vector<double>(steps * groups, 0.0));
  for (std::size_t i = 0; i < status.size(); ++i) {
    if (status[i] != sim::to_underlying(sim::TrialStatus::ok)) continue;
    auto& means = out[hypothesis[i]];
    // It counts from the first step that ends after it; summed up below.
    const auto change = [&](double time, double by, std::size_t of) {
      const double step = std::ceil((time - clock.start()) / clock.step_hours()) - 1;
      const auto t = static_cast<std::size_t>(std::max(0.0, step));
      if (t < steps) means[t * groups + of] += by;
    };
    for (std::size_t m = 0; m < members; ++m) {
      const double begin = begins[i * members + m], end = ends[i * members + m];
      if (!group[m] || std::isnan(begin)) continue;
      change(begin, 1, *group[m]);
      if (end >= begin) change(end, -1, *group[m]);
    }
  }
  for (std::size_t h = 0; h < out.size(); ++h) {
    const auto trials = sim::real(counts[h].trials - counts[h].failed - counts[h].truncated);
    for (std::size_t i = groups; i < out[h].size(); ++i) out[h][i] += out[h][i - groups];
    for (double& x : out[h]) x = trials > 0 ? x / trials : 0.0;
  }
  return out;
}

std::vector<double> mean_in_state(std::span<const std::vector<StateChanges>> trials, std::span<const std::size_t> group,
                                  std::size_t groups, std::size_t states, std::span<const sim::Hours> times) {
  std::vector<double> out(groups * states * times.size(), 0.0);
  for (const auto& members : trials)
    for (std::size_t m = 0; m < members.size(); ++m)
      for (std::size_t t = 0; t < times.size(); ++t) {
        int state = members[m].front().second;
        for (const auto& [since, what] : members[m])
          if (since <= times[t]) state = what;
        ++out[(group[m] * states + static_cast<std::size_t>(state)) * times.size() + t];
      }
  for (double& x : out) x = trials.empty() ? std::numeric_limits<double>::quiet_NaN() : x / sim::real(trials.size());
  return out;
}

}  // namespace qantar::analysis
