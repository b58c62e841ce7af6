// How a case is read and written: one row per key.
#pragma once
#include <string>

#include <nlohmann/json.hpp>

#include "agents/scenario.hpp"
#include "sim/config/fields.hpp"

namespace qantar::agents {

/// The keys of each kind of entity.
const sim::Fields<CaseInfo>& case_fields();
const sim::Fields<Inputs>& input_fields();
const sim::Fields<Structure>& structure_fields();
const sim::Fields<Place>& place_fields();
const sim::Fields<Site>& site_fields();
const sim::Fields<Organisation>& organisation_fields();
const sim::Fields<Faction>& faction_fields();
const sim::Fields<Office>& office_fields();
const sim::Fields<Unit>& unit_fields();
const sim::Fields<Group>& group_fields();
const sim::Fields<Intervention>& intervention_fields();
const sim::Fields<Snapshot>& snapshot_fields();

/// Reads a merged case tree. Problems go to `diagnostics`; the result is only meaningful when there are none.
Scenario read_scenario(const toml::table& tree, const std::string& shown, sim::Diagnostics& diagnostics);

/// The scenario as TOML text: reading it again gives the same scenario.
std::string resolved_text(const Scenario& scenario);

/// JSON Schema of case.toml.
nlohmann::json case_schema();

}  // namespace qantar::agents
