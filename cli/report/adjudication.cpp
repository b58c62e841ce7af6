// Of an adjudication: what it found, and where the trials that fit the record lie in their priors.
#include <algorithm>

#include "analysis/inference/evidence_estimate.hpp"
#include "analysis/inference/marginals.hpp"
#include "cli/report/data.hpp"

namespace qantar::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t bins = 20, pair_bins = 8;  ///< of the quantile in the prior
constexpr std::size_t most_parameters = 9, most_in_pairs = 4;
constexpr double least_effective = 100;  ///< of fewer equal trials a distribution shows mostly luck

Json json_of(const analysis::Marginal& m) {
  Json out = described_parameter(m.name);
  out["moved"] = short_number(m.information_gain, 3);
  out["prior"] = short_numbers(m.prior, 3);
  out["posterior"] = short_numbers(m.posterior, 3);
  out["shares"] = short_numbers(m.density, 3);
  return out;
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
  const auto marginals = analysis::marginals(account, found.evidence, weights, bins);
  for (std::size_t i = 0; i < std::min(most_parameters, marginals.size()); ++i)
    out["parameters"].push_back(json_of(marginals[i]));
  for (std::size_t i = 0; i < std::min(most_in_pairs, marginals.size()); ++i)
    for (std::size_t j = 0; j < i; ++j)
      out["pairs"].push_back(
          {{"a", marginals[j].name},
           {"b", marginals[i].name},
           {"cells", short_numbers(analysis::joint_density(marginals[j], marginals[i], weights, pair_bins), 3)}});
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
  const auto law = analysis::evidence_law(compared.asked.evidence, checked.model.hypotheses.front().model->clock());
  for (const auto& found : all.accounts) {
    const auto account = std::ranges::find(rivals, found.name, &analysis::Account::name);
    if (account != rivals.end() && account->dimension() == found.evidence.dimension && found.evidence.size() > 0)
      part["posteriors"].push_back(posterior_of(*account, found, law));
  }
  return part;
}

}  // namespace qantar::cli
