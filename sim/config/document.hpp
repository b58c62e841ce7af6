// TOML texts with the position of every value, and overrides laid over them by name.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "sim/config/diagnostics.hpp"

namespace qantar::sim {

/// Parses TOML; `shown` is the file's name in messages. A syntax error becomes a problem with line and column.
std::optional<toml::table> parse_toml(const std::string& text, const std::string& shown, Diagnostics& diagnostics);

/// Whether a name is one that entries and accounts may have: lower-case letters, digits and _, beginning with a letter.
bool is_id(std::string_view name);

SourcePlace place_of(const toml::node& node);
/// The entry of an array of tables with this id; nothing when there is none.
const toml::table* entry_of(const toml::table& tree, std::string_view kind, std::string_view id);

/// Lays `section.id.key = value` or `section.key = value` entries of `changes` over `base`. Entries of an array of
/// tables are found by their `id`. What `base` does not have is a problem, with the nearest name.
void overlay(toml::table& base, toml::table&& changes, Diagnostics& diagnostics);

/// The full name of a key: one without a dot is of `[parameters]`, or of `[switches]` when `switches` lists it.
std::string full_key(std::string_view key, const std::vector<std::string>& switches = {});

/// Turns the command line's KEY=VALUE into a table for `overlay`; the key may be short (`full_key`), and a
/// single word needs no quotes. `option` heads messages.
std::optional<toml::table> parse_override(const std::string& assignment, const std::vector<std::string>& switches,
                                          Diagnostics& diagnostics, const std::string& option = "--set");

}  // namespace qantar::sim
