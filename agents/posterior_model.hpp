// A model whose priors were replaced, some of them together, by draws from a posterior.
#pragma once
#include <memory>
#include <set>
#include <string>

#include "agents/models.hpp"

namespace qantar::agents {

/// The one prior that stands for all that the posterior names: which of its draws a trial has, as a quantile.
inline constexpr const char* posterior_draw = "posterior_draw";

/// The account of `model` with priors named in the first line of `text`, one draw a line below it, taken together from
/// one of these draws in each trial. Those named in `set` keep what was said of them since (a value, another prior, a
/// sweep). An empty text leaves all priors as they are. A posterior of priors that the model does not have is a problem
/// in the file `shown`; the result is then `model`.
std::shared_ptr<const AnyModel> with_posterior(std::shared_ptr<const AnyModel> model, const std::string& text,
                                               const std::string& shown, const std::set<std::string>& set,
                                               sim::Diagnostics& diagnostics);

}  // namespace qantar::agents
