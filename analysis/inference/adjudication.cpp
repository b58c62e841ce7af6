#include "analysis/inference/adjudication.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace qantar::analysis {
namespace {

constexpr double local_share = 0.05;
constexpr std::size_t fewest_local = 100;
constexpr std::size_t parts_held_out = 5;
constexpr std::size_t fewest_of_place = 3;
constexpr std::size_t checked_of_account = 100;

// A variation is a sign, not a result, so it needs less than evidence does.
constexpr double fewest_worth = 20;

double of_variation(const EvidenceEstimate& e) { return e.effective_size < fewest_worth ? sim::never : e.log_evidence; }

Variation with_errors(std::span<const AccountTrials> accounts, const ErrorLaw& law, double width) {
  Variation out{fmt::format("with errors x {}", width), {}};
  for (const auto& a : accounts)
    out.log_evidence.push_back(of_variation(evidence_estimate(a.evidence, likelihood_of(law))));
  return out;
}

/// Of few parameters, the trials of the evidence are worth more; of many, those of priors of this width.
Variation with_priors(std::span<const AccountTrials> accounts, const ErrorLaw& law, double scale,
                      Trials AccountTrials::*own) {
  Variation out{fmt::format("with priors x {}", scale), {}};
  for (const auto& a : accounts) {
    const auto weighted = evidence_estimate(a.evidence, likelihood_of(law), scale);
    const auto direct = evidence_estimate(a.*own, likelihood_of(law), scale);
    out.log_evidence.push_back(of_variation(direct.effective_size > weighted.effective_size ? direct : weighted));
  }
  return out;
}

}  // namespace

ErrorLaw evidence_law(const Evidence& evidence, const sim::Clock& clock, double width) {
  const bool chosen = std::ranges::any_of(evidence.events, &Event::key);
  return {evidence, clock, chosen ? RowChoice::key : RowChoice::fitted, width};
}

std::vector<Variation> variations(std::span<const AccountTrials> accounts, const Evidence& evidence,
                                  const sim::Clock& clock) {
  const ErrorLaw law = evidence_law(evidence, clock);
  std::vector<Variation> out;
  out.push_back(with_priors(accounts, law, narrow_scale, &AccountTrials::narrow));
  out.push_back(with_priors(accounts, law, wide_scale, &AccountTrials::wide));
  for (const double width : {0.5, 2.0})
    out.push_back(with_errors(accounts, evidence_law(evidence, clock, width), width));
  std::vector<RowSet> sets;
  for (auto& set : law.by_event()) sets.push_back(std::move(set));
  if (auto places = law.by_place(); places.size() > 1)
    for (auto& set : places) sets.push_back(std::move(set));
  if (auto seed = law.in_seed(); !seed.rows.empty()) {
    seed.name = "what the accounts were drawn from";
    sets.push_back(std::move(seed));
  }
  // Nothing can be said of a record without rows.
  std::erase_if(sets, [&](const RowSet& set) { return set.rows.size() == law.size(); });
  const std::size_t first = out.size();
  for (const auto& set : sets) out.push_back({"without " + set.name, {}});
  for (const auto& a : accounts) {
    std::vector<std::vector<double>> logs(sets.size());  // [set][trial]
    const auto ratio = log_weights(a.evidence, [](auto) { return 0.0; });
    for (std::size_t i = 0; i < a.evidence.size(); ++i) {
      const auto without = a.evidence.failed[i]
                               ? std::vector<double>(sets.size(), 0.0)
                               : law.log_density_without(sets, law.documented(), a.evidence.outcomes_of(i));
      for (std::size_t s = 0; s < sets.size(); ++s) logs[s].push_back(without[s] + ratio[i]);
    }
    for (std::size_t s = 0; s < sets.size(); ++s)
      out[first + s].log_evidence.push_back(of_variation(evidence_estimate(logs[s])));
  }
  return out;
}

std::vector<KeyRow> predictive_check(std::span<const AccountTrials> accounts, const ErrorLaw& law, std::uint64_t seed) {
  std::vector<KeyRow> out;
  for (std::size_t row = 0; row < law.size(); ++row) out.push_back({law.name(row), {}});
  for (const auto& a : accounts) {
    const auto weights = normalised(log_weights(a.evidence, likelihood_of(law)));
    std::vector<std::vector<double>> predicted(law.size());
    for (std::size_t i = 0; i < a.evidence.size(); ++i) {
      const auto draws = record_draws(seed, a.name, RecordsOf::predictions, i);
      const auto record = a.evidence.failed[i] ? std::vector<double>(law.size(), sim::never)
                                               : law.sample(a.evidence.outcomes_of(i), draws, false);
      for (std::size_t row = 0; row < law.size(); ++row) predicted[row].push_back(record[row]);
    }
    for (std::size_t row = 0; row < law.size(); ++row)
      out[row].mid_p.push_back(predictive_mid_p(predicted[row], weights, law.documented()[row]));
  }
  return out;
}

