#include "agents/crisis_model.hpp"

namespace qantar::agents {

void CrisisModel::record_series(const World& w, std::span<float> row) const {
  report(w, series(), layout_.series, layout_, row);
}

void CrisisModel::record_outcomes(const World& w, std::span<double> out) const {
  report(w, outcomes(), layout_.outcomes, layout_, out);
}

void CrisisModel::parameters(const World& w, std::span<double> out) const {
  for (std::size_t i = 0; i < parameter_rows().size(); ++i) out[i] = w.p.*parameter_rows()[i].member;
}

static_assert(sim::Model<CrisisModel>);

}  // namespace qantar::agents
