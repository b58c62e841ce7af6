// What the classic models share: a case that is all parameters, and a clock that counts ticks.
#pragma once
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "agents/prior_draws.hpp"
#include "agents/reported.hpp"
#include "sim/config/fields.hpp"
#include "sim/trial_result.hpp"

namespace qantar::agents::classic {

struct Head {
  std::string title, description;
};

/// A case of a classic model under one hypothesis. P holds its parameters.
template <class P>
struct Case {
  Head head;
  double ticks = 1;
  P parameters;
  sim::Priors priors;
  sim::Clock clock;
};

const sim::Fields<Head>& head_fields();

/// A clock of so many ticks. A classic model has no dates, so a tick stands for an hour since the start of the year
/// 2000, and no outcome of a classic model is a time.
sim::Clock tick_clock(double ticks);

/// Checks everything around the parameters, and returns the table of these, or null. Fills head and ticks.
const toml::table* read_frame(const toml::table& tree, const std::string& shown, sim::ReadContext& context, Head& head,
                              double& ticks);

/// JSON Schema of the case.toml of a classic model, from that of its parameters.
nlohmann::json case_schema(const std::string& model, const nlohmann::json& parameters);

/// Reads a merged tree. Problems go to `diagnostics`.
template <class P>
Case<P> read_case(const toml::table& tree, const std::string& shown, const sim::Fields<P>& fields,
                  sim::Diagnostics& diagnostics) {
  Case<P> read;
  const sim::Ids no_ids;
  sim::ReadContext context{diagnostics, no_ids, read.priors, nullptr};
  if (const toml::table* table = read_frame(tree, shown, context, read.head, read.ticks))
    fields.read(*table, "parameters", context, read.parameters);
  read.clock = tick_clock(read.ticks);
  return read;
}

/// The case as TOML text: reading it again gives the same case.
template <class P>
std::string resolved_text(const std::string& model, const Case<P>& c, const sim::Fields<P>& fields) {
  const sim::Ids no_ids;
  return fmt::format("schema = 1\nmodel = {}\n\n[case]\n{}\n[clock]\nticks = {}\n\n[parameters]\n{}",
                     sim::write_text(model), head_fields().write(c.head, no_ids, c.priors, c.clock),
                     sim::write_number(c.ticks), fields.write(c.parameters, no_ids, c.priors, c.clock));
}

/// The parameters of one trial: every prior replaced by what was drawn.
template <class P>
P drawn_parameters(const Case<P>& c, const sim::Fields<P>& fields, const sim::Draws& draws) {
  P p = c.parameters;
  const auto drawn = drawn_values(c.priors, draws);
  for (const auto& field : fields.all())
    if (field.number) p.*field.number = {sim::Priors::value(p.*field.number, drawn), -1};
  return p;
}

/// The keys that may be priors, as variables of a result.
template <class P>
std::vector<sim::Variable> parameter_variables(const sim::Fields<P>& fields) {
  std::vector<sim::Variable> out;
  for (const auto& field : fields.all())
    if (field.number) out.push_back({field.key, field.unit, field.text, sim::ValueKind::real, {}, {}});
  return out;
}

/// Their values, in the same order.
template <class P>
void parameter_values(const P& p, const sim::Fields<P>& fields, std::span<double> out) {
  std::size_t at = 0;
  for (const auto& field : fields.all())
    if (field.number) out[at++] = (p.*field.number).value;
}

template <class W>
Reported<W> reported(const std::string& name, const std::string& unit, sim::ValueKind kind, const std::string& text,
                     double (*value)(const W&)) {
  return {{name, unit, text, kind, {}, {}}, [value](const W& w, std::span<double> out) { out[0] = value(w); }};
}

template <class W>
std::vector<sim::Variable> variables(const std::vector<Reported<W>>& rows) {
  std::vector<sim::Variable> out;
  for (const auto& row : rows) out.push_back(row.variable);
  return out;
}

/// What every classic model M, with the parameters P, answers alike as a Model of the engine (sim/model.hpp): M adds
/// its world, its fields, and what happens.
template <class M, class P>
class ClassicModel {
 public:
  using Parameters = P;

  const sim::Clock& clock() const { return case_.clock; }
  const sim::ResultLayout& layout() const { return layout_; }
  const sim::Priors& priors() const { return case_.priors; }
  const std::string& case_title() const { return case_.head.title; }
  std::string resolved_text() const { return classic::resolved_text(M::name, case_, M::fields()); }
  const Case<P>& data() const { return case_; }
  void parameters(const auto& world, std::span<double> out) const { parameter_values(world.p, M::fields(), out); }
  std::vector<sim::LoggedEvent> events(auto&) const { return {}; }

 protected:
  template <class W>
  ClassicModel(Case<P> c, const std::vector<Reported<W>>& outcomes, const std::vector<Reported<W>>& series)
      : case_(std::move(c)) {
    layout_.outcomes = variables(outcomes);
    layout_.series = variables(series);
    layout_.parameters = parameter_variables(M::fields());
  }

  Case<P> case_;
  sim::ResultLayout layout_;
};

}  // namespace qantar::agents::classic
