#include "agents/scenario_fields.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "agents/action_fields.hpp"
#include "sim/conversions.hpp"

namespace qantar::agents {
namespace {

using sim::Diagnostics;
using sim::Fields;
using sim::Range;

const Range share{0, 1, "1"};
const Range persons{0, 1e8, "person"};
const Range weight{-10, 10, "1"};

// The sections of a case that are lists of entries with an id, in the order in which they are written back.
const std::vector<std::string> lists{"places", "sites",   "factions", "organisations", "offices", "units",
                                     "groups", "actions", "motives",  "bargains",      "endings", "snapshots"};

template <class T>
Fields<T> entity(const std::string& what) {
  Fields<T> fields;
  fields.id(&T::id, "name of the " + what + " in files and results: lower case, digits and _");
  if constexpr (requires { &T::name; }) fields.text("name", &T::name, "what the " + what + " is called in text", true);
  if constexpr (requires { &T::source; }) fields.text("source", &T::source, "where the numbers come from");
  return fields;
}

// All ids are collected first, so that an entry may refer to one that stands further down.
void collect_ids(const toml::table& tree, sim::Ids& ids, Diagnostics& diagnostics) {
  if (const auto* switches = tree["switches"].as_table())
    for (const auto& [key, node] : *switches) ids.add("switches", std::string(key.str()));
  for (const auto& kind : lists) {
    const toml::node* node = tree.get(kind);
    if (!node) continue;
    const auto* entries = node->as_array();
    if (!entries || (!entries->empty() && !node->is_array_of_tables())) {
      diagnostics.add(sim::place_of(*node), kind, fmt::format("expected entries, each headed [[{}]]", kind));
      continue;
    }
    for (const auto& entry : *entries) {
      const toml::node* id = entry.as_table()->get("id");
      if (!id || !id->is_string()) continue;  // reported when the entry is read
      const std::string& name = id->as_string()->get();
      if (!sim::is_id(name))
        diagnostics.add(sim::place_of(*id), kind + ".id",
                        fmt::format("\"{}\" is no valid id; expected lower-case letters, digits and _", name));
      else if (!ids.add(kind, name))
        diagnostics.add(sim::place_of(*id), kind + "." + name, "this id is used twice in [[" + kind + "]]");
    }
  }
}

template <class T>
void read_list(const toml::table& tree, const std::string& kind, const Fields<T>& fields, sim::ReadContext& context,
               std::vector<T>& out) {
  const auto* entries = tree[kind].as_array();
  if (!entries) return;
  for (const auto& entry : *entries) {
    const auto* table = entry.as_table();
    if (!table) continue;  // reported by collect_ids
    T item{};
    const auto id = (*table)["id"].value<std::string>();
    fields.read(*table, kind + "." + id.value_or("?"), context, item);
    out.push_back(std::move(item));
  }
}

template <class T>
void read_section(const toml::table& tree, const std::string& key, const Fields<T>& fields, sim::ReadContext& context,
                  T& out) {
  const toml::node* node = tree.get(key);
  if (!node) return;
  if (const auto* table = node->as_table())
    fields.read(*table, key, context, out);
  else
    context.diagnostics.add(sim::place_of(*node), key, fmt::format("expected a section headed [{}]", key));
}

void read_clock(const toml::table& tree, const std::string& shown, Diagnostics& diagnostics, Scenario& scenario,
                sim::ReadContext& context) {
  const auto* table = tree["clock"].as_table();
  if (!table) {
    diagnostics.add({shown, 1, 1}, "clock", "is missing; expected [clock] with epoch, start, end and step_hours");
    return;
  }
  const std::size_t before = diagnostics.problems().size();
  auto& span = scenario.span;
  for (const auto& [key, member] : {std::pair{"epoch", &span.epoch}, {"start", &span.start}, {"end", &span.end}}) {
    if (const toml::node* node = table->get(key))
      sim::read_instant(*node, fmt::format("clock.{}", key), diagnostics, *member);
    else
      diagnostics.add(sim::place_of(*table), fmt::format("clock.{}", key),
                      "is missing; expected a date-time with offset");
  }
  if (const toml::node* node = table->get("step_hours"))
    sim::read_plain_number(*node, "clock.step_hours", {0.05, 6, "h"}, diagnostics, span.step_hours);
  for (const auto& [key, node] : *table)
    if (const std::string name(key.str()); name != "epoch" && name != "start" && name != "end" && name != "step_hours")
      diagnostics.add(sim::place_of(node), "clock." + name,
                      "unknown key" + sim::nearest_hint(name, {"epoch", "start", "end", "step_hours"}));
  if (diagnostics.problems().size() > before) return;
  constexpr double most_days = 366;
  if (const double days = sim::real(span.start.seconds - span.epoch.seconds) / 86400; std::fabs(days) > most_days)
    diagnostics.add(sim::place_of(*table->get("epoch")), "clock.epoch",
                    fmt::format("lies {:.0f} days from the start, and hours are counted from it: choose a day within a "
                                "year of the start",
                                std::fabs(days)));
  else if (span.end.seconds <= span.start.seconds)
    diagnostics.add(sim::place_of(*table), "clock", "end must come after start");
  else if (sim::real(span.end.seconds - span.start.seconds) / 3600.0 / span.step_hours > 20000)
    diagnostics.add(sim::place_of(*table), "clock", "more than 20000 steps; choose a longer step or a shorter span");
  else {
    scenario.clock = sim::Clock(span.epoch, span.start, span.end, span.step_hours);
    context.clock = &scenario.clock;
  }
}

void read_parameters(const toml::table& tree, sim::ReadContext& context, Scenario& scenario) {
  const auto& rows = parameter_rows();
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row.name);
  const toml::node* node = tree.get("parameters");
  const auto* table = node ? node->as_table() : nullptr;
  if (node && !table) context.diagnostics.add(sim::place_of(*node), "parameters", "expected a section [parameters]");
  for (const auto& row : rows) {
    const std::string path = "parameters." + row.name;
    Number number;
    if (const toml::node* value = table ? table->get(row.name) : nullptr)
      sim::read_number(*value, path, {row.low, row.high, row.unit}, context, number);
    else if (row.prior.is_fixed())
      number.value = row.prior.arguments()[0];
    else
      number = {row.prior.quantile(0.5), context.priors.add(path, row.prior)};
    scenario.parameters.push_back(number);
  }
  if (table)
    for (const auto& [key, value] : *table)
      if (std::ranges::find(names, key.str()) == names.end())
        context.diagnostics.add(
            sim::place_of(value), "parameters." + std::string(key.str()),
            "unknown parameter" + sim::nearest_hint(key.str(), names) + " (`qantar parameters` lists all)");
}

void read_switches(const toml::table& tree, sim::ReadContext& context, Scenario& scenario) {
  const toml::node* node = tree.get("switches");
  if (!node) return;
  const auto* table = node->as_table();
  if (!table) {
    context.diagnostics.add(sim::place_of(*node), "switches", "expected a section [switches]");
    return;
  }
  for (const auto& [key, value] : *table)
    sim::read_number(value, "switches." + std::string(key.str()), share, context, scenario.switches.emplace_back());
}

// Conditions between entries that no single key can express.
void check_whole(const Scenario& s, const toml::table& tree, const std::string& shown, Diagnostics& diagnostics) {
  const auto need = [&](bool good, const sim::SourcePlace& where, const std::string& key, const std::string& message) {
    if (!good) diagnostics.add(where, key, message);
  };
  const auto at = [&](const std::string& section, const std::string& id = "", const std::string& key = "") {
    return place_in(tree, shown, section, id, key);
  };
  need(!s.places.empty(), at("places"), "places", "a case needs at least one place");
  need(s.faction(Role::incumbent).exists(), at("factions"), "factions",
       "a case needs a faction with role = \"incumbent\": who is in power");
  need(!s.organisations.empty(), at("organisations"), "organisations", "a case needs at least one organisation");
  for (const Ending& ending : s.endings) {
    const auto where = at("endings", ending.id, "when");
    need(!ending.when.empty(), where, "endings." + ending.id, "has no conditions, so it would hold from the beginning");
    need(ending.kind != EndingKind::degenerate || ending.hours <= 0, at("endings", ending.id, "hours"),
         "endings." + ending.id + ".hours", "a degenerate course is judged at the end of the clock: leave it out");
  }
  need(s.actions.empty() || tree.get("decisions"), at("actions"), "decisions",
       "is missing: where factions act, [decisions] says how they choose");
  double population = 0, strength = 0;
  for (const auto& p : s.places) population += p.population;
  for (const auto& u : s.units) {
    strength += u.strength.value;
    if (u.site.exists() && u.place.exists() && s.sites[u.site].place != u.place)
      need(false, at("units", u.id, "place"), "units." + u.id,
           "guards a site that lies in another place; give both the same place");
    if (s.turned(u) && (u.site.exists() || u.reserve))
      need(false, at("units", u.id, "side"), "units." + u.id + ".side",
           "a unit that follows another faction guards nothing for the state and is no reserve of it: leave out site "
           "and "
           "reserve; task = \"...\" is the site that it goes for");
  }
  if (!s.units.empty() && strength > population) {
    const auto& most = *std::ranges::max_element(s.units, {}, [](const Unit& u) { return u.strength.value; });
    need(false, at("units", most.id, "strength"), "units." + most.id + ".strength",
         fmt::format("all units have {:.0f} persons, and all places {:.0f} inhabitants: lower a strength", strength,
                     population));
  }
  for (const Site& site : s.sites)
    need(!site.seat || !site.shops(), at("sites", site.id, "businesses"), "sites." + site.id + ".businesses",
         "a seat is stormed and not looted: leave out businesses, or seat");
  // 13 bytes each: whoever replays the file of a stranger needs no more than 256 MiB.
  const double agents = population * s.head.mobilisable_share / s.head.persons_per_agent;
  need(agents <= 1.5e7, at("case", "", "persons_per_agent"), "case.persons_per_agent",
       fmt::format("gives {:.0f} citizen agents; at most 15 million: raise persons_per_agent", agents));
  for (const Office& office : s.offices) {
    std::size_t length = 0;
    for (OfficeId o = office.superior; o.exists() && length <= s.offices.size(); ++length) o = s.offices[o].superior;
    need(length <= s.offices.size(), at("offices", office.id, "superior"), "offices." + office.id,
         "its chain of superiors runs in a circle");
  }
}

}  // namespace

