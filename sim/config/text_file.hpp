// Text files as they come from users.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "sim/config/diagnostics.hpp"

namespace qantar::sim {

/// Whether it is a regular file of at most so many bytes: whatever else has that name, such as a pipe, reading it might
/// never end.
bool can_be_read_to_its_end(const std::filesystem::path& path, std::uintmax_t most_bytes);

/// Reads a text file. Adds a problem and returns nothing when it is missing, a directory, empty, too large, not text,
/// or unreadable.
std::optional<std::string> read_text(const std::filesystem::path& path, const std::string& shown,
                                     Diagnostics& diagnostics);

}  // namespace qantar::sim
