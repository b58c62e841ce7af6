#include "analysis/typical_trial.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace qantar::analysis {

std::optional<std::int64_t> typical_trial(std::span<const sim::TrialResult> trials, std::int32_t hypothesis,
                                          const sim::ResultLayout& layout, std::span<const std::string> series) {
  std::vector<sim::Placed> summed;
  for (const auto& name : series) {
    const auto placed = layout.find(layout.series, name);
    if (!placed) return {};
    summed.push_back(*placed);
  }
  const std::size_t width = layout.width(layout.series);
  std::vector<std::pair<std::int64_t, std::vector<double>>> courses;
  for (const auto& record : trials) {
    if (record.hypothesis != hypothesis) continue;
    auto& course = courses.emplace_back(record.trial, std::vector<double>{}).second;
    for (std::size_t at = 0; at + width <= record.series.size(); at += width)
      for (std::size_t cell = 0; cell < summed.front().size; ++cell) {
        float sum = 0;
        for (const auto& s : summed) sum += record.series[at + s.first + cell];
        course.push_back(std::log1p(sum));
      }
  }
  std::optional<std::int64_t> best;
  double nearest = 0;
  for (const auto& [trial, a] : courses) {
    double sum = 0;
    for (const auto& other : courses)
      for (std::size_t i = 0; i < std::min(a.size(), other.second.size()); ++i)
        sum += std::fabs(a[i] - other.second[i]);
    if (!best || sum < nearest) {
      best = trial;
      nearest = sum;
    }
  }
  return best;
}

}  // namespace qantar::analysis
