// A run keeps no more in memory for ten times as many trials.
#include <string>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

// Largest resident memory in KiB of `qantar run` of so many trials of each account. On one thread: with more, up to
// `sim::most_bytes` of results wait for a writer that a busy machine holds up (tests/threads has that bound).
long peak_of(int trials) {
  const Folder folder;
  const std::string file = (folder / "r.h5").string(), n = std::to_string(trials), from = small_case();
  const pid_t child = fork();
  if (child == 0) {
    execl(QANTAR_PROGRAM, QANTAR_PROGRAM, "run", from.c_str(), "-n", n.c_str(), "-o", file.c_str(), "--threads", "1",
          "--quiet", "--json", static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  rusage used{};
  wait4(child, &status, 0, &used);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return used.ru_maxrss;
}

TEST(RunMemory, IsTheSameForTenTimesAsManyTrials) {
  const long few = peak_of(1000), many = peak_of(10'000);
  EXPECT_GT(few, 10'000);
  EXPECT_LT(static_cast<double>(many), 1.15 * static_cast<double>(few)) << few << " and " << many << " KiB";
}

}  // namespace
}  // namespace qantar::testing
