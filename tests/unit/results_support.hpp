// A small made-up model whose result has one of everything that a file can hold.
#pragma once
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "sim/results/result_file.hpp"

namespace qantar::sim::testing {

namespace fs = std::filesystem;
inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "qantar_results_XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path operator/(const std::string& name) const { return path_ / name; }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

inline Clock small_clock() {
  return {Instant::of(2022, 1, 1, 0, 0, 0, 360), Instant::of(2022, 1, 2, 0, 0, 0, 360),
          Instant::of(2022, 1, 2, 6, 0, 0, 360), 1.0};
}

inline ResultLayout small_layout() {
  ResultLayout l;
  l.axes = {{"place", {"Almaty", "Жаңаөзен", "Astana"}, {}, "1", "place"},
            {"threshold", {}, {0.5, 1.5}, "h", "delay threshold"}};
  l.outcomes = {{"deaths", "person", "people killed", ValueKind::count, {"place"}, {}},
                {"dismissal", "", "government dismissed", ValueKind::time, {}, {}},
                {"share", "1", "share of units that obeyed", ValueKind::real, {"place", "threshold"}, {}},
                {"fell", "1", "a site fell", ValueKind::flag, {}, {}},
                {"ending", "1", "how it ended", ValueKind::code, {}, {"settled down", "crushed", "overthrown"}}};
  l.parameters = {{"morale", "1", "morale of units", ValueKind::real, {}, {}},
                  {"delay", "h", "delay of orders", ValueKind::real, {}, {}}};
  l.series = {{"crowd", "person", "people in the street", ValueKind::count, {"place"}, {}},
              {"legitimacy", "1", "legitimacy", ValueKind::real, {}, {}}};
  l.event_kinds = {"order given", "site fell"};
  l.event_refs = {"place"};
  return l;
}

inline RunDescription small_run(std::int64_t per_hypothesis = 10) {
  RunDescription r;
  r.case_name = "toy";
  r.case_title = "A toy crisis";
  r.hypotheses = {{"orders", "Police left on orders"}, {"overrun", "They were overrun"}};
  r.trials_per_hypothesis = per_hypothesis;
  r.seed = 0xfedcba9876543210ULL;
  r.configuration = "[clock]\nstep = \"1 h\"\n" + std::string(70000, '#') + "\n";
  r.evidence_sha256 = sha256("evidence");
  r.command_line = "qantar run toy -n 10";
  r.input_files = {{"case.toml", "name = \"toy\"\n"}, {"hypotheses/orders.toml", "title = \"Приказ\"\n"}};
  r.overrides = {"units.morale=0.5"};
  r.threads = 3;
  r.keep_series = 2;
  return r;
}

/// Trial `i`: every third never saw the dismissal, trial 7 failed, trial 8 has fewer steps than the others.
inline TrialResult small_record(std::int64_t i, std::int64_t per_hypothesis = 10) {
  TrialResult r;
  const auto x = static_cast<double>(i);
  r.trial = i;
  r.hypothesis = static_cast<std::int32_t>(i / per_hypothesis);
  r.key = {small_run().seed, 0, static_cast<std::uint32_t>(i % per_hypothesis)};
  r.parameters = {x / 100, 2 + x};
  if (i == 7) {
    r.status = TrialStatus::failed;
    r.stage = "step 3";
    r.message = "legitimacy is not a number: ерунда";
    return r;
  }
  r.outcomes = {x, 2 * x, -0.0, i % 3 ? 24 + x : nan, 0.1, 0.2, 0.3, nan, 0.5, x / 7, double(i % 2), double(i % 3)};
  for (int step = 0; step < 6; ++step)
    for (int k = 0; k < 4; ++k) r.series.push_back(static_cast<float>(100 * step + 10 * k) + static_cast<float>(i));
  if (i == 8) {
    r.series.resize(16);
  }
  r.events = {{24.5, 0, {1, -1, -1}, 3.5, {}}, {26, 1, {2, -1, -1}, x, {0}}, {27, 1, {-1, -1, -1}, 0, {0, 1}}};
  return r;
}

inline std::string write_small(const fs::path& to, bool replace = false, std::int64_t per_hypothesis = 10) {
  ResultWriter w(to, small_layout(), small_clock(), small_run(per_hypothesis), replace);
  for (std::int64_t i = 0; i < 2 * per_hypothesis; ++i) w.append(small_record(i, per_hypothesis));
  return w.finish();
}

inline std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void set_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace qantar::sim::testing