sim::SourcePlace place_in(const toml::table& tree, const std::string& shown, const std::string& section,
                          const std::string& id, const std::string& key) {
  const toml::node* place = tree.get(section);
  if (const auto* entry = sim::entry_of(tree, section, id)) place = entry;
  if (const auto* table = place ? place->as_table() : nullptr)
    if (const auto* node = table->get(key)) place = node;
  return place ? sim::place_of(*place) : sim::SourcePlace{shown, 1, 1};
}

bool Scenario::turned(const Unit& unit) const {
  return unit.side.exists() && factions[unit.side].role != Role::incumbent;
}

FactionId Scenario::faction(Role role) const {
  for (const FactionId f : factions.ids())
    if (factions[f].role == role) return f;
  return {};
}

const Fields<CaseInfo>& case_fields() {
  static const auto fields = Fields<CaseInfo>{}
                                 .text("title", &CaseInfo::title, "title of the case", true)
                                 .text("description", &CaseInfo::description, "what the case is about")
                                 .fixed("persons_per_agent", &CaseInfo::persons_per_agent, {1, 1e6, "person"},
                                        "persons that one citizen agent stands for", true)
                                 .fixed("mobilisable_share", &CaseInfo::mobilisable_share, {1e-6, 1, "1"},
                                        "share of the population that can be on the street at all", true)
                                 .fixed("protest_size", &CaseInfo::protest_size, {1, 1e6, "person"},
                                        "persons on the street that make a protest", true)
                                 .fixed("mass_size", &CaseInfo::mass_size, {1, 1e7, "person"},
                                        "persons on the street that make a mass protest", true);
  return fields;
}

