#include "analysis/calibration/transfer.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/compare.hpp"
#include "analysis/hazards.hpp"
#include "analysis/inference/observation_model.hpp"
#include "cli/calibration/calibration_file.hpp"
#include "cli/commands.hpp"
#include "cli/text/table.hpp"
#include "cli/trials.hpp"
#include "cli/verdict/adjudication_file.hpp"
#include "sim/progress.hpp"

namespace qantar::cli {
namespace {

using nlohmann::json;

constexpr std::size_t draws_learnt = 400;
constexpr const char* core = "parameters.";  // what cases have in common; all else belongs to one of them

/// A case with what its calibration says.
struct TaughtCase {
  std::string path, name;
  std::vector<std::string> overrides;
  CheckedCase checked;
  ComparedColumns compared;
  std::vector<analysis::Account> accounts;  ///< that were calibrated
  std::unique_ptr<analysis::ObservationModel> law;
  std::deque<analysis::Calibrator> calibrators;
};

std::unique_ptr<TaughtCase> taught_case(const std::string& path, int threads) {
  const sim::FinishedFile file = sim::open_finished(path);
  if (!is_calibration(file))
    throw UsageError(path + " is no result of qantar calibrate; make one with: qantar calibrate CASE -o FILE");
  CalibrationFile all = read_calibration(file);
  auto out = std::make_unique<TaughtCase>();
  out->path = path;
  out->name = all.run.case_name;
  out->overrides = all.run.overrides;
  sim::Diagnostics diagnostics;
  out->checked = check_case(path, all.run.input_files, all.run.overrides, diagnostics);
  if (!diagnostics.empty())
    throw sim::ResultError(path + ": this program cannot read the case that it was made from:\n" + diagnostics.text());
  std::vector<std::string> names;
  for (const auto& h : all.run.hypotheses) names.push_back(h.name);
  keep_hypotheses(out->checked.model, names);
  out->compared = compared_columns(path, out->checked);
  out->accounts = accounts_of(out->checked.model, out->compared.columns);
  out->law = std::make_unique<analysis::ObservationModel>(out->compared.asked.evidence,
                                                          out->checked.model.hypotheses.front().model->clock());
  all.settings.threads = threads;
  for (auto& one : all.accounts) {
    const auto account = std::ranges::find(out->accounts, one.trials.name, &analysis::Account::name);
    try {
      out->calibrators.emplace_back(*account, *out->law, all.settings, std::move(one.trials));
    } catch (const std::invalid_argument& problem) {
      throw sim::ResultError(fmt::format("{}: {}", path, problem.what()));
    }
  }
  return out;
}

/// Where parameters stand in the vector of all cases. Two are one when they are of the core and have the same prior:
/// what a case sets for itself is a trait of that case.
class SharedVector {
 public:
  std::size_t place(const std::string& case_name, const sim::Prior& prior) {
    return places_.emplace(key(case_name, prior), places_.size()).first->second;
  }
  /// analysis::Lesson::unused for one that nobody has asked the place of.
  std::size_t known(const std::string& case_name, const sim::Prior& prior) const {
    const auto found = places_.find(key(case_name, prior));
    return found == places_.end() ? analysis::Lesson::unused : found->second;
  }
  std::size_t size() const { return places_.size(); }

