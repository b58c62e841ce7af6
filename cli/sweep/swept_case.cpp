#include "cli/sweep/swept_case.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "agents/case_folder.hpp"
#include "agents/vocabulary.hpp"
#include "cli/calibration/calibration_file.hpp"
#include "cli/options.hpp"
#include "cli/outcome.hpp"
#include "cli/text/table.hpp"
#include "sim/config/document.hpp"
#include "sim/config/text_file.hpp"
#include "sim/conversions.hpp"
#include "sim/generator_check.hpp"
#include "sim/results/digest.hpp"
#include "sim/results/provenance.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;

constexpr double most_trials_of_a_sweep = 1e12;

/// What makes a factor's key a prior of the case, which a trial's point then assigns.
std::string override_of(const sim::Factor& factor) {
  if (factor.least() == factor.greatest()) return fmt::format("{} = {}", factor.key, factor.least());
  const bool logarithmic = factor.range && factor.range->family() == sim::Family::log_uniform;
  return fmt::format("{} = {{ {} = [{}, {}] }}", factor.key, logarithmic ? "log_uniform" : "uniform", factor.least(),
                     factor.greatest());
}

bool own_prior(const sim::Factor& factor) { return factor.values.empty() && !factor.range; }

const sim::Prior* prior_of(const agents::AnyModel& model, const std::string& key) {
  const auto& all = model.priors().all();
  const auto found = std::ranges::find(all, key, &sim::Prior::name);
  return found == all.end() ? nullptr : &*found;
}

/// Problems of an override that came from a factor are shown where the factor stands.
void add_at_factor(const sim::Diagnostics& from, const sim::Factor& factor, sim::Diagnostics& to) {
  for (const auto& p : from.problems())
    if (p.where.file.starts_with("--set ")) to.add(factor.where, p.key, p.message);
}

/// Each end of a factor's range must be allowed; inside, all keys allow everything between two allowed values.
void check_ranges(const std::string& shown, const agents::CaseFiles& files, const sim::Experiment& experiment,
                  sim::Diagnostics& diagnostics) {
  for (const auto& factor : experiment.factors) {
    if (own_prior(factor)) continue;
    for (const double end : {factor.least(), factor.greatest()}) {
      sim::Diagnostics found;
      auto overrides = experiment.overrides;
      overrides.push_back(fmt::format("{} = {}", factor.key, end));
      agents::build_case(shown, files, overrides, found);
      add_at_factor(found, factor, diagnostics);
    }
  }
}

void keep_wanted(agents::Case& model, const std::vector<std::string>& wanted, const sim::SourcePlace& where,
                 sim::Diagnostics& diagnostics) {
  if (wanted.empty()) return keep_hypotheses(model, {"all"});
  std::vector<std::string> names;
  for (const auto& h : model.hypotheses) names.push_back(h.name);
  for (const auto& name : wanted)
    if (std::ranges::find(names, name) == names.end())
      diagnostics.add(where, "sweep.hypotheses",
                      fmt::format("the case has no hypothesis \"{}\"{}; it has: {}", name,
                                  sim::nearest_hint(name, names), sim::joined(names)));
  std::erase_if(model.hypotheses, [&](const auto& h) { return std::ranges::find(wanted, h.name) == wanted.end(); });
  check_posteriors(model);
}

void check_factors(const CheckedCase& checked, const sim::Experiment& experiment, sim::Diagnostics& diagnostics) {
  for (const auto& factor : experiment.factors) {
    for (const auto& h : checked.model.hypotheses) {
      const bool prior = prior_of(*h.model, factor.key) != nullptr;
      if (own_prior(factor) && !prior)
        diagnostics.add(factor.where, factor.key,
                        fmt::format("is no prior under {}, so a range is needed: give it low and high", h.name));
      else if (!own_prior(factor) && !prior && factor.least() != factor.greatest())
        diagnostics.add(factor.where, factor.key,
                        "shapes the world and cannot be varied within a sweep; write a hypothesis "
                        "for each of its values instead");
    }
    for (const auto& v : checked.layout.parameters)
      if (v.name == factor.name && factor.key != "parameters." + v.name)
        diagnostics.add(factor.where, "name", fmt::format("\"{}\" is the name of a parameter; choose another", v.name));
  }
}

/// A plan from the files of a design and its case, half made with a problem.
sim::SweepPlan read_plan_of(const std::string& design_file, const std::string& prior, sim::Diagnostics& diagnostics) {
  sim::SweepPlan plan;
  plan.program = sim::program_name();
  plan.design_name = fs::path(design_file).filename().string();
  const auto text = sim::read_text(design_file, design_file, diagnostics);
  if (!text) return plan;
  plan.design = *text;
  const fs::path folder = fs::path(design_file).parent_path();
  const auto table = [&](const std::string& name) {
    auto read = sim::read_text(folder / name, (folder / name).string(), diagnostics);
    if (read) plan.table = *read;
    return read;
  };
  const sim::Experiment experiment = sim::read_experiment(*text, design_file, table, diagnostics);
  if (experiment.case_folder.empty()) return plan;
  const fs::path case_folder = fs::absolute(folder / experiment.case_folder).lexically_normal();
  plan.case_name = (case_folder.filename().empty() ? case_folder.parent_path() : case_folder).filename().string();
  plan.case_files = agents::read_case_files(case_folder, diagnostics);
  if (!prior.empty()) std::ranges::move(posterior_files(prior), std::back_inserter(plan.case_files));
  if (diagnostics.empty()) check_ranges(case_folder.string(), plan.case_files, experiment, diagnostics);
  return plan;
}

