// What would the record say if a trial were what happened? The law e(y|z) of a record y given the outcomes z of a
// trial: all that a verdict asks of a record. `ObservationModel` is that of a record of documented events; whoever has
// a likelihood of their own writes another one.
#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "sim/trial_key.hpp"

namespace qantar::analysis {

/// A record is one number per row; NaN is "never". All functions are pure and called from many threads at once.
class RecordLaw {
 public:
  virtual ~RecordLaw() = default;

  virtual std::size_t size() const = 0;                        ///< rows
  virtual const std::string& name(std::size_t row) const = 0;  ///< no two alike
  virtual const std::vector<double>& documented() const = 0;
  /// What a row counts for, above 0: a power on its likelihood. Calibration asks for it; log_density has it inside.
  virtual double weight(std::size_t) const { return 1; }

  /// Natural log of e(record|outcomes), a probability (density) up to one constant for all outcomes and accounts.
  /// -infinity is "impossible".
  virtual double log_density(std::span<const double> record, std::span<const double> outcomes) const = 0;
  /// A bound: log_density of the documented record is never greater, whatever the outcomes. Infinite where none is
  /// known; then no account can be known to be far behind without many trials that fit the record.
  virtual double greatest_log_density() const { return std::numeric_limits<double>::infinity(); }
  /// A record that e allows, errors included.
  virtual std::vector<double> sample(std::span<const double> outcomes, const sim::Draws& draws) const = 0;
  /// The same as if nothing had gone wrong in writing it down, for laws that know of gross errors.
  virtual std::vector<double> sample_without_gross_errors(std::span<const double> outcomes,
                                                          const sim::Draws& draws) const {
    return sample(outcomes, draws);
  }
};

}  // namespace qantar::analysis
