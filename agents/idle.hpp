// Who never acts in the trials of an account, and what stood in the way: for the prior predictive check of a case.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "agents/scenario.hpp"
#include "sim/trial_key.hpp"
#include "sim/trial_result.hpp"

namespace qantar::agents {

/// Something of a case that never acts, and what most often stood in its way, in words.
struct Never {
  std::string id, hindrance;
};

class Idle {
 public:
  explicit Idle(std::shared_ptr<const Scenario> scenario);
  /// Counts who acted in a trial, by its events.
  void add(std::span<const sim::LoggedEvent> events);
  /// Actions that no trial took. What stood in the way is counted step by step in trials that are run again.
  std::vector<Never> actions(std::span<const sim::TrialKey> again) const;
  /// Groups that never went into action.
  std::vector<Never> groups(std::span<const sim::TrialKey> again) const;

 private:
  std::shared_ptr<const Scenario> scenario_;
  Table<ActionId, bool> taken_;
  Table<GroupId, bool> mobilised_;
};

}  // namespace qantar::agents
