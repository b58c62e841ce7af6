#include "analysis/whatif.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "analysis/inference/adjudication.hpp"
#include "analysis/outcome_summary.hpp"
#include "analysis/posterior.hpp"
#include "cli/case_input.hpp"
#include "cli/commands.hpp"
#include "cli/compared.hpp"
#include "cli/courses.hpp"
#include "cli/outcome.hpp"
#include "cli/replay.hpp"
#include "cli/text/table.hpp"
#include "cli/trials.hpp"
#include "cli/verdict/adjudication_file.hpp"
#include "sim/conversions.hpp"
#include "sim/progress.hpp"

namespace qantar::cli {
namespace {

using analysis::AccountEffects;
using analysis::OutcomeEffect;
using analysis::PairedMeans;

constexpr const char* caution =
    "What the model implies under its accounts, with the same luck both ways; not what would have happened, nor whose "
    "doing it was.";

constexpr int trials_run_again = 10;  // of each account of an adjudication

struct WhatIfSettings {
  std::string file;
  std::vector<std::string> hypotheses;
  std::vector<std::string> changes, outcomes;
  std::size_t trials = 0;
  int threads = 0;
  bool prior = false, json = false;
};

/// What is asked: accounts as they were, how to build them otherwise, and the trials that fit the record.
struct Posterior {
  std::string case_name;
  agents::CaseFiles files;
  std::vector<std::string> overrides;
  std::vector<agents::Hypothesis> hypotheses;
  std::vector<analysis::PosteriorTrial> trials;  ///< of all of them
  std::uint64_t seed = 0;
  bool by_record = false;  ///< false: all trials alike
};

// ---- Which trials, and what each of them weighs -------------------------------------------------------------------

UsageError no_record(const std::string& path, const std::string& why) {
  return UsageError(path + " " + why + "; give --prior to weigh all trials alike");
}

/// Throws UsageError without a record.
analysis::Evidence record_of(const std::string& path, const sim::ResultReader& result) {
  const auto& files = result.run().input_files;
  if (std::ranges::find(files, "evidence.toml", [](const auto& file) { return file.first; }) == files.end())
    throw no_record(path, "was made from a case without a record (evidence.toml)");
  return evidence_of(result, path);
}

/// The trials of a result of `qantar run`.
Posterior posterior_of_run(const WhatIfSettings& settings, sim::FinishedFile file) {
  const sim::ResultReader result(std::move(file));
  const sim::RunDescription& run = result.run();
  if (!run.sweep.experiment.empty())
    throw UsageError(settings.file +
                     " is the result of a sweep, whose trials are spread over a design and not over what is probable; "
                     "give the result of qantar run");
  const Replay replay(settings.file, result);
  Posterior out{run.case_name, run.input_files, run.overrides, {}, {}, run.seed, !settings.prior};
  for (std::size_t h = 0; h < run.hypotheses.size(); ++h)
    out.hypotheses.push_back(replay.hypothesis(static_cast<std::int32_t>(h)));
  std::optional<analysis::Evidence> record;
  if (out.by_record) record = record_of(settings.file, result);
  try {
    out.trials = analysis::posterior_trials(result, record ? &*record : nullptr);
  } catch (const std::invalid_argument& error) {
    throw no_record(settings.file, std::string("has a record that no trial can be compared with: ") + error.what());
  }
  // One trial of each account, to be sure that this program runs them as they were.
  for (const auto& rows : analysis::good_rows(result))
    if (!rows.empty()) replay.trial(static_cast<std::int64_t>(rows.front()));
  return out;
}

/// The trials of an adjudication that its evidence rests on, of the accounts that it judged; or those that it ran under
/// the priors.
Posterior posterior_of_adjudication(const WhatIfSettings& settings, const sim::FinishedFile& file) {
  const AdjudicationFile all = read_adjudication(file);
  sim::Diagnostics diagnostics;
  CheckedCase checked = check_case(settings.file, all.run.input_files, all.run.overrides, diagnostics);
  if (!diagnostics.empty())
    throw sim::ResultError(settings.file + ": this program cannot read the case that it was made from:\n" +
                           diagnostics.text());
  keep_hypotheses(checked.model, {"all"});
  const auto compared = compared_columns(settings.file, checked);
  const auto accounts = accounts_of(checked.model, compared.columns);
  const auto law = analysis::evidence_law(compared.asked.evidence, checked.model.hypotheses.front().model->clock());
  Posterior out{all.run.case_name, all.run.input_files, all.run.overrides, {}, {}, all.run.seed, !settings.prior};
  std::vector<analysis::Account> judged;
  std::vector<analysis::AccountTrials> run;
  const auto set = out.by_record ? analysis::TrialSet::evidence : analysis::TrialSet::prior;
  for (const auto& hypothesis : all.summary["hypotheses"]) {
    const std::size_t k =
        std::ranges::find(accounts, hypothesis["name"].get<std::string>(), &analysis::Account::name) - accounts.begin();
    out.hypotheses.push_back(checked.model.hypotheses[k]);
    judged.push_back(accounts[k]);
    run.push_back(all.accounts.at(k));
    // Some are run as they were, to be sure that this program does the same.
    int again = 0;
    for (std::size_t i = 0; i < run.back().of(set).size() && again < trials_run_again; ++i) {
      if (run.back().of(set).failed[i]) continue;
      ++again;
      if (!analysis::same_again(judged.back(), run.back(), set, i, all.settings.seed))
        throw sim::ResultError(
            fmt::format("{}: trial {} of {} is not the same when it is run again; the file is of "
                        "another program, see qantar verify",
                        settings.file, i, run.back().name));
    }
  }
  out.trials = analysis::posterior_trials(judged, run, out.by_record ? &law : nullptr, all.settings.seed);
  return out;
}

/// Leaves these accounts. Throws UsageError for a name that the file does not have.
void keep_accounts(Posterior& posterior, const std::vector<std::string>& wanted) {
  if (wanted == std::vector<std::string>{"all"}) return;
  std::vector<std::string> names;
  for (const auto& h : posterior.hypotheses) names.push_back(h.name);
  check_hypotheses(wanted, names, "the file");
  std::vector<agents::Hypothesis> kept;
  std::vector<std::optional<std::size_t>> place(names.size());
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (std::ranges::find(wanted, names[k]) == wanted.end()) continue;
    place[k] = kept.size();
    kept.push_back(posterior.hypotheses[k]);
  }
  std::erase_if(posterior.trials, [&](const auto& t) { return !place[t.account]; });
  for (auto& t : posterior.trials) t.account = *place[t.account];
  posterior.hypotheses = std::move(kept);
}

// ---- As it would be ------------------------------------------------------------------------------------------------

std::string ready_made(const std::string& case_name, const std::vector<agents::WhatIf>& whatifs) {
  if (whatifs.empty()) return fmt::format("{} has no ready-made what-ifs", case_name);
  std::string out = fmt::format("ready-made what-ifs of {}:", case_name);
  for (const auto& w : whatifs) out += fmt::format("\n  {:<26}{}", w.name, w.title);
  return out;
}

bool same_shape(const agents::AnyModel& a, const agents::AnyModel& b) {
  const auto same_variable = [](const sim::Variable& x, const sim::Variable& y) {
    return x.name == y.name && x.kind == y.kind && x.axes == y.axes && x.meanings == y.meanings;
  };
  const auto same_axis = [](const sim::Axis& x, const sim::Axis& y) {
    return x.name == y.name && x.labels == y.labels;
  };
  return a.clock().steps() == b.clock().steps() && a.clock().start() == b.clock().start() &&
         a.clock().end() == b.clock().end() &&
         std::ranges::equal(a.layout().outcomes, b.layout().outcomes, same_variable) &&
         std::ranges::equal(a.layout().axes, b.layout().axes, same_axis);
}

analysis::RunTrial run_of(std::shared_ptr<const agents::AnyModel> model) {
  return [model = std::move(model)](const sim::TrialKey& key, std::span<const sim::AssignedPrior> assigned) {
    sim::TrialResult record = model->run(key, {.assigned = assigned, .series = false});
    if (record.status == sim::TrialStatus::failed) throw std::runtime_error(record.stage + ": " + record.message);
    return std::move(record.outcomes);
  };
}

/// Every account both ways. Throws UsageError for a what-if that is not there, InputError for faulty changes.
std::vector<analysis::PairedAccount> pair(const Posterior& posterior, const std::vector<std::string>& wanted,
                                          std::vector<agents::WhatIf>& chosen) {
  agents::Changes changes;
  for (const auto& change : wanted)
    (change.find('=') == std::string::npos ? changes.names : changes.assignments).push_back(change);
  sim::Diagnostics diagnostics;
  const auto otherwise =
      agents::build_case(posterior.case_name, posterior.files, posterior.overrides, diagnostics, changes);
  std::vector<std::string> names;
  for (const auto& w : otherwise.whatifs) names.push_back(w.name);
  if (wanted.empty())
    throw UsageError("say what is otherwise: --do KEY=VALUE, or --do NAME; " +
                     ready_made(posterior.case_name, otherwise.whatifs));
  for (const auto& name : changes.names) {
    const auto at = std::ranges::find(names, name);
    if (at == names.end())
      throw UsageError(fmt::format("--do: \"{}\" is neither KEY=VALUE nor a ready-made what-if{}; {}", name,
                                   sim::nearest_hint(name, names), ready_made(posterior.case_name, otherwise.whatifs)));
    chosen.push_back(otherwise.whatifs[at - names.begin()]);
  }
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  std::vector<analysis::PairedAccount> out;
  for (const auto& before : posterior.hypotheses) {
    const auto after = std::ranges::find(otherwise.hypotheses, before.name, &agents::Hypothesis::name);
    if (after == otherwise.hypotheses.end() || !same_shape(*before.model, *after->model))
      throw UsageError(
          "--do: changes the clock or the names of what there is, so that outcomes cannot be compared one by one; "
          "change "
          "what things are like instead");
    out.push_back({before.name, run_of(before.model), run_of(after->model)});
  }
  return out;
}

std::vector<analysis::OutcomeColumn> columns_of(const std::vector<std::string>& wanted,
                                                const sim::ResultLayout& layout) {
  std::vector<OutcomeName> names;
  for (const auto& name : wanted) names.push_back(find_outcome(name, layout));
  if (names.empty()) names = single_outcomes(layout);
  std::vector<analysis::OutcomeColumn> out;
  for (const auto& name : names)
    for (const auto& [v, first, size] : layout.placed(layout.outcomes))
      // The occurrence of a time is part of what is said of the time.
      if (name.variable == v.name || name.variable == v.name + "_occurred")
        out.push_back({name.written, v.kind, first + name.offset});
  return out;
}

// ---- Output --------------------------------------------------------------------------------------------------------

int digits_of(const PairedMeans& m, bool share) {
  const double most = std::max(std::fabs(m.as_it_was), std::fabs(m.as_it_would_be));
  return share ? 3 : most >= 1000 ? 0 : most >= 10 ? 1 : 3;
}

std::string interval_of(const PairedMeans& m, int digits) {
  const auto& d = m.difference;
  if (std::isnan(d.value)) return "-";
  return fmt::format("{:+.{}f} [{:+.{}f}, {:+.{}f}]", d.value, digits, d.low, digits, d.high, digits);
}

std::string number_or_dash(double x, int digits) { return std::isnan(x) ? "-" : fmt::format("{:.{}f}", x, digits); }

std::string table_of(const AccountEffects& effects, const std::vector<analysis::OutcomeColumn>& columns,
                     const sim::Clock& clock) {
  Table table({"outcome", "as it was", "as it would be", "difference [95 %]", "trials changed", "variance"}, "lrrrrr");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const OutcomeEffect& e = effects.outcomes[i];
    const bool share = columns[i].kind == sim::ValueKind::flag || columns[i].kind == sim::ValueKind::time;
    const int digits = digits_of(e.means, share);
    table.add({columns[i].name, number_or_dash(e.means.as_it_was, digits),
               number_or_dash(e.means.as_it_would_be, digits), interval_of(e.means, digits),
               share ? fmt::format("+{} -{}", e.to_yes, e.to_no) : "", number_or_dash(e.means.variance_ratio, 2)});
    if (!std::isnan(e.hours.as_it_was))
      table.add({"  where it happens both ways", clock.text(e.hours.as_it_was), clock.text(e.hours.as_it_would_be),
                 interval_of(e.hours, 1) + " h", "", number_or_dash(e.hours.variance_ratio, 2)});
  }
  return table.text();
}

