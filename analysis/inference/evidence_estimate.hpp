// How probable is the record under each account? Z_k = E_prior[e(y|z)], the mean of the observation model over trials,
// by importance sampling with a fixed number of trials: unbiased, and plain sums, so any split gives the same answer.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "analysis/inference/account.hpp"
#include "analysis/inference/proposal.hpp"
#include "analysis/statistics/quantile.hpp"
#include "analysis/statistics/weights.hpp"
#include "analysis/statistics/wilson.hpp"

namespace qantar::analysis {

/// Natural log of e(y|z), the probability (density) of the record given the outcomes of a trial, up to one constant for
/// all accounts. -infinity is "impossible".
using LogLikelihood = std::function<double(std::span<const double> outcomes)>;

/// Trials with the proposal that chose where they were run. What comes later (other records, observation models, priors
/// of another width) is computed from them without a new trial.
struct Trials {
  std::size_t dimension = 0, width = 0;  ///< numbers per trial in `z` and in `outcomes`
  std::vector<double> z, log_proposal, outcomes;
  std::vector<char> failed;   ///< 1: the outcomes mean nothing
  std::string first_failure;  ///< message of the first trial that failed

  std::size_t size() const { return log_proposal.size(); }
  std::size_t failures() const;  ///< how many failed
  std::span<const double> z_of(std::size_t trial) const { return std::span(z).subspan(trial * dimension, dimension); }
  std::span<const double> outcomes_of(std::size_t trial) const {
    return std::span(outcomes).subspan(trial * width, width);
  }
};

/// Which trials, and on how many threads (0: all).
struct TrialRange {
  std::uint64_t seed = 0;            ///< see account_seed
  std::uint32_t stage = own_stages;  ///< trials of other stages are independent; the caller's are own_stages and above
  std::int64_t first = 0, last = 0;
  int threads = 0;
};

/// Runs the trials [first, last). Trial i is a pure function of account, proposal, seed, stage and i, so a long range
/// may be run in pieces. Throws std::invalid_argument for a stage that is not the caller's, a proposal of another
/// dimension, outcomes of another width, and a model that does not ask for a prior of its account.
Trials run_trials(const Account& account, const Proposal& proposal, const TrialRange& range);

namespace detail {
/// Where a trial is run, by its number: z, and the log density of what chose it.
using Places = std::function<std::pair<std::vector<double>, double>(std::uint32_t trial)>;
/// The same in any stage and anywhere. Places are asked for from many threads at once.
Trials run_stage(const Account& account, const Places& places, const TrialRange& range);
Trials run_stage(const Account& account, const Proposal& proposal, const TrialRange& range);
}  // namespace detail

/// Appends trials of the same account and proposal.
void append(Trials& trials, const Trials& more);

/// Log importance weight of each trial: log e + log prior - log proposal; -infinity for a failed one. `prior_scale`
/// judges what the answer owes to the width of the priors: it multiplies the standard deviation on the probit scale,
/// which for a normal prior is that of its own. Throws std::invalid_argument when the likelihood is NaN or infinite.
std::vector<double> log_weights(const Trials& trials, const LogLikelihood& likelihood, double prior_scale = 1);

struct EvidenceEstimate {
  double log_evidence = 0;    ///< natural log of Z; -infinity when no trial could have left the record
  double standard_error = 0;  ///< of log Z, from the variance of the weights
  double effective_size = 0;  ///< (sum w)^2 / sum w^2
  double largest_share = 0;   ///< of the sum of weights that one trial has
  std::size_t trials = 0, failed = 0;
  /// log Z is not greater than this, with 95 % confidence, however few trials carry weight; see log_at_most. Infinite
  /// where no bound is known.
  double log_at_most = std::numeric_limits<double>::infinity();
  /// Why nothing may be concluded from it, for people; empty when all is well: effective size below 200, one trial with
  /// more than 5 % of the weight, more than 1 % of trials failed (a failed trial counts as one that does not fit).
  std::vector<std::string> refusals;
};

/// `failed`: how many of the trials failed, each with a weight of -infinity. Throws std::invalid_argument for a weight
/// that is NaN or infinite, and when more trials failed than have that weight.
EvidenceEstimate evidence_estimate(std::span<const double> log_weights, std::size_t failed);

/// log_weights and evidence_estimate in one; counts the failed trials itself.
EvidenceEstimate evidence_estimate(const Trials& trials, const LogLikelihood& likelihood, double prior_scale = 1);

/// An upper bound of log Z when no weight is greater than exp(greatest_log_weight): what was seen and 1.96 standard
/// errors of it, and what none of n trials has shown, which has a probability below 3 / n. Infinite when more than 1 %
/// failed.
double log_at_most(const EvidenceEstimate& estimate, double greatest_log_weight);

/// Log of the greatest prior density / proposal density that trials may have: 0 where all come from the prior.
double greatest_log_ratio(const Trials& trials);

/// The probability of an account. What rests on evidence that is refused has a value, but neither interval nor error.
struct Probability {
  double value = 0;
  /// 95 % interval for the error of simulation only. NaN when the evidence of this account is refused, or that of
  /// another which may be greater: which has no bound, or more evidence than this one. Accounts that are known to be
  /// behind count with their bound at the low end.
  double low = 0, high = 0;
  double standard_error = 0;  ///< of the value; NaN likewise
};

/// Posterior probability of each account, prior probabilities being equal (interval by the delta method on the logit
/// scale). 0 for an account whose evidence is 0 or NaN; NaN when all are. Any order of accounts gives the same bits.
std::vector<Probability> posterior_probabilities(std::span<const EvidenceEstimate> accounts);

}  // namespace qantar::analysis
