#include "cli/judgement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "analysis/inference/inclusion.hpp"
#include "analysis/inference/information_gain.hpp"
#include "cli/courses.hpp"
#include "cli/options.hpp"
#include "cli/table.hpp"
#include "sim/ensemble.hpp"

namespace qantar::cli {
namespace {

using analysis::AccountTrials;
using Json = nlohmann::json;

constexpr std::size_t run_again = 200;  // trials of an account for what is not compared
constexpr std::size_t settling_shown = 8;

/// Whether an account leaves a switch to luck.
bool leaves_open(const agents::Hypothesis& h) {
  return h.scenario && std::ranges::any_of(h.scenario->switches, [](const sim::Number& n) {
           return n.prior >= 0 || (n.value > 0 && n.value < 1);
         });
}

std::vector<double> weights_of(const AccountTrials& account, const analysis::ErrorLaw& law) {
  return analysis::normalised(analysis::log_weights(
      account.evidence, [&](auto outcomes) { return law.log_density(law.documented(), outcomes); }));
}

// ---- Claims ---------------------------------------------------------------------------------------------------------

/// Whether each trial answers a claim with yes; failed ones do not.
std::vector<char> answers(const analysis::Question& q, const analysis::Trials& trials) {
  std::vector<char> out;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (trials.failed[i]) {
      out.push_back(0);
      continue;
    }
    const auto outcomes = trials.outcomes_of(i);
    out.push_back(q.holds(outcomes[q.column], q.compares_two() ? outcomes[q.then_column] : sim::never));
  }
  return out;
}

Json claims_of(const ComparedColumns& compared, const std::vector<const AccountTrials*>& rivals,
               const std::vector<std::vector<double>>& weights, const std::vector<double>& probability) {
  Json out = Json::array();
  for (const auto& claim : compared.claims) {
    Json by_account = Json::array();
    analysis::Estimate mean{0, 0, 0};
    for (std::size_t k = 0; k < rivals.size(); ++k) {
      const auto share = analysis::inclusion_probability(answers(claim, rivals[k]->evidence), weights[k]);
      by_account.push_back(estimate_json(share));
      by_account.back()["name"] = rivals[k]->name;
      mean.value += probability[k] * share.value;
      mean.low += probability[k] * share.low;
      mean.high += probability[k] * share.high;
    }
    out.push_back({{"id", claim.id},
                   {"text", claim.text},
                   {"speaker", claim.speaker},
                   {"kind", analysis::claim_kind_names()[static_cast<std::size_t>(claim.kind)]},
                   {"by_hypothesis", by_account},
                   {"averaged", estimate_json(mean)}});
  }
  return out;
}

// ---- What would settle it -------------------------------------------------------------------------------------------

/// Trials that stand for all: each as often as its weight is worth, by one uniform number for all of them.
std::vector<std::size_t> sample(const std::vector<double>& weights, std::size_t n) {
  std::vector<std::size_t> out;
  double passed = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    passed += weights[i] * static_cast<double>(n);
    while (static_cast<double>(out.size()) + 0.5 < passed && out.size() < n) out.push_back(i);
  }
  return out;
}

/// All outcomes of trials that are run once more, trial by trial: of some that the evidence rests on, or, without
/// `weights`, of some under the priors.
std::vector<std::vector<double>> outcomes_again(const agents::Hypothesis& hypothesis, const AccountTrials& account,
                                                const std::vector<double>* weights,
                                                const analysis::AdjudicationSettings& settings) {
  const analysis::Trials& from = weights ? account.evidence : account.prior;
  const auto trials =
      sample(weights ? *weights : std::vector<double>(from.size(), 1.0 / static_cast<double>(from.size())), run_again);
  const analysis::Account with_priors{hypothesis.name, hypothesis.model->priors(), {}};
  std::vector<std::vector<double>> out;
  const sim::StopFlag never{false};
  sim::run_ensemble(
      0, std::ssize(trials), settings.threads,
      [&](std::int64_t n) {
        const std::size_t trial = trials[static_cast<std::size_t>(n)];
        const auto settled = with_priors.settled(from.z_of(trial));
        return hypothesis.model->run(weights ? analysis::evidence_key(settings.seed, account.name, trial)
                                             : analysis::prior_key(settings.seed, account.name, trial),
                                     {.settled = settled, .series = false});
      },
      [&](sim::TrialRecord&& record) { out.push_back(std::move(record.outcomes)); }, never);
  return out;
}

