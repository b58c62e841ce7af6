// The parser is compiled here, once, instead of in every file that includes its header. Some of its assertions fail on
// faulty input ("[[[") that it goes on to report as a syntax error: a debug build must not stop at them, and an
// optimising one must not take them for granted.
#define TOML_IMPLEMENTATION
#include <toml++/impl/preprocessor.h>
#undef TOML_ASSERT
#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_ASSERT_ASSUME(expression) static_cast<void>(0)

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "sim/config/document.hpp"
#include "sim/distributions.hpp"

namespace qantar::sim {
namespace {

std::string type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number";
    case toml::node_type::boolean:
      return "true/false";
    default:
      return "a date or time";
  }
}

/// The first byte beyond ASCII outside of strings and comments, where toml++ 3.3 comes to a place that it calls
/// unreachable. A quote begins a string only where a key or a value may begin: elsewhere the text is wrong anyway, and
/// toml++ looks at what follows to say so.
std::size_t first_foreign(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf", before_a_string = "\n=[,{.";
  std::size_t i = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  char before = '\n';  // the last character that is no blank
  while (i < text.size()) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x80) return i;
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
    } else if ((c == '"' || c == '\'') && before_a_string.find(before) != std::string_view::npos) {
      const std::string quotes(3, c);
      const bool lines = text.substr(i).starts_with(quotes);
      i += lines ? 3 : 1;
      while (i < text.size() && (lines ? !text.substr(i).starts_with(quotes) : text[i] != c && text[i] != '\n'))
        i += c == '"' && text[i] == '\\' ? 2 : 1;
      i += lines ? 3 : 1;
      while (lines && i < text.size() && text[i] == c) ++i;  // up to two quotes before the last three
    } else {
      ++i;
    }
    if (c != ' ' && c != '\t' && c != '\r') before = c;
  }
  return std::string_view::npos;
}

template <class Array>
auto entry_with_id(Array& entries, std::string_view id) -> decltype(entries.front().as_table()) {
  for (auto& node : entries)
    if (auto* table = node.as_table())
      if (const auto value = (*table)["id"].template value<std::string>(); value && *value == id) return table;
  return nullptr;
}

std::vector<std::string> ids_of(const toml::array& entries) {
  std::vector<std::string> ids;
  for (const auto& node : entries)
    if (const auto* table = node.as_table())
      if (const auto value = (*table)["id"].value<std::string>()) ids.push_back(*value);
  return ids;
}

bool is_prior(const toml::table& table) {
  Family family{};
  return table.size() == 1 && Distribution::parse(table.begin()->first.str(), family);
}

/// A table in braces takes the place of the one before. One whose entries are named one by one, `loyalty.palace = 0.5`
/// or under a heading of its own, changes these and keeps the others.
template <class Node>
void lay_value(toml::table& base, const toml::key& key, Node&& value) {  // a key knows its place in the file
  toml::table* before = base[key.str()].as_table();
  toml::table* changes = value.as_table();
  if (!before || !changes || changes->is_inline() || is_prior(*before) || is_prior(*changes)) {
    base.insert_or_assign(key, std::forward<Node>(value));
    return;
  }
  for (auto&& [name, entry] : *changes) before->insert_or_assign(name, std::move(entry));
}

}  // namespace

std::optional<toml::table> parse_toml(const std::string& text, const std::string& shown, Diagnostics& diagnostics) {
  if (const auto at = first_foreign(text); at != std::string_view::npos) {
    const std::string_view before = std::string_view(text).substr(0, at), last = before.substr(before.rfind('\n') + 1);
    const auto begins_character = [](unsigned char byte) { return byte < 0x80 || byte >= 0xc0; };
    const auto line = static_cast<unsigned>(std::ranges::count(before, '\n') + 1);
    const auto column = static_cast<unsigned>(std::ranges::count_if(last, begins_character) + 1);
    diagnostics.add({shown, line, column}, "",
                    "TOML syntax: outside of quotes and comments only ASCII characters may stand");
    return std::nullopt;
  }
  try {
    return toml::parse(std::string_view(text), shown);
  } catch (const toml::parse_error& error) {
    const auto& at = error.source().begin;
    diagnostics.add({shown, at.line, at.column}, "", fmt::format("TOML syntax: {}", error.description()));
    return std::nullopt;
  }
}