const Fields<Inputs>& input_fields() {
  static const auto fields =
      Fields<Inputs>{}
          .time("shock_at", &Inputs::shock_at,
                "when the shock comes (a price step, an announced result); without it there is none")
          .fixed("shock_size", &Inputs::shock_size, {0, 10, "1"}, "size of the shock, in units of shock_grievance")
          .fixed("sunrise", &Inputs::sunrise, {0, 24, "h"},
                 "hour of sunrise on the case's clock; without it and sunset it is never dark")
          .fixed("sunset", &Inputs::sunset, {0, 24, "h"}, "hour of sunset on the case's clock")
          .fixed("curfew_begins", &Inputs::curfew_begins, {0, 24, "h"},
                 "hour of the day at which the curfew of an emergency begins; without it there is none")
          .fixed("curfew_ends", &Inputs::curfew_ends, {0, 24, "h"}, "hour of the day at which it ends");
  return fields;
}

const Fields<Structure>& structure_fields() {
  static const auto fields =
      Fields<Structure>{}
          .choice(
              "activation", &Structure::activation, activation_names(),
              "whether citizens of a circle see it as it was at the beginning of the step, or move one after the other")
          .choice("first_mover", &Structure::first_mover, first_mover_names(), "who moves first within a step");
  return fields;
}

