// How far a long command has come, for the person who waits. Never part of a result.
#pragma once
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>

namespace qantar::sim {

/// "450 of 1000 trials (45 %), 12.3 a second, 45 s left": what `done` of `total` trials in `seconds` amount
/// to, when `before` of them were there already.
std::string progress_text(std::int64_t done, std::int64_t total, std::int64_t before, double seconds);

/// Reports progress from one thread at a time (the sink of an ensemble): a live bar on a terminal, otherwise
/// a line at most every ten seconds, or nothing.
class Progress {
 public:
  enum class Style { silent, lines, bar };
  /// What suits a stream: a bar when it is a terminal that can rewrite its line.
  static Style style_of(std::FILE* stream);

  /// `label` comes before each report; `before` trials of `total` are there already. `now` gives seconds and
  /// may start anywhere.
  Progress(std::string label, std::int64_t total, Style style, std::int64_t before = 0, std::FILE* stream = stderr,
           std::function<double()> now = steady_seconds);
  ~Progress();  ///< leaves the terminal on a fresh line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Says that `done` trials, including those before, are there, and how many there will be when that has changed.
  void update(std::int64_t done);
  void update(std::int64_t done, std::int64_t total);

  static double steady_seconds();

 private:
  void print(std::int64_t done, double time);

  std::string label_;
  std::int64_t total_, before_;
  Style style_;
  std::FILE* stream_;
  std::function<double()> now_;
  double start_, last_;
  bool printed_ = false;
};

}  // namespace qantar::sim
