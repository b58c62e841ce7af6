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

CivilViolence model(std::int64_t side) {
  CivilViolenceParameters p;
  p.width = p.height = static_cast<double>(side);
  p.ratio = agents::classic::Rounding::floor;
  return CivilViolence({{}, ticks, p, {}, agents::classic::tick_clock(ticks)});
}

template <class Tick>
void run(benchmark::State& state, Tick tick) {
  const CivilViolence m = model(state.range(0));
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

void plain(benchmark::State& state) {
  run(state, [](const CivilViolence&, auto world, const sim::Draws& draws) {
    test::PlainCivilViolence program(std::move(world));
    for (int t = 1; t <= ticks; ++t) program.tick(draws, t);
    benchmark::DoNotOptimize(program.world().occupant.data());
  });
}

void shipped(benchmark::State& state) {
  run(state, [](const CivilViolence& m, auto world, const sim::Draws& draws) {
    for (int t = 0; t < ticks; ++t) m.step(world, draws, t);
    benchmark::DoNotOptimize(world.occupant.data());
  });
}

BENCHMARK(plain)->Name("civil_violence/plain")->Arg(40)->Arg(200)->Unit(benchmark::kMillisecond);
BENCHMARK(shipped)->Name("civil_violence/shipped")->Arg(40)->Arg(200)->Unit(benchmark::kMillisecond);

}  // namespace
