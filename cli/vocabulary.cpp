#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "agents/effects.hpp"
#include "agents/signals.hpp"
#include "cli/commands.hpp"
#include "cli/text/markdown.hpp"
#include "cli/text/table.hpp"

namespace qantar::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

const std::vector<std::string> signal_headings{"signal", "unit", "about", "known", "meaning"};
const std::vector<std::string> effect_headings{"effect", "about", "where", "amount", "meaning"};

Rows signals(bool markdown) {
  Rows rows;
  for (const auto& row : agents::signal_rows())
    rows.push_back({markdown ? code(row.name) : row.name, row.unit, agents::key_of(row.about),
                    row.reported ? "by report" : "at once", row.text});
  return rows;
}

Rows effects(bool markdown) {
  Rows rows;
  for (const auto& row : agents::effect_rows())
    rows.push_back({markdown ? code(row.name) : row.name, agents::key_of(row.about), row.scoped ? "where" : "",
                    *row.unit ? fmt::format("{} to {}", row.low, row.high) : "", row.text});
  return rows;
}

std::string as_text(const std::vector<std::string>& headings, const Rows& rows) {
  Table table(headings, std::string(headings.size(), 'l'));
  for (const auto& row : rows) table.add(row);
  return table.text();
}

nlohmann::json as_json(const std::vector<std::string>& headings, const Rows& rows) {
  auto out = nlohmann::json::array();
  for (const auto& row : rows) {
    out.emplace_back();
    for (std::size_t i = 0; i < headings.size(); ++i) out.back()[headings[i]] = row[i];
  }
  return out;
}

}  // namespace

int vocabulary(const Call& call) {
  Form form{"qantar vocabulary [--json]\n       qantar vocabulary --markdown",
            "Lists the words from which a case makes its [[actions]] and [[motives]]: signals, which conditions look "
            "at, and\neffects, which actions have.",
            "qantar vocabulary | less -S",
            {}};
  form.options.add_options()                         //
      ("json", "one JSON object instead of tables")  //
      ("markdown", "the file agents/VOCABULARY.md");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const bool markdown = given->count("markdown") > 0;
  if (given->count("json")) {
    if (markdown) throw UsageError("--markdown goes without --json");
    call.out << nlohmann::json{{"signals", as_json(signal_headings, signals(false))},
                               {"effects", as_json(effect_headings, effects(false))}}
                    .dump(2)
             << "\n";
  } else if (markdown) {
    call.out
        << "# Signals and effects\n\nWritten by `qantar vocabulary --markdown > agents/VOCABULARY.md`; change "
           "`agents/signals.cpp` and `agents/effects.cpp`\ninstead of this file. Where a word is about something, "
           "its entry names it by that key: `{ signal = \"crowd\", place = \"capital\", at = 2000, width = 300 }`. "
           "A signal\nthat comes by report is known late and dimly by a faction that has little information.\n\n"
           "## Signals\n\n"
        << markdown_table(signal_headings, signals(true)) << "\n## Effects\n\n"
        << markdown_table(effect_headings, effects(true));
  } else {
    call.out << "Signals\n\n"
             << as_text(signal_headings, signals(false)) << "\nEffects\n\n"
             << as_text(effect_headings, effects(false));
  }
  return success;
}

}  // namespace qantar::cli
