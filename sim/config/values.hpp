// Values of a case: numbers that may be priors, and the names that entries refer to each other by.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "sim/distributions.hpp"

namespace qantar::sim {

/// A number of a case: a value, or a prior that every trial draws from.
struct Number {
  double value = 0;  ///< the value, or the prior's median; NaN where none need be given and none was
  int prior = -1;    ///< index into Priors, -1 for a plain value
  bool is_given() const { return value == value; }
};

/// A quantity that is drawn in each trial.
struct Prior {
  std::string name;  ///< "units.almaty_police.morale"
  Distribution distribution;
};

/// All priors of a case, in the order of the file.
class Priors {
 public:
  /// The prior's index. Throws std::invalid_argument for a name that is taken: both would be assigned as one.
  int add(std::string name, Distribution distribution);
  int find(const std::string& name) const;  ///< -1 when there is none
  const std::vector<Prior>& all() const { return priors_; }
  /// The value of a number in a trial, given the drawn values of all priors.
  static double value(const Number& number, const std::vector<double>& drawn) {
    return number.prior < 0 ? number.value : drawn[number.prior];
  }

 private:
  std::vector<Prior> priors_;
};

/// The ids of every kind of entity ("places", "sites", ...), for references between entries.
class Ids {
 public:
  /// False when the id is taken already.
  bool add(const std::string& kind, const std::string& id);
  int find(const std::string& kind, const std::string& id) const;  ///< -1 when unknown
  const std::vector<std::string>& names(const std::string& kind) const;

 private:
  std::map<std::string, std::vector<std::string>> names_;
};

}  // namespace qantar::sim
