#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/spawn.hpp"
#include "cli/sweep/job_scripts.hpp"
#include "cli/sweep/sweep.hpp"
#include "cli/text/table.hpp"
#include "sim/config/document.hpp"
#include "sim/config/text_file.hpp"
#include "sim/results/replacement.hpp"

namespace qantar::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Where no site file is named, that of the last submission is taken.
ClusterSite site_of(const std::string& file, std::string& text) {
  sim::Diagnostics diagnostics;
  ClusterSite site;
  if (const auto read = sim::read_text(file, file, diagnostics)) {
    text = *read;
    site = read_cluster_site(text, file, diagnostics);
  }
  if (!diagnostics.empty())
    throw sim::InputError(
        fmt::format("{}\n{}; nothing was done", diagnostics.text(), counted(diagnostics.problems().size(), "problem")));
  return site;
}

void write_text(const fs::path& path, const std::string& text) {
  sim::write_text_file(path, true, [&](std::ostream& out) { out << text; });
}

/// What a sweep lacks, as its parts' names say it: what `sweep run` would run.
struct Lack {
  std::int64_t trials = 0, shards = 0;
  std::vector<std::int64_t> numbers;  ///< of the shards that lack some
};

Lack lack_of(const Sweep& sweep, const ClusterSite& site) {
  Lack lack;
  const std::int64_t all = sweep.swept.trials();
  lack.shards = std::min(static_cast<std::int64_t>(site.shards), all);
  const auto ledger = sim::read_ledger(sweep.context.folder, sweep.context.run.sweep.experiment);
  const auto gaps = sim::missing(ledger.parts, {0, all});
  for (const auto& gap : gaps) lack.trials += gap.last - gap.first;
  auto gap = gaps.begin();
  for (std::int64_t i = 0; i < lack.shards; ++i) {
    const sim::TrialRange mine = sim::share(all, i, lack.shards);
    while (gap != gaps.end() && gap->last <= mine.first) ++gap;
    if (gap != gaps.end() && gap->first < mine.last) lack.numbers.push_back(i);
  }
  return lack;
}

enum class Merged { absent, partial, whole };

/// What lies where the merged result belongs. Throws OutputError when it is something else.
Merged merged(const Sweep& sweep, const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return Merged::absent;
  sim::SweepDescription said;
  try {
    said = sim::ResultReader(file).run().sweep;
  } catch (const sim::ResultError& e) {
    throw sim::ResultError(fmt::format("{}. Delete it, and submit again", e.what()));
  }
  if (said.experiment != sweep.context.run.sweep.experiment)
    throw sim::OutputError(
        fmt::format("{}: is a result of something else, and stays. Move it away, or name another file "
                    "as result in the site file",
                    file.string()));
  return said.missing.empty() ? Merged::whole : Merged::partial;
}

/// The submissions of one call.
class Queue {
 public:
  Queue(const JobPlaces& places, bool dry) : places_(places), dry_(dry) {}

  /// Throws InputError when jobs of an earlier call are still there, for they would do the same work.
  void check_nobody_is_at_work() const {
    constexpr std::uintmax_t most_bytes = 1 << 20;
    if (dry_ || !sim::can_be_read_to_its_end(places_.jobs(), most_bytes)) return;
    std::ifstream in(places_.jobs());
    const Json before = Json::parse(std::string{std::istreambuf_iterator<char>(in), {}}, nullptr, false);
    if (!before.is_object() || !before.contains("jobs") || !before.at("jobs").is_array()) return;
    std::vector<std::string> ids;
    for (const auto& id : before.at("jobs"))
      if (id.is_string()) ids.push_back(id.get<std::string>());
    if (ids.empty()) return;
    // An id that Slurm has forgotten is an error of squeue, and means that nobody is at work.
    const SpawnEnd end =
        spawn({"squeue", "--noheader", "--format=%F", "--jobs", fmt::format("{}", fmt::join(ids, ","))});
    if (!end.started || end.code != 0 || end.out.find_first_of("0123456789") == std::string::npos) return;
    throw sim::InputError(
        fmt::format("{}: jobs {} of this sweep are still in the queue; nothing was submitted. Wait for "
                    "them, end them with scancel {}, or submit all the same with --again",
                    places_.jobs().string(), fmt::join(ids, " and "), fmt::join(ids, " ")));
  }

