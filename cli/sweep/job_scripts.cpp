#include "cli/sweep/job_scripts.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "cli/options.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;

/// Slurm sends its warning so many seconds before the limit: enough to seal a part, and little of a short limit.
std::int64_t warning(const ClusterSite& site) { return std::min<std::int64_t>(120, site.seconds / 5); }

/// The program stops by itself before the warning, which may come a minute early.
std::int64_t working_time(const ClusterSite& site) { return site.seconds - warning(site) * 3 / 2; }

std::string job_name(const fs::path& folder) {
  std::string name = folder.filename().string();
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-' && c != '.') c = '_';
  return name;
}

std::string directives(const ClusterSite& site, const std::string& name, double cpus, const fs::path& log) {
  std::string out;
  const auto add = [&](std::string_view option, const std::string& value) {
    if (!value.empty()) out += fmt::format("#SBATCH --{}={}\n", option, value);
  };
  add("job-name", name);
  add("account", site.account);
  add("partition", site.partition);
  add("qos", site.qos);
  add("time", site.time);
  add("nodes", "1");
  add("ntasks", "1");
  add("cpus-per-task", fmt::format("{}", cpus));
  add("mem", site.memory);
  add("signal", fmt::format("B:TERM@{}", warning(site)));
  add("output", fmt::format("\"{}\"", log.string()));
  return out + "#SBATCH --open-mode=append\n#SBATCH --no-requeue\n";
}

std::string preparation(const ClusterSite& site) {
  std::string out = "set -e\n";
  if (!site.modules.empty()) out += fmt::format("module load {}\n", fmt::join(site.modules, " "));
  for (const auto& line : site.setup) out += line + "\n";
  return out;
}

/// Only a login shell is sure to know modules.
std::string interpreter(const ClusterSite& site) { return site.modules.empty() ? "#!/bin/bash\n" : "#!/bin/bash -l\n"; }

}  // namespace

JobPlaces::JobPlaces(const fs::path& folder_of_sweep, const ClusterSite& site) {
  std::error_code error;
  program = fs::read_symlink("/proc/self/exe", error);
  if (error) throw sim::InputError("/proc/self/exe: the path of this program cannot be found: " + error.message());
  // Links stay: what they stand for may have another name on another machine.
  folder = fs::absolute(folder_of_sweep).lexically_normal();
  if (folder.filename().empty()) folder = folder.parent_path();
  result = (folder / (site.result.empty() ? "result.h5" : site.result)).lexically_normal();
  for (const auto& path : {program, folder, result})
    for (const unsigned char c : path.string())
      if (c < ' ' || std::string_view("%\\\"'#").find(static_cast<char>(c)) != std::string_view::npos)
        throw sim::InputError(
            fmt::format("{}: Slurm cannot be given a path with {}. Rename it", path.string(),
                        c < ' ' ? std::string("a line break or the like") : std::string(1, static_cast<char>(c))));
}

std::string shard_script(const ClusterSite& site, const JobPlaces& places, std::int64_t shards) {
  const std::string program = quoted({places.program.string()}), folder = quoted({places.folder.string()});
  return interpreter(site) +
         fmt::format(
             "# One shard of {} of a sweep. Made by qantar sweep submit; changes are lost when it is called again.\n",
             shards) +
         directives(site, "qantar-" + job_name(places.folder), site.cpus, places.logs() / "%A_%a.log") +
         preparation(site) +
         fmt::format(
             "echo \"shard $SLURM_ARRAY_TASK_ID/{} on ${{SLURMD_NODENAME:-$HOSTNAME}}, $SLURM_CPUS_PER_TASK threads, "
             "$(date)\" >&2\n",
             shards) +
         "# In place of this shell, so that the signals of Slurm reach the program.\n" +
         fmt::format(
             "exec {} sweep run {} \\\n"
             "  --shard \"$SLURM_ARRAY_TASK_ID/{}\" --threads \"$SLURM_CPUS_PER_TASK\" \\\n"
             "  --time-limit \"$(({} - SECONDS))s\"\n",
             program, folder, shards, working_time(site));
}

std::string follow_script(const ClusterSite& site, const JobPlaces& places) {
  return interpreter(site) +
         "# Merges a sweep, or submits what is missing. Made by qantar sweep submit; changes are lost when it is "
         "called\n"
         "# again.\n" +
         directives(site, "qantar-" + job_name(places.folder) + "-follow", 1, places.logs() / "%j-follow.log") +
         preparation(site) +
         fmt::format(
             "echo \"after round ${{1:-1}}, on ${{SLURMD_NODENAME:-$HOSTNAME}}, $(date)\" >&2\n"
             "exec {} sweep submit {} --round \"${{1:-1}}\"\n",
             quoted({places.program.string()}), quoted({places.folder.string()}));
}

std::string array_text(const std::vector<std::int64_t>& numbers) {
  std::string out;
  for (auto at = numbers.begin(); at != numbers.end();) {
    auto last = at;
    while (last + 1 != numbers.end() && *(last + 1) == *last + 1) ++last;
    out += fmt::format("{}{}{}", out.empty() ? "" : ",", *at, last == at ? "" : fmt::format("-{}", *last));
    at = last + 1;
  }
  return out;
}

}  // namespace qantar::cli
