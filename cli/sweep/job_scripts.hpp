// The batch scripts of a sweep on a cluster, as text.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/sweep/cluster_site.hpp"

namespace qantar::cli {

/// What lies where. All paths are absolute, for jobs begin anywhere.
struct JobPlaces {
  std::filesystem::path program;  ///< that runs now, and in every job
  std::filesystem::path folder;   ///< of the sweep
  std::filesystem::path result;

  /// Throws InputError when a path cannot be written into a batch script.
  JobPlaces(const std::filesystem::path& folder_of_sweep, const ClusterSite& site);

  std::filesystem::path slurm() const { return folder / "slurm"; }
  std::filesystem::path logs() const { return slurm() / "logs"; }
  std::filesystem::path site() const { return slurm() / "site.toml"; }
  std::filesystem::path jobs() const { return slurm() / "jobs.json"; }
  std::filesystem::path shard_script() const { return slurm() / "shard.sh"; }
  std::filesystem::path follow_script() const { return slurm() / "follow.sh"; }
};

/// Runs one shard of `shards`, by its number in the array.
std::string shard_script(const ClusterSite& site, const JobPlaces& places, std::int64_t shards);
/// Looks at the files once a round has ended, whose number is its argument; merges, or submits what is missing.
std::string follow_script(const ClusterSite& site, const JobPlaces& places);

/// "0-3,7": numbers in growing order as --array takes them.
std::string array_text(const std::vector<std::int64_t>& numbers);

}  // namespace qantar::cli