const Fields<Place>& place_fields() {
  static const auto fields =
      entity<Place>("place")
          .text("region", &Place::region, "region that the place belongs to", true)
          .fixed("population", &Place::population, {1, 1e8, "person"}, "inhabitants", true)
          .number("shock_exposure", &Place::shock_exposure, share, "share of the population that the shock touches")
          .number("hardship_offset", &Place::hardship_offset, {-2, 2, "1"}, "mean hardship relative to the country")
          .number("force_readiness", &Place::force_readiness, share,
                  "readiness of local command to use force, 1 for usual")
          .number("network", &Place::network, share, "share of people who follow events on a phone")
          .fixed("latitude", &Place::latitude, {-90, 90, "degree"}, "degrees north, for the way of reinforcements")
          .fixed("longitude", &Place::longitude, {-180, 180, "degree"}, "degrees east")
          .fixed("clock_shift", &Place::clock_shift, {-12, 12, "h"}, "local clock minus the case's clock")
          .fixed("significance", &Place::significance, share, "weight in national decisions, 1 for a focal city")
          .flag("capital", &Place::capital, "whether the government sits here");
  return fields;
}

const Fields<Site>& site_fields() {
  static const auto fields =
      entity<Site>("site")
          .reference("place", &Site::place, "places", "where it stands", true)
          .fixed("lines", &Site::lines, {1, 6, "1"}, "lines of defence to be broken one after the other")
          .fixed("arms", &Site::arms, {0, 1e6, "weapon"}, "weapons stored there")
          .fixed("businesses", &Site::businesses, {0, 1e6, "business"},
                 "businesses there, which are looted one by one; without any, it is stormed")
          .fixed("significance", &Site::significance, share, "weight of its loss in national decisions")
          .fixed("coercive", &Site::coercive, weight, "worth to those who want to break the state's force")
          .fixed("symbolic", &Site::symbolic, weight, "worth as a symbol")
          .fixed("loot", &Site::loot, weight, "worth to looters")
          .flag("state", &Site::state, "whether its loss is a loss of the state")
          .flag(
              "seat", &Site::seat,
              "whether it is a seat of the executive: peaceful crowds press on it too, forces without a site of their "
              "own stand before it, and it is retaken last")
          .time("held_until", &Site::held_until,
                "no line of defence breaks there before, whoever attacks or leaves; for what-ifs");
  return fields;
}

const Fields<Organisation>& organisation_fields() {
  static const auto fields =
      entity<Organisation>("organisation")
          .reference("head", &Organisation::head, "offices", "office at its top")
          .number("morale", &Organisation::morale, share, "morale of its units before the crisis")
          .shares("loyalty", &Organisation::loyalty, "factions", share, "how far it leans to each faction");
  return fields;
}

