// Part 9, continued: factions settle something among themselves. The offers are actions of the case; those who have a
// voice weigh them against no agreement, and every two options are a contest between those who gain by the one and
// those who gain by the other: the probabilistic Condorcet election (agents/classic/condorcet.hpp). Reads: beliefs and
// posts of the parties, signals. Writes: what the action that is agreed on brings about.
#pragma once
#include <vector>

#include <Eigen/Dense>

#include "agents/world.hpp"

namespace qantar::agents {

/// What parties can agree on now, and how likely each is.
struct Election {
  std::vector<ActionId> offers;  ///< that somebody can take now
  Eigen::MatrixXd worth;         ///< party x option, as stakes are; options are the offers, then no agreement
  Eigen::VectorXd voice;         ///< by party: power of the offices tied to it that are free, relative
  Eigen::VectorXd probability;   ///< by option; sums to 1
};
Election elect(const World& w, BargainId bargain);

/// Parties meet at the rates of the case and settle, or part without an agreement and meet again.
void factions_bargain(World& w, const StepDraws& draw);

}  // namespace qantar::agents
