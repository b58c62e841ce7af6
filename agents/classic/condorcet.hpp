// The probabilistic Condorcet election of the KAPSARC toolkit for behavioural analysis (Wise, Lester and Efird 2015):
// how a group of actors of unequal weight chooses among options when every pair of options is a contest.
#pragma once
#include <Eigen/Dense>

namespace qantar::agents::classic {

/// How strongly an actor pushes for the option that it prefers, by the utility d > 0 that it gains.
enum class VoteRule {
  binary,        ///< 1: everything or nothing
  proportional,  ///< d
  cubic          ///< d^3
};

/// S(a, b): the weight behind option a against option b, summed over the actors who prefer a. `utility` is actor x
/// option.
Eigen::MatrixXd vote_strengths(const Eigen::MatrixXd& utility, const Eigen::VectorXd& weight, VoteRule rule);

/// V(a, b): chance that a beats b, S(a,b)^nu / (S(a,b)^nu + S(b,a)^nu); 1/2 where nobody prefers either.
Eigen::MatrixXd victory_chances(const Eigen::MatrixXd& strength, double exponent);

/// Chance of each option given that it beats every other one: p(a) proportional to the product of V(a, b).
Eigen::VectorXd conditional_outcome(const Eigen::MatrixXd& victory);

/// The favourite of the moment meets a challenger drawn evenly from all options, itself among them; shares of time that
/// each option is the favourite: p(a) = 1/n sum over b of V(a,b) (p(a) + p(b)).
Eigen::VectorXd uniform_challenges(const Eigen::MatrixXd& victory);

/// The same with challengers who come the more often the more they have to gain: b challenges a with a weight of
/// S(b,a) V(b,a).
Eigen::VectorXd incentive_challenges(const Eigen::MatrixXd& strength, const Eigen::MatrixXd& victory);

}  // namespace qantar::agents::classic
