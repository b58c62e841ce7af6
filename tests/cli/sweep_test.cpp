// A sweep as its users meet it: cut into shards, killed, filled disks, damaged parts, and always the same numbers.
#include <numeric>
#include <ostream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <nlohmann/json.hpp>

#include "sim/results/result_file.hpp"
#include "sim/results/seal.hpp"
#include "sim/sweep/plan.hpp"
#include "tests/support/instrumented.hpp"
#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using Json = nlohmann::json;

/// A sweep of the small case in a folder of its own: 8 base rows of 4 points, 2 replicates, 2 hypotheses, 128 trials.
class SweepTest : public ::testing::Test {
 protected:
  std::string dir() const { return (folder_ / "sweep").string(); }
  std::string design() const { return (copy_ / "sweeps/line.toml").string(); }
  std::string result() const { return (folder_ / "r.h5").string(); }
  fs::path parts() const { return folder_ / "sweep/parts"; }

  Ended sweep(std::vector<std::string> words) const {
    words.insert(words.begin(), "sweep");
    return qantar(words);
  }
  void plan() const {
    const Ended ended = sweep({"plan", design(), "--dir", dir()});
    ASSERT_EQ(ended.code, 0) << ended.err;
  }
  void run(const std::string& shard = "0/1", const std::string& threads = "2") const {
    const Ended ended = sweep({"run", dir(), "--shard", shard, "--threads", threads, "--quiet"});
    ASSERT_EQ(ended.code, 0) << ended.err;
  }
  std::string digest(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"merge", dir(), "-o", result(), "--json", "--quiet", "--force"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = sweep(words);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.code == 0 ? Json::parse(ended.out).at("content_digest").get<std::string>() : "";
  }
  /// More replicates, so that there is something to interrupt: 32 points x n x 2 hypotheses.
  void replicate(int n) const { copy_.replace("sweeps/line.toml", "replicates = 2", fmt_replicates(n)); }
  static std::string fmt_replicates(int n) { return "replicates = " + std::to_string(n); }
  std::vector<fs::path> files() const {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(parts())) out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
  }

  CaseCopy copy_;
  Folder folder_;
};

TEST_F(SweepTest, HasTheSameNumbersHoweverItIsCutAndInWhateverOrder) {
  plan();
  run();
  const std::string whole = digest();
  for (const auto& [shards, threads] : {std::pair{7, "1"}, {test::instrumented ? 3 : 64, "3"}}) {
    fs::remove_all(folder_ / "sweep");
    plan();
    for (int i = shards - 1; i >= 0; --i) run(std::to_string(i * 5 % shards) + "/" + std::to_string(shards), threads);
    EXPECT_THAT(files(), SizeIs(shards));
    EXPECT_EQ(digest(), whole) << shards << " shards";
  }
}

TEST_F(SweepTest, RunsEveryTrialWithWhatItsPointSettles) {
  plan();
  run();
  digest();
  const sim::ResultReader r(result());
  ASSERT_EQ(r.trials(), 128);
  const auto point = r.variable("point"), replicate = r.variable("replicate");
  const auto fear = r.variable("parameter_fear_steepness"), line = r.variable("parameter_units_port_line_strength");
  const auto hypothesis = r.hypothesis();
  std::map<double, std::pair<double, double>> settled;
  for (std::size_t i = 0; i < 128; ++i) {
    // Replicates go slowest: a sweep that is cut has every point as often, give or take one.
    EXPECT_EQ(hypothesis[i], static_cast<int>(i % 2));
    EXPECT_EQ(point[i], static_cast<double>(i / 2 % 32));
    EXPECT_EQ(replicate[i], static_cast<double>(i / 64));
    EXPECT_TRUE(fear[i] > 1 && fear[i] < 8 && line[i] > 50 && line[i] < 800);
    const auto [at, fresh] = settled.try_emplace(point[i], fear[i], line[i]);
    EXPECT_EQ(at->second, std::pair(fear[i], line[i])) << "the same under each hypothesis and in each replicate";
  }
  // Saltelli: rows 2 and 3 of a block are the first with one column of the second.
  for (double block = 0; block < 32; block += 4) {
    EXPECT_EQ(settled[block + 2], std::pair(settled[block + 1].first, settled[block].second));
    EXPECT_EQ(settled[block + 3], std::pair(settled[block].first, settled[block + 1].second));
  }
  EXPECT_EQ(r.run().sweep.trials, 128);
  EXPECT_EQ(r.run().sweep.design, text_of(design()));
  EXPECT_EQ(qantar({"verify", result(), "--replay", "16"}).code, 0);
  EXPECT_EQ(qantar({"compare", result()}).code, 0);
  EXPECT_EQ(qantar({"narrate", result(), "--trial", "127"}).code, 0);
}

