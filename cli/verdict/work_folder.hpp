// Where a long command keeps what it has done until its end: a folder that it shares with its shards and with nobody
// else.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/inference/account.hpp"
#include "cli/options.hpp"

namespace qantar::cli {

inline constexpr double seconds_between_saves = 20;  ///< of what is done

/// The accounts of a shard.
std::vector<analysis::Account> every_nth(const std::vector<analysis::Account>& accounts, const Shard& shard);
/// The call of `command` that comes when all shards are done, as one would type it.
std::string without_shard(const Call& call, const std::string& command);

class WorkFolder {
 public:
  /// Makes it, or takes up one that an earlier call of `command` or another shard has made, which a mark in it tells.
  /// Throws sim::OutputError when it cannot be made, and for a link, a file, and a folder with something in it that
  /// lacks the mark: these are not ours.
  WorkFolder(std::filesystem::path path, const std::string& command);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path file_of(const std::string& account) const { return path_ / (account + ".h5"); }

  /// Removes the files of these accounts, what was left of them by a kill, and the folder. Whatever else somebody has
  /// put there stays, and then the folder too; false in that case.
  bool remove(const std::vector<std::string>& accounts) const;

 private:
  std::filesystem::path path_;
  std::string mark_;
};

}  // namespace qantar::cli
