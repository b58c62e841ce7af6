#include "agents/posterior_model.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "agents/prior_draws.hpp"
#include "sim/config/number_table.hpp"
#include "sim/conversions.hpp"
#include "sim/draws.hpp"

namespace qantar::agents {
namespace {

class PosteriorModel final : public AnyModel {
 public:
  PosteriorModel(std::shared_ptr<const AnyModel> model, std::vector<sim::NumberColumn> columns, std::uint64_t checksum)
      : model_(std::move(model)), columns_(std::move(columns)), checksum_(checksum) {
    for (const auto& prior : model_->priors().all())
      if (std::ranges::find(columns_, prior.name, &sim::NumberColumn::name) == columns_.end())
        priors_.add(prior.name, prior.distribution);
    priors_.add(posterior_draw, sim::Distribution(sim::Family::uniform, {0, 1}));
  }

  const sim::Clock& clock() const override { return model_->clock(); }
  const sim::ResultLayout& layout() const override { return model_->layout(); }
  const std::string& case_title() const override { return model_->case_title(); }
  std::string resolved_text() const override {
    return fmt::format("{}\n# {} draws of {} priors from a posterior with the checksum {:016x}\n",
                       model_->resolved_text(), draws(), columns_.size(), checksum_);
  }
  std::vector<KeyText> keys() const override { return model_->keys(); }
  const sim::Priors& priors() const override { return priors_; }

  sim::TrialResult run(const sim::TrialKey& key, const sim::TrialOptions& options) const override {
    std::vector<sim::AssignedPrior> assigned;
    double place = named_uniform(posterior_draw, sim::Draws(key));
    for (const auto& one : options.assigned) {
      if (one.prior == posterior_draw)
        place = one.value == one.value ? one.value : one.quantile;
      else
        assigned.push_back(one);
    }
    const auto draw = std::min(draws() - 1, static_cast<std::size_t>(place * sim::real(draws())));
    const std::size_t before = assigned.size();
    for (const auto& column : columns_)
      if (std::ranges::none_of(std::span(assigned).first(before),
                               [&](const auto& one) { return one.prior == column.name; }))
        assigned.push_back({.prior = column.name, .value = column.values[draw]});
    sim::TrialOptions changed = options;
    changed.assigned = assigned;
    return model_->run(key, changed);
  }

 private:
  std::size_t draws() const { return columns_.front().values.size(); }

  std::shared_ptr<const AnyModel> model_;
  std::vector<sim::NumberColumn> columns_;
  std::uint64_t checksum_;
  sim::Priors priors_;
};

}  // namespace

std::shared_ptr<const AnyModel> with_posterior(std::shared_ptr<const AnyModel> model, const std::string& text,
                                               const std::string& shown, const std::set<std::string>& set,
                                               sim::Diagnostics& diagnostics) {
  if (text.empty()) return model;
  sim::Diagnostics own;
  auto columns = sim::read_number_table(text, shown, own);
  std::vector<std::string> names;
  for (const auto& prior : model->priors().all())
    if (!prior.distribution.is_fixed()) names.push_back(prior.name);
  std::erase_if(columns, [&](const auto& column) { return set.contains(column.name); });
  for (const auto& column : columns)
    if (std::ranges::find(names, column.name) == names.end())
      own.add(column.where, column.name,
              "is no prior of the case" + sim::nearest_hint(column.name, names) +
                  "; the posterior is of another case, or of another version of this one: calibrate it again");
  diagnostics.add(own);
  if (!own.empty() || columns.empty()) return model;
  return std::make_shared<const PosteriorModel>(std::move(model), std::move(columns), name_address(text));
}

}  // namespace qantar::agents
