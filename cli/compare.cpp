#include "analysis/compare.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/measures.hpp"
#include "analysis/separation.hpp"
#include "cli/commands.hpp"
#include "cli/compared.hpp"
#include "cli/text/table.hpp"
#include "sim/config/document.hpp"
#include "sim/conversions.hpp"

namespace qantar::cli {
namespace {

using analysis::Measure;

constexpr std::size_t title_width = 44;

// ---- Text ----------------------------------------------------------------------------------------------------------

std::string predicted(const analysis::Event& event, const analysis::Row& row, const sim::Clock& clock) {
  const auto& q = row.quantiles;
  std::string text;
  if (std::isnan(q[2]))
    text = "";
  else if (event.kind == sim::ValueKind::time && event.measure != Measure::order)
    text = fmt::format("{} [{}, {}]", clock.text(q[2]), clock.text(q[0]), clock.text(q[4]));
  else if (event.measure == Measure::number || event.compares_two())
    text = fmt::format("{} [{}, {}]{}", analysis::amount(q[2]), analysis::amount(q[0]), analysis::amount(q[4]),
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
    table.add({event.id, cut(event.title, title_width), analysis::documented(event, clock),
               predicted(event, row, clock), shown(row.hit, 2), fmt::format("{:.3f}", row.score)});
  }
  out << table.text();
}

void print_totals(const analysis::Comparison& comparison, std::ostream& out) {
  out << "\nTotals: weighted means over events; intervals say how far they depend on which events are in the "
         "record.\n\n";
  Table table({"events", "", "rows", "hit rate", "score"}, "llrrr");
  std::string before;
  for (const auto& total : comparison.totals) {
    const std::string& group = analysis::group_names()[sim::to_underlying(total.group)];
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
    if (r + 1 == rows.size()) return certain ? analysis::amount(result.count.value) : shown(result.count, 1);
    const auto& share = r < result.elements.size() ? result.elements[r] : result.all;
    if (certain) return std::string(share.value > 0 ? "yes" : "no");
    return shown(share, 2);
  });
}

// ---- What tells the accounts apart ----------------------------------------------------------------------------------

constexpr std::size_t tellings_shown = 8;

void print_apart(const sim::ResultReader& result, const Compared& all, std::ostream& out) {
  if (all.tellings.empty()) return;
  out << "\nOutcomes that tell one account from the others best, each alone, judged on other trials than it was "
         "learnt\n"
         "from (0.5 is chance, 1 a label). What is not on record cannot decide between the accounts.\n\n";
  Table table({"outcome", "account", "AUC", "named rightly", "on record"}, "llrrl");
  for (std::size_t i = 0; i < std::min(tellings_shown, all.tellings.size()); ++i) {
    const auto& telling = all.tellings[i];
    const auto& best = telling.best();
    table.add({telling.outcome, result.run().hypotheses[best.account].name, fmt::format("{:.2f}", best.auc),
               shown(best.accuracy, 2), all.documented.contains(telling.column) ? "yes" : "no"});
  }
  out << table.text();
}

void print_text(const sim::ResultReader& result, const Compared& all, std::ostream& out) {
  out << result.run().case_title
      << ": trials against documented events. Lower scores are better. Documented intervals include their tolerance.\n";
  for (std::size_t p = 0; p < all.comparison.predictors.size(); ++p)
    if (!all.comparison.predictors[p].baseline) print_events(all.evidence, all.comparison, p, result.clock(), out);
  print_totals(all.comparison, out);
  print_skill(all.comparison, out);
  print_sequence(all.evidence, all.comparison, out);
  out << text_of(all.courses);
  print_apart(result, all, out);
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
  std::optional<std::string> file;
  if (given->count("evidence")) file = text_of(*given, "evidence");
  const Compared all(result, evidence_of(result, path, file));
  if (given->count("json"))
    call.out << json_of(result, all).dump(2) << "\n";
  else
    print_text(result, all, call.out);
  return success;
}

}  // namespace qantar::cli
