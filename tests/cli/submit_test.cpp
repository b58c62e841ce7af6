// What `sweep submit` asks a Slurm for that is played by scripts; tests/cluster has a real one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using Json = nlohmann::json;

class Submit : public ::testing::Test {
 protected:
  void SetUp() override {
    write_file(folder_ / "design.toml", "title = \"Small\"\ncase = \"" + small_case() +
                                            "\"\nhypotheses = [\"quiet_line\"]\n"
                                            "[design]\nkind = \"latin_hypercube\"\npoints = 8\n"
                                            "[[factors]]\nkey = \"threshold\"\nlow = 0.05\nhigh = 0.15\n");
    ASSERT_EQ(qantar({"sweep", "plan", (folder_ / "design.toml").string(), "--dir", dir()}).code, 0);
    site("time = \"01:00:00\"\nshards = 4\n");
    fs::create_directory(folder_ / "bin");
    play("sbatch",
         "echo \"$@\" >>\"${0%/*}/asked\"; echo \"welcome to the cluster\"; echo \"1$(wc -l <\"${0%/*}/asked\");lab\"");
    play("squeue", "exit 1");
  }

  void site(const std::string& text) const { write_file(folder_ / "site.toml", text); }
  void play(const std::string& program, const std::string& lines) const {
    write_file(folder_ / "bin" / program, "#!/bin/bash\n" + lines + "\n");
    fs::permissions(folder_ / "bin" / program, fs::perms::owner_all);
  }
  std::string dir() const { return (folder_ / "sweep").string(); }
  std::string asked() const { return text_of(folder_ / "bin/asked"); }
  std::string script(const std::string& name) const { return text_of(folder_ / "sweep/slurm" / name); }

  Ended submit(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"PATH=" + (folder_ / "bin").string() + ":/usr/bin:/bin",
                                   QANTAR_PROGRAM,
                                   "sweep",
                                   "submit",
                                   dir(),
                                   "--site",
                                   (folder_ / "site.toml").string()};
    words.insert(words.end(), more.begin(), more.end());
    return Running("env", words).finish();
  }

  Folder folder_;
};

