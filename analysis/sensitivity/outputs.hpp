// What an analysis of a design is given: every output of every row.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace qantar::analysis {

/// The rows of a design with what the trials of each row had in common and what was luck.
struct RowMeans {
  std::vector<double> mean;      ///< of the replicates of each row
  std::vector<double> variance;  ///< between them (divisor replicates - 1); empty with a single replicate
  /// Of each mean, from that variance; empty with a single replicate.
  std::vector<double> standard_error;
  double centre = 0;      ///< mean over all rows, to be taken off before squaring
  bool constant = false;  ///< all outputs are equal, up to rounding
};

/// Reads outputs[block][row][replicate], rows being numbered through. Every one must be there and finite: a missing row
/// would shift the meaning of all others. Throws std::invalid_argument otherwise, naming the design's row, the
/// replicate and, as `block_name` such as "base row", the block; for a size other than blocks x rows x replicates with
/// both sizes.
RowMeans row_means(std::span<const double> outputs, std::size_t blocks, std::size_t rows, std::size_t replicates,
                   const std::string& block_name);

/// Throws std::invalid_argument for fewer blocks than anything can be estimated from.
void check_blocks(std::size_t blocks, const std::string& block_name);

}  // namespace qantar::analysis