TEST_F(SweepTest, AKeyThatIsSweptGivesTheTrialsOfTheSameKeySetByHand) {
  copy_.replace("sweeps/line.toml", "kind = \"saltelli\"\npoints = 8", "kind = \"grid\"");
  copy_.replace("sweeps/line.toml", "low = 1\nhigh = 8", "values = [2.5]");
  copy_.replace("sweeps/line.toml", "low = 50\nhigh = 800", "values = [300]");
  plan();
  run();
  digest();
  const Ended ended = qantar({"run", copy_.path(), "-o", (folder_ / "plain.h5").string(), "-n", "2", "--seed", "3",
                              "--set", "fear_steepness=2.5", "--set", "units.port_line.strength=300", "--quiet"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const sim::ResultReader swept(result()), plain(folder_ / "plain.h5");
  ASSERT_EQ(swept.trials(), 4);
  for (int h = 0; h < 2; ++h)
    for (int r = 0; r < 2; ++r)
      EXPECT_THAT(swept.record(2 * r + h).outcomes,
                  ::testing::Pointwise(::testing::NanSensitiveDoubleEq(), plain.record(2 * h + r).outcomes));
}

TEST_F(SweepTest, RunsOnlyWhatIsMissing) {
  plan();
  run("1/4");
  const Ended again = sweep({"run", dir(), "--shard", "1/4", "--json"});
  EXPECT_EQ(Json::parse(again.out).at("done"), 0);
  const Ended rest = sweep({"run", dir(), "--json", "--quiet"});
  EXPECT_EQ(Json::parse(rest.out).at("done"), 96);
  EXPECT_THAT(files(), SizeIs(1)) << "the whole is one shard, and what it replaces is gone";
}

TEST_F(SweepTest, AnInterruptSealsWhatIsDoneAndTheRestGoesOnLater) {
  replicate(2000);
  plan();
  Running running(QANTAR_PROGRAM, {"sweep", "run", dir(), "--quiet"});
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  running.send(SIGTERM);
  const Ended ended = running.finish();
  EXPECT_EQ(ended.code, 75);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("trials left"), HasSubstr("sealed"), HasSubstr("qantar sweep run")));
  const Json status = Json::parse(sweep({"status", dir(), "--json"}).out);
  EXPECT_GT(status.at("done"), 0);
  EXPECT_GT(status.at("missing"), 0);
  EXPECT_EQ(status.at("being_written"), 0);
}

TEST_F(SweepTest, TheTimeLimitSealsAndEndsLikeAnInterrupt) {
  replicate(2000);
  plan();
  const Ended ended = sweep({"run", dir(), "--time-limit", "1s", "--quiet"});
  EXPECT_EQ(ended.code, 75);
  EXPECT_GT(Json::parse(sweep({"status", dir(), "--json"}).out).at("done"), 0);
}

TEST_F(SweepTest, KilledAtRandomItLosesNoSealedTrialAndEndsWithTheSameNumbers) {
  replicate(test::instrumented ? 20 : 200);
  plan();
  run();
  const std::string whole = digest();
  fs::remove_all(folder_ / "sweep");
  plan();
  std::mt19937 random(20220105);
  std::int64_t done = 0;
  for (int kill = 0; kill < (test::instrumented ? 3 : 8); ++kill) {
    Running running(QANTAR_PROGRAM, {"sweep", "run", dir(), "--part-seconds", "1", "--quiet"});
    std::this_thread::sleep_for(std::chrono::milliseconds(300 + random() % 1700));
    running.send(SIGKILL);
    running.finish();
    const Json status = Json::parse(sweep({"status", dir(), "--json"}).out);
    EXPECT_GE(status.at("done").get<std::int64_t>(), done) << "a sealed trial was lost";
    EXPECT_THAT(status.at("damaged"), IsEmpty());
    done = status.at("done").get<std::int64_t>();
  }
  run();
  EXPECT_EQ(digest(), whole);
  for (const auto& file : files()) EXPECT_THAT(file.string(), Not(HasSubstr(".tmp."))) << "left by a killed worker";
}

