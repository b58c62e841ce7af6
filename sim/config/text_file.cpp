#include "sim/config/text_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace qantar::sim {
namespace {

constexpr std::uintmax_t largest_file = 4u << 20;
constexpr std::size_t longest_line = 100'000;

}  // namespace

bool can_be_read_to_its_end(const std::filesystem::path& path, std::uintmax_t most_bytes) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && std::filesystem::file_size(path, error) <= most_bytes &&
         !error;
}

std::optional<std::string> read_text(const std::filesystem::path& path, const std::string& shown,
                                     Diagnostics& diagnostics) {
  const auto refuse = [&](const std::string& why) {
    diagnostics.add({shown}, "", why);
    return std::nullopt;
  };
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) return refuse("no such file; check the path");
  if (std::filesystem::is_directory(status)) return refuse("is a directory where a TOML file is expected");
  if (!std::filesystem::is_regular_file(status)) return refuse("is not a regular file; expected a TOML file");
  const auto size = std::filesystem::file_size(path, error);
  if (error) return refuse("cannot be read: " + error.message());
  if (size == 0) return refuse("is empty; expected a TOML file");
  if (size > largest_file * 4)
    return refuse(fmt::format("has {} bytes; a case file may have at most {}", size, largest_file));
  std::ifstream in(path, std::ios::binary);
  std::ostringstream buffer;
  buffer << in.rdbuf();
  if (!in) return refuse(fmt::format("cannot be read: {}; check its permissions", std::strerror(errno)));
  std::string text = buffer.str();
  unsigned line = 1;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '\0') {
      diagnostics.add({shown, line, static_cast<unsigned>(i - begin + 1)}, "",
                      "holds a NUL byte, so it is a binary file; expected TOML text in UTF-8");
      return std::nullopt;
    }
    if (i == text.size() || text[i] == '\n') {
      if (i - begin > longest_line) {
        diagnostics.add(
            {shown, line, static_cast<unsigned>(longest_line)}, "",
            fmt::format("this line has {} characters; at most {} are accepted: break it up", i - begin, longest_line));
        return std::nullopt;
      }
      begin = i + 1;
      ++line;
    }
  }
  if (size > largest_file)
    return refuse(fmt::format("has {} bytes; a case file may have at most {}", size, largest_file));
  if (std::ranges::all_of(text, [](unsigned char c) { return c <= ' '; }))
    return refuse("holds only blank space; expected a TOML file");
  return text;
}

}  // namespace qantar::sim