const Fields<Faction>& faction_fields() {
  static const auto fields =
      entity<Faction>("faction")
          .choice("role", &Faction::role, role_names(), "what the model must know of it, where it is one of these")
          .reference("head", &Faction::head, "offices", "office that decides for it")
          .number("money", &Faction::money, share, "money, 1 for as much as any faction could spend in the crisis")
          .number("information", &Faction::information, share, "share of what happens that it gets to know")
          .number("external", &Faction::external, share, "support from abroad")
          .number("income", &Faction::income, {0, 1, "1/h"}, "money that comes in")
          .number("stake", &Faction::stake, {0, 1000, "1"}, "worth of prevailing, beside the barriers of its motives")
          .flag("against", &Faction::against, "whether it prevails when the president does not");
  return fields;
}

const Fields<Office>& office_fields() {
  static const auto fields =
      entity<Office>("office")
          .reference("organisation", &Office::organisation, "organisations", "organisation that it belongs to", true)
          .reference("place", &Office::place, "places", "seat, when it commands only there")
          .reference("superior", &Office::superior, "offices", "office that gives it orders")
          .reference("tie", &Office::tie, "factions", "faction that its holder owes the post to")
          .number("affinity", &Office::affinity, {-5, 5, "1"}, "mean affinity to the president, in log-odds")
          .fixed("power", &Office::power, {0, 10, "1"}, "weight of its stance in others' expectations")
          .flag("removable", &Office::removable, "whether the president can dismiss its holder");
  return fields;
}

const Fields<Unit>& unit_fields() {
  static const auto fields =
      entity<Unit>("unit")
          .reference("organisation", &Unit::organisation, "organisations", "organisation that it belongs to", true)
          .reference("place", &Unit::place, "places", "where it stands", true)
          .reference("site", &Unit::site, "sites",
                     "site that it guards; without one it guards the seat of the place and the streets")
          .reference("side", &Unit::side, "factions",
                     "faction that it follows from the start; without one, the faction in power")
          .reference("task", &Unit::task, "sites", "site that it goes for when its side sends it, and no other")
          .reference("commander", &Unit::commander, "offices", "office that passes orders to it")
          .number("strength", &Unit::strength, persons, "persons on duty", true)
          .flag("reserve", &Unit::reserve, "whether it comes only when the army is mobilised")
          .flag("mobile", &Unit::mobile, "whether it can be sent to another place");
  return fields;
}

const Fields<Group>& group_fields() {
  static const auto fields =
      entity<Group>("group")
          .reference("sponsor", &Group::sponsor, "factions", "who stands behind it; nobody without")
          .flag("foreign", &Group::foreign, "whether its members are foreigners")
          .reference("enabled_by", &Group::enabled_by, "switches",
                     "switch under which it exists; without one it belongs to every account")
          .number("presence", &Group::presence, share, "chance that it exists in a trial, given its switch")
          .number("size", &Group::size, {0, 1e6, "person"}, "members, over all places", true)
          .number("armed_share", &Group::armed_share, share, "share of members with firearms")
          .number("skill", &Group::skill, {0.1, 20, "1"}, "strength of a member relative to a rioter")
          .number("preparation_months", &Group::preparation_months, {0, 120, "month"},
                  "months of preparation before the crisis")
          .number("protection", &Group::protection, share,
                  "share of the state's capacity to detect it that its sponsor controls")
          .number("growth_hours", &Group::growth_hours, {0, 500, "h"}, "hours from first to full strength")
          .shares("places", &Group::places, "places", share, "share of the group at each place")
          .fixed("coercive", &Group::coercive, weight, "taste for sites of the armed organs")
          .fixed("symbolic", &Group::symbolic, weight, "taste for symbols")
          .fixed("loot", &Group::loot, weight, "taste for loot")
          .fixed("arms", &Group::arms, weight, "taste for weapons")
          .entries("cues", &Group::cues, cue_fields(), "what sets it in motion without an action of a faction");
  return fields;
}

const Fields<Intervention>& intervention_fields() {
  static const auto fields = Fields<Intervention>{}
                                 .number("strength", &Intervention::strength, persons, "persons at full strength")
                                 .reference("place", &Intervention::place, "places", "where most of it guards sites")
                                 .fixed("freed", &Intervention::freed, persons, "local officers freed for other work")
                                 .fixed("arrival_hours", &Intervention::arrival_hours, {1, 2000, "h"},
                                        "hours from the first landing to full strength", true)
                                 .fixed("exit_hours", &Intervention::exit_hours, {1, 2000, "h"},
                                        "hours from the first to the last departure", true);
  return fields;
}

