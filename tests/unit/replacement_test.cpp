// A text file is there as a whole or not at all.
#include "sim/results/replacement.hpp"

#include <csignal>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "sim/results/result_file.hpp"
#include "tests/unit/results_support.hpp"

namespace qantar::sim {
namespace {

using namespace testing;

TEST(WriteTextFile, LeavesTheWholeAndNothingElse) {
  const Folder folder;
  write_text_file(folder / "a", false, [](std::ostream& out) { out << "new"; });
  EXPECT_EQ(bytes_of(folder / "a"), "new");
  EXPECT_THROW(write_text_file(folder / "a", false, [](std::ostream&) { FAIL(); }), OutputError);
  write_text_file(folder / "a", true, [](std::ostream& out) { out << "newer"; });
  EXPECT_EQ(bytes_of(folder / "a"), "newer");
  EXPECT_EQ(folder.files(), 1U);
}

TEST(WriteTextFile, LeavesWhatWasThereWhenWritingFails) {
  const Folder folder;
  write_text_file(folder / "a", false, [](std::ostream& out) { out << "old"; });
  const auto fails = [](std::ostream& out) {
    out << "half";
    throw std::invalid_argument("no more");
  };
  EXPECT_THROW(write_text_file(folder / "a", true, fails), std::invalid_argument);
  EXPECT_THROW(write_text_file(folder / "b", true, fails), std::invalid_argument);
  EXPECT_EQ(bytes_of(folder / "a"), "old");
  EXPECT_EQ(folder.files(), 1U);
}

TEST(WriteTextFile, LeavesAFileThatAppearedMeanwhile) {
  const Folder folder;
  const auto late = [&](std::ostream& out) {
    set_bytes(folder / "a", "of another");
    out << "ours";
  };
  EXPECT_THROW(write_text_file(folder / "a", false, late), OutputError);
  EXPECT_EQ(bytes_of(folder / "a"), "of another");
  EXPECT_EQ(folder.files(), 1U);
}

TEST(WriteTextFile, SaysWhenThereIsNoRoom) {
  const Folder folder;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit little{1000, before.rlim_max};
  std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &little), 0);
  std::string problem;
  try {
    write_text_file(folder / "a", false, [](std::ostream& out) { out << std::string(100000, 'x'); });
  } catch (const OutputError& error) {
    problem = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_DFL);
  EXPECT_THAT(problem, ::testing::HasSubstr("cannot be written. Free space"));
  EXPECT_EQ(folder.files(), 0U);
}

}  // namespace
}  // namespace qantar::sim
