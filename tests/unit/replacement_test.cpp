// A text file is there as a whole or not at all.
#include "sim/results/replacement.hpp"

#include <csignal>
#include <set>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/results/provenance.hpp"
#include "sim/results/result_file.hpp"
#include "tests/unit/results_support.hpp"

namespace qantar::sim {
namespace {

using namespace testing;

// In a folder like /tmp a file of somebody else is refused before the work is done, and stays as it is.
TEST(CheckTarget, RefusesTheFileOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can be two users";
  const Folder folder;
  const fs::path target = folder / "r.h5";
  std::ofstream(target) << "mine";
  fs::permissions(folder / "", fs::perms::all | fs::perms::sticky_bit);
  constexpr uid_t nobody = 65534;
  ASSERT_EQ(seteuid(nobody), 0);
  std::string problem;
  try {
    check_target(target, true);
  } catch (const OutputError& error) {
    problem = error.what();
  }
  ASSERT_EQ(seteuid(0), 0);
  EXPECT_THAT(problem, ::testing::HasSubstr("belongs to another user"));
  EXPECT_NO_THROW(check_target(target, true));
}

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

TEST(Temporary, IsNewAndForeseenByNobody) {
  const Folder folder;
  std::set<fs::path> names;
  for (int i = 0; i < 20; ++i) {
    names.insert(make_temporary(folder / "a"));
    EXPECT_FALSE(is_orphan(*names.begin())) << "its process is alive";
  }
  EXPECT_EQ(names.size(), 20U);
  EXPECT_EQ(folder.files(), 20U);
  EXPECT_THROW(make_temporary(folder / "no folder" / "a"), std::system_error);
}

TEST(Temporary, OfADeadProcessIsRemovedAndNothingElse) {
  const Folder folder;
  const pid_t child = fork();
  if (child == 0) {
    make_temporary(folder / "a");
    make_temporary(folder / "other");
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  ASSERT_EQ(folder.files(), 2U);
  make_temporary(folder / "a");  // ours
  set_bytes(folder / "a.tmp.another_host.1.00", "of another host");
  set_bytes(folder / "a.tmp.notes", "of a person");
  fs::create_symlink(folder / "a.tmp.notes", folder / fmt::format("a.tmp.{}.{}.0011223344556677", host_name(), child));
  remove_orphans(folder / "a");
  EXPECT_EQ(folder.files(), 5U) << "all but the one that the dead process has left of a";
  EXPECT_EQ(bytes_of(folder / "a.tmp.notes"), "of a person");
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

TEST(Replacement, TellsAFolderThatIsGoneFromAFullDisk) {
  const Folder folder;
  EXPECT_THAT(remedy_for(folder / "r.h5"),
              ::testing::HasSubstr("Free space in " + (folder / "").string().substr(0, 5)));
  EXPECT_THAT(remedy_for(folder / "gone/r.h5"), ::testing::HasSubstr("gone is gone: make it again"));
}

}  // namespace
}  // namespace qantar::sim
