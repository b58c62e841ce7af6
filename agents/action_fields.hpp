// How [[actions]], [[motives]], [decisions], [[bargains]] and [[endings]] of a case are read, checked and written: one
// row per key.
#pragma once
#include <string>

#include <toml++/toml.h>

#include "agents/scenario.hpp"
#include "sim/config/fields.hpp"

namespace qantar::agents {

const sim::Fields<ActionEntry>& action_fields();
const sim::Fields<Motive>& motive_fields();
const sim::Fields<Cue>& cue_fields();
const sim::Fields<DecisionRule>& decision_fields();
const sim::Fields<Bargain>& bargain_fields();
const sim::Fields<Ending>& ending_fields();

/// What follows from the entries of a scenario that was read: who chooses what, which groups are called.
void settle_actions(Scenario& scenario);

/// What no single entry can tell: actions that nobody can take, or that need each other, costs that cannot be paid.
void check_actions(const Scenario& scenario, const toml::table& tree, const std::string& shown,
                   sim::Diagnostics& diagnostics);

/// The key of an entry, or the entry, or the section, whichever is there first; else the head of the file.
sim::SourcePlace place_in(const toml::table& tree, const std::string& shown, const std::string& section,
                          const std::string& id = "", const std::string& key = "");

}  // namespace qantar::agents
