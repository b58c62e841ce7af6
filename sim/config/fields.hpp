// One row per configuration key. The same row reads the key, checks it, documents it, writes it back and gives its
// JSON Schema, so none of these can disagree.
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/calendar.hpp"
#include "sim/config/diagnostics.hpp"
#include "sim/config/document.hpp"
#include "sim/config/values.hpp"
#include "sim/conversions.hpp"
#include "sim/distributions.hpp"

namespace qantar::sim {

/// What reading needs besides the value: where problems go and what names exist.
struct ReadContext {
  Diagnostics& diagnostics;
  const Ids& ids;
  Priors& priors;
  const Clock* clock = nullptr;  ///< set once the clock is known; times before that are an error of ours
};

/// Allowed values and unit of a numeric key.
struct Range {
  double low, high;
  std::string unit;  ///< "person", "h", "1" for a pure number
};

/// One key of an entity of type T.
template <class T>
struct Field {
  std::string key, type, unit, text;
  bool required = false;
  nlohmann::json schema;
  std::function<void(const toml::node&, const std::string& path, ReadContext&, T&)> read;
  std::function<std::string(const T&, const Ids&, const Priors&, const Clock&)> write;  ///< as a TOML value
  Number T::*number = nullptr;  ///< the member, of a key that may be a prior
};

// Readers of single values: add a problem and leave `out` alone when the value does not fit.
bool read_number(const toml::node& node, const std::string& path, const Range& range, ReadContext& context,
                 Number& out);
bool read_plain_number(const toml::node& node, const std::string& path, const Range& range, Diagnostics& diagnostics,
                       double& out);
bool read_text_value(const toml::node& node, const std::string& path, Diagnostics& diagnostics, std::string& out);
bool read_flag(const toml::node& node, const std::string& path, Diagnostics& diagnostics, bool& out);
bool read_instant(const toml::node& node, const std::string& path, Diagnostics& diagnostics, Instant& out);
bool read_time(const toml::node& node, const std::string& path, ReadContext& context, Hours& out);
bool read_reference(const toml::node& node, const std::string& path, const std::string& kind, ReadContext& context,
                    int& out);
bool read_choice(const toml::node& node, const std::string& path, const std::vector<std::string>& choices,
                 Diagnostics& diagnostics, int& out);
/// Calls `each` for every element; a value that is no array is a problem.
bool read_array(const toml::node& node, const std::string& path, Diagnostics& diagnostics,
                const std::function<void(const toml::node&, const std::string& path)>& each);

std::string write_number(double value);
std::string write_number(const Number& number, const Priors& priors);
std::string write_text(const std::string& text);
std::string write_time(Hours time, const Clock& clock);
std::string write_distribution(const Distribution& distribution);
nlohmann::json number_schema(const Range& range, bool prior_allowed);

/// The keys of one kind of entity.
template <class T>
class Fields {
 public:
  using Member = Field<T>;

