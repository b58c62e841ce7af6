#include "sim/design/experiment.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/config/number_table.hpp"
#include "sim/conversions.hpp"

namespace qantar::sim {
namespace {

constexpr double most_replicates = 4294967295.0;
constexpr double exact_integers = 9007199254740992.0;  // a TOML number is read as a double
constexpr std::size_t most_factors = 500;
constexpr double any = std::numeric_limits<double>::max();

const std::vector<std::string> kinds = {"grid", "latin_hypercube", "sobol", "morris", "saltelli", "listed"};

struct Head {
  std::string title, description, case_folder;
  std::vector<std::string> hypotheses, overrides, outcomes;
};

struct Layout {
  DesignKind kind = DesignKind::grid;
  double points = 0, replicates = 1, seed = 1, levels = 4;
  std::string table;
};

/// As written: low and high are NaN when they are not there.
struct FactorText {
  std::string key, name, unit = "1";
  double low = never, high = never, steps = 0;
  bool logarithmic = false;
  std::vector<double> values;
};

struct ConstraintText {
  std::vector<Number> sum;
  double at_most = 0;
};

const Fields<Head>& head_fields() {
  static const auto fields =
      Fields<Head>{}
          .text("title", &Head::title, "what the sweep asks, in a few words", true)
          .text("description", &Head::description, "why these quantities and ranges")
          .text("case", &Head::case_folder, "folder of the case, relative to this file", true)
          .texts("hypotheses", &Head::hypotheses, "hypotheses to run; all of the case when left out")
          .texts("outcomes", &Head::outcomes, "outcomes that the sweep is about: deaths, site_fell:almaty_akimat")
          .texts("set", &Head::overrides, "KEY=VALUE for keys that are changed but not varied");
  return fields;
}

const Fields<Layout>& layout_fields() {
  static const auto fields =
      Fields<Layout>{}
          .choice("kind", &Layout::kind, kinds, "how the points are laid out", true)
          .fixed("points", &Layout::points, {1, real(most_points), "1"},
                 "number of points (latin_hypercube, sobol), of base rows (saltelli) or of trajectories (morris)")
          .fixed("levels", &Layout::levels, {2, 1000, "1"}, "levels of each factor (morris), an even number")
          .text("table", &Layout::table, "CSV file with a column for each factor (listed), relative to this file")
          .fixed("replicates", &Layout::replicates, {1, most_replicates, "1"},
                 "trials of each point under each hypothesis")
          .fixed("seed", &Layout::seed, {0, exact_integers, "1"}, "master seed of all random numbers");
  return fields;
}

const Fields<FactorText>& factor_fields() {
  static const auto fields =
      Fields<FactorText>{}
          .text("key", &FactorText::key, "key of the case that is varied: fear_steepness, units.almaty_police.strength",
                true)
          .text("name", &FactorText::name, "name of its column in the result; made from the key when left out")
          .text("unit", &FactorText::unit, "unit of its values")
          .fixed("low", &FactorText::low, {-any, any, "1"}, "lower end of its range")
          .fixed("high", &FactorText::high, {-any, any, "1"}, "upper end of its range")
          .flag("logarithmic", &FactorText::logarithmic, "even steps in the logarithm of the range")
          .fixed("steps", &FactorText::steps, {2, 1e6, "1"}, "number of values from low to high (grid)")
          .numbers("values", &FactorText::values, {-any, any, "1"}, "the values that it takes (grid)");
  return fields;
}

const Fields<ConstraintText>& constraint_fields() {
  static const auto fields =
      Fields<ConstraintText>{}
          .shares("sum", &ConstraintText::sum, "factors", {-any, any, "1"}, "weights of factors, by their name")
          .fixed("at_most", &ConstraintText::at_most, {-any, any, "1"}, "greatest weighted sum that a row may have");
  return fields;
}

/// A key as a name of letters, digits and '_'; parameters go by their own name.
std::string column_name(const std::string& key) {
  std::string name = key.starts_with("parameters.") ? key.substr(11) : key;
  std::ranges::replace(name, '.', '_');
  return name;
}

class Reader {
 public:
  Reader(const std::string& shown, Diagnostics& diagnostics) : shown_(shown), diagnostics_(diagnostics) {}

