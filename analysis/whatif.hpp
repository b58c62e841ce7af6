// What if one thing had been otherwise, and all luck the same? Paired counterfactuals in the three steps of Pearl
// (2009, ch. 7). Abduction: the trials are those that fit the record, each with its weight, which is what the record
// says of parameters and luck together. Action: the accounts as they would be. Prediction: every trial is run both ways
// with the same key and the same assigned priors, so both meet the same luck wherever they still do the same.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "analysis/inference/account.hpp"
#include "analysis/posterior.hpp"
#include "analysis/statistics/wilson.hpp"
#include "sim/ordered.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// An account as it was and as it would be. Both report the same outcomes in the same places.
struct PairedAccount {
  std::string name;
  RunTrial as_it_was, as_it_would_be;
};

/// One number among the outcomes of a trial.
struct OutcomeColumn {
  std::string name;
  sim::ValueKind kind = sim::ValueKind::real;  ///< no code
  std::size_t column = 0;                      ///< into what RunTrial returns
};

/// How many equal trials the weights are worth, (sum w)^2 / sum w^2 (Kish 1965), where trials of several accounts that
/// share their luck count as one. Below this nothing is said. An interval of a mean by the normal law covers as it
/// claims from 25 G^2 trials on, G being the skewness of what is averaged (Cochran 1977, section 2.15), so that 100 are
/// enough for a skewness of 2, and a share is known within 0.1. It also means that no trial has more than a tenth of
/// the weight.
inline constexpr double least_effective_pairs = 100;
/// Whether so many are enough; 100 equal weights may add up to a last bit less.
inline bool enough_pairs(double effective_size) { return effective_size > least_effective_pairs - 1e-6; }

/// `trials` with those of each account thinned to at most `most`, by systematic resampling in proportion to their
/// weight: each is taken as often as its weight deserves, rounded up or down by luck that depends on `seed` alone. The
/// sum of weights of every account stays what it was. Throws std::invalid_argument for a weight below 0 or not finite.
std::vector<PosteriorTrial> thinned(std::span<const PosteriorTrial> trials, std::size_t most, std::uint64_t seed);

/// Effective size of the weights; 0 when there is none above 0.
double effective_trials(std::span<const PosteriorTrial> trials);

/// Trials that were run both ways. Row i of each table belongs to trials[i], with one number per outcome.
struct PairedTrials {
  std::vector<OutcomeColumn> outcomes;
  std::vector<std::size_t> account;
  std::vector<sim::TrialKey> key;
  std::vector<double> weight;
  std::vector<double> as_it_was, as_it_would_be;
  std::vector<char> failed;   ///< 1: one way or the other; its numbers mean nothing
  std::string first_failure;  ///< message of the first that failed
  bool interrupted = false;   ///< the rows are a prefix of the trials
};

/// Runs every trial both ways on `threads` threads (0: all) and keeps `outcomes`. Rows do not depend on the number of
/// threads. `done` is told how many trials are over.
PairedTrials run_pairs(std::span<const PairedAccount> accounts, std::span<const PosteriorTrial> trials,
                       std::vector<OutcomeColumn> outcomes, int threads, const sim::StopFlag& stop,
                       const std::function<void(std::int64_t)>& done = {});

/// Means over trials, before and after. NaN when the trials that have a value both ways are worth less than
/// `least_effective_pairs`.
struct PairedMeans {
  double as_it_was = std::numeric_limits<double>::quiet_NaN();
  double as_it_would_be = std::numeric_limits<double>::quiet_NaN();
  /// as_it_would_be - as_it_was, with a 95 % interval for what chance leaves open in so many trials. By the normal law
  /// with the linearised variance of a weighted mean, in which trials that share their luck are one. Of shares: after
  /// Agresti and Min (2005) for as many trials as give that variance, which does not collapse when hardly any changes.
  Estimate difference{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN(),
                      std::numeric_limits<double>::quiet_NaN()};
  /// Variance of the difference in one trial over what it would be if both ways met luck and parameters of their own,
  /// the sum of both variances. 0: nothing but the change makes a difference; 1: pairing gains nothing. 0 when the
  /// differences do not vary at all.
  double variance_ratio = std::numeric_limits<double>::quiet_NaN();
  double effective_size = 0;  ///< of the trials with a value both ways
};

/// What happens to one outcome.
struct OutcomeEffect {
  PairedMeans means;  ///< of a flag or time: share of trials in which it is so or happens; otherwise the amount
  std::size_t to_yes = 0, to_no = 0;  ///< trials in which a flag or the occurrence of a time changes either way
  PairedMeans hours;                  ///< of a time, over trials in which it happens both ways; hours of the clock
};

/// Effects under one account, or under all by their weights.
struct AccountEffects {
  std::string name;
  double weight = 0;                    ///< share of the weight of all accounts
  std::size_t trials = 0, failed = 0;   ///< trials with a weight above 0; of these, failed
  double effective_size = 0;            ///< of those that did not fail
  std::string refusal;                  ///< why nothing is said, for people; empty when all is well
  std::vector<OutcomeEffect> outcomes;  ///< as in PairedTrials::outcomes; empty when refused
};

struct WhatIfEffects {
  std::vector<AccountEffects> accounts;
  AccountEffects all;
};

/// Refused, for an account or for all: below `least_effective_pairs`, or when more than 1 % of trials failed.
WhatIfEffects paired_effects(std::span<const PairedAccount> accounts, const PairedTrials& pairs);

}  // namespace qantar::analysis
