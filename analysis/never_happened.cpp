#include "analysis/never_happened.hpp"

#include "sim/config/diagnostics.hpp"

namespace qantar::analysis {

NeverHappened::NeverHappened(const sim::ResultLayout& layout, const std::string& outcome, std::size_t accounts) {
  const auto found = layout.find(layout.outcomes, outcome);
  if (!found) return;
  first_ = found->first;
  for (std::size_t i = 0; i < found->size; ++i) labels_.push_back(sim::joined(layout.labels(found->variable, i)));
  happened_.assign(accounts, std::vector<std::int64_t>(labels_.size(), 0));
}

void NeverHappened::add(std::size_t account, std::span<const double> outcomes) {
  for (std::size_t i = 0; i < labels_.size(); ++i) happened_[account][i] += sim::happened(outcomes[first_ + i]);
}

std::vector<std::string> NeverHappened::never(std::size_t account) const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < labels_.size(); ++i)
    if (happened_[account][i] == 0) out.push_back(labels_[i]);
  return out;
}

}  // namespace qantar::analysis
