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
        Shipped{"january_2022", "all", "2", "97af5580413eb3bd1e2ca1304fdcebca80b7eaa20c4df72779d113efe5a357a2"},
        Shipped{"january_2022", "alternatives", "1",
                "e99e89a46e96c7f28c8b61c7d62dfa396c91e63bdd146ce8e1e7c4a9e341ef43"},
        Shipped{"belarus_2020", "all", "2", "7e127e2cda9d9ec4cd936e970bf86f82dda71efaf04203c7d27027d2ffffd80e"},
        Shipped{"turkey_2016", "all", "2", "e3cc83e491dfe22243a8c71ea0ba4c218bcceecbea20bfee09e1029056b5ddd9"},
        Shipped{"zimbabwe_2017", "all", "2", "576e13c9a7162eb2e529bf12e8dce4feecf0c7119f287ff8969bc7db5a9a756c"},
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
