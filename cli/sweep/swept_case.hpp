// A case under a design: what every trial of a sweep is.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/case_input.hpp"
#include "sim/design/experiment.hpp"
#include "sim/results/result_file.hpp"
#include "sim/sweep/plan.hpp"

namespace qantar::cli {

class SweptCase {
 public:
  /// `shown` is the name of the design in messages. Throws InputError with all problems of design and case.
  SweptCase(const sim::SweepPlan& plan, const std::string& shown);
  /// Adds the problems instead. With one, nothing else may be asked of it.
  SweptCase(const sim::SweepPlan& plan, const std::string& shown, sim::Diagnostics& diagnostics);

  std::int64_t trials() const;  ///< replicates x points x hypotheses, in this order: a sweep that is cut is balanced
  const sim::Experiment& experiment() const { return *experiment_; }
  const sim::Points& points() const { return *points_; }
  const std::vector<agents::Hypothesis>& hypotheses() const { return checked_.model.hypotheses; }
  const sim::ResultLayout& layout() const { return layout_; }  ///< of the model without series, and the factors
  const sim::Clock& clock() const;

  sim::TrialResult run(std::int64_t trial) const;

  /// What a merged result says about the run.
  sim::RunDescription describe(const std::string& command_line) const;
  /// What a part says: the same without the texts that the plan holds.
  sim::RunDescription describe_part(const std::string& command_line) const;

 private:
  double value(const sim::AssignedPrior& assigned, const agents::AnyModel& model) const;

  sim::SweepPlan plan_;
  std::unique_ptr<sim::Experiment> experiment_;  ///< has an address that points_ keeps
  std::unique_ptr<sim::Points> points_;
  CheckedCase checked_;
  sim::ResultLayout layout_;
  std::vector<std::size_t> columns_;  ///< factors that are no parameters of the model, which reports those
};

/// Reads a design and its case from files. Throws InputError with all problems.
sim::SweepPlan plan_of(const std::string& design_file, const std::string& prior = {});
/// Adds the problems of a design file, and of its case.
void check_design(const std::string& design_file, sim::Diagnostics& diagnostics);
/// The plan that a merged result carries.
sim::SweepPlan plan_in(const sim::ResultReader& result);

}  // namespace qantar::cli