Json settling(const CheckedCase& checked, const std::vector<const AccountTrials*>& rivals,
              const std::vector<std::vector<double>>& weights, const std::vector<double>& probability, bool stands,
              const analysis::AdjudicationSettings& settings) {
  std::vector<std::vector<std::vector<double>>> outcomes;  // [account][trial]
  std::vector<std::vector<double>> alike;
  for (std::size_t k = 0; k < rivals.size(); ++k) {
    const auto h = std::ranges::find(checked.model.hypotheses, rivals[k]->name, &agents::Hypothesis::name);
    outcomes.push_back(outcomes_again(*h, *rivals[k], stands ? &weights[k] : nullptr, settings));
    alike.emplace_back(outcomes.back().size(), 1.0);
  }
  std::set<std::size_t> documented;
  for (const auto& e : checked.evidence->events)
    if (e.use == analysis::Use::scored && e.grade != analysis::Grade::D) documented.insert(e.column);
  std::vector<analysis::Observable> observables;
  std::size_t column = 0;
  for (const auto& v : checked.layout.outcomes)
    for (std::size_t i = 0, size = checked.layout.size(v); i < size; ++i, ++column) {
      if (v.latent || documented.contains(column) || v.kind == sim::ValueKind::code || v.axes.size() > 1) continue;
      const std::string at = v.axes.empty() ? "" : ":" + checked.layout.axis(v.axes[0]).labels.at(i);
      analysis::Observable& o = observables.emplace_back();
      o.name = v.name + at;
      for (const auto& account : outcomes) {
        auto& values = o.values.emplace_back();
        for (const auto& trial : account) values.push_back(trial[column]);
      }
    }
  Json out = Json::array();
  for (const auto& gain : analysis::information_gain(observables, alike, probability)) {
    if (out.size() == 4 * settling_shown) break;
    out.push_back(estimate_json(gain.nats));
    out.back()["observable"] = gain.name;
  }
  return out;
}

// ---- JSON -----------------------------------------------------------------------------------------------------------

Json matrix(const analysis::Confusion& c) {
  Json rows = Json::array();
  for (std::size_t truth = 0; truth < c.accounts; ++truth) {
    Json row = Json::array();
    for (std::size_t chosen = 0; chosen < c.accounts; ++chosen) row.push_back(c.share(truth, chosen));
    rows.push_back(row);
  }
  return rows;
}

/// Probabilities of accounts whose evidence is known; of the others none.
Json shares(std::vector<double> log_evidence) {
  Json out = Json::array();
  for (double& x : log_evidence)
    if (std::isnan(x)) x = -std::numeric_limits<double>::infinity();
  const auto all = analysis::normalised(log_evidence);
  for (std::size_t k = 0; k < all.size(); ++k) out.push_back(std::isinf(log_evidence[k]) ? Json() : Json(all[k]));
  return out;
}

const char* const ruling_names[] = {"ranked", "undetermined", "none_of_the_accounts"};

}  // namespace

