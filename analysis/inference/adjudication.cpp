#include "analysis/inference/adjudication.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/draws.hpp"

namespace qantar::analysis {
namespace {

constexpr double local_share = 0.05;
constexpr std::size_t fewest_local = 100;
constexpr std::size_t parts_held_out = 5;
constexpr std::size_t fewest_of_place = 3;

// A variation is a sign, not a result, so it needs less than evidence does.
constexpr double fewest_worth = 20;

/// `greatest` is the log of the greatest weight that a trial may have.
void add(Variation& variation, const EvidenceEstimate& e, double greatest) {
  variation.log_evidence.push_back(e.effective_size < fewest_worth ? sim::never : e.log_evidence);
  variation.standard_error.push_back(e.standard_error);
  variation.log_at_most.push_back(log_at_most(e, greatest));
}

EvidenceEstimate bounded_estimate(const Trials& trials, const RecordLaw& law) {
  auto out = evidence_estimate(trials, likelihood_of(law));
  out.log_at_most = log_at_most(out, law.greatest_log_density() + greatest_log_ratio(trials));
  return out;
}

Variation with_errors(std::span<const AccountTrials> accounts, const ObservationModel& law, double width) {
  Variation out{fmt::format("with errors x {}", width), false, {}, {}, {}};
  for (const auto& a : accounts)
    add(out, evidence_estimate(a.evidence, likelihood_of(law)),
        law.greatest_log_density() + greatest_log_ratio(a.evidence));
  return out;
}

/// Of few parameters, the trials of the evidence are worth more; of many, those of priors of this width.
Variation with_priors(std::span<const AccountTrials> accounts, const RecordLaw& law, double scale,
                      Trials AccountTrials::*own) {
  Variation out{fmt::format("with priors x {}", scale), false, {}, {}, {}};
  for (const auto& a : accounts) {
    const auto weighted = evidence_estimate(a.evidence, likelihood_of(law), scale);
    const auto direct = evidence_estimate(a.*own, likelihood_of(law), scale);
    add(out, direct.effective_size > weighted.effective_size ? direct : weighted, 0.0);
    // Weights between priors have no bound; those of trials from these priors have that of the law.
    out.log_at_most.back() = log_at_most(direct, law.greatest_log_density());
  }
  return out;
}

/// Everything but what asks for the events of a record. Evidence is weighed by `key`, the classifier sees `law`.
Adjudication judged(std::span<const AccountTrials> accounts, const RecordLaw& key, const RecordLaw& law,
                    const AdjudicationSettings& settings) {
  Adjudication out;
  Findings& d = out.findings;
  for (const auto& a : accounts) {
    d.accounts.push_back(a.name);
    d.evidence.push_back(bounded_estimate(a.evidence, key));
  }
  out.probability = posterior_probabilities(d.evidence);

  const auto records = simulated_records(accounts, law, settings.seed);
  auto trained = train_classifier(records, parts_held_out, settings.threads);
  d.classifier = trained.probabilities(law.documented());
  for (std::size_t i = 0; i < records.size(); ++i)
    trained.held_out[i].distance = record_distance(trained, records.row(i), law.documented());
  d.overall = confusion(trained.held_out, accounts.size());
  const auto local = std::max(fewest_local, static_cast<std::size_t>(local_share * d.overall.records));
  d.local = confusion(nearest(trained.held_out, local), accounts.size());
  // Ties are broken by what the accounts are, not by where they stand.
  std::size_t favoured = 0;
  for (std::size_t k = 1; k < accounts.size(); ++k)
    if (std::pair(d.classifier[k], accounts[k].luck) > std::pair(d.classifier[favoured], accounts[favoured].luck))
      favoured = k;
  d.classifier_near = local_calibration(trained.held_out, favoured, local);
  out.classifier = trained.name();
  out.log_score = {trained.regression_log_score, trained.trees_log_score};
  out.calibration = model_calibration(trained.held_out, accounts.size());
  out.reliability = reliability(trained.held_out);

  out.by_evidence = self_check(accounts, key, settings.seed, {}, settings.threads);
  d.surprise = out.by_evidence.surprise;
  d.faults = out.by_evidence.faults;
  d.key_rows = predictive_check(accounts, key, settings.seed);
  for (std::size_t row = 0; row < law.size(); ++row) d.observables.push_back(law.name(row));
  return out;
}

std::vector<AccountTrials> run_all(std::span<const Account> accounts, const RecordLaw& law,
                                   const AdjudicationSettings& settings) {
  if (accounts.size() < 2) throw std::invalid_argument("at least 2 accounts are needed to judge between");
  for (std::size_t k = 0; k < accounts.size(); ++k)
    for (std::size_t l = 0; l < k; ++l)
      if (accounts[k].name == accounts[l].name)
        throw std::invalid_argument(
            fmt::format("two accounts are named {}: give each a name of its own", accounts[k].name));
  std::vector<AccountTrials> run;
  for (const auto& account : accounts) run.push_back(run_account(account, law, settings));
  return run;
}

}  // namespace

ObservationModel evidence_law(const Evidence& evidence, const sim::Clock& clock, double width) {
  const bool chosen = std::ranges::any_of(evidence.events, &Event::key);
  return {evidence, clock, chosen ? RowChoice::key : RowChoice::fitted, width};
}

std::vector<Variation> prior_variations(std::span<const AccountTrials> accounts, const RecordLaw& law) {
  return {with_priors(accounts, law, narrow_scale, &AccountTrials::narrow),
          with_priors(accounts, law, wide_scale, &AccountTrials::wide)};
}

std::vector<Variation> variations(std::span<const AccountTrials> accounts, const Evidence& evidence,
                                  const sim::Clock& clock) {
  const ObservationModel law = evidence_law(evidence, clock);
  std::vector<Variation> out = prior_variations(accounts, law);
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
  for (const auto& set : sets) out.push_back({"without " + set.name, true, {}, {}, {}});
  const auto greatest = law.greatest_log_density_without(sets);
  for (const auto& a : accounts) {
    std::vector<std::vector<double>> logs(sets.size());  // [set][trial]
    const auto ratio = log_weights(a.evidence, [](auto) { return 0.0; });
    for (std::size_t i = 0; i < a.evidence.size(); ++i) {
      const auto without = a.evidence.failed[i]
                               ? std::vector<double>(sets.size(), 0.0)
                               : law.log_density_without(sets, law.documented(), a.evidence.outcomes_of(i));
      for (std::size_t s = 0; s < sets.size(); ++s) logs[s].push_back(without[s] + ratio[i]);
    }
    const double ratio_bound = greatest_log_ratio(a.evidence);
    for (std::size_t s = 0; s < sets.size(); ++s)
      add(out[first + s], evidence_estimate(logs[s], a.evidence.failures()), greatest[s] + ratio_bound);
  }
  return out;
}

std::vector<KeyRow> predictive_check(std::span<const AccountTrials> accounts, const RecordLaw& law,
                                     std::uint64_t seed) {
  std::vector<KeyRow> out;
  for (std::size_t row = 0; row < law.size(); ++row) out.push_back({law.name(row), {}});
  for (const auto& a : accounts) {
    const auto weights = normalised(log_weights(a.evidence, likelihood_of(law)));
    std::vector<std::vector<double>> predicted(law.size());
    for (std::size_t i = 0; i < a.evidence.size(); ++i) {
      const auto draws = record_draws(seed, a.luck, RecordsOf::predictions, i);
      const auto record = a.evidence.failed[i] ? std::vector<double>(law.size(), sim::never)
                                               : law.sample_without_gross_errors(a.evidence.outcomes_of(i), draws);
      for (std::size_t row = 0; row < law.size(); ++row) predicted[row].push_back(record[row]);
    }
    for (std::size_t row = 0; row < law.size(); ++row)
      out[row].mid_p.push_back(predictive_mid_p(predicted[row], weights, law.documented()[row]));
  }
  return out;
}

SimulatedDatasets simulated_records(std::span<const AccountTrials> accounts, const RecordLaw& law, std::uint64_t seed) {
  SimulatedDatasets out;
  out.kinds.assign(law.size(), sim::ValueKind::real);  // an observation model has taken logarithms already
  out.accounts = accounts.size();
  // An order that names do not change, but for accounts that are the same.
  for (const auto& a : accounts) out.account_names.push_back(a.luck + '\n' + a.name);
  for (std::size_t row = 0; row < law.size(); ++row) out.column_names.push_back(law.name(row));
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const Trials& trials = accounts[k].prior;
    for (std::size_t i = 0; i < trials.size(); ++i) {
      if (trials.failed[i]) continue;
      const auto draws = record_draws(seed, accounts[k].luck, RecordsOf::training, i);
      const auto record = law.sample(trials.outcomes_of(i), draws);
      out.values.insert(out.values.end(), record.begin(), record.end());
      out.account.push_back(k);
    }
  }
  return out;
}

