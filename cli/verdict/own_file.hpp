// Files of ours that are no table of trials: written beside their target and renamed, so that none is ever half made.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "sim/results/hdf5.hpp"
#include "sim/results/opened.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::cli {

/// Writes the root group of a file.
using FillFile = std::function<void(hid_t root)>;

/// A finished file, sealed, so that it shows damage. Nothing stays when that fails: throws sim::OutputError with a
/// remedy.
void write_sealed_file(const std::filesystem::path& target, bool replace, const FillFile& fill);
/// What a command keeps until its end, in place of what it kept before. Throws likewise.
void write_work_file(const std::filesystem::path& target, const FillFile& fill);

/// What every such file begins with: how it was made, what it found (as `--json` prints it), and the digest of that and
/// of the numbers that it rests on.
struct FileHead {
  sim::RunDescription run;
  nlohmann::json summary;
  std::string digest;
};
void write_head(hid_t root, const std::string& kind, const FileHead& head);
/// The head of a file that was finished, and what `read` takes from its root. Throws sim::ResultError for one that is
/// incomplete or damaged.
FileHead read_head(const sim::FinishedFile& file, const std::function<void(hid_t root, const FileHead& head)>& read);

}  // namespace qantar::cli
