// Writing a result and reading it back.
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "sim/results/hdf5.hpp"
#include "tests/unit/results_support.hpp"

namespace qantar::sim {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The same numbers, where undefined equals undefined.
template <class T>
void expect_same(const std::vector<T>& a, const std::vector<T>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_TRUE(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) << i << ": " << a[i] << " and " << b[i];
}

TEST(ResultFile, gives_every_trial_back) {
  const Folder folder;
  const auto digest = write_small(folder / "r.h5");
  const ResultReader r(folder / "r.h5");
  EXPECT_EQ(r.trials(), 20);
  EXPECT_EQ(r.content_digest(), digest);
  EXPECT_THAT(r.kept_trials(), ElementsAre(0, 1, 10, 11));
  for (std::int64_t i = 0; i < 20; ++i) {
    SCOPED_TRACE(i);
    const TrialResult was = small_record(i), is = r.record(i);
    EXPECT_EQ(is.trial, i);
    EXPECT_EQ(is.hypothesis, was.hypothesis);
    EXPECT_EQ(is.key, was.key);
    EXPECT_EQ(is.status, was.status);
    EXPECT_EQ(is.stage, was.stage);
    EXPECT_EQ(is.message, was.message);
    expect_same(is.parameters, was.parameters);
    if (was.status == TrialStatus::failed) {
      EXPECT_TRUE(std::isnan(is.outcomes.at(0)));
      EXPECT_TRUE(std::isnan(is.outcomes.at(10)));
      EXPECT_EQ(is.outcomes.at(11), -1);
    } else {
      expect_same(is.outcomes, was.outcomes);
    }
    if (i % 10 >= 2) {
      EXPECT_TRUE(is.series.empty());
      EXPECT_TRUE(is.events.empty());
      continue;
    }
    expect_same(is.series, was.series);
    ASSERT_EQ(is.events.size(), was.events.size());
    for (std::size_t e = 0; e < was.events.size(); ++e) {
      EXPECT_EQ(is.events[e].time, was.events[e].time);
      EXPECT_EQ(is.events[e].kind, was.events[e].kind);
      EXPECT_THAT(is.events[e].refs, ::testing::ElementsAreArray(was.events[e].refs));
      EXPECT_EQ(is.events[e].value, was.events[e].value);
      EXPECT_EQ(is.events[e].causes, was.events[e].causes);
    }
  }
  EXPECT_THROW(r.record(20), ResultError);
  EXPECT_THROW(r.variable("no_such_thing"), ResultError);
}

TEST(ResultFile, keeps_the_layout_the_clock_and_the_run) {
  const Folder folder;
  write_small(folder / "r.h5");
  const ResultReader r(folder / "r.h5");
  const ResultLayout was = small_layout();
  const ResultLayout& is = r.layout();
  ASSERT_EQ(is.axes.size(), was.axes.size());
  for (std::size_t i = 0; i < was.axes.size(); ++i) {
    EXPECT_EQ(is.axes[i].name, was.axes[i].name);
    EXPECT_EQ(is.axes[i].labels, was.axes[i].labels);
    EXPECT_EQ(is.axes[i].coordinates, was.axes[i].coordinates);
    EXPECT_EQ(is.axes[i].units, was.axes[i].units);
    EXPECT_EQ(is.axes[i].long_name, was.axes[i].long_name);
  }
  const auto same = [](const std::vector<Variable>& a, const std::vector<Variable>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].name, b[i].name);
      EXPECT_EQ(a[i].kind, b[i].kind);
      EXPECT_EQ(a[i].axes, b[i].axes);
      EXPECT_EQ(a[i].meanings, b[i].meanings);
      EXPECT_EQ(a[i].long_name, b[i].long_name);
      EXPECT_EQ(a[i].units, b[i].kind == ValueKind::time ? small_clock().cf_units() : b[i].units);
    }
  };
  same(is.outcomes, was.outcomes);
  same(is.parameters, was.parameters);
  same(is.series, was.series);
  EXPECT_EQ(is.event_kinds, was.event_kinds);
  EXPECT_EQ(is.event_refs, was.event_refs);
  EXPECT_EQ(r.clock().cf_units(), small_clock().cf_units());
  EXPECT_EQ(r.clock().start(), small_clock().start());
  EXPECT_EQ(r.clock().steps(), small_clock().steps());
  const RunDescription run = small_run();
  EXPECT_EQ(r.run().configuration, run.configuration);
  EXPECT_EQ(r.run().input_files, run.input_files);
  EXPECT_EQ(r.run().overrides, run.overrides);
  EXPECT_EQ(r.run().seed, run.seed);
  EXPECT_EQ(r.run().hypotheses.at(1).title, run.hypotheses.at(1).title);
  EXPECT_EQ(r.run().keep_series, run.keep_series);
  const auto made = r.provenance();
  EXPECT_EQ(made.at("configuration_sha256"), sha256(run.configuration));
  EXPECT_EQ(made.at("seed"), "18364758544493064720");
  EXPECT_EQ(made.at("trials_ok"), "19");
  EXPECT_EQ(made.at("trials_failed"), "1");
  EXPECT_THAT(made.at("generator_check"), HasSubstr("philox"));
}