TEST_F(SweepTest, TwoLiveCopiesOfOneShardHarmNothing) {
  replicate(test::instrumented ? 1 : 60);
  plan();
  {
    const std::vector<std::string> words{"sweep", "run", dir(), "--part-seconds", "1", "--quiet", "--threads", "1"};
    Running one(QANTAR_PROGRAM, words), other(QANTAR_PROGRAM, words);
    const Ended a = one.finish(), b = other.finish();
    EXPECT_EQ(a.code, 0) << a.err;
    EXPECT_EQ(b.code, 0) << b.err;
  }
  EXPECT_THAT(files(), SizeIs(1));
  const std::string twice = digest();
  fs::remove_all(folder_ / "sweep");
  plan();
  run();
  EXPECT_EQ(digest(), twice);
}

TEST_F(SweepTest, MergeRefusesGapsAndSaysWhichTrials) {
  plan();
  run("0/2");
  const Ended refused = sweep({"merge", dir(), "-o", result()});
  EXPECT_EQ(refused.code, 5);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("64 of 128 trials are missing: 64-127"), HasSubstr("--partial")));
  EXPECT_FALSE(fs::exists(result()));
}

TEST_F(SweepTest, APartialMergeSaysInTheFileWhatIsMissing) {
  plan();
  run("0/4");
  run("2/4");
  digest({"--partial"});
  const sim::ResultReader r(result());
  EXPECT_EQ(r.trials(), 64);
  EXPECT_THAT(r.run().sweep.missing, ElementsAre(sim::TrialRange{32, 64}, sim::TrialRange{96, 128}));
  EXPECT_EQ(r.record(70).key.point, 3U);
  EXPECT_THROW(r.record(40), sim::ResultError);
  EXPECT_EQ(qantar({"verify", result(), "--replay", "8"}).code, 0);
  const Ended refused = qantar({"sensitivity", result()});
  EXPECT_EQ(refused.code, 5);
  EXPECT_THAT(refused.err, HasSubstr("64 of 128 trials are missing, the first is 32"));
}

/// Spoils one part of three.
struct Spoiling {
  std::string name;
  void (*spoil)(const fs::path&);
  std::string told;      ///< what the message says
  bool damaged = false;  ///< whether its bytes do not match its seal
};

void PrintTo(const Spoiling& spoiling, std::ostream* out) { *out << spoiling.name; }

class SpoiltSweep : public SweepTest, public ::testing::WithParamInterface<Spoiling> {};

TEST_P(SpoiltSweep, IsRefusedByNameAndRecovers) {
  plan();
  for (const char* shard : {"0/3", "1/3", "2/3"}) run(shard);
  const std::string whole = digest();
  fs::remove(result());
  const fs::path victim = files()[1];
  GetParam().spoil(victim);
  if (GetParam().damaged) {
    EXPECT_THAT(sweep({"status", dir()}).out,
                AllOf(HasSubstr("done      85 of 128"), HasSubstr("damaged   " + victim.string())));
  }
  const Ended refused = sweep({"merge", dir(), "-o", result()});
  EXPECT_EQ(refused.code, 5);
  EXPECT_THAT(refused.err, HasSubstr(GetParam().told));
  EXPECT_FALSE(fs::exists(result()));
  for (const auto& file : files())
    if (file == victim || !file.filename().string().starts_with(victim.filename().string().substr(0, 12)))
      fs::remove(file);
  run();
  EXPECT_EQ(digest(), whole);
}

std::string middle() { return "-0000000043-0000000085.h5"; }

void truncate_it(const fs::path& p) { fs::resize_file(p, fs::file_size(p) / 2); }
void flip_it(const fs::path& p) {
  std::fstream file(p, std::ios::in | std::ios::out | std::ios::binary);
  const auto at = static_cast<std::streamoff>(fs::file_size(p) * 2 / 3);
  file.seekg(at);
  const char byte = static_cast<char>(file.get() ^ 4);
  file.seekp(at);
  file.put(byte);
}
void delete_it(const fs::path& p) { fs::remove(p); }
void copy_it(const fs::path& p) { fs::copy(p, p.parent_path() / "copy.h5"); }
void swap_it(const fs::path& p) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(p.parent_path())) all.push_back(entry.path());
  std::ranges::sort(all);
  fs::copy(all[0], p, fs::copy_options::overwrite_existing);
}