  /// The required name of the entity; unique within its kind.
  Fields& id(std::string T::*member, const std::string& text) {
    return add({"id",
                "text",
                "",
                text,
                true,
                {{"type", "string"}, {"pattern", "^[a-z][a-z0-9_]*$"}},
                [member](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  read_text_value(n, path, c.diagnostics, t.*member);
                },
                [member](const T& t, const Ids&, const Priors&, const Clock&) { return write_text(t.*member); }});
  }
  Fields& text(const std::string& key, std::string T::*member, const std::string& text, bool required = false) {
    return add({key,
                "text",
                "",
                text,
                required,
                {{"type", "string"}},
                [member](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  read_text_value(n, path, c.diagnostics, t.*member);
                },
                [member](const T& t, const Ids&, const Priors&, const Clock&) { return write_text(t.*member); }});
  }
  Fields& texts(const std::string& key, std::vector<std::string> T::*member, const std::string& text) {
    return add({key,
                "list of texts",
                "",
                text,
                false,
                {{"type", "array"}, {"items", {{"type", "string"}}}},
                [member](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  (t.*member).clear();
                  read_array(n, path, c.diagnostics, [&](const toml::node& e, const std::string& p) {
                    std::string s;
                    if (read_text_value(e, p, c.diagnostics, s)) (t.*member).push_back(s);
                  });
                },
                [member](const T& t, const Ids&, const Priors&, const Clock&) {
                  return list(t.*member, [](const std::string& s) { return write_text(s); });
                }});
  }
  /// A list of numbers that cannot be priors.
  Fields& numbers(const std::string& key, std::vector<double> T::*member, const Range& range, const std::string& text) {
    return add({key,
                "list of numbers",
                range.unit,
                text,
                false,
                {{"type", "array"}, {"items", number_schema(range, false)}},
                [member, range](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  (t.*member).clear();
                  read_array(n, path, c.diagnostics, [&](const toml::node& e, const std::string& p) {
                    double x = 0;
                    if (read_plain_number(e, p, range, c.diagnostics, x)) (t.*member).push_back(x);
                  });
                },
                [member](const T& t, const Ids&, const Priors&, const Clock&) {
                  return (t.*member).empty() ? std::string()
                                             : list(t.*member, [](double x) { return write_number(x); });
                }});
  }
  /// A number that may be a value or a prior.
  Fields& number(const std::string& key, Number T::*member, const Range& range, const std::string& text,
                 bool required = false) {
    return add({key, "number or prior", range.unit, text, required, number_schema(range, true),
                [member, range](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  read_number(n, path, range, c, t.*member);
                },
                [member](const T& t, const Ids&, const Priors& priors, const Clock&) {
                  const Number& x = t.*member;
                  return x.is_given() ? write_number(x, priors) : std::string();
                },
                member});
  }
  /// A number that shapes the world and therefore cannot be a prior.
  Fields& fixed(const std::string& key, double T::*member, const Range& range, const std::string& text,
                bool required = false) {
    return add({key, "number", range.unit, text, required, number_schema(range, false),
                [member, range](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  read_plain_number(n, path, range, c.diagnostics, t.*member);
                },
                [member](const T& t, const Ids&, const Priors&, const Clock&) { return write_number(t.*member); }});
  }
  Fields& flag(const std::string& key, bool T::*member, const std::string& text) {
    return flag(key, text, member, [member](const T& t) { return std::optional(t.*member); });
  }
  /// The same where nothing need be said.
  Fields& flag(const std::string& key, std::optional<bool> T::*member, const std::string& text) {
    return flag(key, text, member, [member](const T& t) { return t.*member; });
  }
  template <class E>
  Fields& choice(const std::string& key, E T::*member, const std::vector<std::string>& names, const std::string& text,
                 bool required = false) {
    return choice<E>(key, names, text, required, member, [member](const T& t) { return std::optional(t.*member); });
  }
  /// The same where nothing need be chosen.
  template <class E>
  Fields& choice(const std::string& key, std::optional<E> T::*member, const std::vector<std::string>& names,
                 const std::string& text) {
    return choice<E>(key, names, text, false, member, [member](const T& t) { return t.*member; });
  }
  template <class E>
  Fields& choices(const std::string& key, std::vector<E> T::*member, const std::vector<std::string>& names,
                  const std::string& text) {
    return add({key,
                "list of: " + joined(names),
                "",
                text,
                false,
                {{"type", "array"}, {"items", {{"enum", names}}}},
                [member, names](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  (t.*member).clear();
                  read_array(n, path, c.diagnostics, [&](const toml::node& e, const std::string& p) {
                    int index = 0;
                    if (read_choice(e, p, names, c.diagnostics, index)) (t.*member).push_back(static_cast<E>(index));
                  });
                },
                [member, names](const T& t, const Ids&, const Priors&, const Clock&) {
                  return list(t.*member, [&](E e) { return write_text(names.at(static_cast<std::size_t>(e))); });
                }});
  }
  /// A date-time with offset, stored as hours of the case's clock. It must lie inside the clock.
  Fields& time(const std::string& key, Hours T::*member, const std::string& text, bool required = false) {
    return add({key,
                "date-time with offset",
                "",
                text,
                required,
                {{"type", "string"}, {"format", "date-time"}},
                [member](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  read_time(n, path, c, t.*member);
                },
                [member](const T& t, const Ids&, const Priors&, const Clock& clock) {
                  return happened(t.*member) ? write_time(t.*member, clock) : std::string();
                }});
  }
  /// The id of an entity of another kind, stored as `I`, which is made from its index and has `exists()` and `index()`.
  template <class I>
  Fields& reference(const std::string& key, I T::*member, const std::string& kind, const std::string& text,
                    bool required = false) {
    return add({key,
                "id from " + kind,
                "",
                text,
                required,
                {{"type", "string"}},
                [member, kind](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  if (int position = 0; read_reference(n, path, kind, c, position)) t.*member = I(position);
                },
                [member, kind](const T& t, const Ids& ids, const Priors&, const Clock&) {
                  return (t.*member).exists() ? write_text(ids.names(kind)[(t.*member).index()]) : std::string();
                }});
  }
  /// A list of ids of another kind.
  template <class I>
  Fields& references(const std::string& key, std::vector<I> T::*member, const std::string& kind,
                     const std::string& text, bool required = false) {
    return add({key,
                "list of ids from " + kind,
                "",
                text,
                required,
                {{"type", "array"}, {"items", {{"type", "string"}}}},
                [member, kind](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  (t.*member).clear();
                  read_array(n, path, c.diagnostics, [&](const toml::node& e, const std::string& p) {
                    if (int position = 0; read_reference(e, p, kind, c, position)) (t.*member).push_back(I(position));
                  });
                },
                [member, kind, required](const T& t, const Ids& ids, const Priors&, const Clock&) {
                  if (required && (t.*member).empty()) return std::string("[]");
                  return list(t.*member, [&](I id) { return write_text(ids.names(kind)[id.index()]); });
                }});
  }
  /// A list of tables with keys of their own; `check` sees each after it was read, for what no single key can tell.
  template <class S>
  Fields& entries(
      const std::string& key, std::vector<S> T::*member, const Fields<S>& fields, const std::string& text,
      std::type_identity_t<std::function<void(const toml::table&, const std::string& path, ReadContext&, S&)>> check =
          {}) {
    return add({key,
                "list of tables",
                "",
                text,
                false,
                {{"type", "array"}, {"items", fields.schema()}},
                [member, &fields, check](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  (t.*member).clear();
                  read_array(n, path, c.diagnostics, [&](const toml::node& e, const std::string& p) {
                    if (S item; const auto* table = e.as_table()) {
                      const std::size_t before = c.diagnostics.problems().size();
                      fields.read(*table, p, c, item);
                      if (c.diagnostics.problems().size() == before && check) check(*table, p, c, item);
                      (t.*member).push_back(std::move(item));
                    } else {
                      c.diagnostics.add(place_of(e), p, "expected a table: { key = value, ... }");
                    }
                  });
                },
                [member, &fields](const T& t, const Ids& ids, const Priors& priors, const Clock& clock) {
                  return list(t.*member, [&](const S& s) { return fields.write_inline(s, ids, priors, clock); });
                }});
  }
  /// A table with keys of its own.
  template <class S>
  Fields& part(const std::string& key, S T::*member, const Fields<S>& fields, const std::string& text) {
    return add({key, "table", "", text, false, fields.schema(),
                [member, &fields](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  if (const auto* table = n.as_table())
                    fields.read(*table, path, c, t.*member);
                  else
                    c.diagnostics.add(place_of(n), path, "expected a table: { key = value, ... }");
                },
                [member, &fields](const T& t, const Ids& ids, const Priors& priors, const Clock& clock) {
                  return fields.write_inline(t.*member, ids, priors, clock);
                }});
  }
  /// A table from ids of another kind to numbers: one number per entity of that kind, `absent` where not named.
  template <class Numbers>
  Fields& shares(const std::string& key, Numbers T::*member, const std::string& kind, const Range& range,
                 const std::string& text) {
    return add({key,
                "table: id from " + kind + " = number or prior",
                range.unit,
                text,
                false,
                {{"type", "object"}, {"additionalProperties", number_schema(range, true)}},
                [member, kind, range](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  (t.*member).assign(c.ids.names(kind).size(), Number{});
                  const auto* table = n.as_table();
                  if (!table) {
                    c.diagnostics.add(place_of(n), path, "expected a table: { id = number, ... }");
                    return;
                  }
                  for (const auto& [name, value] : *table) {
                    const std::string id(name.str());
                    const int index = c.ids.find(kind, id);
                    if (index < 0)
                      c.diagnostics.add(
                          place_of(value), path + "." + id,
                          fmt::format("no such id in [[{}]]{}", kind, nearest_hint(id, c.ids.names(kind))));
                    else
                      read_number(value, path + "." + id, range, c, (t.*member)[index]);
                  }
                },
                [member, kind](const T& t, const Ids& ids, const Priors& priors, const Clock&) {
                  std::string out;
                  for (std::size_t i = 0; i < (t.*member).size(); ++i) {
                    const Number& x = (t.*member)[i];
                    if (x.prior < 0 && x.value == 0) continue;
                    out += (out.empty() ? "" : ", ") + ids.names(kind)[i] + " = " + write_number(x, priors);
                  }
                  return out.empty() ? std::string() : "{ " + out + " }";
                }});
  }

