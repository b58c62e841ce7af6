#include "cli/sweep/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/sensitivity/morris.hpp"
#include "analysis/sensitivity/outputs.hpp"
#include "analysis/sensitivity/sobol_indices.hpp"
#include "cli/commands.hpp"
#include "cli/outcome.hpp"
#include "cli/sweep/swept_case.hpp"
#include "cli/text/table.hpp"
#include "sim/conversions.hpp"
#include "sim/results/provenance.hpp"

namespace qantar::cli {
namespace {

using analysis::Bootstrapped;
using Json = nlohmann::json;

/// Refuses a result whose rows are not all there: every index is made of all rows of the design.
void check_rows(const std::string& file, const sim::ResultReader& result) {
  const sim::SweepDescription& sweep = result.run().sweep;
  if (sweep.experiment.empty())
    throw UsageError(file + " is no sweep: sensitivity needs a design, see qantar sweep --help");
  if (!sweep.missing.empty())
    throw sim::ResultError(
        fmt::format("{}: {} of {} trials are missing, the first is {}; run the sweep to its end and "
                    "merge it again",
                    file, sweep.trials - result.trials(), sweep.trials, sweep.missing.front().first));
  const auto status = result.status();
  const auto bad = std::ranges::find_if(status, [](int s) { return s != sim::to_underlying(sim::TrialStatus::ok); });
  if (bad != status.end())
    throw sim::ResultError(fmt::format("{}: trial {} has no outcomes because it {}; sensitivity needs every row", file,
                                       bad - status.begin(), *bad == 1 ? "failed" : "was cut short"));
}

/// outputs[point][replicate] of one hypothesis, from the rows of the file in the order of their trials.
std::vector<double> outputs_of(const std::vector<double>& values, const SweptCase& swept, std::int64_t account) {
  const std::int64_t accounts = std::ssize(swept.hypotheses()), points = swept.points().size();
  const std::int64_t replicates = swept.experiment().replicates;
  std::vector<double> out;
  out.reserve(points * replicates);
  for (std::int64_t point = 0; point < points; ++point)
    for (std::int64_t r = 0; r < replicates; ++r) out.push_back(values[(r * points + point) * accounts + account]);
  return out;
}

/// The narrower interval is not the better one: BCa where it exists.
analysis::Interval interval(const Bootstrapped& b) { return std::isnan(b.bca.low) ? b.percentile : b.bca; }

std::string cell(const Bootstrapped& b, int digits) {
  if (std::isnan(b.value)) return "-";
  const auto i = interval(b);
  if (std::isnan(i.low)) return "undetermined";
  return with_interval(b.value, i.low, i.high, digits);
}

Json json_of(const Bootstrapped& b) {
  const auto number = [](double x) { return std::isnan(x) ? Json() : Json(x); };
  return {{"value", number(b.value)},
          {"percentile", {number(b.percentile.low), number(b.percentile.high)}},
          {"bca", {number(b.bca.low), number(b.bca.high)}}};
}

/// Factors with the most influential first.
template <class Factors, class Of>
std::vector<std::size_t> ranked(const Factors& factors, Of of) {
  std::vector<std::size_t> order(factors.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return of(factors[a]) > of(factors[b]); });
  return order;
}

/// Digits that show about three figures of a number.
int digits_for(double x) { return x >= 100 ? 0 : x >= 10 ? 1 : x >= 1 ? 2 : 3; }

struct Answer {
  std::string text;
  Json json;
};

Answer sobol(const std::vector<double>& outputs, const SweptCase& swept) {
  const sim::Experiment& e = swept.experiment();
  const auto indices = analysis::sobol_indices(
      outputs, {static_cast<std::size_t>(e.shape.size), e.factors.size(), static_cast<std::size_t>(e.replicates)},
      {e.seed, 2000});
  Answer answer;
  answer.json = {{"mean", indices.mean},
                 {"variance", indices.variance},
                 {"corrected_for_luck", indices.corrected},
                 {"factors", Json::array()}};
  if (indices.corrected) answer.json["luck_share"] = json_of(indices.noise_share);
  answer.text = fmt::format("mean {:.4g}", indices.mean);
  if (indices.corrected)
    answer.text += fmt::format("; luck makes {} of the variance of a single trial, and is taken out below",
                               cell(indices.noise_share, 2));
  else
    answer.text += "; one replicate, so luck is in all indices: first-order ones are too low, total ones too high";
  answer.text += "\n";
  if (!indices.undefined_because.empty()) answer.text += indices.undefined_because + "\n";
  if (std::ranges::any_of(indices.factors, [](const auto& x) { return std::isnan(interval(x.total).low); }))
    answer.text +=
        "So little is left besides luck that these rows cannot divide it: take more points, more replicates or "
        "wider ranges.\n";
  Table table({"factor", "first-order", "total"}, "lll");
  for (const auto f : ranked(indices.factors, [](const auto& x) { return x.total.value; })) {
    table.add({e.factors[f].name, cell(indices.factors[f].first, 2), cell(indices.factors[f].total, 2)});
    answer.json["factors"].push_back({{"name", e.factors[f].name},
                                      {"key", e.factors[f].key},
                                      {"first", json_of(indices.factors[f].first)},
                                      {"total", json_of(indices.factors[f].total)}});
  }
  answer.text += table.text("  ");
  return answer;
}

Answer morris(const std::vector<double>& outputs, const SweptCase& swept) {
  const sim::Experiment& e = swept.experiment();
  const sim::MorrisDesign design(e.shape);
  const auto effects =
      analysis::morris_effects(outputs, design, static_cast<std::size_t>(e.replicates), {e.seed, 2000});
  Answer answer;
  answer.json = {{"corrected_for_luck", effects.corrected}, {"factors", Json::array()}};
  if (effects.corrected) {
    answer.json["mu_star_of_luck"] = effects.noise_mu_star;
    answer.text = fmt::format("a factor that does nothing would have a mu* of {:.3g}\n", effects.noise_mu_star);
  } else {
    answer.text = "one replicate, so nothing tells an effect from luck\n";
  }
  Table table({"factor", "mu*", "mu", "sigma"}, "llll");
  for (const auto f : ranked(effects.factors, [](const auto& x) { return x.mu_star.value; })) {
    const auto& x = effects.factors[f];
    const int digits = digits_for(x.mu_star.value);
    table.add({e.factors[f].name, cell(x.mu_star, digits), cell(x.mu, digits), cell(x.sigma, digits)});
    answer.json["factors"].push_back({{"name", e.factors[f].name},
                                      {"key", e.factors[f].key},
                                      {"mu_star", json_of(x.mu_star)},
                                      {"mu", json_of(x.mu)},
                                      {"sigma", json_of(x.sigma)},
                                      {"root_mean_square", json_of(x.root_mean_square)}});
  }
  answer.text += table.text("  ");
  return answer;
}

/// The means of a grid, as maps of its first factor against its second, one for each combination of the others.
Answer grid(const std::vector<double>& outputs, const SweptCase& swept) {
  const sim::Experiment& e = swept.experiment();
  const std::size_t points = swept.points().size();
  const auto means =
      analysis::row_means(outputs, points, 1, static_cast<std::size_t>(e.replicates), "combination of values");
  Answer answer;
  answer.json["cells"] = Json::array();
  std::map<std::vector<double>, std::size_t> place;  ///< of each combination that meets the constraints
  double worst = 0;
  for (std::size_t point = 0; point < points; ++point) {
    std::vector<double> values;
    Json named;
    for (const auto& assigned : swept.points().assigned(point)) {
      named[e.factors[values.size()].name] = assigned.value;
      values.push_back(assigned.value);
    }
    Json error;
    if (!means.standard_error.empty()) {
      error = means.standard_error[point];
      worst = std::max(worst, means.standard_error[point]);
    }
    place[values] = point;
    answer.json["cells"].push_back(
        {{"values", std::move(named)}, {"mean", means.mean[point]}, {"standard_error", std::move(error)}});
  }
  answer.text = fmt::format("means of {}", counted(e.replicates, "trial"));
  answer.text += means.standard_error.empty() ? ", so nothing tells an effect from luck\n"
                                              : fmt::format(", standard error at most {:.2g}\n", worst);
  const double greatest = std::fabs(*std::ranges::max_element(means.mean, {}, [](double x) { return std::fabs(x); }));
  const int digits = digits_for(greatest);
  const auto name_of = [&](std::size_t f) {
    return e.factors[f].name + (e.factors[f].unit.empty() ? "" : " [" + e.factors[f].unit + "]");
  };
  std::vector<std::vector<double>> others;  // combinations of the third factor and those after it
  for (const auto& [values, point] : place) {
    std::vector<double> rest(values.begin() + std::min<std::ptrdiff_t>(2, std::ssize(values)), values.end());
    if (std::ranges::find(others, rest) == others.end()) others.push_back(std::move(rest));
  }
  const bool map = e.factors.size() > 1;
  const std::vector<double> across = map ? e.factors[1].values : std::vector<double>{0};
  for (const auto& rest : others) {
    for (std::size_t f = 0; f < rest.size(); ++f)
      answer.text += fmt::format("{}{} {:g}", f ? ", " : "  where ", e.factors[f + 2].name, rest[f]);
    if (!rest.empty()) answer.text += ":\n";
    std::vector<std::string> heads{name_of(0)};
    for (const double x : across) heads.push_back(map ? fmt::format("{:g}", x) : "mean");
    if (map) answer.text += fmt::format("  down: {}; across: {}\n", name_of(0), name_of(1));
    if (map) heads.front().clear();
    Table table(heads, std::string(heads.size(), 'r'));
    for (const double down : e.factors[0].values) {
      std::vector<std::string> cells{fmt::format("{:g}", down)};
      for (const double x : across) {
        std::vector<double> values{down};
        if (map) values.push_back(x);
        values.insert(values.end(), rest.begin(), rest.end());
        const auto found = place.find(values);
        cells.push_back(found == place.end() ? "" : fmt::format("{:.{}f}", means.mean[found->second], digits));
      }
      table.add(std::move(cells));
    }
    answer.text += table.text("  ");
  }
  return answer;
}

Answer answer_for(const std::vector<double>& outputs, const SweptCase& swept) {
  switch (swept.experiment().shape.kind) {
    case sim::DesignKind::saltelli:
      return sobol(outputs, swept);
    case sim::DesignKind::morris:
      return morris(outputs, swept);
    default:
      return grid(outputs, swept);
  }
}

struct Answered {
  std::string hypothesis;
  OutcomeName outcome;
  Answer answer;
};

struct Sensitivities {
  std::string title;
  std::vector<std::string> hypotheses;
  std::vector<Answered> answers;  ///< by hypothesis
};

/// Of the outcomes in `wanted`, else of those of the design, else of all that are one number.
Sensitivities sensitivities_of(const std::string& file, const sim::ResultReader& result,
                               std::vector<std::string> wanted) {
  check_rows(file, result);
  const SweptCase swept(plan_in(result), file);
  const sim::DesignKind kind = swept.experiment().shape.kind;
  if (kind != sim::DesignKind::saltelli && kind != sim::DesignKind::morris && kind != sim::DesignKind::grid)
    throw UsageError(file +
                     ": the design is of no kind that was made for this (saltelli, morris, grid); its rows are in the "
                     "file, with the swept values as parameter_*");

  if (kind != sim::DesignKind::grid && swept.experiment().shape.size < 2)
    throw UsageError(
        fmt::format("{}: a design of one {} says nothing about its precision; plan it with points = 2 or more", file,
                    kind == sim::DesignKind::morris ? "trajectory" : "base row"));

  if (wanted.empty()) wanted = swept.experiment().outcomes;
  std::vector<OutcomeName> outcomes;
  for (const auto& name : wanted) outcomes.push_back(find_outcome(name, result.layout()));
  if (wanted.empty()) outcomes = single_outcomes(result.layout());

  Sensitivities all{swept.experiment().title, {}, {}};
  for (std::int64_t h = 0; h < std::ssize(swept.hypotheses()); ++h) {
    all.hypotheses.push_back(swept.hypotheses()[h].name);
    for (const auto& outcome : outcomes) {
      const auto outputs = outputs_of(values_of(outcome, result), swept, h);
      if (std::ranges::any_of(outputs, [](double x) { return std::isnan(x); })) {
        // A share of nothing, for example; asked for by name it is an error, in a list of all it is left out.
        if (!wanted.empty())
          throw UsageError(outcome.written + ": is undefined in some trials, so nothing can be said of it under " +
                           all.hypotheses.back());
        continue;
      }
      all.answers.push_back({all.hypotheses.back(), outcome, answer_for(outputs, swept)});
    }
  }
  return all;
}

Json json_of(const std::string& file, const Sensitivities& all) {
  Json json{{"file", file}, {"title", all.title}, {"hypotheses", Json::array()}};
  for (const auto& name : all.hypotheses) {
    Json answers = Json::array();
    for (const auto& [hypothesis, outcome, answer] : all.answers) {
      if (hypothesis != name) continue;
      answers.push_back(answer.json);
      answers.back()["outcome"] = outcome.written;
      answers.back()["units"] = outcome.units;
    }
    json["hypotheses"].push_back({{"name", name}, {"outcomes", std::move(answers)}});
  }
  return json;
}

}  // namespace

