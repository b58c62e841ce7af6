// Trials of every hypothesis of a case on all cores, up to the last one or to a wish to stop.
#pragma once
#include <csignal>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "agents/case.hpp"
#include "cli/options.hpp"
#include "sim/ensemble.hpp"

namespace qantar::cli {

inline constexpr std::uint64_t most_trials = 1'000'000'000;

/// While it lives, a wish to end the program ends run_trials, so that nothing is left behind.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

 private:
  void take(int signal, const struct sigaction& action);
  std::vector<std::pair<int, struct sigaction>> before_;
};

/// Set by a signal while a StopOnSignal lives, or by whoever wants the trials to end.
sim::StopFlag& wish_to_stop();

struct TrialPlan {
  std::int64_t trials = 0;  ///< of each hypothesis
  std::uint64_t seed = 0;
  int threads = 1;
  bool quiet = false;  ///< no progress
};

/// Runs one hypothesis after the other, with progress on the standard error; replicate r meets the same luck under each
/// of them. `take` gets every record in order, from one thread at a time.
sim::EnsembleEnd run_trials(const agents::Case& model, const TrialPlan& plan,
                            const std::function<void(sim::TrialResult&&)>& take);

}  // namespace qantar::cli