const Fields<Snapshot>& snapshot_fields() {
  static const auto fields = entity<Snapshot>("snapshot").time("at", &Snapshot::at, "when the state is taken", true);
  return fields;
}

Scenario read_scenario(const toml::table& tree, const std::string& shown, Diagnostics& diagnostics) {
  Scenario s;
  sim::ReadContext context{diagnostics, s.ids, s.priors, nullptr};
  std::vector<std::string> sections{"schema",    "model",        "case",       "clock",    "inputs",
                                    "structure", "intervention", "parameters", "switches", "decisions"};
  sections.insert(sections.end(), lists.begin(), lists.end());
  for (const auto& [key, node] : tree)
    if (std::ranges::find(sections, key.str()) == sections.end())
      diagnostics.add({sim::place_of(node).file, key.source().begin.line, key.source().begin.column},
                      std::string(key.str()), "unknown section" + sim::nearest_hint(key.str(), sections));
  const toml::node* schema = tree.get("schema");
  if (!schema || !schema->is_integer() || schema->as_integer()->get() != 1)
    diagnostics.add(schema ? sim::place_of(*schema) : sim::SourcePlace{shown, 1, 1}, "schema",
                    "expected schema = 1, the version of the case format that this program reads");
  if (!tree.get("case")) diagnostics.add({shown, 1, 1}, "case", "is missing; expected a section [case] with a title");
  collect_ids(tree, s.ids, diagnostics);
  read_clock(tree, shown, diagnostics, s, context);
  read_section(tree, "case", case_fields(), context, s.head);
  read_section(tree, "inputs", input_fields(), context, s.inputs);
  read_section(tree, "structure", structure_fields(), context, s.structure);
  read_list(tree, "places", place_fields(), context, s.places);
  read_list(tree, "sites", site_fields(), context, s.sites);
  read_list(tree, "factions", faction_fields(), context, s.factions);
  read_list(tree, "organisations", organisation_fields(), context, s.organisations);
  for (auto& o : s.organisations) o.loyalty.resize(s.factions.size());
  read_list(tree, "offices", office_fields(), context, s.offices);
  read_list(tree, "units", unit_fields(), context, s.units);
  read_list(tree, "groups", group_fields(), context, s.groups);
  for (auto& g : s.groups) g.places.resize(s.places.size());
  read_list(tree, "actions", action_fields(), context, s.actions);
  read_list(tree, "motives", motive_fields(), context, s.motives);
  read_section(tree, "decisions", decision_fields(), context, s.decisions);
  read_list(tree, "bargains", bargain_fields(), context, s.bargains);
  read_list(tree, "endings", ending_fields(), context, s.endings);
  read_list(tree, "snapshots", snapshot_fields(), context, s.snapshots);
  read_section(tree, "intervention", intervention_fields(), context, s.intervention);
  read_parameters(tree, context, s);
  read_switches(tree, context, s);
  if (!diagnostics.empty()) return s;
  settle_actions(s);
  check_whole(s, tree, shown, diagnostics);
  check_actions(s, tree, shown, diagnostics);
  return s;
}