std::string effects_text(const analysis::WhatIfEffects& effects, const std::vector<analysis::OutcomeColumn>& columns,
                         const sim::Clock& clock) {
  std::string out =
      "Shares of trials in which it is so or happens, and means. Trials changed: to yes, to no. Variance: that of the\n"
      "difference, over what it would be if luck were not the same both ways.\n\n" +
      table_of(effects.all, columns, clock);
  if (effects.accounts.size() < 2) return out;
  std::vector<std::string> rows{"weight", "worth trials"}, names;
  for (const auto& column : columns) rows.push_back(column.name);
  for (const auto& account : effects.accounts) names.push_back(account.name);
  out += "\nDifferences under each account:\n" + side_by_side(rows, names, [&](std::size_t r, std::size_t c) {
           const AccountEffects& account = effects.accounts[c];
           if (r == 0) return fmt::format("{:.3f}", account.weight);
           if (r == 1) return fmt::format("{:.0f} of {}", account.effective_size, account.trials);
           if (!account.refusal.empty()) return std::string("-");
           const auto& column = columns[r - 2];
           const auto& means = account.outcomes[r - 2].means;
           return interval_of(
               means, digits_of(means, column.kind == sim::ValueKind::flag || column.kind == sim::ValueKind::time));
         });
  for (const auto& account : effects.accounts)
    if (!account.refusal.empty())
      out += fmt::format("\n{}: nothing is said, because {}", account.name, account.refusal);
  return out + (out.ends_with('\n') ? "" : "\n");
}

