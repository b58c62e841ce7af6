#include <utility>

#include <fmt/format.h>

#include "cli/case_input.hpp"
#include "cli/commands.hpp"
#include "cli/table.hpp"

namespace qantar::cli {
namespace {

std::string summary(const std::string& folder, const CheckedCase& checked) {
  const agents::Hypothesis& first = checked.model.hypotheses.front();
  std::vector<std::string> parts{counted(checked.model.hypotheses.size(), "hypothesis")};
  if (const auto& s = first.scenario)
    for (const auto& [n, thing] : {std::pair{s->places.size(), "place"},
                                   {s->sites.size(), "site"},
                                   {s->offices.size(), "office"},
                                   {s->units.size(), "unit"}})
      parts.push_back(counted(n, thing));
  else
    parts.push_back(counted(static_cast<std::size_t>(first.model->clock().steps()), "tick"));
  if (checked.evidence) parts.push_back(counted(checked.evidence->events.size(), "documented event"));
  if (checked.claims) parts.push_back(counted(checked.claims->size(), "claim"));
  return fmt::format("{}: {}, no problems\n", folder, sim::joined(parts));
}

}  // namespace

int check(const Call& call) {
  Form form{"qantar check CASE... [--resolved]",
            "Reads every file of a case and reports all problems with file, line and column.",
            "qantar check configs/january_2022",
            {"CASE..."}};
  form.options.add_options()("resolved", "print each hypothesis in full, with every default and prior filled in");
  const auto given = parse(std::move(form), call);
  if (!given) return success;

  sim::Diagnostics diagnostics;
  std::string good;
  for (const auto& folder : list_of(*given, "CASE")) {
    const std::size_t before = diagnostics.problems().size();
    auto files = agents::read_case_files(folder, diagnostics);
    const CheckedCase checked = check_case(folder, std::move(files), {}, diagnostics);
    if (diagnostics.problems().size() == before)
      good += given->count("resolved") ? checked.model.resolved() : summary(folder, checked);
  }
  call.out << good;
  if (diagnostics.empty()) return success;
  throw sim::InputError(fmt::format("{}\n{}", diagnostics.text(), counted(diagnostics.problems().size(), "problem")));
}

}  // namespace qantar::cli
