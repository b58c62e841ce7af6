// `qantar sweep submit` with a real Slurm: whatever happens to nodes and jobs, the numbers are those of one machine.
#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/results/result_file.hpp"
#include "tests/cluster/lab.hpp"

namespace qantar::testing {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Json = nlohmann::json;

/// A sweep of the small case over `trials`, each of which takes some hundredths of a second.
std::string design(int trials) {
  return fmt::format(
      "title = \"A sweep that takes a while\"\ncase = \"{}\"\nhypotheses = [\"quiet_line\"]\n"
      "set = [\"case.persons_per_agent = 1\", \"places.port.population = 3000000\"]\n"
      "[design]\nkind = \"latin_hypercube\"\npoints = 10\nreplicates = {}\n"
      "[[factors]]\nkey = \"threshold\"\nlow = 0.05\nhigh = 0.15\n",
      small_case(), trials / 10);
}

class Cluster : public ::testing::Test {
 protected:
  void SetUp() override {
    lab_.emplace();
    if (!lab_->absent().empty()) GTEST_SKIP() << lab_->absent();
  }

  /// Plans the sweep, runs it here as well, and keeps the digest of that.
  void plan(int trials) {
    write_file(folder_ / "design.toml", design(trials));
    const std::string there = sweep().string(), here = (folder_ / "here").string();
    for (const auto& dir : {there, here})
      ASSERT_EQ(qantar({"sweep", "plan", (folder_ / "design.toml").string(), "--dir", dir}).code, 0);
    ASSERT_EQ(qantar({"sweep", "run", here, "--quiet"}).code, 0);
    const Ended merged = qantar({"sweep", "merge", here, "-o", (folder_ / "here.h5").string(), "--quiet", "--json"});
    ASSERT_EQ(merged.code, 0) << merged.err;
    digest_ = Json::parse(merged.out).at("content_digest").get<std::string>();
  }

  /// A number of trials that keep one core of this machine busy for about so many seconds.
  int trials_for(double busy) const {
    write_file(folder_ / "tried.toml", design(10));
    const Ended tried = qantar({"sweep", "plan", (folder_ / "tried.toml").string(), "--dry-run", "--json"});
    EXPECT_EQ(tried.code, 0) << tried.err;
    const double cost = Json::parse(tried.out).at("seconds_per_trial").get<double>();
    return 10 * std::max(1, static_cast<int>(busy / 10 / cost));
  }

  Json submit(const std::string& more_of_site = "", const std::string& time = "00:10:00") {
    write_file(folder_ / "site.toml",
               fmt::format("time = \"{}\"\nmemory = \"100M\"\nshards = {}\n{}", time, shards_, more_of_site));
    const Ended ended =
        qantar({"sweep", "submit", sweep().string(), "--site", (folder_ / "site.toml").string(), "--json"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.code == 0 ? Json::parse(ended.out) : Json();
  }

  /// Waits until every task has begun a part, and says where each runs.
  std::map<int, std::string> all_at_work(const Json& submitted) const {
    const std::string array = submitted.at("array_job").get<std::string>();
    EXPECT_TRUE(within(seconds(30), [&] {
      return running_tasks(array).size() == static_cast<std::size_t>(shards_) && half_written() == shards_;
    })) << logs();
    return running_tasks(array);
  }

  int half_written() const {
    int n = 0;
    for (const auto& entry : fs::directory_iterator(sweep() / "parts"))
      n += entry.path().filename().string().find(".tmp.") != std::string::npos;
    return n;
  }

  void expect_the_same_numbers(seconds patience = seconds(60)) const {
    const fs::path file = sweep() / "result.h5";
    ASSERT_TRUE(within(patience, [&] { return fs::exists(file); })) << logs();
    EXPECT_EQ(sim::ResultReader(file).content_digest(), digest_);
  }

  pid_t the_only_worker() const {
    std::vector<pid_t> found;
    EXPECT_TRUE(within(seconds(60), [&] {
      found = workers(sweep(), "0/1");
      return found.size() == 1 && half_written() == 1;
    })) << logs();
    return found.empty() ? 0 : found.front();
  }

  bool queue_is_empty() const { return Running("squeue", {"--noheader"}).finish().out.empty(); }

  /// All that jobs have said, of names that end like this.
  std::string logs(const std::string& ending = ".log") const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(sweep() / "slurm/logs"))
      if (entry.path().string().ends_with(ending)) files.push_back(entry.path());
    std::ranges::sort(files);
    std::string text;
    for (const auto& file : files) text += file.filename().string() + "\n" + text_of(file) + "\n";
    return text;
  }