/// The deaths of the first trial of a part, and the seal for the new bytes.
void forge_it(const fs::path& p) {
  const hid_t file = H5Fopen(p.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hid_t deaths = H5Dopen2(file, "deaths", H5P_DEFAULT), rows = H5Dget_space(deaths);
  const hsize_t first = 0, one = 1;
  const hid_t memory = H5Screate_simple(1, &one, nullptr);
  const double forged = 7777;
  H5Sselect_hyperslab(rows, H5S_SELECT_SET, &first, nullptr, &one, nullptr);
  EXPECT_GE(H5Dwrite(deaths, H5T_NATIVE_DOUBLE, memory, rows, H5P_DEFAULT, &forged), 0);
  for (const hid_t space : {memory, rows}) H5Sclose(space);
  H5Dclose(deaths);
  const std::uint64_t seal = sim::seal_offset(file);
  H5Fclose(file);
  sim::seal_file(p, seal);
}

/// The same with every digest made anew: only running the trial again can tell.
void forge_all_of_it(const fs::path& p) {
  const fs::path forged = p.string() + ".forged";
  {
    const sim::ResultReader part(p);
    std::size_t column = 0;
    for (const auto& v : part.layout().outcomes) {
      if (v.name == "deaths") break;
      column += part.layout().size(v);
    }
    sim::ResultWriter writer(forged, part.layout(), part.clock(), part.run(), true);
    for (const std::int64_t trial : part.trial_numbers()) {
      auto record = part.record(trial);
      record.outcomes[column] = 7777;
      writer.append(record);
    }
    writer.finish();
  }
  fs::rename(forged, p);
}

TEST_F(SweepTest, WhatIsForgedThroughoutIsFoundByReplayingWithThePartItCameFrom) {
  plan();
  for (const char* shard : {"0/3", "1/3", "2/3"}) run(shard);
  forge_all_of_it(files()[1]);
  const sim::ResultReader forged(files()[1]);
  ASSERT_EQ(sweep({"merge", dir(), "-o", result()}).code, 0);
  EXPECT_EQ(qantar({"verify", result(), "--replay", "0"}).code, 0);
  const Ended found = qantar({"verify", result(), "--replay", "all"});
  EXPECT_EQ(found.code, 5);
  EXPECT_THAT(found.out,
              AllOf(HasSubstr("trial 43 does not come out the same: deaths is 7777"), HasSubstr("trial 85 does not"),
                    Not(HasSubstr("trial 42 ")), Not(HasSubstr("trial 86 ")),
                    HasSubstr("It came in the part of trials 43-85, made on " + forged.provenance().at("host"))));
}

INSTANTIATE_TEST_SUITE_P(Kinds, SpoiltSweep,
                         ::testing::Values(Spoiling{"truncated", truncate_it, middle(), true},
                                           Spoiling{"a_byte_flipped", flip_it, middle(), true},
                                           Spoiling{"forged", forge_it, "do not match its digests"},
                                           Spoiling{"deleted", delete_it, "43 of 128 trials are missing: 43-85"},
                                           Spoiling{"there_twice", copy_it, "copy.h5"},
                                           Spoiling{"anothers_content", swap_it, middle()}),
                         [](const auto& tried) { return tried.param.name; });

TEST_F(SweepTest, AChangedPlanIsRefusedWithBothDigests) {
  plan();
  const fs::path path = folder_ / "sweep/plan.json";
  Json json = Json::parse(text_of(path));
  const std::string before = json.at("experiment");
  json["design"] = json.at("design").get<std::string>() + "\n# later\n";
  write_file(path, json.dump());
  const Ended refused = sweep({"run", dir()});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr(before), HasSubstr("it was changed")));
}

