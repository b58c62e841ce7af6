#include "cli/verdict/adjudication_summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "analysis/inference/inclusion.hpp"
#include "analysis/inference/information_gain.hpp"
#include "analysis/inference/order_free.hpp"
#include "analysis/measures.hpp"
#include "cli/courses.hpp"
#include "cli/options.hpp"
#include "sim/conversions.hpp"
#include "sim/ordered.hpp"

namespace qantar::cli {
namespace {

using analysis::AccountTrials;
using Json = nlohmann::json;

constexpr std::size_t run_again = 200;  // trials of an account for what is not compared
constexpr std::size_t settling_kept = 32;

/// Whether an account leaves a switch to luck.
bool leaves_open(const agents::Hypothesis& h) {
  return h.scenario && std::ranges::any_of(h.scenario->switches, [](const sim::Number& n) {
           return n.prior >= 0 || (n.value > 0 && n.value < 1);
         });
}

std::vector<double> weights_of(const AccountTrials& account, const analysis::ObservationModel& law) {
  return analysis::normalised(analysis::log_weights(account.evidence, analysis::likelihood_of(law)));
}

// ---- Claims ---------------------------------------------------------------------------------------------------------

/// Whether each trial answers a claim with yes; failed ones do not.
std::vector<char> answers(const analysis::Question& q, const analysis::Trials& trials) {
  std::vector<char> out;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials.failed[i]) {
      out.push_back(0);
      continue;
    }
    const auto outcomes = trials.outcomes_of(i);
    out.push_back(q.holds(outcomes[q.column], q.compares_two() ? outcomes[q.then_column] : sim::never));
  }
  return out;
}

Json claims_of(const ComparedColumns& compared, const std::vector<const AccountTrials*>& rivals,
               const std::vector<std::vector<double>>& weights, const std::vector<double>& probability) {
  Json out = Json::array();
  for (const auto& claim : compared.claims) {
    Json by_account = Json::array();
    std::vector<double> values, lows, highs;
    for (std::size_t k = 0; k < rivals.size(); ++k) {
      const auto share = analysis::inclusion_probability(answers(claim, rivals[k]->evidence), weights[k]);
      by_account.push_back(estimate_json(share));
      by_account.back()["name"] = rivals[k]->name;
      values.push_back(probability[k] * share.value);
      lows.push_back(probability[k] * share.low);
      highs.push_back(probability[k] * share.high);
    }
    const analysis::Estimate mean{analysis::order_free_sum(values), analysis::order_free_sum(lows),
                                  analysis::order_free_sum(highs)};
    out.push_back({{"id", claim.id},
                   {"text", claim.text},
                   {"speaker", claim.speaker},
                   {"kind", analysis::claim_kind_names()[sim::to_underlying(claim.kind)]},
                   {"counted", analysis::counted_as(claim)},
                   {"note", claim.note},
                   {"by_hypothesis", by_account},
                   {"averaged", estimate_json(mean)}});
  }
  return out;
}

// ---- What would settle it -------------------------------------------------------------------------------------------

/// Trials that stand for all: each as often as its weight is worth, by one uniform number for all of them.
std::vector<std::size_t> sample(const std::vector<double>& weights, std::size_t n) {
  std::vector<std::size_t> out;
  double passed = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    passed += weights[i] * sim::real(n);
    while (sim::real(out.size()) + 0.5 < passed && out.size() < n) out.push_back(i);
  }
  return out;
}

/// All outcomes of trials that are run once more, trial by trial: of some that the evidence rests on, or, without
/// `weights`, of some under the priors.
std::vector<std::vector<double>> outcomes_again(const agents::Hypothesis& hypothesis, const AccountTrials& account,
                                                const std::vector<double>* weights,
                                                const analysis::AdjudicationSettings& settings) {
  const analysis::Trials& from = weights ? account.evidence : account.prior;
  const auto trials =
      sample(weights ? *weights : std::vector<double>(from.size(), 1.0 / sim::real(from.size())), run_again);
  const analysis::Account with_priors{hypothesis.name, hypothesis.model->priors(), {}};
  std::vector<std::vector<double>> out(trials.size());
  sim::parallel_for(std::ssize(trials), settings.threads, [&](std::int64_t n) {
    const std::size_t trial = trials[n];
    const auto assigned = with_priors.assigned(from.z_of(trial));
    out[n] = hypothesis.model
                 ->run(weights ? analysis::evidence_key(settings.seed, account.luck, trial)
                               : analysis::prior_key(settings.seed, account.luck, trial),
                       {.assigned = assigned, .series = false})
                 .outcomes;
  });
  return out;
}

