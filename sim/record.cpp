#include "sim/record.hpp"

#include <algorithm>
#include <stdexcept>

namespace qantar::sim {

const Axis& RecordLayout::axis(const std::string& name) const {
  const auto found = std::ranges::find(axes, name, &Axis::name);
  if (found == axes.end()) throw std::logic_error("record layout has no axis '" + name + "'");
  return *found;
}

std::size_t RecordLayout::size(const Variable& v) const {
  std::size_t n = 1;
  for (const auto& a : v.axes) n *= axis(a).size();
  return n;
}

std::size_t RecordLayout::width(const std::vector<Variable>& variables) const {
  std::size_t n = 0;
  for (const auto& v : variables) n += size(v);
  return n;
}

}  // namespace qantar::sim