TEST_F(SweepTest, APlanOfAnotherProgramIsRefusedWithBothNames) {
  plan();
  const std::string mine = Json::parse(text_of(folder_ / "sweep/plan.json")).at("program");
  sim::SweepPlan foreign = sim::read_plan(dir(), mine);
  foreign.program = "qantar 9.9.9 (0123)";
  const std::string there = (folder_ / "foreign").string();
  ASSERT_TRUE(sim::write_plan(there, foreign)) << "a plan that is right in itself";
  const Ended refused = sweep({"run", there});
  EXPECT_EQ(refused.code, 3);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("was made by qantar 9.9.9 (0123)"), HasSubstr(mine)));
}

TEST_F(SweepTest, ADamagedShardTakesTheTrialsOfNoGoodPart) {
  plan();
  for (const char* shard : {"0/2", "1/2"}) run(shard);
  const auto good = files();
  // As if a worker had died between compacting and removing, and the disk had then spoilt what it compacted.
  const fs::path kept = folder_ / "kept";
  fs::create_directory(kept);
  for (const auto& file : good) fs::copy(file, kept);
  run();
  const fs::path compacted = files().at(0);
  for (const auto& file : good) fs::copy(kept / file.filename(), file);
  fs::resize_file(compacted, fs::file_size(compacted) / 2);
  const Ended refused = sweep({"run", dir(), "--quiet"});
  EXPECT_EQ(refused.code, 5);
  EXPECT_THAT(refused.err, HasSubstr(compacted.filename().string()));
  for (const auto& file : good) EXPECT_TRUE(fs::exists(file)) << file;
  fs::remove(compacted);
  run();
  digest();
}

TEST_F(SweepTest, PartsOfAnotherConfigurationAreForeign) {
  plan();
  run("0/2");
  const fs::path stranger = files()[0];
  Folder other;
  copy_.replace("case.toml", "strength = 500", "strength = 501");
  const std::string there = (other / "sweep").string();
  ASSERT_EQ(sweep({"plan", design(), "--dir", there}).code, 0);
  fs::copy(stranger, fs::path(there) / "parts");
  const Ended refused = sweep({"merge", there, "-o", result()});
  EXPECT_EQ(refused.code, 5);
  EXPECT_THAT(refused.err, HasSubstr(stranger.filename().string()));
  const Ended planned = sweep({"plan", design(), "--dir", dir()});
  EXPECT_EQ(planned.code, 3);
  EXPECT_THAT(planned.err, HasSubstr("holds experiment"));
}

TEST_F(SweepTest, APlanMayBeMadeTwiceAndTriedWithoutAFolder) {
  const Ended dry = sweep({"plan", design(), "--dry-run"});
  EXPECT_EQ(dry.code, 0) << dry.err;
  EXPECT_THAT(dry.out, AllOf(HasSubstr("128 = 32 points x 2 replicates x 2 hypotheses"), HasSubstr("cost"),
                             HasSubstr("uniform(50, 800)")));
  EXPECT_THAT(folder_.names(), IsEmpty());
  plan();
  EXPECT_THAT(sweep({"plan", design(), "--dir", dir()}).out, HasSubstr("same plan"));
  const Json json = Json::parse(sweep({"plan", design(), "--dir", dir(), "--json"}).out);
  EXPECT_EQ(json.at("trials"), 128);
}

