// Time of a simulated crisis: hours since an epoch, in one declared time zone, cut into half-open steps.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "sim/conversions.hpp"

namespace qantar::sim {

/// Hours since the epoch of a clock. "Never" is NaN.
using Hours = double;
inline constexpr Hours never = std::numeric_limits<double>::quiet_NaN();
inline bool happened(Hours t) { return t == t; }

/// Absolute time: seconds since 1970-01-01 00:00 UTC, with the offset in which it was written.
struct Instant {
  std::int64_t seconds = 0;
  int offset_minutes = 0;
  static Instant of(int year, unsigned month, unsigned day, int hour, int minute, int second, int offset_minutes);
  /// "2022-01-05 15:10 +06:00" in the instant's own offset.
  std::string text() const;
};

/// The steps of a run. Step i covers the half-open interval [start + i step, start + (i+1) step).
class Clock {
 public:
  Clock() = default;
  Clock(Instant epoch, Instant start, Instant end, double step_hours);

  Hours hours(Instant t) const { return real(t.seconds - epoch_.seconds) / 3600.0; }
  Instant instant(Hours t) const;
  Hours start() const { return start_; }
  Hours end() const { return end_; }
  double step_hours() const { return step_; }
  int steps() const { return steps_; }
  Hours begin_of(int step) const { return start_ + step * step_; }
  Hours end_of(int step) const { return start_ + (step + 1) * step_; }
  /// Hour of the day in [0, 24) at time t, moved by `shift` hours for places on another clock.
  double hour_of_day(Hours t, double shift = 0) const;
  bool contains(Hours t) const { return t >= start_ && t <= end_; }
  /// "5 Jan 15:10".
  std::string text(Hours t) const;
  /// CF units of a time variable: "hours since 2022-01-01 00:00:00 +06:00".
  std::string cf_units() const;
  const Instant& epoch() const { return epoch_; }

 private:
  Instant epoch_;
  double start_ = 0, end_ = 0, step_ = 1;
  int steps_ = 0;
};

}  // namespace qantar::sim
