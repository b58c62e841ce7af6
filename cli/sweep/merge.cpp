#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "cli/sweep/sweep.hpp"
#include "cli/text/table.hpp"
#include "sim/progress.hpp"
#include "sim/results/replacement.hpp"

namespace qantar::cli {

int sweep_merge(const Call& call) {
  Form form{
      "qantar sweep merge DIR -o FILE [--partial] [--force]",
      "Puts the parts of a sweep, in the order of their trials, into one result that every command reads. Refuses\n"
      "when a trial is missing or a part is damaged, foreign or there twice, and names each. --partial merges what\n"
      "is there; the file says then what is missing, and sensitivity refuses it.",
      "qantar sweep merge almaty -o almaty.h5",
      {"DIR"}};
  form.options.add_options()                                     //
      ("output,o", text_value("FILE"), "where the result goes")  //
      ("partial", "merge although trials are missing")           //
      ("force", "replace the file if it exists")                 //
      ("json", "one JSON object instead of a text")              //
      ("quiet", "no progress");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  if (!given->count("output")) throw UsageError("say where the result goes: -o FILE");
  const std::string file = text_of(*given, "output");
  const Sweep sweep(list_of(*given, "DIR").front(), call);
  sim::remove_orphans(file);
  const double start = sim::Progress::steady_seconds();
  sim::MergeEnd end;
  {
    sim::Progress progress("merging", sweep.swept.trials(),
                           given->count("quiet") ? sim::Progress::Style::silent : sim::Progress::style_of(stderr));
    end = sim::merge(sweep.context, sweep.swept.describe(call.line), file, given->count("force") > 0,
                     given->count("partial") > 0, [&](std::int64_t done) { progress.update(done); });
  }
  const double seconds = sim::Progress::steady_seconds() - start;
  const std::int64_t absent = sweep.swept.trials() - end.trials;
  if (given->count("json"))
    call.out << nlohmann::json{{"file", file},
                               {"content_digest", end.digest},
                               {"experiment", sweep.context.run.sweep.experiment},
                               {"trials", {{"total", end.trials}, {"failed", end.failed}, {"missing", absent}}},
                               {"wall_seconds", seconds}}
                    .dump(2)
             << "\n";
  else
    call.out << fmt::format("file      {}\ncontent   {}\ntrials    {}, {} failed, {} missing, in {}\n", file,
                            end.digest, end.trials, end.failed, absent, duration_text(seconds));
  return end.failed ? trials_failed : success;
}

}  // namespace qantar::cli
