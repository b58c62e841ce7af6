#include "agents/prior_draws.hpp"

#include "agents/random_draws.hpp"
#include "sim/draws.hpp"

namespace qantar::agents {
std::uint64_t name_address(const std::string& name) {
  std::uint64_t h = 1469598103934665603ULL;
  for (const unsigned char c : name) h = (h ^ c) * 1099511628211ULL;
  return h;
}

double named_uniform(const std::string& name, const sim::Draws& draws) {
  const std::uint64_t h = name_address(name);
  return StepDraws(draws, 0).uniform(purpose::prior, h & 0xffffffffU, h >> 32);
}

std::vector<double> drawn_values(const sim::Priors& priors, const sim::Draws& draws) {
  std::vector<double> values;
  for (const auto& prior : priors.all()) {
    const sim::AssignedPrior* assigned = draws.assigned(prior.name);
    if (assigned && assigned->value == assigned->value)
      values.push_back(assigned->value);
    else
      values.push_back(prior.distribution.quantile(assigned ? assigned->quantile : named_uniform(prior.name, draws)));
  }
  return values;
}

}  // namespace qantar::agents
