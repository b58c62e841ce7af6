#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "agents/case.hpp"
#include "agents/scenario_fields.hpp"
#include "analysis/evidence.hpp"
#include "cli/commands.hpp"
#include "cli/sweep/cluster_site.hpp"
#include "sim/design/experiment.hpp"

namespace qantar::cli {

int schema(const Call& call) {
  std::vector<std::pair<std::string, std::function<nlohmann::json()>>> kinds{
      {"case", agents::case_schema},
      {"hypothesis", agents::hypothesis_schema},
      {"alternative", agents::alternative_schema},
      {"whatif", agents::whatif_schema},
      {"evidence", analysis::evidence_schema},
      {"claims", analysis::claims_schema},
      {"design", sim::experiment_schema},
      {"site", cluster_site_schema}};
  for (const auto& kind : agents::model_kinds())
    if (kind.name != "crisis") kinds.emplace_back(kind.name, kind.schema);
  const Form form{
      "qantar schema [case|hypothesis|alternative|whatif|evidence|claims|design|site|MODEL]",
      "Prints the JSON Schema of a kind of file: case.toml unless another is named. The name of a classic model, such\n"
      "as civil_violence, gives that of its case.toml. Editors with a TOML language server complete and check keys\n"
      "with it.",
      "qantar schema > case.schema.json",
      {"[KIND]"}};
  const auto given = parse(form, call);
  if (!given) return success;
  const auto wanted = list_of(*given, "[KIND]");
  const std::string name = wanted.empty() ? "case" : wanted.front();
  const auto found = std::ranges::find(kinds, name, [](const auto& kind) { return kind.first; });
  if (found == kinds.end()) {
    std::vector<std::string> names;
    for (const auto& [kind, make] : kinds) names.push_back(kind);
    throw UsageError(fmt::format("\"{}\" is no kind of file{}; expected one of: {}", name,
                                 sim::nearest_hint(name, names), sim::joined(names)));
  }
  call.out << found->second().dump(2) << "\n";
  return success;
}

}  // namespace qantar::cli
