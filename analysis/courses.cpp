#include "analysis/courses.hpp"

#include <algorithm>

namespace qantar::analysis {
namespace {

std::vector<Estimate> shares(const std::vector<std::int64_t>& hits, std::int64_t trials) {
  std::vector<Estimate> out;
  for (const std::int64_t n : hits) out.push_back(wilson(n, trials));
  return out;
}

}  // namespace

std::vector<DegenerateCourse> degenerate_courses(const sim::ResultLayout& layout) {
  std::vector<DegenerateCourse> out;
  for (const auto& [v, first, size] : layout.placed(layout.outcomes))
    if (v.kind == sim::ValueKind::flag && v.axes.size() == 1 && v.name == "degenerate")
      for (std::size_t i = 0; i < size; ++i) {
        const std::string id = layout.axis(v.axes.front()).text(i);
        std::string words = id;
        std::ranges::replace(words, '_', ' ');
        out.push_back({{id, words}, first + i});
      }
  return out;
}

CourseCounts::CourseCounts(const std::vector<Element>& stylised_facts, const std::vector<DegenerateCourse>& degenerate)
    : facts_(stylised_facts),
      degenerate_(degenerate),
      fact_hits_(stylised_facts.size(), 0),
      degenerate_hits_(degenerate.size(), 0) {}

void CourseCounts::add(std::span<const double> outcomes) {
  bool all = true, any = false;
  for (std::size_t i = 0; i < facts_.size(); ++i) {
    const bool so = facts_[i].is_so(outcomes);
    fact_hits_[i] += so;
    all = all && so;
  }
  for (std::size_t i = 0; i < degenerate_.size(); ++i) {
    const bool so = outcomes[degenerate_[i].column] == 1.0;
    degenerate_hits_[i] += so;
    any = any || so;
  }
  trials_ += 1;
  all_facts_ += all;
  any_degenerate_ += any;
}

std::vector<Estimate> CourseCounts::stylised_facts() const { return shares(fact_hits_, trials_); }
Estimate CourseCounts::all_stylised_facts() const { return wilson(all_facts_, trials_); }
std::vector<Estimate> CourseCounts::degenerate() const { return shares(degenerate_hits_, trials_); }
Estimate CourseCounts::any_degenerate() const { return wilson(any_degenerate_, trials_); }

void RowCounts::add(std::span<const double> outcomes) {
  ++trials_;
  for (std::size_t i = 0; i < events_.size(); ++i)
    if (const Event& e = events_[i]; e.use == Use::scored)
      hits_[i] += e.holds(outcomes[e.column], e.compares_two() ? outcomes[e.then_column] : sim::never);
}

std::vector<const Event*> RowCounts::never_met() const {
  std::vector<const Event*> out;
  for (std::size_t i = 0; i < events_.size() && trials_ > 0; ++i)
    if (events_[i].use == Use::scored && hits_[i] == 0) out.push_back(&events_[i]);
  return out;
}

}  // namespace qantar::analysis
