// Files of ours as they come from strangers: nothing is read of one before its seal was checked over all of its bytes.
#pragma once
#include <filesystem>
#include <string>

#include "sim/results/hdf5.hpp"

namespace qantar::sim {

/// A finished file that was checked.
struct FinishedFile {
  std::filesystem::path path;
  h5::Handle handle;
  std::string kind;  ///< "adjudication"; empty for a table of trials
};

/// Opens a finished file of any kind that this program writes. That costs one reading of it, in a child process, for a
/// damaged file can crash HDF5. A seal shows accidents, not forgery: whoever changes a file can seal it anew. Throws
/// ResultError with the first damage when it is missing, damaged or of a newer schema.
FinishedFile open_finished(const std::filesystem::path& path);

}  // namespace qantar::sim