Json judgement(const CheckedCase& checked, const ComparedColumns& compared,
               const analysis::AdjudicationSettings& settings, const std::vector<AccountTrials>& accounts) {
  std::vector<AccountTrials> judged;
  std::vector<const agents::Hypothesis*> rival;
  const AccountTrials* open = nullptr;
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    if (leaves_open(checked.model.hypotheses[k])) {
      if (!open) open = &accounts[k];
      continue;
    }
    judged.push_back(accounts[k]);
    rival.push_back(&checked.model.hypotheses[k]);
  }
  if (judged.size() < 2)
    throw UsageError("at least two accounts without an open switch are needed to judge between; the case has fewer");
  const auto& clock = rival.front()->model->clock();
  const auto result = analysis::adjudicate(judged, compared.evidence, clock, settings);
  const auto& found = result.findings;
  const analysis::ErrorLaw law = analysis::evidence_law(compared.evidence, clock);

  std::vector<const AccountTrials*> rivals;
  std::vector<std::vector<double>> weights;
  bool stands = true;
  for (std::size_t k = 0; k < judged.size(); ++k) {
    rivals.push_back(&judged[k]);
    weights.push_back(weights_of(judged[k], law));
    stands = stands && found.evidence[k].refusals.empty();
  }
  std::vector<double> probability(judged.size(), 1.0 / static_cast<double>(judged.size()));
  if (stands)
    for (std::size_t k = 0; k < judged.size(); ++k) probability[k] = result.probability[k].value;

  Json out{{"case", checked.model.name},
           {"seed", settings.seed},
           {"trials", settings.trials},
           {"rows_weighed", law.size()},
           {"rows_of_second_opinion", found.observables.size()},
           {"evidence_stands", stands}};
  Json hypotheses = Json::array();
  for (std::size_t k = 0; k < judged.size(); ++k) {
    const auto& e = found.evidence[k];
    hypotheses.push_back({{"name", judged[k].name},
                          {"title", rival[k]->title},
                          {"log_evidence", e.log_evidence},
                          {"standard_error", e.standard_error},
                          {"effective_size", e.effective_size},
                          {"largest_share", e.largest_share},
                          {"failed", e.failed},
                          {"probability", result.probability[k].value},
                          {"low", result.probability[k].low},
                          {"high", result.probability[k].high},
                          {"second_opinion", found.second_opinion[k]},
                          {"calibration_excess", result.calibration.excess[k]},
                          {"calibration_standard", result.calibration.standard[k]}});
  }
  out["hypotheses"] = hypotheses;

  Json switches = Json::array();
  if (open && compared.switches > 0) {
    const auto weight = weights_of(*open, law);
    const auto refusals = analysis::evidence_estimate(open->evidence, [&](auto o) {
                            return law.log_density(law.documented(), o);
                          }).refusals;
    const auto& names = checked.layout.axis("switch").labels;
    for (std::size_t i = 0; i < compared.switches; ++i) {
      const auto on = [&](const analysis::Trials& trials) {
        std::vector<char> flags;
        for (std::size_t t = 0; t < trials.size(); ++t)
          flags.push_back(!trials.failed[t] && trials.outcomes_of(t)[compared.first_switch + i] == 1.0);
        return flags;
      };
      const auto p = analysis::inclusion_probability(on(open->evidence), weight);
      const auto before =
          analysis::inclusion_probability(on(open->prior), std::vector<double>(open->prior.size(), 1.0));
      switches.push_back({{"name", names[i]},
                          {"account", open->name},
                          {"before", before.value},
                          {"inclusion", refusals.empty() ? Json(p.value) : Json()},
                          {"low", refusals.empty() ? Json(p.low) : Json()},
                          {"high", refusals.empty() ? Json(p.high) : Json()},
                          {"refusals", refusals}});
    }
  }
  out["switches"] = switches;

  out["verdict"] = ruling_names[static_cast<int>(result.verdict.ruling)];
  out["first"] = result.verdict.top ? Json(judged[*result.verdict.top].name) : Json();
  out["reasons"] = result.verdict.reasons;
  const auto named = [&](const std::vector<std::size_t>& some) {
    Json list = Json::array();
    for (const auto k : some) list.push_back(judged[k].name);
    return list;
  };
  out["ruled_out"] = named(result.verdict.ruled_out);
  Json lumps = Json::array();
  for (const auto& lump : result.verdict.lumps) lumps.push_back(named(lump));
  out["lumps"] = lumps;

  out["confusion"] = {{"names", found.accounts},
                      {"overall", matrix(found.overall)},
                      {"near", matrix(found.local)},
                      {"records", found.overall.records},
                      {"records_near", found.local.records},
                      {"error", found.overall.error},
                      {"log_score", found.overall.log_score}};
  Json reliability = Json::array();
  for (const auto& bin : result.reliability)
    reliability.push_back({{"predicted", bin.predicted}, {"observed", estimate_json(bin.observed)}, {"n", bin.count}});
  out["reliability"] = reliability;
  Json rows = Json::array();
  for (const auto& row : found.key_rows) {
    const auto event = std::ranges::find(compared.evidence.events, row.name, &analysis::Event::id);
    rows.push_back({{"id", row.name}, {"title", event->title}, {"mid_p", row.mid_p}});
  }
  out["key_rows"] = rows;
  Json variations = Json::array();
  for (const auto& v : found.variations)
    variations.push_back({{"name", v.name}, {"probability", shares(v.log_evidence)}});
  out["variations"] = variations;
  // Evidence that cannot be relied on carries no number further.
  out["claims"] = stands ? claims_of(compared, rivals, weights, probability) : Json::array();
  out["would_settle"] = settling(checked, rivals, weights, probability, stands, settings);
  return out;
}

