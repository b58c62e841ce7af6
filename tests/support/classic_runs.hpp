// Classic cases as they are shipped, run many times, and bands that their means must lie in.
#pragma once
#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "agents/case.hpp"
#include "agents/case_folder.hpp"
#include "sim/ensemble.hpp"
#include "tests/support/instrumented.hpp"

namespace qantar::test {

/// How many seeds a docking test takes: a quarter under a sanitizer, which is five to ten times slower. The bands hold
/// for these first seeds too.
inline int seeds(int n) { return instrumented ? n / 4 : n; }

/// What the trials of one variant report, by the name of the outcome: one number per trial.
class Runs {
 public:
  /// `trials` trials of one hypothesis of configs/classic/`folder`, with overrides as on the command line.
  Runs(const std::string& folder, const std::string& hypothesis, int trials,
       const std::vector<std::string>& overrides = {}) {
    sim::Diagnostics diagnostics;
    const std::string path = std::string(QANTAR_SOURCE_DIR) + "/configs/classic/" + folder;
    const auto built = agents::build_case(path, agents::read_case_files(path, diagnostics), overrides, diagnostics);
    if (!diagnostics.empty()) throw sim::InputError(diagnostics);
    const agents::AnyModel* model = nullptr;
    for (const auto& h : built.hypotheses)
      if (h.name == hypothesis) model = h.model.get();
    if (!model) throw std::runtime_error(folder + " has no hypothesis " + hypothesis);
    const auto& variables = model->layout().outcomes;
    const auto keep = [&](const sim::TrialResult& record) {
      if (record.status != sim::TrialStatus::ok) throw std::runtime_error(record.stage + ": " + record.message);
      std::size_t at = 0;
      for (const auto& v : variables) {
        outcomes_[v.name].push_back(record.outcomes[at]);
        at += model->layout().size(v);
      }
    };
    const sim::StopFlag never_stop{false};
    sim::run_ensemble(
        0, trials, 2,
        [&](std::int64_t k) {
          return model->run({1, 0, static_cast<std::uint32_t>(k)});
        },
        [&](sim::TrialResult&& record) { keep(record); }, never_stop);
  }

  const std::vector<double>& of(const std::string& outcome) const { return outcomes_.at(outcome); }
  /// Over the trials in which the outcome is defined.
  double mean(const std::string& outcome) const {
    double sum = 0, n = 0;
    for (const double x : of(outcome))
      if (!std::isnan(x)) sum += x, n += 1;
    return sum / n;
  }
  /// Standard deviation over these trials.
  double deviation(const std::string& outcome) const {
    const double m = mean(outcome);
    double sum = 0, n = -1;
    for (const double x : of(outcome))
      if (!std::isnan(x)) sum += (x - m) * (x - m), n += 1;
    return std::sqrt(sum / n);
  }
  double least(const std::string& outcome) const { return *std::ranges::min_element(of(outcome)); }
  double most(const std::string& outcome) const { return *std::ranges::max_element(of(outcome)); }
  double share_above(const std::string& outcome, double limit) const {
    const auto& x = of(outcome);
    return static_cast<double>(std::ranges::count_if(x, [&](double v) { return v > limit; })) /
           static_cast<double>(x.size());
  }

 private:
  std::map<std::string, std::vector<double>> outcomes_;
};

/// A published result as an interval for the mean over trials.
struct Band {
  std::string outcome;
  double low, high;
};

/// One sentence per band that the runs miss. An undefined mean misses every band.
inline std::vector<std::string> missed(const Runs& runs, const std::vector<Band>& bands) {
  std::vector<std::string> out;
  for (const auto& band : bands)
    if (const double mean = runs.mean(band.outcome); !(mean >= band.low && mean <= band.high))
      out.push_back(fmt::format("{} is {:.4g}, not {} to {}", band.outcome, mean, band.low, band.high));
  return out;
}

}  // namespace qantar::test