TEST(ResultFile, tells_never_from_a_time) {
  const Folder folder;
  write_small(folder / "r.h5");
  const ResultReader r(folder / "r.h5");
  const auto when = r.variable("dismissal"), occurred = r.variable("dismissal_occurred");
  for (std::size_t i = 0; i < when.size(); ++i) EXPECT_EQ(occurred.at(i), std::isnan(when[i]) ? 0 : 1);
  EXPECT_EQ(occurred[0], 0);
  EXPECT_EQ(occurred[1], 1);
  EXPECT_EQ(r.variable("share").size(), 20u * 6);
}

TEST(ResultFile, quantile_bands_cover_all_trials_that_did_not_fail) {
  const Folder folder;
  write_small(folder / "r.h5");
  const auto crowd = ResultReader(folder / "r.h5").quantile_bands("crowd");
  ASSERT_EQ(crowd.size(), 2u * 6 * 5 * 3);
  // Hypothesis 1, step 2, median, place 1: the values are 210 + 10 .. 19.
  EXPECT_FLOAT_EQ(static_cast<float>(crowd[((1 * 6 + 2) * 5 + 2) * 3 + 1]), 224.5f);
  // Hypothesis 0 lacks trial 7, which failed, and at step 5 also trial 8, which ended early.
  EXPECT_FLOAT_EQ(static_cast<float>(crowd[((0 * 6 + 0) * 5 + 2) * 3 + 0]), 4.f);
  EXPECT_FLOAT_EQ(static_cast<float>(crowd[((0 * 6 + 5) * 5 + 2) * 3 + 0]), 503.5f);
}

TEST(ContentDigest, does_not_depend_on_chunks_batches_or_the_run) {
  const Folder folder;
  const auto write = [&](const std::string& name, std::int64_t hint, std::int64_t keep) {
    RunDescription run = small_run(400);
    run.trials_per_hypothesis = hint;  // sets the size of chunks
    run.keep_series = keep;
    run.threads = static_cast<int>(hint) + 1;
    ResultWriter w(folder / name, small_layout(), small_clock(), run, false);
    for (std::int64_t i = 0; i < 800; ++i) w.append(small_record(i, 400));
    const auto digest = w.finish();
    EXPECT_THAT(find_damage(folder / name), ElementsAre());  // recomputes the digest from the file
    return digest;
  };
  const auto digest = write("a.h5", 400, 0);
  EXPECT_EQ(write("b.h5", 7, 3), digest);
  EXPECT_EQ(write("c.h5", 0, 1), digest);
  EXPECT_EQ(write("d.h5", 1000000, 400), digest);
}

