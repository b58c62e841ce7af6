#include <deque>
#include <optional>
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

/// The accounts with what an earlier call left of them.
std::deque<analysis::Calibrator> begun(const std::vector<analysis::Account>& accounts,
                                       const analysis::ObservationModel& law, const CheckedCase& checked,
                                       const Settings& s, const WorkFolder& work) {
  std::deque<analysis::Calibrator> out;
  for (const auto& account : accounts) {
    analysis::CalibrationTrials so_far;
    load_calibration(work.file_of(account.name), identity_of(checked, s, account.name), so_far);
    out.emplace_back(account, law, s.method, std::move(so_far));
  }
  return out;
}

/// Runs what is missing. How many waves an account takes shows only at its end. False when a signal came first; what is
/// done is saved.
bool run_accounts(std::deque<analysis::Calibrator>& all, const CheckedCase& checked, const Settings& s,
                  const WorkFolder& work) {
  std::size_t finished = 0;
  const auto trials = [&](bool expected) {
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < all.size(); ++k)
      sum += expected && k >= finished ? s.method.trials * static_cast<std::int64_t>(analysis::most_waves)
                                       : all[k].trials().done();
    return sum;
  };
  sim::Progress progress("calibrate", trials(true),
                         s.quiet ? sim::Progress::Style::silent : sim::Progress::style_of(stderr), trials(false));
  for (auto& one : all) {
    const std::string& name = one.trials().name;
    double saved = sim::Progress::steady_seconds();
    for (bool more = true; more;) {
      more = one.advance();
      finished += !more;
      progress.update(trials(false), trials(true));
      const double now = sim::Progress::steady_seconds();
      if (more && !wish_to_stop() && now - saved < seconds_between_saves) continue;
      save_calibration(work.file_of(name), identity_of(checked, s, name), one.trials());
      saved = now;
      if (wish_to_stop()) return false;
    }
  }
  return true;
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
  auto accounts = accounts_of(checked.model, compared.columns);
  if (settings->shard) accounts = every_nth(accounts, *settings->shard);
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
  try {
    auto calibrators = begun(accounts, *law, checked, *settings, work);
    if (!run_accounts(calibrators, checked, *settings, work)) {
      call.err << fmt::format("qantar calibrate: interrupted; what is done is in {}. Go on with:\n  {}\n",
                              work.path().string(), call.line);
      return interrupted;
    }
    if (settings->shard) {
      call.out << fmt::format("{} in {}. When all shards are done, this writes the posteriors:\n  {}\n",
                              counted(accounts.size(), "account"), work.path().string(),
                              without_shard(call, "calibrate"));
      return success;
    }
    for (std::size_t k = 0; k < accounts.size(); ++k) {
      found.push_back({accounts[k].name, calibrators[k].result(), accounts[k].priors});
      all.accounts.push_back({calibrators[k].trials(), draws_of(found.back().found, accounts[k].priors)});
      names.push_back(accounts[k].name);
    }
  } catch (const std::invalid_argument& problem) {  // an account of which too many trials fail
    throw sim::InputError(fmt::format("{}: {}", settings->folder, problem.what()));
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
