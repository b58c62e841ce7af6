// An adjudication as its users meet it: what it prints and writes, the same numbers however it is cut, and what it
// refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/instrumented.hpp"
#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using Json = nlohmann::json;

class Adjudicate : public ::testing::Test {
 protected:
  std::string file() const { return (folder_ / "a.h5").string(); }
  std::vector<std::string> words(const std::string& of, int trials, const std::string& threads = "2") const {
    return {
        "adjudicate", of,        "--trials", std::to_string(trials), "-o", file(), "--seed", "5", "--json", "--threads",
        threads,      "--quiet", "--force"};
  }
  Json judged(const std::string& of, int trials, const std::string& threads = "2") const {
    const Ended ended = qantar(words(of, trials, threads));
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.code == 0 ? Json::parse(ended.out) : Json();
  }

  const Folder folder_;
  const CaseCopy copy_;
};

TEST_F(Adjudicate, SaysWhatIsPromised) {
  const Json j = judged(small_case(), 400);
  ASSERT_THAT(j["hypotheses"], SizeIs(2));
  double sum = 0;
  for (const auto& h : j["hypotheses"]) {
    for (const char* key : {"name", "log_evidence", "standard_error", "probability", "low", "high"})
      EXPECT_TRUE(h.contains(key)) << key;
    EXPECT_LE(h["low"], h["probability"]);
    EXPECT_LE(h["probability"], h["high"]);
    sum += h["probability"].get<double>();
  }
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_EQ(j["verdict"], "undetermined");  // one row that both accounts produce alike
  EXPECT_THAT(j["reasons"], Not(IsEmpty()));
  EXPECT_THAT(j["confusion"]["overall"], SizeIs(2));
  ASSERT_THAT(j["claims"], SizeIs(1));
  EXPECT_THAT(j["claims"][0]["by_hypothesis"], SizeIs(2));
  EXPECT_EQ(j["claims"][0]["counted"], "sites_left of 1 to 100");
  EXPECT_EQ(j["claims"][0]["note"], "So in a run where a guard left without being overrun.");
  EXPECT_EQ(j["confusion_by_evidence"]["records"], 200);
  ASSERT_THAT(j["parameter_calibration"], SizeIs(2));
  EXPECT_EQ(j["parameter_calibration"][0]["passes"], true);
  EXPECT_EQ(j["classifier_of_parts"][0]["name"], "what is held out");
  EXPECT_TRUE(j.contains("switches"));
  EXPECT_THAT(j["would_settle"], Not(IsEmpty()));
  EXPECT_THAT(folder_.names(), ElementsAre("a.h5")) << "nothing of the work stays";
}

TEST_F(Adjudicate, TextSaysUndeterminedAndWhy) {
  auto call = words(small_case(), 400);
  std::erase(call, "--json");
  const Ended ended = qantar(call);
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("Verdict: undetermined"), HasSubstr("a ranking needs 0.80"),
                               HasSubstr("not of the claim, which is no evidence"),
                               ContainsRegex("sites_left of 1 to 100 .*At least one post was given up")));
  EXPECT_THAT(ended.err, IsEmpty());
}

TEST_F(Adjudicate, PrintsNoIntervalOfRefusedEvidence) {
  auto call = words(small_case(), 100);
  std::erase(call, "--json");
  const Ended ended = qantar(call);
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("without an interval, since evidence is refused"), Not(HasSubstr("nan"))));
}

TEST_F(Adjudicate, IsTheSameOnAnyThreads) {
  const Json one = judged(small_case(), 320, "1"), three = judged(small_case(), 320, "3");
  EXPECT_EQ(one, three);
}

TEST_F(Adjudicate, GoesOnAfterItWasKilledOrInterrupted) {
  constexpr int trials = test::instrumented ? 3200 : 12800;
  const Json whole = judged(small_case(), trials);
  fs::remove(file());
  for (const int signal : {SIGTERM, SIGKILL}) {
    Running program(QANTAR_PROGRAM, words(small_case(), trials));
    while (!fs::exists(file() + ".work")) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    program.send(signal);
    const Ended ended = program.finish();
    ASSERT_EQ(ended.code, signal == SIGTERM ? 75 : 128 + SIGKILL) << "it was over too soon to be interrupted";
    if (signal == SIGTERM) {
      EXPECT_THAT(ended.err, AllOf(HasSubstr("Go on with"), HasSubstr("adjudicate")));
    }
    EXPECT_FALSE(fs::exists(file()));
  }
  EXPECT_FALSE(fs::is_empty(file() + ".work")) << "nothing was kept";
  EXPECT_EQ(judged(small_case(), trials), whole);
  EXPECT_THAT(folder_.names(), ElementsAre("a.h5"));
}

