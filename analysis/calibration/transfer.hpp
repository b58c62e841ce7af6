// What do the records of several cases say together of the parameters that these share?
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analysis/calibration/synthetic_likelihood.hpp"

namespace qantar::analysis {

/// A case with its rival accounts, none of them more probable than another.
struct Lesson {
  std::vector<SyntheticLikelihood> accounts;
  /// Of each account, where each of its parameters stands in the vector that all cases share; `unused` where no row
  /// depends on it.
  std::vector<std::vector<std::size_t>> place;
  static constexpr std::size_t unused = static_cast<std::size_t>(-1);
};

/// Draws, one after the other, of the quantiles of all parameters of the shared vector: from their priors times, for
/// each case, the mean of the likelihoods of its accounts. From four chains; their worst split R-hat is `r_hat`.
struct Learnt {
  std::vector<std::vector<double>> draws;
  double r_hat = 1;
};
Learnt learn(const std::vector<Lesson>& lessons, std::size_t dimension, std::uint64_t seed, std::size_t draws,
             int threads);

}  // namespace qantar::analysis
