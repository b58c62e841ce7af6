// What a trial of the January case costs: citizens per agent and step by population, each part of the step as a share
// of the whole trial, and how the cost grows with places and steps. Quote ratios from one run; absolute times drift
// with the machine.
#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "agents/armed_groups.hpp"
#include "agents/case.hpp"
#include "agents/case_folder.hpp"
#include "agents/citizens.hpp"
#include "agents/crisis_model.hpp"
#include "agents/decisions.hpp"
#include "agents/endings.hpp"
#include "agents/events.hpp"
#include "agents/intervention.hpp"
#include "agents/legitimacy.hpp"
#include "agents/messages.hpp"
#include "agents/officeholders.hpp"
#include "agents/random_draws.hpp"
#include "agents/security_units.hpp"
#include "agents/sides.hpp"
#include "agents/sites.hpp"

namespace {

using namespace qantar;
using Seconds = std::chrono::duration<double>;

// The account without any switch, with these overrides.
std::shared_ptr<const agents::Scenario> scenario(const std::vector<std::string>& overrides) {
  sim::Diagnostics problems;
  const std::string folder = QANTAR_SOURCE_DIR "/configs/january_2022";
  const auto january = agents::build_case(folder, agents::read_case_files(folder, problems), overrides, problems);
  if (!problems.empty()) throw std::runtime_error(problems.text());
  for (const auto& hypothesis : january.hypotheses)
    if (hypothesis.name == "spontaneous_uprising") return hypothesis.scenario;
  throw std::runtime_error("the case has lost its account without any switch");
}

std::shared_ptr<const agents::Scenario> with_citizens(double citizens) {
  auto changed = std::make_shared<agents::Scenario>(*scenario({}));
  double pool = 0;
  for (const auto& place : changed->places) pool += place.population * changed->head.mobilisable_share;
  changed->head.persons_per_agent = pool / citizens;  // below one person for a million: no case may ask for that
  return changed;
}

// The country `times` over, with its sites and units and as many citizens in all as before.
std::shared_ptr<const agents::Scenario> with_places(int times) {
  auto grown = std::make_shared<agents::Scenario>(*scenario({}));
  const auto places = static_cast<int>(grown->places.size()), sites = static_cast<int>(grown->sites.size());
  const auto country = *grown;
  for (int n = 1; n < times; ++n) {
    grown->places.insert(grown->places.end(), country.places.begin(), country.places.end());
    for (auto site : country.sites) {
      site.place = agents::PlaceId(site.place.number() + n * places);
      grown->sites.push_back(site);
    }
    for (auto unit : country.units) {
      unit.place = agents::PlaceId(unit.place.number() + n * places);
      if (unit.site.exists()) unit.site = agents::SiteId(unit.site.number() + n * sites);
      grown->units.push_back(unit);
    }
  }
  for (auto& group : grown->groups) group.places.resize(grown->places.size());
  grown->head.persons_per_agent *= times;
  return grown;
}

struct Part {
  const char* name;
  void (*run)(agents::World&, const agents::StepDraws&);
};

const Part parts[] = {
    {"orders_and_news", agents::deliver_orders_and_news},
    {"legitimacy", [](agents::World& w, const agents::StepDraws&) { agents::update_legitimacy(w); }},
    {"citizens", agents::citizens_choose},
    {"armed_groups", agents::armed_groups_choose},
    {"units", agents::units_answer_orders},
    {"contacts", agents::resolve_contacts},
    {"sides", agents::sides_contest},
    {"events", agents::publish_events},
    {"officeholders", agents::officeholders_update},
    {"endings", [](agents::World& w, const agents::StepDraws&) { agents::judge_endings(w); }},
    {"factions", agents::factions_choose},
    {"intervention", [](agents::World& w, const agents::StepDraws&) { agents::intervention_acts(w); }}};

// Whole trials, part by part: seconds per trial, ns per citizen and step, and each part's share of the step.
void run(benchmark::State& state, const std::shared_ptr<const agents::Scenario>& scenario) {
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
        part.run(world, {draws, step});
        spent[part.name] += Seconds(std::chrono::steady_clock::now() - start).count();
      }
    }
    const double seconds = Seconds(std::chrono::steady_clock::now() - begin).count();
    state.SetIterationTime(seconds);
    all += seconds;
    agent_steps += static_cast<double>(world.citizens.status.size()) * scenario->clock.steps();
  }
  state.counters["ns_per_citizen_step"] = 1e9 * spent["citizens"] / agent_steps;
  state.counters["ms_without_citizens"] = 1e3 * (all - spent["citizens"]) / replicate;
  for (const Part& part : parts) state.counters[std::string("share_") + part.name] = spent[part.name] / all;
}

void citizens(benchmark::State& state) { run(state, with_citizens(static_cast<double>(state.range(0)))); }
void places(benchmark::State& state) { run(state, with_places(static_cast<int>(state.range(0)))); }
void steps(benchmark::State& state) {
  run(state, scenario({"clock.step_hours=" + std::to_string(1.0 / static_cast<double>(state.range(0)))}));
}

void whole_trials(benchmark::internal::Benchmark* bench) { bench->UseManualTime()->Unit(benchmark::kMillisecond); }
BENCHMARK(citizens)->Name("trial/citizens")->RangeMultiplier(10)->Range(1000, 10'000'000)->Apply(whole_trials);
BENCHMARK(places)->Name("trial/times_the_places")->RangeMultiplier(2)->Range(1, 8)->Apply(whole_trials);
BENCHMARK(steps)->Name("trial/steps_an_hour")->RangeMultiplier(2)->Range(1, 4)->Apply(whole_trials);

}  // namespace

BENCHMARK_MAIN();
