#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/adjudicated.hpp"
#include "cli/commands.hpp"
#include "cli/judgement.hpp"
#include "cli/table.hpp"
#include "cli/trials.hpp"
#include "sim/progress.hpp"
#include "sim/results/digest.hpp"
#include "sim/results/provenance.hpp"
#include "sim/results/replacement.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;

constexpr double seconds_between_saves = 20;
constexpr std::uint64_t fewest_trials = 100, most_trials_of_account = 10'000'000;

struct Settings {
  std::string folder, file;
  analysis::AdjudicationSettings method;
  std::vector<std::string> overrides;
  bool replace = false, json = false, quiet = false;
};

std::optional<Settings> settings_of(const Call& call) {
  Form form{
      "qantar adjudicate CASE -o FILE [--seed S] [--trials N] ...",
      "Weighs the accounts of a case by its record: how probable is each, which mechanisms were at work, would the\n"
      "method have found the truth had it been otherwise, and what would settle it. \"Undetermined\" is an answer.\n"
      "What is done stays in FILE.work until the end: the same command goes on after an interruption.",
      "qantar adjudicate configs/january_2022 --seed 1 -o verdict.h5",
      {"CASE"}};
  form.options.add_options()                                               //
      ("output,o", text_value("FILE"), "where the result goes")            //
      ("seed", text_value("S", "1"), "master seed of all random numbers")  //
      ("trials", text_value("N", "8000"),
       "trials that the evidence of each account is estimated from; a quarter as many are run for the second\n"
       "opinion, and populations have a sixteenth")                                                            //
      ("set", text_list("KEY=VALUE"), "another value for a key of the case, under every account; repeatable")  //
      ("threads", text_value("T", "0"), "threads; 0 for one on each core")                                     //
      ("force", "replace the file if it exists")                                                               //
      ("json", "one JSON object instead of text")                                                              //
      ("quiet", "no progress");
  const auto given = parse(std::move(form), call);
  if (!given) return std::nullopt;
  if (!given->count("output")) throw UsageError("say where the result goes: -o FILE");
  Settings s;
  s.folder = list_of(*given, "CASE").front();
  s.file = text_of(*given, "output");
  s.method.seed = number_of(*given, "seed", 0, UINT64_MAX);
  s.method.trials = static_cast<std::int64_t>(number_of(*given, "trials", fewest_trials, most_trials_of_account));
  s.method.records = s.method.trials / 4;
  s.method.particles = static_cast<std::size_t>(std::max<std::int64_t>(s.method.trials / 16, 10));
  s.method.threads = threads_of(*given);
  s.overrides = list_of(*given, "set");
  s.replace = given->count("force") > 0;
  s.json = given->count("json") > 0;
  s.quiet = given->count("quiet") > 0;
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

std::string how_far(const analysis::AccountTrials& a, const analysis::AdjudicationSettings& settings) {
  if (!a.population.finished) {
    std::int64_t trials = a.population.next;
    for (const auto& generation : a.population.history) trials += generation.candidates;
    const double level = a.population.history.empty() ? 0.0 : a.population.history.back().level;
    return fmt::format("population {} of at most 20, fits the record to the power {:.2g}, {} trials",
                       a.population.generation() + 1, level, trials);
  }
  return fmt::format("{} of {} trials", a.prior.size() + a.evidence.size(), settings.records + settings.trials);
}

/// Runs what is missing of every account. False when a signal came first; what is done is saved.
bool run_accounts(std::vector<analysis::AccountTrials>& all, const std::vector<analysis::Account>& accounts,
                  const analysis::ErrorLaw& law, const Settings& s, const fs::path& work, const std::string& identity,
                  const Call& call) {
  using Progress = sim::Progress;
  double said = Progress::steady_seconds();
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const fs::path file = work / (accounts[k].name + ".h5");
    analysis::AccountTrials account;
    account.name = accounts[k].name;
    load_account(file, identity, account);
    double saved = Progress::steady_seconds();
    bool changed = false;
    while (!wish_to_stop() && analysis::advance(account, accounts[k], law, s.method)) {
      changed = true;
      const double now = Progress::steady_seconds();
      if (now - saved > seconds_between_saves) {
        save_account(file, identity, account);
        saved = now;
        changed = false;
      }
      if (!s.quiet && now - said > 10) {
        call.err << fmt::format("{} ({} of {}): {}\n", account.name, k + 1, accounts.size(),
                                how_far(account, s.method));
        said = now;
      }
    }
    if (changed) save_account(file, identity, account);
    if (wish_to_stop()) return false;
    all.push_back(std::move(account));
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
  CheckedCase checked = read_case(settings->folder, settings->overrides);
  keep_hypotheses(checked.model, "all");
  if (checked.model.hypotheses.size() < 2)
    throw UsageError(settings->folder + ": a verdict needs at least two accounts; the case has one");
  const ComparedColumns compared = compared_columns(settings->folder, checked);
  const auto accounts = accounts_of(checked.model, compared.columns);
  std::optional<analysis::ErrorLaw> law;
  try {
    law = analysis::evidence_law(compared.evidence, checked.model.hypotheses.front().model->clock());
  } catch (const std::invalid_argument& error) {
    throw sim::InputError(fmt::format("{}/evidence.toml: {}", settings->folder, error.what()));
  }

  const fs::path work = settings->file + ".work";
  std::error_code error;
  fs::create_directories(work, error);
  if (error)
    throw sim::OutputError(
        fmt::format("{}: cannot be made: {}. Choose another folder with -o", work.string(), error.message()));
  const StopOnSignal guard;
  std::vector<analysis::AccountTrials> run;
  try {
    if (!run_accounts(run, accounts, *law, *settings, work, identity_of(checked, *settings), call)) {
      call.err << fmt::format("qantar adjudicate: interrupted; what is done is in {}. Go on with:\n  {}\n",
                              work.string(), call.line);
      return interrupted;
    }
  } catch (const std::invalid_argument& problem) {  // an account of which every trial fails
    throw sim::InputError(fmt::format("{}: {}", settings->folder, problem.what()));
  }
  Adjudicated all{describe(checked, *settings, call), settings->method, std::move(run), {}, {}};
  all.summary = judgement(checked, compared, settings->method, all.accounts);
  const std::string digest = write_adjudicated(settings->file, all, settings->replace);
  fs::remove_all(work, error);
  if (settings->json) {
    auto object = all.summary;
    object["file"] = settings->file;
    object["content_digest"] = digest;
    call.out << object.dump(2) << "\n";
  } else {
    call.out << all.run.case_title << "\n\n"
             << text_of_judgement(all.summary) << fmt::format("\nfile      {}\ncontent   {}\n", settings->file, digest);
  }
  return success;
}

}  // namespace qantar::cli
