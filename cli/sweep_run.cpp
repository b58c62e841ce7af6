#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/sweep.hpp"
#include "cli/table.hpp"
#include "cli/trials.hpp"
#include "sim/progress.hpp"

namespace qantar::cli {
namespace {

struct Shard {
  std::int64_t number = 0, of = 1;
};

Shard shard_of(const std::string& text) {
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto [slash, error] = std::from_chars(text.data(), end, shard.number);
  bool good = error == std::errc() && slash != end && *slash == '/';
  if (good) {
    const auto [rest, wrong] = std::from_chars(slash + 1, end, shard.of);
    good = wrong == std::errc() && rest == end;
  }
  if (!good || shard.of < 1 || shard.number < 0 || shard.number >= shard.of)
    throw UsageError(fmt::format("--shard: \"{}\" is not I/N with I from 0 to N - 1, for example 0/8", text));
  return shard;
}

}  // namespace

int sweep_run(const Call& call) {
  Form form{
      "qantar sweep run DIR [--shard I/N] [--threads T] [--time-limit 55m]",
      "Runs those trials of a sweep, or of shard I of N, that no sealed part holds yet. It can be interrupted or\n"
      "killed at any time and be called again, by anybody who can write the folder, with another N too. After an\n"
      "interrupt or at the time limit it seals what is done and ends with exit code 75.",
      "qantar sweep run almaty --shard 3/16 --time-limit 55m",
      {"DIR"}};
  form.options.add_options()                                                                    //
      ("shard", text_value("I/N", "0/1"), "shard I of N, from 0; without it the whole")         //
      ("threads", text_value("T", "0"), "threads; 0 for one on each core")                      //
      ("time-limit", text_value("TIME"), "stop after so long: 55m, 1h30m, 90s")                 //
      ("part-seconds", text_value("S", "30"), "seal a part after so many seconds, at most 60")  //
      ("json", "one JSON object instead of a line")                                             //
      ("quiet", "no progress");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const Shard shard = shard_of(text_of(*given, "shard"));
  const double limit = given->count("time-limit") ? seconds_of("time-limit", text_of(*given, "time-limit")) : 0;
  sim::WorkSettings settings;
  settings.threads = threads_of(*given);
  settings.part_seconds = static_cast<double>(number_of(*given, "part-seconds", 1, 60));

  const double start = sim::Progress::steady_seconds();
  const StopOnSignal guard;
  const Sweep sweep(list_of(*given, "DIR").front(), call);
  sim::remove_leftovers(sweep.workshop);
  const sim::TrialRange mine = sim::share(sweep.swept.trials(), shard.number, shard.of);
  const std::int64_t total = mine.last - mine.first;
  std::int64_t absent = 0;
  for (const auto& gap :
       sim::missing(sim::read_ledger(sweep.workshop.folder, sweep.workshop.run.sweep.experiment).parts, mine))
    absent += gap.last - gap.first;

  sim::Progress progress(fmt::format("shard {}/{}", shard.number, shard.of), total,
                         given->count("quiet") ? sim::Progress::Style::silent : sim::Progress::style_of(stderr),
                         total - absent);
  settings.progress = [&](std::int64_t done) {
    progress.update(total - absent + done);
    if (limit > 0 && sim::Progress::steady_seconds() - start >= limit) wish_to_stop() = true;
  };
  const sim::WorkEnd end =
      sim::run_parts(sweep.workshop, settings, sim::missing_of(sweep.workshop, mine), wish_to_stop());
  if (!end.interrupted) sim::fold(sweep.workshop, mine);

  const std::int64_t left = absent - end.done;
  if (given->count("json"))
    call.out << nlohmann::json{{"shard", {shard.number, shard.of}},
                               {"trials", total},
                               {"before", total - absent},
                               {"done", end.done},
                               {"failed", end.failed},
                               {"left", left},
                               {"interrupted", end.interrupted}}
                    .dump(2)
             << "\n";
  else
    call.out << fmt::format("shard {}/{}: {} of {} done, {} of them now{}\n", shard.number, shard.of, total - left,
                            counted(static_cast<std::size_t>(total), "trial"), end.done,
                            end.failed ? fmt::format(" ({} failed)", end.failed) : "");
  if (end.there_already > 0)
    call.err << fmt::format("qantar sweep run: {} had been sealed by another worker meanwhile, the same bit for bit\n",
                            counted(static_cast<std::size_t>(end.there_already), "part"));
  if (left > 0) {
    call.err << fmt::format("qantar sweep run: stopped with {} left; what is done is sealed. Go on with:\n  {}\n",
                            counted(static_cast<std::size_t>(left), "trial"), call.line);
    return interrupted;
  }
  return end.failed ? trials_failed : success;
}

}  // namespace qantar::cli
