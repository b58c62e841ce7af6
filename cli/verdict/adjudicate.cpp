#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/text/table.hpp"
#include "cli/trials.hpp"
#include "cli/verdict/adjudication_file.hpp"
#include "cli/verdict/adjudication_summary.hpp"
#include "cli/verdict/work_folder.hpp"
#include "sim/progress.hpp"
#include "sim/results/digest.hpp"
#include "sim/results/provenance.hpp"
#include "sim/results/replacement.hpp"

namespace qantar::cli {
namespace {

constexpr std::uint64_t fewest_trials = 100, most_trials_of_account = 10'000'000;

struct Settings : Simulation {
  analysis::AdjudicationSettings method;
  std::optional<Shard> shard;
};

std::optional<Settings> settings_of(const Call& call) {
  Form form{
      "qantar adjudicate CASE -o FILE [--seed S] [--trials N] ...",
      "Weighs the accounts of a case by its record: how probable is each, which mechanisms were at work, would the\n"
      "method have found the truth had it been otherwise, and what would settle it. \"Undetermined\" is an answer.\n"
      "What is done stays in FILE.work until the end: the same command goes on after an interruption. With --prior "
      "only\n"
      "held-out rows are weighed: the others had a part in the calibration.",
      "qantar adjudicate configs/january_2022 --seed 1 -o verdict.h5",
      {"CASE"}};
  add_simulation_options(form.options);
  add_prior_option(form.options);
  form.options.add_options()  //
      ("trials", text_value("N", "8000"),
       "trials that the evidence of each account is estimated from, up to twice as many where few of them fit the\n"
       "record; a quarter as many from the priors, an eighth from narrower and from wider ones; populations have a\n"
       "sixteenth")  //
      ("shard", text_value("I/N"),
       "run every Nth account from I on, anywhere where the folder of FILE is seen, and judge none; when all shards\n"
       "are done, the command without it judges");
  const auto given = parse(std::move(form), call);
  if (!given) return std::nullopt;
  Settings s{simulation_of(*given), {}, {}};
  s.method.seed = s.seed;
  s.method.threads = s.threads;
  s.method.trials = number_of(*given, "trials", fewest_trials, most_trials_of_account);
  s.method.records = s.method.trials / 4;
  s.method.particles = static_cast<std::size_t>(std::max<std::int64_t>(s.method.trials / 16, 10));
  if (given->count("shard")) s.shard = shard_of(*given);
  return s;
}

/// Everything that the numbers of an adjudication depend on.
std::string identity_of(const CheckedCase& checked, const Settings& s) {
  sim::Sha256 sum;
  sum.add_text(sim::program_name());
  sum.add_text(checked.model.resolved());
  for (const char* file : {"evidence.toml", "claims.toml"})
    if (const auto* text = checked.model.file(file)) sum.add_text(*text);
  sum.add_text(fmt::format("{} {} {} {}", s.method.seed, s.method.trials, s.method.records, s.method.particles));
  return sum.hex();
}

/// The accounts with what an earlier call left of them.
std::vector<analysis::AccountTrials> begun(const std::vector<analysis::Account>& accounts, const WorkFolder& work,
                                           const std::string& identity) {
  std::vector<analysis::AccountTrials> out;
  for (const auto& account : accounts) {
    out.emplace_back().name = account.name;
    load_account(work.file_of(account.name), identity, out.back());
  }
  return out;
}

/// How far all accounts are. How many trials one takes shows only at its end.
class AccountsProgress {
 public:
  AccountsProgress(const std::vector<analysis::AccountTrials>& accounts, const Settings& s)
      : accounts_(accounts),
        settings_(s),
        progress_("adjudicate", total(), s.quiet ? sim::Progress::Style::silent : sim::Progress::style_of(stderr),
                  done()) {}
  /// After some trials, or after the last one of an account.
  void update(bool account_done) {
    accounts_done_ += account_done;
    progress_.update(done(), total());
  }

 private:
  static std::int64_t trials_of(const analysis::AccountTrials& a) {
    std::int64_t trials = a.population.next + analysis::trials_done(a);
    for (const auto& generation : a.population.history) trials += generation.candidates;
    return trials;
  }
  std::int64_t done() const {
    std::int64_t sum = 0;
    for (const auto& a : accounts_) sum += trials_of(a);
    return sum;
  }
  std::int64_t total() const {
    constexpr std::int64_t generations = 6;
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < accounts_.size(); ++k) {
      const std::int64_t trials = trials_of(accounts_[k]);
      const auto expected = analysis::trials_expected(settings_.method) +
                            generations * static_cast<std::int64_t>(settings_.method.particles);
      sum += k < accounts_done_ ? trials : std::max(trials + 1, expected);
    }
    return sum;
  }

