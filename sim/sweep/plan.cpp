#include "sim/sweep/plan.hpp"

#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/config/diagnostics.hpp"
#include "sim/config/text_file.hpp"
#include "sim/results/digest.hpp"
#include "sim/results/provenance.hpp"
#include "sim/results/replacement.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::sim {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr int plan_format = 1;
/// A case has at most some files of 4 MB, and so does a design.
constexpr std::uintmax_t most_plan_bytes = 64u << 20;

Json json_of(const SweepPlan& plan) {
  return {{"format", plan_format},      {"experiment", plan.experiment()}, {"program", plan.program},
          {"case", plan.case_name},     {"design_name", plan.design_name}, {"design", plan.design},
          {"design_table", plan.table}, {"case_files", plan.case_files}};
}

[[noreturn]] void refuse(const fs::path& path, const std::string& problem, const std::string& remedy) {
  throw InputError(fmt::format("{}: {}. {}", path.string(), problem, remedy));
}

}  // namespace

std::string SweepPlan::experiment() const {
  Sha256 sum;
  for (const auto* text : {&program, &case_name, &design_name, &design, &table}) sum.add_text(*text);
  for (const auto& [name, text] : case_files) {
    sum.add_text(name);
    sum.add_text(text);
  }
  return sum.hex();
}

fs::path plan_path(const fs::path& folder) { return folder / "plan.json"; }
fs::path parts_folder(const fs::path& folder) { return folder / "parts"; }

bool write_plan(const fs::path& folder, const SweepPlan& plan) {
  const fs::path target = plan_path(folder);
  std::error_code error;
  if (fs::exists(target, error)) {
    const std::string before = read_plan(folder, plan.program).experiment();
    if (before == plan.experiment()) return false;
    throw OutputError(
        fmt::format("{}: the folder holds experiment {}, and this design is experiment {}. Choose another "
                    "folder with --dir",
                    folder.string(), before, plan.experiment()));
  }
  if (fs::exists(folder, error) && !fs::is_empty(folder, error))
    throw OutputError(folder.string() + ": is not empty and holds no plan. Choose a new folder with --dir");
  fs::create_directories(parts_folder(folder), error);
  if (error) throw OutputError(fmt::format("{}: cannot be made: {}", parts_folder(folder).string(), error.message()));
  write_text_file(target, true, [&](std::ostream& out) { out << json_of(plan).dump(1) << "\n"; });
  return true;
}

SweepPlan read_plan(const fs::path& folder, const std::string& program) {
  const fs::path path = plan_path(folder);
  std::error_code error;
  const bool is_there = fs::exists(path, error);
  if (is_there && !can_be_read_to_its_end(path, most_plan_bytes))
    refuse(path, fmt::format("is not a regular file of at most {} MB", most_plan_bytes >> 20),
           "Plan anew in another folder");
  if (!is_there)
    refuse(path, "no plan of a sweep is here", "Make one: qantar sweep plan DESIGN.toml --dir " + folder.string());
  std::ifstream in(path, std::ios::binary);
  if (!in) refuse(path, "cannot be read", "Check its permissions");
  return plan_from({std::istreambuf_iterator<char>(in), {}}, path, program);
}

SweepPlan plan_from(const std::string& text, const fs::path& path, const std::string& program) {
  SweepPlan plan;
  std::string experiment;
  try {
    const Json json = Json::parse(text);
    if (json.at("format") != plan_format)
      refuse(path,
             fmt::format("format {} is not {}, the one that this program reads", json.at("format").dump(), plan_format),
             "Use the program that made the plan, or plan anew");
    experiment = json.at("experiment").get<std::string>();
    plan.program = json.at("program").get<std::string>();
    plan.case_name = json.at("case").get<std::string>();
    plan.design_name = json.at("design_name").get<std::string>();
    plan.design = json.at("design").get<std::string>();
    plan.table = json.at("design_table").get<std::string>();
    plan.case_files = json.at("case_files").get<std::vector<std::pair<std::string, std::string>>>();
  } catch (const Json::exception&) {
    refuse(path, "is no plan of a sweep, or damaged", "Plan anew in another folder");
  }
  if (plan.experiment() != experiment)
    refuse(path,
           fmt::format("says experiment {}, but its contents are experiment {}: it was changed", experiment,
                       plan.experiment()),
           "Plan anew in another folder");
  if (plan.program != program)
    refuse(path, fmt::format("was made by {}, and this is {}, which may give other numbers", plan.program, program),
           "Use the same program for the whole sweep, or plan anew in another folder");
  return plan;
}

}  // namespace qantar::sim
