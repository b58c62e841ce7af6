// The numbers of every shipped case, bit for bit. A change that means to alter them alters these values too, and says
// why. The classics are as at ea0f370; the other cases are as
// when the last bare numbers of the model became parameters.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.hpp"

namespace qantar::testing {
namespace {

struct Shipped {
  const char *folder, *accounts, *trials, *digest;
};

void PrintTo(const Shipped& s, std::ostream* out) { *out << s.folder << " " << s.accounts; }

class ShippedCases : public ::testing::TestWithParam<Shipped> {};

TEST_P(ShippedCases, HaveTheNumbersThatTheyHad) {
  const Shipped& s = GetParam();
  const Folder folder;
  const Ended run = qantar({"run", source(std::string("configs/") + s.folder).string(), "--hypothesis", s.accounts,
                            "-n", s.trials, "--seed", "1", "-o", (folder / "result.h5").string(), "--quiet", "--json"});
  ASSERT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(nlohmann::json::parse(run.out).at("content_digest"), s.digest);
}

INSTANTIATE_TEST_SUITE_P(
    All, ShippedCases,
    ::testing::Values(
        Shipped{"january_2022", "all", "2", "3b26f595c366a767e7d0b553af2fbcdaab8b6a1298adc535cd69bbc77d448973"},
        Shipped{"january_2022", "alternatives", "1",
                "735078c8853aee4d248817113145a5694e6f898592ecc63b08f497ec54addea0"},
        Shipped{"belarus_2020", "all", "2", "d90de07ef692cb7143f1b3dca39b5e69d5bba2aabbd4b9846930a0bf2394f5a8"},
        Shipped{"turkey_2016", "all", "2", "9cd3b005a1a8a80a0d57d7a5d134c3f3e49073dfef96538944fa08eb56a2a805"},
        Shipped{"zimbabwe_2017", "all", "2", "f45597cc53db2cb972989fb08d7f92b7054a4cf01c46623424a693aee2e2603c"},
        Shipped{"classic/cascades", "all", "1", "ee8b55d0c7769b6feeef290a120fbedb715347d789109ef7c5d9d9fbc1eaa187"},
        Shipped{"classic/civil_violence_shocks", "all", "1",
                "e80475b98be4b9ca03b66476b7beb2702b2925efca8479494f4004c41b72ae8d"},
        Shipped{"classic/civil_violence_groups", "all", "1",
                "e319832ff02b9b7e8f83e5df04329fb72e44f15b58d08c3ae103101cde1358da"},
        Shipped{"classic/global_game", "all", "1", "60d08ca9e3aff9263ae21d624416e45edc81861deeb276d857a8afd802cc7b3c"},
        Shipped{"classic/thresholds", "all", "1", "62edb9b2f2a653c3525d4e0a4e589feda9d93f13730436bd91aa741c4c2cafb3"},
        Shipped{"classic/civil_violence", "floor", "1",
                "6c03354f876c79fa1c1f41d734f9b50d43225ce3c46ffb65b5c09bc095848469"},
        Shipped{"classic/civil_violence", "literal", "1",
                "deb84674ae8dffd6f1ce44a2c698fc0770724d07e235c4abc589714189c321b6"},
        Shipped{"classic/civil_violence", "round", "1",
                "84e8c03fa721779028a3cbbd0192af3c0e829d61253de1a5ef7918682901d456"},
        Shipped{"classic/civil_violence", "moore", "1",
                "53e2f1ef37043c8f319b6eb4cc3e4f6b8e752aff0dd78cbe434dceb9c3a7d856"},
        Shipped{"classic/civil_violence", "von_neumann", "1",
                "d2bff882b1d9e5959ada3419d4203f083edf8b2cc7fa1c74a7b8e0bae628bd75"},
        Shipped{"classic/civil_violence", "run_1", "1",
                "12e8c1d05af86f89715e794babc826ae2217430395936c5529abdf7ba047e615"},
        Shipped{"classic/civil_violence", "smooth_4", "1",
                "0f7636b9f4bbae02a2ef6e0841bb1aff4bf82a80303e4400dc5466e07c7607e1"},
        Shipped{"classic/civil_violence", "smooth_8", "1",
                "272b5b8fd607815ae1fd166ed165819b96ffc959f66b891415173b5726a067aa"}));

}  // namespace
}  // namespace qantar::testing
