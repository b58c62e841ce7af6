#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/sweep/sweep.hpp"
#include "cli/text/table.hpp"
#include "cli/trials.hpp"
#include "sim/conversions.hpp"
#include "sim/progress.hpp"
#include "sim/results/digest.hpp"

namespace qantar::cli {
namespace {

/// What the options say about a worker.
struct Worker {
  std::string folder;
  Shard shard;
  double limit = 0;  ///< seconds; 0 without one
  sim::WorkSettings work;
  bool json = false, quiet = false;
};

std::optional<Worker> settings_of(const Call& call, const WorkerGroup* group) {
  Form form{
      group ? "mpirun qantar-mpi sweep run DIR [--threads T] [--time-limit 55m]"
            : "qantar sweep run DIR [--shard I/N] [--threads T] [--time-limit 55m]",
      "Runs those trials of a sweep, or of shard I of N, that no sealed part holds yet. It can be interrupted or\n"
      "killed at any time and be called again, by anybody who can write the folder, with another N too. After an\n"
      "interrupt or at the time limit it seals what is done and ends with exit code 75.",
      group ? "mpirun -n 8 qantar-mpi sweep run almaty --time-limit 55m"
            : "qantar sweep run almaty --shard 3/16 --time-limit 55m",
      {"DIR"}};
  if (!group)
    form.options.add_options()("shard", text_value("I/N", "0/1"), "shard I of N, from 0; without it the whole");
  form.options.add_options()  //
      ("threads", text_value("T", group ? "1" : "0"),
       group ? "threads of each rank; 0 for one on each core" : "threads; 0 for one on each core")  //
      ("time-limit", text_value("TIME"), "stop after so long: 55m, 1h30m, 90s")                     //
      ("part-seconds", text_value("S", "30"), "seal a part after so many seconds, at most 60")      //
      ("json", "one JSON object instead of a line")                                                 //
      ("quiet", "no progress");
  const auto given = parse(std::move(form), call);
  if (!given) return std::nullopt;
  Worker s;
  s.folder = list_of(*given, "DIR").front();
  if (!group) s.shard = shard_of(*given);
  if (given->count("time-limit")) s.limit = seconds_of("time-limit", text_of(*given, "time-limit"));
  s.work.threads = threads_of(*given);
  s.work.part_seconds = sim::real(number_of(*given, "part-seconds", 1, 60));
  s.json = given->count("json") > 0;
  s.quiet = given->count("quiet") > 0;
  return s;
}

/// Stretches of the whole sweep that whoever is free takes; of each what is missing when it is taken.
std::function<std::optional<sim::TrialRange>()> stretches(const Sweep& sweep, const WorkerGroup& group) {
  // Enough for each worker to even out trials that last longer, and no more files than that.
  constexpr std::int64_t per_worker = 20;
  const std::int64_t trials = sweep.swept.trials();
  std::int64_t size = std::max<std::int64_t>(1, trials / (per_worker * group.of));
  if (size > sim::block_trials) size -= size % sim::block_trials;
  std::function<std::optional<sim::TrialRange>()> gaps = [] { return std::optional<sim::TrialRange>(); };
  return [&sweep, &group, trials, size, gaps]() mutable {
    while (true) {
      if (auto range = gaps()) return range;
      const std::int64_t first = group.take() * size;
      if (first >= trials) return std::optional<sim::TrialRange>();
      gaps = sim::missing_of(sweep.context, {first, std::min(trials, first + size)});
    }
  };
}

std::int64_t trials_missing(const Sweep& sweep, const sim::TrialRange& range) {
  const auto ledger = sim::read_ledger(sweep.context.folder, sweep.context.run.sweep.experiment);
  std::int64_t n = 0;
  for (const auto& gap : sim::missing(ledger.parts, range)) n += gap.last - gap.first;
  return n;
}

/// What is printed at the end, for a shard or for the whole group.
void report(const Worker& s, const std::string& who, std::int64_t total, std::int64_t left, const sim::WorkEnd& end,
            const Call& call) {
  if (s.json)
    call.out << nlohmann::json{{"who", who},           {"trials", total}, {"done", end.done},
                               {"failed", end.failed}, {"left", left},    {"interrupted", left > 0}}
                    .dump(2)
             << "\n";
  else
    call.out << fmt::format("{}: {} of {} done, {} of them now{}\n", who, total - left, counted(total, "trial"),
                            end.done, end.failed ? fmt::format(" ({} failed)", end.failed) : "");
  if (end.there_already > 0)
    call.err << fmt::format("qantar sweep run: {} had been sealed by another worker meanwhile, the same bit for bit\n",
                            counted(end.there_already, "part"));
  if (left > 0)
    call.err << fmt::format("qantar sweep run: stopped with {} left; what is done is sealed. Go on with:\n  {}\n",
                            counted(left, "trial"), call.line);
}

int work(const Call& call, const WorkerGroup* group) {
  const double start = sim::Progress::steady_seconds();
  auto settings = settings_of(call, group);
  if (!settings) return success;
  const StopOnSignal guard;
  const Sweep sweep(settings->folder, call);
  const std::int64_t trials = sweep.swept.trials();
  sim::remove_leftovers(sweep.context);
  const sim::TrialRange mine =
      group ? sim::TrialRange{0, trials} : sim::share(trials, settings->shard.number, settings->shard.of);
  const std::int64_t total = mine.last - mine.first, absent = trials_missing(sweep, mine);
  const std::string who = group ? fmt::format("rank {} of {}", group->number, group->of)
                                : fmt::format("shard {}/{}", settings->shard.number, settings->shard.of);
  // Of a group only the first shows its progress, as if the others were as fast.
  const std::int64_t workers = group ? group->of : 1;
  sim::Progress progress(
      who, total,
      settings->quiet || (group && group->number > 0) ? sim::Progress::Style::silent : sim::Progress::style_of(stderr),
      total - absent);
  settings->work.progress = [&](std::int64_t done) {
    progress.update(std::min(total, total - absent + done * workers));
    if (group) group->tick();
    if (settings->limit > 0 && sim::Progress::steady_seconds() - start >= settings->limit) wish_to_stop() = true;
  };
  const auto next = group ? stretches(sweep, *group) : sim::missing_of(sweep.context, mine);
  const sim::WorkEnd end = sim::run_parts(sweep.context, settings->work, next, wish_to_stop());
  const bool complete = group ? group->all(!end.interrupted) : !end.interrupted;
  if (complete) sim::compact(sweep.context, group ? sim::share(trials, group->number, group->of) : mine);
  // Stretches end elsewhere than shares, so those on the border of two are left over.
  if (group && complete && group->all(true) && group->number == 0) sim::remove_unneeded(sweep.context);
  if (!group || group->number == 0) report(*settings, who, total, trials_missing(sweep, mine), end, call);
  if (!complete) return interrupted;
  return end.failed ? trials_failed : success;
}

}  // namespace

int sweep_run(const Call& call) { return work(call, nullptr); }
int sweep_run_together(const Call& call, const WorkerGroup& group) { return work(call, &group); }

}  // namespace qantar::cli
