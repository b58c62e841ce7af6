// Merging parts whose ends lie anywhere among the blocks: the file is whole, and has the content of one worker's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/results/digest.hpp"
#include "sim/sweep/work.hpp"
#include "tests/unit/results_support.hpp"

namespace qantar::sim {
namespace {

using testing::Folder;
using ::testing::IsEmpty;

constexpr std::int64_t trials = 3 * block_trials + 300;

/// A sweep whose trials cost nothing, cut at these trials.
std::string merged(const Folder& folder, const std::vector<std::int64_t>& cuts) {
  const auto parts = folder / "parts";
  std::filesystem::remove_all(parts);
  std::filesystem::create_directory(parts);
  SweepContext context{parts, testing::small_layout(), testing::small_clock(), testing::small_run(trials), {}};
  context.layout.series.clear();
  context.layout.event_kinds.clear();
  context.layout.event_refs.clear();
  context.run.keep_series = 0;
  context.run.sweep.experiment = std::string(64, 'e');
  context.run.sweep.trials = trials;
  context.trial = [](std::int64_t i) {
    TrialResult record = testing::small_record(i, trials);
    record.series.clear();
    record.events.clear();
    return record;
  };
  auto cut = cuts.begin();
  std::int64_t first = 0;
  const StopFlag never{false};
  run_parts(
      context, {1, 1e9},
      [&]() -> std::optional<TrialRange> {
        if (first == trials) return std::nullopt;
        const std::int64_t last = cut == cuts.end() ? trials : *cut++;
        return TrialRange{std::exchange(first, last), last};
      },
      never);
  const auto file = folder / "merged.h5";
  const MergeEnd end = merge(context, context.run, file, true, false, [](std::int64_t) {});
  EXPECT_EQ(end.trials, trials);
  EXPECT_EQ(end.failed, 1);
  EXPECT_THAT(find_damage(file), IsEmpty());
  const ResultReader result(file);
  EXPECT_EQ(result.content_digest(), end.digest);
  const auto origins = result.run().sweep.origins;
  EXPECT_EQ(origins.size(), cuts.size() + 1);
  std::int64_t at = 0;
  for (const auto& origin : origins) {
    EXPECT_EQ(origin.trials.first, at);
    at = origin.trials.last;
    EXPECT_EQ(origin.sha256.size(), 64);
  }
  EXPECT_EQ(at, trials);
  for (const std::int64_t i : {0, 6, 1023, 1024, 2047, 2500, 3371})
    EXPECT_EQ(result.record(i).parameters,
              (std::vector<double>{static_cast<double>(i) / 100, 2.0 + static_cast<double>(i)}))
        << i;
  return end.digest;
}

TEST(Merge, IsTheSameWhereverPartsEnd) {
  const Folder folder;
  const std::string whole = merged(folder, {});
  for (const std::vector<std::int64_t>& cuts : std::vector<std::vector<std::int64_t>>{{1024, 2048},
                                                                                      {2048},
                                                                                      {1},
                                                                                      {1023, 1025},
                                                                                      {1024, 1500},
                                                                                      {500, 1024, 3072},
                                                                                      {2048, 2049, 3072},
                                                                                      {700, 1400, 2100}})
    EXPECT_EQ(merged(folder, cuts), whole) << ::testing::PrintToString(cuts);
}

TEST(RowDigest, OfABlockAsAWholeIsThatOfItsRows) {
  RowDigest rows, blocks, other;
  for (std::int64_t i = 0; i < block_trials + 10; ++i) {
    rows.begin_row(i);
    rows.add(std::vector<double>{static_cast<double>(i)});
  }
  rows.end();
  blocks.add_block(0, rows.blocks().at(0));
  for (std::int64_t i = block_trials; i < block_trials + 10; ++i) {
    blocks.begin_row(i);
    blocks.add(std::vector<double>{static_cast<double>(i)});
  }
  blocks.end();
  EXPECT_EQ(blocks.hex(), rows.hex());
  other.add_block(1, rows.blocks().at(0));
  other.add_block(0, rows.blocks().at(1));
  EXPECT_NE(other.hex(), rows.hex());
}

}  // namespace
}  // namespace qantar::sim
