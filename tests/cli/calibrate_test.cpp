// A calibration as its users meet it: what it prints and writes, the same numbers however it is cut, what other
// commands make of it, and what it refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

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

class Calibrate : public ::testing::Test {
 protected:
  std::string in(const std::string& name) const { return (folder_ / name).string(); }
  std::vector<std::string> words(const std::string& of, int trials, const std::string& threads = "2") const {
    return {"calibrate", of,          "--trials", std::to_string(trials),
            "-o",        in("c.h5"),  "--seed",   "5",
            "--json",    "--threads", threads,    "--quiet",
            "--force"};
  }
  Json calibrated(const std::string& of, int trials, const std::string& threads = "2") const {
    const Ended ended = qantar(words(of, trials, threads));
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.code == 0 ? Json::parse(ended.out) : Json();
  }
  /// The small case with more to go by, of which one row is held out.
  std::string with_rows() const {
    const std::string rows = R"(
[[events]]
id = "Q1"
title = "Few are hurt"
grade = "A"
families = ["I", "L"]
sources = ["invented"]
date = 2030-03-03
place = "seat"
use = "scored"
measure = "number"
observable = "deaths"
weight = 1.0
low = 0
high = 3
)";
    write_file(copy_ / "evidence.toml", text_of(copy_ / "evidence.toml") + rows);
    return copy_.path();
  }

  const Folder folder_;
  const CaseCopy copy_;
};

TEST_F(Calibrate, SaysWhatIsPromised) {
  const Json j = calibrated(with_rows(), 300);
  ASSERT_THAT(j["accounts"], SizeIs(2));
  EXPECT_EQ(j["rows"], 2);
  for (const auto& account : j["accounts"]) {
    EXPECT_EQ(account["none"], false);
    ASSERT_THAT(account["rows"], SizeIs(2));
    const auto& wave = account["waves"].back();
    EXPECT_GT(wave["volume_left"], 0.0);
    EXPECT_LE(wave["volume_left"], 1.0);
    EXPECT_GE(account["discrepancy"], 1.0);
    for (const auto& p : account["parameters"]) {
      EXPECT_LT(p["posterior"]["low"], p["posterior"]["high"]);
      EXPECT_GT(p["effective_draws"], 100.0);
      EXPECT_LT(p["r_hat"], 1.1);
    }
  }
  EXPECT_THAT(folder_.names(), ElementsAre("c.h5")) << "nothing of the work stays";
  const Ended whole = qantar({"verify", in("c.h5"), "--replay", "all"});
  EXPECT_EQ(whole.code, 0) << whole.out;
  EXPECT_THAT(whole.out, AllOf(HasSubstr("whole"), HasSubstr("the same bit for bit")));
  EXPECT_THAT(qantar({"compare", in("c.h5")}).err, HasSubstr("is the result of qantar calibrate"));
}

TEST_F(Calibrate, IsTheSameOnAnyThreadsAndFromShards) {
  const std::string of = with_rows();
  const Json one = calibrated(of, 200, "1"), three = calibrated(of, 200, "3");
  EXPECT_EQ(one, three);
  fs::remove(in("c.h5"));
  for (const char* shard : {"1/2", "0/2"}) {
    auto call = words(of, 200);
    call.insert(call.end(), {"--shard", shard});
    const Ended ended = qantar(call);
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("1 account in "));
    EXPECT_FALSE(fs::exists(in("c.h5"))) << "a shard writes no result";
  }
  EXPECT_EQ(calibrated(of, 200), one);
}

TEST_F(Calibrate, GoesOnAfterItWasKilledOrInterrupted) {
  constexpr int trials = test::instrumented ? 1000 : 6000, times = 10;
  const std::string of = with_rows();
  const Json whole = calibrated(of, trials);
  fs::remove(in("c.h5"));
  int cut = 0;
  for (int time = 0; time < times && !fs::exists(in("c.h5")); ++time) {
    const int signal = time % 2 == 0 ? SIGKILL : SIGTERM;
    Running program(QANTAR_PROGRAM, words(of, trials));
    std::this_thread::sleep_for(std::chrono::milliseconds(250 + 40 * time));
    program.send(signal);
    const Ended ended = program.finish();
    cut += ended.code != 0;
    if (signal == SIGTERM && ended.code == 75) {
      EXPECT_THAT(ended.err, AllOf(HasSubstr("Go on with"), HasSubstr("calibrate")));
    }
  }
  EXPECT_GE(cut, 2) << "it was over too soon to be interrupted";
  EXPECT_EQ(calibrated(of, trials), whole);
  EXPECT_THAT(folder_.names(), ElementsAre("c.h5"));
}