TEST_F(Submit, AsksForAnArrayAndForAJobAfterwards) {
  site(
      "time = \"1-00:00:00\"\nshards = 4\nthrottle = 2\ncpus = 3\naccount = \"a\"\npartition = \"p,q\"\nqos = \"z\"\n"
      "memory = \"4G\"\nmodules = [\"hdf5/1.10\", \"fmt\"]\nsetup = [\"export A=1\"]\n");
  const Ended ended = submit({"--json"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, IsEmpty());
  const Json said = Json::parse(ended.out);
  EXPECT_EQ(said.at("array_job"), "11");
  EXPECT_EQ(said.at("follow_job"), "12");
  EXPECT_EQ(said.at("result"), dir() + "/result.h5");
  EXPECT_EQ(asked(), "--parsable --array=0-3%2 " + dir() + "/slurm/shard.sh\n--parsable --dependency=afterany:11 " +
                         dir() + "/slurm/follow.sh 1\n");
  for (const char* name : {"shard.sh", "follow.sh"})
    EXPECT_THAT(
        script(name),
        AllOf(HasSubstr("#SBATCH --account=a\n"), HasSubstr("#SBATCH --partition=p,q\n"),
              HasSubstr("#SBATCH --qos=z\n"), HasSubstr("#SBATCH --time=1-00:00:00\n"), HasSubstr("#SBATCH --mem=4G\n"),
              HasSubstr("#SBATCH --no-requeue\n"), HasSubstr("#SBATCH --signal=B:TERM@120\n"),
              HasSubstr("#SBATCH --open-mode=append\n"), HasSubstr("\nmodule load hdf5/1.10 fmt\nexport A=1\n"),
              HasSubstr("\nexec " QANTAR_PROGRAM " sweep ")));
  EXPECT_THAT(script("shard.sh"), AllOf(HasSubstr("#SBATCH --cpus-per-task=3\n"), HasSubstr("$((86220 - SECONDS))s"),
                                        HasSubstr("--shard \"$SLURM_ARRAY_TASK_ID/4\"")));
  EXPECT_THAT(script("follow.sh"), HasSubstr("#SBATCH --cpus-per-task=1\n"));
}

TEST_F(Submit, AsksOnlyForWhatIsMissing) {
  for (const char* shard : {"0/8", "1/8", "5/8"})
    ASSERT_EQ(qantar({"sweep", "run", dir(), "--shard", shard, "--quiet"}).code, 0);
  EXPECT_EQ(submit().code, 0);
  EXPECT_THAT(asked(), HasSubstr("--array=1-3 "));
  ASSERT_EQ(qantar({"sweep", "run", dir(), "--quiet"}).code, 0);
  EXPECT_EQ(submit().code, 0);
  EXPECT_THAT(asked(), HasSubstr("\n--parsable " + dir() + "/slurm/follow.sh 1\n"));
}

TEST_F(Submit, NoMoreTasksThanTrials) {
  site("time = \"60\"\nshards = 1000\n");
  EXPECT_EQ(submit().code, 0);
  EXPECT_THAT(asked(), HasSubstr("--array=0-7 "));
}

TEST_F(Submit, DryRunPrintsLinesForAShell) {
  const Ended ended = submit({"--dry-run"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(asked(), IsEmpty());
  play("sbatch", "echo \"$@\" >>\"${0%/*}/asked\"; echo \"11;lab\"");
  write_file(folder_ / "lines", ended.out);
  EXPECT_EQ(Running("env", {"PATH=" + (folder_ / "bin").string() + ":/usr/bin:/bin", "bash", "-eu",
                            (folder_ / "lines").string()})
                .finish()
                .code,
            0);
  EXPECT_THAT(asked(), HasSubstr("--dependency=afterany:11 "));
}

TEST_F(Submit, ScriptsAreCleanForShellcheck) {
  site("time = \"60\"\nmodules = [\"hdf5\"]\n");
  ASSERT_EQ(submit({"--dry-run"}).code, 0);
  const Ended ended = Running("shellcheck", {dir() + "/slurm/shard.sh", dir() + "/slurm/follow.sh"}).finish();
  if (ended.code == 127) GTEST_SKIP() << "shellcheck is not installed";
  EXPECT_EQ(ended.code, 0) << ended.out;
}

TEST_F(Submit, WhatIsAtWorkIsNotSubmittedAgain) {
  ASSERT_EQ(submit().code, 0);
  play("squeue", "[[ $* == *\"--jobs 11,12\" ]] && echo 11");
  const Ended ended = submit();
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("jobs 11 and 12"), HasSubstr("--again")));
  EXPECT_EQ(submit({"--again"}).code, 0);
}

TEST_F(Submit, GoesOnAfterARoundUntilItsAttemptsAreUsedUp) {
  site("time = \"60\"\nshards = 4\nattempts = 2\n");
  EXPECT_EQ(submit({"--round", "1"}).code, 0);
  EXPECT_THAT(asked(), HasSubstr("follow.sh 2\n"));
  const Ended end = submit({"--round", "2"});
  EXPECT_EQ(end.code, 75);
  EXPECT_THAT(end.err,
              AllOf(HasSubstr("8 of 8 trials are missing after 2 rounds"), HasSubstr("sweep submit " + dir())));
  ASSERT_EQ(qantar({"sweep", "run", dir(), "--quiet"}).code, 0);
  const Ended merged = submit({"--round", "2"});
  EXPECT_EQ(merged.code, 0) << merged.err;
  EXPECT_EQ(qantar({"verify", dir() + "/result.h5"}).code, 0);
  EXPECT_THAT(submit().out, HasSubstr("nothing to submit"));
}

TEST_F(Submit, ReplacesAPartialResultButNotAStrangers) {
  ASSERT_EQ(qantar({"sweep", "run", dir(), "--shard", "0/4", "--quiet"}).code, 0);
  ASSERT_EQ(qantar({"sweep", "merge", dir(), "-o", dir() + "/result.h5", "--partial"}).code, 0);
  ASSERT_EQ(qantar({"sweep", "run", dir(), "--quiet"}).code, 0);
  EXPECT_EQ(submit({"--round", "1"}).code, 0);
  EXPECT_THAT(submit().out, HasSubstr("nothing to submit"));
  ASSERT_EQ(qantar({"run", small_case(), "-n", "1", "-o", dir() + "/result.h5", "--force"}).code, 0);
  const Ended ended = submit();
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("result.h5: is a result of something else"));
}

