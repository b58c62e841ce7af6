// The texts of a case, from its folder.
#pragma once
#include <filesystem>

#include "agents/case.hpp"
#include "sim/config/diagnostics.hpp"

namespace qantar::agents {

/// Reads the texts of a case folder. `diagnostics` gets what cannot be read.
CaseFiles read_case_files(const std::filesystem::path& folder, sim::Diagnostics& diagnostics);

}  // namespace qantar::agents