  const std::vector<analysis::AccountTrials>& accounts_;
  const Settings& settings_;
  std::size_t accounts_done_ = 0;
  sim::Progress progress_;
};

/// Runs what is missing of the accounts; the prior trials of all of them first, so that one that cannot run is found
/// before the others have taken their time. False when a signal came first; what is done is saved.
bool run_accounts(std::vector<analysis::AccountTrials>& all, const std::vector<analysis::Account>& accounts,
                  const analysis::ObservationModel& law, const Settings& s, const WorkFolder& work,
                  const std::string& identity) {
  AccountsProgress progress(all, s);
  for (const bool priors_only : {true, false})
    for (std::size_t k = 0; k < accounts.size(); ++k) {
      double saved = sim::Progress::steady_seconds();
      bool changed = false;
      const auto wanted = [&] { return !priors_only || std::ssize(all[k].prior.failed) < s.method.records; };
      while (!wish_to_stop() && wanted() && analysis::advance(all[k], accounts[k], law, s.method)) {
        changed = true;
        progress.update(false);
        const double now = sim::Progress::steady_seconds();
        if (now - saved > seconds_between_saves) {
          save_account(work.file_of(all[k].name), identity, all[k]);
          saved = now;
          changed = false;
        }
      }
      if (changed) save_account(work.file_of(all[k].name), identity, all[k]);
      if (wish_to_stop()) return false;
      if (!priors_only) progress.update(true);
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

int adjudicate(const Call& call) {
  const auto settings = settings_of(call);
  if (!settings) return success;
  sim::check_target(settings->file, settings->replace);
  CheckedCase checked = read_case(settings->folder, settings->overrides, settings->prior);
  keep_hypotheses(checked.model, {"all"});
  if (checked.model.hypotheses.size() < 2)
    throw UsageError(settings->folder + ": a verdict needs at least two accounts; the case has one");
  const ComparedColumns compared = compared_columns(settings->folder, checked);
  auto accounts = accounts_of(checked.model, compared.columns);
  std::optional<analysis::ObservationModel> law;
  try {
    law = analysis::evidence_law(compared.asked.evidence, checked.model.hypotheses.front().model->clock());
  } catch (const std::invalid_argument& error) {
    throw sim::InputError(fmt::format("{}/evidence.toml: {}", settings->folder, error.what()));
  }

  const WorkFolder work(settings->file + ".work", "adjudicate");
  const StopOnSignal guard;
  const std::string identity = identity_of(checked, *settings);
  if (settings->shard) accounts = every_nth(accounts, *settings->shard);
  AdjudicationFile all{describe(checked, *settings, call), settings->method, begun(accounts, work, identity), {}, {}};
  std::optional<JudgedCase> judged;
  try {
    if (!run_accounts(all.accounts, accounts, *law, *settings, work, identity)) {
      call.err << fmt::format("qantar adjudicate: interrupted; what is done is in {}. Go on with:\n  {}\n",
                              work.path().string(), call.line);
      return interrupted;
    }
    if (settings->shard) {
      call.out << fmt::format("{} in {}. When all shards are done, this judges:\n  {}\n",
                              counted(accounts.size(), "account"), work.path().string(),
                              without_shard(call, "adjudicate"));
      return success;
    }
    judged = judge_case(checked, compared, settings->method, all.accounts);
    all.summary = json_of(*judged);
  } catch (const std::invalid_argument& problem) {  // an account of which all trials fail, or nearly all
    throw sim::InputError(fmt::format("{}: {}", settings->folder, problem.what()));
  }
  const std::string digest = write_adjudication(settings->file, all, settings->replace);
  std::vector<std::string> names;
  for (const auto& account : all.accounts) names.push_back(account.name);
  if (!work.remove(names))
    call.err << fmt::format("qantar adjudicate: {} stays, because somebody else has put something there\n",
                            work.path().string());
  if (settings->json) {
    auto object = all.summary;
    object["file"] = settings->file;
    object["content_digest"] = digest;
    call.out << object.dump(2) << "\n";
  } else {
    call.out << all.run.case_title << "\n\n"
             << text_of(*judged) << fmt::format("\nfile      {}\ncontent   {}\n", settings->file, digest);
  }
  return success;
}

}  // namespace qantar::cli
