#include "analysis/inference/abc_smc.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {
namespace {

constexpr double kept = 0.5, fewest = 0.05, from_prior = 0.1, least_progress = 1.01;

/// Whether `entered` of `candidates` is so little that a rate of `needed` has a probability below 1e-6 of it
/// (Chernoff's bound of a Poisson count).
bool hopeless(std::size_t entered, std::int64_t candidates, double needed) {
  const double due = needed * sim::real(candidates), k = sim::real(entered);
  const double log_bound = k - due + (k > 0 ? k * sim::log(due / k) : 0.0);
  constexpr double log_millionth = -13.815510557964274;
  return k < due && log_bound < log_millionth;
}

/// Weights of the population at 1/T = `level`.
std::vector<double> tempered(const AbcState& s, double level) {
  std::vector<double> logs;
  for (std::size_t i = 0; i < s.score.size(); ++i) logs.push_back(s.log_ratio[i] + level * s.score[i]);
  return normalised(logs);
}

/// Greatest 1/T in [from, 1] at which the effective size is still `kept` of that at `from`, and `fewest` of the
/// population; `from` without one.
double next_level(const AbcState& s, double from) {
  const auto size = [&](double level) { return effective_sample_size(tempered(s, level)); };
  const double least = std::max(kept * size(from), fewest * sim::real(s.score.size()));
  if (size(1.0) >= least) return 1.0;
  double low = from, high = 1.0;
  for (int i = 0; i < 40; ++i) {
    const double middle = 0.5 * (low + high);
    (size(middle) >= least ? low : high) = middle;
  }
  return low;
}

void close_generation(AbcState& s, std::size_t dimension, const AbcTarget& target, const AbcSettings& settings) {
  AbcGeneration done;
  const bool by_likelihood = static_cast<bool>(target.likelihood);
  const double before = s.history.empty() ? 0.0 : s.history.back().level;
  std::vector<double> weight;
  if (by_likelihood) {
    done.level = next_level(s, before);
    weight = tempered(s, done.level);
  } else {
    done.level = target.tolerances[s.generation()];
    weight = normalised(s.log_ratio);
  }
  done.candidates = s.next;
  done.failed = s.failed;
  done.acceptance = sim::real(s.score.size()) / sim::real(s.next);
  done.effective_size = effective_sample_size(weight);
  s.population = {dimension, std::move(s.z), std::move(weight)};
  s.history.push_back(done);
  s.next = s.failed = 0;
  s.z.clear();
  s.log_ratio.clear();
  s.score.clear();
  if (by_likelihood) {
    // The second generation at T = 1 has seen the first one's shape.
    if (done.level == 1.0 && before == 1.0) s.finished = true;
    if (!s.finished && before > 0 && done.level < 1.0 && done.level < least_progress * before) {
      s.finished = true;
      s.stopped_because = fmt::format(
          "at temperature {:.3g} the effective size is {:.0f} of {} and falls with it: the record asks for more than "
          "trials with the same parameters have in common",
          1.0 / done.level, done.effective_size, settings.particles);
    }
    if (!s.finished && s.history.size() == static_cast<std::size_t>(settings.generations)) {
      s.finished = true;
      if (done.level < 1.0)
        s.stopped_because = fmt::format("after {} generations the temperature is still {:.3g}: allow more generations",
                                        s.history.size(), 1.0 / done.level);
    }
  } else {
    s.finished = s.history.size() == target.tolerances.size();
  }
}

}  // namespace