std::vector<PartCheck> checks_of_parts(std::span<const AccountTrials> accounts, const Evidence& evidence,
                                       const sim::Clock& clock, const AdjudicationSettings& settings) {
  const ObservationModel law(evidence, clock, RowChoice::all);
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
  std::vector<PartCheck> out;
  for (const auto& part : parts) {
    const auto trained = train_regression(records.with_columns(part.rows), parts_held_out, settings.threads);
    std::vector<double> documented;
    for (const std::size_t row : part.rows) documented.push_back(law.documented()[row]);
    out.push_back({part.name, part.rows.size(), trained.probabilities(documented),
                   confusion(trained.held_out, accounts.size()).error});
  }
  return out;
}

Adjudication adjudicate(std::span<const AccountTrials> accounts, const Evidence& evidence, const sim::Clock& clock,
                        const AdjudicationSettings& settings) {
  Adjudication out = judged(accounts, evidence_law(evidence, clock), ObservationModel(evidence, clock), settings);
  out.parts = checks_of_parts(accounts, evidence, clock, settings);
  out.findings.variations = variations(accounts, evidence, clock);
  out.verdict = verdict(out.findings);
  return out;
}

Adjudication adjudicate(std::span<const Account> accounts, const Evidence& evidence, const sim::Clock& clock,
                        const AdjudicationSettings& settings) {
  return adjudicate(run_all(accounts, evidence_law(evidence, clock), settings), evidence, clock, settings);
}

Adjudication adjudicate(std::span<const Account> accounts, const RecordLaw& law, const AdjudicationSettings& settings) {
  const auto run = run_all(accounts, law, settings);
  Adjudication out = judged(run, law, law, settings);
  out.findings.variations = prior_variations(run, law);
  out.verdict = verdict(out.findings);
  return out;
}

}  // namespace qantar::analysis