Json settling(const CheckedCase& checked, const std::vector<const AccountTrials*>& rivals,
              const std::vector<std::vector<double>>& weights, const std::vector<double>& probability, bool stands,
              const analysis::AdjudicationSettings& settings) {
  std::vector<std::vector<std::vector<double>>> outcomes;  // [account][trial]
  std::vector<std::vector<double>> alike;
  for (std::size_t k = 0; k < rivals.size(); ++k) {
    const auto h = std::ranges::find(checked.model.hypotheses, rivals[k]->name, &agents::Hypothesis::name);
    outcomes.push_back(outcomes_again(*h, *rivals[k], stands ? &weights[k] : nullptr, settings));
    alike.emplace_back(outcomes.back().size(), 1.0);
  }
  std::set<std::size_t> documented;
  for (const auto& e : checked.evidence->events)
    if (e.use == analysis::Use::scored && e.grade != analysis::Grade::D) documented.insert(e.column);
  std::vector<analysis::Observable> observables;
  for (const auto& [v, first, size] : checked.layout.placed(checked.layout.outcomes))
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t column = first + i;
      if (v.latent || documented.contains(column) || v.kind == sim::ValueKind::code || v.axes.size() > 1) continue;
      const std::string at = v.axes.empty() ? "" : ":" + checked.layout.labels(v, i).front();
      analysis::Observable& o = observables.emplace_back();
      o.name = v.name + at;
      for (const auto& account : outcomes) {
        auto& values = o.values.emplace_back();
        for (const auto& trial : account) values.push_back(trial[column]);
      }
    }
  Json out = Json::array();
  for (const auto& gain : analysis::information_gain(observables, alike, probability)) {
    if (out.size() == settling_kept) break;
    out.push_back(estimate_json(gain.nats));
    out.back()["observable"] = gain.name;
  }
  return out;
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

Json matrix(const analysis::Confusion& c) {
  Json rows = Json::array();
  for (std::size_t truth = 0; truth < c.accounts; ++truth) {
    Json row = Json::array();
    for (std::size_t chosen = 0; chosen < c.accounts; ++chosen) row.push_back(c.share(truth, chosen));
    rows.push_back(row);
  }
  return rows;
}

Json by_evidence(const std::vector<analysis::Judged>& judged, const std::vector<std::string>& names) {
  const auto confusion = analysis::confusion(judged, names.size());
  const auto calibration = analysis::model_calibration(judged, names.size());
  return {{"names", names},
          {"overall", matrix(confusion)},
          {"records", confusion.records},
          {"error", confusion.error},
          {"log_score", confusion.log_score},
          {"calibration_excess", calibration.excess},
          {"calibration_standard", calibration.standard}};
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

/// Probabilities of accounts whose evidence is known; of the others none.
Json shares(std::vector<double> log_evidence) {
  Json out = Json::array();
  for (double& x : log_evidence)
    if (std::isnan(x)) x = -std::numeric_limits<double>::infinity();
  const auto all = analysis::shares_of_accounts(log_evidence);
  for (std::size_t k = 0; k < all.size(); ++k) out.push_back(std::isinf(log_evidence[k]) ? Json() : Json(all[k]));
  return out;
}

const char* const ruling_names[] = {"ranked", "undetermined", "none_of_the_accounts"};

}  // namespace

