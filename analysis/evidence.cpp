#include "analysis/evidence.hpp"

#include <optional>
#include <set>

#include <fmt/format.h>

#include "analysis/measures.hpp"
#include "sim/config/fields.hpp"

namespace qantar::analysis {
namespace {

using sim::Diagnostics;
using sim::Fields;
using sim::Range;
using sim::ValueKind;
using Names = std::vector<std::string>;

const Names use_names{"scored", "context", "statement", "not_scored"};
const Names grade_names{"A", "B", "C", "D", "E"};

constexpr double huge = 1e12;

bool contains(const Names& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

// The casts name the class that the members are listed for; deduction would not look into its base.
template <class T>
Fields<T>& add_question(Fields<T>& fields, bool required) {
  return fields.choice("measure", static_cast<Measure T::*>(&T::measure), measure_names(), "what is compared", required)
      .text("observable", &T::observable, "outcome of a trial that is compared", required)
      .text("at", &T::at, "where on the observable's axis, or the meaning of a code")
      .time("earliest", &T::earliest, "beginning of the interval")
      .time("latest", &T::latest, "end of the interval")
      .fixed("tolerance", &T::tolerance, {0, 1e4, "h"}, "added on both sides of the interval, or to `then`")
      .fixed("low", &T::low, {-huge, huge, "unit of the observable; h in an order"},
             "lower end of the interval; below 0 only for numbers that can be")
      .fixed("high", &T::high, {-huge, huge, "unit of the observable; h in an order"},
             "upper end of the interval; below 0 only for numbers that can be")
      .fixed("factor", &T::factor, {1, 1000, "1"}, "the interval is widened by this factor on both sides")
      .fixed("margin", &T::margin, {0, huge, "unit of the observable"}, "the interval is widened by this on both sides")
      .text("then", &T::then, "observable that comes later, or is larger")
      .text("then_at", &T::then_at, "where on the axis of `then`");
}

const Fields<Event>& event_fields() {
  static const Fields<Event> fields = [] {
    Fields<Event> f;
    f.text("id", &Event::id, "name of the row, unique", true)
        .text("of", &Event::of, "id of the event that this row is a further measure of")
        .text("title", &Event::title, "what happened", true)
        .text("place", &Event::place, "where it happened")
        .choice("use", &Event::use, use_names, "scored, or kept with the reason why not", true)
        .text("reason", &Event::reason, "why it is not scored")
        .choice("grade", &Event::grade, grade_names, "how well it is documented", true)
        .texts("families", &Event::families, "families of sources that report it")
        .texts("sources", &Event::sources, "sources")
        .flag("in_seed", &Event::in_seed, "whether the accounts of the case were drawn from a text that tells it")
        .flag("held_out", &Event::held_out, "whether it is kept out of every fit")
        .flag(
            "key", &Event::key,
            "whether it is one of the few, chosen beforehand, that accounts are weighed by and must be able to produce")
        .flag("input_driven", &Event::input_driven, "whether the case hands over the outcome; never in a total")
        .fixed("weight", &Event::weight, {0, 1000, "1"}, "weight in the totals");
    return add_question(f, false);
  }();
  return fields;
}

const Fields<Element>& element_fields() {
  static const Fields<Element> fields = [] {
    Fields<Element> f;
    f.text("id", &Element::id, "name of the element, unique", true)
        .text("text", &Element::text, "the element in words", true);
    return add_question(f, true);
  }();
  return fields;
}

const Fields<Question>& question_fields() {
  static const Fields<Question> fields = [] {
    Fields<Question> f;
    return add_question(f, true);
  }();
  return fields;
}

const Fields<Claim>& claim_fields() {
  static const Fields<Claim> fields = [] {
    Fields<Claim> f;
    f.text("id", &Claim::id, "name of the claim, unique", true)
        .text("text", &Claim::text, "what is claimed", true)
        .text("speaker", &Claim::speaker, "who says so, by office or role", true)
        .choice("kind", static_cast<ClaimKind Claim::*>(&Claim::kind), claim_kind_names(), "kind of statement", true)
        .text("note", &Claim::note, "what would make it so in a run, and where that ends");
    return add_question(f, true);
  }();
  return fields;
}

struct HintKeys {
  std::string concession, violence;
  Names everywhere;
};

const Fields<HintKeys>& hint_fields() {
  static const auto fields =
      Fields<HintKeys>{}
          .text("concession", &HintKeys::concession, "event with which the unrest ends in one baseline")
          .text("violence", &HintKeys::violence, "event with which violence starts everywhere in another")
          .texts("everywhere", &HintKeys::everywhere, "observables that happen everywhere at the hour of `violence`");
  return fields;
}

/// Reads the rows of one file and checks them against what runs report.
class Reader {
 public:
  Reader(std::string shown, const sim::ResultLayout& layout, const sim::Clock& clock, Diagnostics& diagnostics,
         bool may_ask_latent)
      : shown_(std::move(shown)),
        layout_(layout),
        clock_(clock),
        diagnostics_(diagnostics),
        may_ask_latent_(may_ask_latent) {}

  std::optional<toml::table> parse(const std::string& text, const Names& sections) {
    auto tree = sim::parse_toml(text, shown_, diagnostics_);
    if (!tree) return tree;
    const toml::node* schema = tree->get("schema");
    if (!schema || !schema->is_integer() || schema->as_integer()->get() != 1)
      diagnostics_.add(schema ? sim::place_of(*schema) : sim::SourcePlace{shown_, 1, 1}, "schema",
                       "expected schema = 1, the version of the format that this program reads");
    for (const auto& [key, node] : *tree)
      if (key.str() != "schema" && !contains(sections, key.str()))
        diagnostics_.add({shown_, key.source().begin.line, key.source().begin.column}, std::string(key.str()),
                         "unknown section" + sim::nearest_hint(key.str(), sections));
    return tree;
  }

  /// Calls `check` with the table and path of every entry that was read. Entries need a unique id.
  template <class T, class Check>
  std::vector<T> list(toml::table& tree, const std::string& kind, const Fields<T>& fields, Check check) {
    std::vector<T> out;
    toml::node* node = tree.get(kind);
    if (!node) return out;
    auto* entries = node->as_array();
    if (!entries || (!entries->empty() && !node->is_array_of_tables())) {
      problem(*node, kind, fmt::format("expected entries, each headed [[{}]]", kind));
      return out;
    }
    std::set<std::string> seen;
    for (auto& entry : *entries) {
      toml::table& table = *entry.as_table();
      T item{};
      const std::string id = table["id"].value_or(std::string());
      const std::string path = kind + "." + (id.empty() ? "?" : id);
      if (table.get("id") && table.get("id")->is_string() && id.empty())
        problem(*table.get("id"), path, "an id needs at least one character");
      if (!id.empty() && !seen.insert(id).second)
        problem(*table.get("id"), path, fmt::format("this id is used twice in [[{}]]", kind));
      if constexpr (requires { item.day; }) take_date(table, path, item);
      if constexpr (requires { item.also; }) take_further(table, path, item);
      read(fields, table, path, item);
      check(table, path, item);
      out.push_back(std::move(item));
    }
    return out;
  }

  template <class T>
  void read(const Fields<T>& fields, const toml::table& table, const std::string& path, T& item) {
    sim::Priors unused;
    const sim::Ids no_ids;
    sim::ReadContext context{diagnostics_, no_ids, unused, &clock_};
    fields.read(table, path, context, item);
  }

  /// The conditions of a measure, and the place of its observables in the outcomes.
  void question(const toml::table& table, const std::string& path, Question& q) {
    const std::string measure = table["measure"].value_or(std::string());
    if (!contains(measure_names(), measure)) return;  // reported when the entry was read
    const MeasureRow& row = measure_row(q.measure);
    for (const auto& key : measured_keys())
      if (row.needs(key) && !table.get(key))
        problem(table, path + "." + key, fmt::format("is missing; measure = \"{}\" needs it", measure));
    for (const auto& key : measured_keys())
      if (const toml::node* node = table.get(key); node && !row.allows(key))
        problem(*node, path + "." + key, fmt::format("does not belong to measure = \"{}\"", measure));
    if (q.earliest > q.latest) problem(at(table, "earliest"), path + ".earliest", "lies after latest");
    if (q.low > q.high && table.get("low") && table.get("high"))
      problem(at(table, "low"), path + ".low", "lies above high");
    if (table.get("factor") && table.get("margin"))
      problem(at(table, "margin"), path + ".margin", "give either a factor or a margin, not both");
    const sim::Variable* variable = locate(table, path, "observable", "at", q.observable, q.at, q.column, q);
    if (variable) check_kind(table, path, "observable", q, *variable);
    const bool number = row.compared_by == ComparedBy::number;
    const bool may_be_negative = number && (!variable || q.kind == ValueKind::real);
    for (const auto& [key, bound] : {std::pair("low", q.low), std::pair("high", q.high)})
      if (bound < 0 && !may_be_negative)
        problem(at(table, key), path + "." + key,
                number ? "a count is never below 0" : "hours between two events are never below 0");
    if (variable && q.kind == ValueKind::flag)
      for (const char* key : {"earliest", "latest", "tolerance"})
        if (table.get(key)) problem(at(table, key), path + "." + key, "a flag has no time");
    if (!q.compares_two() || !table.get("then")) return;
    Question later;  // only its kind is of interest
    later.measure = q.measure;
    if (const auto* then = locate(table, path, "then", "then_at", q.then, q.then_at, q.then_column, later))
      check_kind(table, path, "then", later, *then);
  }

  void event(const toml::table& table, const std::string& path, Event& e) {
    if (!contains(use_names, table["use"].value_or(std::string()))) return;  // reported when the entry was read
    if (const auto axis = std::ranges::find(layout_.axes, "place", &sim::Axis::name);
        axis != layout_.axes.end() && !e.place.empty() && !contains(axis->labels, e.place))
      problem(at(table, "place"), path + ".place",
              fmt::format("\"{}\" is no place of the case{}", e.place, sim::nearest_hint(e.place, axis->labels)));
    if (e.use != Use::scored) {
      if (e.reason.empty()) problem(at(table, "reason"), path + ".reason", "is missing; say why it is not scored");
      Names idle{"measure", "observable", "at", "weight", "input_driven", "key"};
      idle.insert(idle.end(), measured_keys().begin(), measured_keys().end());
      for (const auto& key : idle)
        if (table.get(key)) problem(at(table, key), path + "." + key, "has no effect unless use = \"scored\"");
      return;
    }
    if (e.key && (e.held_out || e.input_driven || e.grade == Grade::D))
      problem(at(table, "key"), path + ".key",
              "accounts cannot be weighed by an event that is held out, contested or handed over by the case");
    if (e.grade == Grade::E)
      problem(at(table, "grade"), path + ".grade", "an event of grade E is an allegation and is never scored");
    for (const char* key : {"measure", "observable", "weight"})
      if (!table.get(key)) problem(table, path + "." + key, "is missing; a scored event needs it");
    question(table, path, e);
    dated_right(table, path, e);
    if (e.scale == Scale::share && e.kind == ValueKind::real &&
        measure_row(e.measure).compared_by == ComparedBy::number)
      for (const char* key : {"low", "high"})
        if (const toml::node* node = table.get(key); node && node->value_or(0.0) > 1.0)
          problem(*node, path + "." + key, "the observable is a share, from 0 to 1; is this a percentage?");
  }

  void origins(const toml::table& tree, const std::vector<Event>& events) {
    Names ids;
    for (const auto& e : events) ids.push_back(e.id);
    for (std::size_t i = 0; i < events.size(); ++i) {
      const Event& e = events[i];
      if (e.of.empty()) continue;
      const toml::node& node = at(*(*tree["events"].as_array())[i].as_table(), "of");
      if (!contains(ids, e.of) || e.of == e.id)
        problem(node, "events." + e.id + ".of",
                fmt::format("\"{}\" is no other event{}", e.of, sim::nearest_hint(e.of, ids)));
    }
  }

  /// Rows that ask the same: one fact would count twice.
  void twins(const toml::table& tree, const std::vector<Event>& events) {
    for (std::size_t i = 0; i < events.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) {
        const Event &e = events[i], &other = events[j];
        if (e.use != Use::scored || other.use != Use::scored || !same_question(e, other)) continue;
        problem(sim::place_of(*(*tree["events"].as_array())[i].as_table()), "events." + e.id,
                fmt::format("asks what {} asks, so the same fact would count twice; leave one of them out", other.id));
      }
  }

  BaselineHints hints(const toml::table& tree, const std::vector<Event>& events) {
    BaselineHints out;
    const toml::node* node = tree.get("baselines");
    if (!node) return out;
    const auto* table = node->as_table();
    if (!table) {
      problem(*node, "baselines", "expected a section headed [baselines]");
      return out;
    }
    HintKeys keys;
    read(hint_fields(), *table, "baselines", keys);
    out.concession = dated(*table, "concession", keys.concession, events);
    out.violence = dated(*table, "violence", keys.violence, events);
    for (const auto& name : keys.everywhere) {
      const auto found = layout_.find(layout_.outcomes, name);
      if (!found || found->variable.kind != ValueKind::time)
        problem(at(*table, "everywhere"), "baselines.everywhere",
                fmt::format("\"{}\" is no time that runs report{}", name, sim::nearest_hint(name, outcome_names())));
    }
    out.everywhere = keys.everywhere;
    return out;
  }

 private:
  void problem(const toml::node& node, const std::string& path, const std::string& message) {
    problem(sim::place_of(node), path, message);
  }
  void problem(const sim::SourcePlace& place, const std::string& path, const std::string& message) {
    diagnostics_.add(place, path, message);
  }
  // Whether two rows ask the same of a run. Two hours of one event are no two facts either.
  static bool same_question(const Event& a, const Event& b) {
    const auto same_hour = [](sim::Hours x, sim::Hours y) {
      return x == y || (!sim::happened(x) && !sim::happened(y));
    };
    if (a.measure != b.measure || a.observable.empty() || a.observable != b.observable || a.at != b.at ||
        a.then != b.then || a.then_at != b.then_at)
      return false;
    if (a.measure == Measure::number) return true;
    if (a.measure == Measure::order) return a.low == b.low && a.high == b.high;
    return a.measure == Measure::time || (same_hour(a.earliest, b.earliest) && same_hour(a.latest, b.latest));
  }

  // The day of a row beside the clock and its own interval, and the tolerance beside that.
  void dated_right(const toml::table& table, const std::string& path, const Event& e) {
    constexpr sim::Hours day = 24, year = 366 * day;
    if (sim::happened(e.day) && (e.day < clock_.start() - year || e.day > clock_.end() + year))
      problem(date_of(path), path + ".date",
              fmt::format("{} lies more than a year from the clock of the case; is the year right?", e.date));
    else if (e.measure == Measure::time && sim::happened(e.day) &&
             ((sim::happened(e.earliest) && e.day + day + e.tolerance < e.earliest) ||
              (sim::happened(e.latest) && e.day - e.tolerance > e.latest)))
      problem(date_of(path), path + ".date", fmt::format("{} lies outside earliest to latest", e.date));
    const sim::Hours length = e.latest - e.earliest;
    if (e.measure == Measure::time && e.tolerance > 3.0 * (length + day))
      problem(at(table, "tolerance"), path + ".tolerance",
              "is more than three times as wide as the interval and a day: what the sources leave open belongs into "
              "earliest and latest");
  }
  const sim::SourcePlace& date_of(const std::string& path) const { return dates_.at(path); }

  static const toml::node& at(const toml::table& table, const std::string& key) {
    const toml::node* node = table.get(key);
    return node ? *node : table;
  }
  Names outcome_names() const {
    Names names;
    for (const auto& v : layout_.outcomes) names.push_back(v.name);
    return names;
  }

  // A date without an hour is no type that Fields reads; it is taken out before they see the entry.
  void take_date(toml::table& table, const std::string& path, Event& e) {
    const toml::node* node = table.get("date");
    if (!node) {
      problem(table, path + ".date", "is missing; expected the day of the event, such as 2022-01-05");
      return;
    }
    if (const auto* date = node->as_date()) {
      const toml::date& d = date->get();
      e.date = fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day);
      e.day = clock_.hours(sim::Instant::of(d.year, d.month, d.day, 0, 0, 0, clock_.epoch().offset_minutes));
    } else {
      problem(*node, path + ".date", "expected the day of the event without an hour, such as 2022-01-05");
    }
    dates_[path] = sim::place_of(*node);
    table.erase("date");
  }

  // Further questions are tables of their own, which Fields do not read either.
  void take_further(toml::table& table, const std::string& path, Element& e) {
    const toml::node* node = table.get("also");
    if (!node) return;
    if (!node->is_array_of_tables()) {
      problem(*node, path + ".also", "expected further conditions, each a table with measure and observable");
    } else {
      for (const auto& entry : *node->as_array()) {
        const std::string where = fmt::format("{}.also.{}", path, e.also.size() + 1);
        Question q;
        read(question_fields(), *entry.as_table(), where, q);
        question(*entry.as_table(), where, q);
        e.also.push_back(std::move(q));
      }
    }
    table.erase("also");
  }

  int dated(const toml::table& table, const std::string& key, const std::string& id, const std::vector<Event>& events) {
    if (id.empty()) return -1;
    Names ids;
    for (const auto& e : events) ids.push_back(e.id);
    const auto found = std::ranges::find(ids, id);
    const auto index = found - ids.begin();
    if (found == ids.end())
      problem(at(table, key), "baselines." + key,
              fmt::format("there is no event \"{}\"{}", id, sim::nearest_hint(id, ids)));
    else if (const Event& e = events[index]; e.use != Use::scored || !sim::happened(e.middle()))
      problem(at(table, key), "baselines." + key,
              fmt::format("event \"{}\" has no interval of time; name one with earliest and latest", id));
    return found == ids.end() ? -1 : static_cast<int>(index);
  }

  const sim::Variable* locate(const toml::table& table, const std::string& path, const std::string& key,
                              const std::string& at_key, const std::string& name, const std::string& label,
                              std::size_t& column, Question& q) {
    if (!table.get(key) || name.empty()) return nullptr;
    const auto found = layout_.find(layout_.outcomes, name);
    if (!found) {
      problem(at(table, key), path + "." + key,
              fmt::format("\"{}\" is nothing that runs report{}", name, sim::nearest_hint(name, outcome_names())));
      return nullptr;
    }
    const sim::Variable& v = found->variable;
    if (v.latent && !may_ask_latent_) {
      problem(at(table, key), path + "." + key,
              fmt::format("\"{}\" is known only inside the model, so no document can be compared with it; it may stand "
                          "in claims.toml",
                          name));
      return nullptr;
    }
    column = found->first;
    q.kind = v.kind;
    q.scale = v.kind == ValueKind::real && v.units == "1" ? Scale::share : Scale::magnitude;
    if (q.measure == Measure::is) {
      q.code = label_index(table, path, at_key, label, v.meanings, name);
    } else if (v.axes.size() == 1) {
      const int index = label_index(table, path, at_key, label, layout_.axis(v.axes[0]).labels, name);
      if (index >= 0) column += index;
    } else if (!v.axes.empty()) {
      problem(at(table, key), path + "." + key, fmt::format("\"{}\" has several axes; only one can be named", name));
    } else if (table.get(at_key)) {
      problem(at(table, at_key), path + "." + at_key,
              fmt::format("\"{}\" is one value for the whole run; leave this key out", name));
    }
    return &v;
  }

  int label_index(const toml::table& table, const std::string& path, const std::string& key, const std::string& label,
                  const Names& labels, const std::string& observable) {
    if (!table.get(key)) {
      problem(table, path + "." + key,
              fmt::format("is missing; \"{}\" has one value for each of: {}", observable, sim::joined(labels)));
      return -1;
    }
    const auto found = std::ranges::find(labels, label);
    if (found != labels.end()) return static_cast<int>(found - labels.begin());
    if (table.get(key)->is_string())
      problem(at(table, key), path + "." + key,
              fmt::format("\"{}\" is not one of the values of \"{}\": {}{}", label, observable, sim::joined(labels),
                          sim::nearest_hint(label, labels)));
    return -1;
  }

  void check_kind(const toml::table& table, const std::string& path, const std::string& key, const Question& q,
                  const sim::Variable& v) {
    const MeasureRow& row = measure_row(q.measure);
    if (!row.fits(v))
      problem(at(table, key), path + "." + key,
              fmt::format("measure = \"{}\" needs {}, but \"{}\" is a {}", row.name, row.asks_for, v.name,
                          sim::word_of(v.kind)));
  }

  std::string shown_;
  const sim::ResultLayout& layout_;
  const sim::Clock& clock_;
  Diagnostics& diagnostics_;
  bool may_ask_latent_;                            ///< about what is known only inside the model
  std::map<std::string, sim::SourcePlace> dates_;  ///< of entries: where their date stands
};

// What a measure requires, as conditions on an entry.
nlohmann::json measure_conditions() {
  auto all = nlohmann::json::array();
  for (std::size_t m = 0; m < measure_names().size(); ++m) {
    const MeasureRow& row = measure_row(static_cast<Measure>(m));
    nlohmann::json then{{"required", nlohmann::json::array()}};
    for (const auto& key : measured_keys())
      if (row.needs(key))
        then["required"].push_back(key);
      else if (!row.allows(key))
        then["properties"][key] = false;
    if (row.measure == Measure::is) then["required"].push_back("at");
    all.push_back(
        {{"if", {{"properties", {{"measure", {{"const", row.name}}}}}, {"required", {"measure"}}}}, {"then", then}});
  }
  return all;
}

nlohmann::json file_schema(const std::string& title, const nlohmann::json& properties) {
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", title},
          {"type", "object"},
          {"additionalProperties", false},
          {"required", {"schema"}},
          {"properties", properties}};
}

template <class T>
nlohmann::json entry_schema(const Fields<T>& fields) {
  auto entry = fields.schema();
  entry["allOf"] = measure_conditions();
  return entry;
}

nlohmann::json array_of(const nlohmann::json& entry) { return {{"type", "array"}, {"items", entry}}; }

}  // namespace