Json sensitivity_json(const std::string& file, const sim::ResultReader& result) {
  return json_of(file, sensitivities_of(file, result, {}));
}

int sensitivity(const Call& call) {
  Form form{
      "qantar sensitivity FILE [--of OUTCOME]... [--json]",
      "Which of the varied quantities do the outcomes depend on? From a merged sweep with a design of kind saltelli:\n"
      "Sobol' indices, the shares of variance that a quantity explains alone and together with others; of kind\n"
      "morris: elementary effects. With 95 % intervals (bootstrap, BCa), and without the share of luck when there\n"
      "are two replicates or more. Of kind grid: the means over the trials of each combination of values, with their\n"
      "standard errors in JSON. Refuses a sweep in which a trial is missing or failed.",
      "qantar sensitivity almaty.h5 --of site_fell:almaty_akimat --of deaths",
      {"FILE"}};
  form.options.add_options()  //
      ("of", text_list("OUTCOME"),
       "an outcome, or name:place, name:site ... of one that has several; those of the design, or all that are one\n"
       "number, when left out. A time that never came counts as the end of the clock; name_occurred is whether it "
       "came")  //
      ("json", "one JSON object instead of tables");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const std::string file = list_of(*given, "FILE").front();
  const sim::ResultReader result(file);
  const Sensitivities all =
      sensitivities_of(file, result, given->count("of") ? list_of(*given, "of") : std::vector<std::string>{});
  if (given->count("json")) {
    call.out << json_of(file, all).dump(2) << "\n";
    return success;
  }
  call.out << all.title << "\n";
  for (const auto& [hypothesis, outcome, answer] : all.answers)
    call.out << fmt::format("\n{} [{}], {}: {}", outcome.written, outcome.units, hypothesis, answer.text);
  return success;
}

}  // namespace qantar::cli
