#include "cli/verdict/adjudication_summary.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "analysis/inference/order_free.hpp"
#include "analysis/measures.hpp"
#include "cli/courses.hpp"
#include "cli/options.hpp"
#include "sim/conversions.hpp"

namespace qantar::cli {
namespace {

using Json = nlohmann::json;

/// Whether an account leaves a switch to luck.
bool leaves_open(const agents::Hypothesis& h) {
  return h.scenario && std::ranges::any_of(h.scenario->switches, [](const sim::Number& n) {
           return n.prior >= 0 || (n.value > 0 && n.value < 1);
         });
}

/// Columns of all outcomes that the record has without dispute.
std::set<std::size_t> documented_columns(const analysis::Evidence& evidence) {
  std::set<std::size_t> out;
  for (const auto& e : evidence.events)
    if (e.use == analysis::Use::scored && e.grade != analysis::Grade::D) out.insert(e.column);
  return out;
}

std::vector<std::size_t> all_columns(const sim::ResultLayout& layout) {
  std::vector<std::size_t> out(layout.width(layout.outcomes));
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

Json number_or_null(double x) { return std::isnan(x) ? Json() : Json(x); }

Json matrix(const analysis::Confusion& c) {
  Json rows = Json::array();
  for (std::size_t truth = 0; truth < c.accounts; ++truth) {
    Json row = Json::array();
    for (std::size_t chosen = 0; chosen < c.accounts; ++chosen) row.push_back(c.share(truth, chosen));
    rows.push_back(row);
  }
  return rows;
}

Json by_evidence(const analysis::SelfCheck& check, const std::vector<std::string>& names) {
  return {{"names", names},
          {"overall", matrix(check.overall)},
          {"records", check.overall.records},
          {"error", check.overall.error},
          {"log_score", check.overall.log_score},
          {"calibration_excess", check.calibration.excess},
          {"calibration_standard", check.calibration.standard}};
}

Json calibrations(const std::vector<analysis::ParameterCalibration>& all, const std::vector<std::string>& names) {
  Json out = Json::array();
  for (std::size_t k = 0; k < all.size(); ++k)
    out.push_back({{"name", names[k]},
                   {"quantities", all[k].quantities},
                   {"records", all[k].records},
                   {"effective_size", all[k].effective_size},
                   {"smallest_p", all[k].smallest_p},
                   {"coverage_50", all[k].coverage_50},
                   {"coverage_90", all[k].coverage_90},
                   {"passes", all[k].passes}});
  return out;
}

Json claims_of(const JudgedCase& judged) {
  Json out = Json::array();
  for (std::size_t i = 0; i < judged.found.claims.size(); ++i) {
    const analysis::Claim& claim = judged.asked.claims[i];
    const analysis::ClaimShare& share = judged.found.claims[i];
    Json by_account = Json::array();
    for (std::size_t k = 0; k < judged.accounts.size(); ++k) {
      by_account.push_back(estimate_json(share.by_account[k]));
      by_account.back()["name"] = judged.accounts[k];
    }
    out.push_back({{"id", claim.id},
                   {"text", claim.text},
                   {"speaker", claim.speaker},
                   {"kind", analysis::claim_kind_names()[sim::to_underlying(claim.kind)]},
                   {"counted", analysis::counted_as(claim)},
                   {"note", claim.note},
                   {"by_hypothesis", by_account},
                   {"averaged", estimate_json(share.averaged)}});
  }
  return out;
}

Json switches_of(const JudgedCase& judged) {
  Json out = Json::array();
  if (!judged.found.switches) return out;
  const auto& [account, switches, refusals] = *judged.found.switches;
  for (std::size_t i = 0; i < switches.size(); ++i) {
    const auto& after = switches[i].after;
    out.push_back({{"name", judged.asked.switches[i]},
                   {"account", account},
                   {"before", switches[i].before},
                   {"inclusion", refusals.empty() ? Json(after.value) : Json()},
                   {"low", refusals.empty() ? Json(after.low) : Json()},
                   {"high", refusals.empty() ? Json(after.high) : Json()},
                   {"refusals", refusals}});
  }
  return out;
}

Json hypotheses_of(const JudgedCase& judged) {
  const auto& result = judged.found.adjudication;
  const auto& found = result.findings;
  Json out = Json::array();
  for (std::size_t k = 0; k < judged.accounts.size(); ++k) {
    const auto& e = found.evidence[k];
    out.push_back({{"name", judged.accounts[k]},
                   {"title", judged.titles[k]},
                   {"log_evidence", e.log_evidence},
                   {"standard_error", e.standard_error},
                   {"trials", e.trials},
                   {"effective_size", e.effective_size},
                   {"largest_share", e.largest_share},
                   {"failed", e.failed},
                   {"refusals", e.refusals},
                   {"probability", result.probability[k].value},
                   {"low", result.probability[k].low},
                   {"high", result.probability[k].high},
                   {"probability_error", result.probability[k].standard_error},
                   {"surprise", found.surprise[k].p},
                   {"classifier", found.classifier[k]},
                   {"calibration_excess", result.calibration.excess[k]},
                   {"calibration_standard", result.calibration.standard[k]}});
  }
  return out;
}

/// What the verdict stands or falls with: the rows of the record, and choices made otherwise.
void add_rows(Json& out, const JudgedCase& judged) {
  const auto& found = judged.found.adjudication.findings;
  Json rows = Json::array(), variations = Json::array();
  for (const auto& row : found.key_rows)
    rows.push_back({{"id", row.name}, {"title", title_of_row(judged, row.name)}, {"mid_p", row.mid_p}});
  for (const auto& v : found.variations) {
    Json probability = Json::array();
    for (const double p : analysis::shares_of_known(v.log_evidence)) probability.push_back(number_or_null(p));
    variations.push_back({{"name", v.name},
                          {"left_out", v.left_out},
                          {"probability", probability},
                          {"log_evidence", v.log_evidence},
                          {"standard_error", v.standard_error}});
  }
  out["key_rows"] = rows;
  out["variations"] = variations;
}

const char* const ruling_names[] = {"ranked", "undetermined", "none_of_the_accounts"};

}  // namespace

std::vector<std::string> names_of(const JudgedCase& judged, const std::vector<std::size_t>& places) {
  std::vector<std::string> out;
  for (const std::size_t k : places) out.push_back(judged.accounts[k]);
  return out;
}

const std::string& title_of_row(const JudgedCase& judged, const std::string& id) {
  return std::ranges::find(judged.asked.evidence.events, id, &analysis::Event::id)->title;
}

JudgedCase judge_case(const CheckedCase& checked, const ComparedColumns& compared,
                      const analysis::AdjudicationSettings& settings,
                      const std::vector<analysis::AccountTrials>& accounts) {
  const auto with_all_outcomes = accounts_of(checked.model, all_columns(checked.layout));
  std::vector<analysis::AccountTrials> rivals;
  std::vector<analysis::Account> rivals_with_all;
  JudgedCase out{checked.model.name, {}, {}, settings, compared.asked, {}};
  const analysis::AccountTrials* open = nullptr;
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const agents::Hypothesis& hypothesis = checked.model.hypotheses[k];
    if (leaves_open(hypothesis)) {
      if (!open) open = &accounts[k];
      continue;
    }
    out.accounts.push_back(hypothesis.name);
    out.titles.push_back(hypothesis.title);
    rivals.push_back(accounts[k]);
    rivals_with_all.push_back(with_all_outcomes[k]);
  }
  if (rivals.size() < 2)
    throw UsageError("at least two accounts without an open switch are needed to judge between; the case has fewer");
  out.found = analysis::adjudicate_case(rivals, open, compared.asked, rivals_with_all, checked.layout,
                                        documented_columns(*checked.evidence),
                                        checked.model.hypotheses.front().model->clock(), settings);
  return out;
}

Json json_of(const JudgedCase& judged) {
  const auto& result = judged.found.adjudication;
  const auto& found = result.findings;
  const auto& verdict = result.verdict;
  Json out{{"case", judged.name},
           {"seed", judged.settings.seed},
           {"trials", judged.settings.trials},
           {"rows_weighed", judged.found.rows_weighed},
           {"rows_of_classifier", found.observables.size()},
           {"evidence_stands", judged.found.evidence_stands}};
  out["hypotheses"] = hypotheses_of(judged);
  out["switches"] = switches_of(judged);
  out["verdict"] = ruling_names[static_cast<int>(verdict.ruling)];
  out["first"] = verdict.top ? Json(judged.accounts[*verdict.top]) : Json();
  out["reasons"] = verdict.reasons;
  out["notes"] = verdict.notes;
  const auto& near = found.classifier_near;
  out["classifier"] = {{"kind", result.classifier},
                       {"log_score_of_regression", result.log_score[0]},
                       {"log_score_of_trees", result.log_score[1]},
                       {"favours", found.accounts[near.account]},
                       {"predicted_near", near.predicted},
                       {"observed_near", near.observed},
                       {"error_near", near.standard_error},
                       {"records_near", near.records},
                       {"calibrated_near", near.calibrated()}};
  out["ruled_out"] = names_of(judged, verdict.ruled_out);
  Json sets = Json::array();
  for (const auto& set : verdict.indistinguishable) sets.push_back(names_of(judged, set));
  out["indistinguishable"] = sets;

  out["confusion"] = {{"names", found.accounts},
                      {"overall", matrix(found.overall)},
                      {"near", matrix(found.local)},
                      {"records", found.overall.records},
                      {"records_near", found.local.records},
                      {"error", found.overall.error},
                      {"log_score", found.overall.log_score}};
  out["confusion_by_evidence"] = by_evidence(result.by_evidence, found.accounts);
  Json parts = Json::array();
  for (const auto& part : result.parts)
    parts.push_back(
        {{"name", part.name}, {"rows", part.rows}, {"probability", part.probability}, {"error", part.error}});
  out["classifier_of_parts"] = parts;
  out["parameter_calibration"] = calibrations(result.by_evidence.parameters, found.accounts);
  Json reliability = Json::array();
  for (const auto& bin : result.reliability)
    reliability.push_back({{"predicted", bin.predicted}, {"observed", estimate_json(bin.observed)}, {"n", bin.count}});
  out["reliability"] = reliability;
  add_rows(out, judged);
  out["claims"] = claims_of(judged);
  out["would_settle"] = Json::array();
  for (const auto& gain : judged.found.would_settle) {
    out["would_settle"].push_back(estimate_json(gain.nats));
    out["would_settle"].back()["observable"] = gain.name;
  }
  return out;
}

}  // namespace qantar::cli
