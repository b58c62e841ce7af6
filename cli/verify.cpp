#include <algorithm>
#include <cstdlib>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/replay.hpp"
#include "cli/text/table.hpp"
#include "cli/verdict/adjudication_file.hpp"
#include "sim/progress.hpp"

namespace qantar::cli {
namespace {

/// `n` trials spread evenly over the file, the first and the last among them.
std::vector<std::int64_t> spread(const std::vector<std::int64_t>& trials, std::int64_t n) {
  const std::int64_t last = std::ssize(trials) - 1;
  n = std::min(n, last + 1);
  std::vector<std::int64_t> chosen;
  for (std::int64_t i = 0; i < n; ++i) chosen.push_back(trials[n == 1 ? 0 : i * last / (n - 1)]);
  return chosen;
}

/// What was found about a file.
struct Verified {
  std::vector<std::string> damages;  ///< none in a file that is whole
  std::string digest, writer;        ///< of a file that is whole
  std::size_t replayed = 0;
  std::int64_t trials = 0;
  std::string of;  ///< " of the evidence", when trials belong to something
};

/// Recomputes the digest of an adjudication and runs some of the trials of each account once more.
Verified verify_adjudication(const std::string& path, std::int64_t wanted) {
  const AdjudicationFile all = read_adjudication(path);
  if (digest_of(all) != all.digest)
    return {{path + ": content_digest does not match the numbers of the file"}, "", "", 0, 0, ""};
  sim::Diagnostics diagnostics;
  CheckedCase checked = check_case(path, all.run.input_files, all.run.overrides, diagnostics);
  if (!diagnostics.empty())
    throw sim::ResultError(path + ": this program cannot read the case that it was made from:\n" + diagnostics.text());
  keep_hypotheses(checked.model, {"all"});
  const auto accounts = accounts_of(checked.model, compared_columns(path, checked).columns);
  Verified found{{}, all.digest, "", 0, 0, " of the evidence"};
  for (std::size_t k = 0; k < accounts.size(); ++k) {
    const analysis::Trials& trials = all.accounts.at(k).evidence;
    std::vector<std::int64_t> indices(trials.size());
    std::iota(indices.begin(), indices.end(), 0);
    for (const auto index : spread(indices, wanted)) {
      const std::size_t trial = index;
      if (trials.failed[trial]) continue;
      if (!analysis::same_again(accounts[k], all.accounts[k], analysis::TrialSet::evidence, trial, all.settings.seed))
        found.damages.push_back(
            fmt::format("{}: trial {} of {} is not the same when it is run again", path, trial, accounts[k].name));
      ++found.replayed;
    }
    found.trials += trials.size();
  }
  return found;
}

Verified verify_trials(const std::string& path, std::int64_t wanted) {
  const sim::ResultReader result(path);
  const auto made = result.provenance();
  Verified found{
      {}, result.content_digest(), fmt::format("qantar {} ({})", made.at("code_version"), made.at("revision")),
      0,  result.trials(),         ""};
  const auto sample = spread(result.trial_numbers(), wanted);
  if (sample.empty()) return found;
  const Replay replay(path, result);
  sim::Progress progress("replaying", std::ssize(sample), sim::Progress::style_of(stderr));
  for (const auto trial : sample) {
    try {
      replay.trial(trial);
    } catch (const sim::ResultError& error) {
      found.damages.emplace_back(error.what());
    }
    progress.update(++found.replayed);
  }
  return found;
}

std::string verified_text(const std::string& path, const Verified& found) {
  std::string text;
  for (const auto& damage : found.damages) text += damage + "\n";
  if (!text.empty()) return text;
  text = fmt::format("{}: whole\n  every digest recomputed; content {}\n", path, found.digest);
  if (!found.writer.empty()) text += fmt::format("  written by {}\n", found.writer);
  return text + fmt::format("  {}{} replayed of {}, the same bit for bit\n", counted(found.replayed, "trial"), found.of,
                            found.trials);
}

nlohmann::json verified_json(const std::string& path, const Verified& found) {
  return {{"file", path},           {"whole", found.damages.empty()}, {"damages", found.damages},
          {"trials", found.trials}, {"replayed", found.replayed},     {"content_digest", found.digest}};
}

}  // namespace

int verify(const Call& call) {
  Form form{"qantar verify FILE [--replay N] [--json]",
            "Recomputes every digest in a result, then replays some of its trials from the case that it stores and\n"
            "compares them bit for bit. Prints what was checked, or every damage on a line of its own (exit code 5).",
            "qantar verify january.h5 --replay 20",
            {"FILE"}};
  form.options.add_options()                                                      //
      ("replay", text_value("N", "5"), "trials to replay, spread over the file")  //
      ("json", "one JSON object instead of text");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const std::string path = list_of(*given, "FILE").front();
  const std::int64_t wanted = number_of(*given, "replay", 0, 1'000'000'000);

  Verified found;
  for (const auto& damage : sim::find_damage(path)) found.damages.push_back(path + ": " + damage);
  if (found.damages.empty())
    found = is_adjudication(path) ? verify_adjudication(path, wanted) : verify_trials(path, wanted);
  call.out << (given->count("json") ? verified_json(path, found).dump(2) + "\n" : verified_text(path, found));
  return found.damages.empty() ? success : damaged_result;
}

}  // namespace qantar::cli