TEST(ContentDigest, changes_with_one_number) {
  const Folder folder;
  const auto write = [&](std::size_t which, double value) {
    ResultWriter w(folder / "x.h5", small_layout(), small_clock(), small_run(), true);
    for (std::int64_t i = 0; i < 20; ++i) {
      TrialResult r = small_record(i);
      if (i == 13 && which < r.outcomes.size()) r.outcomes[which] = value;
      w.append(r);
    }
    return w.finish();
  };
  const auto digest = write(99, 0);
  EXPECT_EQ(digest, write_small(folder / "y.h5"));
  for (const std::size_t which : {0u, 3u, 5u, 10u, 11u}) EXPECT_NE(write(which, which > 9 ? 0 : 2.5), digest) << which;
  EXPECT_EQ(write(2, 0.0), digest) << "minus zero is zero";
  EXPECT_EQ(write(7, -nan), digest) << "there is one NaN";
}

TEST(ResultWriter, does_not_overwrite_and_leaves_no_temporary) {
  const Folder folder;
  write_small(folder / "r.h5");
  const std::string before = bytes_of(folder / "r.h5");
  EXPECT_THROW(write_small(folder / "r.h5"), OutputError);
  EXPECT_EQ(bytes_of(folder / "r.h5"), before);
  write_small(folder / "r.h5", true);
  EXPECT_EQ(folder.files(), 1u);
  {
    ResultWriter w(folder / "other.h5", small_layout(), small_clock(), small_run(), false);
    w.append(small_record(0));
    EXPECT_EQ(folder.files(), 2u);
  }
  EXPECT_EQ(folder.files(), 1u) << "an abandoned result leaves its temporary";
}

TEST(ResultWriter, does_not_overwrite_what_appeared_meanwhile) {
  const Folder folder;
  {
    ResultWriter w(folder / "r.h5", small_layout(), small_clock(), small_run(), false);
    for (std::int64_t i = 0; i < 20; ++i) w.append(small_record(i));
    set_bytes(folder / "r.h5", "precious");
    EXPECT_THROW(w.finish(), OutputError);
  }
  EXPECT_EQ(bytes_of(folder / "r.h5"), "precious");
  EXPECT_EQ(folder.files(), 1u);
}

TEST(ResultWriter, names_problem_and_remedy_of_a_bad_target) {
  const Folder folder;
  const auto message = [&](const fs::path& target) -> std::string {
    try {
      write_small(target);
    } catch (const OutputError& e) {
      return e.what();
    }
    return "written";
  };
  EXPECT_THAT(message(folder / "no/such/r.h5"), HasSubstr("mkdir -p"));
  EXPECT_THAT(message(folder / ""), HasSubstr("folder"));
  fs::create_directory(folder / "sub");
  EXPECT_THAT(message(folder / "sub"), HasSubstr("folder"));
  write_small(folder / "r.h5");
  EXPECT_THAT(message(folder / "r.h5"), HasSubstr("--force"));
  if (fs::is_directory("/proc/self")) {
    EXPECT_THAT(message("/proc/r.h5"), HasSubstr("cannot be written"));
  }
}

/// Writes under many limits on the size of a file, which fail writes as a full disk does, at whatever moment
/// HDF5 flushes. Returns what went wrong.
std::string write_without_room(const Folder& folder) {
  const auto write = [&](const std::string& name) {
    RunDescription run = small_run(500);
    run.keep_series = 500;
    ResultWriter w(folder / name, small_layout(), small_clock(), run, true);
    for (std::int64_t i = 0; i < 1000; ++i) w.append(small_record(i, 500));
    w.finish();
  };
  write("whole.h5");
  const auto needed = fs::file_size(folder / "whole.h5");
  set_bytes(folder / "r.h5", "precious");
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  for (rlim_t part = 0; part < 32; ++part) {
    rlimit little = before;
    little.rlim_cur = part < 31 ? 1 + needed * part / 31 : needed - 1;
    setrlimit(RLIMIT_FSIZE, &little);
    std::string error = "nothing";
    try {
      write("r.h5");
    } catch (const OutputError& e) {
      error = e.what();
    }
    setrlimit(RLIMIT_FSIZE, &before);
    const std::string when = " with " + std::to_string(little.rlim_cur) + " bytes";
    if (error.find("Free space") == std::string::npos) return "the error says " + error + when;
    if (bytes_of(folder / "r.h5") != "precious") return "the target was touched" + when;
    if (folder.files() != 2) return "a temporary is left" + when;
  }
  write("after.h5");
  return find_damage(folder / "after.h5").empty() ? "" : "the next file is damaged";
}