TEST_F(Adjudicate, IsTheSameFromShards) {
  const Json whole = judged(small_case(), 320);
  fs::remove(file());
  for (const char* shard : {"1/2", "0/2"}) {
    auto call = words(small_case(), 320);
    call.insert(call.end(), {"--shard", shard});
    const Ended ended = qantar(call);
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.out,
                AllOf(HasSubstr("1 account in "), HasSubstr("qantar adjudicate"), Not(HasSubstr("--shard"))));
    EXPECT_FALSE(fs::exists(file())) << "a shard judges nothing";
  }
  EXPECT_TRUE(fs::exists(file() + ".work/quiet_line.h5"));
  EXPECT_TRUE(fs::exists(file() + ".work/strong_pull.h5"));
  EXPECT_EQ(judged(small_case(), 320), whole);
  auto call = words(small_case(), 320);
  call.insert(call.end(), {"--shard", "2/2"});
  EXPECT_EQ(qantar(call).code, 2);
}

/// Four rows, of which the case has two.
std::vector<std::string> four_rows(const std::string& evidence) {
  const std::size_t first = evidence.find("[[events]]"), second = evidence.find("[[events]]", first + 1);
  std::size_t end = evidence.find("[[", second + 1);
  if (end == std::string::npos) end = evidence.size();
  auto with = [](std::string row, const std::vector<std::pair<std::string, std::string>>& changes) {
    for (const auto& [old, by] : changes) row.replace(row.find(old), old.size(), by);
    return row;
  };
  const std::string begins = evidence.substr(first, second - first);
  const std::string holds = with(evidence.substr(second, end - second), {{"held_out = true", "held_out = false"}});
  return {evidence.substr(0, first), begins, holds,
          with(begins, {{"\"P1\"", "\"P8\""}, {"\"I\", \"L\"", "\"I\""}, {"place_protest_began", "place_mass_crowd"}}),
          with(holds, {{"\"P2\"", "\"P9\""}, {"seat_hall", "port_hall"}})};
}

// Everything that is said of an account stays with what it is: whatever its file is called, wherever its rows stand.
TEST_F(Adjudicate, NeitherNamesNorOrderChangeANumber) {
  const std::vector<std::string> pulls{"0.05", "0.07", "0.09"};
  const auto rows = four_rows(text_of(copy_ / "evidence.toml"));
  fs::remove(copy_ / "hypotheses/quiet_line.toml");
  fs::remove(copy_ / "hypotheses/strong_pull.toml");
  // What is said, with every name replaced by what it stands for.
  const auto judged_as = [&](const std::vector<std::size_t>& place, std::vector<std::size_t> row) {
    const std::vector<std::string> names{"aaa", "bbb", "ccc"};
    for (std::size_t k = 0; k < 3; ++k)
      write_file(copy_ / ("hypotheses/" + names[place[k]] + ".toml"),
                 "title = \"A pull\"\ndescription = \"Invented.\"\nheld_by = [\"nobody\"]\n\n[parameters]\n"
                 "social_pull = { lognormal = [" +
                     pulls[k] + ", 0.2] }\n");
    std::string evidence = rows[0];
    for (const std::size_t i : row) evidence += rows[1 + i];
    write_file(copy_ / "evidence.toml", evidence);
    const Json j = judged(copy_.path(), 160);
    Json out{
        {"verdict", j["verdict"]}, {"near", j["classifier"]["observed_near"]}, {"errors", j["confusion"]["error"]}};
    // Where accounts are listed, it is by name.
    for (const char* key : {"reasons", "notes"}) {
      std::vector<std::string> texts = j[key];
      for (std::string& text : texts)
        for (const std::string& name : names)
          for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos;) text.erase(at, name.size());
      std::ranges::sort(texts);
      out[key] = texts;
    }
    for (std::size_t k = 0; k < 3; ++k)
      if (j["first"] == names[place[k]]) out["first"] = pulls[k];
    for (std::size_t k = 0; k < 3; ++k) {
      Json h = j["hypotheses"][place[k]];
      h.erase("name");
      out["accounts"].push_back(h);
      for (const auto& v : j["variations"]) out[v["name"].get<std::string>()].push_back(v["probability"][place[k]]);
      for (std::size_t l = 0; l < 3; ++l) {
        out["near_matrix"].push_back(j["confusion"]["near"][place[k]][place[l]]);
        out["by_evidence"].push_back(j["confusion_by_evidence"]["overall"][place[k]][place[l]]);
      }
    }
    for (const auto& gain : j["would_settle"]) out["settle"].push_back(gain);
    return out;
  };
  std::vector<std::size_t> place{0, 1, 2}, row{0, 1, 2, 3};
  const Json expected = judged_as(place, row);
  for (int i = 0; i < (test::instrumented ? 2 : 6); ++i) {
    std::ranges::next_permutation(place);
    for (int step = 0; step < 5; ++step) std::ranges::next_permutation(row);
    EXPECT_EQ(judged_as(place, row), expected) << ::testing::PrintToString(place) << ::testing::PrintToString(row);
  }
}