  /// Returns the id of the job. Throws OutputError with what sbatch says.
  std::string submit(std::vector<std::string> words) {
    words.insert(words.begin(), {"sbatch", "--parsable"});
    commands.push_back(quoted(words));
    if (dry_) return "";
    const SpawnEnd end = spawn(words);
    if (!end.started)
      throw sim::OutputError(
          "sbatch: is not on this machine, so no job can be submitted from here. Submit on a login node of the "
          "cluster, "
          "or run the shards yourself: qantar sweep run " +
          quoted({places_.folder.string()}));
    std::string id;
    std::istringstream lines(end.out);
    for (std::string line; std::getline(lines, line);) {
      const std::string word = line.substr(0, line.find(';'));  // "12" or "12;cluster", after greetings of the site
      if (!word.empty() && word.find_first_not_of("0123456789") == std::string::npos) id = word;
    }
    if (end.code != 0 || id.empty())
      throw sim::OutputError(fmt::format(
          "{}\nfailed with exit code {}: {}{}A refusal is usually about a key of the site file.", commands.back(),
          end.code, end.err.empty() ? "it said nothing" : end.err, end.err.ends_with('\n') ? "" : "\n"));
    jobs.push_back(id);
    write_text(places_.jobs(), Json{{"jobs", jobs}}.dump(1) + "\n");
    return id;
  }

  std::vector<std::string> commands, jobs;

 private:
  const JobPlaces& places_;
  bool dry_;
};

/// One call of `submit`, or the end of a round that such a call began.
class Submission {
 public:
  Submission(const Call& call, const po::variables_map& given)
      : call_(call),
        folder_(list_of(given, "DIR").front()),
        dry_(given.count("dry-run") > 0),
        json_(given.count("json") > 0),
        again_(given.count("again") > 0),
        round_(given.count("round") ? static_cast<std::int64_t>(number_of(given, "round", 1, 1'000'000)) : 0),
        sweep_(folder_.string(), call),
        site_(site_of(file_of(given), site_text_)),
        places_(folder_, site_),
        lack_(lack_of(sweep_, site_)),
        queue_(places_, dry_) {}

  int go() {
    const Merged there = merged(sweep_, places_.result);
    if (lack_.trials == 0 && there == Merged::whole) return say_that_all_is_there();
    if (round_ > 0 && lack_.trials == 0) return merge_here(there == Merged::partial);
    if (round_ > 0 && round_ >= static_cast<std::int64_t>(site_.attempts)) return give_up();
    if (round_ == 0 && !again_) queue_.check_nobody_is_at_work();
    write_scripts();
    try {
      submit();
    } catch (const sim::OutputError& error) {
      throw sim::OutputError(std::string(error.what()) + how_to_go_on());
    }
    json_ ? print_json("submitted") : print();
    return success;
  }

 private:
  std::string file_of(const po::variables_map& given) const {
    if (given.count("site")) return text_of(given, "site");
    const fs::path last = folder_ / "slurm" / "site.toml";
    std::error_code error;
    if (!fs::exists(last, error)) throw UsageError("say how jobs are asked for here: --site SITE.toml");
    return last.string();
  }

  void write_scripts() const {
    std::error_code error;
    fs::create_directories(places_.logs(), error);
    if (error) throw sim::OutputError(fmt::format("{}: cannot be made: {}", places_.logs().string(), error.message()));
    write_text(places_.site(), site_text_);
    write_text(places_.shard_script(), shard_script(site_, places_, lack_.shards));
    write_text(places_.follow_script(), follow_script(site_, places_));
  }

  void submit() {
    const std::string round = fmt::format("{}", round_ + 1);
    std::vector<std::string> follow{places_.follow_script().string(), round};
    if (lack_.trials > 0) {
      array_ = queue_.submit({fmt::format("--array={}{}", array_text(lack_.numbers),
                                          site_.throttle > 0 ? fmt::format("%{}", site_.throttle) : ""),
                              places_.shard_script().string()});
      // Whatever becomes of the tasks: what counts are the files.
      follow.insert(follow.begin(), "--dependency=afterany:" + (dry_ ? "ARRAY" : array_));
    }
    follow_ = queue_.submit(follow);
  }

  std::string how_to_go_on() const {
    std::string text;
    if (!array_.empty())
      text += fmt::format("\nThe array is job {} and does its work, but no job waits for its end.", array_);
    else
      text += "\nNothing was submitted.";
    if (round_ > 0) text += " Perhaps this node may not submit jobs.";
    return text + fmt::format(" {}o on from a login node with:\n  qantar sweep submit {}",
                              array_.empty() ? "G" : "Once it has ended, g", quoted({places_.folder.string()}));
  }

