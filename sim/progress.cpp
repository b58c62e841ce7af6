#include "sim/progress.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/conversions.hpp"

namespace qantar::sim {
namespace {

constexpr double seconds_between_lines = 10.0, seconds_between_bars = 0.1;
constexpr std::size_t bar_width = 20;

std::string duration_text(double seconds) {
  const auto s = std::llround(seconds);
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

double share(std::int64_t done, std::int64_t total) {
  return total > 0 ? std::clamp(real(done) / real(total), 0.0, 1.0) : 1.0;
}

}  // namespace

std::string progress_text(std::int64_t done, std::int64_t total, std::int64_t before, double seconds) {
  // Rounded down, so that 100 % means all.
  std::string text = fmt::format("{} of {} trials ({} %)", done, total, static_cast<int>(100 * share(done, total)));
  if (done <= before || !(seconds > 0)) return text;
  const double rate = real(done - before) / seconds;
  if (rate >= 100)
    text += fmt::format(", {:.0f} a second", rate);
  else
    text += rate >= 0.1 ? fmt::format(", {:.3g} a second", rate) : fmt::format(", {:.3g} an hour", 3600 * rate);
  return text +
         (done < total ? ", " + duration_text(real(total - done) / rate) + " left" : " in " + duration_text(seconds));
}

Progress::Style Progress::style_of(std::FILE* stream) {
  const char* terminal = std::getenv("TERM");
  const bool rewrites = terminal && std::string_view(terminal) != "dumb";
  return rewrites && isatty(fileno(stream)) ? Style::bar : Style::lines;
}

Progress::Progress(std::string label, std::int64_t total, Style style, std::int64_t before, std::FILE* stream,
                   std::function<double()> now)
    : label_(std::move(label)),
      total_(total),
      before_(before),
      style_(style),
      stream_(stream),
      now_(std::move(now)),
      start_(now_()),
      last_(start_) {}

Progress::~Progress() {
  if (style_ == Style::bar && printed_) std::fputs("\n", stream_);
}

void Progress::update(std::int64_t done, std::int64_t total) {
  total_ = total;
  update(done);
}

void Progress::update(std::int64_t done) {
  if (style_ == Style::silent) return;
  const double time = now_();
  const double pause = style_ == Style::bar ? seconds_between_bars : seconds_between_lines;
  // A log that has seen progress also sees the end; a short run leaves no trace in it.
  const bool due = time - last_ >= pause || (done >= total_ && printed_);
  if (due) print(done, time);
}

void Progress::print(std::int64_t done, double time) {
  const std::string text = progress_text(done, total_, before_, time - start_);
  std::string report = fmt::format("{}: {}\n", label_, text);
  if (style_ == Style::bar) {
    const auto full = static_cast<std::size_t>(share(done, total_) * real(bar_width));
    constexpr const char* back_and_erase = "\r\033[K";
    report = fmt::format("{}{} [{}{}] {}", back_and_erase, label_, std::string(full, '#'),
                         std::string(bar_width - full, '.'), text);
  }
  std::fputs(report.c_str(), stream_);  // a failing stream must not end the run
  std::fflush(stream_);
  last_ = time;
  printed_ = true;
}

double Progress::steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace qantar::sim
