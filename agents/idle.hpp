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

/// Of one account: actions that no trial took, and groups that never went into action.
struct IdleOnes {
  std::vector<Never> actions, groups;
};

class Idle {
 public:
  explicit Idle(std::shared_ptr<const Scenario> scenario);
  /// Counts who acted in a trial that ended well. The first few are kept, to be looked at again.
  void add(const sim::TrialResult& trial);
  /// Who never acted. What stood in the way is counted step by step: the trials that were kept are run once more.
  IdleOnes found() const;

 private:
  std::shared_ptr<const Scenario> scenario_;
  Table<ActionId, bool> taken_;
  Table<GroupId, bool> mobilised_;
  std::vector<sim::TrialKey> kept_;
};

}  // namespace qantar::agents