bool Element::is_so(std::span<const double> outcomes) const {
  const auto holds_here = [&](const Question& q) {
    return q.holds(outcomes[q.column], q.compares_two() ? outcomes[q.then_column] : sim::never);
  };
  return holds_here(*this) && std::ranges::all_of(also, holds_here);
}

const Names& claim_kind_names() {
  static const Names names{"fact", "official_claim", "judgement", "allegation", "rumour", "inference"};
  return names;
}

Evidence read_evidence(const std::string& text, const std::string& shown, const sim::ResultLayout& layout,
                       const sim::Clock& clock, Diagnostics& diagnostics) {
  Reader reader(shown, layout, clock, diagnostics, false);
  Evidence evidence;
  auto tree = reader.parse(text, {"events", "sequence", "stylised_fact", "baselines"});
  if (!tree) return evidence;
  evidence.events = reader.list<Event>(
      *tree, "events", event_fields(),
      [&](const toml::table& table, const std::string& path, Event& e) { reader.event(table, path, e); });
  reader.origins(*tree, evidence.events);
  reader.twins(*tree, evidence.events);
  const auto elements = [&](const std::string& kind) {
    return reader.list<Element>(
        *tree, kind, element_fields(),
        [&](const toml::table& table, const std::string& path, Element& e) { reader.question(table, path, e); });
  };
  evidence.sequence = elements("sequence");
  evidence.stylised_facts = elements("stylised_fact");
  evidence.hints = reader.hints(*tree, evidence.events);
  return evidence;
}

