#include "cli/sweep/cluster_site.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "sim/config/fields.hpp"

namespace qantar::cli {
namespace {

constexpr double most_tasks = 4'000'000;  // what Slurm can count in one array
constexpr double most_cpus = 4096;        // as for --threads
constexpr double most_attempts = 1000;
constexpr std::size_t most_digits = 9;

const sim::Fields<ClusterSite>& site_fields() {
  using S = ClusterSite;
  static const auto fields =
      sim::Fields<S>{}
          .text("time", &S::time, "limit of each task, as for sbatch: \"02:00:00\"", true)
          .text("account", &S::account, "who pays, as for sbatch --account")
          .text("partition", &S::partition, "queue, as for sbatch --partition")
          .text("qos", &S::qos, "quality of service, as for sbatch --qos")
          .text("memory", &S::memory, "memory of each task: \"4G\"")
          .fixed("cpus", &S::cpus, {1, most_cpus, "1"}, "cores of each task, and its threads")
          .fixed("shards", &S::shards, {1, most_tasks, "1"}, "tasks of the job array, one for each shard")
          .fixed("max_array", &S::max_array, {1, most_tasks, "1"}, "MaxArraySize of the cluster")
          .fixed("throttle", &S::throttle, {0, most_tasks, "1"}, "tasks that may run at once; 0 for any number")
          .fixed("attempts", &S::attempts, {1, most_attempts, "1"}, "rounds after which jobs submit no more jobs")
          .texts("modules", &S::modules, "modules that the program needs")
          .texts("setup", &S::setup, "lines of bash to run before the program")
          .text("result", &S::result, "file of the merged result, relative to the folder of the sweep");
  return fields;
}

/// Digits of a number below a thousand million.
std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.size() > most_digits || error != std::errc() || rest != text.data() + text.size() || value < 0) return {};
  return value;
}

/// A word that is the same to Slurm and to a shell, however it is written.
bool plain(const std::string& word) {
  return !word.empty() && word.front() != '-' && std::ranges::all_of(word, [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_-.,:@+=/").find(static_cast<char>(c)) != std::string::npos;
  });
}

bool is_memory(std::string_view text) {
  if (!text.empty() && std::string_view("KMGT").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return number(text).value_or(0) > 0;
}

class Checker {
 public:
  Checker(const toml::table& tree, const std::string& shown, sim::Diagnostics& diagnostics)
      : tree_(tree), shown_(shown), diagnostics_(diagnostics) {}

  void check(ClusterSite& site) {
    site.seconds = slurm_seconds(site.time);
    if (given("time") && site.seconds == 0)
      problem("time",
              fmt::format("\"{}\" is no time that Slurm knows; write for example \"02:00:00\" or \"1-12:00:00\"",
                          site.time));
    for (const auto& [key, word] :
         {std::pair{"account", &site.account}, std::pair{"partition", &site.partition}, std::pair{"qos", &site.qos}})
      if (given(key) && !plain(*word)) problem(key, fmt::format("\"{}\" is no name that Slurm can have", *word));
    if (given("memory") && !is_memory(site.memory))
      problem("memory",
              fmt::format("\"{}\" is no amount of memory; write for example \"4G\" or \"800M\"", site.memory));
    if (given("result") && site.result.empty()) problem("result", "is empty; name a file, or leave it out");
    for (const auto& module : site.modules)
      if (!plain(module)) problem("modules", fmt::format("\"{}\" is no name of a module", module));
    for (const auto& [key, value] :
         {std::pair{"cpus", site.cpus}, std::pair{"shards", site.shards}, std::pair{"max_array", site.max_array},
          std::pair{"throttle", site.throttle}, std::pair{"attempts", site.attempts}})
      if (value != std::floor(value)) problem(key, "must be whole");
    if (site.shards > site.max_array)
      problem(
          "shards",
          fmt::format("{} tasks do not fit into one array: with MaxArraySize {} their numbers go from 0 to {}. Ask for "
                      "at most {}, or set max_array to what this prints on the cluster: scontrol show config | grep "
                      "MaxArraySize",
                      site.shards, site.max_array, site.max_array - 1, site.max_array));
  }

 private:
  /// What is no text has been reported already.
  bool given(const char* key) const {
    const toml::node* node = tree_.get(key);
    return node && node->is_string();
  }

  void problem(const char* key, const std::string& message) {
    const toml::node* node = tree_.get(key);
    diagnostics_.add(node ? sim::place_of(*node) : sim::SourcePlace{shown_, 1, 1}, fmt::format("site.{}", key),
                     message);
  }

  const toml::table& tree_;
  const std::string& shown_;
  sim::Diagnostics& diagnostics_;
};

}  // namespace

std::int64_t slurm_seconds(const std::string& text) {
  const std::string_view all = text;
  const auto dash = all.find('-');
  const bool days = dash != std::string_view::npos;
  std::vector<std::int64_t> numbers;
  for (std::string_view rest = days ? all.substr(dash + 1) : all;;) {
    const auto colon = rest.find(':');
    const auto n = number(rest.substr(0, colon));
    if (!n) return 0;
    numbers.push_back(*n);
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  if (numbers.size() > 3) return 0;
  // What the first number counts depends on how many there are.
  const std::int64_t first = days || numbers.size() == 3 ? 3600 : 60;
  std::int64_t seconds = 0, worth = first;
  for (const auto n : numbers) {
    seconds += n * worth;
    worth /= 60;
  }
  if (!days) return seconds;
  const auto n = number(all.substr(0, dash));
  return n ? seconds + *n * 86400 : 0;
}

ClusterSite read_cluster_site(const std::string& text, const std::string& shown, sim::Diagnostics& diagnostics) {
  ClusterSite site;
  const auto tree = sim::parse_toml(text, shown, diagnostics);
  if (!tree) return site;
  sim::Ids ids;
  sim::Priors priors;
  sim::ReadContext context{diagnostics, ids, priors, nullptr};
  site_fields().read(*tree, "site", context, site);
  Checker(*tree, shown, diagnostics).check(site);
  return site;
}

nlohmann::json cluster_site_schema() {
  auto schema = site_fields().schema();
  schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  schema["title"] = "Qantar site of a cluster";
  return schema;
}

}  // namespace qantar::cli