nlohmann::json json_of(const PairedMeans& m) {
  return {{"as_it_was", m.as_it_was},
          {"as_it_would_be", m.as_it_would_be},
          {"difference", estimate_json(m.difference)},
          {"variance_ratio", m.variance_ratio},
          {"effective_size", m.effective_size}};
}

nlohmann::json json_of(const AccountEffects& effects, const std::vector<analysis::OutcomeColumn>& columns) {
  auto outcomes = nlohmann::json::array();
  for (std::size_t i = 0; i < effects.outcomes.size(); ++i) {
    const OutcomeEffect& e = effects.outcomes[i];
    auto entry = json_of(e.means);
    entry["name"] = columns[i].name;
    entry["kind"] = sim::word_of(columns[i].kind);
    if (columns[i].kind == sim::ValueKind::flag || columns[i].kind == sim::ValueKind::time)
      entry["changed"] = {{"to_yes", e.to_yes}, {"to_no", e.to_no}};
    if (columns[i].kind == sim::ValueKind::time) entry["hours"] = json_of(e.hours);
    outcomes.push_back(std::move(entry));
  }
  nlohmann::json out{{"name", effects.name},
                     {"weight", effects.weight},
                     {"trials", effects.trials},
                     {"failed", effects.failed},
                     {"effective_size", effects.effective_size},
                     {"outcomes", outcomes}};
  if (!effects.refusal.empty()) out["refusal"] = effects.refusal;
  return out;
}

