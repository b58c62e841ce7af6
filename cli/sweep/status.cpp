#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/sweep/sweep.hpp"
#include "cli/text/table.hpp"
#include "sim/conversions.hpp"

namespace qantar::cli {
namespace {

constexpr double recent_seconds = 600;
constexpr std::size_t most_named = 5;

/// Seconds since 1970 of "2022-01-05T09:10:00Z".
double seconds_at(const std::string& utc) {
  std::tm time{};
  if (!strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &time)) return 0;
  return sim::real(timegm(&time));
}

struct State {
  std::int64_t trials = 0, done = 0, failed = 0;
  std::vector<sim::TrialRange> missing;
  std::size_t parts = 0;
  std::vector<std::string> failures, damaged, foreign;
  std::size_t temporary = 0;
  double rate = 0;  ///< trials a second, of the parts sealed in the last ten minutes; 0 without any
};

State state_of(const Sweep& sweep) {
  State state;
  const std::string& experiment = sweep.context.run.sweep.experiment;
  const sim::Ledger ledger = sim::read_ledger(sweep.context.folder, experiment);
  state.trials = sweep.swept.trials();
  state.parts = ledger.parts.size();
  state.temporary = ledger.temporary.size();
  for (const auto& path : ledger.foreign) state.foreign.push_back(path.filename().string());
  std::vector<sim::Part> readable;
  std::map<std::filesystem::path, sim::PartNotes> said;
  double recent = 0, since = 0;
  const double now = sim::real(std::time(nullptr));
  for (const auto& part : ledger.parts) try {
      const sim::PartNotes& notes = said[part.path] = sim::read_notes(part);
      readable.push_back(part);
      const double began = seconds_at(notes.started);
      if (seconds_at(notes.ended) < now - recent_seconds) continue;
      recent += sim::real(part.trials.last - part.trials.first);
      since = since == 0 ? began : std::min(since, began);
    } catch (const sim::ResultError& e) {
      // A worker that compacts its shard meanwhile removes parts, and leaves one that has their trials.
      if (!std::filesystem::exists(part.path)) return state_of(sweep);
      state.damaged.emplace_back(e.what());
    }
  if (recent > 0) state.rate = recent / std::max(1.0, now - std::max(since, now - recent_seconds));
  const sim::TrialRange all{0, state.trials};
  state.missing = sim::missing(readable, all);
  state.done = state.trials;
  for (const auto& gap : state.missing) state.done -= gap.last - gap.first;
  for (const auto& piece : sim::cover(readable, all)) {
    // Counts of a part that others overlap are those of the whole part.
    const sim::PartNotes& notes = said.at(piece.part.path);
    state.failed += notes.by_status[1];
    for (const auto& failure : notes.failures)
      if (state.failures.size() < most_named) state.failures.push_back(failure);
  }
  return state;
}

}  // namespace

int sweep_status(const Call& call) {
  Form form{"qantar sweep status DIR [--json]",
            "Says what is done, failed and missing of a sweep, how fast it goes and how long it will take, from the\n"
            "files alone: nobody has to be at work, and nothing is changed.",
            "qantar sweep status almaty",
            {"DIR"}};
  form.options.add_options()("json", "one JSON object instead of a text");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const Sweep sweep(list_of(*given, "DIR").front(), call);
  const State s = state_of(sweep);
  const std::int64_t left = s.trials - s.done;
  if (given->count("json")) {
    auto gaps = nlohmann::json::array();
    for (const auto& gap : s.missing) gaps.push_back({gap.first, gap.last - 1});
    nlohmann::json json{{"experiment", sweep.context.run.sweep.experiment},
                        {"trials", s.trials},
                        {"done", s.done},
                        {"failed", s.failed},
                        {"missing", left},
                        {"missing_ranges", gaps},
                        {"parts", s.parts},
                        {"being_written", s.temporary},
                        {"damaged", s.damaged},
                        {"foreign", s.foreign},
                        {"failures", s.failures},
                        {"trials_per_second", s.rate}};
    json["seconds_left"] = s.rate > 0 ? nlohmann::json(sim::real(left) / s.rate) : nlohmann::json();
    call.out << json.dump(2) << "\n";
    return success;
  }
  call.out << fmt::format("{}\n", sweep.swept.experiment().title)
           << fmt::format("done      {} of {} ({} %), {} failed\n", s.done, counted(s.trials, "trial"),
                          s.trials ? 100 * s.done / s.trials : 100, s.failed)
           << fmt::format("missing   {}\n", left)
           << fmt::format("parts     {}{}\n", s.parts,
                          s.temporary
                              ? fmt::format(", {} being written or left by a worker that was killed", s.temporary)
                              : "");
  if (left > 0)
    call.out << (s.rate > 0 ? fmt::format("rate      {:.3g} a second in the last ten minutes, {} left\n", s.rate,
                                          duration_text(sim::real(left) / s.rate))
                            : "rate      no part was sealed in the last ten minutes: nobody seems to be at work\n");
  for (const auto& failure : s.failures) call.out << "failed    " << failure << "\n";
  for (const auto& damage : s.damaged) call.out << "damaged   " << damage << "\n";
  for (const auto& name : s.foreign) call.out << "foreign   " << name << "\n";
  return success;
}

}  // namespace qantar::cli
