#include "agents/classic/condorcet.hpp"

#include "sim/conversions.hpp"
#include "sim/numerics.hpp"

namespace qantar::agents::classic {
namespace {

using Eigen::Index;

// Shares of time in each state of a chain whose columns say where it goes. Each round is averaged with the last one:
// a chain that only alternates would never settle.
Eigen::VectorXd shares_of_time(const Eigen::MatrixXd& moves) {
  const Index n = moves.rows();
  Eigen::VectorXd p = Eigen::VectorXd::Constant(n, 1.0 / sim::real(n));
  for (int round = 0; round < 100'000; ++round) {
    const Eigen::VectorXd next = 0.5 * (p + moves * p);
    const double change = (next - p).cwiseAbs().maxCoeff();
    p = next;
    if (change < 1e-14) break;
  }
  return p / p.sum();
}

// `challenge` (b, a): chance that b is the challenger when a is the favourite.
Eigen::VectorXd outcome_of_challenges(const Eigen::MatrixXd& challenge, const Eigen::MatrixXd& victory) {
  const Index n = victory.rows();
  Eigen::MatrixXd moves = Eigen::MatrixXd::Zero(n, n);
  for (Index a = 0; a < n; ++a)
    for (Index b = 0; b < n; ++b) {
      moves(b, a) += challenge(b, a) * victory(b, a);
      moves(a, a) += challenge(b, a) * victory(a, b);
    }
  return shares_of_time(moves);
}

double push(double gain, VoteRule rule) {
  if (gain <= 0) return 0.0;
  return rule == VoteRule::binary ? 1.0 : rule == VoteRule::cubic ? gain * gain * gain : gain;
}

}  // namespace

Eigen::MatrixXd vote_strengths(const Eigen::MatrixXd& utility, const Eigen::VectorXd& weight, VoteRule rule) {
  const Index n = utility.cols();
  Eigen::MatrixXd strength = Eigen::MatrixXd::Zero(n, n);
  for (Index a = 0; a < n; ++a)
    for (Index b = 0; b < n; ++b)
      for (Index i = 0; i < utility.rows(); ++i)
        strength(a, b) += weight(i) * push(utility(i, a) - utility(i, b), rule);
  return strength;
}

Eigen::MatrixXd victory_chances(const Eigen::MatrixXd& strength, double exponent) {
  const Index n = strength.rows();
  Eigen::MatrixXd victory = Eigen::MatrixXd::Constant(n, n, 0.5);
  for (Index a = 0; a < n; ++a)
    for (Index b = 0; b < n; ++b)
      if (strength(a, b) <= 0) {
        if (strength(b, a) > 0) victory(a, b) = 0.0;
      } else {
        // By the ratio, so that a large exponent of a small strength does not vanish.
        victory(a, b) = 1.0 / (1.0 + sim::pow(strength(b, a) / strength(a, b), exponent));
      }
  return victory;
}

Eigen::VectorXd conditional_outcome(const Eigen::MatrixXd& victory) {
  Eigen::VectorXd p = Eigen::VectorXd::Ones(victory.rows());
  for (Index a = 0; a < victory.rows(); ++a)
    for (Index b = 0; b < victory.cols(); ++b)
      if (a != b) p(a) *= victory(a, b);
  return p / p.sum();
}

Eigen::VectorXd uniform_challenges(const Eigen::MatrixXd& victory) {
  const Index n = victory.rows();
  return outcome_of_challenges(Eigen::MatrixXd::Constant(n, n, 1.0 / sim::real(n)), victory);
}

Eigen::VectorXd incentive_challenges(const Eigen::MatrixXd& strength, const Eigen::MatrixXd& victory) {
  const Index n = victory.rows();
  Eigen::MatrixXd challenge = strength.cwiseProduct(victory);
  for (Index a = 0; a < n; ++a) {
    const double all = challenge.col(a).sum();
    if (all > 0)
      challenge.col(a) /= all;
    else
      challenge(a, a) = 1.0;  // nobody would gain: the favourite stays
  }
  return outcome_of_challenges(challenge, victory);
}

}  // namespace qantar::agents::classic