const toml::table* entry_of(const toml::table& tree, std::string_view kind, std::string_view id) {
  const auto* entries = tree.get_as<toml::array>(kind);
  return entries ? entry_with_id(*entries, id) : nullptr;
}

bool is_id(std::string_view name) {
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

SourcePlace place_of(const toml::node& node) {
  const auto& source = node.source();
  return {source.path ? *source.path : "", source.begin.line, source.begin.column};
}

void overlay(toml::table& base, toml::table&& changes, Diagnostics& diagnostics) {
  const auto names = [](const toml::table& table) {
    std::vector<std::string> out;
    for (const auto& [key, node] : table) out.emplace_back(key.str());
    return out;
  };
  for (auto&& [section_key, section_node] : changes) {
    const std::string section(section_key.str());
    auto* wanted = section_node.as_table();
    toml::node* target = base.get(section);
    if (!wanted || (target && !target->is_table() && !target->is_array_of_tables())) {
      diagnostics.add(place_of(section_node), section,
                      fmt::format("is {}; an override names a section of the case: [section] key = value, or "
                                  "[section.id] key = value",
                                  type_name(section_node)));
      continue;
    }
    if (!target) {
      if (section == "parameters" || section == "switches") {
        target = &base.insert(section, toml::table{}).first->second;
      } else {
        diagnostics.add(place_of(section_node), section,
                        "the case has no such section" + nearest_hint(section, names(base)));
        continue;
      }
    }
    if (auto* table = target->as_table()) {
      for (auto&& [key, node] : *wanted) lay_value(*table, key, std::move(node));
      continue;
    }
    for (auto&& [id, node] : *wanted) {
      auto* entry = entry_with_id(*target->as_array(), id.str());
      auto* fields = node.as_table();
      if (!entry)
        diagnostics.add(place_of(node), section + "." + std::string(id.str()),
                        fmt::format("[[{}]] has no entry with this id{}", section,
                                    nearest_hint(id.str(), ids_of(*target->as_array()))));
      else if (!fields)
        diagnostics.add(place_of(node), section + "." + std::string(id.str()), "expected keys of this entry");
      else
        for (auto&& [key, value] : *fields) lay_value(*entry, key, std::move(value));
    }
  }
}

namespace {

/// Text without quotes that TOML would read as nothing else.
bool is_word(const std::string& value) {
  for (const char* other : {"true", "false", "inf", "nan"})
    if (value == other) return false;
  return std::isalpha(static_cast<unsigned char>(value.front())) &&
         std::ranges::all_of(value, [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
}

}  // namespace

std::string full_key(std::string_view key, const std::vector<std::string>& switches) {
  if (key.find('.') != std::string_view::npos) return std::string(key);
  return (std::ranges::find(switches, key) != switches.end() ? "switches." : "parameters.") + std::string(key);
}

std::optional<toml::table> parse_override(const std::string& assignment, const std::vector<std::string>& switches,
                                          Diagnostics& diagnostics, const std::string& option) {
  const std::string shown = option + " " + assignment;
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == assignment.size()) {
    diagnostics.add({shown}, "", "expected KEY=VALUE, for example " + option + " fear_steepness=3");
    return std::nullopt;
  }
  std::string key = assignment.substr(0, equals);
  while (!key.empty() && key.back() == ' ') key.pop_back();
  key = full_key(key, switches);
  const std::string value = assignment.substr(equals + 1);
  if (is_word(value)) return parse_toml(key + " = \"" + value + "\"", shown, diagnostics);
  Diagnostics problems;
  auto tree = parse_toml(key + " = " + value, shown, problems);
  for (const auto& problem : problems.problems()) diagnostics.add(problem.where, problem.key, problem.message);
  if (!tree && std::isalpha(static_cast<unsigned char>(value.front())))
    diagnostics.add({shown}, "",
                    fmt::format("if text is meant, quote it for TOML and for the shell: {} '{}=\"{}\"'", option,
                                assignment.substr(0, equals), value));
  return tree;
}

}  // namespace qantar::sim
