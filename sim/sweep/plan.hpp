// The plan of a sweep: one file that holds all that its trials depend on, so that workers anywhere need nothing else.
#pragma once
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "sim/config/diagnostics.hpp"

namespace qantar::sim {

struct SweepPlan {
  std::string program;      ///< that made the plan: another version may give other numbers
  std::string case_name;    ///< name of the folder of the case
  std::string design_name;  ///< file name of the design
  std::string design;       ///< its text
  std::string table;        ///< text of the table of a listed design; empty without one
  std::vector<std::pair<std::string, std::string>> case_files;  ///< name relative to the case, and text

  /// SHA-256 of everything above, in hexadecimal digits: the name of the experiment.
  std::string experiment() const;
};

/// The plan inside a sweep's folder, and where its parts lie.
std::filesystem::path plan_path(const std::filesystem::path& folder);
std::filesystem::path parts_folder(const std::filesystem::path& folder);

/// Makes the folder with the plan, under a temporary name first. A folder that has the same plan is left as it is, and
/// false is returned. Throws OutputError when the folder holds another plan or other files, or cannot be written.
bool write_plan(const std::filesystem::path& folder, const SweepPlan& plan);

/// A plan from its text; `path` heads messages. Throws InputError as read_plan() does.
SweepPlan plan_from(const std::string& text, const std::filesystem::path& path, const std::string& program);
/// Throws InputError when there is no plan or it was changed, and when `program` is not the one that made it.
SweepPlan read_plan(const std::filesystem::path& folder, const std::string& program);

}  // namespace qantar::sim
