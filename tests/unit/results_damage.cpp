// Whatever happens to a file is found and, where it can be, named.
#include <random>

#include <gmock/gmock.h>

#include "sim/results/hdf5.hpp"
#include "sim/results/schema.hpp"
#include "sim/results/seal.hpp"
#include "tests/support/instrumented.hpp"
#include "tests/unit/results_support.hpp"

namespace qantar::sim {
namespace {

using namespace testing;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Damage : public ::testing::Test {
 protected:
  void SetUp() override {
    write_small(path);
    good = bytes_of(path);
  }

  Folder folder;
  fs::path path = folder / "r.h5";
  std::string good;
};

TEST_F(Damage, none_in_a_good_file) { EXPECT_THAT(find_damage(path), ElementsAre()); }

TEST_F(Damage, any_flipped_byte_is_found) {
  std::mt19937 random(1);  // positions only; any will do
  std::uniform_int_distribution<std::size_t> anywhere(0, good.size() - 1);
  for (std::size_t i = 0; i < (test::instrumented ? 120 : 300); ++i) {
    const std::size_t at = i < 100 ? i : anywhere(random);  // the superblock, then everywhere
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (i % 2 ? 0xff : 1 << (i / 2 % 8)));
    set_bytes(path, bad);
    EXPECT_THAT(find_damage(path), Not(ElementsAre())) << "byte " << at;
    EXPECT_THROW(ResultReader{path}, ResultError) << "byte " << at;
  }
}

TEST_F(Damage, truncation_is_named) {
  for (int i = 0; i < 20; ++i) {
    set_bytes(path, good.substr(0, good.size() * static_cast<std::size_t>(i) / 20));
    EXPECT_THAT(find_damage(path), Contains(HasSubstr("truncated"))) << i;
  }
  set_bytes(path, good.substr(0, good.size() - 1));
  EXPECT_THAT(find_damage(path), Contains(HasSubstr("truncated")));
  set_bytes(path, good + "more");
  EXPECT_THAT(find_damage(path), Contains(HasSubstr("after its end")));
}

TEST_F(Damage, what_is_no_result_is_named) {
  EXPECT_THAT(find_damage(folder / "none.h5"), ElementsAre(HasSubstr("no such file")));
  EXPECT_THAT(find_damage("/tmp"), Not(ElementsAre()));
  set_bytes(path, std::string(1000, 'x'));
  EXPECT_THAT(find_damage(path), ElementsAre(HasSubstr("not HDF5")));
  set_bytes(path, "");
  EXPECT_THAT(find_damage(path), ElementsAre(HasSubstr("truncated")));
}

TEST_F(Damage, removed_and_added_parts_are_named) {
  {
    const h5::Handle file = h5::open_file(path, true);
    H5Ldelete(file, "fell", H5P_DEFAULT);
    H5Ldelete(file, "series/legitimacy", H5P_DEFAULT);
    write_index(file, "smuggled", 3, "contraband");
    H5Lcreate_soft("/status", file, "shortcut", H5P_DEFAULT, H5P_DEFAULT);
  }
  const auto found = find_damage(path);
  EXPECT_THAT(found, Contains(HasSubstr("seal")));
  EXPECT_THAT(found, Contains("dataset /fell was removed"));
  EXPECT_THAT(found, Contains("dataset /series/legitimacy was removed"));
  EXPECT_THAT(found, Contains("dataset /smuggled was added"));
  EXPECT_THAT(found, Contains("link /shortcut was added"));
  EXPECT_THAT(found, Contains(HasSubstr("content_digest")));
}

TEST_F(Damage, edited_attributes_are_named) {
  {
    const h5::Handle file = h5::open_file(path, true);
    const h5::Handle deaths = h5::open_dataset(file, "deaths");
    H5Adelete(deaths, "units");
    h5::put(deaths, "units", "thousand");
    H5Adelete(file, "title");
    h5::put(h5::open_group(file, "provenance"), "blessed_by", "nobody");
  }
  const auto found = find_damage(path);
  EXPECT_THAT(found, Contains("attribute /deaths@units was changed"));
  EXPECT_THAT(found, Contains("attribute /@title was removed"));
  EXPECT_THAT(found, Contains("attribute /provenance@blessed_by was added"));
}

TEST_F(Damage, edited_numbers_are_named_even_below_a_new_seal) {
  std::uint64_t seal = 0;
  {
    h5::Handle file = h5::open_file(path, true);
    const h5::Handle status = h5::open_dataset(file, "status");
    const std::vector<std::int32_t> ok(20, 0);
    h5::write(status, H5T_NATIVE_INT32, ok.data());
    seal = seal_offset(file);
  }
  seal_file(path, seal);
  const auto found = find_damage(path);
  EXPECT_THAT(found, Not(Contains(HasSubstr("seal"))));
  EXPECT_THAT(found, Contains("dataset /status was changed"));
  EXPECT_THAT(found, Contains(HasSubstr("content_digest does not match")));
}

TEST_F(Damage, an_edited_configuration_is_named) {
  {
    const h5::Handle file = h5::open_file(path, true);
    const h5::Handle configuration = h5::open_dataset(file, "provenance/configuration");
    const char* other = "[clock]";
    h5::write(configuration, h5::string_type(), &other);
  }
  const auto found = find_damage(path);
  EXPECT_THAT(found, Contains("dataset /provenance/configuration was changed"));
  EXPECT_THAT(found, Contains(HasSubstr("configuration_sha256")));
}

TEST_F(Damage, a_chunk_with_a_flipped_byte_is_named) {
  const h5::Handle file = h5::open_file(path);
  const h5::Handle morale = h5::open_dataset(file, "parameter_morale");
  haddr_t at = 0;
  hsize_t size = 0, offset = 0;
  unsigned filters = 0;
  const h5::Handle area(H5Dget_space(morale));
  ASSERT_GE(H5Dget_chunk_info(morale, area, 0, &offset, &filters, &at, &size), 0);
  std::string bad = good;
  bad[at + size / 2] = static_cast<char>(bad[at + size / 2] ^ 0x10);
  set_bytes(folder / "bad.h5", bad);
  const auto found = find_damage(folder / "bad.h5");
  EXPECT_THAT(found, Contains("dataset /parameter_morale was changed"));
  EXPECT_THAT(found, Contains(AllOf(HasSubstr("cannot read"), HasSubstr("checksum"))));
}

TEST_F(Damage, a_removed_or_forged_list_of_digests_is_named) {
  {
    const h5::Handle file = h5::open_file(path, true);
    H5Ldelete(file, "provenance/manifest", H5P_DEFAULT);
    H5Ldelete(file, "provenance/file_sha256", H5P_DEFAULT);
  }
  const auto found = find_damage(path);
  EXPECT_THAT(found, Contains(HasSubstr("provenance/manifest is damaged")));
  EXPECT_THAT(found, Contains(HasSubstr("provenance/file_sha256")));
}

}  // namespace
}  // namespace qantar::sim
