#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numeric>
#include <random>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/statistics/sampling.hpp"
#include "cli/calibration/calibration_file.hpp"
#include "cli/commands.hpp"
#include "cli/replay.hpp"
#include "cli/text/table.hpp"
#include "cli/verdict/adjudication_file.hpp"
#include "sim/progress.hpp"

namespace qantar::cli {
namespace {

/// Which trials are replayed.
struct Sample {
  std::int64_t wanted = 0;  ///< of a result, or of each account of an adjudication or calibration
  std::uint64_t seed = 0;   ///< without it nobody can foresee them, who forges a row or two

  std::vector<std::int64_t> of(const std::vector<std::int64_t>& trials) const {
    std::vector<std::int64_t> chosen;
    std::mt19937_64 random(seed);
    std::ranges::sample(trials, std::back_inserter(chosen), wanted, random);
    return chosen;
  }
};

std::uint64_t unforeseen() {
  std::random_device random;
  return (std::uint64_t{random()} << 32 | random()) >> 12;  // short enough to be typed, and exact in JSON
}

/// What was found about a file.
struct Verified {
  std::vector<std::string> damages;  ///< none in a file that is whole
  std::string digest, writer;        ///< of a file that is whole
  std::int64_t replayed = 0, trials = 0;
  std::string of;  ///< " of the evidence", when trials belong to something
};

/// Recomputes the digest of an adjudication and runs some of the trials of each account once more.
Verified verify_adjudication(const sim::FinishedFile& file, const Sample& sample) {
  const std::string path = file.path.string();
  const AdjudicationFile all = read_adjudication(file);
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
    for (const auto index : sample.of(indices)) {
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

/// The same of a calibration.
Verified verify_calibration(const sim::FinishedFile& file, const Sample& sample) {
  const std::string path = file.path.string();
  const CalibrationFile all = read_calibration(file);
  if (digest_of(all) != all.digest)
    return {{path + ": content_digest does not match the numbers of the file"}, "", "", 0, 0, ""};
  sim::Diagnostics diagnostics;
  const CheckedCase checked = check_case(path, all.run.input_files, all.run.overrides, diagnostics);
  if (!diagnostics.empty())
    throw sim::ResultError(path + ": this program cannot read the case that it was made from:\n" + diagnostics.text());
  const auto accounts = accounts_of(checked.model, compared_columns(path, checked).columns);
  Verified found{{}, all.digest, "", 0, 0, ""};
  for (const auto& [run, posterior] : all.accounts) {
    const auto account = std::ranges::find(accounts, run.name, &analysis::Account::name);
    if (account == accounts.end())
      throw sim::ResultError(fmt::format("{}: the case that it was made from has no account {}", path, run.name));
    std::vector<std::int64_t> indices(run.done());
    std::iota(indices.begin(), indices.end(), 0);
    for (const auto index : sample.of(indices)) {
      const auto wave = static_cast<std::size_t>(index / all.settings.trials);
      const auto trial = static_cast<std::size_t>(index % all.settings.trials);
      if (run.waves.at(wave).failed.at(trial)) continue;
      if (!analysis::same_again(*account, run, wave, trial, all.settings.seed))
        found.damages.push_back(fmt::format("{}: trial {} of wave {} of {} is not the same when it is run again", path,
                                            trial, wave + 1, run.name));
      ++found.replayed;
    }
    found.trials += run.done();
  }
  return found;
}

/// Where the row of a merged trial came from.
std::string origin_of(std::int64_t trial, const sim::SweepDescription& sweep) {
  for (const auto& [trials, host, started, sha256] : sweep.origins)
    if (trial >= trials.first && trial < trials.last)
      return fmt::format(". It came in the part of trials {}-{}, made on {} from {}, SHA-256 {}", trials.first,
                         trials.last - 1, host, started, sha256);
  return "";
}

Verified verify_trials(sim::FinishedFile file, const Sample& sample) {
  const std::string path = file.path.string();
  const sim::ResultReader result(std::move(file));
  const auto made = result.provenance();
  Verified found{
      {}, result.content_digest(), fmt::format("qantar {} ({})", made.at("code_version"), made.at("revision")),
      0,  result.trials(),         ""};
  const auto chosen = sample.of(result.trial_numbers());
  if (chosen.empty()) return found;
  const Replay replay(path, result);
  sim::Progress progress("replaying", std::ssize(chosen), sim::Progress::style_of(stderr));
  for (const auto trial : chosen) {
    try {
      replay.trial(trial);
    } catch (const sim::ResultError& error) {
      found.damages.push_back(error.what() + origin_of(trial, result.run().sweep));
    }
    progress.update(++found.replayed);
  }
  return found;
}

/// In the sentence on what replaying shows, one in so many trials is forged.
constexpr std::int64_t one_in = 100;

std::string verified_text(const std::string& path, const Verified& found, const Sample& sample) {
  std::string text;
  for (const auto& damage : found.damages) text += damage + "\n";
  if (!text.empty()) return text;
  text = fmt::format("{}: whole\n  every digest recomputed; content {}\n", path, found.digest);
  if (!found.writer.empty()) text += fmt::format("  written by {}\n", found.writer);
  text += fmt::format("  {}{} replayed of {}, the same bit for bit", counted(found.replayed, "trial"), found.of,
                      found.trials);
  if (found.replayed == 0 || found.replayed == found.trials) return text + "\n";
  const std::int64_t forged = std::max<std::int64_t>(1, found.trials / one_in);
  return text + fmt::format(
                    ", drawn with --seed {}\n"
                    "  a seal shows accidents, not forgery: had {} been changed and sealed anew, so few replays would "
                    "find it\n"
                    "  with a probability of {:.2f}; --replay all finds any\n",
                    sample.seed, counted(forged, "trial"),
                    analysis::chance_of_meeting(forged, found.trials, found.replayed));
}

nlohmann::json verified_json(const std::string& path, const Verified& found, const Sample& sample) {
  return {{"file", path},           {"whole", found.damages.empty()}, {"damages", found.damages},
          {"trials", found.trials}, {"replayed", found.replayed},     {"content_digest", found.digest},
          {"seed", sample.seed}};
}

}  // namespace

int verify(const Call& call) {
  Form form{
      "qantar verify FILE [--replay N|all] [--seed S] [--json]",
      "Recomputes every digest in a result, then replays some of its trials from the case that it stores and\n"
      "compares them bit for bit. Prints what was checked, or every damage on a line of its own (exit code 5).\n"
      "Digests protect from accidents only: whoever changes a file on purpose can seal it anew. What that person\n"
      "cannot do is make trials come out so when they are run again.",
      "qantar verify january.h5 --replay 20",
      {"FILE"}};
  form.options.add_options()                                                         //
      ("replay", text_value("N", "5"), "trials to replay, drawn at random; or all")  //
      ("seed", text_value("S"), "draw the same trials as a verify that printed S")   //
      ("json", "one JSON object instead of text");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  const std::string path = list_of(*given, "FILE").front();
  const Sample sample{text_of(*given, "replay") == "all"
                          ? std::numeric_limits<std::int64_t>::max()
                          : static_cast<std::int64_t>(number_of(*given, "replay", 0, 1'000'000'000)),
                      given->count("seed") ? number_of(*given, "seed", 0, UINT64_MAX) : unforeseen()};

  Verified found;
  for (const auto& damage : sim::find_damage(path)) found.damages.push_back(path + ": " + damage);
  if (found.damages.empty()) {
    sim::FinishedFile file = sim::open_finished(path);
    found = is_adjudication(file)  ? verify_adjudication(file, sample)
            : is_calibration(file) ? verify_calibration(file, sample)
                                   : verify_trials(std::move(file), sample);
  }
  call.out << (given->count("json") ? verified_json(path, found, sample).dump(2) + "\n"
                                    : verified_text(path, found, sample));
  return found.damages.empty() ? success : damaged_result;
}

}  // namespace qantar::cli
