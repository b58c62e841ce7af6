// Files of ours that are no table of trials: written beside their target and renamed, so that none is ever half made.
#pragma once
#include <filesystem>
#include <functional>

#include "sim/results/hdf5.hpp"

namespace qantar::cli {

/// Writes the root group of a file.
using FillFile = std::function<void(hid_t root)>;

/// A finished file, sealed, so that it shows damage. Nothing stays when that fails: throws sim::OutputError with a
/// remedy.
void write_sealed_file(const std::filesystem::path& target, bool replace, const FillFile& fill);
/// What a command keeps until its end, in place of what it kept before. Throws likewise.
void write_work_file(const std::filesystem::path& target, const FillFile& fill);

}  // namespace qantar::cli