// As xarray and the packages of R for posteriors expect it: draws by chain and draw, parameters by name.
TEST_F(Calibrate, ReadersOfOtherProgramsKnowItsAxes) {
  calibrated(with_rows(), 200);
  const std::string python =
      "import sys, xarray\n"
      "data = xarray.open_dataset(sys.argv[1], group='accounts/quiet_line')\n"
      "draws, quantile = data['posterior'], data['quantile']\n"
      "assert draws.dims == ('parameter', 'chain', 'draw'), draws.dims\n"
      "assert draws.sizes['chain'] == 4 and draws.sizes['draw'] == 1000, draws.sizes\n"
      "assert 0 < float(quantile.min()) and float(quantile.max()) < 1\n"
      "morale = draws.sel(parameter='organisations.police.morale')\n"
      "assert 0 < float(morale.mean()) < 1 and float(morale.std()) > 0\n";
  const Ended by_python = Running("/usr/bin/python3", {"-W", "ignore", "-c", python, in("c.h5")}).finish();
  if (by_python.err.find("ModuleNotFoundError") != std::string::npos || by_python.code == 127)
    GTEST_SKIP() << by_python.err;
  EXPECT_EQ(by_python.code, 0) << by_python.err;
  const std::string r =
      "library(ncdf4); f <- nc_open(commandArgs(TRUE))\n"
      "x <- ncvar_get(f, 'accounts/quiet_line/posterior'); n <- ncvar_get(f, 'accounts/quiet_line/parameter')\n"
      "dimnames(x) <- list(NULL, NULL, n)\n"
      "stopifnot(dim(x)[1:2] == c(1000, 4), dim(x)[3] == length(n), sd(x[, , 'organisations.police.morale']) > 0)\n";
  const Ended by_r = Running("Rscript", {"-e", r, in("c.h5")}).finish();
  if (by_r.err.find("there is no package") != std::string::npos || by_r.code == 127) GTEST_SKIP() << by_r.err;
  EXPECT_EQ(by_r.code, 0) << by_r.err;
}

TEST_F(Calibrate, OtherCommandsDrawFromIt) {
  const std::string of = with_rows();
  calibrated(of, 300);
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> call{"run", of,         "-n",      "40",      "--seed", "2",
                                  "-o",  in("r.h5"), "--quiet", "--force", "--json"};
    call.insert(call.end(), more.begin(), more.end());
    const Ended ended = qantar(call);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return Json::parse(ended.out)["content_digest"].get<std::string>();
  };
  const std::string plain = run({}), drawn = run({"--prior", in("c.h5")});
  EXPECT_NE(plain, drawn);
  EXPECT_EQ(run({"--prior", in("c.h5"), "--threads", "1"}), drawn);
  EXPECT_EQ(qantar({"verify", in("r.h5"), "--replay", "all"}).code, 0);
  // What-ifs keep the draws of the trials that they run again.
  const Ended whatif = qantar({"whatif", in("r.h5"), "--prior", "--do", "parameters.assault_rate=0", "--json"});
  EXPECT_TRUE(whatif.code == 0 || whatif.code == 3) << whatif.err;
  // Only held-out rows are weighed by what the others were used for.
  const Ended verdict = qantar({"adjudicate", of, "--prior", in("c.h5"), "--trials", "200", "--seed", "1", "-o",
                                in("v.h5"), "--quiet", "--json"});
  ASSERT_EQ(verdict.code, 0) << verdict.err;
  const Json judged = Json::parse(verdict.out);
  EXPECT_EQ(judged["rows_weighed"], 1);
  EXPECT_EQ(qantar({"verify", in("v.h5")}).code, 0);
  EXPECT_EQ(qantar({"report", in("c.h5"), in("r.h5"), "-o", in("page.html")}).code, 0);
  EXPECT_EQ(qantar({"sweep", "plan", (copy_ / "sweeps/line.toml").string(), "--prior", in("c.h5"), "--dry-run"}).code,
            0);
}

