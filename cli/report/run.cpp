// The page of a run: what was run, outcomes and the record here; courses and the map in courses.cpp, single trials in
// trials.cpp.
#include "cli/report/run.hpp"

#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "analysis/measures.hpp"
#include "analysis/outcome_summary.hpp"
#include "cli/compared.hpp"
#include "cli/options.hpp"
#include "sim/conversions.hpp"

namespace qantar::cli {
namespace {

using Json = nlohmann::json;
using sim::ValueKind;

constexpr std::size_t failures_named = 5;

CaseOfResult case_of(const std::string& path, const sim::ResultReader& result, std::vector<LeftOut>& left_out) {
  CaseOfResult out;
  if (result.run().hypotheses.empty()) return out;
  try {
    out.replay = std::make_unique<const Replay>(path, result);
    out.scenario = out.replay->hypothesis(0).scenario.get();
  } catch (const sim::ResultError& error) {
    left_out.push_back({path + ": names, the map and the story of a trial", error.what()});
  }
  return out;
}

Json names_of(const agents::Scenario& s) {
  Json names = Json::object();
  const auto add = [&](const auto& entries) {
    for (const auto& entry : entries) names[entry.id] = entry.name;
  };
  add(s.places);
  add(s.sites);
  add(s.factions);
  add(s.organisations);
  add(s.offices);
  return names;
}

// ---- Outcomes -------------------------------------------------------------------------------------------------------

/// [share, low, high, q05, q25, q50, q75, q95]; what does not apply is null.
Json json_of(const analysis::OutcomeSummary& summary) {
  Json out = Json::array();
  const auto& [value, low, high] = summary.share;
  for (const double x : {value, low, high}) out.push_back(std::isnan(value) ? Json() : short_number(x));
  for (const double q : summary.quantiles) out.push_back(short_number(q));
  return out;
}

/// Every outcome that is a number of a trial, or one for each place, site, ...: by label, then account.
Json outcomes_of(const sim::ResultReader& result) {
  const auto rows = analysis::good_rows(result);
  Json out = Json::array();
  for (const auto& v : result.layout().outcomes) {
    if (v.kind == ValueKind::code || v.axes.size() > 1) continue;
    if (!v.axes.empty() && result.layout().axis(v.axes[0]).labels.empty()) continue;
    Json by_label = Json::array();
    for (const auto& accounts : analysis::summarise(result, v, rows)) {
      Json by_account = Json::array();
      for (const auto& summary : accounts) by_account.push_back(json_of(summary));
      by_label.push_back(std::move(by_account));
    }
    out.push_back({{"name", v.name},
                   {"text", v.long_name},
                   {"kind", sim::word_of(v.kind)},
                   {"unit", v.kind == ValueKind::time ? "" : v.units},
                   {"axis", v.axes.empty() ? Json() : Json(v.axes[0])},
                   {"latent", v.latent},
                   {"values", std::move(by_label)}});
  }
  return out;
}

// ---- The record -----------------------------------------------------------------------------------------------------

Json estimate(const analysis::Estimate& e) {
  return {short_number(e.value), short_number(e.low), short_number(e.high)};
}

Json record_of(const sim::ResultReader& result, const std::string& path, std::vector<LeftOut>& left_out) {
  std::optional<Compared> compared;
  try {
    compared.emplace(result, evidence_of(result, path));
  } catch (const UsageError&) {
    left_out.push_back(
        {path + ": the comparison with documented events", "a file evidence.toml in the folder of the case"});
    return {};
  }
  const auto& [evidence, courses, comparison, tellings, on_record] = *compared;
  Json out{{"predictors", Json::array()},
           {"events", Json::array()},
           {"totals", Json::array()},
           {"sequence", {{"elements", Json::array()}, {"shares", Json::array()}}},
           {"tellings", Json::array()}};
  for (const auto& p : comparison.predictors)
    out["predictors"].push_back({{"name", p.name}, {"title", p.title}, {"baseline", p.baseline}, {"trials", p.trials}});
  std::map<std::size_t, std::size_t> place;
  for (const auto& row : comparison.rows) {
    const auto& e = evidence.events[row.event];
    if (!place.contains(row.event)) {
      place[row.event] = out["events"].size();
      out["events"].push_back({{"id", e.id},
                               {"title", e.title},
                               {"measure", analysis::measure_names()[sim::to_underlying(e.measure)]},
                               {"kind", sim::word_of(e.kind)},
                               {"grade", std::string(1, static_cast<char>('A' + static_cast<int>(e.grade)))},
                               {"held_out", e.held_out},
                               {"in_seed", e.in_seed},
                               {"input_driven", e.input_driven},
                               {"key", e.key},
                               {"documented", analysis::documented(e, result.clock())},
                               {"low", short_number(row.low, 6)},
                               {"high", short_number(row.high, 6)},
                               {"predicted", Json::array()}});
    }
    Json predicted = Json::array({short_number(row.happened)});
    for (const double q : row.quantiles) predicted.push_back(short_number(q));
    predicted.insert(predicted.end(), {short_number(row.hit.value), short_number(row.hit.low),
                                       short_number(row.hit.high), short_number(row.score)});
    out["events"][place[row.event]]["predicted"].push_back(std::move(predicted));  // in the order of the predictors
  }
  for (const auto& t : comparison.totals)
    out["totals"].push_back({{"group", analysis::group_names()[sim::to_underlying(t.group)]},
                             {"predictor", t.predictor},
                             {"rows", t.rows},
                             {"hit", estimate(t.hit)},
                             {"score", estimate(t.score)}});
  for (const auto& e : evidence.sequence) out["sequence"]["elements"].push_back(e.text);
  for (const auto& s : comparison.sequence) {
    Json shares = Json::array();
    for (const auto& e : s.elements) shares.push_back(estimate(e));
    out["sequence"]["shares"].push_back(
        {{"predictor", s.predictor}, {"elements", shares}, {"all", estimate(s.all)}, {"count", estimate(s.count)}});
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(tellings.size(), 12); ++i)
    out["tellings"].push_back({{"outcome", tellings[i].outcome},
                               {"account", tellings[i].best().account},
                               {"auc", short_number(tellings[i].best().auc, 3)},
                               {"accuracy", estimate(tellings[i].best().accuracy)},
                               {"on_record", on_record.contains(tellings[i].column)}});
  out["courses"] = json_of(courses);
  return out;
}

}  // namespace

Json part_of_run(const std::string& path, const sim::ResultReader& result, const std::vector<std::int64_t>& told,
                 std::vector<LeftOut>& left_out) {
  Json part{{"kind", "run"},
            {"file", path},
            {"digest", result.content_digest()},
            {"clock", json_of(result.clock())},
            {"run", json_of(result.run())},
            {"made", result.provenance()}};
  part["made"].erase("configuration");
  Json accounts = Json::array();
  const auto counts = analysis::trial_counts(result);
  for (std::size_t h = 0; h < counts.size(); ++h)
    accounts.push_back({{"name", result.run().hypotheses[h].name},
                        {"title", result.run().hypotheses[h].title},
                        {"trials", counts[h].trials},
                        {"failed", counts[h].failed}});
  Json failures = Json::array();
  const auto numbers = result.trial_numbers();
  const auto status = result.status();
  for (std::size_t i = 0; i < status.size() && failures.size() < failures_named; ++i)
    if (status[i] != sim::to_underlying(sim::TrialStatus::ok)) {
      const auto record = result.record(numbers[i]);
      failures.push_back({{"trial", record.trial}, {"stage", record.stage}, {"message", record.message}});
    }
  part["accounts"] = accounts;
  part["failures"] = failures;
  Json labels = Json::object();
  for (const auto& axis : result.layout().axes) labels[axis.name] = axis.labels;
  labels.erase("actor");
  part["labels"] = labels;
  if (result.trials() == 0) {
    left_out.push_back({path + ": everything but its making", "it has no trials"});
    return part;
  }

  const CaseOfResult of = case_of(path, result, left_out);
  part["classic"] = of.replay && !of.scenario;
  if (of.scenario) part["names"] = names_of(*of.scenario);
  part["outcomes"] = outcomes_of(result);
  part["record"] = of.replay && !of.scenario ? Json() : record_of(result, path, left_out);
  if (result.layout().series.empty()) {
    left_out.push_back({path + ": courses over time", "a sweep keeps none; qantar run CASE -o FILE.h5 does"});
    return part;
  }
  const auto steps = shown_steps(result.clock());
  part["hours"] = hours_of(steps, result.clock());
  part["bands"] = bands_of(result, steps);
  if (!of.scenario) {
    if (!told.empty()) throw UsageError("--trial: " + path + " is of a model that keeps no log of events");
    return part;
  }
  const agents::Scenario& s = *of.scenario;
  const auto kept = kept_records(result);
  part["map"] = map_of(result, s);
  if (part["map"].is_null())
    left_out.push_back({path + ": the map", "latitude and longitude of the places in case.toml"});
  part["trials"] = trials_of(of, result, kept, told, path, left_out);
  if (kept.empty())
    left_out.push_back({path + ": who stood where, and a typical trial", "qantar run with --keep-series above 0"});
  else
    part["stances"] = stances_by_organisation(kept, result, s, steps);
  return part;
}

}  // namespace qantar::cli
