// The probabilistic Condorcet election of KTAB against vectors computed by hand from its printed formulas.
#include "agents/classic/condorcet.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace qantar::agents::classic {
namespace {

using Eigen::MatrixXd;
using Eigen::Vector3d;
using Eigen::VectorXd;

struct Outcomes {
  VectorXd conditional, uniform, incentive;
};

// Three actors of equal weight whose ideal points 0, .4 and 1 are the options; utility 1 - distance.
MatrixXd on_a_line() {
  const Vector3d x(0, 0.4, 1);
  MatrixXd u(3, 3);
  for (int i = 0; i < 3; ++i)
    for (int a = 0; a < 3; ++a) u(i, a) = 1 - std::fabs(x(i) - x(a));
  return u;
}

Outcomes outcomes(const MatrixXd& utility, VoteRule rule, double exponent) {
  const MatrixXd s = vote_strengths(utility, VectorXd::Ones(utility.rows()), rule), v = victory_chances(s, exponent);
  return {conditional_outcome(v), uniform_challenges(v), incentive_challenges(s, v)};
}

double distance(const VectorXd& a, const VectorXd& b) { return (a - b).cwiseAbs().maxCoeff(); }

double distance(const Outcomes& a, const Outcomes& b) {
  return std::max(
      {distance(a.conditional, b.conditional), distance(a.uniform, b.uniform), distance(a.incentive, b.incentive)});
}

const Outcomes proportional{Vector3d(.2338, .5714, .1948), Vector3d(.2636, .5, .2364), Vector3d(.2295, .5216, .2489)};
const Outcomes binary{Vector3d(.2857, .5714, .1429), Vector3d(.3, .5, .2), Vector3d(.2542, .5763, .1695)};

TEST(Condorcet, ReproducesTheVectors) {
  EXPECT_LT(distance(outcomes(on_a_line(), VoteRule::proportional, 1), proportional), 1e-3);
  EXPECT_LT(distance(outcomes(on_a_line(), VoteRule::binary, 1), binary), 1e-3);
}

TEST(Condorcet, CheckRejectsAWrongExponentVoteOrWeight) {
  EXPECT_GT(distance(outcomes(on_a_line(), VoteRule::proportional, 2), proportional), 0.01);
  EXPECT_GT(distance(outcomes(on_a_line(), VoteRule::cubic, 1), proportional), 0.01);
  EXPECT_GT(distance(outcomes(on_a_line(), VoteRule::binary, 1), proportional), 0.01);
  const MatrixXd s = vote_strengths(on_a_line(), Vector3d(1, 1, 1.1), VoteRule::proportional);
  EXPECT_GT(distance(conditional_outcome(victory_chances(s, 1)), proportional.conditional), 1e-3);
}

TEST(Condorcet, ACycleOfThreeIsATie) {
  // Each actor prefers the next option around the circle.
  MatrixXd u(3, 3);
  u << 1, 0.5, 0, 0, 1, 0.5, 0.5, 0, 1;
  const Outcomes third{VectorXd::Constant(3, 1.0 / 3), VectorXd::Constant(3, 1.0 / 3), VectorXd::Constant(3, 1.0 / 3)};
  for (const VoteRule rule : {VoteRule::binary, VoteRule::proportional, VoteRule::cubic})
    for (const double nu : {1.0, 4.0}) EXPECT_LT(distance(outcomes(u, rule, nu), third), 1e-9);
  u(0, 0) = 1.5;
  EXPECT_GT(distance(outcomes(u, VoteRule::proportional, 1), third), 0.01);
}

TEST(Condorcet, WithSharpContestsTheMedianWins) {
  const Outcomes median{Vector3d(0, 1, 0), Vector3d(0, 1, 0), Vector3d(0, 1, 0)};
  EXPECT_LT(distance(outcomes(on_a_line(), VoteRule::binary, 60), median), 1e-3);
  EXPECT_GT(distance(outcomes(on_a_line(), VoteRule::binary, 4), median), 1e-3);
}

TEST(Condorcet, OptionsAndScaleOfUtilityAreOnlyNames) {
  const auto base = outcomes(on_a_line(), VoteRule::proportional, 2);
  EXPECT_LT(distance(outcomes(7 * on_a_line(), VoteRule::proportional, 2), base), 1e-9);
  MatrixXd reversed = on_a_line().rowwise().reverse();
  const auto other = outcomes(reversed, VoteRule::proportional, 2);
  EXPECT_LT(distance(Outcomes{other.conditional.reverse(), other.uniform.reverse(), other.incentive.reverse()}, base),
            1e-9);
}

}  // namespace
}  // namespace qantar::agents::classic
