// What must hold of every text, however it was changed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "sim/config/diagnostics.hpp"

namespace qantar::test {

inline std::string text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void require(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

/// A problem says where it is and what.
inline void check_problems(const sim::Diagnostics& diagnostics) {
  for (const auto& p : diagnostics.problems()) {
    require(!p.where.file.empty() && p.where.line > 0, "a problem without a line: " + p.text());
    require(!p.message.empty(), "a problem without a message: " + p.text());
  }
}

}  // namespace qantar::test