 private:
  static std::string key(const std::string& case_name, const sim::Prior& prior) {
    const std::string text = prior.name + " " + prior.distribution.text();
    return prior.name.starts_with(core) ? text : case_name + " " + text;
  }
  std::map<std::string, std::size_t> places_;
};

std::vector<const sim::Prior*> open_priors(const sim::Priors& priors) {
  std::vector<const sim::Prior*> out;
  for (const auto& prior : priors.all())
    if (!prior.distribution.is_fixed()) out.push_back(&prior);
  return out;
}

analysis::Lesson lesson_of(const TaughtCase& from, SharedVector& shared) {
  analysis::Lesson lesson;
  for (std::size_t k = 0; k < from.calibrators.size(); ++k) {
    if (from.calibrators[k].region().empty()) continue;  // an account that no parameters save teaches nothing of them
    const auto priors = open_priors(from.accounts[k].priors);
    lesson.accounts.push_back(from.calibrators[k].likelihood());
    auto& place = lesson.place.emplace_back(priors.size(), analysis::Lesson::unused);
    for (const std::size_t j : from.calibrators[k].active()) place[j] = shared.place(from.name, *priors[j]);
  }
  return lesson;
}

/// The case with the core as the others have left it.
agents::Case with_core(const TaughtCase& of, const analysis::Learnt& learnt, const SharedVector& shared) {
  agents::CaseFiles files = of.checked.model.files;
  for (const auto& account : of.accounts) {
    std::vector<std::pair<const sim::Prior*, std::size_t>> columns;
    for (const auto* prior : open_priors(account.priors))
      if (const auto place = shared.known(of.name, *prior); place != analysis::Lesson::unused)
        columns.emplace_back(prior, place);
    std::string text;
    for (const auto& [prior, place] : columns) text += (text.empty() ? "" : ",") + prior->name;
    for (const auto& draw : learnt.draws) {
      if (columns.empty()) break;
      text += '\n';
      for (std::size_t c = 0; c < columns.size(); ++c)
        text += fmt::format("{}{:.9g}", c == 0 ? "" : ",",
                            columns[c].first->distribution.quantile(draw[columns[c].second]));
    }
    files.emplace_back(agents::posterior_file(account.name), std::move(text));
  }
  sim::Diagnostics diagnostics;
  auto out = agents::build_case(of.name, std::move(files), of.overrides, diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  std::erase_if(out.hypotheses, [&](const auto& h) {
    return std::ranges::find(of.accounts, h.name, &analysis::Account::name) == of.accounts.end();
  });
  return out;
}

/// One predictor per account; nothing when a signal came first.
std::optional<std::vector<analysis::Predictor>> predictors_of(const agents::Case& model, const TrialPlan& plan,
                                                              const std::vector<std::size_t>& columns,
                                                              const std::string& suffix) {
  std::vector<std::vector<std::vector<double>>> rows(model.hypotheses.size());
  const auto end = run_trials(model, plan, [&](sim::TrialResult&& trial) {
    if (trial.status != sim::TrialStatus::failed) rows[trial.hypothesis].push_back(std::move(trial.outcomes));
  });
  if (end.interrupted) return std::nullopt;
  std::vector<analysis::Predictor> out;
  for (std::size_t h = 0; h < rows.size(); ++h)
    out.push_back(analysis::predictor(model.hypotheses[h].name + suffix, rows[h], columns));
  return out;
}

/// Of a case that was left out.
struct LeftOutCase {
  std::string name;
  std::size_t shared = 0;  ///< parameters of its accounts that the other cases say something of, on average
  double r_hat = 1;
  std::vector<std::string> accounts;
  analysis::Estimate hazards;  ///< score of `hazards_of_others`
  std::vector<analysis::Estimate> score_before, score_after, hit_before, hit_after, difference;
};

LeftOutCase scored(const TaughtCase& of, std::vector<analysis::Predictor> before,
                   std::vector<analysis::Predictor> after, analysis::Predictor hazards) {
  LeftOutCase out;
  out.name = of.name;
  const std::size_t n = before.size();
  for (const auto& p : before) out.accounts.push_back(p.name);
  std::ranges::move(after, std::back_inserter(before));
  before.push_back(std::move(hazards));
  const auto compared =
      analysis::compare(*of.checked.evidence, std::move(before), of.checked.model.hypotheses.front().model->clock());
  for (const auto& total : compared.totals)
    if (total.group == analysis::Group::scored && total.predictor == 2 * n) out.hazards = total.score;
  for (std::size_t k = 0; k < n; ++k) {
    for (const auto& total : compared.totals) {
      if (total.group != analysis::Group::scored) continue;
      if (total.predictor == k) {
        out.score_before.push_back(total.score);
        out.hit_before.push_back(total.hit);
      } else if (total.predictor == n + k) {
        out.score_after.push_back(total.score);
        out.hit_after.push_back(total.hit);
      }
    }
    for (const auto& d : compared.differences)
      if (d.group == analysis::Group::scored && d.a == k && d.b == n + k)
        out.difference.push_back({-d.score.value, -d.score.high, -d.score.low});
  }
  return out;
}

json json_of(const LeftOutCase& c) {
  const auto estimate = [](const analysis::Estimate& e) {
    return json{{"value", e.value}, {"low", e.low}, {"high", e.high}};
  };
  json accounts = json::array();
  for (std::size_t k = 0; k < c.accounts.size(); ++k)
    accounts.push_back({{"name", c.accounts[k]},
                        {"score", estimate(c.score_before[k])},
                        {"score_with_the_core_of_others", estimate(c.score_after[k])},
                        {"hit", estimate(c.hit_before[k])},
                        {"hit_with_the_core_of_others", estimate(c.hit_after[k])},
                        {"difference", estimate(c.difference[k])}});
  return {{"case", c.name},
          {"parameters_learnt", c.shared},
          {"r_hat", c.r_hat},
          {"accounts", std::move(accounts)},
          {"score_of_hazards_of_others", estimate(c.hazards)}};
}

std::string text_of(const std::vector<LeftOutCase>& cases) {
  std::string out =
      "What do other cases teach about one that was left out? Mean score of all scored rows, 0 is best, with the\n"
      "priors as they are and with the core of parameters as the records of all other cases leave it. Difference: the\n"
      "second minus the first, below 0 the other cases have helped; 95 % intervals over events. The last line of each\n"
      "case is a benchmark without politics: every kind of event at the constant rate that it has in other records.\n"
      "\n";
  Table table({"left out", "account", "learnt", "priors", "core of others", "difference"}, "llrrrr");
  for (const auto& c : cases) {
    for (std::size_t k = 0; k < c.accounts.size(); ++k)
      table.add({k == 0 ? c.name : "", c.accounts[k], fmt::format("{}", c.shared),
                 fmt::format("{:.3f}", c.score_before[k].value), fmt::format("{:.3f}", c.score_after[k].value),
                 with_interval(c.difference[k].value, c.difference[k].low, c.difference[k].high, 3)});
    table.add({"", "hazards_of_others", "", fmt::format("{:.3f}", c.hazards.value), "", ""});
  }
  return out + table.text();
}

}  // namespace

int transfer(const Call& call) {
  Form form{
      "qantar transfer FILE FILE... [-n TRIALS] [--seed S] [--json]",
      "Does the core of parameters carry over? Leaves each case out in turn, learns the core from the records of the\n"
      "others, and scores the case with it and with the priors alone. FILE is a result of calibrate, one of each "
      "case.\n"
      "What a case sets in its own [parameters] is a trait of that case and not of the core.",
      "qantar transfer january.h5 belarus.h5 turkey.h5 zimbabwe.h5 --seed 1",
      {"FILE..."}};
  form.options.add_options()                                                                       //
      ("trials,n", text_value("TRIALS", "300"), "trials of each account, with either parameters")  //
      ("seed", text_value("S", "1"), "master seed of all random numbers")                          //
      ("threads", text_value("T", "0"), "threads; 0 for one on each core")                         //
      ("json", "one JSON object instead of text")                                                  //
      ("quiet", "no progress");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const TrialPlan plan{static_cast<std::int64_t>(number_of(*given, "trials", 10, most_trials)),
                       number_of(*given, "seed", 0, UINT64_MAX), threads_of(*given), given->count("quiet") > 0};
  std::vector<std::unique_ptr<TaughtCase>> cases;
  for (const auto& path : list_of(*given, "FILE")) {
    cases.push_back(taught_case(path, plan.threads));
    for (std::size_t c = 0; c + 1 < cases.size(); ++c)
      if (cases[c]->name == cases.back()->name)
        throw UsageError(fmt::format("{} and {} are both of {}; give one file of each case", cases[c]->path, path,
                                     cases.back()->name));
  }
  if (cases.size() < 2)
    throw UsageError("one case has no others to learn from; give results of calibrate of two or more");
  const StopOnSignal guard;
  std::vector<LeftOutCase> out;
  for (std::size_t left_out = 0; left_out < cases.size(); ++left_out) {
    SharedVector shared;
    std::vector<analysis::Lesson> lessons;
    for (std::size_t c = 0; c < cases.size(); ++c)
      if (c != left_out) lessons.push_back(lesson_of(*cases[c], shared));
    std::erase_if(lessons, [](const auto& lesson) { return lesson.accounts.empty(); });
    const auto learnt = analysis::learn(lessons, shared.size(), plan.seed, draws_learnt, plan.threads);
    const TaughtCase& of = *cases[left_out];
    const auto columns = analysis::needed_columns(*of.checked.evidence);
    auto before = predictors_of(of.checked.model, plan, columns, "");
    auto after =
        before ? predictors_of(with_core(of, learnt, shared), plan, columns, " (core of others)") : std::nullopt;
    if (!after) {
      call.err << fmt::format("qantar transfer: interrupted; nothing was written. Run it again with:\n  {}\n",
                              call.line);
      return interrupted;
    }
    std::vector<analysis::KnownRecord> others;
    for (std::size_t c = 0; c < cases.size(); ++c)
      if (c != left_out)
        others.push_back({&*cases[c]->checked.evidence, cases[c]->checked.model.hypotheses.front().model->clock()});
    out.push_back(scored(
        of, std::move(*before), std::move(*after),
        analysis::hazards_of_others(others, *of.checked.evidence, of.checked.model.hypotheses.front().model->clock(),
                                    of.checked.layout, plan.trials, plan.seed)));
    out.back().r_hat = learnt.r_hat;
    for (const auto& account : of.accounts)
      for (const auto* prior : open_priors(account.priors))
        out.back().shared += shared.known(of.name, *prior) != analysis::Lesson::unused;
    out.back().shared /= of.accounts.size();
  }
  if (given->count("json")) {
    json all = json::array();
    for (const auto& c : out) all.push_back(json_of(c));
    call.out << json{{"seed", plan.seed}, {"trials", plan.trials}, {"cases", all}}.dump(2) << "\n";
  } else {
    call.out << text_of(out);
  }
  return success;
}

}  // namespace qantar::cli
