#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "cli/case_input.hpp"
#include "cli/commands.hpp"
#include "cli/summary.hpp"
#include "cli/text/table.hpp"
#include "cli/trials.hpp"
#include "sim/conversions.hpp"
#include "sim/progress.hpp"

namespace qantar::cli {
namespace {

constexpr std::size_t failures_shown = 3;

struct Settings : Simulation {
  std::vector<std::string> hypotheses;
  std::int64_t trials = 0, keep_series = 0;
};

std::optional<Settings> settings_of(const Call& call) {
  Form form{
      "qantar run CASE -o FILE [-n TRIALS] [--seed S] [--hypothesis NAME,...|all] ...",
      "Simulates a case many times under one of its hypotheses or under each, and writes all outcomes to one HDF5\n"
      "file. The same case, seed and trials give the same numbers on any machine and any number of threads.",
      "qantar run configs/january_2022 -n 1000 --seed 1 -o january.h5",
      {"CASE"}};
  add_simulation_options(form.options);
  add_prior_option(form.options);
  form.options.add_options()                                                   //
      ("trials,n", text_value("TRIALS", "1000"), "trials of each hypothesis")  //
      ("hypothesis", name_list("NAME,...", "all"),
       "hypotheses of the case, or all of them, in one file; or alternatives: the structural choices\n"
       "that the case declares, beside the hypotheses that they change")  //
      ("keep-series", text_value("N", "20"),
       "keep the hourly series and the events of the first N trials of each hypothesis; or none, or all");
  const auto given = parse(std::move(form), call);
  if (!given) return std::nullopt;
  Settings s{simulation_of(*given), listed_names(*given, "hypothesis"),
             static_cast<std::int64_t>(number_of(*given, "trials", 1, most_trials))};
  const std::string& keep = text_of(*given, "keep-series");
  if (keep == "all")
    s.keep_series = s.trials;
  else if (keep != "none")
    s.keep_series = number_of(*given, "keep-series", 0, most_trials);
  return s;
}

sim::RunDescription describe(const CheckedCase& checked, const Settings& settings, const Call& call) {
  sim::RunDescription run = description_of(checked, settings.overrides, call.line);
  run.trials_per_hypothesis = settings.trials;
  run.seed = settings.seed;
  run.threads = settings.threads;
  run.keep_series = settings.keep_series;
  return run;
}

/// How the trials went.
struct Ending {
  sim::EnsembleEnd ensemble;
  std::string digest;                 ///< empty when interrupted
  std::vector<std::string> failures;  ///< the first few
  double seconds = 0;
};

Ending simulate(const CheckedCase& checked, const Settings& settings, const Call& call) {
  const StopOnSignal guard;
  sim::ResultWriter writer(settings.file, checked.layout, checked.model.hypotheses.front().model->clock(),
                           describe(checked, settings, call), settings.replace);
  Ending end;
  const double start = sim::Progress::steady_seconds();
  end.ensemble = run_trials(
      checked.model, {settings.trials, settings.seed, settings.threads, settings.quiet},
      [&](sim::TrialResult&& record) {
        writer.append(record);
        if (record.status == sim::TrialStatus::failed && end.failures.size() < failures_shown)
          end.failures.push_back(fmt::format("trial {}, {}: {}", record.trial, record.stage, record.message));
      });
  if (!end.ensemble.interrupted) end.digest = writer.finish();
  end.seconds = sim::Progress::steady_seconds() - start;
  return end;
}

void print(const Settings& settings, const Ending& end, const Call& call) {
  const sim::ResultReader result(settings.file);
  const ResultSummary summary = summarise(result);
  const std::int64_t done = end.ensemble.done, failed = end.ensemble.failed;
  const double rate = sim::real(done) / end.seconds;
  if (settings.json) {
    call.out << nlohmann::json{{"file", settings.file},
                               {"content_digest", end.digest},
                               {"case", result.run().case_name},
                               {"seed", settings.seed},
                               {"trials", {{"total", done}, {"ok", done - failed}, {"failed", failed}}},
                               {"wall_seconds", end.seconds},
                               {"trials_per_second", rate},
                               {"hypotheses", json_of(summary)}}
                    .dump(2)
             << "\n";
    return;
  }
  call.out << fmt::format("{}: {} trials of each hypothesis, seed {}\n", result.run().case_title, settings.trials,
                          settings.seed)
           << text_of(summary, result.clock())
           << fmt::format("\nfile      {}\ncontent   {}\ntrials    {} ok, {} failed, in {:.1f} s ({:.3g} a second)\n",
                          settings.file, end.digest, done - failed, failed, end.seconds, rate);
}

}  // namespace

int run(const Call& call) {
  const auto settings = settings_of(call);
  if (!settings) return success;
  CheckedCase checked = read_case(settings->folder, settings->overrides, settings->prior);
  keep_hypotheses(checked.model, settings->hypotheses);
  const Ending end = simulate(checked, *settings, call);
  if (end.ensemble.interrupted) {
    call.err << fmt::format("qantar run: interrupted after {}; nothing was written. Run it again with:\n  {}\n",
                            counted(end.ensemble.done, "trial"), call.line);
    return interrupted;
  }
  print(*settings, end, call);
  if (end.ensemble.failed == 0) return success;
  spdlog::warn("{} of {} trials failed, among them:", end.ensemble.failed, end.ensemble.done);
  for (const auto& failure : end.failures) spdlog::warn("{}", failure);
  return trials_failed;
}

}  // namespace qantar::cli