TEST_F(SweepTest, SensitivityRanksWhatWasVaried) {
  copy_.replace("sweeps/line.toml", "points = 8", "points = 64");
  plan();
  run();
  digest();
  const Ended ended = qantar({"sensitivity", result(), "--json"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Json json = Json::parse(ended.out);
  ASSERT_EQ(json.at("hypotheses").size(), 2U);
  const Json& outcomes = json.at("hypotheses").at(0).at("outcomes");
  ASSERT_EQ(outcomes.size(), 3U) << "those of the design";
  const Json& peak = outcomes.at(1);
  EXPECT_EQ(peak.at("outcome"), "peak_participants");
  EXPECT_EQ(peak.at("factors").size(), 2U);
  EXPECT_TRUE(peak.at("corrected_for_luck"));
  for (const Json& factor : peak.at("factors")) {
    EXPECT_LE(factor.at("total").at("percentile").at(0), factor.at("total").at("percentile").at(1));
    EXPECT_LT(factor.at("first").at("value"), 1.5);
  }
  const Ended table = qantar({"sensitivity", result(), "--of", "deaths"});
  EXPECT_THAT(table.out, AllOf(HasSubstr("deaths"), HasSubstr("fear_steepness"), HasSubstr("first-order")));
  const Ended wrong = qantar({"sensitivity", result(), "--of", "deths"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean \"deaths\"?"));
}

TEST_F(SweepTest, MorrisAndListedDesignsRun) {
  copy_.replace("sweeps/line.toml", "kind = \"saltelli\"\npoints = 8", "kind = \"morris\"\npoints = 4");
  plan();
  run();
  digest();
  EXPECT_THAT(qantar({"sensitivity", result()}).out, AllOf(HasSubstr("mu*"), HasSubstr("a factor that does nothing")));

  Folder other;
  write_file(copy_ / "sweeps/table.csv", "fear_steepness,units.port_line.strength\n2,100\n3,200\n4,400\n");
  write_file(copy_ / "sweeps/listed.toml",
             "title = \"Three rows\"\ncase = \"..\"\n[design]\nkind = \"listed\"\ntable = \"table.csv\"\n");
  const std::string there = (other / "s").string();
  ASSERT_EQ(sweep({"plan", (copy_ / "sweeps/listed.toml").string(), "--dir", there}).code, 0);
  ASSERT_EQ(sweep({"run", there, "--quiet"}).code, 0);
  ASSERT_EQ(sweep({"merge", there, "-o", (other / "l.h5").string(), "--quiet"}).code, 0);
  EXPECT_THAT(sim::ResultReader(other / "l.h5").variable("parameter_units_port_line_strength"),
              ElementsAre(100, 100, 200, 200, 400, 400));
  const Ended refused = qantar({"sensitivity", (other / "l.h5").string()});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("no kind that was made for this"));
}

TEST_F(SweepTest, SensitivityNeedsMoreThanOneRowOfADesignButNotOfAGrid) {
  copy_.replace("sweeps/line.toml", "points = 8", "points = 1");
  plan();
  run();
  digest();
  const Ended refused = qantar({"sensitivity", result()});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("one base row"), HasSubstr("points = 2")));

  fs::remove_all(folder_ / "sweep");
  copy_.replace("sweeps/line.toml", "kind = \"saltelli\"\npoints = 1", "kind = \"grid\"");
  copy_.replace("sweeps/line.toml", "low = 1\nhigh = 8", "values = [2]");
  copy_.replace("sweeps/line.toml", "low = 50\nhigh = 800", "values = [100]");
  plan();
  run();
  digest();
  const Ended one = qantar({"sensitivity", result(), "--of", "peak_participants"});
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_THAT(one.out, HasSubstr("means of 2 trials"));
}

TEST_F(SweepTest, AGridIsShownAsMapsOfMeans) {
  copy_.replace("sweeps/line.toml", "kind = \"saltelli\"\npoints = 8", "kind = \"grid\"");
  copy_.replace("sweeps/line.toml", "low = 1\nhigh = 8", "values = [2, 4]");
  copy_.replace("sweeps/line.toml", "low = 50\nhigh = 800", "values = [100, 200, 400]");
  plan();
  run();
  digest();
  const sim::ResultReader r(result());
  const auto peak = r.variable("peak_participants"), line = r.variable("parameter_units_port_line_strength"),
             fear = r.variable("parameter_fear_steepness");
  const auto hypothesis = r.hypothesis();
  const Json json = Json::parse(qantar({"sensitivity", result(), "--of", "peak_participants", "--json"}).out);
  for (int h = 0; h < 2; ++h) {
    const Json& cells = json.at("hypotheses").at(h).at("outcomes").at(0).at("cells");
    ASSERT_EQ(cells.size(), 6U);
    for (const Json& cell : cells) {
      std::vector<double> here;
      for (std::size_t i = 0; i < peak.size(); ++i)
        if (hypothesis[i] == h && fear[i] == cell.at("values").at("fear_steepness") &&
            line[i] == cell.at("values").at("units_port_line_strength"))
          here.push_back(peak[i]);
      ASSERT_THAT(here, SizeIs(2));
      EXPECT_DOUBLE_EQ(cell.at("mean"), (here[0] + here[1]) / 2);
      EXPECT_NEAR(cell.at("standard_error"), std::abs(here[0] - here[1]) / 2, 1e-9);
    }
  }
  const std::string text = qantar({"sensitivity", result(), "--of", "peak_participants"}).out;
  EXPECT_THAT(text, AllOf(HasSubstr("down: fear_steepness"), HasSubstr("across: units_port_line_strength [person]"),
                          HasSubstr("100"), HasSubstr("standard error at most")));
}

