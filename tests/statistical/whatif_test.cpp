// What pairing gains on the reference case: the same luck both ways, against luck of its own for each.
#include "analysis/whatif.hpp"

#include <cmath>
#include <map>
#include <mutex>
#include <stdexcept>

#include <gtest/gtest.h>

#include "agents/case_folder.hpp"
#include "tests/support/crisis_case.hpp"
#include "tests/support/instrumented.hpp"

namespace qantar::whatif_test {
namespace {

constexpr std::uint32_t pairs = 120;

analysis::RunTrial run_of(std::shared_ptr<const agents::AnyModel> model, std::uint64_t seed_shift = 0) {
  return [model, seed_shift](sim::TrialKey key, std::span<const sim::AssignedPrior> assigned) {
    key.seed += seed_shift;
    auto record = model->run(key, {.assigned = assigned, .series = false});
    if (record.status == sim::TrialStatus::failed) throw std::runtime_error(record.message);
    return std::move(record.outcomes);
  };
}

/// The same, but a trial that was run before is not run again.
analysis::RunTrial run_once(analysis::RunTrial run) {
  struct Known {
    std::mutex guard;
    std::map<std::uint32_t, std::vector<double>> outcomes;  // by replicate
  };
  return [run = std::move(run), known = std::make_shared<Known>()](sim::TrialKey key,
                                                                   std::span<const sim::AssignedPrior> assigned) {
    {
      const std::lock_guard lock(known->guard);
      if (const auto found = known->outcomes.find(key.replicate); found != known->outcomes.end()) return found->second;
    }
    auto outcomes = run(key, assigned);
    const std::lock_guard lock(known->guard);
    return known->outcomes[key.replicate] = std::move(outcomes);
  };
}

/// January 2022 with a ready-made what-if, or as it is.
agents::Case january_with(const std::vector<std::string>& whatifs) {
  sim::Diagnostics diagnostics;
  auto files = agents::read_case_files(std::string(QANTAR_SOURCE_DIR) + "/configs/january_2022", diagnostics);
  auto out = agents::build_case("january_2022", std::move(files), {}, diagnostics, {whatifs, {}});
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  return out;
}

const agents::Hypothesis& account(const agents::Case& of, const std::string& name) {
  return *std::ranges::find(of.hypotheses, name, &agents::Hypothesis::name);
}

/// The main outcomes: whether Almaty's administration falls, deaths, people out, sites lost, when order returns.
std::vector<analysis::OutcomeColumn> main_outcomes(const sim::ResultLayout& layout) {
  std::vector<analysis::OutcomeColumn> out;
  for (const auto& [v, first, size] : layout.placed(layout.outcomes)) {
    if (v.name == "site_fell") {
      const auto& sites = layout.axis("site").labels;
      const auto at = static_cast<std::size_t>(std::ranges::find(sites, "almaty_akimat") - sites.begin());
      out.push_back({"almaty_akimat", v.kind, first + at});
    }
    for (const char* name : {"deaths", "peak_participants", "sites_fallen", "order_restored"})
      if (v.name == name) out.push_back({name, v.kind, first});
  }
  return out;
}

std::vector<analysis::PosteriorTrial> trials() {
  std::vector<analysis::PosteriorTrial> out;
  for (std::uint32_t i = 0; i < pairs; ++i) out.push_back({0, 1, {20220105, 0, i}, {}});
  return out;
}

double variance(const std::vector<double>& before, const std::vector<double>& after, std::size_t width,
                std::size_t column) {
  double n = 0, sum = 0, squares = 0;
  for (std::size_t at = column; at < before.size(); at += width) {
    const double d = after[at] - before[at];
    if (std::isnan(d)) continue;
    n += 1;
    sum += d;
    squares += d * d;
  }
  return squares / n - sum * sum / n / n;
}

// Half is what is asked of every main outcome. Amounts are compared with pairs that really have luck of their own; the
// ratio that is printed, from the paired trials alone, must say about the same.
TEST(WhatIfs, HaveAtMostHalfTheVarianceOfUnpairedOnes) {
  const auto before = january_with({});
  const auto& base = account(before, "spontaneous_uprising");
  const auto outcomes = main_outcomes(base.model->layout());
  ASSERT_EQ(outcomes.size(), 5U);
  const auto as_it_was = run_once(run_of(base.model));
  const sim::StopFlag stop{false};
  for (const auto& ready : before.whatifs) {
    const auto after = january_with({ready.name});
    const auto& changed = account(after, base.name);
    const std::vector<analysis::PairedAccount> paired{{base.name, as_it_was, run_of(changed.model)}},
        unpaired{{base.name, as_it_was, run_of(changed.model, 1)}};
    const auto same_luck = analysis::run_pairs(paired, trials(), outcomes, 0, stop);
    const auto own_luck = analysis::run_pairs(unpaired, trials(), outcomes, 0, stop);
    const auto effects = analysis::paired_effects(paired, same_luck);
    ASSERT_TRUE(effects.all.refusal.empty()) << effects.all.refusal;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      const auto& e = effects.all.outcomes[i];
      EXPECT_LE(e.means.variance_ratio, 0.5) << ready.name << ", " << outcomes[i].name;
      if (outcomes[i].kind == sim::ValueKind::time) continue;
      const double ratio = variance(same_luck.as_it_was, same_luck.as_it_would_be, outcomes.size(), i) /
                           variance(own_luck.as_it_was, own_luck.as_it_would_be, outcomes.size(), i);
      EXPECT_LE(ratio, 0.5) << ready.name << ", " << outcomes[i].name;
      EXPECT_NEAR(ratio, e.means.variance_ratio, 0.15) << ready.name << ", " << outcomes[i].name;
    }
  }
}

using Outcomes = std::vector<std::vector<double>>;

Outcomes thirty_trials(const agents::Hypothesis& h) {
  Outcomes out;
  for (std::uint32_t i = 0; i < 30; ++i)
    out.push_back(h.model->run({20220105, 0, i}, {.assigned = {}, .series = false}).outcomes);
  return out;
}

/// When it happened in each trial; NaN where it did not.
std::vector<double> times(const sim::ResultLayout& layout, const Outcomes& trials, const std::string& variable,
                          const std::string& label) {
  const auto v = layout.find(layout.outcomes, variable).value();
  const auto& labels = layout.axis(v.variable.axes.front()).labels;
  const auto at = v.first + static_cast<std::size_t>(std::ranges::find(labels, label) - labels.begin());
  std::vector<double> out;
  for (const auto& outcomes : trials) out.push_back(outcomes.at(at));
  return out;
}

// Each ready-made what-if does what its name says, in every trial.
TEST(WhatIfs, DoWhatTheySay) {
  struct Never {
    std::string whatif, variable, label;
  };
  const std::vector<Never> never{{"no_intervention", "action_time", "intervention_landed"},
                                 {"council_chair_not_taken", "action_time", "take_council_chair"},
                                 {"no_network_cut", "action_time", "restrict_network"},
                                 {"no_network_cut", "action_time", "shut_network"},
                                 {"knb_building_held", "site_fell", "almaty_knb"}};
  const auto count = [](const std::vector<double>& when) {
    return std::ranges::count_if(when, [](double t) { return !std::isnan(t); });
  };
  const auto before = january_with({});
  for (const char* name : {"spontaneous_uprising", "presidential_consolidation"}) {
    const auto& layout = account(before, name).model->layout();
    const auto was = thirty_trials(account(before, name));
    std::map<std::string, Outcomes> would_be;
    for (const auto& [whatif, variable, label] : never) {
      if (!would_be.contains(whatif)) would_be[whatif] = thirty_trials(account(january_with({whatif}), name));
      EXPECT_GT(count(times(layout, was, variable, label)), 0) << name << ", " << label;
      EXPECT_EQ(count(times(layout, would_be[whatif], variable, label)), 0) << name << ", " << whatif;
    }
    const double noon = 60;  // of 3 January, hours since 1 January
    const auto earlier = thirty_trials(account(january_with({"concession_a_day_earlier"}), name));
    const auto then = times(layout, was, "action_time", "concede_local"),
               now = times(layout, earlier, "action_time", "concede_local");
    for (std::size_t i = 0; i < then.size(); ++i) EXPECT_EQ(now[i], then[i] < noon ? then[i] : noon) << name << i;
  }
}

}  // namespace
}  // namespace qantar::whatif_test
