#include "analysis/inference/account_trials.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <tuple>

#include <fmt/format.h>

#include "sim/conversions.hpp"
#include "sim/draws.hpp"

namespace qantar::analysis {
namespace {

enum Stage : std::uint32_t {
  evidence_stage = adjudication_stages,
  prior_stage,
  narrow_stage = evidence_stage + 8,
  wide_stage
};
constexpr std::uint32_t first_record_stage = evidence_stage + 2;

constexpr double wanted_size = 300;  // effective, where 200 are needed

Proposal proposal_of(const AccountTrials& account, const Account& of) {
  const auto& population = account.population.population;
  return population.size() > 0 ? Proposal::defensive(population) : Proposal(of.dimension());
}

/// Fixed by the prior trials before the first one of the evidence, so the estimate stays unbiased.
std::int64_t evidence_wanted(const AccountTrials& account, const Proposal& proposal, const RecordLaw& law,
                             const AdjudicationSettings& settings) {
  if (!proposal.is_prior()) return settings.trials;
  const auto prior = evidence_estimate(account.prior, likelihood_of(law));
  const double needed = wanted_size * sim::real(account.prior.size()) / prior.effective_size;
  const auto trials = sim::real(settings.trials);
  return static_cast<std::int64_t>(std::clamp(needed, 0.5 * trials, 2.0 * trials));
}

}  // namespace

LogLikelihood likelihood_of(const RecordLaw& law) {
  return [&law](std::span<const double> outcomes) { return law.log_density(law.documented(), outcomes); };
}

bool advance(AccountTrials& so_far, const Account& account, const RecordLaw& law,
             const AdjudicationSettings& settings) {
  so_far.name = account.name;
  so_far.luck = account.luck();
  const std::uint64_t seed = account_seed(settings.seed, so_far.luck);
  const std::int64_t batch = settings.particles;
  const auto goes_on = [&](Trials& trials, Stage stage, std::int64_t wanted, const Proposal& proposal) {
    const std::int64_t done = trials.size();
    if (done >= wanted) return false;
    append(trials,
           detail::run_stage(account, proposal, {seed, stage, done, std::min(wanted, done + batch), settings.threads}));
    return true;
  };
  const Proposal prior(account.dimension());
  if (goes_on(so_far.prior, prior_stage, settings.records, prior)) {
    if (so_far.prior.width == 0 && static_cast<std::int64_t>(so_far.prior.size()) == settings.records)
      throw std::invalid_argument(fmt::format("account {}: all {} trials failed, the first one with: {}", account.name,
                                              so_far.prior.size(), so_far.prior.first_failure));
    return true;
  }
  if (!so_far.population.finished) {
    advance(so_far.population, account, {.likelihood = likelihood_of(law), .distance = {}, .tolerances = {}},
            {.particles = settings.particles,
             .generations = 20,
             .candidates = 0,
             .seed = seed,
             .threads = settings.threads},
            batch);
    return true;
  }
  for (const auto& [trials, stage, scale] :
       {std::tuple{&so_far.narrow, narrow_stage, narrow_scale}, std::tuple{&so_far.wide, wide_stage, wide_scale}})
    if (goes_on(*trials, stage, settings.records / 2, Proposal(account.dimension(), scale))) return true;
  const Proposal proposal = proposal_of(so_far, account);
  return goes_on(so_far.evidence, evidence_stage, evidence_wanted(so_far, proposal, law, settings), proposal);
}

sim::TrialKey key_of(std::uint64_t seed, const std::string& luck, TrialSet set, std::size_t trial) {
  return trial_key(account_seed(seed, luck), set == TrialSet::evidence ? evidence_stage : prior_stage,
                   static_cast<std::uint32_t>(trial));
}

bool same_again(const Account& account, const AccountTrials& run, TrialSet set, std::size_t trial, std::uint64_t seed) {
  const Trials& trials = run.of(set);
  const auto stored = trials.outcomes_of(trial);
  const auto outcomes = account.outcomes(key_of(seed, run.luck, set, trial), account.assigned(trials.z_of(trial)));
  return outcomes.size() == stored.size() && std::memcmp(outcomes.data(), stored.data(), stored.size_bytes()) == 0;
}

AccountTrials run_account(const Account& account, const RecordLaw& law, const AdjudicationSettings& settings) {
  AccountTrials out;
  while (advance(out, account, law, settings)) {
  }
  return out;
}

std::int64_t trials_done(const AccountTrials& a) {
  return a.prior.size() + a.narrow.size() + a.wide.size() + a.evidence.size();
}

std::int64_t trials_expected(const AdjudicationSettings& settings) { return 2 * settings.records + settings.trials; }

sim::Draws record_draws(std::uint64_t seed, const std::string& luck, RecordsOf purpose, std::size_t trial) {
  return sim::Draws(proposal_key(account_seed(seed, luck), first_record_stage + static_cast<std::uint32_t>(purpose),
                                 static_cast<std::uint32_t>(trial)));
}

}  // namespace qantar::analysis