std::string resolved_text(const Scenario& s) {
  std::string out = "schema = 1\n";
  const auto section = [&](const std::string& name, const std::string& body) {
    if (!body.empty()) out += fmt::format("\n[{}]\n{}", name, body);
  };
  const auto list = [&](const std::string& name, const auto& entries, const auto& fields) {
    for (const auto& entry : entries)
      out += fmt::format("\n[[{}]]\n{}", name, fields.write(entry, s.ids, s.priors, s.clock));
  };
  const auto& c = s.clock;
  section("case", case_fields().write(s.head, s.ids, s.priors, c));
  section("clock", fmt::format("epoch = {}\nstart = {}\nend = {}\nstep_hours = {}\n",
                               sim::write_time(c.hours(s.span.epoch), c), sim::write_time(c.hours(s.span.start), c),
                               sim::write_time(c.hours(s.span.end), c), sim::write_number(s.span.step_hours)));
  section("inputs", input_fields().write(s.inputs, s.ids, s.priors, c));
  section("structure", structure_fields().write(s.structure, s.ids, s.priors, c));
  section("intervention", intervention_fields().write(s.intervention, s.ids, s.priors, c));
  std::string body;
  for (const SwitchId i : s.switches.ids())
    body += s.ids.names("switches")[i.index()] + " = " + sim::write_number(s.switches[i], s.priors) + "\n";
  section("switches", body);
  body.clear();
  for (std::size_t i = 0; i < s.parameters.size(); ++i)
    body += parameter_rows()[i].name + " = " + sim::write_number(s.parameters[i], s.priors) + "\n";
  section("parameters", body);
  list("places", s.places, place_fields());
  list("sites", s.sites, site_fields());
  list("factions", s.factions, faction_fields());
  list("organisations", s.organisations, organisation_fields());
  list("offices", s.offices, office_fields());
  list("units", s.units, unit_fields());
  list("groups", s.groups, group_fields());
  list("actions", s.actions, action_fields());
  list("motives", s.motives, motive_fields());
  if (!s.actions.empty()) section("decisions", decision_fields().write(s.decisions, s.ids, s.priors, s.clock));
  list("bargains", s.bargains, bargain_fields());
  list("endings", s.endings, ending_fields());
  list("snapshots", s.snapshots, snapshot_fields());
  return out;
}

nlohmann::json case_schema() {
  using nlohmann::json;
  const auto array_of = [](const json& entry) { return json{{"type", "array"}, {"items", entry}}; };
  json parameters = json::object(), priors = json::array();
  for (const auto& row : parameter_rows()) {
    auto p = sim::number_schema({row.low, row.high, row.unit}, true);
    p["description"] = row.text + " [" + row.unit + "]";
    parameters[row.name] = p;
  }
  for (sim::Family f : sim::Distribution::families()) {
    const auto arguments = sim::Distribution::argument_names(f).size();
    json value = {{"type", "array"}, {"items", {{"type", "number"}}}, {"minItems", arguments}, {"maxItems", arguments}};
    if (arguments == 1) value = {{"anyOf", json::array({value, {{"type", "number"}}})}};
    priors.push_back({{"type", "object"},
                      {"properties", {{std::string(sim::Distribution::name(f)), value}}},
                      {"required", json::array({std::string(sim::Distribution::name(f))})},
                      {"additionalProperties", false}});
  }
  const json time = {{"type", "string"}, {"format", "date-time"}};
  const auto closed = [](const json& properties, const json& required) {
    return json{
        {"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}};
  };
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "Qantar case"},
          {"type", "object"},
          {"additionalProperties", false},
          {"required", {"schema", "case", "clock", "places", "factions", "organisations"}},
          {"$defs", {{"prior", {{"oneOf", priors}}}}},
          {"properties",
           {{"schema", {{"const", 1}}},
            {"case", case_fields().schema()},
            {"clock", closed({{"epoch", time},
                              {"start", time},
                              {"end", time},
                              {"step_hours", sim::number_schema({0.05, 6, "h"}, false)}},
                             {"epoch", "start", "end"})},
            {"inputs", input_fields().schema()},
            {"structure", structure_fields().schema()},
            {"intervention", intervention_fields().schema()},
            {"parameters", closed(parameters, json::array())},
            {"switches", {{"type", "object"}, {"additionalProperties", sim::number_schema(share, true)}}},
            {"places", array_of(place_fields().schema())},
            {"sites", array_of(site_fields().schema())},
            {"factions", array_of(faction_fields().schema())},
            {"organisations", array_of(organisation_fields().schema())},
            {"offices", array_of(office_fields().schema())},
            {"units", array_of(unit_fields().schema())},
            {"groups", array_of(group_fields().schema())},
            {"actions", array_of(action_fields().schema())},
            {"motives", array_of(motive_fields().schema())},
            {"decisions", decision_fields().schema()},
            {"bargains", array_of(bargain_fields().schema())},
            {"endings", array_of(ending_fields().schema())},
            {"snapshots", array_of(snapshot_fields().schema())}}}};
}

}  // namespace qantar::agents
