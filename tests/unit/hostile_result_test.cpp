// A file that somebody has changed on purpose and sealed anew: nothing in it is believed.
#include <chrono>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <ostream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include "sim/results/opened.hpp"
#include "sim/results/result_file.hpp"
#include "sim/results/seal.hpp"
#include "tests/unit/results_support.hpp"

namespace qantar::sim {
namespace {

using namespace testing;
using ::testing::HasSubstr;

template <class T>
void set(hid_t file, const char* dataset, hid_t type, hsize_t row, T value) {
  const h5::Handle d = h5::open_dataset(file, dataset);
  const h5::Handle space = h5::take(H5Dget_space(d), "space");
  const hsize_t one = 1;
  const h5::Handle memory = h5::take(H5Screate_simple(1, &one, nullptr), "memory");
  h5::check(H5Sselect_hyperslab(space, H5S_SELECT_SET, &row, nullptr, &one, nullptr), "row");
  h5::check(H5Dwrite(d, type, memory, space, H5P_DEFAULT, &value), "write");
}

void set_real(hid_t file, const char* group, const char* attribute, double value) {
  const h5::Handle g = h5::open_group(file, group);
  h5::check(H5Adelete(g, attribute), "delete");
  h5::put_real(g, attribute, value);
}

/// A dataset of doubles that is stored as `plan` says.
void add(hid_t file, const char* name, hsize_t n, const std::function<void(hid_t)>& plan) {
  const h5::Handle space = h5::take(H5Screate_simple(1, &n, nullptr), "space");
  const h5::Handle list = h5::take(H5Pcreate(H5P_DATASET_CREATE), "list");
  plan(list);
  h5::take(H5Dcreate2(file, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, list, H5P_DEFAULT), "dataset");
}

struct Forgery {
  std::string name;
  std::function<void(hid_t)> change;
  std::string said;
};
void PrintTo(const Forgery& forgery, std::ostream* out) { *out << forgery.name; }

const std::vector<Forgery> forgeries{
    {"hypothesis_below_0", [](hid_t f) { set(f, "hypothesis", H5T_NATIVE_INT, 3, -5); }, "'hypothesis' has -5"},
    {"hypothesis_that_is_not_there", [](hid_t f) { set(f, "hypothesis", H5T_NATIVE_INT, 3, 2); }, "'hypothesis' has 2"},
    {"status_77", [](hid_t f) { set(f, "status", H5T_NATIVE_INT, 3, 77); }, "'status' has 77"},
    {"kept_trial_that_is_not_there",
     [](hid_t f) { set(f, "series/trial_kept", H5T_NATIVE_INT64, 3, std::int64_t{1'000'000'000'000}); }, "no trial"},
    {"kept_trials_backwards", [](hid_t f) { set(f, "series/trial_kept", H5T_NATIVE_INT64, 1, std::int64_t{0}); },
     "does not ascend"},
    {"kind_of_event_below_0", [](hid_t f) { set(f, "events/kind", H5T_NATIVE_INT, 1, -7); }, "'events/kind' has -7"},
    {"event_in_no_place", [](hid_t f) { set(f, "events/place", H5T_NATIVE_INT, 1, 1000); }, "'events/place' has 1000"},
    {"a_milliard_causes", [](hid_t f) { set(f, "events/cause_count", H5T_NATIVE_INT, 1, 1 << 30); },
     "'events/cause_count' has"},
    {"cause_that_is_not_there", [](hid_t f) { set(f, "events/cause", H5T_NATIVE_INT, 0, 99); },
     "'events/cause' has 99"},
    {"endless_clock", [](hid_t f) { set_real(f, "provenance", "clock_step_h", 1e-9); }, "a clock"},
    {"clock_that_stands", [](hid_t f) { set_real(f, "provenance", "clock_step_h", 0); }, "a clock"},
    {"clock_of_ages", [](hid_t f) { set_real(f, "provenance", "clock_end_h", 1e300); }, "a clock"},
    {"link_to_another_file",
     [](hid_t f) { h5::check(H5Lcreate_external("other.h5", "/", f, "more", H5P_DEFAULT, H5P_DEFAULT), "link"); },
     "/more is a link"},
    {"numbers_in_another_file",
     [](hid_t f) { add(f, "more", 3, [](hid_t list) { H5Pset_external(list, "/etc/hostname", 0, 24); }); },
     "/more has its numbers in another file"},
    {"a_shape_without_end",
     [](hid_t f) {
       add(f, "more", hsize_t{1} << 40, [](hid_t list) {
         const hsize_t chunk = 1024;
         H5Pset_chunk(list, 1, &chunk);
       });
     },
     "/more claims"},
    {"a_foreign_filter",
     [](hid_t f) {
       add(f, "more", 1024, [](hid_t list) {
         const hsize_t chunk = 1024;
         H5Pset_chunk(list, 1, &chunk);
         H5Pset_nbit(list);
       });
     },
     "is stored by filter"},
};

/// All that any command reads.
void read_all(const fs::path& path) {
  const ResultReader result(path);
  result.hypothesis();
  result.status();
  for (const auto& v : result.layout().outcomes) result.variable(v.name);
  for (const auto& v : result.layout().series) result.quantile_bands(v.name);
  for (const std::int64_t trial : result.trial_numbers()) result.record(trial);
}

class Forged : public ::testing::TestWithParam<Forgery> {};

TEST_P(Forged, IsRefusedWithTheReason) {
  const Folder folder;
  const fs::path path = folder / "r.h5";
  write_small(path);
  ASSERT_NO_THROW(read_all(path));
  {
    h5::Handle file = h5::open_file(path, true);
    GetParam().change(file);
    const std::uint64_t seal = seal_offset(file);
    h5::close_file(file);
    seal_file(path, seal);
  }
  const auto start = std::chrono::steady_clock::now();
  try {
    read_all(path);
    ADD_FAILURE() << "it was read";
  } catch (const ResultError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr(path.string()), HasSubstr(GetParam().said)));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

INSTANTIATE_TEST_SUITE_P(Forgeries, Forged, ::testing::ValuesIn(forgeries),
                         [](const auto& test) { return test.param.name; });

// A heap of texts that runs in a circle: the library does not come back from it, whoever asks for a text.
TEST(ForgedTexts, ACircleAmongTextsIsSeenBeforeAnybodyReads) {
  const Folder folder;
  const fs::path path = folder / "r.h5";
  write_small(path);
  const std::uint64_t seal = seal_offset(h5::open_file(path));
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  // The one with the configuration: no other look at the structure touches it.
  const auto heap = bytes.rfind("GCOL", bytes.find("[clock]"));
  ASSERT_NE(heap, std::string::npos);
  constexpr std::size_t head_of_heap = 16, size_in_head_of_text = 8;
  const std::uint64_t no_progress = ~std::uint64_t{0} - 15;  // with its head: 0 bytes
  file.seekp(static_cast<std::streamoff>(heap + head_of_heap + size_in_head_of_text));
  file.write(reinterpret_cast<const char*>(&no_progress), sizeof no_progress);
  file.close();
  seal_file(path, seal);
  EXPECT_THROW(open_finished(path), ResultError);
}

}  // namespace
}  // namespace qantar::sim