// ---- Text -----------------------------------------------------------------------------------------------------------

namespace {

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

}  // namespace

std::string text_of_judgement(const Json& j) {
  const std::string verdict = j["verdict"];
  std::string out = verdict == "ranked"
                        ? fmt::format("Verdict: ranked; the record supports {} most.\n", j["first"].get<std::string>())
                    : verdict == "undetermined"
                        ? "Verdict: undetermined. The record does not decide between the accounts, because\n"
                        : "Verdict: none of the accounts. Each misses what it must be able to produce:\n";
  for (const auto& reason : j["reasons"]) out += fmt::format("  - {}\n", reason.get<std::string>());
  if (!j["ruled_out"].empty()) out += fmt::format("Ruled out all the same: {}\n", joined_names(j["ruled_out"]));
  for (const auto& lump : j["lumps"])
    if (lump.size() > 1) out += fmt::format("Not told apart by this record: {}\n", joined_names(lump));

  out += fmt::format(
      "\nProbability of each account, all being equally probable before. By evidence: {} key rows, error of "
      "simulation\n"
      "only. Second opinion: a regression on all {} rows, calibrated on simulated records.\n\n",
      counted(j["rows_weighed"].get<std::size_t>(), "key row"),
      counted(j["rows_of_second_opinion"].get<std::size_t>(), "row"));
  Table accounts({"account", "by evidence", "second opinion", "log evidence", "worth trials"}, "lrrrr");
  for (const auto& h : j["hypotheses"])
    accounts.add({h["name"], with_interval(number(h["probability"]), number(h["low"]), number(h["high"]), 2),
                  fmt::format("{:.2f}", number(h["second_opinion"])),
                  fmt::format("{:.2f} +- {:.2f}", number(h["log_evidence"]), number(h["standard_error"])),
                  fmt::format("{:.0f} of {}", number(h["effective_size"]), j["trials"].get<std::int64_t>())});
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

  const auto& confusion = j["confusion"];
  out += fmt::format(
      "\nWould the truth have been found, had it been otherwise? Of records simulated under each account (rows), the "
      "share\n"
      "that the second opinion judges to be of each (columns). All {:.0f} records:\n\n",
      number(confusion["records"]));
  out += text_of_matrix(confusion["names"], confusion["overall"]);
  out += fmt::format("\nThe {:.0f} records nearest to the documented one:\n\n", number(confusion["records_near"]));
  out += text_of_matrix(confusion["names"], confusion["near"]);

  out +=
      "\nKey rows: where the documented value lies in what each account predicts (mid-p; below 0.01 or above 0.99 it\n"
      "does not reproduce the row).\n\n";
  std::vector<std::string> rows, columns;
  for (const auto& row : j["key_rows"]) rows.push_back(cut(row["title"], 60));
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
        "\nClaims: what was said, by whom, and in what share of the trials that fit the record the model would call it "
        "so,\n"
        "averaged over the accounts. Claims are not evidence, and this says nothing on who did what.\n\n";
    Table claims({"claim", "made by", "", "probability that it was so"}, "lllr");
    for (const auto& c : j["claims"])
      claims.add({c["id"], cut(c["speaker"], 30), cut(c["text"], 60), text_of_estimate(c["averaged"])});
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
