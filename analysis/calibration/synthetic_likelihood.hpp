// How probable is the record at a place, as emulators have it? Rows are jointly normal around the emulated means, with
// the emulated variances and with the correlations that the model's own records have (Wood 2010). A row's weight
// divides its variance. A row of two values has the same variance everywhere, as in linear discriminant analysis: that
// is closer to the law of an answer than one that shrinks as the answer becomes certain.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "analysis/calibration/region.hpp"
#include "analysis/inference/record_law.hpp"

namespace qantar::analysis {

class SyntheticLikelihood {
 public:
  /// `wave` outlives it. `u`, `records`: what the wave was learnt from.
  SyntheticLikelihood(const Wave& wave, const RecordLaw& law, const std::vector<double>& documented,
                      std::span<const double> u, std::size_t dimension, std::span<const double> records);
  SyntheticLikelihood(SyntheticLikelihood&&) noexcept;
  SyntheticLikelihood& operator=(SyntheticLikelihood&&) noexcept;
  ~SyntheticLikelihood();

  /// Natural log, up to a constant.
  double log_density(std::span<const double> u) const;
  /// Squared distance of the record from what is expected at a place.
  double distance(std::span<const double> u) const;
  /// The same of the model's own records, each from where it was made, in ascending order.
  const std::vector<double>& own_distances() const { return own_; }
  /// Makes all deviations wider by a factor.
  void widen(double discrepancy) { discrepancy_ = discrepancy; }

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
  std::vector<double> own_;
  double discrepancy_ = 1;
};

}  // namespace qantar::analysis