Json adjudication_summary(const CheckedCase& checked, const ComparedColumns& compared,
                          const analysis::AdjudicationSettings& settings, const std::vector<AccountTrials>& accounts) {
  std::vector<AccountTrials> judged;
  std::vector<const agents::Hypothesis*> rival;
  const AccountTrials* open = nullptr;
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    if (leaves_open(checked.model.hypotheses[k])) {
      if (!open) open = &accounts[k];
      continue;
    }
    judged.push_back(accounts[k]);
    rival.push_back(&checked.model.hypotheses[k]);
  }
  if (judged.size() < 2)
    throw UsageError("at least two accounts without an open switch are needed to judge between; the case has fewer");
  const auto& clock = rival.front()->model->clock();
  const auto result = analysis::adjudicate(judged, compared.evidence, clock, settings);
  const auto& found = result.findings;
  const analysis::ObservationModel law = analysis::evidence_law(compared.evidence, clock);

  std::vector<const AccountTrials*> rivals;
  std::vector<std::vector<double>> weights;
  bool stands = true;
  for (std::size_t k = 0; k < judged.size(); ++k) {
    rivals.push_back(&judged[k]);
    weights.push_back(weights_of(judged[k], law));
    stands = stands && found.evidence[k].refusals.empty();
  }
  std::vector<double> probability(judged.size(), 1.0 / sim::real(judged.size()));
  if (stands)
    for (std::size_t k = 0; k < judged.size(); ++k) probability[k] = result.probability[k].value;

  Json out{{"case", checked.model.name},
           {"seed", settings.seed},
           {"trials", settings.trials},
           {"rows_weighed", law.size()},
           {"rows_of_classifier", found.observables.size()},
           {"evidence_stands", stands}};
  Json hypotheses = Json::array();
  for (std::size_t k = 0; k < judged.size(); ++k) {
    const auto& e = found.evidence[k];
    hypotheses.push_back({{"name", judged[k].name},
                          {"title", rival[k]->title},
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
  out["hypotheses"] = hypotheses;

  Json switches = Json::array();
  if (open && compared.switches > 0) {
    const auto weight = weights_of(*open, law);
    const auto refusals = analysis::evidence_estimate(open->evidence, analysis::likelihood_of(law)).refusals;
    const auto& names = checked.layout.axis("switch").labels;
    for (std::size_t i = 0; i < compared.switches; ++i) {
      const auto on = [&](const analysis::Trials& trials) {
        std::vector<char> flags;
        for (std::size_t t = 0; t < trials.size(); ++t)
          flags.push_back(!trials.failed[t] && trials.outcomes_of(t)[compared.first_switch + i] == 1.0);
        return flags;
      };
      const auto p = analysis::inclusion_probability(on(open->evidence), weight);
      const auto before =
          analysis::inclusion_probability(on(open->prior), std::vector<double>(open->prior.size(), 1.0));
      switches.push_back({{"name", names[i]},
                          {"account", open->name},
                          {"before", before.value},
                          {"inclusion", refusals.empty() ? Json(p.value) : Json()},
                          {"low", refusals.empty() ? Json(p.low) : Json()},
                          {"high", refusals.empty() ? Json(p.high) : Json()},
                          {"refusals", refusals}});
    }
  }
  out["switches"] = switches;

  out["verdict"] = ruling_names[static_cast<int>(result.verdict.ruling)];
  out["first"] = result.verdict.top ? Json(judged[*result.verdict.top].name) : Json();
  out["reasons"] = result.verdict.reasons;
  out["notes"] = result.verdict.notes;
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
  const auto named = [&](const std::vector<std::size_t>& some) {
    Json list = Json::array();
    for (const auto k : some) list.push_back(judged[k].name);
    return list;
  };
  out["ruled_out"] = named(result.verdict.ruled_out);
  Json sets = Json::array();
  for (const auto& set : result.verdict.indistinguishable) sets.push_back(named(set));
  out["indistinguishable"] = sets;

  out["confusion"] = {{"names", found.accounts},
                      {"overall", matrix(found.overall)},
                      {"near", matrix(found.local)},
                      {"records", found.overall.records},
                      {"records_near", found.local.records},
                      {"error", found.overall.error},
                      {"log_score", found.overall.log_score}};
  out["confusion_by_evidence"] = by_evidence(result.by_evidence.judged, found.accounts);
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
  Json rows = Json::array();
  for (const auto& row : found.key_rows) {
    const auto event = std::ranges::find(compared.evidence.events, row.name, &analysis::Event::id);
    rows.push_back({{"id", row.name}, {"title", event->title}, {"mid_p", row.mid_p}});
  }
  out["key_rows"] = rows;
  Json variations = Json::array();
  for (const auto& v : found.variations)
    variations.push_back({{"name", v.name},
                          {"left_out", v.left_out},
                          {"probability", shares(v.log_evidence)},
                          {"log_evidence", v.log_evidence},
                          {"standard_error", v.standard_error}});
  out["variations"] = variations;
  // Evidence that cannot be relied on carries no number further.
  out["claims"] = stands ? claims_of(compared, rivals, weights, probability) : Json::array();
  out["would_settle"] = settling(checked, rivals, weights, probability, stands, settings);
  return out;
}

}  // namespace qantar::cli
