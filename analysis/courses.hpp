// Prior predictive check: does a model show what a model of the case must show, and how often does its course
// degenerate?
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "analysis/evidence.hpp"
#include "analysis/statistics/wilson.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// A pattern that is looked for in each trial.
struct Course {
  std::string id, text;
};

/// A degenerate course: the outcome "degenerate", a flag for each course that the case declares.
struct DegenerateCourse : Course {
  std::size_t column = 0;  ///< position in TrialResult::outcomes
};
std::vector<DegenerateCourse> degenerate_courses(const sim::ResultLayout& layout);

/// How often the scored rows of a record agree with a trial, over all accounts. A row that no trial agrees with says
/// that the model cannot do it, or that the record asks the wrong thing.
class RowCounts {
 public:
  explicit RowCounts(const std::vector<Event>& events) : events_(events), hits_(events.size(), 0) {}
  /// One trial that did not fail.
  void add(std::span<const double> outcomes);
  /// The scored rows that no trial agreed with; none without trials.
  std::vector<const Event*> never_met() const;

 private:
  const std::vector<Event>& events_;
  std::vector<std::int64_t> hits_;
  std::int64_t trials_ = 0;
};

/// How often the courses appear in the trials of one account. Counts only, so memory does not grow with trials.
class CourseCounts {
 public:
  /// Both must live as long as the counts.
  CourseCounts(const std::vector<Element>& stylised_facts, const std::vector<DegenerateCourse>& degenerate);

  /// One trial that did not fail; `outcomes` as in TrialResult.
  void add(std::span<const double> outcomes);

  std::int64_t trials() const { return trials_; }
  /// Shares of trials with Wilson 95 % intervals.
  std::vector<Estimate> stylised_facts() const;
  Estimate all_stylised_facts() const;
  std::vector<Estimate> degenerate() const;
  Estimate any_degenerate() const;

 private:
  const std::vector<Element>& facts_;
  const std::vector<DegenerateCourse>& degenerate_;
  std::vector<std::int64_t> fact_hits_, degenerate_hits_;
  std::int64_t trials_ = 0, all_facts_ = 0, any_degenerate_ = 0;
};

}  // namespace qantar::analysis
