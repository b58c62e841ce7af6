#include "sim/calendar.hpp"

#include <gtest/gtest.h>

namespace qantar::sim {
namespace {

constexpr int almaty = 360;  // UTC+06:00 in 2022
constexpr int aqtau = 300;

Instant january(unsigned day, int hour, int minute = 0, int offset = almaty) {
  return Instant::of(2022, 1, day, hour, minute, 0, offset);
}

TEST(Instant, CountsSecondsInUtc) {
  EXPECT_EQ(Instant::of(1970, 1, 1, 0, 0, 0, 0).seconds, 0);
  EXPECT_EQ(Instant::of(1970, 1, 1, 6, 0, 0, almaty).seconds, 0);
  EXPECT_EQ(Instant::of(2022, 1, 5, 15, 10, 0, almaty).seconds,
            1641373800);  // date -d '2022-01-05 15:10 +06' +%s
  EXPECT_EQ(Instant::of(2000, 2, 29, 12, 0, 5, -210).seconds, 951838205);
  EXPECT_EQ(Instant::of(1969, 12, 31, 23, 59, 59, 0).seconds, -1);
}

TEST(Instant, TheSameMomentOnTwoClocks) {
  EXPECT_EQ(january(5, 15, 10, almaty).seconds, january(5, 14, 10, aqtau).seconds);
}

TEST(Instant, PrintsInItsOwnOffset) {
  EXPECT_EQ(january(5, 15, 10).text(), "2022-01-05 15:10 +06:00");
  EXPECT_EQ(january(1, 0, 30, aqtau).text(), "2022-01-01 00:30 +05:00");
  EXPECT_EQ(Instant::of(2022, 1, 1, 0, 0, 0, 0).text(), "2022-01-01 00:00 +00:00");
  EXPECT_EQ(Instant::of(1989, 12, 17, 23, 5, 0, -210).text(), "1989-12-17 23:05 -03:30");
  EXPECT_EQ(Instant::of(1916, 7, 4, 6, 7, 8, 277).text(), "1916-07-04 06:07 +04:37");  // before the epoch
}

TEST(Clock, CutsAnIntervalIntoSteps) {
  const Clock clock(january(1, 0), january(2, 6), january(12, 0), 0.5);
  EXPECT_EQ(clock.start(), 30);
  EXPECT_EQ(clock.end(), 264);
  EXPECT_EQ(clock.steps(), 468);
  EXPECT_EQ(clock.step_hours(), 0.5);
  EXPECT_EQ(clock.begin_of(0), clock.start());
  EXPECT_EQ(clock.end_of(0), clock.begin_of(1));
  EXPECT_EQ(clock.end_of(467), clock.end());
}

TEST(Clock, TheLastStepMayReachBeyondTheEnd) {
  const auto steps = [](double hours, double step) {
    Instant end = january(1, 0);
    end.seconds += static_cast<std::int64_t>(hours * 3600);
    return Clock(january(1, 0), january(1, 0), end, step).steps();
  };
  EXPECT_EQ(steps(10.5, 1), 11);
  EXPECT_EQ(steps(10, 1), 10);
  EXPECT_EQ(steps(1, 0.1), 10);
  EXPECT_EQ(steps(1, 1.0 / 49), 49);  // 1 / (1.0 / 49) is a little above 49
  EXPECT_EQ(steps(240, 1.0 / 60), 14400);
  EXPECT_EQ(steps(0, 1), 0);
}

TEST(Clock, ConvertsBetweenHoursAndInstants) {
  const Clock clock(january(1, 0), january(2, 0), january(12, 0), 1);
  EXPECT_EQ(clock.hours(january(1, 0)), 0);
  EXPECT_EQ(clock.hours(january(5, 15, 10)), 4 * 24 + 15 + 10.0 / 60);
  EXPECT_EQ(clock.hours(january(5, 15, 10, aqtau)), 4 * 24 + 16 + 10.0 / 60);
  EXPECT_EQ(clock.hours(Instant::of(2021, 12, 31, 23, 0, 0, almaty)), -1);
  for (int minute = 0; minute < 60; ++minute) {
    const Instant t = january(6, 3, minute);
    EXPECT_EQ(clock.instant(clock.hours(t)).seconds, t.seconds);
    EXPECT_EQ(clock.instant(clock.hours(t)).text(), t.text());
  }
}

TEST(Clock, ContainsBothItsEnds) {
  const Clock clock(january(1, 0), january(2, 0), january(3, 0), 1);
  EXPECT_TRUE(clock.contains(24));
  EXPECT_TRUE(clock.contains(48));
  EXPECT_FALSE(clock.contains(23.999));
  EXPECT_FALSE(clock.contains(48.001));
  EXPECT_FALSE(clock.contains(never));
}

TEST(Clock, KnowsTheHourOfTheDay) {
  const Clock midnight(january(1, 0), january(1, 0), january(12, 0), 1);
  EXPECT_EQ(midnight.hour_of_day(0), 0);
  EXPECT_EQ(midnight.hour_of_day(23.5), 23.5);
  EXPECT_EQ(midnight.hour_of_day(24), 0);
  EXPECT_EQ(midnight.hour_of_day(100), 4);
  EXPECT_EQ(midnight.hour_of_day(0, -1), 23);  // midnight in Almaty is 23:00 in Aqtau
  EXPECT_EQ(midnight.hour_of_day(23.5, 2), 1.5);
  EXPECT_EQ(midnight.hour_of_day(-0.5), 23.5);
  const Clock noon(january(1, 12), january(1, 12), january(12, 0), 1);
  EXPECT_EQ(noon.hour_of_day(0), 12);
  EXPECT_EQ(noon.hour_of_day(13), 1);
  const Clock old(Instant::of(1916, 7, 4, 6, 0, 0, 0), Instant::of(1916, 7, 4, 6, 0, 0, 0),
                  Instant::of(1916, 7, 5, 6, 0, 0, 0), 1);
  EXPECT_EQ(old.hour_of_day(20), 2);
}

TEST(Clock, PrintsTimesForPeopleAndForFiles) {
  const Clock clock(january(1, 0), january(2, 0), january(12, 0), 1);
  EXPECT_EQ(clock.text(4 * 24 + 15 + 10.0 / 60), "5 Jan 15:10");
  EXPECT_EQ(clock.text(-24), "31 Dec 00:00");
  EXPECT_EQ(clock.cf_units(), "hours since 2022-01-01 00:00:00 +06:00");
  const Clock west(Instant::of(1989, 12, 17, 8, 30, 15, -210), january(1, 0), january(2, 0), 1);
  EXPECT_EQ(west.cf_units(), "hours since 1989-12-17 08:30:15 -03:30");
}

TEST(Hours, NeverHasNotHappened) {
  EXPECT_FALSE(happened(never));
  EXPECT_TRUE(happened(0));
  EXPECT_TRUE(happened(-3));
}

}  // namespace
}  // namespace qantar::sim