  void read(toml::table tree, const std::function<std::optional<std::string>(const std::string&)>& table) {
    for (const auto& [key, node] : tree) out.places.emplace(key.str(), place_of(node));
    read_layout(tree);
    if (out.shape.kind == DesignKind::listed)
      read_listed(tree, table);
    else
      read_factors(tree);
    check_names();
    read_constraints(tree);
    out.shape.factors = out.factors.size();
    // After another problem those that are given may not have been read.
    const bool given_some = out.shape.kind == DesignKind::listed || tree.get("factors");
    if (out.factors.empty() && !(given_some && !diagnostics_.empty()))
      problem(tree, "factors", "a design varies something; add [[factors]] with a key");
    if (out.factors.size() > most_factors)
      problem(tree, "factors", fmt::format("a design varies at most {} factors", most_factors));
    for (const char* section : {"design", "factors", "constraints"}) tree.erase(section);
    read_head(tree);
  }

  Experiment out;

 private:
  void problem(const toml::node& node, const std::string& key, const std::string& message) {
    SourcePlace where = place_of(node);
    if (where.file.empty()) where.file = shown_;
    diagnostics_.add(where, key, message);
  }

  const toml::node* given(const toml::table& tree, const char* section, const char* key) const {
    const auto* table = tree.get_as<toml::table>(section);
    return table ? table->get(key) : nullptr;
  }

  std::int64_t whole(const toml::table& tree, const char* key, double value) {
    if (value != std::floor(value))
      if (const auto* node = given(tree, "design", key)) problem(*node, fmt::format("design.{}", key), "must be whole");
    return static_cast<std::int64_t>(value);
  }

  void read_head(const toml::table& tree) {
    Head head;
    head_fields().read(tree, "sweep", context_, head);
    out.title = head.title;
    out.description = head.description;
    out.case_folder = head.case_folder;
    out.hypotheses = head.hypotheses;
    out.overrides = head.overrides;
    out.outcomes = head.outcomes;
  }

  void read_layout(const toml::table& tree) {
    Layout layout;
    const toml::node* node = tree.get("design");
    if (!node || !node->is_table())
      return problem(node ? *node : tree, "design", "is missing; expected a section [design] with kind");
    layout_fields().read(*node->as_table(), "design", context_, layout);
    out.shape.kind = layout.kind;
    out.shape.size = whole(tree, "points", layout.points);
    out.shape.seed = out.seed = static_cast<std::uint64_t>(whole(tree, "seed", layout.seed));
    out.replicates = whole(tree, "replicates", layout.replicates);
    out.table = layout.table;
    const std::string& kind = kinds[to_underlying(layout.kind)];
    const auto only = [&](const char* key, std::initializer_list<DesignKind> of, bool required) {
      const toml::node* value = given(tree, "design", key);
      const bool takes = std::ranges::find(of, layout.kind) != of.end();
      if (value && !takes)
        problem(*value, fmt::format("design.{}", key), fmt::format("a design of kind {} has none", kind));
      if (!value && takes && required)
        problem(*node, fmt::format("design.{}", key), fmt::format("is missing; a design of kind {} needs it", kind));
    };
    using K = DesignKind;
    only("points", {K::latin_hypercube, K::sobol, K::saltelli, K::morris}, true);
    only("levels", {K::morris}, false);
    only("table", {K::listed}, true);
    if (layout.kind == K::morris) {
      const std::int64_t levels = whole(tree, "levels", layout.levels);
      if (levels % 2 != 0) problem(*node, "design.levels", "must be even, so that a step is half of the levels");
      out.shape.levels = {levels};
    }
  }

  void read_factors(const toml::table& tree) {
    const toml::node* node = tree.get("factors");
    if (!node) return;
    read_array(*node, "factors", diagnostics_, [&](const toml::node& element, const std::string& path) {
      const auto* table = element.as_table();
      if (!table) return problem(element, path, "expected [[factors]]");
      FactorText text;
      factor_fields().read(*table, path, context_, text);
      if (!text.key.empty()) add_factor(*table, path, text);
    });
  }