void advance(AbcState& s, const Account& account, const AbcTarget& target, const AbcSettings& settings,
             std::int64_t candidates) {
  const bool by_likelihood = static_cast<bool>(target.likelihood);
  if (by_likelihood == static_cast<bool>(target.distance))
    throw std::invalid_argument("a target needs either an observation model or a distance");
  if (!by_likelihood && (target.tolerances.empty() || !std::ranges::is_sorted(target.tolerances, std::greater{})))
    throw std::invalid_argument("a distance needs tolerances, one per generation, that do not rise");
  if (!by_likelihood && !(target.tolerances.back() > 0))
    throw std::invalid_argument(
        fmt::format("a tolerance of {}: a candidate enters when its distance is below it, so it must lie above 0; for "
                    "trials that equal the record give less than the least distance of others",
                    target.tolerances.back()));
  if (target.tolerances.size() > own_stages || settings.generations > static_cast<int>(own_stages))
    throw std::invalid_argument(fmt::format("at most {} generations are possible", own_stages));
  if (settings.particles < 2) throw std::invalid_argument("a population needs at least 2 particles");
  if (settings.generations < 1) throw std::invalid_argument("at least 1 generation is needed");
  if (s.finished) return;
  const std::int64_t most =
      settings.candidates > 0
          ? settings.candidates
          : std::min<std::int64_t>(1000 * static_cast<std::int64_t>(settings.particles), 0xffffffffLL);
  const std::int64_t last = std::min(most, s.next + std::max<std::int64_t>(1, candidates));
  // With an observation model the population approaches the target, so kernels should keep its covariance; with a hard
  // kernel they should reach beyond it.
  const std::size_t d = account.dimension();
  const Proposal proposal = s.population.size() == 0 ? Proposal(d)
                            : by_likelihood          ? Proposal::smoothed(s.population, from_prior, 0.0)
                                                     : Proposal::perturbation(s.population, from_prior);
  const Trials trials =
      detail::run_stage(account, proposal, {settings.seed, s.generation(), s.next, last, settings.threads});
  // Of the candidates before the next one, so that batches change nothing.
  const auto stuck = [&] { return hopeless(s.score.size(), s.next, sim::real(settings.particles) / sim::real(most)); };
  for (std::size_t i = 0; i < trials.size() && s.score.size() < settings.particles && !stuck(); ++i) {
    ++s.next;
    s.failed += trials.failed[i];
    if (trials.failed[i]) continue;
    const auto outcomes = trials.outcomes_of(i);
    const double score = by_likelihood ? target.likelihood(outcomes) : target.distance(outcomes);
    if (!(score == score) || (by_likelihood && score == std::numeric_limits<double>::infinity()))
      throw std::invalid_argument(fmt::format("account {}: candidate {} of generation {} has {} {}", account.name,
                                              s.next - 1, s.generation(),
                                              by_likelihood ? "a log probability of" : "distance", score));
    if (by_likelihood ? score == -std::numeric_limits<double>::infinity()
                      : !(score < target.tolerances[s.generation()]))
      continue;
    const auto z = trials.z_of(i);
    s.z.insert(s.z.end(), z.begin(), z.end());
    s.log_ratio.push_back(log_normal_density(z, 1.0) - trials.log_proposal[i]);
    s.score.push_back(score);
  }
  if (s.score.size() == settings.particles) {
    close_generation(s, d, target, settings);
  } else if (s.next >= most || stuck()) {
    s.finished = true;
    s.stopped_because = fmt::format(
        "generation {} found {} of {} particles in {} candidates{}: no nearer to the record than the generation "
        "before{}",
        s.generation(), s.score.size(), settings.particles, s.next,
        s.next < most ? fmt::format(", and would not be full after {}", most) : "",
        s.failed == s.next ? "; all of them failed, so mend the model"
        : by_likelihood
            ? "; an observation model that calls nothing impossible would lead there"
            : fmt::format("; give a tolerance above {:g}, smaller steps between tolerances, or more candidates",
                          target.tolerances[s.generation()]));
  }
}

AbcState abc_smc(const Account& account, const AbcTarget& target, const AbcSettings& settings) {
  AbcState state;
  while (!state.finished) advance(state, account, target, settings, static_cast<std::int64_t>(settings.particles));
  return state;
}

}  // namespace qantar::analysis
