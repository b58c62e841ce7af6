#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analysis/inference/observation_model.hpp"
#include "cli/calibration/calibration_file.hpp"
#include "cli/calibration/calibration_summary.hpp"
#include "cli/commands.hpp"
#include "cli/text/table.hpp"
#include "cli/trials.hpp"
#include "cli/verdict/adjudication_file.hpp"
#include "cli/verdict/work_folder.hpp"
#include "sim/progress.hpp"
#include "sim/results/digest.hpp"
#include "sim/results/provenance.hpp"
#include "sim/results/replacement.hpp"

namespace qantar::cli {
namespace {

constexpr std::uint64_t fewest_trials = 100, most_trials_of_wave = 1'000'000;

struct Settings : Simulation {
  std::vector<std::string> hypotheses;
  analysis::CalibrationSettings method;
  std::optional<Shard> shard;
};

std::optional<Settings> settings_of(const Call& call) {
  Form form{
      "qantar calibrate CASE -o FILE [--hypothesis NAME,...|all] [--seed S] [--trials N] ...",
      "Finds the parameters of each account under which the record is no wonder, whatever the luck of a single trial:\n"
      "waves of trials over what is left of the priors, then draws from what fits. \"No parameters reach this "
      "record\"\n"
      "is an answer. Held-out rows have no part. What is done stays in FILE.work until the end: the same command goes\n"
      "on after an interruption. --prior FILE makes other commands draw from what was found.",
      "qantar calibrate configs/january_2022 --hypothesis spontaneous_uprising --seed 1 -o calibrated.h5",
      {"CASE"}};
  add_simulation_options(form.options);
  form.options.add_options()                                                                //
      ("hypothesis", name_list("NAME,...", "all"), "accounts of the case, or all of them")  //
      ("trials", text_value("N", "2000"), "trials of each wave; there are at most four")    //
      ("shard", text_value("I/N"),
       "run every Nth account from I on, anywhere where the folder of FILE is seen, and write no FILE; when all "
       "shards\n"
       "are done, the command without it writes it");
  const auto given = parse(std::move(form), call);
  if (!given) return std::nullopt;
  Settings s{simulation_of(*given), listed_names(*given, "hypothesis"), {}, {}};
  s.method.seed = s.seed;
  s.method.threads = s.threads;
  s.method.trials = number_of(*given, "trials", fewest_trials, most_trials_of_wave);
  if (given->count("shard")) s.shard = shard_of(*given);
  return s;
}

/// Everything that the numbers of a calibration depend on, but for which accounts there are.
std::string identity_of(const CheckedCase& checked, const Settings& s, const std::string& account) {
  sim::Sha256 sum;
  sum.add_text(sim::program_name());
  for (const auto& h : checked.model.hypotheses)
    if (h.name == account) sum.add_text(h.model->resolved_text());
  if (const auto* text = checked.model.file("evidence.toml")) sum.add_text(*text);
  sum.add_text(fmt::format("{} {}", s.method.seed, s.method.trials));
  return sum.hex();
}

/// Runs what is missing of an account, saving after each batch. Nothing when a signal came first.
std::optional<CalibratedAccount> calibrated(const analysis::Account& account, const analysis::ObservationModel& law,
                                            const Settings& s, const WorkFolder& work, const std::string& identity,
                                            const std::function<void(std::int64_t)>& progress, FoundAccount& found) {
  analysis::CalibrationTrials so_far;
  load_calibration(work.file_of(account.name), identity, so_far);
  analysis::Calibrator calibrator(account, law, s.method, std::move(so_far));
  progress(calibrator.trials().done());
  while (calibrator.advance()) {
    save_calibration(work.file_of(account.name), identity, calibrator.trials());
    progress(calibrator.trials().done());
    if (wish_to_stop()) return std::nullopt;
  }
  save_calibration(work.file_of(account.name), identity, calibrator.trials());
  progress(calibrator.trials().done());
  if (wish_to_stop()) return std::nullopt;
  if (s.shard) return CalibratedAccount{};
  found = {account.name, calibrator.result(), account.priors};
  return CalibratedAccount{calibrator.trials(), draws_of(found.found, account.priors)};
}

sim::RunDescription describe(const CheckedCase& checked, const Settings& s, const Call& call) {
  sim::RunDescription run = description_of(checked, s.overrides, call.line);
  run.trials_per_hypothesis = s.method.trials;
  run.seed = s.method.seed;
  run.threads = s.method.threads;
  return run;
}

}  // namespace

int calibrate(const Call& call) {
  const auto settings = settings_of(call);
  if (!settings) return success;
  sim::check_target(settings->file, settings->replace);
  CheckedCase checked = read_case(settings->folder, settings->overrides);
  keep_hypotheses(checked.model, settings->hypotheses);
  const ComparedColumns compared = compared_columns(settings->folder, checked);
  const auto accounts = accounts_of(checked.model, compared.columns);
  std::optional<analysis::ObservationModel> law;
  try {
    law.emplace(compared.asked.evidence, checked.model.hypotheses.front().model->clock());
  } catch (const std::invalid_argument& error) {
    throw sim::InputError(fmt::format("{}/evidence.toml: {}", settings->folder, error.what()));
  }

  const WorkFolder work(settings->file + ".work", "calibrate");
  const StopOnSignal guard;
  CalibrationFile all{describe(checked, *settings, call), settings->method, {}, {}, {}};
  std::vector<FoundAccount> found;
  std::vector<std::string> names;
  const auto mine = [&](std::size_t k) {
    return !settings->shard || static_cast<std::int64_t>(k) % settings->shard->of == settings->shard->number;
  };
  std::size_t count = 0;
  for (std::size_t k = 0; k < accounts.size(); ++k) count += mine(k);
  const std::int64_t most = settings->method.trials * static_cast<std::int64_t>(analysis::most_waves);
  sim::Progress progress("calibrate", most * static_cast<std::int64_t>(count),
                         settings->quiet ? sim::Progress::Style::silent : sim::Progress::style_of(stderr));
  std::int64_t before = 0;
  for (std::size_t k = 0, n = 0; k < accounts.size(); ++k) {
    if (!mine(k)) continue;
    std::int64_t now = before;
    const auto report = [&](std::int64_t done) {
      now = before + done;
      progress.update(now, now + most * static_cast<std::int64_t>(count - n) - done);
    };
    std::optional<CalibratedAccount> one;
    try {
      one = calibrated(accounts[k], *law, *settings, work, identity_of(checked, *settings, accounts[k].name), report,
                       found.emplace_back());
    } catch (const std::invalid_argument& problem) {  // an account of which too many trials fail
      throw sim::InputError(fmt::format("{}: {}", settings->folder, problem.what()));
    }
    if (!one) {
      call.err << fmt::format("qantar calibrate: interrupted; what is done is in {}. Go on with:\n  {}\n",
                              work.path().string(), call.line);
      return interrupted;
    }
    all.accounts.push_back(std::move(*one));
    names.push_back(accounts[k].name);
    before = now;
    progress.update(before, before + most * static_cast<std::int64_t>(count - ++n));
  }
  if (settings->shard) {
    call.out << fmt::format("{} in {}. When all shards are done, the command without --shard writes {}\n",
                            counted(count, "account"), work.path().string(), settings->file);
    return success;
  }
  all.summary = {{"case", all.run.case_name},
                 {"seed", settings->method.seed},
                 {"trials_of_wave", settings->method.trials},
                 {"rows", law->size()},
                 {"accounts", json_of(found)}};
  const std::string digest = write_calibration(settings->file, all, settings->replace);
  if (!work.remove(names))
    call.err << fmt::format("qantar calibrate: {} stays, because somebody else has put something there\n",
                            work.path().string());
  if (settings->json) {
    auto object = all.summary;
    object["file"] = settings->file;
    object["content_digest"] = digest;
    call.out << object.dump(2) << "\n";
  } else {
    call.out << all.run.case_title << "\n\n"
             << text_of(found) << fmt::format("\nfile      {}\ncontent   {}\n", settings->file, digest);
  }
  return success;
}

}  // namespace qantar::cli
