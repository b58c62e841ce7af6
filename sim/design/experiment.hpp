// A design file: which quantities of a case are varied over which values, and how often each combination is run. It
// knows keys and numbers; what a key means is the business of the model.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/config/diagnostics.hpp"
#include "sim/config/fields.hpp"
#include "sim/design/design.hpp"
#include "sim/distributions.hpp"
#include "sim/trial_key.hpp"

namespace qantar::sim {

/// One quantity that a design varies.
struct Factor {
  std::string key;                    ///< in the case, in full: "parameters.fear_steepness"
  std::string name;                   ///< of its column in a result: "fear_steepness"
  std::string unit;                   ///< of its values
  std::vector<double> values;         ///< what it takes one of; empty when it takes a range
  std::optional<Distribution> range;  ///< what it takes places of; without one and without values: the case's prior
  SourcePlace where;

  double least() const;  ///< of its values or range
  double greatest() const;
};

/// A linear condition on the values of a row: sum of weight x value <= at_most.
struct Constraint {
  std::vector<double> weights;  ///< one per factor
  double at_most = 0;
};

/// Everything that a design file says.
struct Experiment {
  std::string title, description;
  std::string case_folder;              ///< relative to the design file
  std::vector<std::string> hypotheses;  ///< of the case; empty for all
  std::vector<std::string> overrides;   ///< KEY=VALUE under every hypothesis
  std::vector<std::string> outcomes;    ///< that the sweep is about; empty for all
  std::string table;                    ///< name of the file of a listed design, relative to the design file
  std::uint64_t seed = 1;
  std::int64_t replicates = 1;  ///< trials of each point under each hypothesis
  DesignShape shape;
  std::vector<Factor> factors;
  std::vector<Constraint> constraints;
  std::map<std::string, SourcePlace> places;  ///< of the keys and sections that the file has
};

/// Reads a design file. `shown` is its name in messages, a key without a dot is a parameter, `table` gives the text of
/// the file of a listed design. All problems go to `diagnostics`; the result only means something when there is none.
Experiment read_experiment(const std::string& text, const std::string& shown,
                           const std::function<std::optional<std::string>(const std::string& name)>& table,
                           Diagnostics& diagnostics);

/// JSON Schema of a design file.
nlohmann::json experiment_schema();

/// The points of an experiment: the rows of its design that meet its constraints.
class Points {
 public:
  /// Throws std::invalid_argument when no row meets the constraints.
  explicit Points(const Experiment& experiment);

  std::int64_t size() const { return chosen_.empty() ? design_->points() : static_cast<std::int64_t>(chosen_.size()); }
  std::int64_t rows() const { return design_->points(); }  ///< of the design, before constraints
  const Design& design() const { return *design_; }
  /// What the point assigns, one entry per factor.
  std::vector<AssignedPrior> assigned(std::int64_t point) const;

 private:
  const Experiment& experiment_;
  std::unique_ptr<Design> design_;
  std::vector<std::uint32_t> chosen_;  ///< rows that meet the constraints; empty without constraints
};

}  // namespace qantar::sim
