// What a trial of the January case costs: citizens per agent and step by population, and each part of the step as a
// share of the whole trial. Quote ratios from one run; absolute times drift with the machine.
#include <chrono>
#include <map>
#include <stdexcept>

#include <benchmark/benchmark.h>

#include "agents/case.hpp"
#include "agents/crisis_model.hpp"

namespace {

using namespace qantar;
using Seconds = std::chrono::duration<double>;

// The null account with about this many citizens.
std::shared_ptr<const agents::Scenario> scenario_with(double citizens) {
  sim::Diagnostics problems;
  const std::string folder = QANTAR_SOURCE_DIR "/configs/january_2022";
  const auto files = agents::read_case_files(folder, problems);
  const auto probe = agents::build_case(folder, files, {}, problems);
  if (!problems.empty()) throw std::runtime_error(problems.text());
  double pool = 0;
  const auto& scenario = *probe.hypotheses.back().scenario;
  for (const auto& place : scenario.places) pool += place.population * scenario.head.mobilisable_share;
  const auto sized =
      agents::build_case(folder, files, {"case.persons_per_agent=" + std::to_string(pool / citizens)}, problems);
  if (!problems.empty()) throw std::runtime_error(problems.text());
  return sized.hypotheses.back().scenario;
}

struct Part {
  const char* name;
  void (*run)(agents::World&, const sim::Draws&);
};

const Part parts[] = {{"orders_and_news", agents::deliver_orders_and_news},
                      {"legitimacy", [](agents::World& w, const sim::Draws&) { agents::update_legitimacy(w); }},
                      {"citizens", agents::citizens_choose},
                      {"armed_groups", agents::armed_groups_choose},
                      {"units", agents::units_answer_orders},
                      {"contacts", agents::resolve_contacts},
                      {"events", agents::publish_events},
                      {"officeholders", agents::officeholders_update},
                      {"factions", agents::factions_decide},
                      {"intervention", agents::intervention_acts}};

// Whole trials, part by part: seconds per trial, ns per citizen and step, and each part's share of the step.
void trial(benchmark::State& state) {
  const auto scenario = scenario_with(static_cast<double>(state.range(0)));
  std::map<std::string, double> spent;
  double all = 0, agent_steps = 0;
  std::uint32_t replicate = 0;
  for (auto _ : state) {
    const sim::Draws draws({1, 0, replicate++});
    auto world = agents::make_world(*scenario, draws);
    const auto begin = std::chrono::steady_clock::now();
    for (int step = 0; step < scenario->clock.steps(); ++step) {
      world.step = step;
      world.now = scenario->clock.begin_of(step);
      for (const Part& part : parts) {
        const auto start = std::chrono::steady_clock::now();
        part.run(world, draws);
        spent[part.name] += Seconds(std::chrono::steady_clock::now() - start).count();
      }
    }
    const double seconds = Seconds(std::chrono::steady_clock::now() - begin).count();
    state.SetIterationTime(seconds);
    all += seconds;
    agent_steps += static_cast<double>(world.citizens.status.size()) * scenario->clock.steps();
  }
  state.counters["ns_per_citizen_step"] = 1e9 * spent["citizens"] / agent_steps;
  for (const Part& part : parts) state.counters[std::string("share_") + part.name] = spent[part.name] / all;
}

BENCHMARK(trial)->RangeMultiplier(10)->Range(1000, 1000000)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
