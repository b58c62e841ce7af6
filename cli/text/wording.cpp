#include "cli/text/wording.hpp"

#include "agents/vocabulary.hpp"

namespace qantar::cli {

analysis::Wording wording_of(const agents::Scenario& s) {
  analysis::Wording wording;
  for (const auto& row : agents::event_rows()) {
    wording.sentences.emplace_back(row.text);
    if (*row.merged) wording.merged.emplace(row.name, row.merged);
    if (row.quiet) wording.quiet.insert(row.name);
  }
  for (const auto& action : s.actions) wording.sentences.push_back(action.name);
  const auto texts_of = [](auto rows) {
    std::vector<std::string> out;
    for (const auto& row : rows) out.emplace_back(row.text);
    return out;
  };
  std::vector<std::string> sponsors{"nobody"};
  for (const auto& faction : s.factions) sponsors.push_back(faction.name);
  wording.codes = {{"content", texts_of(agents::content_rows()), -1}, {"sponsor", std::move(sponsors), -1}};
  const auto name_all = [&](const auto& entries) {
    for (const auto& entry : entries) wording.names.emplace(entry.id, entry.name);
  };
  name_all(s.places);
  name_all(s.sites);
  name_all(s.factions);
  name_all(s.organisations);
  name_all(s.offices);
  name_all(s.units);
  name_all(s.groups);
  return wording;
}

}  // namespace qantar::cli
