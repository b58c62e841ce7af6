// Do the probabilities of a classifier mean what they say near one record? One that is calibrated over all records may
// be wrong in the corner where the documented one lies.
#pragma once
#include <cstddef>
#include <span>

#include "analysis/inference/model_check.hpp"

namespace qantar::analysis {

/// What was predicted of one account near a record, and what was so.
struct LocalCalibration {
  std::size_t account = 0;
  std::size_t records = 0;    ///< that lie near
  double predicted = 0;       ///< mean P(account) of these
  double observed = 0;        ///< share of these whose truth it is
  double standard_error = 0;  ///< of observed - predicted

  /// Whether the two differ by at most so many standard errors.
  bool calibrated(double standard_errors = 3) const;
};

/// Of the `count` records of least distance, or all there are; records as far away as the last of them belong to them
/// too. The standard error is the larger of what calibrated predictions imply and of the observed share by Laplace's
/// rule, so that a single surprise among predictions near 0 or 1 proves nothing. The order of records changes no bit.
/// Throws std::invalid_argument without records, for a count of 0, an account that is not judged, and a distance that
/// is not a number.
LocalCalibration local_calibration(std::span<const Judged> held_out, std::size_t account, std::size_t count);

}  // namespace qantar::analysis