TEST_F(Submit, ADamagedPartIsNamedWithTheRemedy) {
  ASSERT_EQ(qantar({"sweep", "run", dir(), "--quiet"}).code, 0);
  const fs::path part = fs::directory_iterator(folder_ / "sweep/parts")->path();
  fs::resize_file(part, fs::file_size(part) / 2);
  const Ended ended = submit({"--round", "1"});
  EXPECT_EQ(ended.code, 5);
  EXPECT_THAT(ended.err,
              AllOf(HasSubstr(part.filename().string()), HasSubstr("Delete it"), HasSubstr("sweep submit " + dir())));
  fs::remove(part);
  EXPECT_EQ(submit().code, 0);
  EXPECT_THAT(asked(), HasSubstr("--array=0-3 "));
}

TEST_F(Submit, WithoutSlurmItSaysWhereToGo) {
  fs::remove(folder_ / "bin/sbatch");
  const Ended ended = Running("env", {"PATH=" + (folder_ / "bin").string(), QANTAR_PROGRAM, "sweep", "submit", dir(),
                                      "--site", (folder_ / "site.toml").string()})
                          .finish();
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err, AllOf(HasSubstr("sbatch: is not on this machine"), HasSubstr("login node")));
}

TEST_F(Submit, WhatSlurmRefusesIsShown) {
  play("sbatch", "echo 'sbatch: error: Invalid account' >&2; exit 1");
  const Ended ended = submit();
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("sbatch: error: Invalid account"), HasSubstr("Nothing was submitted")));
  play("sbatch", "[[ $* == *--array* ]] && echo 7 || exit 1");
  EXPECT_THAT(submit().err, HasSubstr("The array is job 7"));
}

TEST_F(Submit, NamesEveryProblemOfASiteFile) {
  site(
      "tiem = \"02:00:00\"\naccount = \"two words\"\nmemory = \"much\"\ncpus = 1.5\nshards = 5000\nthrottle = -1\n"
      "modules = [\"a; rm\"]\n");
  const Ended ended = submit();
  EXPECT_EQ(ended.code, 3);
  const std::string file = (folder_ / "site.toml").string();
  EXPECT_THAT(ended.err, AllOf(HasSubstr(file + ":1:1: site.tiem: unknown key; did you mean \"time\"?"),
                               HasSubstr("site.time: is missing"), HasSubstr(file + ":2:11: site.account"),
                               HasSubstr(file + ":3:10: site.memory"), HasSubstr(file + ":4:8: site.cpus"),
                               HasSubstr("their numbers go from 0 to 1000"), HasSubstr(file + ":6:12: site.throttle"),
                               HasSubstr(file + ":7:11: site.modules"), HasSubstr("8 problems; nothing was done")));
  EXPECT_FALSE(fs::exists(folder_ / "sweep/slurm"));
}

TEST_F(Submit, KnowsTheTimesOfSlurm) {
  for (const auto& [time, seconds] : std::vector<std::pair<std::string, int>>{
           {"30", 1620}, {"30:00", 1620}, {"02:00:00", 7020}, {"1-00", 86220}, {"1-02:30", 95220}, {"00:01:00", 42}}) {
    site("time = \"" + time + "\"\n");
    EXPECT_EQ(submit({"--dry-run"}).code, 0) << time;
    EXPECT_THAT(script("shard.sh"), HasSubstr("$((" + std::to_string(seconds) + " - SECONDS))s")) << time;
  }
  for (const char* time : {"", "0", "2h", "1:2:3:4", "-1", "1-", "12:-3", "UNLIMITED"}) {
    site("time = \"" + std::string(time) + "\"\n");
    EXPECT_EQ(submit({"--dry-run"}).code, 3) << time;
  }
}

TEST_F(Submit, RefusesAPathThatSlurmWouldMisread) {
  const std::string odd = (folder_ / "100%").string();
  ASSERT_EQ(qantar({"sweep", "plan", (folder_ / "design.toml").string(), "--dir", odd}).code, 0);
  const Ended ended = qantar({"sweep", "submit", odd, "--site", (folder_ / "site.toml").string()});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("Rename it"));
}

TEST_F(Submit, TheExampleSiteIsAccepted) {
  fs::copy_file(source("configs/sites/slurm.toml"), folder_ / "site.toml", fs::copy_options::overwrite_existing);
  const Ended ended = submit({"--dry-run"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, Not(IsEmpty()));
}

}  // namespace
}  // namespace qantar::testing