std::optional<WhatIfSettings> whatif_settings(const Call& call) {
  Form form{
      "qantar whatif FILE --do KEY=VALUE... [--do NAME]... [--hypothesis NAME,...|all] [--outcome NAME]... ...",
      "Runs the trials of a result twice, as they were and with something changed, with the same luck both ways,\n"
      "and says what differs, with 95 % intervals. Trials count as far as they fit the record of the case.\n"
      "--do takes a key as --set does, or the name of a ready-made what-if of the case (folder whatifs); without\n"
      "it the names are listed.",
      "qantar whatif january.h5 --do no_intervention --prior --outcome deaths",
      {"FILE"}};
  form.options.add_options()                                                                            //
      ("do", text_list("CHANGE"), "what is otherwise: KEY=VALUE, or a ready-made what-if; repeatable")  //
      ("hypothesis", name_list("NAME,...", "all"), "accounts of the file, or all of them")              //
      ("outcome", text_list("NAME"),
       "an outcome to report, such as deaths or site_fell:almaty_akimat; repeatable; without it all that are one\n"
       "number of a trial")                                                                                 //
      ("trials", text_value("N", "1000"), "at most so many trials of each account, drawn by their weight")  //
      ("prior", "weigh all trials alike: what the accounts imply by themselves, whatever the record says")  //
      ("threads", text_value("T", "0"), "threads; 0 for one on each core")                                  //
      ("json", "one JSON object; times are hours as in time_unit");
  const auto given = parse(std::move(form), call);
  if (!given) return std::nullopt;
  WhatIfSettings s;
  s.file = list_of(*given, "FILE").front();
  s.hypotheses = listed_names(*given, "hypothesis");
  s.changes = list_of(*given, "do");
  s.outcomes = list_of(*given, "outcome");
  s.trials = number_of(*given, "trials", 1, most_trials);
  s.threads = threads_of(*given);
  s.prior = given->count("prior") > 0;
  s.json = given->count("json") > 0;
  return s;
}

