// A step takes no memory unless something happens in it. Every malloc of this program is counted, whoever calls it.
#include <cstddef>
#include <tuple>

#include <gtest/gtest.h>

#include "agents/case.hpp"
#include "agents/case_folder.hpp"
#include "agents/step.hpp"
#include "sim/draws.hpp"

extern "C" void* __libc_malloc(std::size_t bytes);  // of the C library, behind the malloc below

namespace {
long allocations = 0;
}

extern "C" void* malloc(std::size_t bytes) {
  ++allocations;
  return __libc_malloc(bytes);
}

namespace {

using namespace qantar;

TEST(StepMemory, nothing_is_allocated_in_a_step_without_an_event) {
  sim::Diagnostics problems;
  const std::string folder = QANTAR_SOURCE_DIR "/configs/january_2022";
  const auto january = agents::build_case(folder, agents::read_case_files(folder, problems), {}, problems);
  ASSERT_TRUE(problems.empty()) << problems.text();
  int quiet = 0, eventful = 0;
  long for_events = 0;
  for (const auto& hypothesis : january.hypotheses) {
    const sim::Draws draws({1, 0, 0});
    auto world = agents::make_world(*hypothesis.scenario, draws);
    for (int step = 0; step < hypothesis.scenario->clock.steps(); ++step) {
      const auto happened = [&] { return std::tuple(world.log.size(), world.orders.size(), world.reports.size()); };
      const auto before = happened();
      allocations = 0;
      agents::step(world, draws, step);
      const long taken = allocations;
      if (happened() != before) {
        ++eventful;
        for_events += taken;
        continue;
      }
      ++quiet;
      EXPECT_EQ(taken, 0) << hypothesis.name << ", step " << step;
    }
  }
  EXPECT_GT(quiet, 1000);       // else the test says little
  EXPECT_GT(for_events, 1000);  // else nothing is counted
}

}  // namespace
