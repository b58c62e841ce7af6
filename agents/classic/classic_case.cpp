#include "agents/classic/classic_case.hpp"

namespace qantar::agents::classic {
namespace {

struct Ticks {
  double ticks = 1;
};

const sim::Fields<Ticks>& clock_fields() {
  static const auto fields =
      sim::Fields<Ticks>{}.fixed("ticks", &Ticks::ticks, {1, 20000, "tick"}, "length of a trial", true);
  return fields;
}

}  // namespace

const sim::Fields<Head>& head_fields() {
  static const auto fields = sim::Fields<Head>{}
                                 .text("title", &Head::title, "title of the case", true)
                                 .text("description", &Head::description, "what the case is about");
  return fields;
}

sim::Clock tick_clock(double ticks) {
  const auto start = sim::Instant::of(2000, 1, 1, 0, 0, 0, 0);
  auto end = start;
  end.seconds += 3600 * static_cast<std::int64_t>(ticks);
  return {start, start, end, 1};
}

const toml::table* read_frame(const toml::table& tree, const std::string& shown, sim::ReadContext& context, Head& head,
                              double& ticks) {
  const std::vector<std::string> known{"schema", "model", "case", "clock", "parameters"};
  sim::Diagnostics& diagnostics = context.diagnostics;
  for (const auto& [key, node] : tree)
    if (std::ranges::find(known, key.str()) == known.end())
      diagnostics.add({sim::place_of(node).file, key.source().begin.line, key.source().begin.column},
                      std::string(key.str()), "unknown section" + sim::nearest_hint(key.str(), known));
  const toml::node* schema = tree.get("schema");
  if (!schema || !schema->is_integer() || schema->as_integer()->get() != 1)
    diagnostics.add(schema ? sim::place_of(*schema) : sim::SourcePlace{shown, 1, 1}, "schema",
                    "expected schema = 1, the version of the case format that this program reads");
  const auto section = [&](const std::string& key) -> const toml::table* {
    const toml::node* node = tree.get(key);
    if (node && node->is_table()) return node->as_table();
    diagnostics.add(node ? sim::place_of(*node) : sim::SourcePlace{shown, 1, 1}, key,
                    fmt::format("{}expected a section headed [{}]", node ? "" : "is missing; ", key));
    return nullptr;
  };
  if (const auto* table = section("case")) head_fields().read(*table, "case", context, head);
  if (const auto* table = section("clock")) {
    Ticks read;
    clock_fields().read(*table, "clock", context, read);
    ticks = read.ticks;
    if (ticks != std::trunc(ticks))
      diagnostics.add(sim::place_of(*table), "clock.ticks", "expected a whole number of ticks");
  }
  return section("parameters");
}

nlohmann::json case_schema(const std::string& model, const nlohmann::json& parameters) {
  using nlohmann::json;
  json priors = json::array();
  for (sim::Family f : sim::Distribution::families()) {
    const std::string name(sim::Distribution::name(f));
    priors.push_back({{"type", "object"}, {"required", json::array({name})}});
  }
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "Qantar case of the model " + model},
          {"type", "object"},
          {"additionalProperties", false},
          {"required", {"schema", "model", "case", "clock", "parameters"}},
          {"$defs", {{"prior", {{"oneOf", priors}}}}},
          {"properties",
           {{"schema", {{"const", 1}}},
            {"model", {{"const", model}}},
            {"case", head_fields().schema()},
            {"clock", clock_fields().schema()},
            {"parameters", parameters}}}};
}

}  // namespace qantar::agents::classic
