#include "sim/progress.hpp"

#include <memory>

#include <gtest/gtest.h>
#include <stdlib.h>

namespace qantar::sim {
namespace {

// A stream that remembers, and a clock that is moved by hand.
class ProgressTest : public ::testing::Test {
 protected:
  ~ProgressTest() override {
    std::fclose(stream_);
    std::free(text_);  // NOLINT: open_memstream hands it over
  }
  std::string written() {
    std::fflush(stream_);
    return {text_, size_};
  }
  std::unique_ptr<Progress> progress(Progress::Style style, std::int64_t before = 0) {
    return std::make_unique<Progress>("run", 1000, style, before, stream_, [this] { return time_; });
  }

  double time_ = 500;

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;

 protected:
  std::FILE* stream_ = open_memstream(&text_, &size_);
};

TEST(ProgressText, SaysShareRateAndTimeLeft) {
  EXPECT_EQ(progress_text(450, 1000, 0, 45), "450 of 1000 trials (45 %), 10 a second, 55 s left");
  EXPECT_EQ(progress_text(450, 1000, 400, 50), "450 of 1000 trials (45 %), 1 a second, 9 min 10 s left");
  EXPECT_EQ(progress_text(999, 1000, 0, 0.1), "999 of 1000 trials (99 %), 9990 a second, 0 s left");
  EXPECT_EQ(progress_text(1000, 1000, 0, 7500), "1000 of 1000 trials (100 %), 0.133 a second in 2 h 05 min");
  EXPECT_EQ(progress_text(1, 3, 0, 360), "1 of 3 trials (33 %), 10 an hour, 12 min 00 s left");
  EXPECT_EQ(progress_text(0, 1000, 0, 3), "0 of 1000 trials (0 %)");
  EXPECT_EQ(progress_text(0, 0, 0, 0), "0 of 0 trials (100 %)");
}

TEST_F(ProgressTest, SilentSaysNothing) {
  const auto p = progress(Progress::Style::silent);
  time_ += 100;
  p->update(1000);
  EXPECT_EQ(written(), "");
}

TEST_F(ProgressTest, LinesComeAtMostEveryTenSeconds) {
  const auto p = progress(Progress::Style::lines);
  for (int second = 1; second <= 25; ++second) {
    time_ += 1;
    p->update(40 * second);
  }
  EXPECT_EQ(written(),
            "run: 400 of 1000 trials (40 %), 40 a second, 15 s left\n"
            "run: 800 of 1000 trials (80 %), 40 a second, 5 s left\n"
            "run: 1000 of 1000 trials (100 %), 40 a second in 25 s\n");
}

TEST_F(ProgressTest, TheTotalMayChange) {
  const auto p = progress(Progress::Style::lines);
  time_ += 10;
  p->update(400, 2000);
  time_ += 5;
  p->update(1000, 1500);  // no longer all
  EXPECT_EQ(written(), "run: 400 of 2000 trials (20 %), 40 a second, 40 s left\n");
}

TEST_F(ProgressTest, AShortRunLeavesNoLine) {
  const auto p = progress(Progress::Style::lines);
  time_ += 2;
  p->update(1000);
  EXPECT_EQ(written(), "");
}

TEST_F(ProgressTest, ABarRewritesItsLineAndEndsIt) {
  auto p = progress(Progress::Style::bar, 100);
  time_ += 1;
  p->update(500);
  time_ += 0.01;
  p->update(501);
  p.reset();
  EXPECT_EQ(written(), "\r\033[Krun [##########..........] 500 of 1000 trials (50 %), 400 a second, 1 s left\n");
}

TEST_F(ProgressTest, AFileGetsLines) {
  std::FILE* file = std::tmpfile();
  EXPECT_EQ(Progress::style_of(file), Progress::Style::lines);
  std::fclose(file);
}

TEST_F(ProgressTest, AStreamThatCannotBeWrittenHarmsNothing) {
  std::FILE* full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  {
    Progress p("run", 10, Progress::Style::bar, 0, full, [this] { return time_ += 1; });
    EXPECT_NO_THROW(p.update(5));
  }
  std::fclose(full);
}

}  // namespace
}  // namespace qantar::sim
