// Would the method have found the truth, had it been otherwise, and does any account look like what happened? Confusion
// matrix from simulated records, simulation-based calibration, posterior predictive checks.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/statistics/wilson.hpp"

namespace qantar::analysis {

/// A record that was simulated under a known account, and what a method made of it.
struct Judged {
  std::size_t truth = 0;            ///< account
  std::vector<double> probability;  ///< one per account, summing to 1
  double distance = 0;              ///< from the documented record, on any scale, for `nearest`
};

/// Probabilities of all accounts from trials that were run already.
struct BankJudgement {
  std::vector<double> probability;
  std::vector<double> effective_size;  ///< of each account's trials for this record; below some tens it is noise
};

/// Judges any record with one set of trials per account: Z_k is the mean of e(record|outcomes), weighted for the
/// proposal. Throws std::invalid_argument when there is no account; probabilities are equal when no trial fits.
BankJudgement judge(std::span<const Trials> accounts, const LogLikelihood& likelihood);

/// Counts of truth against the account judged most probable. Ties are shared out evenly.
struct Confusion {
  std::size_t accounts = 0;
  std::vector<double> counts;  ///< [truth][chosen]
  double records = 0;
  double error = 0;      ///< share of records whose truth is not the account chosen
  double log_score = 0;  ///< mean -ln P(truth); infinite when a truth was called impossible

  double count(std::size_t truth, std::size_t chosen) const { return counts[truth * accounts + chosen]; }
  /// Share of the records of `truth` that are judged to be of `chosen`; NaN without records.
  double share(std::size_t truth, std::size_t chosen) const;
  /// Mean share of records that are judged rightly, over the accounts that have any; NaN where none has.
  double mean_found() const;
  /// Records of two accounts that are judged to be of one of them.
  double pair_records(std::size_t a, std::size_t b) const;

  /// Shares with Wilson 95 % intervals; NaN in [0, 1] without records.
  Estimate found(std::size_t truth) const;            ///< of its records, those judged to be its
  Estimate rightly_chosen(std::size_t chosen) const;  ///< of the records judged to be its, those that are
  /// Of pair_records, those judged rightly; 0.5 is chance. Not averaged over the two: among records near a given one
  /// nearly all are judged alike, and it counts how many of them that is right for.
  Estimate told_apart(std::size_t a, std::size_t b) const;

 private:
  double of_truth(std::size_t truth) const;
  double of_chosen(std::size_t chosen) const;
};

/// Throws std::invalid_argument for a truth or probabilities that do not fit the number of accounts.
Confusion confusion(std::span<const Judged> records, std::size_t accounts);

/// The `count` records of least distance, or all. Those as far as the last of them come too, however many they are, so
/// that neither the order of accounts nor that of records chooses.
std::vector<Judged> nearest(std::span<const Judged> records, std::size_t count);

/// Whether probabilities of accounts mean what they say on average: over records whose truths are drawn from the prior
/// probabilities, the mean P(account) is the prior probability (Schad et al. 2023).
struct ModelCalibration {
  std::vector<double> excess;    ///< mean of P(account) - 1{truth is it}; 0 when calibrated
  std::vector<double> standard;  ///< excess over its standard error
};
ModelCalibration model_calibration(std::span<const Judged> records, std::size_t accounts);

/// Place of a true value among posterior draws, in (0, 1): uniform over repeats when draws come from the posterior.
/// Equal values are ordered at random, by `u` in (0, 1) (Modrak et al. 2023). Weights are normalised; with unequal ones
/// the true value counts as one draw of the effective size.
double posterior_rank(double truth, std::span<const double> draws, std::span<const double> weights, double u);
double posterior_rank(double truth, std::span<const double> draws, double u);  ///< of equal weights

/// Of simulation-based calibration (Talts et al. 2018).
struct Calibration {
  std::vector<std::size_t> histogram;  ///< of ranks, 20 equal bins
  double chi_square = 0;               ///< against equal counts, 19 degrees of freedom
  double p_value = 1;                  ///< of a chi-square as large when calibrated
  Estimate coverage_50, coverage_90;   ///< of central intervals, with Wilson intervals
  /// p_value >= 0.001. With few repeats much goes unseen; 1000 show a deviation that is wrong by a fifth.
  bool passes() const { return p_value >= 0.001; }
};

/// `inflation` >= 1 is how much more counts of bins vary than those of independent ranks; the p-value allows for it.
/// Throws std::invalid_argument for fewer than 100 ranks, which leave bins too small, and for ranks outside (0, 1).
Calibration calibration(std::span<const double> ranks, double inflation = 1);

/// P(y' < y) + P(y' = y) / 2 over records y' that an account's posterior predicts for one row; near 0 or 1 when the
/// account does not reproduce the row. NaN ("never") comes after every value. Weights need not be normalised. NaN
/// without weight.
double predictive_mid_p(std::span<const double> predicted, std::span<const double> weights, double observed);

}  // namespace qantar::analysis
