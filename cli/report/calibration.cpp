// Of a calibration: what it found, and prior against posterior of every parameter that it moved.
#include <algorithm>

#include "cli/report/data.hpp"
#include "sim/conversions.hpp"

namespace qantar::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t density_bins = 20;  ///< of the quantile in the prior

/// Density relative to the prior, by quantile of the prior.
Json density_of(const PosteriorDraws& draws, const std::string& parameter) {
  const std::size_t each = draws.chains * draws.draws;
  const std::size_t first = (std::ranges::find(draws.parameters, parameter) - draws.parameters.begin()) * each;
  std::vector<double> density(density_bins, 0.0);
  for (std::size_t n = 0; n < each; ++n) {
    const auto bin = static_cast<std::size_t>(draws.quantile[first + n] * sim::real(density_bins));
    density[std::min(bin, density_bins - 1)] += sim::real(density_bins) / sim::real(each);
  }
  return short_numbers(density, 3);
}

}  // namespace

Json part_of_calibration(const std::string& path, const CalibrationFile& all) {
  Json part{{"kind", "calibration"},   {"file", path},           {"digest", all.digest},
            {"run", json_of(all.run)}, {"summary", all.summary}, {"posteriors", Json::array()}};
  part["accounts"] = Json::array();
  for (const auto& h : all.run.hypotheses) part["accounts"].push_back({{"name", h.name}, {"title", h.title}});
  for (const auto& found : all.summary.at("accounts")) {
    const auto account = std::ranges::find(all.accounts, found.at("name").get<std::string>(),
                                           [](const auto& a) { return a.trials.name; });
    if (account == all.accounts.end() || account->posterior.parameters.empty()) continue;
    Json parameters = Json::array();
    for (const auto& p : found.at("parameters")) {
      Json one = described_parameter(p.at("name"));
      for (const char* side : {"prior", "posterior"}) {
        const Json& range = p.at(side);
        one[side] = short_numbers(std::vector<double>{range.at("low"), range.at("median"), range.at("high")}, 3);
      }
      one["narrowing"] = short_number(p.at("narrowing"), 2);
      one["shares"] = density_of(account->posterior, p.at("name"));
      parameters.push_back(std::move(one));
    }
    part["posteriors"].push_back({{"account", found.at("name")},
                                  {"effective_size", account->posterior.chains * account->posterior.draws},
                                  {"trials", account->trials.done()},
                                  {"refusals", Json::array()},
                                  {"parameters", std::move(parameters)},
                                  {"pairs", Json::array()}});
  }
  return part;
}

}  // namespace qantar::cli
