// The citizens of one place in the middle of a crisis: the plain rule for x86-64-v3 against the shipped code on every
// instruction set of the machine. Every step begins with the same crowd.
#include <random>

#include <benchmark/benchmark.h>
#include <hwy/highway.h>

#include "agents/random_draws.hpp"
#include "tests/bench/plain_citizens.hpp"

namespace {

using namespace qantar::agents;

struct Crowd {
  Citizens citizens;
  PlaceState place;
  CrowdTerms terms;

  explicit Crowd(std::uint32_t agents) {
    std::mt19937 random(1);
    std::uniform_real_distribution<float> share(0, 1);
    place.last = agents;
    for (std::uint32_t i = 0; i < agents; ++i) {
      const float s = share(random);
      citizens.status.push_back(s < 0.5f    ? Status::unaware
                                : s < 0.75f ? Status::ready
                                : s < 0.9f  ? Status::peaceful
                                : s < 0.92f ? Status::violent
                                            : Status::tired);
      ++place.count[static_cast<std::size_t>(citizens.status.back())];
      citizens.hardship.push_back(share(random));
      citizens.risk_aversion.push_back(share(random));
      citizens.threshold.push_back(0.3f * share(random));
    }
    // Per step of an hour, rounded from the priors of January 2022 for a place in turmoil.
    terms = {.grievance = 0.5f,
             .shock = 0.2f,
             .fear = 0.3f,
             .pull_place = 0.3f,
             .pull_circle = 0.5f,
             .cost = 0.1f,
             .inverse_noise = 8.0f,
             .aware_place = 0.02f,
             .aware_circle = 0.05f,
             .stand_down = 0.01f,
             .tire = 0.01f,
             .turn_violent = 0.005f,
             .calm = 0.03f,
             .reconsider = 0.1f};
  }
};

template <class Choose>
void steps(benchmark::State& state, Choose choose) {
  const auto agents = static_cast<std::uint32_t>(state.range(0)) / group_size * group_size;
  Crowd crowd(agents);
  const auto status = crowd.citizens.status;
  const auto count = crowd.place.count;
  std::uint32_t step = 0;
  for (auto _ : state) {
    const qantar::sim::Draws draws({1, 0, step});
    choose(crowd, draws, step++);
    state.PauseTiming();
    crowd.citizens.status = status;
    crowd.place.count = count;
    state.ResumeTiming();
  }
  state.counters["ns_per_citizen_step"] = benchmark::Counter(
      static_cast<double>(agents) * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void plain(benchmark::State& state) {
  steps(state, [](Crowd& c, const qantar::sim::Draws& draws, std::uint32_t step) {
    qantar::bench::plain_citizens_choose(c.citizens, c.place, c.terms, {draws, step});
  });
}

void shipped(benchmark::State& state, std::int64_t target) {
  hwy::GetChosenTarget().Update(target);
  steps(state, [](Crowd& c, const qantar::sim::Draws& draws, std::uint32_t step) {
    citizens_of_place_choose(c.citizens, c.place, c.terms, Activation::sequential, {draws, step});
  });
  hwy::GetChosenTarget().DeInit();
}

const bool registered = [] {
  const auto sizes = [](auto* bench) { bench->RangeMultiplier(10)->Range(1000, 10'000'000); };
  sizes(benchmark::RegisterBenchmark("citizens/plain", plain));
  for (const auto target : hwy::SupportedAndGeneratedTargets())
    sizes(benchmark::RegisterBenchmark((std::string("citizens/") + hwy::TargetName(target)).c_str(), shipped, target));
  return true;
}();

}  // namespace
