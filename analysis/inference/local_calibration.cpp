#include "analysis/inference/local_calibration.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "sim/conversions.hpp"

namespace qantar::analysis {

bool LocalCalibration::calibrated(double standard_errors) const {
  return std::fabs(observed - predicted) <= standard_errors * standard_error;
}

LocalCalibration local_calibration(std::span<const Judged> held_out, std::size_t account, std::size_t count) {
  if (held_out.empty() || count == 0)
    throw std::invalid_argument("local calibration needs at least one record to look at");
  std::vector<double> distance;
  for (const Judged& r : held_out) {
    if (account >= r.probability.size())
      throw std::invalid_argument(
          fmt::format("calibration of account {} where {} are judged", account, r.probability.size()));
    if (!(r.distance == r.distance)) throw std::invalid_argument("the distance of a record is not a number");
    distance.push_back(r.distance);
  }
  const auto last = distance.begin() + std::min(count, distance.size()) - 1;
  std::ranges::nth_element(distance, last);

  std::vector<double> predicted;
  double so = 0;
  for (const Judged& r : held_out)
    if (r.distance <= *last) {
      predicted.push_back(r.probability[account]);
      so += r.truth == account;
    }
  std::ranges::sort(predicted);  // the same sum in any order of records
  double sum = 0, variance = 0;
  for (const double p : predicted) {
    sum += p;
    variance += p * (1 - p);
  }
  const auto n = sim::real(predicted.size());
  const double share = (so + 1) / (n + 2);
  return {account, predicted.size(), sum / n, so / n,
          std::max(std::sqrt(variance) / n, std::sqrt(share * (1 - share) / n))};
}

}  // namespace qantar::analysis