  void add_factor(const toml::table& table, const std::string& path, const FactorText& text) {
    Factor factor;
    factor.key = full_key(text.key);
    factor.name = text.name.empty() ? column_name(factor.key) : text.name;
    factor.unit = text.unit;
    factor.where = place_of(table);
    factor.values = text.values;
    const bool low = table.contains("low"), high = table.contains("high"), range = low && high;
    const bool grid = out.shape.kind == DesignKind::grid;
    if (low != high) problem(table, path, "a range needs both low and high");
    if (range && !(text.low < text.high)) problem(table, path + ".high", "must be above low");
    if (text.logarithmic && !(range && text.low > 0))
      problem(table, path + ".logarithmic", "needs a range whose low is above 0");
    if (!grid && (!text.values.empty() || text.steps > 0))
      problem(table, path, "only a grid has values or steps; give low and high, or neither for the case's own prior");
    if (grid && text.values.empty() == (text.steps == 0))
      problem(table, path, "a factor of a grid has either values, or low, high and steps");
    if (text.steps > 0 && !range) problem(table, path + ".steps", "needs low and high");
    if (text.steps != std::floor(text.steps)) problem(table, path + ".steps", "must be whole");
    if (!diagnostics_.empty()) return;
    for (int i = 0; i < static_cast<int>(text.steps); ++i) {
      const double share = i / (text.steps - 1);
      // The ends are exact.
      factor.values.push_back(i == 0                ? text.low
                              : i + 1 == text.steps ? text.high
                              : text.logarithmic    ? text.low * exp(share * (log(text.high) - log(text.low)))
                                                    : text.low + share * (text.high - text.low));
    }
    if (range && !grid)
      factor.range = Distribution(text.logarithmic ? Family::log_uniform : Family::uniform, {text.low, text.high});
    if (grid) out.shape.levels.push_back(std::ssize(factor.values));
    out.factors.push_back(std::move(factor));
  }

  /// The table lies beside the design.
  std::string table_shown() const { return (std::filesystem::path(shown_).parent_path() / out.table).string(); }

  /// A table of numbers under a line of keys.
  void read_listed(const toml::table& tree, const std::function<std::optional<std::string>(const std::string&)>& read) {
    if (const toml::node* node = tree.get("factors"))
      problem(*node, "factors", "the columns of the table are the factors of a listed design; leave this out");
    if (out.table.empty()) return;
    const auto text = read(out.table);
    if (!text) return;
    for (auto& [key, where, values] : read_number_table(*text, table_shown(), diagnostics_)) {
      Factor factor;
      factor.key = full_key(key);
      factor.name = column_name(factor.key);
      factor.unit = "1";
      factor.where = where;
      factor.values = std::move(values);
      out.factors.push_back(std::move(factor));
    }
    out.shape.size = out.factors.empty() ? 0 : std::ssize(out.factors.front().values);
    if (out.shape.size > most_points) diagnostics_.add({table_shown(), 1, 1}, "", "has too many rows");
  }

  void check_names() {
    std::set<std::string> names, keys;
    for (const auto& factor : out.factors) {
      const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
      if (!std::ranges::all_of(factor.name, letter))
        diagnostics_.add(factor.where, "name",
                         fmt::format("\"{}\" is not a name of letters, digits and '_'", factor.name));
      if (!names.insert(factor.name).second)
        diagnostics_.add(factor.where, "name", fmt::format("two factors are called \"{}\"", factor.name));
      if (!keys.insert(factor.key).second)
        diagnostics_.add(factor.where, "key", fmt::format("{} is varied twice", factor.key));
      ids_.add("factors", factor.name);
    }
  }

