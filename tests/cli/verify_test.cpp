// verify: an intact file passes, each kind of damage is found and named.
#include <algorithm>
#include <functional>
#include <ostream>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <nlohmann/json.hpp>

#include "sim/results/result_file.hpp"
#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Writes a result of the small case.
void make_result(const fs::path& file) {
  const Ended run = qantar({"run", small_case(), "-n", "3", "-o", file.string(), "--keep-series", "1"});
  ASSERT_EQ(run.code, 0) << run.err;
}

void with_hdf5(const fs::path& file, const std::function<void(hid_t)>& change) {
  const hid_t id = H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  ASSERT_GE(id, 0);
  change(id);
  H5Fclose(id);
}

void set_number(hid_t group, const char* dataset, hsize_t row, double value) {
  const hid_t d = H5Dopen2(group, dataset, H5P_DEFAULT), space = H5Dget_space(d);
  const hsize_t one = 1;
  const hid_t memory = H5Screate_simple(1, &one, nullptr);
  H5Sselect_hyperslab(space, H5S_SELECT_SET, &row, nullptr, &one, nullptr);
  EXPECT_GE(H5Dwrite(d, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, &value), 0);
  H5Sclose(memory);
  H5Sclose(space);
  H5Dclose(d);
}

/// The result once more, whole and sealed, but with another number of deaths in trial 4: what a program with other
/// rules would have written.
void rewrite_with_another_number(const fs::path& file) {
  const sim::ResultReader old(file);
  const auto& outcomes = old.layout().outcomes;
  const auto deaths = std::ranges::find(outcomes, "deaths", &sim::Variable::name);
  std::size_t column = 0;
  for (auto v = outcomes.begin(); v != deaths; ++v) column += old.layout().size(*v);
  sim::ResultWriter writer(file, old.layout(), old.clock(), old.run(), true);
  for (std::int64_t i = 0; i < old.trials(); ++i) {
    auto record = old.record(i);
    record.series.resize(static_cast<std::size_t>(old.clock().steps()) * old.layout().width(old.layout().series));
    if (i == 4) record.outcomes[column] += 1;
    writer.append(record);
  }
  writer.finish();
}

TEST(Verify, NamesTheFirstNumberThatDoesNotComeOutTheSame) {
  const Folder folder;
  make_result(folder / "r.h5");
  rewrite_with_another_number(folder / "r.h5");
  const std::string file = (folder / "r.h5").string();
  const Ended all = qantar({"verify", file, "--replay", "6"});
  EXPECT_EQ(all.code, 5);
  EXPECT_THAT(all.out, AllOf(HasSubstr("trial 4 does not come out the same: deaths is"),
                             HasSubstr("was written by qantar"), Not(HasSubstr("trial 3")), Not(HasSubstr("whole"))));
  const Ended story = qantar({"narrate", file, "--trial", "4"});
  EXPECT_EQ(story.code, 5);
  EXPECT_THAT(story.out, IsEmpty());
  EXPECT_THAT(story.err, HasSubstr("deaths is"));
  EXPECT_EQ(qantar({"narrate", file, "--trial", "3"}).code, 0);
}

TEST(Verify, DrawsTrialsThatNobodyForeseesAndTheSameOnesForASeed) {
  const Folder folder;
  const std::string file = (folder / "r.h5").string();
  ASSERT_EQ(qantar({"run", small_case(), "-n", "20", "-o", file}).code, 0);
  rewrite_with_another_number(file);
  // One of forty trials is forged and sealed anew: most draws of two miss it, and a draw can be had again.
  std::set<int> codes;
  std::string missed;
  for (int i = 0; i < 200 && codes.size() < 2; ++i) {
    const Ended ended = qantar({"verify", file, "--replay", "2", "--json"});
    codes.insert(ended.code);
    if (ended.code == 0) missed = std::to_string(nlohmann::json::parse(ended.out).at("seed").get<std::uint64_t>());
  }
  EXPECT_THAT(codes, ::testing::ElementsAre(0, 5));
  const Ended again = qantar({"verify", file, "--replay", "2", "--seed", missed});
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, AllOf(HasSubstr("2 trials replayed of 40"), HasSubstr("--seed " + missed),
                               HasSubstr("had 1 trial been changed"), HasSubstr("probability of 0.05")));
  EXPECT_EQ(qantar({"verify", file, "--replay", "all"}).code, 5);
}

