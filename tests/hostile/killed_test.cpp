// Long commands that are killed at any moment: the next good run leaves one file with the numbers of a run that nobody
// disturbed, and nothing else. And links that somebody has planted: no command writes through one.
#include <chrono>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/results/hdf5.hpp"
#include "tests/support/full_length.hpp"
#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

namespace h5 = sim::h5;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;
using Clock = std::chrono::steady_clock;

std::string digest_of(const fs::path& file) { return h5::text(h5::open_file(file), "content_digest"); }

/// Starts the command again and again, each time killed a little later or earlier within the time that it needs.
void kill_often(const Words& words, Clock::duration whole) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> share(0, 1);
  const int kills = test::full_length() ? 50 : 6;
  for (int i = 0; i < kills; ++i) {
    Running running(QANTAR_PROGRAM, words);
    std::this_thread::sleep_for(std::chrono::duration_cast<Clock::duration>(whole * share(random)));
    running.send(SIGKILL);
    running.finish();
  }
}

/// Everything below a folder, by its path from there.
std::vector<std::string> all_in(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    out.push_back(entry.path().lexically_relative(folder).string());
  return out;
}

/// `words` make `file` in a folder; `expected` is all that may lie there in the end.
void survives_kills(const Folder& folder, const Words& words, const std::string& file,
                    const std::vector<std::string>& expected) {
  const auto start = Clock::now();
  const Ended good = qantar(words);
  ASSERT_EQ(good.code, 0) << good.err;
  const auto whole = Clock::now() - start;
  const std::string digest = digest_of(folder / file);
  kill_often(words, whole);
  const Ended again = qantar(words);
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(digest_of(folder / file), digest);
  EXPECT_THAT(all_in(folder.path()), ::testing::UnorderedElementsAreArray(expected));
}

TEST(Killed, ARunLeavesOneFile) {
  const Folder folder;
  survives_kills(folder, {"run", small_case(), "-n", "400", "--force", "--quiet", "-o", (folder / "r.h5").string()},
                 "r.h5", {"r.h5"});
}

TEST(Killed, AnAdjudicationLeavesOneFile) {
  const Folder folder;
  survives_kills(
      folder, {"adjudicate", small_case(), "--trials", "200", "--force", "--quiet", "-o", (folder / "a.h5").string()},
      "a.h5", {"a.h5"});
}

TEST(Killed, ASweepLeavesItsPartsAndAMergeOneFile) {
  const Folder sweep, merged;
  const std::string dir = (sweep / "s").string();
  ASSERT_EQ(qantar({"sweep", "plan", small_case() + "/sweeps/line.toml", "--dir", dir}).code, 0);
  kill_often({"sweep", "run", dir, "--quiet"}, std::chrono::milliseconds(400));
  ASSERT_EQ(qantar({"sweep", "run", dir, "--quiet"}).code, 0);
  const auto left = all_in(sweep.path());
  EXPECT_EQ(left.size(), 4U) << "the folder, its plan, the folder of parts and one part: "
                             << ::testing::PrintToString(left);
  survives_kills(merged, {"sweep", "merge", dir, "--force", "-o", (merged / "m.h5").string()}, "m.h5", {"m.h5"});
}

TEST(PlantedLinks, AreNeverWrittenThrough) {
  const Folder folder, elsewhere;
  const std::string run = (folder / "run.h5").string(), dir = (folder / "sweep").string();
  ASSERT_EQ(qantar({"run", small_case(), "-n", "4", "-o", run}).code, 0);
  ASSERT_EQ(qantar({"sweep", "plan", small_case() + "/sweeps/line.toml", "--dir", dir}).code, 0);
  ASSERT_EQ(qantar({"sweep", "run", dir, "--quiet"}).code, 0);
  const std::string target = (folder / "target").string();
  const fs::path victim = elsewhere / "victim";
  for (const Words& words :
       std::initializer_list<Words>{{"run", small_case(), "-n", "4", "-o", target},
                                    {"adjudicate", small_case(), "--trials", "100", "--quiet", "-o", target},
                                    {"sweep", "merge", dir, "-o", target},
                                    {"report", run, "-o", target},
                                    {"export", run, "-o", target}}) {
    SCOPED_TRACE(words[0]);
    std::ofstream(victim) << "of somebody else";
    fs::remove(target);
    fs::create_symlink(victim, target);
    const Ended refused = qantar(words);
    EXPECT_EQ(refused.code, 3) << refused.err;
    EXPECT_EQ(text_of(victim), "of somebody else");
    EXPECT_TRUE(fs::is_symlink(target));
    Words forced = words;
    forced.push_back("--force");
    const Ended replaced = qantar(forced);
    EXPECT_EQ(replaced.code, 0) << replaced.err;
    EXPECT_EQ(text_of(victim), "of somebody else");
    EXPECT_FALSE(fs::is_symlink(target)) << "the link itself is replaced";
  }
  // Where an adjudication keeps its work.
  fs::remove(target);
  fs::create_directory(elsewhere / "folder");
  std::ofstream(elsewhere / "folder/file") << "of somebody else";
  fs::create_symlink(elsewhere / "folder", target + ".work");
  const Ended work = qantar({"adjudicate", small_case(), "--trials", "100", "--quiet", "-o", target});
  EXPECT_EQ(work.code, 3);
  EXPECT_THAT(work.err, HasSubstr("is a link or a file"));
  EXPECT_EQ(text_of(elsewhere / "folder/file"), "of somebody else");
}

}  // namespace
}  // namespace qantar::testing
