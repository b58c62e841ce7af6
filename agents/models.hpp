// The models that a case can be of. The command line and the result file know a model only as what stands here, so
// another model is one more row of `model_kinds`.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "agents/scenario.hpp"
#include "sim/config/document.hpp"
#include "sim/trial_options.hpp"
#include "sim/trial_result.hpp"

namespace qantar::agents {

/// A key of a classic model, for people: name, unit, value as TOML, meaning.
struct KeyText {
  std::string name, unit, value, text;
};

/// A case under one hypothesis as something that runs, whichever model it is of. Safe to share between threads.
class AnyModel {
 public:
  virtual ~AnyModel() = default;
  virtual const sim::Clock& clock() const = 0;
  virtual const sim::ResultLayout& layout() const = 0;
  virtual const std::string& case_title() const = 0;
  /// The case as TOML text: reading it again gives the same model.
  virtual std::string resolved_text() const = 0;
  /// The parameters of a classic model; empty for the crisis, whose parameters say more (`parameter_rows`).
  virtual std::vector<KeyText> keys() const = 0;
  /// All numbers that a trial draws.
  virtual const sim::Priors& priors() const = 0;
  /// One trial from start to end: the one virtual call that it costs.
  virtual sim::TrialResult run(const sim::TrialKey& key, const sim::TrialOptions& options = {}) const = 0;
};

/// One account of a case.
struct Hypothesis {
  std::string name, title;  ///< name of its file, and the account in a few words
  std::vector<std::string> held_by;
  std::string of;  ///< of a structural alternative: the account that it changes
  std::shared_ptr<const AnyModel> model;
  std::shared_ptr<const Scenario> scenario;  ///< of the crisis model; null in a case of another model
};

/// A kind of model: `model = "name"` at the head of case.toml.
struct ModelKind {
  std::string name;
  /// Builds the model from a merged tree; the head of the hypothesis is complete, `shown` is the file of messages.
  /// The result only means something when `diagnostics` got nothing.
  std::function<void(const toml::table& tree, const std::string& shown, sim::Diagnostics& diagnostics,
                     Hypothesis& hypothesis)>
      read;
  std::function<nlohmann::json()> schema;  ///< JSON Schema of case.toml
};

/// All kinds; the first, the crisis, is that of a case that names none.
const std::vector<ModelKind>& model_kinds();

}  // namespace qantar::agents
