#include "analysis/inference/case_adjudication.hpp"

#include <algorithm>

#include "sim/conversions.hpp"
#include "sim/ordered.hpp"

namespace qantar::analysis {
namespace {

constexpr std::size_t run_again = 200;  // trials of an account for what is not compared
constexpr std::size_t settling_kept = 32;

/// Trials that stand for all: each as often as its weight is worth, without a draw.
std::vector<std::size_t> representative(std::span<const double> weights, std::size_t n) {
  std::vector<std::size_t> out;
  double passed = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    passed += weights[i] * sim::real(n);
    while (sim::real(out.size()) + 0.5 < passed && out.size() < n) out.push_back(i);
  }
  return out;
}

/// The same weight for each trial that did not fail.
std::vector<double> alike(const Trials& trials) {
  const double each = 1.0 / sim::real(trials.size() - trials.failures());
  std::vector<double> out;
  for (const char failed : trials.failed) out.push_back(failed ? 0.0 : each);
  return out;
}

/// All outcomes of trials that stand for all of a set.
std::vector<std::vector<double>> outcomes_again(const Account& account, const AccountTrials& run, TrialSet set,
                                                const std::vector<double>& weights,
                                                const AdjudicationSettings& settings) {
  const auto trials = representative(weights, run_again);
  std::vector<std::vector<double>> out(trials.size());
  sim::parallel_for(std::ssize(trials), settings.threads, [&](std::int64_t n) {
    const std::size_t trial = trials[n];
    out[n] = account.outcomes(key_of(settings.seed, run.luck, set, trial), account.assigned(run.of(set).z_of(trial)));
  });
  return out;
}

/// Outcomes that one could come to know: with one number for all, or one along an axis.
std::vector<Observable> observables(const sim::ResultLayout& layout, const std::set<std::size_t>& documented,
                                    const std::vector<std::vector<std::vector<double>>>& outcomes) {
  std::vector<Observable> out;
  for (const auto& [v, first, size] : layout.placed(layout.outcomes))
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t column = first + i;
      if (v.latent || documented.contains(column) || v.kind == sim::ValueKind::code || v.axes.size() > 1) continue;
      Observable& o = out.emplace_back();
      o.name = v.name + (v.axes.empty() ? "" : ":" + layout.labels(v, i).front());
      for (const auto& account : outcomes) {
        auto& values = o.values.emplace_back();
        for (const auto& trial : account) values.push_back(trial[column]);
      }
    }
  return out;
}

}  // namespace

CaseAdjudication adjudicate_case(std::span<const AccountTrials> accounts, const AccountTrials* open,
                                 const CaseQuestions& asked, std::span<const Account> with_all_outcomes,
                                 const sim::ResultLayout& layout, const std::set<std::size_t>& documented,
                                 const sim::Clock& clock, const AdjudicationSettings& settings) {
  CaseAdjudication out;
  out.adjudication = adjudicate(accounts, asked.evidence, clock, settings);
  const ObservationModel law = evidence_law(asked.evidence, clock);
  out.rows_weighed = law.size();
  const auto weights_of = [&](const AccountTrials& account) {
    return normalised(log_weights(account.evidence, likelihood_of(law)));
  };
  std::vector<std::vector<double>> weights;
  for (const auto& account : accounts) weights.push_back(weights_of(account));
  out.evidence_stands = std::ranges::all_of(out.adjudication.findings.evidence,
                                            [](const EvidenceEstimate& e) { return e.refusals.empty(); });
  std::vector<double> probability(accounts.size(), 1.0 / sim::real(accounts.size()));
  if (out.evidence_stands)
    std::ranges::transform(out.adjudication.probability, probability.begin(), &Probability::value);

  if (open && !asked.switches.empty())
    out.switches = {open->name, switch_inclusion(*open, weights_of(*open), asked.first_switch, asked.switches.size()),
                    evidence_estimate(open->evidence, likelihood_of(law)).refusals};
  // Evidence that cannot be relied on carries no number further.
  if (out.evidence_stands) out.claims = claim_shares(asked.claims, accounts, weights, probability);

  std::vector<std::vector<std::vector<double>>> outcomes;  // [account][trial]
  std::vector<std::vector<double>> equal;
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const auto again = [&](TrialSet set, const std::vector<double>& weight) {
      return outcomes_again(with_all_outcomes[k], accounts[k], set, weight, settings);
    };
    outcomes.push_back(out.evidence_stands ? again(TrialSet::evidence, weights[k])
                                           : again(TrialSet::prior, alike(accounts[k].prior)));
    equal.emplace_back(outcomes.back().size(), 1.0);
  }
  out.would_settle = information_gain(observables(layout, documented, outcomes), equal, probability);
  if (out.would_settle.size() > settling_kept) out.would_settle.resize(settling_kept);
  return out;
}

}  // namespace qantar::analysis