TEST_F(Adjudicate, ReportsTwinsAsATie) {
  fs::copy(copy_ / "hypotheses/strong_pull.toml", copy_ / "hypotheses/its_twin.toml");
  const Json j = judged(copy_.path(), 1600);
  EXPECT_EQ(j["verdict"], "undetermined");
  bool together = false;
  for (const auto& set : j["indistinguishable"]) {
    const auto names = set.get<std::vector<std::string>>();
    together = together || (std::ranges::count(names, "strong_pull") && std::ranges::count(names, "its_twin"));
  }
  EXPECT_TRUE(together) << j["indistinguishable"];
  const auto& h = j["hypotheses"];
  EXPECT_EQ(h[0]["log_evidence"], h[2]["log_evidence"]) << "luck belongs to what an account is";
}

TEST_F(Adjudicate, ReportsARecordThatNoAccountReproduces) {
  // Protest is documented two days after it begins in every trial.
  copy_.replace("evidence.toml", "2030-03-01T13:00:00+00:00", "2030-03-03T20:00:00+00:00");
  copy_.replace("evidence.toml", "2030-03-02T12:00:00+00:00", "2030-03-03T22:00:00+00:00");
  copy_.replace("evidence.toml", "date = 2030-03-01", "date = 2030-03-03");
  const Json j = judged(copy_.path(), 1600);
  EXPECT_EQ(j["verdict"], "none_of_the_accounts");
  ASSERT_THAT(j["reasons"], SizeIs(2));
  for (const auto& reason : j["reasons"]) EXPECT_THAT(reason.get<std::string>(), HasSubstr("farthest off: P1"));
}

TEST_F(Adjudicate, ReportsAnOutcomeThatNoTrialHas) {
  // The allies never come: nobody asks for them before the end. One entry of the kind may be wrong (2 %), but not two.
  copy_.replace("evidence.toml", "measure = \"time\"", "measure = \"occurs\"");
  copy_.replace("evidence.toml", "observable = \"place_protest_began\"\nat = \"port\"",
                "observable = \"action_time\"\nat = \"intervention_gone\"");
  for (const char* key :
       {"earliest = 2030-03-01T13:00:00+00:00\n", "latest = 2030-03-02T12:00:00+00:00\n", "tolerance = 1.0\n"})
    copy_.replace("evidence.toml", key, "");
  EXPECT_EQ(judged(copy_.path(), 1600)["verdict"], "undetermined");
  copy_.replace("evidence.toml", "held_out = true", "held_out = false");
  copy_.replace("evidence.toml", "measure = \"absent\"\nobservable = \"site_fell\"\nat = \"seat_hall\"",
                "measure = \"occurs\"\nobservable = \"action_time\"\nat = \"intervention_leaving\"");
  const Json j = judged(copy_.path(), 1600);
  EXPECT_EQ(j["verdict"], "none_of_the_accounts") << j["reasons"];
}

TEST_F(Adjudicate, AnEventOutsideTheClockIsAnErrorInTheCase) {
  copy_.replace("evidence.toml", "latest = 2030-03-02T12:00:00+00:00", "latest = 2030-03-09T12:00:00+00:00");
  const Ended ended = qantar(words(copy_.path(), 320));
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("evidence.toml:"), HasSubstr("latest")));
}

TEST_F(Adjudicate, DoesNotTakeUpTheWorkOfAnother) {
  const Json whole = judged(small_case(), 320);
  // What lies there is of another seed, and unreadable.
  auto shard = words(small_case(), 100);
  shard.insert(shard.end(), {"--shard", "1/2"});
  ASSERT_EQ(qantar(shard).code, 0);
  write_file(file() + ".work/quiet_line.h5", "not HDF5");
  EXPECT_EQ(judged(small_case(), 320), whole);
  EXPECT_THAT(folder_.names(), ElementsAre("a.h5"));
}

TEST_F(Adjudicate, LeavesFoldersAndFilesOfOthersAlone) {
  const fs::path work = file() + ".work", elsewhere = folder_ / "elsewhere";
  fs::create_directory(work);
  write_file(work / "thesis.txt", "years of work");
  Ended ended = qantar(words(small_case(), 100));
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("somebody else"), HasSubstr("-o")));
  EXPECT_EQ(text_of(work / "thesis.txt"), "years of work");

  fs::rename(work, elsewhere);
  fs::create_directory_symlink(elsewhere, work);
  ended = qantar(words(small_case(), 100));
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("is a link"));
  EXPECT_EQ(text_of(elsewhere / "thesis.txt"), "years of work");
  fs::remove(work);

  auto shard = words(small_case(), 100);
  shard.insert(shard.end(), {"--shard", "0/2"});
  ASSERT_EQ(qantar(shard).code, 0);
  write_file(work / "note.txt", "mine");
  ended = qantar(words(small_case(), 100));
  EXPECT_EQ(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("stays"));
  EXPECT_EQ(text_of(work / "note.txt"), "mine");
}

