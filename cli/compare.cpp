#include "analysis/compare.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/separation.hpp"
#include "cli/commands.hpp"
#include "cli/courses.hpp"
#include "cli/table.hpp"
#include "sim/config/document.hpp"

namespace qantar::cli {
namespace {

using analysis::Measure;

constexpr std::size_t title_width = 44;

analysis::Evidence read_evidence(const sim::ResultReader& result, const std::string& path,
                                 const po::variables_map& given) {
  sim::Diagnostics diagnostics;
  std::string shown = path + ": evidence.toml";
  std::optional<std::string> text;
  if (given.count("evidence")) {
    shown = text_of(given, "evidence");
    text = sim::read_text(shown, shown, diagnostics);
  } else {
    for (const auto& [name, content] : result.run().input_files)
      if (name == "evidence.toml") text = content;
    if (!text) throw UsageError(path + " was made from a case without evidence.toml; give one with --evidence FILE");
  }
  analysis::Evidence evidence;
  if (text) evidence = analysis::read_evidence(*text, shown, result.layout(), result.clock(), diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  return evidence;
}

// ---- Text ----------------------------------------------------------------------------------------------------------

/// A number with as many digits as it deserves.
std::string amount(double x) {
  if (std::isnan(x)) return "-";
  return std::fabs(x) >= 10 || x == std::floor(x) ? fmt::format("{:.0f}", x) : fmt::format("{:.2g}", x);
}

std::string time_span(double low, double high, const sim::Clock& clock) {
  if (std::isnan(low) && std::isnan(high)) return "";
  if (std::isnan(low)) return "until " + clock.text(high);
  if (std::isnan(high)) return "from " + clock.text(low);
  return clock.text(low) + " to " + clock.text(high);
}

std::string documented(const analysis::Event& event, const analysis::Row& row, const sim::Clock& clock) {
  const std::string window = time_span(row.low, row.high, clock);
  switch (event.measure) {
    case Measure::time:
      return window;
    case Measure::number:
      return row.low == row.high ? amount(row.low) : amount(row.low) + " to " + amount(row.high);
    case Measure::occurs:
      return window.empty() ? "happens" : "happens " + window;
    case Measure::absent:
      return window.empty() ? "does not happen" : "does not happen " + window;
    case Measure::order:
      return "before " + event.then + (event.then_at.empty() ? "" : " " + event.then_at);
    case Measure::rises:
      return "less than " + event.then + (event.then_at.empty() ? "" : " " + event.then_at);
    case Measure::is:
      return event.at;
  }
  return "";
}

std::string predicted(const analysis::Event& event, const analysis::Row& row, const sim::Clock& clock) {
  const auto& q = row.quantiles;
  std::string text;
  if (std::isnan(q[2]))
    text = "";
  else if (event.kind == sim::ValueKind::time && event.measure != Measure::order)
    text = fmt::format("{} [{}, {}]", clock.text(q[2]), clock.text(q[0]), clock.text(q[4]));
  else if (event.measure == Measure::number || event.compares_two())
    text = fmt::format("{} [{}, {}]{}", amount(q[2]), amount(q[0]), amount(q[4]),
                       event.measure == Measure::order ? " h" : "");
  else  // a flag or a code has no quantiles worth reading
    return fmt::format("so in {:.0f} %", 100 * (event.measure == Measure::absent ? 1 - row.hit.value : row.hit.value));
  if (row.happened < 1) text = fmt::format("in {:.0f} %{}{}", 100 * row.happened, text.empty() ? "" : ": ", text);
  return text;
}

std::string shown(const analysis::Estimate& e, int digits) {
  if (std::isnan(e.value)) return "-";
  return std::isnan(e.low) ? fmt::format("{:.{}f}", e.value, digits) : with_interval(e.value, e.low, e.high, digits);
}

void print_events(const analysis::Evidence& evidence, const analysis::Comparison& comparison, std::size_t predictor,
                  const sim::Clock& clock, std::ostream& out) {
  const auto& who = comparison.predictors[predictor];
  out << fmt::format("\n{} ({}): {} trials, {} that failed left out\n\n", who.title, who.name, who.trials, who.failed);
  Table table({"event", "", "documented", "predicted: median [5 %, 95 %]", "hit rate", "score"}, "llllrr");
  for (const auto& row : comparison.rows) {
    if (row.predictor != predictor) continue;
    const auto& event = evidence.events[row.event];
    table.add({event.id, cut(event.title, title_width), documented(event, row, clock), predicted(event, row, clock),
               shown(row.hit, 2), fmt::format("{:.3f}", row.score)});
  }
  out << table.text();
}

void print_totals(const analysis::Comparison& comparison, std::ostream& out) {
  out << "\nTotals: weighted means over events; intervals say how far they depend on which events are in the "
         "record.\n\n";
  Table table({"events", "", "rows", "hit rate", "score"}, "llrrr");
  std::string before;
  for (const auto& total : comparison.totals) {
    const std::string& group = analysis::group_names()[static_cast<std::size_t>(total.group)];
    table.add({group == before ? "" : group, comparison.predictors[total.predictor].name, std::to_string(total.rows),
               shown(total.hit, 2), shown(total.score, 3)});
    before = group;
  }
  out << table.text();
}

/// Each account next to the best of them and to what knows less; over the events that are scored.
void print_skill(const analysis::Comparison& comparison, std::ostream& out) {
  const auto& who = comparison.predictors;
  const auto scored = [](const auto& x) { return x.group == analysis::Group::scored; };
  std::vector<analysis::Total> accounts;
  std::ranges::copy_if(comparison.totals, std::back_inserter(accounts),
                       [&](const auto& t) { return scored(t) && !who[t.predictor].baseline; });
  if (accounts.empty()) return;
  const std::size_t best = std::ranges::min_element(accounts, {}, [](auto& t) { return t.score.value; })->predictor;
  const auto next_to = [&](std::size_t account, const std::string& other) {
    for (const auto& d : comparison.differences)
      if (scored(d) && d.a == account && who[d.b].name == other) return d;
    return analysis::Difference{{}, 0, 0, {NAN, NAN, NAN}, {NAN, NAN, NAN}};
  };
  out << "\nScored events once more, paired: score minus that of " << who[best].name
      << ";\nskill, which is 1 at best and 0 if no better than the trials of all accounts\n"
         "(climatology) or a course in which nothing happens; energy score of all rows.\n\n";
  Table table({"", "difference", "climatology", "nothing", "energy"}, "lrrrr");
  for (const auto& total : accounts) {
    const std::size_t p = total.predictor;
    auto difference = next_to(std::min(p, best), who[std::max(p, best)].name).score;
    if (p > best) difference = {0 - difference.value, 0 - difference.high, 0 - difference.low};
    table.add({who[p].name, shown(difference, 3), shown(next_to(p, "climatology").skill, 2),
               shown({next_to(p, "nothing_happens").skill.value, NAN, NAN}, 2),
               fmt::format("{:.3f}", total.energy.value)});
  }
  out << table.text();
}

void print_sequence(const analysis::Evidence& evidence, const analysis::Comparison& comparison, std::ostream& out) {
  if (comparison.sequence.empty()) return;
  out << "\nKey sequence: share of trials with each of its elements.\n";
  std::vector<std::string> rows, columns;
  for (const auto& element : evidence.sequence) rows.push_back(element.text);
  rows.insert(rows.end(), {"all of them", "mean number of elements"});
  for (const auto& result : comparison.sequence) columns.push_back(comparison.predictors[result.predictor].name);
  out << side_by_side(rows, columns, [&](std::size_t r, std::size_t c) {
    const auto& result = comparison.sequence[c];
    const auto& who = comparison.predictors[result.predictor];
    const bool certain = who.baseline && who.trials == 1;  // no interval
    if (r + 1 == rows.size()) return certain ? amount(result.count.value) : shown(result.count, 1);
    const auto& share = r < result.elements.size() ? result.elements[r] : result.all;
    if (certain) return std::string(share.value > 0 ? "yes" : "no");
    return shown(share, 2);
  });
}

// ---- What tells the accounts apart ----------------------------------------------------------------------------------

constexpr std::size_t tellings_shown = 8;

struct Apart {
  std::vector<analysis::Telling> tellings;
  std::set<std::size_t> documented;  ///< positions of outcomes that the record has a row on
};

Apart tell_apart(const sim::ResultReader& result, const analysis::Evidence& evidence) {
  std::vector<std::size_t> kept;
  std::vector<std::int32_t> account;
  const auto hypothesis = result.hypothesis(), status = result.status();
  for (std::size_t t = 0; t < status.size(); ++t)
    if (status[t] == static_cast<std::int32_t>(sim::TrialStatus::ok)) {
      kept.push_back(t);
      account.push_back(hypothesis[t]);
    }
  const auto values = [&](const sim::Variable& v) {
    const auto all = result.variable(v.name);
    const std::size_t size = result.layout().size(v);
    std::vector<double> out;
    for (const std::size_t t : kept)
      for (std::size_t i = 0; i < size; ++i) out.push_back(all[t * size + i]);
    return out;
  };
  Apart out;
  out.tellings = analysis::tellings(result.layout(), account, result.run().hypotheses.size(), values);
  for (const auto& e : evidence.events)
    if (e.use == analysis::Use::scored) out.documented.insert(e.column);
  return out;
}

void print_apart(const sim::ResultReader& result, const Apart& apart, std::ostream& out) {
  if (apart.tellings.empty()) return;
  out << "\nOutcomes that tell one account from the others best, each alone, judged on other trials than it was "
         "learnt\n"
         "from (0.5 is chance, 1 a label). What is not on record cannot decide between the accounts.\n\n";
  Table table({"outcome", "account", "AUC", "named rightly", "on record"}, "llrrl");
  for (std::size_t i = 0; i < std::min(tellings_shown, apart.tellings.size()); ++i) {
    const auto& telling = apart.tellings[i];
    const auto& best = telling.best();
    table.add({telling.outcome, result.run().hypotheses[best.account].name, fmt::format("{:.2f}", best.auc),
               shown(best.accuracy, 2), apart.documented.contains(telling.column) ? "yes" : "no"});
  }
  out << table.text();
}

void print_text(const sim::ResultReader& result, const analysis::Evidence& evidence,
                const analysis::Comparison& comparison, const CourseTable& courses, const Apart& apart,
                std::ostream& out) {
  out << result.run().case_title
      << ": trials against documented events. Lower scores are better. Documented intervals include their tolerance.\n";
  for (std::size_t p = 0; p < comparison.predictors.size(); ++p)
    if (!comparison.predictors[p].baseline) print_events(evidence, comparison, p, result.clock(), out);
  print_totals(comparison, out);
  print_skill(comparison, out);
  print_sequence(evidence, comparison, out);
  out << text_of(courses);
  print_apart(result, apart, out);
}

// ---- JSON ----------------------------------------------------------------------------------------------------------

nlohmann::json json_of(const sim::ResultReader& result, const analysis::Evidence& evidence,
                       const analysis::Comparison& comparison, const CourseTable& courses, const Apart& apart) {
  using nlohmann::json;
  json events = json::array(), totals = json::array(), differences = json::array(), sequence = json::array();
  for (const auto& row : comparison.rows) {
    const auto& who = comparison.predictors[row.predictor];
    if (who.baseline) continue;
    const auto& event = evidence.events[row.event];
    const auto& q = row.quantiles;
    events.push_back({{"id", event.id},
                      {"title", event.title},
                      {"hypothesis", who.name},
                      {"measure", analysis::measure_names()[static_cast<std::size_t>(event.measure)]},
                      {"observed", {{"low", row.low}, {"high", row.high}}},
                      {"happened", row.happened},
                      {"quantiles", {{"q05", q[0]}, {"q25", q[1]}, {"q50", q[2]}, {"q75", q[3]}, {"q95", q[4]}}},
                      {"hit", row.hit.value},
                      {"low", row.hit.low},
                      {"high", row.hit.high},
                      {"score", row.score},
                      {"ignorance", row.ignorance},
                      {"interval_score", row.interval_score},
                      {"inside_50", row.inside_50},
                      {"inside_90", row.inside_90}});
  }
  for (const auto& total : comparison.totals) {
    const auto& who = comparison.predictors[total.predictor];
    totals.push_back({{"group", analysis::group_names()[static_cast<std::size_t>(total.group)]},
                      {"predictor", who.name},
                      {"baseline", who.baseline},
                      {"rows", total.rows},
                      {"weight", total.weight},
                      {"hit", estimate_json(total.hit)},
                      {"score", estimate_json(total.score)},
                      {"energy_score", estimate_json(total.energy)},
                      {"ignorance", estimate_json(total.ignorance)},
                      {"interval_score", estimate_json(total.interval_score)},
                      {"inside_50", estimate_json(total.inside_50)},
                      {"inside_90", estimate_json(total.inside_90)}});
  }
  for (const auto& d : comparison.differences)
    differences.push_back({{"group", analysis::group_names()[static_cast<std::size_t>(d.group)]},
                           {"predictor", comparison.predictors[d.a].name},
                           {"minus", comparison.predictors[d.b].name},
                           {"score", estimate_json(d.score)},
                           {"skill", estimate_json(d.skill)}});
  for (const auto& s : comparison.sequence) {
    const auto& who = comparison.predictors[s.predictor];
    json elements = json::array();
    for (std::size_t i = 0; i < s.elements.size(); ++i) {
      elements.push_back(estimate_json(s.elements[i]));
      elements.back()["id"] = evidence.sequence[i].id;
    }
    sequence.push_back({{"predictor", who.name},
                        {"baseline", who.baseline},
                        {"elements", elements},
                        {"all", estimate_json(s.all)},
                        {"count", estimate_json(s.count)}});
  }
  json separation = json::array();
  for (const auto& telling : apart.tellings) {
    const auto& best = telling.best();
    separation.push_back({{"outcome", telling.outcome},
                          {"hypothesis", result.run().hypotheses[best.account].name},
                          {"auc", best.auc},
                          {"accuracy", estimate_json(best.accuracy)},
                          {"on_record", apart.documented.contains(telling.column)}});
  }
  return {{"content_digest", result.content_digest()},
          {"time_unit", result.clock().cf_units()},
          {"events", events},
          {"totals", totals},
          {"differences", differences},
          {"sequence", sequence},
          {"courses", json_of(courses)},
          {"separation", separation}};
}

}  // namespace

int compare(const Call& call) {
  Form form{"qantar compare FILE [--evidence FILE] [--json]",
            "Scores the trials of a result against the documented events: what was predicted, how often it came true\n"
            "(with 95 % intervals) and a proper score of each event; totals beside baselines that know nothing of\n"
            "politics; the shares of trials that go through the key sequence, show the stylised facts of the case or\n"
            "degenerate; and which outcomes tell the accounts apart.",
            "qantar compare january.h5 | less -S",
            {"FILE"}};
  form.options.add_options()                                                                         //
      ("evidence", text_value("FILE"), "documented events, instead of those that the result holds")  //
      ("json", "one JSON object; times are hours as in time_unit");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const std::string path = list_of(*given, "FILE").front();
  const sim::ResultReader result(path);
  const analysis::Evidence evidence = read_evidence(result, path, *given);
  std::vector<std::string> names;
  for (const auto& h : result.run().hypotheses) names.push_back(h.name);
  CourseTable courses(&evidence, result.layout(), std::move(names));
  std::set<std::size_t> columns;
  for (const std::size_t column : analysis::needed_columns(evidence)) columns.insert(column);
  for (const auto& course : courses.degenerate) columns.insert(course.column);
  auto predictors = analysis::predictors(result, {columns.begin(), columns.end()});
  for (std::size_t p = 0; p < predictors.size(); ++p)
    analysis::each_trial(predictors[p], [&](std::span<const double> outcomes) { courses.counts[p].add(outcomes); });
  if (predictors.size() > 1) predictors.push_back(analysis::climatology(predictors));
  std::ranges::move(analysis::baselines(evidence, result.layout()), std::back_inserter(predictors));
  const analysis::Comparison comparison = analysis::compare(evidence, std::move(predictors), result.clock());
  const Apart apart = tell_apart(result, evidence);
  if (given->count("json"))
    call.out << json_of(result, evidence, comparison, courses, apart).dump(2) << "\n";
  else
    print_text(result, evidence, comparison, courses, apart, call.out);
  return success;
}

}  // namespace qantar::cli
