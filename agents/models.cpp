#include "agents/models.hpp"

#include "agents/classic/cascades.hpp"
#include "agents/classic/civil_violence.hpp"
#include "agents/classic/global_game.hpp"
#include "agents/classic/thresholds.hpp"
#include "agents/crisis_model.hpp"
#include "agents/model_adapter.hpp"
#include "agents/scenario_fields.hpp"

namespace qantar::agents {
namespace {

void read_crisis(const toml::table& tree, const std::string& shown, sim::Diagnostics& diagnostics,
                 Hypothesis& hypothesis) {
  Scenario scenario = read_scenario(tree, shown, diagnostics);
  scenario.hypothesis = hypothesis.name;
  scenario.hypothesis_title = hypothesis.title.empty() ? scenario.head.title : hypothesis.title;
  scenario.held_by = hypothesis.held_by;
  hypothesis.scenario = std::make_shared<const Scenario>(std::move(scenario));
  hypothesis.model = std::make_shared<const ModelAdapter<CrisisModel>>(CrisisModel(hypothesis.scenario));
}

/// A classic model: all of it is its parameters.
template <class M>
ModelKind classic_kind() {
  return {M::name,
          [](const toml::table& tree, const std::string& shown, sim::Diagnostics& diagnostics, Hypothesis& hypothesis) {
            auto read = classic::read_case<typename M::Parameters>(tree, shown, M::fields(), diagnostics);
            if (diagnostics.empty()) M::check(read.parameters, *tree.get_as<toml::table>("parameters"), diagnostics);
            hypothesis.model = std::make_shared<const ModelAdapter<M>>(M(std::move(read)));
          },
          [] { return classic::case_schema(M::name, M::fields().schema()); }};
}

}  // namespace

const std::vector<ModelKind>& model_kinds() {
  static const std::vector<ModelKind> kinds{{"crisis", read_crisis, case_schema},
                                            classic_kind<classic::CivilViolence>(),
                                            classic_kind<classic::Thresholds>(),
                                            classic_kind<classic::Cascades>(),
                                            classic_kind<classic::GlobalGames>()};
  return kinds;
}

}  // namespace qantar::agents
