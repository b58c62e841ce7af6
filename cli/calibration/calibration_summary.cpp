#include "cli/calibration/calibration_summary.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cli/text/table.hpp"

namespace qantar::cli {
namespace {

using nlohmann::json;

constexpr std::size_t parameters_shown = 8, rows_shown = 12, contradictions_shown = 5;
constexpr double greatest_r_hat = 1.05;

/// A parameter with the median and central 90 % of its prior and posterior in its unit.
struct Moved {
  const analysis::ParameterFinding* found;
  double prior[3], posterior[3];

  /// How far it went: of the median, in quantiles of the prior, or of its spread.
  double distance() const { return std::max(std::abs(found->median - 0.5), 0.5 * std::abs(found->narrowing)); }
};

std::vector<Moved> moved(const FoundAccount& account) {
  std::vector<Moved> out;
  if (account.found.none) return out;
  std::vector<const sim::Prior*> priors;
  for (const auto& prior : account.priors.all())
    if (!prior.distribution.is_fixed()) priors.push_back(&prior);
  for (const std::size_t j : account.found.active) {
    const auto& f = account.found.parameters[j];
    const auto at = [&](double u) { return priors[j]->distribution.quantile(u); };
    out.push_back({&f, {at(0.05), at(0.5), at(0.95)}, {at(f.low), at(f.median), at(f.high)}});
  }
  std::ranges::stable_sort(out, std::greater<>(), &Moved::distance);
  return out;
}

std::size_t out_of_reach(const analysis::CalibrationResult& found) {
  return std::ranges::count_if(found.rows, [](const auto& row) { return row.least > analysis::implausibility_cut; });
}

std::string volume_text(const analysis::CalibrationResult& found) {
  if (found.none) return fmt::format("none (< {:.1g})", found.waves.back().volume);
  return fmt::format("{:.2g}", found.waves.back().volume);
}

std::string text_of_moved(const FoundAccount& account) {
  const auto all = moved(account);
  if (all.empty()) return "";
  Table table({"parameter", "prior", "posterior", "narrowing"}, "lrrr");
  const auto shown = [](const double(&x)[3]) { return fmt::format("{:.3g} [{:.3g}, {:.3g}]", x[1], x[0], x[2]); };
  for (std::size_t i = 0; i < std::min(all.size(), parameters_shown); ++i)
    table.add({all[i].found->name, shown(all[i].prior), shown(all[i].posterior),
               fmt::format("{:.0f} %", 100 * all[i].found->narrowing)});
  double worst = 1;
  for (const auto& one : all) worst = std::max(worst, one.found->r_hat);
  std::string out = fmt::format("\n{}: {} of {} parameters move a row of the record; those that it moved most:\n\n{}",
                                account.name, all.size(), account.found.parameters.size(), table.text("  "));
  if (worst > greatest_r_hat)
    out += fmt::format("  Chains disagree (R-hat {:.2f}): read this posterior with care.\n", worst);
  return out;
}

std::string text_of_rows(const FoundAccount& account) {
  std::string out;
  std::size_t left = out_of_reach(account.found);
  if (left > 0) {
    out += fmt::format("\n{}: rows that no parameters reach, with the least distance in standard deviations:\n",
                       account.name);
    for (std::size_t r = 0; r < std::min(left, rows_shown); ++r)
      out += fmt::format("  {:<40}  {:.1f}\n", account.found.rows[r].name, account.found.rows[r].least);
    if (left > rows_shown) out += fmt::format("  and {} more\n", left - rows_shown);
  }
  if (!account.found.contradictions.empty()) {
    out += fmt::format("\n{}: rows that can be reached, but not together:\n", account.name);
    for (std::size_t i = 0; i < std::min(account.found.contradictions.size(), contradictions_shown); ++i) {
      const auto& c = account.found.contradictions[i];
      out += fmt::format("  {} and {}  ({:.1f})\n", c.one, c.other, c.least);
    }
  }
  return out;
}

}  // namespace

json json_of(const std::vector<FoundAccount>& accounts) {
  json out = json::array();
  for (const auto& account : accounts) {
    const auto& found = account.found;
    json waves = json::array(), rows = json::array(), contradictions = json::array(), parameters = json::array();
    for (const auto& w : found.waves)
      waves.push_back({{"trials", w.trials},
                       {"failed", w.failed},
                       {"learnt_from", w.learnt_from},
                       {"rows_exempt", w.exempt},
                       {"volume_left", w.volume},
                       {"surprises", std::isnan(w.surprises) ? json(nullptr) : json(w.surprises)}});
    for (const auto& r : found.rows)
      rows.push_back({{"row", r.name}, {"least_implausibility", r.least}, {"prior_implausibility", r.before}});
    for (const auto& c : found.contradictions)
      contradictions.push_back({{"rows", {c.one, c.other}}, {"least_implausibility", c.least}});
    for (const auto& m : moved(account))
      parameters.push_back(
          {{"name", m.found->name},
           {"prior", {{"low", m.prior[0]}, {"median", m.prior[1]}, {"high", m.prior[2]}}},
           {"posterior", {{"low", m.posterior[0]}, {"median", m.posterior[1]}, {"high", m.posterior[2]}}},
           {"narrowing", m.found->narrowing},
           {"r_hat", m.found->r_hat},
           {"effective_draws", m.found->effective}});
    out.push_back({{"name", account.name},
                   {"none", found.none},
                   {"nearest", found.nearest},
                   {"discrepancy", found.discrepancy},
                   {"waves", std::move(waves)},
                   {"rows", std::move(rows)},
                   {"contradictions", std::move(contradictions)},
                   {"parameters", std::move(parameters)}});
  }
  return out;
}

std::string text_of(const std::vector<FoundAccount>& accounts) {
  std::string out = fmt::format(
      "Under which parameters is the record no wonder? Left of the prior: the share of it where rows are within "
      "{:.0f}\n"
      "standard deviations of what trials give there; some may be as far off as in the model's own records (exempt).\n"
      "Discrepancy: how many times farther the record is from the best of them than the model's own records are; 1\n"
      "when it is no farther than one in a hundred.\n\n",
      analysis::implausibility_cut);
  Table table({"account", "waves", "trials", "left of the prior", "exempt rows", "out of reach", "discrepancy"},
              "lrrrrrr");
  for (const auto& account : accounts) {
    std::int64_t trials = 0;
    for (const auto& wave : account.found.waves) trials += wave.trials;
    table.add({account.name, fmt::format("{}", account.found.waves.size()), fmt::format("{}", trials),
               volume_text(account.found),
               fmt::format("{} of {}", account.found.waves.back().exempt, account.found.rows.size()),
               fmt::format("{}", out_of_reach(account.found)),
               account.found.none ? "-" : fmt::format("{:.2f}", account.found.discrepancy)});
  }
  out += table.text();
  for (const auto& account : accounts)
    if (account.found.none)
      out += fmt::format("\n{}: no parameters reach this record; at the nearest place it is {:.2f} times too far.\n",
                         account.name, account.found.nearest / analysis::implausibility_cut);
  for (const auto& account : accounts) out += text_of_moved(account) + text_of_rows(account);
  return out;
}

}  // namespace qantar::cli