TEST(Verify, PassesAnIntactFileAndSaysWhatWasChecked) {
  const Folder folder;
  make_result(folder / "r.h5");
  const Ended ended = qantar({"verify", (folder / "r.h5").string(), "--replay", "6"});
  EXPECT_EQ(ended.code, 0) << ended.out;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("whole"), HasSubstr("6 trials replayed of 6")));
  EXPECT_THAT(qantar({"verify", (folder / "r.h5").string(), "--replay", "0"}).out, HasSubstr("0 trials replayed"));
}

struct Damage {
  std::string name;
  std::function<void(const fs::path&)> inflict;
  std::string said;
};
void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }

const std::vector<Damage> damages{
    {"truncated", [](const fs::path& p) { fs::resize_file(p, fs::file_size(p) / 2); }, "truncated"},
    {"cut_to_nothing", [](const fs::path& p) { fs::resize_file(p, 0); }, "truncated"},
    {"a_byte_flipped",
     [](const fs::path& p) {
       std::string bytes = text_of(p);
       bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x10);
       write_file(p, bytes);
     },
     "r.h5: "},
    {"something_else", [](const fs::path& p) { write_file(p, std::string(5000, 'x')); }, "not HDF5"},
    {"removed", [](const fs::path& p) { fs::remove(p); }, "no such file"},
    {"a_dataset_removed", [](const fs::path& p) { with_hdf5(p, [](hid_t f) { H5Ldelete(f, "deaths", H5P_DEFAULT); }); },
     "deaths"},
    {"a_number_edited", [](const fs::path& p) { with_hdf5(p, [](hid_t f) { set_number(f, "deaths", 1, 12345); }); },
     "deaths"},
    {"an_attribute_edited",
     [](const fs::path& p) {
       with_hdf5(p, [](hid_t f) {
         const hid_t group = H5Gopen2(f, "provenance", H5P_DEFAULT), a = H5Aopen(group, "seed", H5P_DEFAULT);
         const std::uint64_t other = 99;
         EXPECT_GE(H5Awrite(a, H5T_NATIVE_UINT64, &other), 0);
         H5Aclose(a);
         H5Gclose(group);
       });
     },
     "provenance"},
};

class Damaged : public ::testing::TestWithParam<Damage> {};

TEST_P(Damaged, IsFoundAndNamed) {
  const Folder folder;
  make_result(folder / "r.h5");
  GetParam().inflict(folder / "r.h5");
  const Ended ended = qantar({"verify", (folder / "r.h5").string()});
  EXPECT_EQ(ended.code, 5);
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr((folder / "r.h5").string()), HasSubstr(GetParam().said), Not(HasSubstr("whole"))));
}

TEST_P(Damaged, IsNotReadByTheOtherCommandsAsIfItWereWhole) {
  const Folder folder;
  make_result(folder / "r.h5");
  GetParam().inflict(folder / "r.h5");
  for (const std::vector<std::string>& words : {std::vector<std::string>{"compare", (folder / "r.h5").string()},
                                                {"narrate", (folder / "r.h5").string(), "--trial", "1"}}) {
    const Ended ended = qantar(words);
    EXPECT_EQ(ended.code, 5) << words[0] << ": " << ended.err;
    EXPECT_THAT(ended.out, IsEmpty());
    EXPECT_THAT(ended.err, HasSubstr((folder / "r.h5").string()));
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, Damaged, ::testing::ValuesIn(damages),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace qantar::testing
