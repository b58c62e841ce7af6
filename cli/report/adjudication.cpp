// Of an adjudication: what it found, and where the trials that fit the record lie in their priors.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "agents/parameters.hpp"
#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/statistics/quantile.hpp"
#include "cli/report/data.hpp"
#include "sim/numerics.hpp"

namespace qantar::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t bins = 20, pair_bins = 8;  ///< of the quantile in the prior
constexpr std::size_t most_parameters = 9, most_in_pairs = 4;
constexpr double least_effective = 100;  ///< of fewer equal trials a distribution shows mostly luck

/// Where the trials of an account lie in one prior.
struct Marginal {
  std::string name;
  const sim::Distribution* prior = nullptr;
  std::vector<double> quantile;  ///< by trial
  std::array<double, bins> share{};
  double moved = 0;  ///< information gained about it in nats, from the shares
};

std::vector<Marginal> marginals_of(const analysis::Account& account, const analysis::Trials& trials,
                                   const std::vector<double>& weights) {
  std::vector<Marginal> out;
  for (const auto& prior : account.priors.all()) {
    if (prior.distribution.is_fixed()) continue;
    const std::size_t at = out.size();
    Marginal& m = out.emplace_back();
    m.name = prior.name;
    m.prior = &prior.distribution;
    for (std::size_t i = 0; i < trials.size(); ++i) {
      m.quantile.push_back(sim::normal_cdf(trials.z_of(i)[at]));
      m.share[std::min(bins - 1, static_cast<std::size_t>(m.quantile.back() * bins))] += weights[i];
    }
    for (const double share : m.share)
      if (share > 0) m.moved += share * std::log(share * bins);
  }
  std::ranges::stable_sort(out, std::ranges::greater{}, &Marginal::moved);
  return out;
}

Json json_of(const Marginal& m, const std::vector<double>& weights) {
  Json out{{"name", m.name}, {"unit", ""}, {"text", ""}, {"moved", short_number(m.moved, 3)}};
  for (const auto& row : agents::parameter_rows())
    if (m.name == "parameters." + std::string(row.name)) {
      out["unit"] = row.unit;
      out["text"] = row.text;
    }
  out["prior"] = out["posterior"] = out["shares"] = Json::array();
  for (const double p : {0.05, 0.5, 0.95}) {
    out["prior"].push_back(short_number(m.prior->quantile(p), 3));
    const double q = analysis::weighted_quantile(m.quantile, weights, p);
    out["posterior"].push_back(short_number(m.prior->quantile(std::clamp(q, 0x1p-60, 1.0 - 0x1p-53)), 3));
  }
  for (const double share : m.share) out["shares"].push_back(short_number(share * bins, 3));
  return out;
}

/// Density relative to the prior, by quantile of `a`, then of `b`.
Json pair_of(const Marginal& a, const Marginal& b, const std::vector<double>& weights) {
  std::vector<double> cells(pair_bins * pair_bins, 0.0);
  const auto bin = [](double q) { return std::min(pair_bins - 1, static_cast<std::size_t>(q * pair_bins)); };
  for (std::size_t i = 0; i < weights.size(); ++i)
    cells[bin(a.quantile[i]) * pair_bins + bin(b.quantile[i])] += weights[i];
  for (double& x : cells) x *= pair_bins * pair_bins;
  return {{"a", a.name}, {"b", b.name}, {"cells", short_numbers(cells, 3)}};
}

Json posterior_of(const analysis::Account& account, const analysis::AccountTrials& found,
                  const analysis::ObservationModel& law) {
  const auto logs = analysis::log_weights(found.evidence, analysis::likelihood_of(law));
  const auto estimate = analysis::evidence_estimate(logs, found.evidence.failures());
  Json out{{"account", found.name},           {"effective_size", short_number(estimate.effective_size, 3)},
           {"trials", found.evidence.size()}, {"refusals", estimate.refusals},
           {"parameters", Json::array()},     {"pairs", Json::array()}};
  if (!(estimate.effective_size >= least_effective)) return out;
  const auto weights = analysis::normalised(logs);
  const auto marginals = marginals_of(account, found.evidence, weights);
  for (std::size_t i = 0; i < std::min(most_parameters, marginals.size()); ++i)
    out["parameters"].push_back(json_of(marginals[i], weights));
  for (std::size_t i = 0; i < std::min(most_in_pairs, marginals.size()); ++i)
    for (std::size_t j = 0; j < i; ++j) out["pairs"].push_back(pair_of(marginals[j], marginals[i], weights));
  return out;
}

}  // namespace

Json part_of_adjudication(const std::string& path, const AdjudicationFile& all, std::vector<LeftOut>& left_out) {
  Json part{{"kind", "adjudication"},  {"file", path},           {"digest", all.digest},
            {"run", json_of(all.run)}, {"summary", all.summary}, {"posteriors", Json::array()}};
  Json accounts = Json::array();
  for (const auto& h : all.run.hypotheses) accounts.push_back({{"name", h.name}, {"title", h.title}});
  part["accounts"] = accounts;
  sim::Diagnostics diagnostics;
  const CheckedCase checked = check_case(path, all.run.input_files, all.run.overrides, diagnostics);
  if (!diagnostics.empty()) {
    left_out.push_back({path + ": parameters that fit the record",
                        "this program cannot read the case in the file; use the one that wrote it"});
    return part;
  }
  const auto compared = compared_columns(path, checked);
  const auto rivals = accounts_of(checked.model, compared.columns);
  const auto law = analysis::evidence_law(compared.evidence, checked.model.hypotheses.front().model->clock());
  for (const auto& found : all.accounts) {
    const auto account = std::ranges::find(rivals, found.name, &analysis::Account::name);
    if (account != rivals.end() && account->dimension() == found.evidence.dimension && found.evidence.size() > 0)
      part["posteriors"].push_back(posterior_of(*account, found, law));
  }
  return part;
}

}  // namespace qantar::cli