std::vector<Claim> read_claims(const std::string& text, const std::string& shown, const sim::ResultLayout& layout,
                               const sim::Clock& clock, Diagnostics& diagnostics) {
  Reader reader(shown, layout, clock, diagnostics, true);
  auto tree = reader.parse(text, {"claims"});
  if (!tree) return {};
  return reader.list<Claim>(
      *tree, "claims", claim_fields(),
      [&](const toml::table& table, const std::string& path, Claim& c) { reader.question(table, path, c); });
}

nlohmann::json evidence_schema() {
  auto event = entry_schema(event_fields());
  event["properties"]["date"] = {{"type", "string"}, {"format", "date"}, {"description", "day of the event"}};
  event["required"].push_back("date");
  event["allOf"].push_back({{"if", {{"properties", {{"use", {{"const", "scored"}}}}}, {"required", {"use"}}}},
                            {"then", {{"required", {"measure", "observable", "weight"}}}},
                            {"else", {{"required", {"reason"}}}}});
  auto element = entry_schema(element_fields());
  element["properties"]["also"] = array_of(entry_schema(question_fields()));
  return file_schema("Qantar evidence", {{"schema", {{"const", 1}}},
                                         {"events", array_of(event)},
                                         {"sequence", array_of(element)},
                                         {"stylised_fact", array_of(element)},
                                         {"baselines", hint_fields().schema()}});
}

nlohmann::json claims_schema() {
  return file_schema("Qantar claims", {{"schema", {{"const", 1}}}, {"claims", array_of(entry_schema(claim_fields()))}});
}

}  // namespace qantar::analysis