void stop_at(const sim::Diagnostics& diagnostics) {
  if (!diagnostics.empty())
    throw sim::InputError(
        fmt::format("{}\n{}; nothing was done", diagnostics.text(), counted(diagnostics.problems().size(), "problem")));
}

}  // namespace

SweptCase::SweptCase(const sim::SweepPlan& plan, const std::string& shown, sim::Diagnostics& diagnostics)
    : plan_(plan), experiment_(std::make_unique<sim::Experiment>()) {
  sim::check_generator();
  *experiment_ = sim::read_experiment(
      plan_.design, shown, [&](const auto&) { return plan_.table; }, diagnostics);
  if (!diagnostics.empty()) return;
  const auto place_of = [&](const std::string& key) {
    const auto found = experiment_->places.find(key);
    return found == experiment_->places.end() ? sim::SourcePlace{shown, 1, 1} : found->second;
  };
  auto overrides = experiment_->overrides;
  for (const auto& factor : experiment_->factors)
    if (!own_prior(factor)) overrides.push_back(override_of(factor));
  checked_ = check_case(plan_.case_name, plan_.case_files, overrides, diagnostics);
  if (diagnostics.empty()) {
    keep_wanted(checked_.model, experiment_->hypotheses, place_of("hypotheses"), diagnostics);
    check_factors(checked_, *experiment_, diagnostics);
    for (const auto& name : experiment_->outcomes) try {
        find_outcome(name, checked_.layout);
      } catch (const UsageError& e) {
        diagnostics.add(place_of("outcomes"), "sweep.outcomes", e.what());
      }
  }
  if (diagnostics.empty()) try {
      points_ = std::make_unique<sim::Points>(*experiment_);
      if (sim::real(points_->size()) * sim::real(experiment_->replicates) * sim::real(hypotheses().size()) >
          most_trials_of_a_sweep)
        diagnostics.add(place_of("design"), "design",
                        fmt::format("asks for more than {} trials", most_trials_of_a_sweep));
    } catch (const std::invalid_argument& e) {
      diagnostics.add(place_of("design"), "design", e.what());
    }
  if (!diagnostics.empty()) return;

  layout_ = checked_.layout;
  layout_.series.clear();
  for (std::size_t f = 0; f < experiment_->factors.size(); ++f) {
    const sim::Factor& factor = experiment_->factors[f];
    if (std::ranges::find(layout_.parameters, factor.name, &sim::Variable::name) != layout_.parameters.end()) continue;
    layout_.parameters.push_back({factor.name, factor.unit, "swept: " + factor.key, sim::ValueKind::real, {}, {}});
    columns_.push_back(f);
  }
}

SweptCase::SweptCase(const sim::SweepPlan& plan, const std::string& shown) {
  sim::Diagnostics diagnostics;
  *this = SweptCase(plan, shown, diagnostics);
  stop_at(diagnostics);
}

std::int64_t SweptCase::trials() const { return points_->size() * experiment_->replicates * std::ssize(hypotheses()); }

const sim::Clock& SweptCase::clock() const { return hypotheses().front().model->clock(); }

double SweptCase::value(const sim::AssignedPrior& assigned, const agents::AnyModel& model) const {
  if (assigned.value == assigned.value) return assigned.value;
  return prior_of(model, assigned.prior)->distribution.quantile(assigned.quantile);
}

sim::TrialResult SweptCase::run(std::int64_t trial) const {
  const std::int64_t accounts = std::ssize(hypotheses()), points = points_->size();
  const std::int64_t account = trial % accounts, point = trial / accounts % points;
  const agents::AnyModel& model = *hypotheses()[account].model;
  const auto assigned = points_->assigned(point);
  sim::TrialResult record = model.run(
      {experiment_->seed, static_cast<std::uint32_t>(point), static_cast<std::uint32_t>(trial / accounts / points)},
      {assigned, false});
  record.trial = trial;
  record.hypothesis = static_cast<std::int32_t>(account);
  for (const auto f : columns_) record.parameters.push_back(value(assigned[f], model));
  return record;
}

sim::RunDescription SweptCase::describe(const std::string& command_line) const {
  sim::RunDescription run = describe_part(command_line);
  run.configuration = checked_.model.resolved();
  run.input_files = checked_.model.files;
  return run;
}

sim::RunDescription SweptCase::describe_part(const std::string& command_line) const {
  sim::RunDescription run;
  run.case_name = checked_.model.name;
  run.case_title = hypotheses().front().model->case_title();
  for (const auto& h : hypotheses()) run.hypotheses.push_back({h.name, h.title});
  run.trials_per_hypothesis = points_->size() * experiment_->replicates;
  run.seed = experiment_->seed;
  if (const auto* evidence = checked_.model.file("evidence.toml")) run.evidence_sha256 = sim::sha256(*evidence);
  run.command_line = command_line;
  run.overrides = experiment_->overrides;
  run.sweep.experiment = plan_.experiment();
  run.sweep.design = plan_.design;
  run.sweep.table = plan_.table;
  run.sweep.trials = trials();
  return run;
}

sim::SweepPlan plan_in(const sim::ResultReader& result) {
  const sim::RunDescription& run = result.run();
  return {sim::program_name(), run.case_name, "design", run.sweep.design, run.sweep.table, run.input_files};
}

void check_design(const std::string& design_file, sim::Diagnostics& diagnostics) {
  const sim::SweepPlan plan = read_plan_of(design_file, "", diagnostics);
  if (diagnostics.empty()) SweptCase(plan, design_file, diagnostics);
}

sim::SweepPlan plan_of(const std::string& design_file, const std::string& prior) {
  sim::Diagnostics diagnostics;
  sim::SweepPlan plan = read_plan_of(design_file, prior, diagnostics);
  stop_at(diagnostics);
  return plan;
}

}  // namespace qantar::cli
