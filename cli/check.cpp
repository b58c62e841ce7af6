#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "agents/case_folder.hpp"
#include "agents/idle.hpp"
#include "cli/case_input.hpp"
#include "cli/commands.hpp"
#include "cli/courses.hpp"
#include "cli/sweep/swept_case.hpp"
#include "cli/text/table.hpp"
#include "cli/trials.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;

/// What a case holds: how many of what, in the order of the text.
std::vector<std::pair<std::size_t, std::string>> contents(const CheckedCase& checked) {
  const agents::Hypothesis& first = checked.model.hypotheses.front();
  const std::size_t alternatives =
      std::ranges::count_if(checked.model.hypotheses, [](const auto& h) { return !h.of.empty(); });
  std::vector<std::pair<std::size_t, std::string>> parts{
      {checked.model.hypotheses.size() - alternatives, "hypothesis"}};
  if (alternatives > 0) parts.emplace_back(alternatives, "alternative");
  if (const auto& s = first.scenario)
    for (const auto& [n, thing] : {std::pair{s->places.size(), "place"},
                                   {s->sites.size(), "site"},
                                   {s->offices.size(), "office"},
                                   {s->units.size(), "unit"}})
      parts.emplace_back(n, thing);
  else
    parts.emplace_back(static_cast<std::size_t>(first.model->clock().steps()), "tick");
  if (!checked.model.whatifs.empty()) parts.emplace_back(checked.model.whatifs.size(), "what-if");
  if (checked.evidence) parts.emplace_back(checked.evidence->events.size(), "documented event");
  if (checked.claims) parts.emplace_back(checked.claims->size(), "claim");
  return parts;
}

std::string summary(const std::string& folder, const CheckedCase& checked) {
  std::vector<std::string> parts;
  for (const auto& [n, thing] : contents(checked)) parts.push_back(counted(n, thing));
  return fmt::format("{}: {}, no problems\n", folder, sim::joined(parts));
}

nlohmann::json summary_json(const std::string& folder, const CheckedCase& checked) {
  nlohmann::json names = nlohmann::json::array(), holds;
  for (const auto& h : checked.model.hypotheses)
    if (h.of.empty()) names.push_back(h.name);
  for (const auto& [n, thing] : contents(checked)) holds[thing] = n;
  return {{"case", folder}, {"hypotheses", names}, {"holds", holds}};
}

/// Who never acts under each account.
using IdleByAccount = std::vector<std::pair<std::string, agents::IdleOnes>>;

std::string text_of(const IdleByAccount& accounts) {
  std::string out;
  for (const auto& [what, member] : {std::pair{"action that no trial took", &agents::IdleOnes::actions},
                                     {"group that never acted", &agents::IdleOnes::groups}}) {
    Table table({"account", what, "what most often stood in the way"}, "lll");
    bool any = false;
    for (const auto& [account, idle] : accounts)
      for (const auto& never : idle.*member) {
        table.add({account, never.id, never.hindrance});
        any = true;
      }
    if (any) out += "\n" + table.text();
  }
  return out;
}

nlohmann::json json_of(const std::vector<agents::Never>& all) {
  auto out = nlohmann::json::array();
  for (const auto& never : all) out.push_back({{"id", never.id}, {"hindrance", never.hindrance}});
  return out;
}

std::string text_of(const std::vector<const analysis::Event*>& rows) {
  if (rows.empty()) return "";
  Table table({"row", "asks", "what is documented"}, "lll");
  for (const analysis::Event* e : rows)
    table.add({e->id,
               fmt::format("{} {}{}", analysis::measure_names()[sim::to_underlying(e->measure)], e->observable,
                           e->at.empty() ? "" : "[" + e->at + "]"),
               e->title});
  return "\nRows of the record that no trial of any account agrees with: the model cannot do it, or the row asks the "
         "wrong thing.\n\n" +
         table.text();
}

nlohmann::json json_of(const std::vector<const analysis::Event*>& rows) {
  auto out = nlohmann::json::array();
  for (const analysis::Event* e : rows) out.push_back(e->id);
  return out;
}