  void read_constraints(const toml::table& tree) {
    const toml::node* node = tree.get("constraints");
    if (!node) return;
    using K = DesignKind;
    if (out.shape.kind == K::morris || out.shape.kind == K::saltelli)
      problem(*node, "constraints",
              fmt::format("the rows of a design of kind {} belong together, none can be left out; restrict the ranges",
                          kinds[to_underlying(out.shape.kind)]));
    read_array(*node, "constraints", diagnostics_, [&](const toml::node& element, const std::string& path) {
      const auto* table = element.as_table();
      if (!table) return problem(element, path, "expected [[constraints]]");
      for (const char* key : {"sum", "at_most"})
        if (!table->contains(key)) problem(*table, path, fmt::format("{} is missing", key));
      ConstraintText text;
      constraint_fields().read(*table, path, context_, text);
      Constraint constraint;
      constraint.at_most = text.at_most;
      for (std::size_t f = 0; f < text.sum.size(); ++f) {
        const Factor& factor = out.factors[f];
        if (text.sum[f].prior >= 0) problem(*table, path + ".sum", "a weight is a plain number");
        if (text.sum[f].value != 0 && factor.values.empty() && !factor.range)
          problem(*table, path + ".sum",
                  fmt::format("{} has the prior of each hypothesis, so no row is inside or outside for all; give it "
                              "low and high",
                              factor.name));
        constraint.weights.push_back(text.sum[f].value);
      }
      out.constraints.push_back(std::move(constraint));
    });
  }

  const std::string& shown_;
  Diagnostics& diagnostics_;
  Ids ids_;
  Priors priors_;
  ReadContext context_{diagnostics_, ids_, priors_, nullptr};
};

}  // namespace

double Factor::least() const { return values.empty() ? range->arguments()[0] : std::ranges::min(values); }
double Factor::greatest() const { return values.empty() ? range->arguments()[1] : std::ranges::max(values); }

Experiment read_experiment(const std::string& text, const std::string& shown,
                           const std::function<std::optional<std::string>(const std::string&)>& table,
                           Diagnostics& diagnostics) {
  Reader reader(shown, diagnostics);
  if (auto tree = parse_toml(text, shown, diagnostics)) reader.read(*std::move(tree), table);
  return std::move(reader.out);
}

nlohmann::json experiment_schema() {
  auto schema = head_fields().schema();
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "Qantar design";
  auto& properties = schema["properties"];
  properties["design"] = layout_fields().schema();
  properties["factors"] = {{"type", "array"}, {"items", factor_fields().schema()}};
  properties["constraints"] = {{"type", "array"}, {"items", constraint_fields().schema()}};
  schema["required"].push_back("design");
  return schema;
}

Points::Points(const Experiment& experiment) : experiment_(experiment), design_(make_design(experiment.shape)) {
  if (experiment.constraints.empty()) return;
  std::vector<double> values(experiment.factors.size());
  std::vector<std::uint32_t> inside;
  for (std::int64_t row = 0; row < design_->points(); ++row) {
    const auto at = assigned(row);  // nothing is chosen yet, so points are rows
    for (std::size_t f = 0; f < values.size(); ++f) {
      const auto& range = experiment.factors[f].range;
      values[f] = range ? range->quantile(at[f].quantile) : at[f].value;
    }
    const auto meets = [&](const Constraint& constraint) {
      double sum = 0;
      for (std::size_t f = 0; f < values.size(); ++f)
        if (constraint.weights[f] != 0) sum += constraint.weights[f] * values[f];
      return sum <= constraint.at_most;
    };
    if (std::ranges::all_of(experiment.constraints, meets)) inside.push_back(static_cast<std::uint32_t>(row));
  }
  if (inside.empty()) throw std::invalid_argument("no row of the design meets all constraints; loosen them");
  chosen_ = std::move(inside);
}

std::vector<AssignedPrior> Points::assigned(std::int64_t point) const {
  const std::int64_t row = chosen_.empty() ? point : chosen_.at(point);
  std::vector<double> place(design_->factors());
  design_->row(row, place);
  std::vector<AssignedPrior> out;
  for (std::size_t f = 0; f < place.size(); ++f) {
    const Factor& factor = experiment_.factors[f];
    AssignedPrior assigned{factor.key, place[f]};
    if (!factor.values.empty()) {
      const auto n = real(factor.values.size());
      assigned.value = factor.values.at(static_cast<std::size_t>(place[f] * n));
    }
    out.push_back(std::move(assigned));
  }
  return out;
}

}  // namespace qantar::sim
