#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <numeric>

#include <fmt/format.h>

#include "cli/adjudicated.hpp"
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

/// Recomputes the digest of an adjudication and runs some of the trials of each account once more.
int verify_adjudication(const std::string& path, std::int64_t wanted, const Call& call) {
  const Adjudicated all = read_adjudicated(path);
  if (digest_of(all) != all.digest) {
    call.out << path << ": content_digest does not match the numbers of the file\n";
    return damaged_result;
  }
  sim::Diagnostics diagnostics;
  CheckedCase checked = check_case(path, all.run.input_files, all.run.overrides, diagnostics);
  if (!diagnostics.empty())
    throw sim::ResultError(path + ": this program cannot read the case that it was made from:\n" + diagnostics.text());
  keep_hypotheses(checked.model, "all");
  const auto accounts = accounts_of(checked.model, compared_columns(path, checked).columns);
  std::size_t again = 0;
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const analysis::Trials& trials = all.accounts.at(k).evidence;
    std::vector<std::int64_t> indices(trials.size());
    std::iota(indices.begin(), indices.end(), 0);
    for (const auto index : spread(indices, wanted)) {
      const auto trial = static_cast<std::size_t>(index);
      if (trials.failed[trial]) continue;
      const auto settled = accounts[k].settled(trials.z_of(trial));
      const auto outcomes =
          accounts[k].outcomes(analysis::evidence_key(all.settings.seed, accounts[k].name, trial), settled);
      const auto stored = trials.outcomes_of(trial);
      if (std::memcmp(outcomes.data(), stored.data(), stored.size_bytes()) != 0) {
        call.out << fmt::format("{}: trial {} of {} is not the same when it is run again\n", path, trial,
                                accounts[k].name);
        return damaged_result;
      }
      ++again;
    }
  }
  call.out << fmt::format(
      "{}: whole\n  every digest recomputed; content {}\n  {} of the evidence replayed, the same bit for bit\n", path,
      all.digest, counted(again, "trial"));
  return success;
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

  if (is_adjudication(path)) return verify_adjudication(path, wanted, call);
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
