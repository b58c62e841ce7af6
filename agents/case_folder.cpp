#include "agents/case_folder.hpp"

#include <algorithm>
#include <system_error>

#include "sim/config/text_file.hpp"

namespace qantar::agents {

namespace fs = std::filesystem;

CaseFiles read_case_files(const fs::path& folder, sim::Diagnostics& diagnostics) {
  CaseFiles files;
  const std::string shown = folder.string();
  std::error_code error;
  if (!fs::exists(folder, error)) {
    diagnostics.add({shown}, "", "no such case folder; expected a folder with case.toml, such as configs/january_2022");
    return files;
  }
  if (!fs::is_directory(folder, error)) {
    diagnostics.add({shown}, "", "is not a folder; give the folder that holds case.toml");
    return files;
  }
  const auto take = [&](const std::string& relative) {
    if (auto text = sim::read_text(folder / relative, (folder / relative).string(), diagnostics))
      files.emplace_back(relative, std::move(*text));
  };
  take("case.toml");
  for (const std::string inside : {"hypotheses/", "alternatives/", "whatifs/"}) {
    std::vector<std::string> names;
    for (fs::directory_iterator it(folder / inside, error), end; !error && it != end; it.increment(error))
      if (it->path().extension() == ".toml") names.push_back(inside + it->path().filename().string());
    std::ranges::sort(names);
    for (const auto& name : names) take(name);
  }
  for (const char* optional : {"evidence.toml", "claims.toml"})
    if (fs::exists(folder / optional, error)) take(optional);
  return files;
}

}  // namespace qantar::agents
