#include "agents/crisis_model.hpp"

#include <algorithm>

namespace qantar::agents {
namespace {

// Fills the variables of a layout in order, from the rows of the same names.
template <class T>
void fill(const World& w, const std::vector<Observable>& rows, const std::vector<sim::Variable>& wanted,
          const sim::ResultLayout& layout, std::span<T> out) {
  std::size_t at = 0;
  std::vector<double> numbers;
  auto row = rows.begin();
  for (const auto& variable : wanted) {
    while (row->variable.name != variable.name) ++row;  // both are in the same order
    const std::size_t n = layout.size(variable);
    numbers.assign(n, never);
    row->value(w, numbers);
    for (std::size_t i = 0; i < n; ++i) out[at++] = static_cast<T>(numbers[i]);
  }
}

}  // namespace

void CrisisModel::record_series(const World& w, std::span<float> row) const {
  fill(w, series(), layout_.series, layout_, row);
}

void CrisisModel::record_outcomes(const World& w, std::span<double> out) const {
  fill(w, outcomes(), layout_.outcomes, layout_, out);
}

void CrisisModel::parameters(const World& w, std::span<double> out) const {
  for (std::size_t i = 0; i < parameter_rows().size(); ++i) out[i] = w.p.*parameter_rows()[i].member;
}

static_assert(sim::Model<CrisisModel>);

}  // namespace qantar::agents
