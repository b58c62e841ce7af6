#include "cli/verdict/work_folder.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "sim/results/replacement.hpp"
#include "sim/results/result_file.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;

bool is_copy(const std::string& name, const std::string& of) { return name == of || name.starts_with(of + ".tmp."); }

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    names.push_back(it->path().filename().string());
  return names;
}

}  // namespace

std::vector<analysis::Account> every_nth(const std::vector<analysis::Account>& accounts, const Shard& shard) {
  std::vector<analysis::Account> out;
  for (std::size_t k = shard.number; k < accounts.size(); k += static_cast<std::size_t>(shard.of))
    out.push_back(accounts[k]);
  return out;
}

std::string without_shard(const Call& call, const std::string& command) {
  std::vector<std::string> words{"qantar", command};
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    if (call.arguments[i] == "--shard")
      ++i;
    else if (!call.arguments[i].starts_with("--shard="))
      words.push_back(call.arguments[i]);
  }
  return quoted(words);
}

WorkFolder::WorkFolder(fs::path path, const std::string& command)
    : path_(std::move(path)), mark_("made_by_qantar_" + command) {
  const auto refuse = [&](const std::string& why) {
    throw sim::OutputError(fmt::format("{}: {}. Move it away, or choose another name with -o", path_.string(), why));
  };
  std::error_code error;
  fs::create_directory(path_, error);
  const auto status = fs::symlink_status(path_);
  if (!fs::exists(status))
    throw sim::OutputError(
        fmt::format("{}: cannot be made: {}. Choose another folder with -o", path_.string(), error.message()));
  if (!fs::is_directory(status)) refuse(fmt::format("is a link or a file, where {} would keep its work", command));
  const auto names = names_in(path_);
  // The mark of another shard may be on its way, under a temporary name.
  if (!names.empty() && std::ranges::none_of(names, [&](const auto& name) { return is_copy(name, mark_); }))
    refuse("is a folder of somebody else: it has files, but not the mark of qantar " + command);
  sim::write_text_file(path_ / mark_, true, [&](std::ostream& out) {
    out << "qantar " << command
        << " keeps its work here. The same command goes on with it, and removes it at the end.\n";
  });
}

bool WorkFolder::remove(const std::vector<std::string>& accounts) const {
  std::error_code ignored;
  for (const auto& name : names_in(path_)) {
    const bool ours = is_copy(name, mark_) || std::ranges::any_of(accounts, [&](const std::string& account) {
                        return is_copy(name, account + ".h5");
                      });
    if (ours) fs::remove(path_ / name, ignored);
  }
  return fs::remove(path_, ignored);
}

}  // namespace qantar::cli