  int merge_here(bool replace) const {
    std::vector<std::string> words{places_.folder.string(), "-o", places_.result.string(), "--quiet"};
    if (replace) words.emplace_back("--force");
    if (json_) words.emplace_back("--json");
    auto line = words;
    line.insert(line.begin(), {places_.program.string(), "sweep", "merge"});
    try {
      return sweep_merge({words, quoted(line), call_.out, call_.err});
    } catch (const sim::ResultError& error) {
      throw sim::ResultError(fmt::format("{}\nThen go on with:\n  qantar sweep submit {}", error.what(),
                                         quoted({places_.folder.string()})));
    }
  }

  int give_up() const {
    call_.err << fmt::format(
        "qantar sweep submit: {} of {} are missing after {}, and the site file allows no more. The logs in {} say why "
        "(shards {} of {}). Go on with:\n  qantar sweep submit {}\n",
        lack_.trials, counted(sweep_.swept.trials(), "trial"), counted(round_, "round"), places_.logs().string(),
        array_text(lack_.numbers), lack_.shards, quoted({places_.folder.string()}));
    if (json_) print_json("gave up");
    return interrupted;
  }

  int say_that_all_is_there() const {
    if (json_)
      print_json("done");
    else
      call_.out << fmt::format("nothing to submit: all {} are there, and the result is {}\n",
                               counted(sweep_.swept.trials(), "trial"), places_.result.string());
    return success;
  }

  void print_json(const char* state) const {
    const auto job = [](const std::string& id) { return id.empty() ? Json() : Json(id); };
    call_.out << Json{{"experiment", sweep_.context.run.sweep.experiment},
                      {"state", dry_ && !queue_.commands.empty() ? "dry run" : state},
                      {"trials", sweep_.swept.trials()},
                      {"missing", lack_.trials},
                      {"shards", lack_.shards},
                      {"missing_shards", lack_.numbers},
                      {"array_job", job(array_)},
                      {"follow_job", job(follow_)},
                      {"commands", queue_.commands},
                      {"result", places_.result.string()}}
                     .dump(2)
              << "\n";
  }

  void print() const {
    std::ostream& out = call_.out;
    const std::string dir = quoted({places_.folder.string()});
    if (dry_) {
      // A shell runs these lines as they are.
      std::string first = queue_.commands.front(), last = queue_.commands.back();
      if (lack_.trials > 0) {
        first = fmt::format("array=$({})\n", first);
        last.replace(last.find("afterany:ARRAY"), 14, "afterany:\"${array%%;*}\"");
      }
      out << (lack_.trials > 0 ? first : "") << last << "\n";
      return;
    }
    out << fmt::format("missing  {} of {}\n", lack_.trials, counted(sweep_.swept.trials(), "trial"));
    if (lack_.trials > 0)
      out << fmt::format("array    job {}: shards {} of {}\n", array_, array_text(lack_.numbers), lack_.shards);
    out << fmt::format("then     job {}: {}\nresult   {}\nlogs     {}\n", follow_,
                       lack_.trials > 0 ? fmt::format("merges, or submits what is missing then (round {} of {})",
                                                      round_ + 1, site_.attempts)
                                        : "merges",
                       places_.result.string(), places_.logs().string());
    if (round_ > 0) return;
    out << fmt::format("\nWatch it: qantar sweep status {}\nEnd it:   scancel {}\n", dir, fmt::join(queue_.jobs, " "));
  }

  const Call& call_;
  const fs::path folder_;
  const bool dry_, json_, again_;
  const std::int64_t round_;  ///< that has ended; 0 when a person calls
  const Sweep sweep_;
  std::string site_text_;
  const ClusterSite site_;
  const JobPlaces places_;
  const Lack lack_;
  Queue queue_;
  std::string array_, follow_;  ///< ids of jobs
};

}  // namespace

int sweep_submit(const Call& call) {
  Form form{
      "qantar sweep submit DIR --site SITE.toml [--dry-run] [--json]",
      "Hands what is missing of a sweep to Slurm: a job array with one task for each shard, and a job that looks at\n"
      "the files afterwards. It merges when all is there, and submits again what is missing until the site file's\n"
      "attempts are used up. Called again, it submits what is missing then. Scripts, logs and a copy of the site\n"
      "file go to DIR/slurm; without --site that copy is used.",
      "qantar sweep submit almaty --site configs/sites/slurm.toml",
      {"DIR"}};
  form.options.add_options()                                                                   //
      ("site", text_value("SITE.toml"), "how jobs are asked for on this cluster")              //
      ("dry-run", "write the scripts and print what would be submitted")                       //
      ("again", "submit although jobs of an earlier call are still in the queue")              //
      ("round", text_value("N"), "for the job scripts: go on after the N-th round has ended")  //
      ("json", "one JSON object instead of a text");
  const auto given = parse(std::move(form), call);
  if (!given) return success;
  return Submission(call, *given).go();
}

}  // namespace qantar::cli
