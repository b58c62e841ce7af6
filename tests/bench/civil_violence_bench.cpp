// Civil violence, Run 2 with the ratio cut to a whole number, 100 ticks: the plain program, which looks at every cell
// in sight, against the shipped one. Both are compiled alike and do the same to the bit
// (tests/unit/classic_case_test.cpp).
#include <stdexcept>

#include <benchmark/benchmark.h>

#include "tests/support/plain_civil_violence.hpp"

namespace {

using namespace qantar;
using agents::classic::CivilViolence;
using agents::classic::CivilViolenceParameters;

constexpr int ticks = 100;

template <class Tick>
void run(benchmark::State& state, const CivilViolenceParameters& p, Tick tick) {
  const CivilViolence m({{}, ticks, p, {}, agents::classic::tick_clock(ticks)});
  double agent_steps = 0;
  std::uint32_t replicate = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const sim::Draws draws({1, 0, replicate++});
    auto world = m.make_world(draws);
    agent_steps += ticks * static_cast<double>(world.actors.size());
    state.ResumeTiming();
    tick(m, std::move(world), draws);
  }
  state.counters["agent_steps_per_second"] = benchmark::Counter(agent_steps, benchmark::Counter::kIsRate);
}

CivilViolenceParameters run_2(benchmark::State& state) {
  CivilViolenceParameters p;
  p.width = p.height = static_cast<double>(state.range(0));
  p.ratio = agents::classic::Rounding::floor;
  return p;
}

void plain(benchmark::State& state) {
  run(state, run_2(state), [](const CivilViolence&, auto world, const sim::Draws& draws) {
    test::PlainCivilViolence program(std::move(world));
    for (int t = 1; t <= ticks; ++t) program.tick(draws, t);
    benchmark::DoNotOptimize(program.world().occupant.data());
  });
}

void shipped(benchmark::State& state, const CivilViolenceParameters& p) {
  run(state, p, [](const CivilViolence& m, auto world, const sim::Draws& draws) {
    for (int t = 0; t < ticks; ++t) m.step(world, draws, t);
    benchmark::DoNotOptimize(world.occupant.data());
  });
}
void shipped_run_2(benchmark::State& state) { shipped(state, run_2(state)); }
void shipped_as_printed(benchmark::State& state) {
  auto p = run_2(state);
  p.ratio = agents::classic::Rounding::literal;
  shipped(state, p);
}
void shipped_moore(benchmark::State& state) {
  auto p = run_2(state);
  p.neighbourhood = agents::classic::Shape::moore;
  shipped(state, p);
}
void shipped_two_groups(benchmark::State& state) {
  auto p = run_2(state);
  p.groups = 2;
  shipped(state, p);
}

BENCHMARK(plain)->Name("civil_violence/plain")->Arg(40)->Arg(200)->Unit(benchmark::kMillisecond);
BENCHMARK(shipped_run_2)->Name("civil_violence/shipped")->Arg(40)->Arg(200)->Unit(benchmark::kMillisecond);
BENCHMARK(shipped_as_printed)->Name("civil_violence/shipped_ratio_as_printed")->Arg(40)->Unit(benchmark::kMillisecond);
BENCHMARK(shipped_moore)->Name("civil_violence/shipped_moore")->Arg(40)->Unit(benchmark::kMillisecond);
BENCHMARK(shipped_two_groups)->Name("civil_violence/shipped_two_groups")->Arg(40)->Unit(benchmark::kMillisecond);

}  // namespace
