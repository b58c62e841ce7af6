// A Model of the engine as one that the command line can hold.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "agents/models.hpp"
#include "sim/model.hpp"
#include "sim/trial.hpp"

namespace qantar::agents {

/// Turns a model of the engine into one that the command line can hold.
template <sim::Model M>
class ModelAdapter final : public AnyModel {
 public:
  explicit ModelAdapter(M model) : model_(std::move(model)) {}
  const sim::Clock& clock() const override { return model_.clock(); }
  const sim::ResultLayout& layout() const override { return model_.layout(); }
  const std::string& case_title() const override { return model_.case_title(); }
  std::string resolved_text() const override { return model_.resolved_text(); }
  std::vector<KeyText> keys() const override {
    std::vector<KeyText> out;
    if constexpr (requires { model_.data(); })
      for (const auto& field : M::fields().all())
        out.push_back({field.key, field.unit,
                       field.write(model_.data().parameters, {}, model_.data().priors, model_.clock()), field.text});
    return out;
  }
  const sim::Priors& priors() const override { return model_.priors(); }
  sim::TrialResult run(const sim::TrialKey& key, const sim::TrialOptions& options) const override {
    return sim::run_trial(model_, key, options);
  }

 private:
  M model_;
};

}  // namespace qantar::agents
