#include "sim/results/opened.hpp"

#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "sim/results/result_file.hpp"
#include "sim/results/seal.hpp"

namespace qantar::sim {

FinishedFile open_finished(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    throw ResultError(path.string() + ": no such file. Check the name, or make it with qantar run -o");
  if (const auto damage = inspect(path, false); !damage.empty())
    throw ResultError(fmt::format("{}: {}. qantar verify names every damaged part", path.string(), damage.front()));
  try {
    h5::Handle file = h5::open_file(path);
    std::string kind = h5::has_attribute(file, "kind") ? h5::text(file, "kind") : "";
    return {path, std::move(file), std::move(kind)};
  } catch (const h5::Error& error) {
    throw ResultError(fmt::format("{}: {}", path.string(), error.what()));
  }
}

}  // namespace qantar::sim