TEST(ResultWriter, survives_a_disk_without_room) {
  const Folder folder;
  // In a process of its own: HDF5 loses memory when it cannot write, and the limit must not stay.
  EXPECT_EXIT(
      {
        const std::string problem = write_without_room(folder);
        std::fputs(problem.c_str(), stderr);
        std::_Exit(problem.empty() ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "^$");
}

TEST(ResultWriter, refuses_a_layout_that_other_readers_cannot_hold) {
  const Folder folder;
  const auto refuses = [&](auto change) {
    ResultLayout l = small_layout();
    change(l);
    EXPECT_THROW(ResultWriter(folder / "r.h5", l, small_clock(), small_run(), false), std::logic_error);
  };
  refuses([](ResultLayout& l) { l.outcomes[0].units = "hours"; });
  refuses([](ResultLayout& l) { l.outcomes[0].name = "place"; });
  refuses([](ResultLayout& l) { l.outcomes[0].name = "status"; });
  refuses([](ResultLayout& l) { l.outcomes[0].name = "two words"; });
  refuses([](ResultLayout& l) { l.outcomes[3].name = "dismissal_occurred"; });
  refuses([](ResultLayout& l) { l.outcomes[0].axes = {"nowhere"}; });
  refuses([](ResultLayout& l) { l.series[0].name = "time"; });
  EXPECT_EQ(folder.files(), 0u);
}

TEST(ResultWriter, wants_trials_in_order_and_in_shape) {
  const Folder folder;
  ResultWriter w(folder / "r.h5", small_layout(), small_clock(), small_run(), false);
  w.append(small_record(0));
  EXPECT_THROW(w.append(small_record(2)), std::logic_error);
  TrialResult short_one = small_record(1);
  short_one.outcomes.pop_back();
  EXPECT_THROW(w.append(short_one), std::logic_error);
  w.append(small_record(1));
  w.finish();
  EXPECT_EQ(ResultReader(folder / "r.h5").trials(), 2);
  EXPECT_THROW(w.append(small_record(2)), std::logic_error);
}

TEST(ResultWriter, holds_no_trials_and_no_variables) {
  const Folder folder;
  ResultWriter w(folder / "r.h5", {}, small_clock(), {}, false);
  w.finish();
  EXPECT_THAT(find_damage(folder / "r.h5"), ElementsAre());
  EXPECT_EQ(ResultReader(folder / "r.h5").trials(), 0);
}

TEST(ResultReader, refuses_what_it_cannot_read) {
  const Folder folder;
  EXPECT_THROW(ResultReader(folder / "none.h5"), ResultError);
  set_bytes(folder / "text.h5", "not HDF5");
  EXPECT_THROW(ResultReader(folder / "text.h5"), ResultError);
  write_small(folder / "r.h5");
  {
    const h5::Handle file = h5::open_file(folder / "r.h5", true);
    H5Adelete(file, "schema_version");
    h5::put_int(file, "schema_version", result_schema_version + 1);
  }
  try {
    ResultReader r(folder / "r.h5");
    FAIL() << "a newer schema was read";
  } catch (const ResultError& e) {
    EXPECT_THAT(e.what(), HasSubstr("newer"));
  }
  EXPECT_THAT(find_damage(folder / "r.h5"), ::testing::Contains(HasSubstr("newer")));
}

}  // namespace
}  // namespace qantar::sim