  /// Reads one table: known keys into `out`, unknown and missing keys into the problems.
  void read(const toml::table& table, const std::string& path, ReadContext& context, T& out) const {
    for (const auto& field : fields_) {
      if (const toml::node* node = table.get(field.key))
        field.read(*node, path + "." + field.key, context, out);
      else if (field.required)
        context.diagnostics.add(place_of(table), path + "." + field.key,
                                fmt::format("is missing; expected {} ({})", field.type, field.text));
    }
    report_unknown(table, path, context.diagnostics);
  }

  /// The entity as TOML lines; keys without a value are left out.
  std::string write(const T& entity, const Ids& ids, const Priors& priors, const Clock& clock) const {
    std::string out;
    for (const auto& field : fields_)
      if (const std::string value = field.write(entity, ids, priors, clock); !value.empty())
        out += field.key + " = " + value + "\n";
    return out;
  }

  /// The entity as an inline table.
  std::string write_inline(const T& entity, const Ids& ids, const Priors& priors, const Clock& clock) const {
    std::string out;
    for (const auto& field : fields_)
      if (const std::string value = field.write(entity, ids, priors, clock); !value.empty())
        out += (out.empty() ? "" : ", ") + field.key + " = " + value;
    return "{ " + out + " }";
  }

  nlohmann::json schema() const {
    nlohmann::json properties = nlohmann::json::object(), required = nlohmann::json::array();
    for (const auto& field : fields_) {
      auto property = field.schema;
      property["description"] = field.text + (field.unit.empty() ? "" : " [" + field.unit + "]");
      properties[field.key] = property;
      if (field.required) required.push_back(field.key);
    }
    return {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}, {"required", required}};
  }

