// The ledger of a sweep: what the names of its parts say about what is done and what is missing.
#include "sim/sweep/parts.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/draws.hpp"

namespace qantar::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string experiment(64, 'a');

Part part(std::int64_t first, std::int64_t last) { return {part_name(experiment, {first, last}), {first, last}}; }

std::vector<TrialRange> ranges(const std::vector<Piece>& pieces) {
  std::vector<TrialRange> out;
  for (const auto& piece : pieces) out.push_back(piece.trials);
  return out;
}

TEST(Parts, AreNamedByExperimentAndTrials) {
  EXPECT_EQ(part_name(experiment, {0, 200}), "aaaaaaaaaaaa-0000000000-0000000199.h5");
}

TEST(Parts, CoverARangeWithAsFewAsPossible) {
  const std::vector<Part> parts{part(0, 10), part(5, 30), part(10, 20), part(30, 40)};
  EXPECT_THAT(ranges(cover(parts, {0, 40})), ElementsAre(TrialRange{0, 10}, TrialRange{10, 30}, TrialRange{30, 40}));
  EXPECT_THAT(ranges(cover(parts, {7, 12})), ElementsAre(TrialRange{7, 12}));
  EXPECT_THAT(missing(parts, {0, 40}), IsEmpty());
}

TEST(Parts, OneThatReachesFarIsRememberedBehindShortOnes) {
  const std::vector<Part> parts{part(0, 100), part(1, 2), part(3, 4), part(100, 101)};
  EXPECT_THAT(ranges(cover(parts, {0, 101})), ElementsAre(TrialRange{0, 100}, TrialRange{100, 101}));
}

TEST(Parts, GapsAreWhatNoPartHas) {
  const std::vector<Part> parts{part(2, 4), part(6, 8)};
  EXPECT_THAT(missing(parts, {0, 10}), ElementsAre(TrialRange{0, 2}, TrialRange{4, 6}, TrialRange{8, 10}));
  EXPECT_THAT(missing({}, {0, 3}), ElementsAre(TrialRange{0, 3}));
  EXPECT_THAT(missing(parts, {3, 3}), IsEmpty());
}

// Against a plain bitmap, over many random sets of parts.
TEST(Parts, CoverAndGapsAgreeWithCountingTrials) {
  for (std::uint32_t world = 0; world < 2000; ++world) {
    const Draws draws({20220105, 0, world});
    std::vector<Part> parts;
    std::vector<bool> there(60, false);
    for (std::uint32_t i = 0; i < world % 9; ++i) {
      const auto first = static_cast<std::int64_t>(60 * draws.uniform(0, i, 0));
      const auto last =
          first + 1 + static_cast<std::int64_t>((60.0 - static_cast<double>(first) - 1) * draws.uniform(0, i, 1));
      parts.push_back(part(first, last));
      std::fill(there.begin() + first, there.begin() + last, true);
    }
    std::ranges::sort(parts, {}, [](const Part& p) { return std::pair(p.trials.first, -p.trials.last); });
    std::vector<bool> covered(60, false);
    std::int64_t before = 0;
    for (const auto& piece : cover(parts, {0, 60})) {
      ASSERT_GE(piece.trials.first, before);
      ASSERT_LT(piece.trials.first, piece.trials.last);
      ASSERT_GE(piece.trials.first, piece.part.trials.first);
      ASSERT_LE(piece.trials.last, piece.part.trials.last);
      before = piece.trials.last;
      std::fill(covered.begin() + piece.trials.first, covered.begin() + piece.trials.last, true);
    }
    ASSERT_EQ(covered, there);
    std::vector<bool> absent(60, false);
    for (const auto& gap : missing(parts, {0, 60}))
      std::fill(absent.begin() + gap.first, absent.begin() + gap.last, true);
    absent.flip();
    ASSERT_EQ(absent, there);
  }
}

TEST(Parts, SharesFollowEachOtherAndDifferByOneTrialAtMost) {
  for (const std::int64_t n : {1, 7, 64, 1000}) {
    std::int64_t at = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      const TrialRange mine = share(100, i, n);
      EXPECT_EQ(mine.first, at);
      EXPECT_LE(std::abs((mine.last - mine.first) * n - 100), n);
      at = mine.last;
    }
    EXPECT_EQ(at, 100);
  }
}

TEST(Parts, TheLedgerTellsPartsFromForeignFilesAndHalfWrittenOnes) {
  std::string name = (std::filesystem::temp_directory_path() / "qantar_parts_XXXXXX").string();
  ASSERT_TRUE(mkdtemp(name.data()));
  const std::filesystem::path folder = name;
  const auto put = [&](const std::string& file) { std::ofstream(folder / file) << "x"; };
  put(part_name(experiment, {10, 20}));
  put(part_name(experiment, {0, 10}));
  put(part_name(experiment, {0, 20}));
  put(part_name(std::string(64, 'b'), {0, 10}));
  put("copy of " + part_name(experiment, {0, 10}));
  put("aaaaaaaaaaaa-0-9.h5");
  put(part_name(experiment, {20, 21}) + ".tmp.host.12");
  const Ledger ledger = read_ledger(folder, experiment);
  ASSERT_EQ(ledger.parts.size(), 3U);
  EXPECT_EQ(ledger.parts[0].trials, (TrialRange{0, 20}));
  EXPECT_EQ(ledger.parts[2].trials, (TrialRange{10, 20}));
  EXPECT_EQ(ledger.foreign.size(), 3U);
  EXPECT_EQ(ledger.temporary.size(), 1U);
  std::filesystem::remove_all(folder);
  EXPECT_THROW(read_ledger(folder, experiment), ResultError);
}

}  // namespace
}  // namespace qantar::sim
