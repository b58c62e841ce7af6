#include "cli/replay.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "agents/case.hpp"
#include "sim/draws.hpp"
#include "sim/generator_check.hpp"
#include "sim/results/provenance.hpp"

namespace qantar::cli {
namespace {

std::string writer_of(const sim::ResultReader& result) {
  const auto made = result.provenance();
  const auto get = [&](const char* name) { return made.contains(name) ? made.at(name) : std::string("unknown"); };
  return fmt::format("The file was written by qantar {} ({}); this is {}", get("code_version"), get("revision"),
                     sim::program_name());
}

/// Whether a stored number is what this one becomes when it is stored.
bool same(double stored, double replayed, sim::ValueKind kind) {
  if (kind == sim::ValueKind::code && std::isnan(replayed)) replayed = -1;
  if (std::isnan(stored) || std::isnan(replayed)) return std::isnan(stored) && std::isnan(replayed);
  if (kind == sim::ValueKind::code || kind == sim::ValueKind::flag) return stored == replayed;
  return std::bit_cast<std::uint64_t>(stored) == std::bit_cast<std::uint64_t>(replayed);
}

std::string different_number(const std::vector<double>& stored, const std::vector<double>& replayed,
                             const sim::ResultLayout& stored_layout, const std::vector<sim::Variable>& stored_variables,
                             const sim::ResultLayout& layout, const std::vector<sim::Variable>& variables) {
  for (const auto& [v, first, size] : stored_layout.placed(stored_variables)) {
    const auto again = layout.find(variables, v.name);
    if (!again || again->size != size) return v.name + " is not something that this program reports";
    for (std::size_t i = 0; i < size; ++i)
      if (const double was = stored[first + i], is = replayed[again->first + i]; !same(was, is, v.kind))
        return fmt::format("{}{}{} is {} in the file and {} in the replay", v.name, v.axes.empty() ? "" : " at ",
                           fmt::join(stored_layout.labels(v, i), ", "), was, is);
  }
  return "";
}

bool same_event(const sim::LoggedEvent& a, const sim::LoggedEvent& b) {
  return same(a.time, b.time, sim::ValueKind::time) && same(a.value, b.value, sim::ValueKind::real) &&
         a.kind == b.kind && std::ranges::equal(a.refs, b.refs) && a.causes == b.causes;
}

/// What differs first, in words; empty when nothing does.
std::string difference(const sim::TrialResult& stored, const sim::ResultLayout& stored_layout,
                       const sim::TrialResult& again, const sim::ResultLayout& layout) {
  if (stored.status != again.status || stored.message != again.message)
    return again.status == sim::TrialStatus::failed ? "the replay fails: " + again.message
                                                    : "the trial failed when the file was made, and does not now";
  for (const auto& [mine, theirs] : {std::pair{&sim::TrialResult::outcomes, &sim::ResultLayout::outcomes},
                                     {&sim::TrialResult::parameters, &sim::ResultLayout::parameters}}) {
    if (auto text =
            different_number(stored.*mine, again.*mine, stored_layout, stored_layout.*theirs, layout, layout.*theirs);
        !text.empty())
      return text;
  }
  if (stored.series.empty()) return "";  // series and events are kept for some trials only
  if (!std::ranges::equal(stored.series, again.series, [](float a, float b) { return a == b || (a != a && b != b); }))
    return "a series is not the same";
  return std::ranges::equal(stored.events, again.events, same_event) ? "" : "the log of events is not the same";
}

}  // namespace

Replay::Replay(std::string path, const sim::ResultReader& result) : path_(std::move(path)), result_(result) {
  sim::check_generator();
  const sim::RunDescription& run = result.run();
  if (!run.sweep.experiment.empty()) try {
      sweep_ = std::make_unique<const SweptCase>(plan_in(result), path_);
      hypotheses_ = sweep_->hypotheses();
      return;
    } catch (const sim::InputError& e) {
      throw sim::ResultError(fmt::format("{}: this program cannot read the sweep that the file holds.\n{}\n{}", path_,
                                         e.what(), writer_of(result)));
    }
  sim::Diagnostics diagnostics;
  const auto model = agents::build_case(run.case_name, run.input_files, run.overrides, diagnostics);
  for (const auto& label : run.hypotheses)
    for (const auto& h : model.hypotheses)
      if (h.name == label.name) hypotheses_.push_back(h);
  if (!diagnostics.empty() || hypotheses_.size() != run.hypotheses.size())
    throw sim::ResultError(fmt::format("{}: this program cannot read the case that the file holds.\n{}\n{}", path_,
                                       diagnostics.text(), writer_of(result)));
}

const agents::Hypothesis& Replay::hypothesis(std::int32_t index) const { return hypotheses_.at(index); }

sim::TrialResult Replay::trial(std::int64_t index) const {
  const sim::TrialResult stored = result_.record(index);
  const agents::AnyModel& model = *hypothesis(stored.hypothesis).model;
  sim::TrialResult again = sweep_ ? sweep_->run(index) : model.run(stored.key);
  again.trial = stored.trial;
  again.hypothesis = stored.hypothesis;
  const sim::ResultLayout& layout = sweep_ ? sweep_->layout() : model.layout();
  if (const std::string text = difference(stored, result_.layout(), again, layout); !text.empty())
    throw sim::ResultError(
        fmt::format("{}: trial {} does not come out the same: {}. {}. Use the program that wrote it, "
                    "or run the case again",
                    path_, index, text, writer_of(result_)));
  return again;
}

}  // namespace qantar::cli