  const std::vector<Member>& all() const { return fields_; }

 private:
  template <class Where, class Get>
  Fields& flag(const std::string& key, const std::string& text, Where member, Get get) {
    return add({key,
                "true/false",
                "",
                text,
                false,
                {{"type", "boolean"}},
                [member](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  if (bool value = false; read_flag(n, path, c.diagnostics, value)) t.*member = value;
                },
                [get](const T& t, const Ids&, const Priors&, const Clock&) -> std::string {
                  const std::optional<bool> value = get(t);
                  return !value ? "" : *value ? "true" : "false";
                }});
  }
  template <class E, class Where, class Get>
  Fields& choice(const std::string& key, const std::vector<std::string>& names, const std::string& text, bool required,
                 Where member, Get get) {
    return add({key,
                "one of: " + joined(names),
                "",
                text,
                required,
                {{"enum", names}},
                [member, names](const toml::node& n, const std::string& path, ReadContext& c, T& t) {
                  int index = 0;
                  if (read_choice(n, path, names, c.diagnostics, index)) t.*member = static_cast<E>(index);
                },
                [get, names](const T& t, const Ids&, const Priors&, const Clock&) {
                  const std::optional<E> value = get(t);
                  return value ? write_text(names.at(static_cast<std::size_t>(*value))) : std::string();
                }});
  }
  Fields& add(Member field) {
    fields_.push_back(std::move(field));
    return *this;
  }
  void report_unknown(const toml::table& table, const std::string& path, Diagnostics& diagnostics) const {
    std::vector<std::string> known;
    for (const auto& field : fields_) known.push_back(field.key);
    for (const auto& [key, node] : table)
      if (std::ranges::find(known, key.str()) == known.end())
        diagnostics.add({place_of(node).file, key.source().begin.line, key.source().begin.column},
                        path + "." + std::string(key.str()), "unknown key" + nearest_hint(key.str(), known));
  }
  template <class V, class F>
  static std::string list(const std::vector<V>& values, F&& write) {
    std::string out;
    for (const auto& v : values) out += (out.empty() ? "" : ", ") + write(v);
    return values.empty() ? std::string() : "[" + out + "]";
  }
  std::vector<Member> fields_;
};

}  // namespace qantar::sim
