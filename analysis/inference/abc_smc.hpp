// The posterior of one account's parameters by sequential Monte Carlo without a likelihood of the model (Toni et al.
// 2009; Beaumont et al. 2009): populations that move from the prior towards the record.
//
// A candidate is a pure function of (account, seed, generation, index, previous population), and candidates enter a
// population by index, never by the time at which their trial ends, which would favour parameters that run fast. Bits
// depend on neither threads nor how often a run was interrupted.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "analysis/inference/account.hpp"
#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/inference/proposal.hpp"

namespace qantar::analysis {

/// What a candidate's distance from the record means.
struct AbcTarget {
  /// Tempered observation model: candidates weigh e(y|z)^(1/T). T falls from generation to generation, as far as half
  /// of the effective size remains, and 5 % of the population; at T = 1 the population is the posterior.
  LogLikelihood likelihood;
  /// Uniform kernel, for data without an observation model: a candidate enters when its distance is below the
  /// generation's tolerance. Used where `likelihood` is empty.
  std::function<double(std::span<const double> outcomes)> distance;
  std::vector<double> tolerances;  ///< one per generation, above 0 and falling; at most `own_stages`
};

struct AbcSettings {
  std::size_t particles = 2000;  ///< of a population
  int generations = 20;          ///< at most, with an observation model
  std::int64_t candidates = 0;   ///< of a generation at most; 0: 1000 per particle
  std::uint64_t seed = 0;        ///< see account_seed
  int threads = 0;               ///< 0: all
};

/// One generation that was completed.
struct AbcGeneration {
  double level = 0;  ///< 1/T, or the tolerance
  std::int64_t candidates = 0, failed = 0;
  double acceptance = 0;  ///< entered / candidates
  double effective_size = 0;
};

/// Everything that a run is at some candidate; stored and loaded, it goes on as if nothing had happened.
struct AbcState {
  std::int64_t next = 0;  ///< candidate of the generation under way
  Population population;  ///< of the last completed generation, weights summing to 1; empty in the first
  // Of those that have entered, by index.
  std::vector<double> z, log_ratio, score;  ///< log_ratio: log prior - log proposal; score: log e(y|z), or distance
  std::int64_t failed = 0;
  std::vector<AbcGeneration> history;
  bool finished = false;
  std::string stopped_because;  ///< why it finished before its end; empty when it reached it

  std::uint32_t generation() const { return static_cast<std::uint32_t>(history.size()); }
};

/// Runs the next `candidates` of the generation under way, or as many as are left of it, and closes it once its
/// population is full. A tenth of the candidates comes from the prior in each generation. A generation that runs out
/// of candidates ends the run with the population before it, which may be empty; so does one that has let in so few
/// that it will run out, as soon as that is certain but for one case in a million (14 candidates per particle of the
/// ratio that `candidates` allows, when none gets in). Throws std::invalid_argument for a target with neither or both
/// kernels, tolerances or generations that cannot be, fewer than 2 particles, and what run_trials throws.
void advance(AbcState& state, const Account& account, const AbcTarget& target, const AbcSettings& settings,
             std::int64_t candidates);

/// All generations, in batches as large as a population.
AbcState abc_smc(const Account& account, const AbcTarget& target, const AbcSettings& settings);

}  // namespace qantar::analysis
