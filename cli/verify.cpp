#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/replay.hpp"
#include "cli/table.hpp"

namespace qantar::cli {
namespace {

/// `n` trials spread evenly over the file, the first and the last among them.
std::vector<std::int64_t> spread(const std::vector<std::int64_t>& trials, std::int64_t n) {
  const std::int64_t last = std::ssize(trials) - 1;
  n = std::min(n, last + 1);
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = 0; i < n; ++i)
    chosen.push_back(trials[static_cast<std::size_t>(n == 1 ? 0 : i * last / (n - 1))]);
  return chosen;
}

}  // namespace

int verify(const Call& call) {
  Form form{"qantar verify FILE [--replay N]",
            "Recomputes every digest in a result, then replays some of its trials from the case that it stores and\n"
            "compares them bit for bit. Prints what was checked, or every damage on a line of its own (exit code 5).",
            "qantar verify january.h5 --replay 20",
            {"FILE"}};
  form.options.add_options()("replay", text_value("N", "5"), "trials to replay, spread over the file");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const std::string path = list_of(*given, "FILE").front();
  const auto wanted = static_cast<std::int64_t>(number_of(*given, "replay", 0, 1'000'000'000));

  const auto damages = sim::find_damage(path);
  for (const auto& damage : damages) call.out << path << ": " << damage << "\n";
  if (!damages.empty()) return damaged_result;

  const sim::ResultReader result(path);
  const auto sample = spread(result.trial_numbers(), wanted);
  if (!sample.empty()) {
    const Replay replay(path, result);
    bool differ = false;
    for (const auto trial : sample) try {
        replay.trial(trial);
      } catch (const sim::ResultError& error) {
        call.out << error.what() << "\n";
        differ = true;
      }
    if (differ) return damaged_result;
  }
  const auto made = result.provenance();
  call.out << fmt::format(
      "{}: whole\n  every digest recomputed; content {}\n  written by qantar {} ({})\n  {} replayed of {}, the "
      "same bit for bit\n",
      path, result.content_digest(), made.at("code_version"), made.at("revision"), counted(sample.size(), "trial"),
      result.trials());
  return success;
}

}  // namespace qantar::cli
