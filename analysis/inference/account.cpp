#include "analysis/inference/account.hpp"

#include <algorithm>

#include "sim/draws.hpp"
#include "sim/numerics.hpp"

namespace qantar::analysis {

std::size_t Account::dimension() const {
  return std::ranges::count_if(priors.all(), [](const sim::Prior& p) { return !p.distribution.is_fixed(); });
}

std::vector<sim::AssignedPrior> Account::assigned(std::span<const double> z) const {
  if (z.size() != dimension())
    throw std::invalid_argument("account " + name + ": " + std::to_string(z.size()) + " parameters are given where " +
                                std::to_string(dimension()) + " priors are not fixed");
  std::vector<sim::AssignedPrior> out;
  std::size_t next = 0;
  for (const auto& prior : priors.all())
    if (!prior.distribution.is_fixed())
      out.push_back({prior.name, std::clamp(sim::normal_cdf(z[next++]), 0x1p-60, 1.0 - 0x1p-53)});
  return out;
}

Account make_account(std::string name, sim::Priors priors, Simulator simulator) {
  auto run = [priors, simulator = std::move(simulator)](const sim::TrialKey& key,
                                                        std::span<const sim::AssignedPrior> assigned) {
    return simulator(prior_values(priors, assigned), sim::Draws(key));
  };
  return {std::move(name), std::move(priors), std::move(run)};
}

std::vector<double> prior_values(const sim::Priors& priors, std::span<const sim::AssignedPrior> assigned) {
  std::vector<double> values;
  for (const auto& prior : priors.all()) {
    const auto found = std::ranges::find(assigned, prior.name, &sim::AssignedPrior::prior);
    if (found == assigned.end() && !prior.distribution.is_fixed())
      throw std::invalid_argument("prior " + prior.name + " is neither fixed nor assigned: give its quantile");
    if (found != assigned.end() && found->value == found->value)
      values.push_back(found->value);
    else
      values.push_back(prior.distribution.quantile(found != assigned.end() ? found->quantile : 0.5));
  }
  return values;
}

std::uint64_t account_seed(std::uint64_t seed, const std::string& luck) {
  std::uint64_t h = 1469598103934665603ULL;  // FNV-1a
  for (const unsigned char c : luck) h = (h ^ c) * 1099511628211ULL;
  constexpr std::uint32_t purpose = 0xacc00047U;
  const sim::Block b = sim::philox({static_cast<std::uint32_t>(h), static_cast<std::uint32_t>(h >> 32), 0, purpose},
                                   static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
  return (std::uint64_t{b[1]} << 32) | b[0];
}

}  // namespace qantar::analysis
