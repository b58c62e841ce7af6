#include "agents/case.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "agents/posterior_model.hpp"
#include "agents/scenario_fields.hpp"

namespace qantar::agents {
namespace {

namespace fs = std::filesystem;

struct HypothesisHead {
  std::string title, description;
  std::vector<std::string> held_by, sources;
  std::string of;  // of a structural alternative
};

using Layer = std::pair<std::string, const std::string*>;  // relative file, text

enum class AccountKind { hypothesis, alternative, whatif };

// A name under which the case is run: case.toml with files laid over it, the last of which says what it is.
struct Account {
  std::string name;
  std::vector<Layer> layers;
  AccountKind kind = AccountKind::hypothesis;
};

// The model that a case names. Nothing when it names none that there is, which becomes a problem.
const ModelKind* kind_of(const toml::table& tree, sim::Diagnostics& diagnostics) {
  const toml::node* node = tree.get("model");
  if (!node) return &model_kinds().front();
  std::vector<std::string> names;
  for (const auto& kind : model_kinds()) names.push_back(kind.name);
  int index = 0;
  return sim::read_choice(*node, "model", names, diagnostics, index) ? &model_kinds()[index] : nullptr;
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

const sim::Fields<HypothesisHead>& whatif_fields() {
  static const auto fields = sim::Fields<HypothesisHead>{}
                                 .text("title", &HypothesisHead::title, "what is otherwise, in a few words", true)
                                 .text("description", &HypothesisHead::description, "what it means in the model");
  return fields;
}

const sim::Fields<HypothesisHead>& fields_of(const std::string& relative) {
  return relative.starts_with("alternatives/") ? alternative_fields()
         : relative.starts_with("whatifs/")    ? whatif_fields()
                                               : head_fields();
}

// Hypotheses in the order of their names, then structural alternatives, each on top of its hypothesis, and what-ifs,
// each on top of the first hypothesis: what is wrong with one is wrong under all.
std::vector<Account> accounts_of(const CaseFiles& files, const std::function<std::string(const std::string&)>& path,
                                 sim::Diagnostics& diagnostics) {
  std::vector<Account> accounts;
  for (const auto& [name, text] : files)
    if (name.find('/') != std::string::npos && !sim::is_id(fs::path(name).stem().string()))
      diagnostics.add(
          {path(name)}, "",
          "its name is that of an account or a what-if: rename the file; expected lower-case letters, digits "
          "and _, and .toml");
  for (const auto& [name, text] : files)
    if (name.starts_with("hypotheses/")) accounts.push_back({fs::path(name).stem().string(), {{name, &text}}});
  std::vector<std::string> names;
  for (const auto& account : accounts) names.push_back(account.name);
  if (accounts.empty()) accounts.push_back({"case", {}});
  for (const auto& [name, text] : files) {
    if (!name.starts_with("alternatives/")) continue;
    sim::Diagnostics later;  // the file is read again, and its problems told, when it is laid over
    const auto tree = sim::parse_toml(text, path(name), later);
    if (!tree) {
      accounts.push_back({fs::path(name).stem().string(), {{name, &text}}, AccountKind::alternative});
      continue;
    }
    const std::string of = (*tree)["of"].value_or(std::string());
    const auto base = std::ranges::find(names, of);
    if (base == names.end())
      diagnostics.add(tree->get("of") ? sim::place_of(*tree->get("of")) : sim::SourcePlace{path(name), 1, 1}, "of",
                      fmt::format("expected the name of a hypothesis{}; the case has: {}", sim::nearest_hint(of, names),
                                  sim::joined(names)));
    else if (std::ranges::find(names, fs::path(name).stem().string()) != names.end())
      diagnostics.add({path(name)}, "", "has the name of a hypothesis; give it another one");
    else
      accounts.push_back({fs::path(name).stem().string(),
                          {accounts[base - names.begin()].layers.front(), {name, &text}},
                          AccountKind::alternative});
  }
  for (const auto& [name, text] : files) {
    if (!name.starts_with("whatifs/")) continue;
    auto layers = accounts.front().layers;
    layers.emplace_back(name, &text);
    accounts.push_back({fs::path(name).stem().string(), std::move(layers), AccountKind::whatif});
  }
  return accounts;
}

}  // namespace

std::string posterior_file(const std::string& account) { return "posterior/" + account + ".csv"; }

const std::string* Case::file(const std::string& relative) const {
  const auto found = std::ranges::find(files, relative, &std::pair<std::string, std::string>::first);
  return found == files.end() ? nullptr : &found->second;
}

bool Case::has_posteriors() const {
  return std::ranges::any_of(files, [](const auto& file) { return file.first.starts_with("posterior/"); });
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

namespace {

// Takes what a file says of itself out of what it changes.
void read_head(toml::table& changes, const std::string& relative, const std::string& file, const std::string& account,
               sim::Diagnostics& diagnostics, HypothesisHead& head) {
  const bool whatif = relative.starts_with("whatifs/");
  const auto& fields = fields_of(relative);
  toml::table about;
  for (const auto& field : fields.all())
    if (toml::node* node = changes.get(field.key)) {
      about.insert(field.key, std::move(*node));
      changes.erase(field.key);
    }
  sim::Priors unused;
  const sim::Ids no_ids;
  sim::ReadContext context{diagnostics, no_ids, unused, nullptr};
  if (!about.contains("title")) {
    diagnostics.add({file, 1, 1}, "title",
                    fmt::format("is missing; expected the {} in a few words", whatif ? "change" : "account"));
    about.insert("title", "");
  }
  fields.read(about, account, context, head);
  for (const char* shared : {"clock", "snapshots"})
    if (const toml::node* node = changes.get(shared)) {
      diagnostics.add(sim::place_of(*node), shared,
                      fmt::format("a {} cannot change this: all accounts of a case share their clock and snapshots; "
                                  "change case.toml instead",
                                  whatif ? "what-if" : "hypothesis"));
      changes.erase(shared);
    }
}

std::vector<std::string> keys_of(const toml::table& tree, const char* section) {
  std::vector<std::string> keys;
  if (const auto* table = tree[section].as_table())
    for (const auto& [key, node] : *table) keys.emplace_back(key.str());
  return keys;
}

// An account sets switches that the case has, and declares none: all accounts have the same.
void know_switches(const toml::table& changes, const std::vector<std::string>& switches,
                   sim::Diagnostics& diagnostics) {
  for (const auto& name : keys_of(changes, "switches"))
    if (std::ranges::find(switches, name) == switches.end())
      diagnostics.add(sim::place_of(*changes["switches"][name].node()), "switches." + name,
                      "unknown switch" + sim::nearest_hint(name, switches) +
                          "; [switches] of case.toml lists all that there are, with 0 where an account decides");
}

// The keys that changes set, and those that they are inside of: "parameters.x" and "parameters.x.lognormal".
void add_keys(const toml::table& changes, const std::string& inside, std::set<std::string>& keys) {
  for (const auto& [key, node] : changes) {
    const std::string name = inside + std::string(key.str());
    keys.insert(name);
    if (const auto* table = node.as_table()) add_keys(*table, name + ".", keys);
  }
}

// Every account needs a tree of its own. Copies of one that was parsed once are made faster than new ones are parsed,
// but TOML nodes lose their positions when they are copied, though not when they are moved.
enum class Trees { copied, parsed_afresh };

Case build_case(const std::string& shown, CaseFiles files, const std::vector<std::string>& overrides,
                const Changes& changes, Trees trees, sim::Diagnostics& diagnostics) {
  Case result;
  result.name = fs::path(shown).filename().empty() ? fs::path(shown).parent_path().filename().string()
                                                   : fs::path(shown).filename().string();
  result.files = std::move(files);
  const std::string* base = result.file("case.toml");
  if (!base) return result;  // reported by read_case_files
  const auto path = [&](const std::string& relative) { return (fs::path(shown) / relative).string(); };

  const auto parsed = sim::parse_toml(*base, path("case.toml"), diagnostics);
  const auto switches = parsed ? keys_of(*parsed, "switches") : std::vector<std::string>();
  for (const auto& account : accounts_of(result.files, path, diagnostics)) {
    auto tree = trees == Trees::copied ? parsed : sim::parse_toml(*base, path("case.toml"), diagnostics);
    HypothesisHead head;
    std::set<std::string> set;  // by whatever is laid over the hypothesis
    const auto lay = [&](const Layer& layer, HypothesisHead& about) {
      auto layer_tree = sim::parse_toml(*layer.second, path(layer.first), diagnostics);
      if (!layer_tree) return;
      read_head(*layer_tree, layer.first, path(layer.first), account.name, diagnostics, about);
      know_switches(*layer_tree, switches, diagnostics);
      if (!layer.first.starts_with("hypotheses/")) add_keys(*layer_tree, "", set);
      if (tree) sim::overlay(*tree, std::move(*layer_tree), diagnostics);
    };
    const auto assign = [&](const std::string& assignment, const char* option) {
      auto change = sim::parse_override(assignment, switches, diagnostics, option);
      if (change) {
        know_switches(*change, switches, diagnostics);
        add_keys(*change, "", set);
      }
      if (change && tree) sim::overlay(*tree, std::move(*change), diagnostics);
    };
    for (const auto& layer : account.layers) lay(layer, head);
    if (!tree) continue;
    for (const auto& assignment : overrides) assign(assignment, "--set");
    if (account.kind != AccountKind::whatif) {
      HypothesisHead unused;
      for (const auto& wanted : changes.names)
        if (const auto file = "whatifs/" + wanted + ".toml"; const auto* text = result.file(file))
          lay({file, text}, unused);
      for (const auto& assignment : changes.assignments) assign(assignment, "--do");
    } else {
      result.whatifs.push_back({account.name, head.title, head.description});
      // One that is not asked for is checked against the case as it stands in its files: an override may, say, end the
      // clock before an hour that it names.
      if (!overrides.empty()) continue;
    }
    const ModelKind* model = kind_of(*tree, diagnostics);
    if (!model) return result;  // the same for all accounts
    Hypothesis hypothesis{account.name, head.title,
                          head.held_by, account.kind == AccountKind::alternative ? head.of : "",
                          nullptr,      nullptr};
    // Each account is checked as if alone: a problem of one hides none of another.
    sim::Diagnostics own;
    model->read(*tree, path("case.toml"), own, hypothesis);
    diagnostics.add(own);
    if (account.kind == AccountKind::whatif) continue;
    if (hypothesis.title.empty()) hypothesis.title = hypothesis.model->case_title();
    const std::string posterior = posterior_file(hypothesis.of.empty() ? hypothesis.name : hypothesis.of);
    if (const auto* text = result.file(posterior); text && own.empty())
      hypothesis.model = with_posterior(hypothesis.model, *text, path(posterior), set, diagnostics);
    result.hypotheses.push_back(std::move(hypothesis));
  }
  return result;
}

}  // namespace

Case build_case(const std::string& shown, CaseFiles files, const std::vector<std::string>& overrides,
                sim::Diagnostics& diagnostics, const Changes& changes) {
  sim::Diagnostics quick;
  Case result = build_case(shown, files, overrides, changes, Trees::copied, quick);
  if (quick.empty()) return result;
  // Once more, to say where the problems are.
  return build_case(shown, std::move(files), overrides, changes, Trees::parsed_afresh, diagnostics);
}

namespace {

// Schema of a file that says what it is by these keys, and is laid over case.toml.
nlohmann::json layer_schema(const std::string& title, const sim::Fields<HypothesisHead>& fields) {
  auto schema = case_schema();
  const auto head = fields.schema();
  auto properties = head["properties"];
  for (const char* section : {"parameters", "switches", "decisions", "case", "inputs", "structure", "intervention"})
    properties[section] = schema["properties"][section];
  for (const char* section : {"decisions", "case", "inputs", "structure", "intervention"})
    properties[section].erase("required");
  for (const char* list : {"places", "sites", "factions", "organisations", "offices", "units", "groups", "actions",
                           "motives", "bargains", "endings"}) {
    auto entry = schema["properties"][list]["items"];
    entry.erase("required");
    properties[list] = {{"type", "object"}, {"additionalProperties", entry}};
  }
  schema["title"] = title;
  schema["properties"] = properties;
  schema["required"] = head["required"];
  return schema;
}

}  // namespace

nlohmann::json hypothesis_schema() { return layer_schema("Qantar hypothesis", head_fields()); }
nlohmann::json alternative_schema() { return layer_schema("Qantar alternative", alternative_fields()); }
nlohmann::json whatif_schema() { return layer_schema("Qantar what-if", whatif_fields()); }

}  // namespace qantar::agents
