#include "sim/config/fields.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "sim/conversions.hpp"

namespace qantar::sim {
namespace {

std::string shown(const toml::node& node) {
  if (const auto* s = node.as_string()) {
    const std::string text = s->get().size() > 40 ? s->get().substr(0, 40) + "..." : s->get();
    return "\"" + text + "\"";
  }
  if (const auto* i = node.as_integer()) return fmt::format("{}", i->get());
  if (const auto* f = node.as_floating_point()) return write_number(f->get());
  if (const auto* b = node.as_boolean()) return b->get() ? "true" : "false";
  if (node.is_table()) return "a table";
  if (node.is_array()) return "a list";
  return "a date or time";
}

std::string range_text(const Range& range) {
  const std::string unit = range.unit.empty() || range.unit == "1" ? "" : " " + range.unit;
  return fmt::format("{} to {}{}", range.low, range.high, unit);
}

bool wrong(const toml::node& node, const std::string& path, Diagnostics& diagnostics, const std::string& expected) {
  diagnostics.add(place_of(node), path, fmt::format("is {}; expected {}", shown(node), expected));
  return false;
}

bool read_prior(const toml::table& table, const std::string& path, const Range& range, ReadContext& context,
                Number& out) {
  std::vector<std::string> names;
  for (Family f : Distribution::families()) names.emplace_back(Distribution::name(f));
  if (table.size() != 1)
    return wrong(table, path, context.diagnostics,
                 fmt::format("a number or a prior such as {{ beta = [4, 2] }} (one of: {})", joined(names)));
  const auto entry = table.begin();  // named, because the reference below points into it
  const toml::key& key = entry->first;
  const toml::node& node = entry->second;
  Family family{};
  if (!Distribution::parse(key.str(), family)) {
    context.diagnostics.add(place_of(node), path,
                            fmt::format("\"{}\" is no known prior (one of: {}){}", std::string(key.str()),
                                        joined(names), nearest_hint(key.str(), names)));
    return false;
  }
  std::vector<double> arguments;
  bool good = true;
  const std::string here = path + "." + std::string(key.str());
  const Range any{-std::numeric_limits<double>::max(), std::numeric_limits<double>::max(), "1"};
  if (const auto* list = node.as_array()) {
    for (const auto& element : *list) {
      double value = 0;
      good = read_plain_number(element, here, any, context.diagnostics, value) && good;
      arguments.push_back(value);
    }
  } else {
    double value = 0;
    good = read_plain_number(node, here, any, context.diagnostics, value);
    arguments.push_back(value);
  }
  if (!good) return false;
  if (const std::string why = Distribution::problem(family, arguments); !why.empty()) {
    context.diagnostics.add(place_of(node), here, why);
    return false;
  }
  Distribution distribution(family, arguments);
  if (!distribution.truncate(range.low, range.high)) {
    context.diagnostics.add(place_of(node), here,
                            "this prior has no probability inside the allowed range " + range_text(range));
    return false;
  }
  out.value = distribution.quantile(0.5);
  // Two entries of one id are reported where ids are read.
  const int taken = context.priors.find(path);
  out.prior = taken < 0 ? context.priors.add(path, std::move(distribution)) : taken;
  return true;
}

}  // namespace

int Priors::find(const std::string& name) const {
  const auto found = std::ranges::find(priors_, name, &Prior::name);
  return found == priors_.end() ? -1 : static_cast<int>(found - priors_.begin());
}

int Priors::add(std::string name, Distribution distribution) {
  if (find(name) >= 0)
    throw std::invalid_argument(fmt::format(
        "two priors are named \"{}\": a trial could not tell them apart; give each a name of its own", name));
  priors_.push_back({std::move(name), std::move(distribution)});
  return static_cast<int>(priors_.size()) - 1;
}

bool Ids::add(const std::string& kind, const std::string& id) {
  auto& names = names_[kind];
  if (std::ranges::find(names, id) != names.end()) return false;
  names.push_back(id);
  return true;
}

int Ids::find(const std::string& kind, const std::string& id) const {
  const auto& all = names(kind);
  const auto found = std::ranges::find(all, id);
  return found == all.end() ? -1 : static_cast<int>(found - all.begin());
}

const std::vector<std::string>& Ids::names(const std::string& kind) const {
  static const std::vector<std::string> none;
  const auto found = names_.find(kind);
  return found == names_.end() ? none : found->second;
}

bool read_plain_number(const toml::node& node, const std::string& path, const Range& range, Diagnostics& diagnostics,
                       double& out) {
  double value = 0;
  if (const auto* i = node.as_integer())
    value = real(i->get());
  else if (const auto* f = node.as_floating_point())
    value = f->get();
  else
    return wrong(node, path, diagnostics, "a number in the range " + range_text(range));
  if (!(value >= range.low && value <= range.high)) {
    diagnostics.add(place_of(node), path, fmt::format("{} is outside the range {}", shown(node), range_text(range)));
    return false;
  }
  out = value;
  return true;
}

bool read_number(const toml::node& node, const std::string& path, const Range& range, ReadContext& context,
                 Number& out) {
  if (const auto* table = node.as_table()) return read_prior(*table, path, range, context, out);
  double value = 0;
  if (!node.is_number())
    return wrong(node, path, context.diagnostics,
                 "a number in the range " + range_text(range) + ", or a prior such as { beta = [4, 2] }");
  if (!read_plain_number(node, path, range, context.diagnostics, value)) return false;
  out = {value, -1};
  return true;
}

bool read_text_value(const toml::node& node, const std::string& path, Diagnostics& diagnostics, std::string& out) {
  const auto* s = node.as_string();
  if (!s) return wrong(node, path, diagnostics, "text in quotation marks");
  out = s->get();
  return true;
}

bool read_flag(const toml::node& node, const std::string& path, Diagnostics& diagnostics, bool& out) {
  const auto* b = node.as_boolean();
  if (!b) return wrong(node, path, diagnostics, "true or false");
  out = b->get();
  return true;
}

bool read_instant(const toml::node& node, const std::string& path, Diagnostics& diagnostics, Instant& out) {
  const auto* t = node.as_date_time();
  if (!t || !t->get().offset)
    return wrong(node, path, diagnostics, "a date-time with its offset, such as 2022-01-05T15:10:00+06:00");
  const auto& v = t->get();
  out =
      Instant::of(v.date.year, v.date.month, v.date.day, v.time.hour, v.time.minute, v.time.second, v.offset->minutes);
  return true;
}

bool read_time(const toml::node& node, const std::string& path, ReadContext& context, Hours& out) {
  Instant instant;
  if (!read_instant(node, path, context.diagnostics, instant)) return false;
  if (!context.clock) return true;  // the clock itself is faulty, which has been reported
  const Hours t = context.clock->hours(instant);
  if (!context.clock->contains(t)) {
    context.diagnostics.add(place_of(node), path,
                            fmt::format("{} is outside the clock, which runs from {} to {}", instant.text(),
                                        context.clock->instant(context.clock->start()).text(),
                                        context.clock->instant(context.clock->end()).text()));
    return false;
  }
  out = t;
  return true;
}

bool read_reference(const toml::node& node, const std::string& path, const std::string& kind, ReadContext& context,
                    int& out) {
  std::string id;
  if (!read_text_value(node, path, context.diagnostics, id)) return false;
  const int index = context.ids.find(kind, id);
  if (index < 0) {
    context.diagnostics.add(
        place_of(node), path,
        fmt::format("\"{}\" is not defined in [[{}]]{}", id, kind, nearest_hint(id, context.ids.names(kind))));
    return false;
  }
  out = index;
  return true;
}

bool read_choice(const toml::node& node, const std::string& path, const std::vector<std::string>& choices,
                 Diagnostics& diagnostics, int& out) {
  std::string name;
  if (!read_text_value(node, path, diagnostics, name)) return false;
  const auto found = std::ranges::find(choices, name);
  if (found == choices.end()) {
    diagnostics.add(place_of(node), path,
                    fmt::format("\"{}\" is not one of: {}{}", name, joined(choices), nearest_hint(name, choices)));
    return false;
  }
  out = static_cast<int>(found - choices.begin());
  return true;
}

bool read_array(const toml::node& node, const std::string& path, Diagnostics& diagnostics,
                const std::function<void(const toml::node&, const std::string&)>& each) {
  const auto* array = node.as_array();
  if (!array) return wrong(node, path, diagnostics, "a list in square brackets");
  std::size_t index = 0;
  for (const auto& element : *array) each(element, fmt::format("{}[{}]", path, index++));
  return true;
}

std::string write_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  if (value == std::floor(value) && std::fabs(value) < 1e15) return fmt::format("{}", static_cast<long long>(value));
  std::string text = fmt::format("{}", value);
  // TOML wants digits around an exponent's point: 1e-05 is fine, so nothing else is needed.
  return text;
}

