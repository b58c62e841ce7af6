#include "cli/report/data.hpp"

#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "agents/parameters.hpp"

namespace qantar::cli {
namespace {

using Json = nlohmann::json;

}  // namespace

Json short_number(double x, int digits) {
  if (!std::isfinite(x)) return {};
  const double rounded = std::strtod(fmt::format("{:.{}g}", x, digits).c_str(), nullptr);
  if (rounded == std::floor(rounded) && std::fabs(rounded) < 1e15) return static_cast<std::int64_t>(rounded);
  return rounded;
}

Json short_numbers(std::span<const double> all, int digits) {
  Json out = Json::array();
  for (const double x : all) out.push_back(short_number(x, digits));
  return out;
}

Json described_parameter(const std::string& name) {
  Json out{{"name", name}, {"unit", ""}, {"text", ""}};
  for (const auto& row : agents::parameter_rows())
    if (name == "parameters." + std::string(row.name)) {
      out["unit"] = row.unit;
      out["text"] = row.text;
    }
  return out;
}

Json json_of(const sim::Clock& clock) {
  const auto& epoch = clock.epoch();
  return {{"epoch_seconds", epoch.seconds}, {"offset_minutes", epoch.offset_minutes},
          {"start", clock.start()},         {"end", clock.end()},
          {"step", clock.step_hours()},     {"steps", clock.steps()}};
}

Json json_of(const sim::RunDescription& run) {
  // A seed may need all 64 bits, which a number of a script does not have.
  Json out{{"case", run.case_name},
           {"title", run.case_title},
           {"seed", std::to_string(run.seed)},
           {"trials_per_account", run.trials_per_hypothesis},
           {"command", run.command_line},
           {"changes", run.overrides},
           {"evidence_sha256", run.evidence_sha256}};
  if (run.sweep.experiment.empty()) return out;
  std::int64_t missing = 0;
  for (const auto& range : run.sweep.missing) missing += range.last - range.first;
  out["sweep"] = {{"planned", run.sweep.trials}, {"missing", missing}};
  return out;
}

Json part_of_printed(const std::string& path, const std::string& text) {
  const auto fail = [&](const std::string& why) {
    sim::Diagnostics diagnostics;
    diagnostics.add({path}, "", why);
    throw sim::InputError(diagnostics);
  };
  const Json printed = Json::parse(text, nullptr, false);
  if (!printed.is_object()) fail("is no JSON object; give what whatif or sensitivity printed with --json");
  Json part = printed;
  if (printed.contains("do") && printed.contains("all") && printed.contains("hypotheses")) {
    part["kind"] = "whatif";
  } else if (printed.contains("title") && printed.contains("hypotheses") && !printed.contains("verdict")) {
    part["kind"] = "sensitivity";
  } else {
    fail(
        "was not printed by whatif or sensitivity; give the result itself instead of what compare, run or adjudicate "
        "printed");
  }
  part["source"] = path;
  return part;
}

}  // namespace qantar::cli
