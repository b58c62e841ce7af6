#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cli/text/table.hpp"
#include "cli/verdict/adjudication_summary.hpp"
#include "sim/config/diagnostics.hpp"
#include "sim/conversions.hpp"

namespace qantar::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t settling_shown = 8;

std::string text_of_estimate(const Json& e, int digits = 2) {
  const auto number = [&](const char* name) { return e[name].is_null() ? std::nan("") : e[name].get<double>(); };
  return with_interval(number("value"), number("low"), number("high"), digits);
}
double number(const Json& value) { return value.is_null() ? std::nan("") : value.get<double>(); }

std::string joined_names(const Json& names) { return sim::joined(names.get<std::vector<std::string>>()); }

std::string text_of_matrix(const Json& names, const Json& matrix) {
  std::vector<std::string> heads{"simulated under"};
  std::string alignment = "l";
  for (std::size_t k = 0; k < names.size(); ++k) {
    heads.push_back(fmt::format("({})", k + 1));
    alignment += 'r';
  }
  Table table(heads, alignment);
  for (std::size_t k = 0; k < names.size(); ++k) {
    std::vector<std::string> cells{fmt::format("({}) {}", k + 1, names[k].get<std::string>())};
    for (const auto& share : matrix[k]) cells.push_back(share.is_null() ? "-" : fmt::format("{:.2f}", number(share)));
    table.add(cells);
  }
  return table.text();
}

/// Mean of the diagonal of a confusion matrix over the accounts that have records.
double mean_found(const Json& matrix) {
  double sum = 0, rows = 0;
  for (std::size_t k = 0; k < matrix.size(); ++k)
    if (!matrix[k][k].is_null()) {
      sum += number(matrix[k][k]);
      ++rows;
    }
  return sum / rows;
}

std::string text_of_parts(const Json& j) {
  const auto& parts = j["classifier_of_parts"];
  if (parts.empty()) return "";
  std::vector<std::string> rows, columns{"rows", "rightly"};
  for (const auto& part : parts) rows.push_back(part["name"]);
  for (const auto& h : j["hypotheses"]) columns.push_back(h["name"]);
  return "\nClassifier check on parts of the record alone: how many rows, what share of simulated records is judged "
         "rightly\n"
         "from them, and the probability of each account.\n" +
         side_by_side(rows, columns, [&](std::size_t r, std::size_t c) {
           const Json& part = parts[r];
           if (c == 0) return fmt::format("{}", part["rows"].get<std::size_t>());
           return fmt::format("{:.2f}", c == 1 ? 1 - number(part["error"]) : number(part["probability"][c - 2]));
         });
}

std::string text_of_checks(const Json& j) {
  const auto &second = j["confusion"], &first = j["confusion_by_evidence"];
  std::string out = fmt::format(
      "\nWould the truth have been found, had it been otherwise? Of records simulated under each account (rows), the "
      "share\n"
      "that is judged to be of each (columns). On average {:.2f} by evidence and {:.2f} by the classifier are "
      "judged\n"
      "rightly; chance is {:.2f}.\n",
      mean_found(first["overall"]), mean_found(second["overall"]), 1.0 / sim::real(second["names"].size()));
  const auto add = [&](const std::string& title, const Json& matrix) {
    out += "\n" + title + ":\n\n" + text_of_matrix(second["names"], matrix);
  };
  add(fmt::format("By evidence, {:.0f} records", number(first["records"])), first["overall"]);
  add(fmt::format("By the classifier, all {:.0f} records", number(second["records"])), second["overall"]);
  add(fmt::format("By the classifier, the {:.0f} records nearest to the documented one",
                  number(second["records_near"])),
      second["near"]);
  if (j["parameter_calibration"][0]["quantities"] == 0) return out;
  out +=
      "\nAre the parameters found? How often a central interval holds the true value of records simulated under an\n"
      "account, on average over its parameters, and the least p-value of all of them that ranks are uniform (times\n"
      "their number):\n\n";
  Table table({"account", "in 50 %", "in 90 %", "least p", "worth trials"}, "lrrrr");
  for (const auto& c : j["parameter_calibration"])
    table.add({c["name"], fmt::format("{:.3f}", number(c["coverage_50"])),
               fmt::format("{:.3f}", number(c["coverage_90"])), fmt::format("{:.2g}", number(c["smallest_p"])),
               fmt::format("{:.0f}", number(c["effective_size"]))});
  return out + table.text();
}

}  // namespace