std::string write_distribution(const Distribution& distribution) {
  std::string arguments;
  for (double a : distribution.arguments()) arguments += (arguments.empty() ? "" : ", ") + write_number(a);
  return fmt::format("{{ {} = [{}] }}", Distribution::name(distribution.family()), arguments);
}

std::string write_number(const Number& number, const Priors& priors) {
  return number.prior < 0 ? write_number(number.value) : write_distribution(priors.all()[number.prior].distribution);
}

std::string write_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + "\"";
}

std::string write_time(Hours time, const Clock& clock) {
  const Instant instant = clock.instant(time);
  const std::string text = instant.text();  // "2022-01-05 15:10 +06:00"
  const auto seconds = (instant.seconds % 60 + 60) % 60;
  return fmt::format("{}T{}:{:02}{}", text.substr(0, 10), text.substr(11, 5), seconds, text.substr(17));
}

nlohmann::json number_schema(const Range& range, bool prior_allowed) {
  nlohmann::json number = {{"type", "number"}, {"minimum", range.low}};
  if (std::isfinite(range.high)) number["maximum"] = range.high;
  if (!prior_allowed) return number;
  return {{"anyOf", nlohmann::json::array({number, {{"$ref", "#/$defs/prior"}}})}};
}

}  // namespace qantar::sim
