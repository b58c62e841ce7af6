#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/sweep/sweep.hpp"
#include "cli/text/table.hpp"
#include "sim/conversions.hpp"
#include "sim/progress.hpp"

namespace qantar::cli {
namespace {

constexpr int trials_tried = 5;

/// Mean seconds of a few trials spread over the sweep, run one after the other.
double cost_of(const SweptCase& swept) {
  const std::int64_t n = std::min<std::int64_t>(trials_tried, swept.trials());
  const double start = sim::Progress::steady_seconds();
  for (std::int64_t i = 0; i < n; ++i) swept.run(n == 1 ? 0 : i * (swept.trials() - 1) / (n - 1));
  return (sim::Progress::steady_seconds() - start) / sim::real(n);
}

/// Bytes of a row before compression.
double bytes_of(const SweptCase& swept) {
  const sim::ResultLayout& layout = swept.layout();
  return 8.0 * sim::real(layout.width(layout.outcomes) + layout.width(layout.parameters));
}

std::string values_of(const sim::Factor& factor) {
  if (factor.range) return factor.range->text();
  if (factor.values.empty()) return "prior of the case";
  if (factor.values.size() > 6)
    return fmt::format("{} values from {} to {}", factor.values.size(), factor.least(), factor.greatest());
  return fmt::format("{}", fmt::join(factor.values, ", "));
}

nlohmann::json json_of(const SweptCase& swept, const std::string& experiment, double cost) {
  auto factors = nlohmann::json::array();
  for (const auto& f : swept.experiment().factors)
    factors.push_back({{"name", f.name}, {"key", f.key}, {"values", values_of(f)}});
  auto hypotheses = nlohmann::json::array();
  for (const auto& h : swept.hypotheses()) hypotheses.push_back(h.name);
  return {{"experiment", experiment},
          {"points", swept.points().size()},
          {"replicates", swept.experiment().replicates},
          {"hypotheses", hypotheses},
          {"trials", swept.trials()},
          {"factors", factors},
          {"seconds_per_trial", cost},
          {"bytes_per_trial_uncompressed", bytes_of(swept)}};
}

void print(const SweptCase& swept, const std::string& experiment, double cost, std::ostream& out) {
  const sim::Experiment& e = swept.experiment();
  Table factors({"factor", "key", "values"}, "lll");
  for (const auto& f : e.factors) factors.add({f.name, f.key, values_of(f)});
  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  const double total = cost * sim::real(swept.trials());
  const double left_out = sim::real(swept.points().rows() - swept.points().size());
  out << e.title << "\n\n" << factors.text() << "\n";
  out << fmt::format("points      {}{}\n", swept.points().size(),
                     left_out > 0 ? fmt::format(" ({:.0f} rows do not meet the constraints)", left_out) : "");
  out << fmt::format(
      "trials      {} = {} x {} x {}\n", swept.trials(), counted(swept.points().size(), "point"),
      counted(e.replicates, "replicate"),
      swept.hypotheses().size() == 1 ? "1 hypothesis" : fmt::format("{} hypotheses", swept.hypotheses().size()));
  out << fmt::format("cost        {} a trial, as a few took here: {} on one core, {} on {} cores\n",
                     duration_text(cost), duration_text(total), duration_text(total / cores), cores);
  out << fmt::format(
      "size        at most {}, before compression; a part at least every half a minute, in the end one "
      "file for each shard\n",
      bytes_text(bytes_of(swept) * sim::real(swept.trials())));
  out << fmt::format("experiment  {}\n", experiment);
}

}  // namespace

int sweep_plan(const Call& call) {
  Form form{
      "qantar sweep plan DESIGN.toml --dir DIR [--dry-run] [--json]",
      "Checks a design and its case, says how many trials it asks for and what they cost, and writes the plan of\n"
      "the sweep to a folder. The plan holds all that workers need; the case may change afterwards.",
      "qantar sweep plan configs/january_2022/sweeps/almaty.toml --dir almaty",
      {"DESIGN"}};
  form.options.add_options()                                            //
      ("dir", text_value("DIR"), "folder of the sweep, which is made")  //
      ("prior", text_value("FILE"),
       "a result of calibrate: draw what it calibrated and the design does not vary from it")  //
      ("dry-run", "say what the sweep would be, and write nothing")                            //
      ("json", "one JSON object instead of a text");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const bool dry = given->count("dry-run") > 0;
  if (!dry && !given->count("dir")) throw UsageError("say where the sweep goes: --dir DIR, or try it with --dry-run");
  const std::string design = list_of(*given, "DESIGN").front();
  const sim::SweepPlan plan = plan_of(design, given->count("prior") ? text_of(*given, "prior") : "");
  const SweptCase swept(plan, design);
  const double cost = cost_of(swept);
  const std::string experiment = plan.experiment();
  const bool made = !dry && sim::write_plan(text_of(*given, "dir"), plan);
  if (given->count("json")) {
    call.out << json_of(swept, experiment, cost).dump(2) << "\n";
    return success;
  }
  print(swept, experiment, cost, call.out);
  if (dry) return success;
  const std::string dir = quoted({text_of(*given, "dir")});
  call.out << fmt::format(
      "\n{} {}. Next:\n  qantar sweep run {}                # all of it here; or a shard: --shard 0/8\n"
      "  qantar sweep status {}\n  qantar sweep merge {} -o RESULT.h5\n",
      made ? "The plan is in" : "The same plan was already in", dir, dir, dir, dir);
  return success;
}

}  // namespace qantar::cli
