// What a model reports of its world W: one row for each variable, with how its numbers are read off the world.
#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "sim/trial_result.hpp"

namespace qantar::agents {

template <class W>
struct Reported {
  sim::Variable variable;
  std::function<void(const W&, std::span<double>)> value;  ///< fills one number per index of its axes
};

/// Writes the numbers of the variables that a layout wants, one variable after the other. `rows` has them all, in the
/// same order, and maybe more.
template <class W, class Row, class T>
void report(const W& w, const std::vector<Row>& rows, const std::vector<sim::Variable>& wanted,
            const sim::ResultLayout& layout, std::span<T> out) {
  std::size_t at = 0;
  std::vector<double> numbers;
  auto row = rows.begin();
  for (const auto& variable : wanted) {
    while (row->variable.name != variable.name) ++row;
    numbers.assign(layout.size(variable), sim::never);
    row->value(w, numbers);
    for (const double x : numbers) out[at++] = static_cast<T>(x);
  }
}

}  // namespace qantar::agents