LabelledRecords simulated_records(std::span<const AccountTrials> accounts, const ErrorLaw& law, std::uint64_t seed) {
  LabelledRecords out;
  out.kinds.assign(law.size(), sim::ValueKind::real);  // an error law has taken logarithms already
  out.accounts = accounts.size();
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const Trials& trials = accounts[k].prior;
    for (std::size_t i = 0; i < trials.size(); ++i) {
      if (trials.failed[i]) continue;
      const auto draws = record_draws(seed, accounts[k].name, RecordsOf::training, i);
      const auto record = law.sample(trials.outcomes_of(i), draws);
      out.values.insert(out.values.end(), record.begin(), record.end());
      out.account.push_back(k);
    }
  }
  return out;
}

std::vector<PartOpinion> opinions_of_parts(std::span<const AccountTrials> accounts, const Evidence& evidence,
                                           const sim::Clock& clock, const AdjudicationSettings& settings) {
  const ErrorLaw law(evidence, clock, RowChoice::all);
  std::vector<RowSet> parts{
      {"what the accounts were drawn from", {}}, {"what they were not drawn from", {}}, {"what is held out", {}}};
  for (std::size_t row = 0; row < law.size(); ++row) {
    const Event& event = evidence.events[law.event(row)];
    parts[event.held_out ? 2 : event.in_seed ? 0 : 1].rows.push_back(row);
  }
  const std::size_t taking_part = parts[0].rows.size() + parts[1].rows.size();
  const auto held_out = [&](std::size_t row) { return evidence.events[law.event(row)].held_out; };
  for (auto place : law.by_place()) {
    std::erase_if(place.rows, held_out);
    if (place.rows.size() < fewest_of_place) continue;
    RowSet& rest = parts.emplace_back(RowSet{"all but " + place.name, {}});
    for (std::size_t row = 0; row < law.size(); ++row)
      if (!held_out(row) && std::ranges::find(place.rows, row) == place.rows.end()) rest.rows.push_back(row);
  }
  std::erase_if(parts, [&](const RowSet& part) {
    return part.rows.empty() || (part.rows.size() == taking_part && !held_out(part.rows[0]));
  });
  if (parts.empty()) return {};
  const auto records = simulated_records(accounts, law, settings.seed);
  std::vector<PartOpinion> out;
  for (const auto& part : parts) {
    const auto trained = train_classifier(records.with_columns(part.rows), parts_held_out, settings.threads);
    std::vector<double> documented;
    for (const std::size_t row : part.rows) documented.push_back(law.documented()[row]);
    out.push_back({part.name, part.rows.size(), trained.classifier.probabilities(documented, trained.temperature),
                   confusion(trained.held_out, accounts.size()).error});
  }
  return out;
}

Adjudication adjudicate(std::span<const AccountTrials> accounts, const Evidence& evidence, const sim::Clock& clock,
                        const AdjudicationSettings& settings) {
  const ErrorLaw key = evidence_law(evidence, clock), law(evidence, clock);
  Adjudication out;
  Findings& d = out.findings;
  for (const auto& a : accounts) {
    d.accounts.push_back(a.name);
    d.evidence.push_back(evidence_estimate(a.evidence, likelihood_of(key)));
  }
  out.probability = posterior_probabilities(d.evidence);

  const auto records = simulated_records(accounts, law, settings.seed);
  auto trained = train_classifier(records, parts_held_out, settings.threads);
  d.second_opinion = trained.classifier.probabilities(law.documented(), trained.temperature);
  for (std::size_t i = 0; i < records.size(); ++i)
    trained.held_out[i].distance = record_distance(trained.classifier, records.row(i), law.documented());
  d.overall = confusion(trained.held_out, accounts.size());
  const auto local = std::max(fewest_local, static_cast<std::size_t>(local_share * d.overall.records));
  d.local = confusion(nearest(trained.held_out, local), accounts.size());
  out.calibration = model_calibration(trained.held_out, accounts.size());
  out.reliability = reliability(trained.held_out);
  out.parts = opinions_of_parts(accounts, evidence, clock, settings);
  out.by_evidence = self_check(accounts, key, settings.seed, checked_of_account, settings.threads);
  d.faults = out.by_evidence.faults;

  d.key_rows = predictive_check(accounts, key, settings.seed);
  d.variations = variations(accounts, evidence, clock);
  for (std::size_t row = 0; row < law.size(); ++row) d.observables.push_back(law.name(row));
  out.verdict = verdict(d);
  return out;
}

Adjudication adjudicate(std::span<const Account> accounts, const Evidence& evidence, const sim::Clock& clock,
                        const AdjudicationSettings& settings) {
  if (accounts.size() < 2) throw std::invalid_argument("at least 2 accounts are needed to judge between");
  for (std::size_t k = 0; k < accounts.size(); ++k)
    for (std::size_t l = 0; l < k; ++l)
      if (accounts[k].name == accounts[l].name)
        throw std::invalid_argument(
            fmt::format("two accounts are named {}: give each a name of its own", accounts[k].name));
  const ErrorLaw law = evidence_law(evidence, clock);
  std::vector<AccountTrials> run;
  for (const auto& account : accounts) run.push_back(run_account(account, law, settings));
  return adjudicate(run, evidence, clock, settings);
}

}  // namespace qantar::analysis
