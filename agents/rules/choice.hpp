// Which of its actions a faction chooses: logit quantal response over actions and waiting. (McKelvey and Palfrey 1995)
#pragma once
#include <limits>
#include <span>

#include "sim/numerics.hpp"

namespace qantar::agents {

/// Log-weight of what cannot be chosen.
inline constexpr double impossible = -std::numeric_limits<double>::infinity();

/// Turns log-weights into probabilities of choosing each; the rest, to 1, is that of waiting, whose log-weight is 0.
/// All zero when nothing is possible.
inline void choose_or_wait(std::span<double> weights) {
  double top = 0;  // of waiting
  for (const double w : weights) top = w > top ? w : top;
  double sum = sim::exp(-top);
  for (double& w : weights) sum += (w = w == impossible ? 0.0 : sim::exp(w - top));
  for (double& w : weights) w /= sum;
}

/// How far a condition is met, 0..1: logistic in the distance of the signal from its threshold. What is known badly
/// blurs it: `information` 0..1, `noise` as a share of the threshold at no information at all.
inline double condition_met(double signal, double threshold, double width, double information, double noise) {
  const double size = threshold < 0 ? -threshold : threshold;
  return sim::logistic((signal - threshold) / (width + noise * (1.0 - information) * size));
}

/// What is gained by a step of `shift` in the log-odds of prevailing, at `stake` for all of it.
inline double gain(double stake, double log_odds, double shift) {
  return stake * (sim::logistic(log_odds + shift) - sim::logistic(log_odds));
}

/// What a cost weighs for who has `available`: a log barrier, 0 for nothing, without bound as the cost comes near what
/// is there. What is not there cannot be spent.
inline double price(double cost, double available) {
  if (cost <= 0) return 0.0;
  return cost < available ? -sim::log(1.0 - cost / available) : -impossible;
}

}  // namespace qantar::agents
