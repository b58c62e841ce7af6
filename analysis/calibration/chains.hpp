// Are chains one, and what are they worth?
#pragma once
#include <cstddef>
#include <span>

namespace qantar::analysis {

struct ChainDiagnostics {
  double r_hat = 1;      ///< potential scale reduction of split chains (Gelman et al. 2013); near 1 when they agree
  double effective = 0;  ///< independent draws that the mean is worth, at most all
};

/// `draws`: one chain after the other, each of `length` >= 4. Autocorrelations are summed over pairs as long as these
/// fall and are above 0 (Geyer 1992). Chains that never move have NaN and 0.
ChainDiagnostics chain_diagnostics(std::span<const double> draws, std::size_t length);

}  // namespace qantar::analysis
