#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analysis/inference/order_free.hpp"
#include "analysis/measures.hpp"
#include "cli/text/table.hpp"
#include "cli/verdict/adjudication_summary.hpp"
#include "sim/config/diagnostics.hpp"
#include "sim/conversions.hpp"

namespace qantar::cli {
namespace {

constexpr std::size_t settling_shown = 8;

std::string text_of(const analysis::Estimate& e, int digits = 2) {
  return with_interval(e.value, e.low, e.high, digits);
}

std::string text_of_verdict(const JudgedCase& judged) {
  const analysis::Verdict& verdict = judged.found.adjudication.verdict;
  std::string out;
  switch (verdict.ruling) {
    case analysis::Ruling::ranked:
      out = fmt::format("Verdict: ranked; the record supports {} most.\n", judged.accounts[*verdict.top]);
      break;
    case analysis::Ruling::undetermined:
      out = "Verdict: undetermined. The record does not decide between the accounts, because\n";
      break;
    case analysis::Ruling::none_of_the_accounts:
      out = "Verdict: none of the accounts. Each misses what it must be able to produce:\n";
      break;
  }
  for (const auto& reason : verdict.reasons) out += fmt::format("  - {}\n", reason);
  for (const auto& note : verdict.notes) out += fmt::format("Note: {}\n", note);
  if (!verdict.ruled_out.empty())
    out += fmt::format("Ruled out all the same: {}\n", sim::joined(names_of(judged, verdict.ruled_out)));
  for (const auto& set : verdict.indistinguishable)
    if (set.size() > 1) out += fmt::format("Not told apart by this record: {}\n", sim::joined(names_of(judged, set)));
  return out;
}

std::string text_of_accounts(const JudgedCase& judged) {
  const auto& result = judged.found.adjudication;
  const auto& found = result.findings;
  std::string out = fmt::format(
      "\nProbability of each account, all being equally probable before. By evidence: {}, error of simulation\n"
      "only{}. Classifier check: {}, learnt from {} of simulated\n"
      "records whose account is known. Surprise: the share of the records of an account that are no more probable\n"
      "under it than this one; below 0.01 it could hardly have left this record.\n\n",
      counted(judged.found.rows_weighed, "key row"),
      judged.found.evidence_stands ? "" : "; without an interval, since evidence is refused", result.classifier,
      counted(found.observables.size(), "row"));
  Table table({"account", "by evidence", "classifier", "surprise", "log evidence", "worth trials"}, "lrrrrr");
  for (std::size_t k = 0; k < judged.accounts.size(); ++k) {
    const auto& p = result.probability[k];
    const auto& e = found.evidence[k];
    table.add({judged.accounts[k],
               std::isnan(p.low) ? fmt::format("{:.2f}", p.value) : with_interval(p.value, p.low, p.high, 2),
               fmt::format("{:.2f}", found.classifier[k]), fmt::format("{:.3f}", found.surprise[k].p),
               fmt::format("{:.2f} +- {:.2f}", e.log_evidence, e.standard_error),
               fmt::format("{:.0f} of {}", e.effective_size, e.trials)});
  }
  return out + table.text();
}

std::string text_of_switches(const JudgedCase& judged) {
  if (!judged.found.switches) return "";
  const auto& [account, switches, refusals] = *judged.found.switches;
  std::string out = fmt::format(
      "\nWas a mechanism at work? Probability under {}, which leaves them open; before the record in\n"
      "brackets.\n\n",
      account);
  Table table({"switch", "before", "after"}, "lrr");
  for (std::size_t i = 0; i < switches.size(); ++i)
    table.add({judged.asked.switches[i], fmt::format("({:.2f})", switches[i].before),
               refusals.empty() ? text_of(switches[i].after) : "-"});
  out += table.text();
  for (const auto& refusal : refusals) out += fmt::format("Not judged, because {}\n", refusal);
  return out;
}

std::string text_of_parts(const JudgedCase& judged) {
  const auto& parts = judged.found.adjudication.parts;
  if (parts.empty()) return "";
  std::vector<std::string> rows, columns{"rows", "rightly"};
  for (const auto& part : parts) rows.push_back(part.name);
  columns.insert(columns.end(), judged.accounts.begin(), judged.accounts.end());
  return "\nClassifier check on parts of the record alone: how many rows, what share of simulated records is judged "
         "rightly\n"
         "from them, and the probability of each account.\n" +
         side_by_side(rows, columns, [&](std::size_t r, std::size_t c) {
           const auto& part = parts[r];
           if (c == 0) return fmt::format("{}", part.rows);
           return fmt::format("{:.2f}", c == 1 ? 1 - part.error : part.probability[c - 2]);
         });
}

std::string text_of(const analysis::Confusion& confusion, const std::vector<std::string>& names) {
  std::vector<std::string> heads{"simulated under"};
  for (std::size_t k = 0; k < names.size(); ++k) heads.push_back(fmt::format("({})", k + 1));
  Table table(heads, "l" + std::string(names.size(), 'r'));
  for (std::size_t k = 0; k < names.size(); ++k) {
    std::vector<std::string> cells{fmt::format("({}) {}", k + 1, names[k])};
    for (std::size_t l = 0; l < names.size(); ++l) {
      const double share = confusion.share(k, l);
      cells.push_back(std::isnan(share) ? "-" : fmt::format("{:.2f}", share));
    }
    table.add(cells);
  }
  return table.text();
}

std::string text_of_checks(const JudgedCase& judged) {
  const auto& result = judged.found.adjudication;
  const auto &by_evidence = result.by_evidence.overall, &by_classifier = result.findings.overall,
             &near = result.findings.local;
  std::string out = fmt::format(
      "\nWould the truth have been found, had it been otherwise? Of records simulated under each account (rows), the "
      "share\n"
      "that is judged to be of each (columns). On average {:.2f} by evidence and {:.2f} by the classifier are "
      "judged\n"
      "rightly; chance is {:.2f}.\n",
      by_evidence.mean_found(), by_classifier.mean_found(), 1.0 / sim::real(judged.accounts.size()));
  const auto add = [&](const std::string& title, const analysis::Confusion& confusion) {
    out += "\n" + title + ":\n\n" + text_of(confusion, judged.accounts);
  };
  add(fmt::format("By evidence, {:.0f} records", by_evidence.records), by_evidence);
  add(fmt::format("By the classifier, all {:.0f} records", by_classifier.records), by_classifier);
  add(fmt::format("By the classifier, the {:.0f} records nearest to the documented one", near.records), near);
  const auto& calibrations = result.by_evidence.parameters;
  if (calibrations.front().quantities == 0) return out;
  out +=
      "\nAre the parameters found? How often a central interval holds the true value of records simulated under an\n"
      "account, on average over its parameters, and the least p-value of all of them that ranks are uniform (times\n"
      "their number):\n\n";
  Table table({"account", "in 50 %", "in 90 %", "least p", "worth trials"}, "lrrrr");
  for (std::size_t k = 0; k < calibrations.size(); ++k) {
    const auto& c = calibrations[k];
    table.add({judged.accounts[k], fmt::format("{:.3f}", c.coverage_50), fmt::format("{:.3f}", c.coverage_90),
               fmt::format("{:.2g}", c.smallest_p), fmt::format("{:.0f}", c.effective_size)});
  }
  return out + table.text();
}

std::string text_of_rows(const JudgedCase& judged) {
  const auto& found = judged.found.adjudication.findings;
  std::string out =
      "\nKey rows: where the documented value lies in what each account predicts, taken at its word (mid-p; near 0 or "
      "1\n"
      "the account needs the row to be a gross error).\n";
  std::vector<std::string> rows;
  for (const auto& row : found.key_rows) rows.push_back(row.name + " " + cut(title_of_row(judged, row.name), 40));
  out += side_by_side(rows, judged.accounts,
                      [&](std::size_t r, std::size_t c) { return fmt::format("{:.3f}", found.key_rows[r].mid_p[c]); });

  out +=
      "\nProbability by evidence when something is changed: priors and errors narrower or wider, a row or a place left "
      "out.\n";
  rows.clear();
  std::vector<std::vector<double>> probability;
  for (const auto& v : found.variations) {
    rows.push_back(v.name);
    probability.push_back(analysis::shares_of_known(v.log_evidence));
  }
  return out + side_by_side(rows, judged.accounts, [&](std::size_t r, std::size_t c) {
           const double p = probability[r][c];
           return std::isnan(p) ? std::string("-") : fmt::format("{:.2f}", p);
         });
}

std::string text_of_claims(const JudgedCase& judged) {
  if (!judged.found.evidence_stands) return "\nClaims are not judged, because the evidence cannot be relied on.\n";
  if (judged.found.claims.empty()) return "";
  Table table({"claim", "what is counted", "share", "made by", "what was said"}, "llrll");
  for (std::size_t i = 0; i < judged.found.claims.size(); ++i) {
    const analysis::Claim& claim = judged.asked.claims[i];
    table.add({claim.id, analysis::counted_as(claim), text_of(judged.found.claims[i].averaged), cut(claim.speaker, 30),
               cut(claim.text, 60)});
  }
  return "\nClaims: in what share of the trials that fit the record there is a trace of what was said, averaged over\n"
         "the accounts. The share is that of the trace and not of the claim, which is no evidence: a trace has many\n"
         "causes and no motive, and says nothing on who did what. The notes in claims.toml say where each comparison\n"
         "ends.\n\n" +
         table.text();
}

std::string text_of_settling(const JudgedCase& judged) {
  const auto& gains = judged.found.would_settle;
  Table table({"outcome", "nats"}, "lr");
  for (std::size_t i = 0; i < std::min(settling_shown, gains.size()); ++i)
    table.add({gains[i].name, text_of(gains[i].nats, 3)});
  return fmt::format(
             "\nWhat would settle it: expected information about the account (nats) from outcomes that are not on "
             "record, or\n"
             "contested{}.\n\n",
             judged.found.evidence_stands ? "" : "; before the record, since the evidence cannot be relied on") +
         table.text();
}

}  // namespace

std::string text_of(const JudgedCase& judged) {
  return text_of_verdict(judged) + text_of_accounts(judged) + text_of_switches(judged) + text_of_parts(judged) +
         text_of_checks(judged) + text_of_rows(judged) + text_of_claims(judged) + text_of_settling(judged);
}

}  // namespace qantar::cli
