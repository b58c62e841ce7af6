#include "cli/sweep/sweep.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "sim/results/provenance.hpp"

namespace qantar::cli {
namespace {

struct Verb {
  const char* name;
  int (*call)(const Call&);
  const char* text;
};

constexpr Verb verbs[] = {
    {"plan", sweep_plan, "check a design, say what it costs, and make the folder of a sweep"},
    {"run", sweep_run, "run what is missing of a sweep or of one of its shards"},
    {"submit", sweep_submit, "hand what is missing to the queue of a cluster, then merge"},
    {"status", sweep_status, "say what is done, failed and missing, from the files alone"},
    {"merge", sweep_merge, "put all parts into one result"},
};

void print_verbs(std::ostream& out) {
  out << "usage: qantar sweep VERB ...\n\n"
         "Trials over a design of parameters, cut into shards that run anywhere, end at any time and go on later.\n\n"
         "Verbs:\n";
  for (const auto& verb : verbs) out << fmt::format("  {:<9}{}\n", verb.name, verb.text);
  out << "\nExample:\n"
         "  qantar sweep plan configs/january_2022/sweeps/almaty.toml --dir almaty\n"
         "  qantar sweep run almaty --shard 0/4    # and 1/4, 2/4, 3/4, anywhere, in any order\n"
         "  qantar sweep merge almaty -o almaty.h5\n"
         "  qantar sensitivity almaty.h5\n";
}

}  // namespace

Sweep::Sweep(const std::string& path, const Call& call)
    : folder(path), swept(sim::read_plan(path, sim::program_name()), sim::plan_path(path).string()) {
  context.folder = sim::parts_folder(folder);
  context.layout = swept.layout();
  context.clock = swept.clock();
  context.run = swept.describe_part(call.line);
  context.trial = [this](std::int64_t trial) { return swept.run(trial); };
}

int sweep(const Call& call) {
  if (call.arguments.empty()) {
    print_verbs(call.err);
    return bad_command_line;
  }
  const std::string& name = call.arguments.front();
  if (name == "--help" || name == "-h") {
    print_verbs(call.out);
    return success;
  }
  std::vector<std::string> names;
  for (const auto& verb : verbs) {
    if (verb.name == name)
      return verb.call({{call.arguments.begin() + 1, call.arguments.end()}, call.line, call.out, call.err});
    names.emplace_back(verb.name);
  }
  throw UsageError(
      fmt::format("unknown verb \"{}\"{}; verbs: {}", name, sim::nearest_hint(name, names), sim::joined(names)));
}

std::vector<Described> sweep_verbs() {
  std::vector<Described> out;
  for (const auto& verb : verbs) out.push_back({std::string("sweep ") + verb.name, verb.text, form_of(verb.call)});
  return out;
}

double seconds_of(const std::string& option, const std::string& text) {
  double seconds = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    double n = 0;
    const auto [rest, error] = std::from_chars(at, end, n);
    const std::string units = "smhd";
    const double worth[] = {1, 60, 3600, 86400};
    const auto unit = rest == end ? std::string::npos : units.find(*rest);
    if (error != std::errc() || unit == std::string::npos || !(n >= 0)) {
      seconds = 0;
      break;
    }
    seconds += n * worth[unit];
    at = rest + 1;
  }
  if (!(seconds > 0) || !std::isfinite(seconds))
    throw UsageError(fmt::format("--{}: \"{}\" is no duration; write for example 55m, 1h30m or 90s", option, text));
  return seconds;
}

std::string duration_text(double seconds) {
  if (seconds < 10) return fmt::format("{:.2g} s", seconds);
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 172800) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} days", seconds / 86400);
}

std::string bytes_text(double bytes) {
  const char* units[] = {"bytes", "KB", "MB", "GB", "TB"};
  std::size_t u = 0;
  while (bytes >= 1000 && u < 4) {
    bytes /= 1000;
    ++u;
  }
  return fmt::format("{:.3g} {}", bytes, units[u]);
}

}  // namespace qantar::cli
