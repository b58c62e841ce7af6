#include <algorithm>
#include <cmath>

#include "analysis/state_means.hpp"
#include "cli/report/run.hpp"

namespace qantar::cli {
namespace {

using Json = nlohmann::json;

constexpr std::size_t most_points = 90;  ///< of a course

/// Medians of every place and hour under one account.
Json medians_of_account(const sim::ResultReader& result, std::size_t places, std::size_t h) {
  const std::size_t steps = result.clock().steps();
  Json out = Json::object();
  for (const char* name : mapped) {
    const auto band = result.quantile_bands(name);
    std::vector<double> medians;
    for (std::size_t t = 0; t < steps; ++t)
      for (std::size_t p = 0; p < places; ++p)
        medians.push_back(band.at(((h * steps + t) * sim::band_quantiles.size() + 2) * places + p));
    out[name] = by_place(medians, places, 3);
  }
  std::vector<double> network;
  const auto band = result.quantile_bands("network_level");
  for (std::size_t t = 0; t < steps; ++t) network.push_back(band.at((h * steps + t) * sim::band_quantiles.size() + 2));
  out["network_level"] = short_numbers(network, 3);
  return out;
}

/// Mean number of state sites lost at the end of each step in each place, by account, to two decimals.
std::vector<std::vector<double>> lost_by_account(const sim::ResultReader& result, const agents::Scenario& s) {
  std::vector<std::optional<std::size_t>> place;
  for (const auto& site : s.sites) place.push_back(site.state ? std::optional(site.place.index()) : std::nullopt);
  auto lost = analysis::mean_between(result, "site_fell", "site_retaken", place, s.places.size());
  for (auto& means : lost)
    for (double& x : means) x = std::round(100 * x) / 100;
  return lost;
}

/// Places without coordinates all lie at 0, 0.
bool on_a_map(const agents::Scenario& s) {
  return std::ranges::any_of(s.places, [&](const agents::Place& p) {
    return p.latitude != s.places.front().latitude || p.longitude != s.places.front().longitude;
  });
}

Json places_of(const agents::Scenario& s) {
  Json out = Json::array();
  for (const agents::PlaceId p : s.places.ids()) {
    const auto sites =
        std::ranges::count_if(s.sites, [&](const agents::Site& site) { return site.state && site.place == p; });
    out.push_back({{"name", s.places[p].name},
                   {"latitude", s.places[p].latitude},
                   {"longitude", s.places[p].longitude},
                   {"population", s.places[p].population},
                   {"sites", sites}});
  }
  return out;
}

}  // namespace

std::vector<std::size_t> shown_steps(const sim::Clock& clock) {
  const std::size_t steps = clock.steps();
  const std::size_t stride = std::max<std::size_t>(1, (steps + most_points - 1) / most_points);
  std::vector<std::size_t> out;
  for (std::size_t s = stride - 1; s < steps; s += stride) out.push_back(s);
  if (steps > 0 && (out.empty() || out.back() != steps - 1)) out.push_back(steps - 1);
  return out;
}

Json hours_of(const std::vector<std::size_t>& steps, const sim::Clock& clock) {
  Json out = Json::array();
  for (const std::size_t s : steps) out.push_back(short_number(clock.end_of(static_cast<int>(s)), 8));
  return out;
}

Json bands_of(const sim::ResultReader& result, const std::vector<std::size_t>& steps) {
  const std::size_t all_steps = result.clock().steps();
  Json out = Json::array();
  for (const auto& v : result.layout().series) {
    const std::size_t cells = result.layout().size(v), quantiles = sim::band_quantiles.size();
    const auto band = result.quantile_bands(v.name);
    Json by_account = Json::array();
    for (std::size_t h = 0; h < result.run().hypotheses.size(); ++h) {
      Json by_cell = Json::array();
      for (std::size_t c = 0; c < cells; ++c) {
        Json by_quantile = Json::array();
        for (std::size_t q = 0; q < quantiles; ++q) {
          Json course = Json::array();
          for (const std::size_t s : steps)
            course.push_back(short_number(band.at(((h * all_steps + s) * quantiles + q) * cells + c), 3));
          by_quantile.push_back(std::move(course));
        }
        by_cell.push_back(std::move(by_quantile));
      }
      by_account.push_back(std::move(by_cell));
    }
    Json labels = Json::array();
    for (const auto& axis : v.axes) labels.push_back(result.layout().axis(axis).labels);
    out.push_back({{"name", v.name},
                   {"text", v.long_name},
                   {"unit", v.units},
                   {"axes", v.axes},
                   {"labels", std::move(labels)},
                   {"bands", std::move(by_account)}});
  }
  return out;
}

Json by_place(const std::vector<double>& by_step, std::size_t places, int digits) {
  Json out = Json::array();
  for (std::size_t p = 0; p < places; ++p) {
    Json course = Json::array();
    for (std::size_t at = p; at < by_step.size(); at += places) course.push_back(short_number(by_step[at], digits));
    out.push_back(std::move(course));
  }
  return out;
}

Json map_of(const sim::ResultReader& result, const agents::Scenario& s) {
  if (!on_a_map(s)) return {};
  const auto lost = lost_by_account(result, s);
  Json by_account = Json::array();
  for (std::size_t h = 0; h < lost.size(); ++h) {
    by_account.push_back(medians_of_account(result, s.places.size(), h));
    by_account.back()["lost"] = by_place(lost[h], s.places.size(), 3);
  }
  return {{"places", places_of(s)}, {"by_account", by_account}};
}

}  // namespace qantar::cli
