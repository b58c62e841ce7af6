#include "sim/config/diagnostics.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace qantar::sim {

std::string Problem::text() const {
  std::string place = where.file;
  if (where.line > 0) place += fmt::format(":{}:{}", where.line, where.column);
  return place + ": " + (key.empty() ? "" : key + ": ") + message;
}

void Diagnostics::add(SourcePlace where, std::string key, std::string message) {
  Problem problem{std::move(where), std::move(key), std::move(message)};
  const std::string text = problem.text();
  if (std::ranges::none_of(problems_, [&](const Problem& p) { return p.text() == text; }))
    problems_.push_back(std::move(problem));
}

void Diagnostics::add(const Diagnostics& others) {
  for (const auto& p : others.problems()) add(p.where, p.key, p.message);
}

std::string Diagnostics::text() const {
  auto sorted = problems_;
  std::ranges::stable_sort(sorted, {},
                           [](const Problem& p) { return std::tuple(p.where.file, p.where.line, p.where.column); });
  std::string out;
  for (const auto& p : sorted) out += (out.empty() ? "" : "\n") + p.text();
  return out;
}

namespace {

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours each cost one.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

}  // namespace

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string nearest_hint(std::string_view written, const std::vector<std::string>& known) {
  if (written.size() > 100) return "";
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(1, written.size() / 3) + 1;
  for (const auto& name : known) {
    const std::size_t distance = edit_distance(written, name);
    if (distance < best_distance) {
      best = &name;
      best_distance = distance;
    }
  }
  return best ? fmt::format("; did you mean \"{}\"?", *best) : "";
}

}  // namespace qantar::sim