TEST_F(Calibrate, EachCaseIsLeftOutInTurn) {
  const std::string of = with_rows();
  calibrated(of, 200);
  fs::copy(of, in("another"), fs::copy_options::recursive);
  ASSERT_EQ(qantar({"calibrate", in("another"), "--trials", "200", "-o", in("d.h5"), "--quiet"}).code, 0);
  const std::vector<std::string> call{"transfer", in("c.h5"), in("d.h5"), "-n",    "20",
                                      "--seed",   "3",        "--quiet",  "--json"};
  const Ended ended = qantar(call);
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Json j = Json::parse(ended.out);
  ASSERT_THAT(j["cases"], SizeIs(2));
  for (const auto& left_out : j["cases"]) {
    ASSERT_THAT(left_out["accounts"], SizeIs(2));
    EXPECT_LT(left_out["r_hat"], 1.1);
    EXPECT_GT(left_out["score_of_hazards_of_others"]["value"], 0.0);
    for (const auto& account : left_out["accounts"]) {
      const double before = account["score"]["value"], after = account["score_with_the_core_of_others"]["value"];
      EXPECT_NEAR(account["difference"]["value"].get<double>(), after - before, 1e-9);
      EXPECT_LE(account["difference"]["low"], account["difference"]["high"]);
    }
  }
  EXPECT_EQ(qantar(call).out, ended.out);
  EXPECT_THAT(qantar({"transfer", in("c.h5"), in("d.h5"), "-n", "20", "--quiet"}).out, HasSubstr("core of others"));
  EXPECT_THAT(qantar({"transfer", in("c.h5")}).err, HasSubstr("no others to learn from"));
  EXPECT_THAT(qantar({"transfer", in("c.h5"), in("c.h5")}).err, HasSubstr("are both of"));
}

TEST_F(Calibrate, AnImpossibleRecordEndsInNone) {
  const std::string of = with_rows();
  std::string text = text_of(copy_ / "evidence.toml");
  const auto replace = [&](const std::string& what, const std::string& by) {
    text.replace(text.find(what), what.size(), by);
  };
  replace("low = 0\nhigh = 3", "low = 900000\nhigh = 999999");
  write_file(copy_ / "evidence.toml", text);
  auto call = words(of, 200);
  std::erase(call, "--json");
  const Ended ended = qantar(call);
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("no parameters reach this record"), HasSubstr("Q1")));
  const Ended run = qantar({"run", of, "--prior", in("c.h5"), "-o", in("r.h5"), "--quiet"});
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("reach the record, so it has no posterior"));
}

TEST_F(Calibrate, RefusesWhatMakesNoSense) {
  EXPECT_EQ(qantar({"calibrate", small_case()}).code, 2);
  auto few = words(small_case(), 300);
  few[3] = "20";
  EXPECT_EQ(qantar(few).code, 2);
  EXPECT_EQ(qantar({"calibrate", small_case(), "-o", "/no/such/folder/a.h5"}).code, 3);
  ASSERT_EQ(qantar({"run", small_case(), "-n", "2", "-o", in("r.h5"), "--quiet"}).code, 0);
  const Ended other = qantar({"run", small_case(), "--prior", in("r.h5"), "-o", in("s.h5")});
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("is no result of qantar calibrate"));
  // One account has a posterior, the other has none.
  ASSERT_EQ(
      qantar({"calibrate", small_case(), "--hypothesis", "quiet_line", "--trials", "200", "-o", in("c.h5"), "--quiet"})
          .code,
      0);
  const Ended uneven = qantar({"run", small_case(), "--prior", in("c.h5"), "-o", in("s.h5")});
  EXPECT_EQ(uneven.code, 2);
  EXPECT_THAT(uneven.err, HasSubstr("no posterior of strong_pull"));
  EXPECT_EQ(qantar({"run", small_case(), "--hypothesis", "quiet_line", "-n", "4", "--prior", in("c.h5"), "-o",
                    in("s.h5"), "--quiet"})
                .code,
            0);
}

}  // namespace
}  // namespace qantar::testing