  /// With a blank, which a batch script must get right.
  fs::path sweep() const { return folder_ / "a sweep"; }

  Folder folder_;
  std::optional<Lab> lab_;
  std::string digest_;
  int shards_ = 4;
};

Ended slurm(const std::string& program, const std::vector<std::string>& words) {
  Ended ended = Running(program, words).finish();
  EXPECT_EQ(ended.code, 0) << program << ": " << ended.err;
  return ended;
}

TEST_F(Cluster, GivesTheNumbersOfOneMachine) {
  plan(40);
  const Json submitted = submit();
  EXPECT_EQ(submitted.at("state"), "submitted");
  EXPECT_THAT(submitted.at("missing_shards"), ElementsAre(0, 1, 2, 3));
  const Ended again = qantar({"sweep", "submit", sweep().string()});
  EXPECT_EQ(again.code, 3);
  EXPECT_THAT(again.err, HasSubstr("still in the queue"));
  expect_the_same_numbers();
  EXPECT_TRUE(within(seconds(20), [&] { return queue_is_empty(); }));
  EXPECT_THAT(logs("_3.log"), HasSubstr("shard 3/4: 10 of 10 trials done"));
  const Ended nothing = qantar({"sweep", "submit", sweep().string()});
  EXPECT_EQ(nothing.code, 0) << nothing.err;
  EXPECT_THAT(nothing.out, HasSubstr("nothing to submit"));
  fs::remove(sweep() / "result.h5");
  const Json merge_only = submit();
  EXPECT_TRUE(merge_only.at("array_job").is_null());
  expect_the_same_numbers();
}

TEST_F(Cluster, GoesOnAfterEverythingThatEndsATask) {
  plan(trials_for(20));
  const Json submitted = submit();
  const std::string array = submitted.at("array_job").get<std::string>();
  auto nodes = all_at_work(submitted);
  ASSERT_THAT(nodes, SizeIs(4));
  lab_->kill_node(nodes[0]);
  slurm("scancel", {array + "_1"});
  slurm("scancel", {"--batch", "--signal=TERM", array + "_2"});
  slurm("sbatch", {"--partition=urgent", "--nodelist=" + nodes[3], "--output=/dev/null", "--wrap=sleep 1"});
  expect_the_same_numbers();
  EXPECT_TRUE(within(seconds(20), [&] { return queue_is_empty(); }));
  for (const char* sealed : {"_1.log", "_2.log", "_3.log"})
    EXPECT_THAT(logs(sealed), HasSubstr("what is done is sealed")) << "not a clean end";
  EXPECT_THAT(logs("-follow.log"), HasSubstr("shards 0-3 of 4"));
}

TEST_F(Cluster, TwoLiveCopiesOfAShardDoNoHarm) {
  const int trials = trials_for(12);
  plan(trials);
  auto nodes = all_at_work(submit());
  ASSERT_THAT(nodes, SizeIs(4));
  const auto first = workers(sweep(), "2/4");
  ASSERT_THAT(first, SizeIs(1));
  lab_->cut_node(nodes[2]);
  // Held until its copy is at work, so that both are for sure.
  kill(first.front(), SIGSTOP);
  const bool both = within(seconds(60), [&] { return workers(sweep(), "2/4").size() == 2 && half_written() == 2; });
  kill(first.front(), SIGCONT);
  ASSERT_TRUE(both) << logs();
  expect_the_same_numbers();
  EXPECT_TRUE(within(seconds(30), [&] { return workers(sweep(), "2/4").empty(); }));
  const Json status = Json::parse(qantar({"sweep", "status", sweep().string(), "--json"}).out);
  EXPECT_EQ(status.at("done"), trials);
  EXPECT_EQ(status.at("parts"), 4);
  EXPECT_EQ(status.at("being_written"), 0);
  EXPECT_THAT(status.at("foreign"), IsEmpty());
  fs::remove(sweep() / "result.h5");
  EXPECT_EQ(qantar({"sweep", "merge", sweep().string(), "-o", (sweep() / "result.h5").string()}).code, 0);
  expect_the_same_numbers();
}

TEST_F(Cluster, SaysHowToGoOnWhereJobsMaySubmitNone) {
  plan(trials_for(12));
  const Json submitted = submit("setup = ['[[ ${SLURM_ARRAY_TASK_ID:-} ]] || PATH=/nowhere']\n");
  const std::string array = submitted.at("array_job").get<std::string>();
  ASSERT_THAT(all_at_work(submitted), SizeIs(4));
  slurm("scancel", {array + "_1", array + "_3"});
  const auto follow_said = [&](const std::string& text) { return logs("-follow.log").find(text) != std::string::npos; };
  ASSERT_TRUE(within(seconds(40), [&] { return follow_said("from a login node"); })) << logs();
  EXPECT_TRUE(follow_said("sbatch: is not on this machine")) << logs("-follow.log");
  ASSERT_TRUE(within(seconds(20), [&] { return queue_is_empty(); }));
  EXPECT_THAT(submit().at("missing_shards"), ElementsAre(1, 3));
  expect_the_same_numbers();
}

TEST_F(Cluster, GivesUpAfterItsAttempts) {
  plan(10);
  submit("attempts = 2\nsetup = ['[[ ${SLURM_ARRAY_TASK_ID:-} != 2 ]] || exit 9']\n");
  ASSERT_TRUE(within(seconds(40), [&] {
    return logs("-follow.log").find("missing after 2 rounds") != std::string::npos;
  })) << logs();
  EXPECT_THAT(logs("-follow.log"), HasSubstr("(shards 2 of 4)"));
  // The job that said so may take a while to end.
  ASSERT_TRUE(within(seconds(40), [&] { return queue_is_empty(); })) << logs();
  EXPECT_THAT(submit().at("missing_shards"), ElementsAre(2));
  expect_the_same_numbers();
}

// No limit is shorter than a minute, and Slurm looks at limits twice a minute: these two take that long.
TEST_F(Cluster, SealsWhenWarnedOfTheTimeLimit) {
  shards_ = 1;
  plan(trials_for(8));
  submit("attempts = 9\n", "00:01:00");
  // Held, so that it ends neither with its trials nor by its own clock. The warning wakes it.
  const pid_t worker = the_only_worker();
  ASSERT_GT(worker, 0);
  kill(worker, SIGSTOP);
  expect_the_same_numbers(seconds(200));
  EXPECT_THAT(logs("_0.log"), HasSubstr("what is done is sealed"));
}

TEST_F(Cluster, GoesOnAfterTheTimeLimit) {
  shards_ = 1;
  plan(trials_for(8));
  const std::string tried = (folder_ / "tried").string();
  const Json submitted = submit(
      "attempts = 9\nsetup = ['[[ -e " + tried + " ]] || { touch " + tried + "; trap \"\" TERM; }']\n", "00:01:00");
  // Deaf to the warning and held again whenever it is woken, until the job is over at the limit.
  const pid_t worker = the_only_worker();
  ASSERT_GT(worker, 0);
  std::string job;
  EXPECT_TRUE(within(seconds(200), [&] {
    job = Running("scontrol", {"show", "job", submitted.at("array_job").get<std::string>()}).finish().out;
    if (job.find("JobState=RUNNING") == std::string::npos) return true;
    kill(worker, SIGSTOP);
    return false;
  }));
  EXPECT_THAT(job, HasSubstr("Reason=TimeLimit"));
  expect_the_same_numbers();
}

}  // namespace
}  // namespace qantar::testing
