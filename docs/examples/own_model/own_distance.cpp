// A distance of your own: how contagious was a protest of which only daily numbers are known? Its parameters by
// sequential Monte Carlo, for data whose errors have no law that could be written down.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <qantar/analysis/inference/abc_smc.hpp>
#include <qantar/sim/draws.hpp>

using namespace qantar;
using namespace qantar::analysis;

namespace {

const std::vector<double> documented{4, 11, 25, 48, 61, 66};  // protests a day

/// Each protest calls forth others the next day; the more there are already, the fewer new ones.
std::vector<double> protests(std::span<const double> values, const sim::Draws& draws) {
  const double growth = values[0], limit = values[1];
  std::vector<double> days;
  double now = 2;
  for (std::uint32_t day = 0; day < documented.size(); ++day) {
    const double mean = now * (1 + growth * std::max(0.0, 1 - now / limit));
    now = draws.poisson(mean, 1, 0, day);  // addresses: mechanism, agent, step
    days.push_back(now);
  }
  return days;
}

double distance(std::span<const double> days) {
  double sum = 0;
  for (std::size_t i = 0; i < days.size(); ++i) sum += std::pow(std::log1p(days[i]) - std::log1p(documented[i]), 2);
  return std::sqrt(sum / static_cast<double>(days.size()));
}

/// Of a parameter in a population: the value below which a share of the weight lies.
double quantile(const Population& population, const sim::Prior& prior, std::size_t parameter, double share) {
  std::vector<std::pair<double, double>> points;  // standard normal number, weight
  for (std::size_t i = 0; i < population.size(); ++i)
    points.emplace_back(population.point(i)[parameter], population.weight[i]);
  std::ranges::sort(points);
  double sum = 0, z = 0;
  for (std::size_t i = 0; i < points.size() && sum < share; ++i) sum += points[i].second, z = points[i].first;
  return prior.distribution.quantile(sim::normal_cdf(z));
}

}  // namespace

int main() {
  sim::Priors priors;
  priors.add("growth", {sim::Family::uniform, {0, 4}});  // new protests for each, a day, at first
  priors.add("limit", {sim::Family::log_uniform, {20, 500}});
  const auto account = make_account("contagion", priors, protests);
  const AbcTarget target{.likelihood = {}, .distance = distance, .tolerances = {1.0, 0.6, 0.4, 0.3, 0.25}};
  const AbcState found = abc_smc(account, target, {.particles = 1000, .seed = 1});
  std::puts("tolerance  candidates  entered  worth");
  for (const auto& g : found.history)
    std::printf("%9.2f %11lld %8.3f %6.0f\n", g.level, static_cast<long long>(g.candidates), g.acceptance,
                g.effective_size);
  if (!found.stopped_because.empty()) std::printf("stopped: %s\n", found.stopped_because.c_str());
  if (found.population.size() == 0) return 1;
  std::puts("\nparameter    5 %  median   95 %");
  for (std::size_t k = 0; k < priors.all().size(); ++k) {
    const auto& prior = priors.all()[k];
    const auto at = [&](double share) { return quantile(found.population, prior, k, share); };
    std::printf("%-9s %6.2f %7.2f %6.2f\n", prior.name.c_str(), at(0.05), at(0.5), at(0.95));
  }
  return found.stopped_because.empty() ? 0 : 1;
}
