// Tests of statistics run for as long as every merge can wait, or with QANTAR_FULL_LENGTH set, as `.ci/long` does,
// until all that the documents say of them has been seen.
#pragma once
#include <cstdlib>

namespace qantar::test {

inline bool full_length() { return std::getenv("QANTAR_FULL_LENGTH") != nullptr; }

}  // namespace qantar::test
