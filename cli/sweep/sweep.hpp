// `qantar sweep`: what its verbs share.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "cli/sweep/swept_case.hpp"
#include "sim/sweep/work.hpp"

namespace qantar::cli {

/// A sweep as it lies in its folder.
struct Sweep {
  std::filesystem::path folder;
  SweptCase swept;
  sim::SweepContext context;  ///< refers to `swept`

  /// Throws InputError when the plan is missing, damaged, or of another program.
  Sweep(const std::string& path, const Call& call);
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;
};

/// Workers that run one sweep together, such as the ranks of an MPI job.
struct WorkerGroup {
  std::int64_t number = 0, of = 1;     ///< which worker this is, from 0
  std::function<std::int64_t()> take;  ///< the next number of a counter that all share, from 0
  std::function<void()> tick;          ///< called after each trial, from one thread at a time
  std::function<bool(bool)> all;       ///< waits for everybody; whether all said yes
};

/// `qantar sweep run` as one of a group of workers: the trials go to whoever is free.
int sweep_run_together(const Call& call, const WorkerGroup& workers);

int sweep_plan(const Call& call);
int sweep_run(const Call& call);
int sweep_submit(const Call& call);
int sweep_status(const Call& call);
int sweep_merge(const Call& call);

/// The verbs, as commands of two words: "sweep plan", ...
std::vector<Described> sweep_verbs();

/// Seconds of "55m", "1h30m", "90s" or "2d". Throws UsageError.
double seconds_of(const std::string& option, const std::string& text);
/// "3 min 20 s".
std::string duration_text(double seconds);
/// "1.2 GB".
std::string bytes_text(double bytes);

}  // namespace qantar::cli