/// The prior predictive check: trials under the priors as they are, and what they look like.
int try_out(const std::string& folder, const TrialPlan& plan, bool json, const Call& call) {
  CheckedCase checked = read_case(folder, {});
  const std::string head = summary(folder, checked);
  keep_hypotheses(checked.model, {"all"});
  std::vector<std::string> names;
  for (const auto& h : checked.model.hypotheses) names.push_back(h.name);
  CourseTable table(checked.evidence ? &*checked.evidence : nullptr, checked.layout, names);
  const std::vector<analysis::Event> no_rows;
  analysis::RowCounts rows(checked.evidence ? checked.evidence->events : no_rows);
  std::vector<std::pair<std::size_t, agents::Idle>> idle;  // by hypothesis, those of the crisis model
  for (std::size_t h = 0; h < names.size(); ++h)
    if (const auto& scenario = checked.model.hypotheses[h].scenario) idle.emplace_back(h, agents::Idle(scenario));
  sim::EnsembleEnd end;
  std::string failure;
  {
    const StopOnSignal guard;
    end = run_trials(checked.model, plan, [&](sim::TrialResult&& record) {
      if (record.status == sim::TrialStatus::ok) {
        table.counts[record.hypothesis].add(record.outcomes);
        rows.add(record.outcomes);
        for (auto& [hypothesis, of] : idle)
          if (std::cmp_equal(hypothesis, record.hypothesis)) of.add(record);
      }
      if (record.status != sim::TrialStatus::ok && failure.empty())
        failure = fmt::format("trial {}, {}: {}", record.trial, record.stage, record.message);
    });
  }
  if (end.interrupted) {
    call.err << fmt::format("qantar check: interrupted after {}. Run it again with:\n  {}\n",
                            counted(end.done, "trial"), call.line);
    return interrupted;
  }
  IdleByAccount never;
  for (const auto& [hypothesis, of] : idle) never.emplace_back(names[hypothesis], of.found());
  if (json) {
    nlohmann::json out{{"case", checked.model.name}, {"seed", plan.seed}, {"hypotheses", json_of(table)}};
    out["rows_never_met"] = json_of(rows.never_met());
    for (const auto& [account, of] : never) {
      out["actions_never_taken"][account] = json_of(of.actions);
      out["groups_that_never_act"][account] = json_of(of.groups);
    }
    call.out << out.dump(2) << "\n";
  } else {
    call.out << head
             << fmt::format("{} of each hypothesis, seed {}; {} that failed left out\n", counted(plan.trials, "trial"),
                            plan.seed, end.failed)
             << text_of(table) << text_of(never) << text_of(rows.never_met());
  }
  if (end.failed == 0) return success;
  spdlog::warn("{} of {} trials failed, the first: {}", end.failed, end.done, failure);
  return trials_failed;
}

/// The designs of sweeps in the folder of a case. What is wrong with the case itself is known already.
void check_designs(const std::string& folder, sim::Diagnostics& diagnostics) {
  const fs::path sweeps = fs::path(folder) / "sweeps";
  std::vector<std::string> designs;
  std::error_code error;
  for (fs::directory_iterator it(sweeps, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".toml") designs.push_back(it->path().string());
  std::ranges::sort(designs);
  const bool case_is_good = diagnostics.empty();
  for (const auto& design : designs) {
    sim::Diagnostics found;
    check_design(design, found);
    for (const auto& p : found.problems())
      if (case_is_good || p.where.file.starts_with(sweeps.string())) diagnostics.add(p.where, p.key, p.message);
  }
}

}  // namespace

int check(const Call& call) {
  Form form{
      "qantar check CASE... [--resolved|--json]\n       qantar check CASE --trials N [--seed S] [--threads T] [--json]",
      "Reads every file of a case and reports all problems with file, line and column. With --trials also a\n"
      "prior predictive check: runs so many trials of each hypothesis in memory and prints how often they show\n"
      "each stylised fact of the case, how often their course is degenerate, who never acts, and which rows of the\n"
      "record no trial agrees with.",
      "qantar check configs/january_2022 --trials 200",
      {"CASE..."}};
  form.options.add_options()                                                                 //
      ("resolved", "print each hypothesis in full, with every default and prior filled in")  //
      ("trials,n", text_value("N"), "trials of each hypothesis")                             //
      ("seed", text_value("S", "1"), "with --trials: master seed of all random numbers")     //
      ("threads", text_value("T", "0"), "with --trials: threads; 0 for one on each core")    //
      ("json", "one JSON object instead of text; it holds all problems, with their places");
  const auto given = parse(std::move(form), call);
  if (!given) return success;

  const auto folders = list_of(*given, "CASE");
  if (given->count("trials")) {
    if (folders.size() > 1 || given->count("resolved")) throw UsageError("--trials takes one case, and not --resolved");
    const TrialPlan plan{static_cast<std::int64_t>(number_of(*given, "trials", 1, most_trials)),
                         number_of(*given, "seed", 0, UINT64_MAX), threads_of(*given), false};
    return try_out(folders.front(), plan, given->count("json") > 0, call);
  }
  const bool json = given->count("json") > 0;
  if (json && given->count("resolved")) throw UsageError("--resolved is text; it goes without --json");
  for (const char* option : {"seed", "threads"})
    if (given->count(option) && !(*given)[option].defaulted())
      throw UsageError(fmt::format("--{} belongs to --trials", option));

  sim::Diagnostics diagnostics;
  std::string good;
  auto cases = nlohmann::json::array(), problems = nlohmann::json::array();
  for (const auto& folder : folders) {
    sim::Diagnostics own;
    auto files = agents::read_case_files(folder, own);
    const CheckedCase checked = check_case(folder, std::move(files), {}, own);
    check_designs(folder, own);
    diagnostics.add(own);
    if (!own.empty()) continue;
    good += given->count("resolved") ? checked.model.resolved() : summary(folder, checked);
    cases.push_back(summary_json(folder, checked));
  }
  for (const auto& p : diagnostics.problems())
    problems.push_back({{"file", p.where.file},
                        {"line", p.where.line},
                        {"column", p.where.column},
                        {"key", p.key},
                        {"message", p.message}});
  if (json)  // a problem may quote a file that is not UTF-8
    call.out << nlohmann::json{{"cases", cases}, {"problems", problems}}.dump(2, ' ', false,
                                                                              nlohmann::json::error_handler_t::replace)
             << "\n";
  else
    call.out << good;
  if (diagnostics.empty()) return success;
  throw sim::InputError(fmt::format("{}\n{}", diagnostics.text(), counted(diagnostics.problems().size(), "problem")));
}

}  // namespace qantar::cli
