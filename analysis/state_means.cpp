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
  std::vector<std::vector<double>> out;
  for (const auto& rows : good_rows(result)) {
    auto& means = out.emplace_back(steps * groups, 0.0);
    // It counts from the first step that ends after it; summed up below.
    const auto change = [&](double time, double by, std::size_t of) {
      const double step = std::ceil((time - clock.start()) / clock.step_hours()) - 1;
      const auto t = static_cast<std::size_t>(std::max(0.0, step));
      if (t < steps) means[t * groups + of] += by;
    };
    for (const std::size_t row : rows)
      for (std::size_t m = 0; m < members; ++m) {
        const double begin = begins[row * members + m], end = ends[row * members + m];
        if (!group[m] || std::isnan(begin)) continue;
        change(begin, 1, *group[m]);
        if (end >= begin) change(end, -1, *group[m]);
      }
    for (std::size_t i = groups; i < means.size(); ++i) means[i] += means[i - groups];
    if (!rows.empty())
      for (double& x : means) x /= sim::real(rows.size());
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
