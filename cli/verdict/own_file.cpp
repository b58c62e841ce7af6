#include "cli/verdict/own_file.hpp"

#include <string>
#include <system_error>

#include <fmt/format.h>

#include "sim/results/replacement.hpp"
#include "sim/results/result_file.hpp"
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

}  // namespace qantar::cli
