// Problems of model choice whose answer is known: the probability of every account given any record, to 1e-8, with the
// errors of the record and the priors of the parameters.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "analysis/evidence.hpp"
#include "analysis/inference/account.hpp"
#include "sim/calendar.hpp"

namespace qantar::test {

/// The law of some columns of an account's outcomes, which are independent of the others: points and their masses, of
/// an enumeration or a quadrature.
struct OutcomeLaw {
  std::vector<std::size_t> columns;
  std::vector<double> points;  ///< point by point
  std::vector<double> mass;    ///< one per point, summing to 1

  void add(const std::vector<double>& point, double of) {
    points.insert(points.end(), point.begin(), point.end());
    mass.push_back(of);
  }
};

struct VerdictProblem {
  std::string name;
  std::vector<analysis::Account> accounts;
  std::vector<std::vector<OutcomeLaw>> laws;  ///< of each account; the same columns in all
  /// What is asked. A number is documented with an interval of `half_width` on its scale around what it turns out.
  analysis::Evidence questions;
  double half_width = 0;
  sim::Clock clock;

  /// A record: a trial of an account with the errors of the record. Records that cannot be written down (a number that
  /// is "never", or an interval that reaches below 0) are drawn again.
  analysis::Evidence record(std::size_t truth, std::uint64_t seed) const;
  /// Probability of each account, prior probabilities being equal; their logarithms up to a constant are below.
  std::vector<double> exact(const analysis::Evidence& record) const;
  std::vector<double> log_evidence(const analysis::Evidence& record) const;
};

/// All problems; quadratures have `fineness` times as many points.
std::vector<VerdictProblem> verdict_problems(int fineness = 1);

/// Two and three accounts of one law under different names.
std::vector<VerdictProblem> identical_accounts();

/// Three accounts and four rows, for permutations: yes or no, and numbers.
std::vector<VerdictProblem> problems_of_three();

}  // namespace qantar::test