TEST_F(Adjudicate, CanBeVerifiedAndIsNoTableOfTrials) {
  judged(small_case(), 320);
  Ended ended = qantar({"verify", file()});
  EXPECT_EQ(ended.code, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("10 trials of the evidence replayed"));
  ended = qantar({"compare", file()});
  EXPECT_EQ(ended.code, 5);
  EXPECT_THAT(ended.err, HasSubstr("is the result of qantar adjudicate, not a table of trials"));
  std::fstream damage(file(), std::ios::in | std::ios::out | std::ios::binary);
  damage.seekp(static_cast<std::streamoff>(fs::file_size(file()) / 2));
  damage.write("damage", 6);
  damage.close();
  EXPECT_EQ(qantar({"verify", file()}).code, 5);
}

void flip_a_bit(const std::string& path, std::uintmax_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const auto byte = static_cast<char>(file.get() ^ 0x10);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

TEST_F(Adjudicate, NobodyReadsADamagedOne) {
  judged(small_case(), 100);
  const std::string page = (folder_ / "page.html").string();
  const auto size = fs::file_size(file());
  for (std::uintmax_t k = 0; k < 12; ++k) {
    const auto at = size * (2 * k + 1) / 24;
    flip_a_bit(file(), at);
    for (const std::vector<std::string>& reads : std::initializer_list<std::vector<std::string>>{
             {"whatif", file(), "--do", "hall_held"}, {"report", file(), "-o", page}, {"compare", file()}}) {
      const Ended ended = qantar(reads);
      EXPECT_EQ(ended.code, 5) << reads[0] << " reads a file with another bit at " << at << ": " << ended.err;
      EXPECT_THAT(ended.err, HasSubstr("qantar verify"));
    }
    EXPECT_FALSE(fs::exists(page));
    flip_a_bit(file(), at);
  }
}

TEST_F(Adjudicate, ItsTrialsServeWhatIfs) {
  judged(small_case(), 400);
  const Ended nothing = qantar({"whatif", file(), "--do", "case.persons_per_agent=50", "--json"});
  ASSERT_EQ(nothing.code, 0) << nothing.err;
  Json j = Json::parse(nothing.out);
  EXPECT_EQ(j["weighed_by"], "record");
  for (const auto& outcome : j["all"]["outcomes"])
    if (!outcome["difference"]["value"].is_null()) {
      EXPECT_EQ(outcome["difference"]["value"], 0) << outcome;
    }
  const Ended held = qantar({"whatif", file(), "--do", "hall_held", "--outcome", "site_fell:port_hall", "--json"});
  ASSERT_EQ(held.code, 0) << held.err;
  j = Json::parse(held.out);
  EXPECT_GT(j["effective_size"].get<double>(), 100);
  EXPECT_EQ(j["all"]["outcomes"][0]["as_it_would_be"], 0);
}

TEST_F(Adjudicate, RefusesWhatItCannotJudge) {
  fs::remove(copy_ / "evidence.toml");
  Ended ended = qantar(words(copy_.path(), 320));
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("has no evidence.toml"));

  ended = qantar({"adjudicate", small_case()});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("say where the result goes"));

  EXPECT_EQ(qantar({"adjudicate", small_case(), "-o", "/no/such/folder/a.h5"}).code, 3);
}

TEST_F(Adjudicate, RefusesARecordThatCannotBeCompared) {
  copy_.replace("evidence.toml", "use = \"scored\"", "use = \"context\"\nreason = \"for the test\"");
  for (const char* key : {"measure = \"time\"\n", "observable = \"place_protest_began\"\n", "at = \"port\"\n",
                          "earliest = 2030-03-01T13:00:00+00:00\n", "latest = 2030-03-02T12:00:00+00:00\n",
                          "tolerance = 1.0\n", "weight = 1.0\n", "input_driven = false\n"})
    copy_.replace("evidence.toml", key, "");
  const Ended ended = qantar(words(copy_.path(), 320));
  EXPECT_EQ(ended.code, 3) << ended.out;
  EXPECT_THAT(ended.err, HasSubstr("no row"));
}

TEST_F(Adjudicate, AKeyRowMustBeOneThatAccountsCanBeWeighedBy) {
  copy_.replace("evidence.toml", "held_out = true", "held_out = true\nkey = true");
  const Ended ended = qantar({"check", copy_.path()});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err + ended.out, HasSubstr("cannot be weighed by an event that is held out"));
}

}  // namespace
}  // namespace qantar::testing
