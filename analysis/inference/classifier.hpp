// A classifier check: how well, and how surely, can accounts be told from summaries of their trials by rules that were
// learnt from simulated records? Multinomial logistic regression with a ridge, and boosted trees, which also see what
// is not linear; the one of better log score on records that it has not seen is used, and calibrated on these. It
// shares neither the weights nor the assumptions of `evidence_estimate`, only the simulated records.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "analysis/inference/boosted_trees.hpp"
#include "analysis/inference/model_check.hpp"
#include "analysis/inference/simulated_datasets.hpp"
#include "analysis/statistics/wilson.hpp"
#include "sim/trial_result.hpp"

namespace qantar::analysis {

/// Logarithms of probabilities as a function of a record that are linear in its columns: numbers, or log(1 + x) of
/// counts, and a column of its own for each that tells whether it never came.
class Regression {
 public:
  /// Greatest penalised likelihood: standard normal priors on the coefficients of standardised columns, none on the
  /// intercepts; by the monotone algorithm of Bohning (1992) with momentum. `keep[i]` is 0 for rows to leave out.
  /// Throws std::invalid_argument when sizes do not fit or an account has no row.
  Regression(const SimulatedDatasets& records, std::span<const char> keep);

  /// Logarithms of probabilities up to a constant, before calibration.
  std::vector<double> scores(std::span<const double> record) const;
  /// The standardised columns of a record, in the order of RecordOrder, each followed by that for "never".
  std::vector<double> standardised(std::span<const double> record) const;

 private:
  std::vector<double> columns(std::span<const double> record) const;

  RecordOrder order_;
  std::vector<sim::ValueKind> kinds_;  ///< of the sorted columns
  std::vector<double> mean_, scale_;   ///< of the columns; scale 0 leaves a constant column out
  std::vector<double> coefficients_;   ///< [sorted account][1 + column]
};

/// How often what was given a probability was so.
struct ReliabilityBin {
  double predicted = 0;  ///< mean probability in the bin
  Estimate observed;     ///< share that was so, Wilson 95 %
  std::size_t count = 0;
};

/// Ten equal bins of all probabilities of all accounts; empty bins are left out.
std::vector<ReliabilityBin> reliability(std::span<const Judged> records);

/// A regression, and the same with boosted trees on what it leaves; the one of better log score is used.
struct TrainedClassifier {
  enum class Kind { regression, boosted_trees };

  Kind kind = Kind::regression;
  double regression_log_score;   ///< mean -ln P(truth) on records that the fit has not seen, calibrated
  double trees_log_score;        ///< NaN where no trees were grown
  std::vector<Judged> held_out;  ///< every record, judged by a fit of `kind` that has not seen it, calibrated

  Regression regression;            ///< fitted to all records
  std::vector<Regression> starts;   ///< one per fold, fitted to the others
  std::vector<BoostedTrees> trees;  ///< one per fold, grown on the others from the calibrated scores of `starts`
  std::size_t rounds = 0;           ///< of the trees, of best log score
  /// Divide scores (Guo et al. 2017), above 1 for less certainty; of best log score.
  double regression_temperature, trees_temperature = 1;

  /// Logarithms of probabilities up to a constant, of the trees of a fold, before calibration.
  std::vector<double> scores(std::size_t fold, std::span<const double> record) const;
  /// Of the accounts, summing to 1, calibrated. The fits of all folds are averaged in the logarithm where trees are
  /// used.
  std::vector<double> probabilities(std::span<const double> record) const;
  /// For people: "regression" or "boosted trees".
  std::string name() const;
};

/// Fits both kinds, holding out each of `folds` parts of each account's records in turn, in
/// their order, on `threads` threads (0: all). With names in the records, neither the order of accounts nor that of
/// columns changes a bit; that of records of different accounts never does. Throws std::invalid_argument for fewer than
/// 2 accounts or folds, fewer records of an account than folds, and what RecordOrder throws.
TrainedClassifier train_classifier(const SimulatedDatasets& records, std::size_t folds = 5, int threads = 0);

/// The regression alone: in a quarter of the time, and blind to all that is not linear.
TrainedClassifier train_regression(const SimulatedDatasets& records, std::size_t folds = 5, int threads = 0);

/// Root mean square distance of two records over standardised columns.
double record_distance(const TrainedClassifier& classifier, std::span<const double> a, std::span<const double> b);

}  // namespace qantar::analysis
