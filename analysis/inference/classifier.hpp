// A second opinion: how well, and how surely, can accounts be told from summaries of their trials by regression alone?
// Multinomial logistic regression with a ridge, calibrated on records that it has not seen. It shares neither the
// weights nor the assumptions of `evidence_estimate`, only the simulated records.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "analysis/inference/model_check.hpp"
#include "analysis/scoring/wilson.hpp"
#include "sim/record.hpp"

namespace qantar::analysis {

/// Simulated records, one row each, with the account of each row.
struct LabelledRecords {
  std::vector<sim::ValueKind> kinds;  ///< of the columns; counts are taken as log(1 + x)
  std::vector<double> values;         ///< row by row; NaN ("never") becomes 0 and a column of its own
  std::vector<std::size_t> account;   ///< one per row
  std::size_t accounts = 0;

  std::size_t size() const { return account.size(); }
  std::span<const double> row(std::size_t i) const { return std::span(values).subspan(i * kinds.size(), kinds.size()); }
  LabelledRecords with_columns(std::span<const std::size_t> columns) const;
};

/// Probabilities of the accounts as a function of a record.
class Classifier {
 public:
  /// Greatest penalised likelihood: standard normal priors on the coefficients of standardised columns, none on the
  /// intercepts; by the monotone algorithm of Bohning (1992) with momentum. `keep[i]` is 0 for rows to leave out.
  /// Throws std::invalid_argument when sizes do not fit or an account has no row.
  Classifier(const LabelledRecords& records, std::span<const char> keep);

  /// Logarithms of probabilities up to a constant, before calibration.
  std::vector<double> scores(std::span<const double> record) const;
  /// Summing to 1; `temperature` divides the scores (Guo et al. 2017), above 1 for less certainty.
  std::vector<double> probabilities(std::span<const double> record, double temperature) const;
  /// The standardised columns of a record, without the intercept; for distances between records.
  std::vector<double> standardised(std::span<const double> record) const;

 private:
  std::vector<double> columns(std::span<const double> record) const;

  std::vector<sim::ValueKind> kinds_;
  std::size_t accounts_ = 0;
  std::vector<double> mean_, scale_;  ///< of the columns; scale 0 leaves a constant column out
  std::vector<double> coefficients_;  ///< [account][1 + column]
};

/// How often what was given a probability was so.
struct ReliabilityBin {
  double predicted = 0;  ///< mean probability in the bin
  Estimate observed;     ///< share that was so, Wilson 95 %
  std::size_t count = 0;
};

/// Ten equal bins of all probabilities of all accounts; empty bins are left out.
std::vector<ReliabilityBin> reliability(std::span<const Judged> records);

struct TrainedClassifier {
  Classifier classifier;         ///< fitted to all records
  double temperature = 1;        ///< of best log score on held-out records
  std::vector<Judged> held_out;  ///< every record, judged by a fit that has not seen it, with the temperature applied
};

/// Fits, holding out each of `folds` parts of each account's records in turn, in their order, on `threads` threads (0:
/// all). Throws std::invalid_argument for fewer than 2 folds or fewer records of an account than folds.
TrainedClassifier train_classifier(const LabelledRecords& records, std::size_t folds = 5, int threads = 0);

/// Root mean square distance of two records over standardised columns.
double record_distance(const Classifier& classifier, std::span<const double> a, std::span<const double> b);

}  // namespace qantar::analysis
