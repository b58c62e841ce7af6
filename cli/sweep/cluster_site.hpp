// A site file: how jobs are asked for on one cluster.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/config/diagnostics.hpp"

namespace qantar::cli {

struct ClusterSite {
  std::string account, partition, qos, time, memory, result;
  double cpus = 1, shards = 16, max_array = 1001, throttle = 0, attempts = 3;
  std::vector<std::string> modules, setup;
  std::int64_t seconds = 0;  ///< what `time` says
};

/// Reads a site file; `shown` is its name in messages. All problems go to `diagnostics`; the result only means
/// something when there is none.
ClusterSite read_cluster_site(const std::string& text, const std::string& shown, sim::Diagnostics& diagnostics);

/// JSON Schema of a site file.
nlohmann::json cluster_site_schema();

/// Seconds of a time as Slurm writes it: minutes, M:S, H:M:S, D-H, D-H:M or D-H:M:S; 0 when it is none.
std::int64_t slurm_seconds(const std::string& text);

}  // namespace qantar::cli