/// What is wrong with a design, and what is said about it.
struct Fault {
  std::string name, old, by, told;
};

class FaultyDesign : public SweepTest, public ::testing::WithParamInterface<Fault> {};

TEST_P(FaultyDesign, IsToldWithItsPlace) {
  copy_.replace("sweeps/line.toml", GetParam().old, GetParam().by);
  const Ended ended = sweep({"plan", design(), "--dir", dir()});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("sweeps/"), HasSubstr(GetParam().told)));
  EXPECT_FALSE(fs::exists(dir()));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FaultyDesign,
    ::testing::Values(
        Fault{"unknown_key", "replicates", "replicate", "design.replicate: unknown key; did you mean \"replicates\"?"},
        Fault{"unknown_parameter", "fear_steepness", "fear_stepness", "did you mean \"fear_steepness\"?"},
        Fault{"unknown_unit", "port_line", "port_lime", "did you mean \"port_line\"?"},
        Fault{"unknown_kind", "saltelli", "saltely", "did you mean \"saltelli\"?"},
        Fault{"empty_range", "high = 8", "high = 1", "factors"},
        Fault{"half_a_range", "high = 8", "", "a range needs both low and high"},
        Fault{"out_of_range", "high = 8", "high = 800", "outside the range 0.5 to 16"},
        Fault{"no_points", "points = 8", "", "design.points: is missing"},
        Fault{"half_a_point", "points = 8", "points = 8.5", "must be whole"},
        Fault{"values_without_a_grid", "low = 1\nhigh = 8", "values = [1, 2]", "only a grid has values"},
        Fault{"own_prior_of_a_plain_number", "low = 50\nhigh = 800", "", "is no prior under quiet_line"},
        Fault{"twice", "units.port_line.strength", "fear_steepness", "varied twice"},
        Fault{"outcome", "peak_participants", "peak_participant", "did you mean \"peak_participants\"?"},
        Fault{"hypothesis", "outcomes =", "hypotheses = [\"quiet_lime\"]\noutcomes =", "did you mean \"quiet_line\"?"},
        Fault{"constraint", "[[factors]]", "[[constraints]]\nsum = { fear_steepness = 1 }\nat_most = 1\n[[factors]]",
              "belong together"},
        Fault{"no_case", "case = \"..\"", "case = \"nowhere\"", "no such case folder"}),
    [](const auto& tried) { return tried.param.name; });

TEST_F(SweepTest, ConstraintsLeaveRowsOut) {
  copy_.replace("sweeps/line.toml", "kind = \"saltelli\"\npoints = 8", "kind = \"latin_hypercube\"\npoints = 100");
  copy_.replace(
      "sweeps/line.toml", "[[factors]]",
      "[[constraints]]\nsum = { fear_steepness = 100, units_port_line_strength = 1 }\nat_most = 700\n[[factors]]");
  plan();
  run();
  digest();
  const sim::ResultReader r(result());
  EXPECT_GT(r.trials(), 40);
  EXPECT_LT(r.trials(), 300);
  const auto fear = r.variable("parameter_fear_steepness"), line = r.variable("parameter_units_port_line_strength");
  for (std::size_t i = 0; i < fear.size(); ++i) EXPECT_LE(100 * fear[i] + line[i], 700);
}

TEST_F(SweepTest, BadCommandLinesAreTold) {
  EXPECT_EQ(sweep({}).code, 2);
  EXPECT_THAT(sweep({"runn"}).err, HasSubstr("did you mean \"run\"?"));
  EXPECT_EQ(sweep({"--help"}).code, 0);
  plan();
  for (const char* shard : {"1", "3/3", "-1/3", "a/b", "0/0"})
    EXPECT_EQ(sweep({"run", dir(), "--shard", shard}).code, 2) << shard;
  for (const char* limit : {"55", "m", "1x", "-5m", ""})
    EXPECT_EQ(sweep({"run", dir(), "--time-limit", limit}).code, 2);
  EXPECT_EQ(sweep({"run", (folder_ / "nowhere").string()}).code, 3);
  EXPECT_EQ(sweep({"merge", dir()}).code, 2);
}

}  // namespace
}  // namespace qantar::testing
