// Text files as they come from users.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "sim/config/diagnostics.hpp"

namespace qantar::sim {

/// Reads a text file. Adds a problem and returns nothing when it is missing, a directory, empty, too large, not text,
/// or unreadable.
std::optional<std::string> read_text(const std::filesystem::path& path, const std::string& shown,
                                     Diagnostics& diagnostics);

}  // namespace qantar::sim
