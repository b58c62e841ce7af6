// What a result costs: ten thousand trials of January 2022, simulated once in a while and written as `qantar run`
// writes them, next to what simulating them costs.
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "agents/case.hpp"
#include "agents/case_folder.hpp"
#include "sim/results/result_file.hpp"

namespace {

using namespace qantar;
using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void output(benchmark::State& state) {
  sim::Diagnostics problems;
  const std::string folder = QANTAR_SOURCE_DIR "/configs/january_2022";
  const auto january = agents::build_case(folder, agents::read_case_files(folder, problems), {}, problems);
  if (!problems.empty()) throw std::runtime_error(problems.text());
  const auto& hypothesis = january.hypotheses.front();

  constexpr int different = 200;
  std::vector<sim::TrialResult> records;
  const auto start = Clock::now();
  for (std::uint32_t r = 0; r < different; ++r) records.push_back(hypothesis.model->run({1, 0, r}));
  const double simulating = since(start) / different;

  sim::RunDescription run;
  run.case_name = january.name;
  run.hypotheses = {{hypothesis.name, hypothesis.title}};
  run.trials_per_hypothesis = state.range(0);
  run.keep_series = 20;
  const auto file =
      std::filesystem::temp_directory_path() / ("qantar_output_bench_" + std::to_string(getpid()) + ".h5");
  double writing = 0, bytes = 0;
  for (auto _ : state) {
    sim::ResultWriter writer(file, hypothesis.model->layout(), hypothesis.model->clock(), run, true);
    writing = 0;
    for (std::int64_t trial = 0; trial < state.range(0); ++trial) {
      auto& record = records[static_cast<std::size_t>(trial % different)];
      record.trial = trial;
      const auto before = Clock::now();
      writer.append(record);
      writing += since(before);
    }
    const auto before = Clock::now();
    writer.finish();
    writing += since(before);
    state.SetIterationTime(writing);
    bytes = static_cast<double>(std::filesystem::file_size(file));
    std::filesystem::remove(file);
  }
  const double trials = static_cast<double>(state.range(0));
  state.counters["ms_a_trial"] = 1e3 * writing / trials;
  state.counters["share_of_a_run"] = writing / (writing + trials * simulating);
  state.counters["bytes_a_trial"] = bytes / trials;
}

BENCHMARK(output)->Arg(1000)->Arg(10'000)->UseManualTime()->Unit(benchmark::kSecond);

}  // namespace
