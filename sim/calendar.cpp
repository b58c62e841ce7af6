#include "sim/calendar.hpp"

#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "sim/conversions.hpp"

namespace qantar::sim {
namespace {

struct Local {
  int year;
  unsigned month, day, hour, minute, second;
};

Local local(const Instant& t) {
  using namespace std::chrono;
  const std::int64_t s = t.seconds + 60LL * t.offset_minutes;
  const std::int64_t day_number = s >= 0 ? s / 86400 : -((86399 - s) / 86400);
  const year_month_day date{sys_days{days{day_number}}};
  const auto rest = static_cast<unsigned>(s - day_number * 86400);
  return {static_cast<int>(date.year()),
          static_cast<unsigned>(date.month()),
          static_cast<unsigned>(date.day()),
          rest / 3600,
          rest / 60 % 60,
          rest % 60};
}

std::string offset_text(int minutes) {
  const int m = minutes < 0 ? -minutes : minutes;
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', m / 60, m % 60);
}

}  // namespace

Instant Instant::of(int year, unsigned month, unsigned day, int hour, int minute, int second, int offset_minutes) {
  using namespace std::chrono;
  const sys_days date{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}};
  return {date.time_since_epoch().count() * 86400LL + hour * 3600LL + minute * 60LL + second - 60LL * offset_minutes,
          offset_minutes};
}

std::string Instant::text() const {
  const Local l = local(*this);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} {}", l.year, l.month, l.day, l.hour, l.minute,
                     offset_text(offset_minutes));
}

Clock::Clock(Instant epoch, Instant start, Instant end, double step_hours) : epoch_(epoch), step_(step_hours) {
  start_ = hours(start);
  end_ = hours(end);
  steps_ = static_cast<int>(std::ceil((end_ - start_) / step_ - 1e-9));
}

Instant Clock::instant(Hours t) const {
  return {epoch_.seconds + static_cast<std::int64_t>(std::llround(t * 3600.0)), epoch_.offset_minutes};
}

double Clock::hour_of_day(Hours t, double shift) const {
  const double base = real(epoch_.seconds + 60LL * epoch_.offset_minutes) / 3600.0 + t + shift;
  return base - 24.0 * std::floor(base / 24.0);
}

std::string Clock::text(Hours t) const {
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Local l = local(instant(t));
  return fmt::format("{} {} {:02}:{:02}", l.day, months[l.month - 1], l.hour, l.minute);
}

std::string Clock::cf_units() const {
  const Local l = local(epoch_);
  return fmt::format("hours since {:04}-{:02}-{:02} {:02}:{:02}:{:02} {}", l.year, l.month, l.day, l.hour, l.minute,
                     l.second, offset_text(epoch_.offset_minutes));
}

}  // namespace qantar::sim
