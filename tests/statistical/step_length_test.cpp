// The length of a step is a matter of computing, not of politics: half of it must tell the same story. January 2022
// without any plan, with fewer citizens to keep the cost down (about 15 s).
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "agents/case_folder.hpp"
#include "tests/support/crisis_case.hpp"
#include "tests/support/instrumented.hpp"
#include "tests/support/paired.hpp"

namespace qantar::agents::step_length_test {
namespace {

using test::ScenarioPtr;

// What half a step may change. A step of one hour is itself an approximation (rates act on the state at the beginning
// of a step), so the difference is not 0: with 1000 trials and all citizens it is at most 0.04 in a probability and
// 0.07 in a log mean.
constexpr double probability_tolerance = 0.05;
constexpr double log_mean_tolerance = 0.10;
// The chance that a model within the tolerance fails, over all headlines together.
constexpr double false_alarm = 0.01;
constexpr std::uint32_t trials = test::instrumented ? 8 : 200;

struct Headline {
  std::string name;
  bool is_probability;
  double (*value)(const World&);
};

std::size_t almaty_hall(const Scenario& s) {
  for (std::size_t i = 0; i < s.sites.size(); ++i)
    if (s.sites[i].id == "almaty_akimat") return i;
  throw std::runtime_error("no administration of Almaty");
}

bool degenerate(const World& w) {
  double lost = 0, all = 0;
  for (std::size_t i = 0; i < w.sites.size(); ++i)
    if (w.scenario->sites[i].seat) {
      lost += happened(w.sites[i].fell);
      all += 1;
    }
  return !happened(w.violence_began) || !happened(w.restored) || w.tally.peak < 5000 || lost >= 0.5 * all;
}

const std::vector<Headline>& headlines() {
  static const std::vector<Headline> all{
      {"the administration of Almaty falls", true,
       [](const World& w) { return happened(w.sites[almaty_hall(*w.scenario)].fell) ? 1.0 : 0.0; }},
      {"the chair is taken", true,
       [](const World& w) { return happened(test::taken(w, "take_council_chair")) ? 1.0 : 0.0; }},
      {"intervention is requested", true,
       [](const World& w) { return happened(test::taken(w, "request_intervention")) ? 1.0 : 0.0; }},
      {"order is restored", true, [](const World& w) { return happened(w.restored) ? 1.0 : 0.0; }},
      {"the course is degenerate", true, [](const World& w) { return degenerate(w) ? 1.0 : 0.0; }},
      {"deaths, log mean", false, [](const World& w) { return std::log(1.0 + w.tally.deaths); }},
      {"peak turnout, log mean", false, [](const World& w) { return std::log(1.0 + w.tally.peak); }},
      {"detained, log mean", false, [](const World& w) { return std::log(1.0 + w.tally.detained); }}};
  return all;
}

// One column of values for each headline. With `rates_per_step` the model takes every step for an hour: the fault that
// this test is there to find.
std::vector<std::vector<double>> outcomes(double step_hours, std::uint32_t n, bool rates_per_step = false) {
  sim::Diagnostics diagnostics;
  const auto folder = std::string(QANTAR_SOURCE_DIR) + "/configs/january_2022";
  auto files = read_case_files(folder, diagnostics);
  const auto built =
      build_case("configs/january_2022", std::move(files),
                 {"case.persons_per_agent=100", "clock.step_hours=" + sim::write_number(step_hours)}, diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  const CrisisModel model(test::hypothesis(built, "spontaneous_uprising"));
  std::vector<std::vector<double>> columns(headlines().size());
  for (std::uint32_t k = 0; k < n; ++k) {
    const sim::Draws draws(test::trial(k));
    World w = model.make_world(draws);
    if (rates_per_step) w.dt = 1.0;
    for (int i = 0; i < model.clock().steps(); ++i) model.step(w, draws, i);
    for (std::size_t h = 0; h < headlines().size(); ++h) columns[h].push_back(headlines()[h].value(w));
  }
  return columns;
}

// Names of the headlines in which the two differ by more than the tolerance and chance. `report` gets a line of each.
std::vector<std::string> too_different(std::vector<std::vector<double>> a, const std::vector<std::vector<double>>& b,
                                       std::string& report) {
  const double z = test::exceeded_with(false_alarm / static_cast<double>(headlines().size()));
  std::vector<std::string> out;
  for (std::size_t h = 0; h < headlines().size(); ++h) {
    a[h].resize(b[h].size());
    const auto difference = test::paired(a[h], b[h]);
    const double tolerance = headlines()[h].is_probability ? probability_tolerance : log_mean_tolerance;
    if (std::fabs(difference.mean) > tolerance + z * difference.error) out.push_back(headlines()[h].name);
    report += fmt::format("{:36} {:+.3f} (standard error {:.3f}, tolerance {:.2f})\n", headlines()[h].name,
                          difference.mean, difference.error, tolerance);
  }
  return out;
}

TEST(StepLength, HalvingTheStepTellsTheSameStory) {
  const auto hour = outcomes(1.0, trials);
  std::string report;
  const bool same = too_different(hour, outcomes(0.5, trials), report).empty();
  if (test::instrumented) return;
  EXPECT_TRUE(same) << report;
  // The same check finds rates that are not scaled with the step.
  std::string wrong;
  EXPECT_FALSE(too_different(hour, outcomes(0.5, trials / 4, true), wrong).empty()) << wrong;
  std::printf("half an hour less one hour:\n%s", report.c_str());
  std::printf("the same with rates that are not scaled:\n%s", wrong.c_str());
}

}  // namespace
}  // namespace qantar::agents::step_length_test
