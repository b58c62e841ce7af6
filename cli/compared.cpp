#include "cli/compared.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/options.hpp"
#include "sim/config/document.hpp"
#include "sim/config/text_file.hpp"
#include "sim/conversions.hpp"

namespace qantar::cli {
namespace {

std::vector<std::string> names_of(const sim::ResultReader& result) {
  std::vector<std::string> names;
  for (const auto& h : result.run().hypotheses) names.push_back(h.name);
  return names;
}

std::vector<analysis::Telling> tell_apart(const sim::ResultReader& result) {
  std::vector<std::size_t> kept;
  std::vector<std::int32_t> account;
  const auto hypothesis = result.hypothesis(), status = result.status();
  for (std::size_t t = 0; t < status.size(); ++t)
    if (status[t] == sim::to_underlying(sim::TrialStatus::ok)) {
      kept.push_back(t);
      account.push_back(hypothesis[t]);
    }
  const auto values = [&](const sim::Variable& v) {
    const auto all = result.variable(v.name);
    const std::size_t size = result.layout().size(v);
    std::vector<double> out;
    for (const std::size_t t : kept)
      for (std::size_t i = 0; i < size; ++i) out.push_back(all[t * size + i]);
    return out;
  };
  return analysis::tellings(result.layout(), account, result.run().hypotheses.size(), values);
}

}  // namespace

analysis::Evidence evidence_of(const sim::ResultReader& result, const std::string& path,
                               const std::optional<std::string>& file) {
  sim::Diagnostics diagnostics;
  std::string shown = path + ": evidence.toml";
  std::optional<std::string> text;
  if (file) {
    shown = *file;
    text = sim::read_text(shown, shown, diagnostics);
  } else {
    for (const auto& [name, content] : result.run().input_files)
      if (name == "evidence.toml") text = content;
    if (!text) throw UsageError(path + " was made from a case without evidence.toml; give one with --evidence FILE");
  }
  analysis::Evidence evidence;
  if (text) evidence = analysis::read_evidence(*text, shown, result.layout(), result.clock(), diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  return evidence;
}

Compared::Compared(const sim::ResultReader& result, analysis::Evidence record)
    : evidence(std::move(record)), courses(&evidence, result.layout(), names_of(result)) {
  std::set<std::size_t> columns;
  for (const std::size_t column : analysis::needed_columns(evidence)) columns.insert(column);
  for (const auto& course : courses.degenerate) columns.insert(course.column);
  auto predictors = analysis::predictors(result, {columns.begin(), columns.end()});
  for (std::size_t p = 0; p < predictors.size(); ++p)
    analysis::each_trial(predictors[p], [&](std::span<const double> outcomes) { courses.counts[p].add(outcomes); });
  if (predictors.size() > 1) predictors.push_back(analysis::climatology(predictors));
  std::ranges::move(analysis::baselines(evidence, result.layout()), std::back_inserter(predictors));
  comparison = analysis::compare(evidence, std::move(predictors), result.clock());
  tellings = tell_apart(result);
  for (const auto& e : evidence.events)
    if (e.use == analysis::Use::scored) documented.insert(e.column);
}

nlohmann::json json_of(const sim::ResultReader& result, const Compared& all) {
  using nlohmann::json;
  const auto& [evidence, courses, comparison, tellings, on_record] = all;
  json events = json::array(), totals = json::array(), differences = json::array(), sequence = json::array();
  for (const auto& row : comparison.rows) {
    const auto& who = comparison.predictors[row.predictor];
    if (who.baseline) continue;
    const auto& event = evidence.events[row.event];
    const auto& q = row.quantiles;
    events.push_back({{"id", event.id},
                      {"title", event.title},
                      {"hypothesis", who.name},
                      {"measure", analysis::measure_names()[sim::to_underlying(event.measure)]},
                      {"observed", {{"low", row.low}, {"high", row.high}}},
                      {"happened", row.happened},
                      {"quantiles", {{"q05", q[0]}, {"q25", q[1]}, {"q50", q[2]}, {"q75", q[3]}, {"q95", q[4]}}},
                      {"hit", row.hit.value},
                      {"low", row.hit.low},
                      {"high", row.hit.high},
                      {"score", row.score},
                      {"ignorance", row.ignorance},
                      {"interval_score", row.interval_score},
                      {"inside_50", row.inside_50},
                      {"inside_90", row.inside_90}});
  }
  for (const auto& total : comparison.totals) {
    const auto& who = comparison.predictors[total.predictor];
    totals.push_back({{"group", analysis::group_names()[sim::to_underlying(total.group)]},
                      {"predictor", who.name},
                      {"baseline", who.baseline},
                      {"rows", total.rows},
                      {"weight", total.weight},
                      {"hit", estimate_json(total.hit)},
                      {"score", estimate_json(total.score)},
                      {"energy_score", estimate_json(total.energy)},
                      {"ignorance", estimate_json(total.ignorance)},
                      {"interval_score", estimate_json(total.interval_score)},
                      {"inside_50", estimate_json(total.inside_50)},
                      {"inside_90", estimate_json(total.inside_90)}});
  }
  for (const auto& d : comparison.differences)
    differences.push_back({{"group", analysis::group_names()[sim::to_underlying(d.group)]},
                           {"predictor", comparison.predictors[d.a].name},
                           {"minus", comparison.predictors[d.b].name},
                           {"score", estimate_json(d.score)},
                           {"skill", estimate_json(d.skill)}});
  for (const auto& s : comparison.sequence) {
    const auto& who = comparison.predictors[s.predictor];
    json elements = json::array();
    for (std::size_t i = 0; i < s.elements.size(); ++i) {
      elements.push_back(estimate_json(s.elements[i]));
      elements.back()["id"] = evidence.sequence[i].id;
    }
    sequence.push_back({{"predictor", who.name},
                        {"baseline", who.baseline},
                        {"elements", elements},
                        {"all", estimate_json(s.all)},
                        {"count", estimate_json(s.count)}});
  }
  json separation = json::array();
  for (const auto& telling : tellings) {
    const auto& best = telling.best();
    separation.push_back({{"outcome", telling.outcome},
                          {"hypothesis", result.run().hypotheses[best.account].name},
                          {"auc", best.auc},
                          {"accuracy", estimate_json(best.accuracy)},
                          {"on_record", on_record.contains(telling.column)}});
  }
  return {{"content_digest", result.content_digest()},
          {"time_unit", result.clock().cf_units()},
          {"events", events},
          {"totals", totals},
          {"differences", differences},
          {"sequence", sequence},
          {"courses", json_of(courses)},
          {"separation", separation}};
}

}  // namespace qantar::cli
