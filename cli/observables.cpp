#include "agents/observables.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/text/markdown.hpp"
#include "cli/text/table.hpp"
#include "sim/config/diagnostics.hpp"

namespace qantar::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

const std::vector<std::string> headings{"name", "kind", "unit", "one for each", "meaning"};

Rows rows_of(const std::vector<agents::Observable>& observables, bool markdown) {
  Rows rows;
  for (const auto& o : observables) {
    const sim::Variable& v = o.variable;
    rows.push_back({markdown ? code(v.name) : v.name, sim::word_of(v.kind),
                    v.kind == sim::ValueKind::time ? "h" : v.units, sim::joined(v.axes), v.long_name});
  }
  return rows;
}

std::string rows_as_text(const Rows& rows) {
  Table table(headings, std::string(headings.size(), 'l'));
  for (const auto& row : rows) table.add(row);
  return table.text();
}

nlohmann::json observables_json(const std::vector<agents::Observable>& observables) {
  auto out = nlohmann::json::array();
  for (const auto& o : observables) {
    const sim::Variable& v = o.variable;
    out.push_back({{"name", v.name},
                   {"kind", sim::word_of(v.kind)},
                   {"unit", v.kind == sim::ValueKind::time ? "h" : v.units},
                   {"axes", v.axes},
                   {"meanings", v.meanings},
                   {"latent", v.latent},
                   {"text", v.long_name}});
  }
  return out;
}

}  // namespace

int observables(const Call& call) {
  Form form{"qantar observables [--json]\n       qantar observables --markdown",
            "Lists everything that a trial reports, which is what evidence.toml may ask for: name, kind, unit, what\n"
            "there is one of it for, and meaning; then what is reported in every step.",
            "qantar observables | less -S",
            {}};
  form.options.add_options()                         //
      ("json", "one JSON object instead of tables")  //
      ("markdown", "the file agents/OBSERVABLES.md");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const bool markdown = given->count("markdown") > 0;
  if (given->count("json")) {
    if (markdown) throw UsageError("--markdown goes without --json");
    call.out << nlohmann::json{{"outcomes", observables_json(agents::outcomes())},
                               {"series", observables_json(agents::series())}}
                    .dump(2)
             << "\n";
    return success;
  }
  const Rows outcomes = rows_of(agents::outcomes(), markdown), series = rows_of(agents::series(), markdown);
  if (markdown)
    call.out << "# Observables\n\nWritten by `qantar observables --markdown > agents/OBSERVABLES.md`; change "
                "`agents/observables.cpp` instead of this\nfile. A time is in hours of the case's clock, and undefined "
                "when it never came.\n\n## Once in a trial\n\n"
             << markdown_table(headings, outcomes) << "\n## In every step\n\n"
             << markdown_table(headings, series);
  else
    call.out << "Once in a trial\n\n" << rows_as_text(outcomes) << "\nIn every step\n\n" << rows_as_text(series);
  return success;
}

}  // namespace qantar::cli
