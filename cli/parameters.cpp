#include "agents/parameters.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/case_input.hpp"
#include "cli/commands.hpp"
#include "cli/text/markdown.hpp"
#include "cli/text/table.hpp"
#include "sim/conversions.hpp"

namespace qantar::cli {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;  // hypothesis, value

const std::string& basis_of(const agents::ParameterRow& row) {
  return agents::basis_names()[sim::to_underlying(row.basis)];
}

std::string number_as_text(const sim::Number& number, const sim::Priors& priors) {
  return number.prior < 0 ? fmt::format("{}", number.value) : priors.all()[number.prior].distribution.text();
}

/// One value under the name "all" when the hypotheses agree.
Values merged(Values values) {
  const auto differs = [&](const auto& v) { return v.second != values.front().second; };
  if (std::ranges::none_of(values, differs)) values = {{"all", values.front().second}};
  return values;
}

/// The values of parameter `i` in a case.
Values values_in(const agents::Case& model, std::size_t i) {
  Values values;
  for (const auto& h : model.hypotheses)
    if (h.scenario && h.of.empty())
      values.emplace_back(h.name, number_as_text(h.scenario->parameters[i], h.scenario->priors));
  return merged(std::move(values));
}

/// The keys of a classic model: one line each, more where the hypotheses differ.
void print_keys(const agents::Case& model, bool json, std::ostream& out) {
  Table table({"name", "unit", "value", "hypothesis", "meaning"}, "lllll");
  auto all = nlohmann::json::array();
  std::vector<std::vector<agents::KeyText>> keys;
  for (const auto& h : model.hypotheses) keys.push_back(h.model->keys());
  for (std::size_t i = 0; i < keys.front().size(); ++i) {
    const agents::KeyText& key = keys.front()[i];
    Values values;
    for (std::size_t h = 0; h < keys.size(); ++h) values.emplace_back(model.hypotheses[h].name, keys[h][i].value);
    values = merged(std::move(values));
    all.push_back({{"name", key.name}, {"unit", key.unit}, {"text", key.text}});
    for (std::size_t k = 0; k < values.size(); ++k) {
      const auto& [hypothesis, value] = values[k];
      all.back()["values"][hypothesis] = value;
      k == 0 ? table.add({key.name, key.unit, value, hypothesis, key.text}) : table.add({"", "", value, hypothesis});
    }
  }
  out << (json ? nlohmann::json{{"parameters", all}}.dump(2) + "\n" : table.text());
}

void print_table(const std::vector<Values>& values, std::ostream& out) {
  const bool with_case = !values.empty();
  std::vector<std::string> heads{"name", "symbol", "unit", "range", "prior"};
  if (with_case) heads.insert(heads.end(), {"value", "hypothesis"});
  heads.insert(heads.end(), {"basis", "source", "meaning"});
  Table table(heads, std::string(heads.size(), 'l'));
  for (std::size_t i = 0; i < agents::parameter_rows().size(); ++i) {
    const auto& row = agents::parameter_rows()[i];
    std::vector<std::string> cells{row.name, row.symbol, row.unit, fmt::format("{} to {}", row.low, row.high),
                                   row.prior.text()};
    if (with_case) cells.insert(cells.end(), {values[i].front().second, values[i].front().first});
    cells.insert(cells.end(), {basis_of(row), row.source, row.text});
    table.add(cells);
    for (std::size_t k = 1; with_case && k < values[i].size(); ++k)
      table.add({"", "", "", "", "", values[i][k].second, values[i][k].first});
  }
  out << table.text();
}

void print_json(const std::vector<Values>& values, std::ostream& out) {
  auto all = nlohmann::json::array();
  for (std::size_t i = 0; i < agents::parameter_rows().size(); ++i) {
    const auto& row = agents::parameter_rows()[i];
    all.push_back({{"name", row.name},
                   {"symbol", row.symbol},
                   {"unit", row.unit},
                   {"low", row.low},
                   {"high", row.high},
                   {"prior", row.prior.text()},
                   {"basis", basis_of(row)},
                   {"source", row.source},
                   {"text", row.text}});
    if (values.empty()) continue;
    for (const auto& [hypothesis, value] : values[i]) all.back()["values"][hypothesis] = value;
  }
  out << nlohmann::json{{"parameters", all}}.dump(2) << "\n";
}

void print_markdown(std::ostream& out) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : agents::parameter_rows())
    rows.push_back({code(row.name), "$" + row.symbol + "$", row.unit, fmt::format("{} to {}", row.low, row.high),
                    row.prior.text(), basis_of(row), row.source, row.text});
  out << "# Parameters\n\nWritten by `qantar parameters --markdown > agents/PARAMETERS.md`; change "
         "`agents/parameters.cpp` instead of this file.\n"
         "Priors are those of the model; a case or one of its hypotheses may set another one, which\n"
         "`qantar parameters CASE` shows beside it.\n\n"
      << markdown_table({"name", "symbol", "unit", "range", "prior", "basis", "source", "meaning"}, rows);
}

}  // namespace

int parameters(const Call& call) {
  Form form{
      "qantar parameters [CASE] [--json]\n       qantar parameters --markdown",
      "Lists every parameter of the model: name, symbol, unit, range, prior, whether it is measured, elicited or\n"
      "assumed, source and meaning. With a case also its value there, under each hypothesis where they differ.",
      "qantar parameters configs/january_2022 | less -S",
      {"[CASE]"}};
  form.options.add_options()                          //
      ("json", "one JSON object instead of a table")  //
      ("markdown", "the file agents/PARAMETERS.md");
  const auto given = parse(std::move(form), call);
  if (!given) return success;

  const auto folder = list_of(*given, "[CASE]");
  if (given->count("markdown")) {
    if (!folder.empty() || given->count("json")) throw UsageError("--markdown takes no case, and not --json");
    print_markdown(call.out);
    return success;
  }
  std::vector<Values> values;
  if (!folder.empty()) {
    const CheckedCase checked = read_case(folder.front(), {});
    if (checked.model.scenarios().empty()) {
      print_keys(checked.model, given->count("json") > 0, call.out);
      return success;
    }
    for (std::size_t i = 0; i < agents::parameter_rows().size(); ++i) values.push_back(values_in(checked.model, i));
  }
  given->count("json") ? print_json(values, call.out) : print_table(values, call.out);
  return success;
}

}  // namespace qantar::cli
