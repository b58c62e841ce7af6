#include "analysis/sensitivity/outputs.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "sim/conversions.hpp"

namespace qantar::analysis {

void check_blocks(std::size_t blocks, const std::string& block_name) {
  if (blocks < 2) throw std::invalid_argument(std::to_string(blocks) + " " + block_name + "s: at least 2 are needed");
}

RowMeans row_means(std::span<const double> outputs, std::size_t blocks, std::size_t rows, std::size_t replicates,
                   const std::string& block_name) {
  if (replicates < 1) throw std::invalid_argument("rows without replicates: at least 1 is needed");
  if (outputs.size() != blocks * rows * replicates)
    throw std::invalid_argument(std::to_string(outputs.size()) + " outputs where " + std::to_string(blocks) + " " +
                                block_name + "s of " + std::to_string(rows) + " rows with " +
                                std::to_string(replicates) + " replicates need " +
                                std::to_string(blocks * rows * replicates));

  RowMeans out;
  const auto r = sim::real(replicates);
  double low = outputs[0], high = outputs[0];
  for (std::size_t row = 0; row < blocks * rows; ++row) {
    const auto values = outputs.subspan(row * replicates, replicates);
    double sum = 0;
    for (std::size_t i = 0; i < replicates; ++i) {
      if (!std::isfinite(values[i]))
        throw std::invalid_argument("the output of row " + std::to_string(row) + " of the design (" + block_name + " " +
                                    std::to_string(row / rows) + ", its row " + std::to_string(row % rows) +
                                    "), replicate " + std::to_string(i) + " is no finite number: every row must have " +
                                    "one, or the indices would be of something else");
      sum += values[i];
      low = std::min(low, values[i]);
      high = std::max(high, values[i]);
    }
    out.mean.push_back(sum / r);
    if (replicates > 1) {
      double squares = 0;
      for (const double y : values) squares += (y - sum / r) * (y - sum / r);
      out.variance.push_back(squares / (r - 1.0));
      out.standard_error.push_back(std::sqrt(out.variance.back() / r));
    }
  }
  for (const double y : out.mean) out.centre += y / sim::real(out.mean.size());
  out.constant = high - low <= 1e-13 * std::max(std::fabs(low), std::fabs(high));
  return out;
}

}  // namespace qantar::analysis