std::string text_of_adjudication(const Json& j) {
  const std::string verdict = j["verdict"];
  std::string out = verdict == "ranked"
                        ? fmt::format("Verdict: ranked; the record supports {} most.\n", j["first"].get<std::string>())
                    : verdict == "undetermined"
                        ? "Verdict: undetermined. The record does not decide between the accounts, because\n"
                        : "Verdict: none of the accounts. Each misses what it must be able to produce:\n";
  for (const auto& reason : j["reasons"]) out += fmt::format("  - {}\n", reason.get<std::string>());
  for (const auto& note : j["notes"]) out += fmt::format("Note: {}\n", note.get<std::string>());
  if (!j["ruled_out"].empty()) out += fmt::format("Ruled out all the same: {}\n", joined_names(j["ruled_out"]));
  for (const auto& set : j["indistinguishable"])
    if (set.size() > 1) out += fmt::format("Not told apart by this record: {}\n", joined_names(set));

  out += fmt::format(
      "\nProbability of each account, all being equally probable before. By evidence: {}, error of simulation\n"
      "only{}. Classifier check: {}, learnt from {} of simulated\n"
      "records whose account is known. Surprise: the share of the records of an account that are no more probable\n"
      "under it than this one; below 0.01 it could hardly have left this record.\n\n",
      counted(j["rows_weighed"].get<std::size_t>(), "key row"),
      j["evidence_stands"] ? "" : "; without an interval, since evidence is refused",
      j["classifier"]["kind"].get<std::string>(), counted(j["rows_of_classifier"].get<std::size_t>(), "row"));
  Table accounts({"account", "by evidence", "classifier", "surprise", "log evidence", "worth trials"}, "lrrrrr");
  for (const auto& h : j["hypotheses"])
    accounts.add({h["name"],
                  h["low"].is_null() ? fmt::format("{:.2f}", number(h["probability"]))
                                     : with_interval(number(h["probability"]), number(h["low"]), number(h["high"]), 2),
                  fmt::format("{:.2f}", number(h["classifier"])), fmt::format("{:.3f}", number(h["surprise"])),
                  fmt::format("{:.2f} +- {:.2f}", number(h["log_evidence"]), number(h["standard_error"])),
                  fmt::format("{:.0f} of {}", number(h["effective_size"]), h["trials"].get<std::int64_t>())});
  out += accounts.text();

  if (!j["switches"].empty()) {
    out += fmt::format(
        "\nWas a mechanism at work? Probability under {}, which leaves them open; before the record in\n"
        "brackets.\n\n",
        j["switches"][0]["account"].get<std::string>());
    Table switches({"switch", "before", "after"}, "lrr");
    for (const auto& s : j["switches"])
      switches.add({s["name"], fmt::format("({:.2f})", number(s["before"])),
                    s["inclusion"].is_null()
                        ? "-"
                        : with_interval(number(s["inclusion"]), number(s["low"]), number(s["high"]), 2)});
    out += switches.text();
    for (const auto& refusal : j["switches"][0]["refusals"])
      out += fmt::format("Not judged, because {}\n", refusal.get<std::string>());
  }

  out += text_of_parts(j) + text_of_checks(j);

  out +=
      "\nKey rows: where the documented value lies in what each account predicts, taken at its word (mid-p; near 0 or "
      "1\n"
      "the account needs the row to be a gross error).\n";
  std::vector<std::string> rows, columns;
  for (const auto& row : j["key_rows"]) rows.push_back(row["id"].get<std::string>() + " " + cut(row["title"], 40));
  for (const auto& h : j["hypotheses"]) columns.push_back(h["name"]);
  out += side_by_side(rows, columns, [&](std::size_t r, std::size_t c) {
    return fmt::format("{:.3f}", number(j["key_rows"][r]["mid_p"][c]));
  });

  out +=
      "\nProbability by evidence when something is changed: priors and errors narrower or wider, a row or a place left "
      "out.\n";
  rows.clear();
  for (const auto& v : j["variations"]) rows.push_back(v["name"]);
  out += side_by_side(rows, columns, [&](std::size_t r, std::size_t c) {
    const Json& p = j["variations"][r]["probability"][c];
    return p.is_null() ? std::string("-") : fmt::format("{:.2f}", number(p));
  });

  if (!j["evidence_stands"])
    out += "\nClaims are not judged, because the evidence cannot be relied on.\n";
  else if (!j["claims"].empty()) {
    out +=
        "\nClaims: in what share of the trials that fit the record there is a trace of what was said, averaged over\n"
        "the accounts. The share is that of the trace and not of the claim, which is no evidence: a trace has many\n"
        "causes and no motive, and says nothing on who did what. The notes in claims.toml say where each comparison\n"
        "ends.\n\n";
    Table claims({"claim", "what is counted", "share", "made by", "what was said"}, "llrll");
    for (const auto& c : j["claims"])
      claims.add({c["id"], c["counted"], text_of_estimate(c["averaged"]), cut(c["speaker"], 30), cut(c["text"], 60)});
    out += claims.text();
  }

  out += fmt::format(
      "\nWhat would settle it: expected information about the account (nats) from outcomes that are not on record, or\n"
      "contested{}.\n\n",
      j["evidence_stands"] ? "" : "; before the record, since the evidence cannot be relied on");
  Table settle({"outcome", "nats"}, "lr");
  for (std::size_t i = 0; i < std::min(settling_shown, j["would_settle"].size()); ++i)
    settle.add({j["would_settle"][i]["observable"], text_of_estimate(j["would_settle"][i], 3)});
  return out + settle.text();
}

}  // namespace qantar::cli