/// How the trials were weighed, in a line.
std::string weighing(const Posterior& posterior, double effective) {
  const std::string trials = counted(posterior.trials.size(), "trial");
  return posterior.by_record ? fmt::format("weighed by the record, {} are worth {:.0f} equal ones", trials, effective)
                             : fmt::format("all {} weigh alike (--prior): the record plays no part", trials);
}

}  // namespace

int whatif(const Call& call) {
  const auto settings = whatif_settings(call);
  if (!settings) return success;
  sim::FinishedFile file = sim::open_finished(settings->file);
  Posterior posterior =
      is_adjudication(file) ? posterior_of_adjudication(*settings, file) : posterior_of_run(*settings, std::move(file));
  keep_accounts(posterior, settings->hypotheses);
  std::vector<agents::WhatIf> chosen;
  const auto accounts = pair(posterior, settings->changes, chosen);
  const agents::AnyModel& model = *posterior.hypotheses.front().model;
  const auto columns = columns_of(settings->outcomes, model.layout());

  const double effective = analysis::effective_trials(posterior.trials);
  const std::string weighed = weighing(posterior, effective);
  if (!analysis::enough_pairs(effective))
    throw sim::InputError(
        fmt::format("{}: {}, and at least {:.0f} are needed: run more trials{}", settings->file, weighed,
                    analysis::least_effective_pairs,
                    posterior.by_record ? ", give the result of qantar adjudicate, which looks for trials that fit, or "
                                          "weigh all trials alike with --prior"
                                        : ""));
  call.err << "qantar whatif: " << weighed << "\n";
  const auto trials = analysis::thinned(posterior.trials, settings->trials, posterior.seed);
  if (const double left = analysis::effective_trials(trials); !analysis::enough_pairs(left))
    throw UsageError(
        fmt::format("--trials {}: so few are worth {:.0f} equal ones, and at least {:.0f} are needed; give "
                    "more",
                    settings->trials, left, analysis::least_effective_pairs));

  analysis::PairedTrials pairs;
  {
    const StopOnSignal guard;
    sim::Progress progress(posterior.case_name, std::ssize(trials), sim::Progress::style_of(stderr));
    pairs = analysis::run_pairs(accounts, trials, columns, settings->threads, wish_to_stop(),
                                [&](std::int64_t done) { progress.update(done); });
  }
  if (pairs.interrupted) {
    call.err << fmt::format("qantar whatif: interrupted after {}. Run it again with:\n  {}\n",
                            counted(pairs.account.size(), "trial"), call.line);
    return interrupted;
  }
  const auto effects = analysis::paired_effects(accounts, pairs);
  const std::size_t failed = effects.all.failed;
  if (failed > 0)
    spdlog::warn("{} of {} trials failed, the first: {}", failed, effects.all.trials, pairs.first_failure);
  if (!effects.all.refusal.empty()) {
    call.err << fmt::format("qantar whatif: nothing is said, because {}\n", effects.all.refusal);
    return trials_failed;
  }

  if (settings->json) {
    auto by_account = nlohmann::json::array(), what = nlohmann::json::array();
    for (const auto& account : effects.accounts) by_account.push_back(json_of(account, columns));
    for (const auto& w : chosen) what.push_back({{"name", w.name}, {"title", w.title}, {"text", w.description}});
    call.out << nlohmann::json{{"file", settings->file},
                               {"do", settings->changes},
                               {"ready_made", what},
                               {"weighed_by", posterior.by_record ? "record" : "prior"},
                               {"effective_size", effective},
                               {"caution", caution},
                               {"time_unit", model.clock().cf_units()},
                               {"all", json_of(effects.all, columns)},
                               {"hypotheses", by_account}}
                    .dump(2)
             << "\n";
  } else {
    call.out << fmt::format("{}\n", model.case_title());
    for (const auto& change : settings->changes) {
      const auto named = std::ranges::find(chosen, change, &agents::WhatIf::name);
      call.out << fmt::format("What if {}\n",
                              named == chosen.end() ? change : named->title + ". " + named->description);
    }
    call.out << fmt::format("{} run both ways; {}.\n{}\n\n", counted(trials.size(), "trial"), weighed, caution)
             << effects_text(effects, columns, model.clock());
  }
  return failed == 0 ? success : trials_failed;
}

}  // namespace qantar::cli
