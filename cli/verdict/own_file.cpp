#include "cli/verdict/own_file.hpp"

#include <string>
#include <system_error>

#include <fmt/format.h>

#include "sim/results/provenance.hpp"
#include "sim/results/replacement.hpp"
#include "sim/results/seal.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;
namespace h5 = sim::h5;

void write_file(const fs::path& target, bool replace, bool sealed, const FillFile& fill) {
  fs::path temporary;
  std::string problem;
  h5::Handle file;
  bool moved = false;
  try {
    temporary = sim::make_temporary(target);
    file = h5::create_file(temporary);
    fill(file);
    if (sealed) sim::write_manifest(file, {});
    const std::uint64_t seal = sealed ? sim::seal_offset(file) : 0;
    h5::close_file(file);
    if (sealed) sim::seal_file(temporary, seal);
    moved = sim::move_into_place(temporary, target, replace);
    sim::sync_folder(sim::folder_of(target));
  } catch (const h5::Error& error) {
    problem = error.what();
  } catch (const std::system_error& error) {
    problem = error.what();
  }
  if (moved && problem.empty()) return;
  if (!file.empty()) h5::abandon_file(file, [] {});
  std::error_code ignored;
  fs::remove(temporary, ignored);
  if (problem.empty()) sim::check_target(target, replace);
  throw sim::OutputError(
      fmt::format("{}: cannot be written: {}. Free space or choose another folder with -o", target.string(), problem));
}

}  // namespace

void write_sealed_file(const fs::path& target, bool replace, const FillFile& fill) {
  sim::remove_orphans(target);
  write_file(target, replace, true, fill);
}

void write_work_file(const fs::path& target, const FillFile& fill) { write_file(target, true, false, fill); }

void write_head(hid_t root, const std::string& kind, const FileHead& head) {
  h5::put(root, "kind", kind);
  h5::put(root, "title", head.run.case_title);
  h5::put(root, "source", sim::program_name());
  h5::put_int(root, "schema_version", sim::result_schema_version);
  h5::put(root, "content_digest", head.digest);
  h5::write_texts(root, "summary", {head.summary.dump(2)});
  sim::write_provenance(h5::create_group(root, "provenance"), head.run, sim::time_now());
  h5::put_int(root, "complete", 1);
}

FileHead read_head(const sim::FinishedFile& file, const std::function<void(hid_t, const FileHead&)>& read) {
  const auto fail = [&](const std::string& why) { throw sim::ResultError(file.path.string() + ": " + why); };
  FileHead head;
  try {
    if (!h5::has_attribute(file.handle, "complete")) fail("is incomplete; make it again");
    head.run = sim::read_run(h5::open_group(file.handle, "provenance"));
    head.digest = h5::text(file.handle, "content_digest");
    head.summary = nlohmann::json::parse(h5::read_texts(file.handle, "summary").at(0));
    read(file.handle, head);
  } catch (const h5::Error& error) {
    fail(std::string("is damaged: ") + error.what());
  } catch (const nlohmann::json::exception& error) {
    fail(std::string("is damaged: ") + error.what());
  }
  return head;
}

}  // namespace qantar::cli
