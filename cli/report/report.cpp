#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/report/data.hpp"
#include "cli/report/page.hpp"
#include "cli/sweep/sensitivity.hpp"
#include "sim/config/document.hpp"
#include "sim/config/text_file.hpp"
#include "sim/conversions.hpp"
#include "sim/results/provenance.hpp"
#include "sim/results/replacement.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// A file that a command printed begins with a brace, an HDF5 file never does.
bool is_printed(const fs::path& path) {
  if (!fs::is_regular_file(path)) return false;
  std::ifstream in(path, std::ios::binary);
  char c = 0;
  in >> c;
  return c == '{';
}

std::int64_t trial_of(const std::string& text) {
  std::int64_t trial = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), trial);
  if (error != std::errc() || end != text.data() + text.size() || trial < 0)
    throw UsageError(fmt::format("--trial: \"{}\" is no trial; give its number, from 0", text));
  return trial;
}

/// The parts that one file gives: a merged sweep is a run, and may say what its outcomes depend on.
void add_parts(const std::string& path, const std::vector<std::int64_t>& told, Json& parts,
               std::vector<LeftOut>& left_out) {
  if (is_printed(path)) {
    sim::Diagnostics diagnostics;
    const auto text = sim::read_text(path, path, diagnostics);
    if (!text) throw sim::InputError(diagnostics);
    parts.push_back(part_of_printed(path, *text));
    return;
  }
  sim::FinishedFile file = sim::open_finished(path);
  if (is_adjudication(file)) {
    parts.push_back(part_of_adjudication(path, read_adjudication(file), left_out));
    return;
  }
  if (is_calibration(file)) {
    parts.push_back(part_of_calibration(path, read_calibration(file)));
    return;
  }
  const sim::ResultReader result(std::move(file));
  parts.push_back(part_of_run(path, result, told, left_out));
  if (result.run().sweep.experiment.empty()) return;
  try {
    Json sensitivity = sensitivity_json(path, result);
    sensitivity["kind"] = "sensitivity";
    parts.push_back(std::move(sensitivity));
  } catch (const UsageError& error) {
    left_out.push_back({"sensitivity", error.what()});
  } catch (const sim::ResultError& error) {
    left_out.push_back({"sensitivity", error.what()});
  }
}

/// Sections for which no file was given, and the command that makes one.
void add_missing(const Json& parts, std::vector<LeftOut>& left_out) {
  const auto has = [&](const char* kind) {
    return std::ranges::any_of(parts, [&](const Json& part) { return part.at("kind") == kind; });
  };
  if (!has("run")) left_out.push_back({"outcomes, courses and the map", "qantar run CASE -o FILE.h5"});
  if (!has("adjudication"))
    left_out.push_back(
        {"how probable each account is, and whether the record can tell", "qantar adjudicate CASE -o FILE.h5"});
  if (!has("calibration")) left_out.push_back({"which parameters fit the record", "qantar calibrate CASE -o FILE.h5"});
  if (!has("sensitivity"))
    left_out.push_back(
        {"what the outcomes depend on",
         "qantar sweep plan DESIGN.toml --dir DIR; qantar sweep run DIR; qantar sweep merge DIR -o FILE.h5"});
  if (!has("whatif"))
    left_out.push_back({"what would be otherwise", "qantar whatif FILE.h5 --do NAME --json > FILE.json"});
}

}  // namespace

int report(const Call& call) {
  Form form{
      "qantar report FILE... -o HTML [--trial K]... [--force]",
      "Writes one HTML file that any browser opens without a network: what was run, outcomes, courses, a map,\n"
      "the record, the verdict, parameters that fit it, sensitivity and what-ifs, as far as the files have them. FILE\n"
      "is a result of run, of adjudicate, of calibrate or of sweep merge, or what whatif or sensitivity printed with\n"
      "--json.",
      "qantar report january.h5 verdict.h5 -o january.html",
      {"FILE..."}};
  form.options.add_options()                                   //
      ("output,o", text_value("HTML"), "where the page goes")  //
      ("trial", text_list("K"),
       "a trial of the results of run to map and tell; repeatable. Without it the most\n"
       "typical of the kept ones of each account")  //
      ("force", "replace the file if it exists");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  if (!given->count("output")) throw UsageError("say where the page goes: -o HTML");
  const fs::path target = text_of(*given, "output");
  const bool replace = given->count("force") > 0;
  std::vector<std::int64_t> told;
  for (const auto& text : list_of(*given, "trial")) told.push_back(trial_of(text));
  if (empty_page().empty())
    throw sim::OutputError(
        "this program was built without its page, because npm was missing or could not fetch packages. Install npm "
        "(Debian: apt-get install npm), then build again: cmake --preset release && cmake --build --preset "
        "release");
  sim::check_target(target, replace);

  std::vector<LeftOut> left_out;
  Json parts = Json::array();
  for (const auto& path : list_of(*given, "FILE")) add_parts(path, told, parts, left_out);
  if (!told.empty() && std::ranges::none_of(parts, [](const Json& part) { return part.at("kind") == "run"; }))
    throw UsageError("--trial: none of the files is a result of qantar run");
  add_missing(parts, left_out);
  Json missing = Json::array();
  for (const auto& [what, how] : left_out) missing.push_back({{"what", what}, {"how", how}});
  const Json data{{"made_by", sim::program_name()}, {"parts", parts}, {"left_out", missing}};
  const std::string page = page_with(empty_page(), data);
  sim::write_text_file(target, replace, [&](std::ostream& out) { out << page; });
  call.out << fmt::format("{}  {:.1f} MB; opens in any browser, without a network\n", target.string(),
                          sim::real(page.size()) / 1e6);
  return success;
}

}  // namespace qantar::cli
