#include "agents/case.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "agents/scenario_fields.hpp"

namespace qantar::agents {
namespace {

namespace fs = std::filesystem;

struct HypothesisHead {
  std::string title, description;
  std::vector<std::string> held_by, sources;
  std::string of;  // of a structural alternative
};

// A name under which the case is run: case.toml with files laid over it, the last of which says what it is.
struct Account {
  std::string name;
  std::vector<std::pair<std::string, const std::string*>> layers;  // relative file, text
  bool alternative = false;
};

// The model that a case names. Nothing when it names none that there is, which becomes a problem.
const ModelKind* kind_of(const toml::table& tree, sim::Diagnostics& diagnostics) {
  const toml::node* node = tree.get("model");
  if (!node) return &model_kinds().front();
  std::vector<std::string> names;
  for (const auto& kind : model_kinds()) names.push_back(kind.name);
  int index = 0;
  return sim::read_choice(*node, "model", names, diagnostics, index) ? &model_kinds()[static_cast<std::size_t>(index)]
                                                                     : nullptr;
}

const sim::Fields<HypothesisHead>& head_fields() {
  static const auto fields =
      sim::Fields<HypothesisHead>{}
          .text("title", &HypothesisHead::title, "the account in a few words", true)
          .text("description", &HypothesisHead::description, "what the account says and how it is expressed here")
          .texts("held_by", &HypothesisHead::held_by, "who holds this account")
          .texts("sources", &HypothesisHead::sources, "where it was said");
  return fields;
}

const sim::Fields<HypothesisHead>& alternative_fields() {
  static const auto fields =
      sim::Fields<HypothesisHead>{}
          .text("title", &HypothesisHead::title, "the structural choice in a few words", true)
          .text("description", &HypothesisHead::description, "what is chosen otherwise, and why it may matter")
          .text("of", &HypothesisHead::of, "hypothesis that it changes", true);
  return fields;
}

// Hypotheses in the order of their names, then structural alternatives, each on top of its hypothesis.
std::vector<Account> accounts_of(const CaseFiles& files, const std::function<std::string(const std::string&)>& path,
                                 sim::Diagnostics& diagnostics) {
  std::vector<Account> accounts;
  for (const auto& [name, text] : files)
    if (name.starts_with("hypotheses/")) accounts.push_back({fs::path(name).stem().string(), {{name, &text}}, false});
  std::vector<std::string> names;
  for (const auto& account : accounts) names.push_back(account.name);
  if (accounts.empty()) accounts.push_back({"case", {}, false});
  for (const auto& [name, text] : files) {
    if (!name.starts_with("alternatives/")) continue;
    sim::Diagnostics later;  // the file is read again, and its problems told, when it is laid over
    const auto tree = sim::parse_toml(text, path(name), later);
    if (!tree) {
      accounts.push_back({fs::path(name).stem().string(), {{name, &text}}, true});
      continue;
    }
    const std::string of = (*tree)["of"].value_or(std::string());
    const auto base = std::ranges::find(names, of);
    if (base == names.end())
      diagnostics.add(tree->get("of") ? sim::place_of(*tree->get("of")) : sim::SourcePlace{path(name)}, "of",
                      fmt::format("expected the name of a hypothesis{}; the case has: {}", sim::nearest_hint(of, names),
                                  sim::joined(names)));
    else if (std::ranges::find(names, fs::path(name).stem().string()) != names.end())
      diagnostics.add({path(name)}, "", "has the name of a hypothesis; give it another one");
    else
      accounts.push_back({fs::path(name).stem().string(),
                          {accounts[static_cast<std::size_t>(base - names.begin())].layers.front(), {name, &text}},
                          true});
  }
  return accounts;
}

}  // namespace

const std::string* Case::file(const std::string& relative) const {
  const auto found = std::ranges::find(files, relative, &std::pair<std::string, std::string>::first);
  return found == files.end() ? nullptr : &found->second;
}

std::string Case::resolved() const {
  std::string out;
  for (const auto& h : hypotheses) out += fmt::format("# hypothesis: {}\n{}\n", h.name, h.model->resolved_text());
  return out;
}

std::vector<std::shared_ptr<const Scenario>> Case::scenarios() const {
  std::vector<std::shared_ptr<const Scenario>> out;
  for (const auto& h : hypotheses)
    if (h.scenario) out.push_back(h.scenario);
  return out;
}

CaseFiles read_case_files(const fs::path& folder, sim::Diagnostics& diagnostics) {
  CaseFiles files;
  const std::string shown = folder.string();
  std::error_code error;
  if (!fs::exists(folder, error)) {
    diagnostics.add({shown}, "", "no such case folder; expected a folder with case.toml, such as configs/january_2022");
    return files;
  }
  if (!fs::is_directory(folder, error)) {
    diagnostics.add({shown}, "", "is not a folder; give the folder that holds case.toml");
    return files;
  }
  const auto take = [&](const std::string& relative) {
    if (auto text = sim::read_text(folder / relative, (folder / relative).string(), diagnostics))
      files.emplace_back(relative, std::move(*text));
  };
  take("case.toml");
  for (const std::string inside : {"hypotheses/", "alternatives/"}) {
    std::vector<std::string> names;
    for (fs::directory_iterator it(folder / inside, error), end; !error && it != end; it.increment(error))
      if (it->path().extension() == ".toml") names.push_back(inside + it->path().filename().string());
    std::ranges::sort(names);
    for (const auto& name : names) take(name);
  }
  for (const char* optional : {"evidence.toml", "claims.toml"})
    if (fs::exists(folder / optional, error)) take(optional);
  return files;
}

namespace {

// Every account needs a tree of its own. Copies of one that was parsed once are made faster than new ones are parsed,
// but TOML nodes lose their positions when they are copied, though not when they are moved.
enum class Trees { copied, parsed_afresh };

Case build_case(const std::string& shown, CaseFiles files, const std::vector<std::string>& overrides, Trees trees,
                sim::Diagnostics& diagnostics) {
  Case result;
  result.name = fs::path(shown).filename().empty() ? fs::path(shown).parent_path().filename().string()
                                                   : fs::path(shown).filename().string();
  result.files = std::move(files);
  const std::string* base = result.file("case.toml");
  if (!base) return result;  // reported by read_case_files
  const auto path = [&](const std::string& relative) { return (fs::path(shown) / relative).string(); };

  const auto parsed = sim::parse_toml(*base, path("case.toml"), diagnostics);
  for (const auto& [name, layers, alternative] : accounts_of(result.files, path, diagnostics)) {
    auto tree = trees == Trees::copied ? parsed : sim::parse_toml(*base, path("case.toml"), diagnostics);
    HypothesisHead head;
    for (const auto& [relative, text] : layers) {
      const std::string file = path(relative);
      const bool of_alternative = relative.starts_with("alternatives/");
      const auto& fields = of_alternative ? alternative_fields() : head_fields();
      if (auto changes = sim::parse_toml(*text, file, diagnostics)) {
        toml::table about;
        for (const auto& field : fields.all())
          if (toml::node* node = changes->get(field.key)) {
            about.insert(field.key, std::move(*node));
            changes->erase(field.key);
          }
        sim::Priors unused;
        const sim::Ids no_ids;
        sim::ReadContext context{diagnostics, no_ids, unused, nullptr};
        if (!about.contains("title")) {
          diagnostics.add({file}, "title", "is missing; expected the account in a few words");
          about.insert("title", "");
        }
        fields.read(about, name, context, head);
        for (const char* shared : {"clock", "snapshots"})
          if (const toml::node* node = changes->get(shared)) {
            diagnostics.add(sim::place_of(*node), shared,
                            "a hypothesis cannot change this: all accounts of a case share their clock and snapshots; "
                            "change case.toml instead");
            changes->erase(shared);
          }
        if (tree) sim::overlay(*tree, std::move(*changes), diagnostics);
      }
    }
    if (!tree) continue;
    for (const auto& assignment : overrides)
      if (auto change = sim::parse_override(assignment, switch_names(), diagnostics))
        sim::overlay(*tree, std::move(*change), diagnostics);
    const ModelKind* kind = kind_of(*tree, diagnostics);
    if (!kind) return result;  // the same for all accounts
    Hypothesis hypothesis{name, head.title, head.held_by, alternative ? head.of : "", nullptr, nullptr};
    kind->read(*tree, path("case.toml"), diagnostics, hypothesis);
    if (hypothesis.title.empty()) hypothesis.title = hypothesis.model->case_title();
    result.hypotheses.push_back(std::move(hypothesis));
  }
  return result;
}

}  // namespace

Case build_case(const std::string& shown, CaseFiles files, const std::vector<std::string>& overrides,
                sim::Diagnostics& diagnostics) {
  sim::Diagnostics quick;
  Case result = build_case(shown, files, overrides, Trees::copied, quick);
  if (quick.empty()) return result;
  // Once more, to say where the problems are.
  return build_case(shown, std::move(files), overrides, Trees::parsed_afresh, diagnostics);
}

nlohmann::json hypothesis_schema() {
  auto schema = case_schema();
  auto properties = head_fields().schema()["properties"];
  for (const char* section : {"parameters", "switches", "case", "inputs", "intervention"})
    properties[section] = schema["properties"][section];
  for (const char* section : {"case", "inputs", "intervention"}) properties[section].erase("required");
  for (const char* list : {"places", "sites", "factions", "organisations", "offices", "units", "groups"}) {
    auto entry = schema["properties"][list]["items"];
    entry.erase("required");
    properties[list] = {{"type", "object"}, {"additionalProperties", entry}};
  }
  schema["title"] = "Qantar hypothesis";
  schema["properties"] = properties;
  schema["required"] = {"title"};
  return schema;
}

}  // namespace qantar::agents
