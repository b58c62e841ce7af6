// Docking of civil violence (Epstein 2002) with what independent programs of the same rules report. Published: the
// figures of a Rust replication (20 seeds) and of a C++ one (20 to 100 seeds), which agree with each other; see
// agents/classic/README.md for what is pinned, and for published results that nobody reproduces.
//
// A band is the range of the replications' figures. All runs start from one fixed seed, so a test fails only when a
// rule, a draw or the engine changes, and the bands say how much change of luck is allowed: the mean of 20 seeds has a
// standard error of 1.5 outbursts against a band of 8. Each test also runs rules that are wrong on purpose and demands
// that its own check rejects them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/classic_runs.hpp"

namespace qantar {
namespace {

using test::Band;
using test::missed;
using test::Runs;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<Band> run_2{{"outbursts", 108, 116},
                              {"outburst_wait", 18.5, 24.5},
                              {"outburst_activation", 670, 930},
                              {"calm_share", 0.60, 0.69},
                              {"peak_active", 305, 390}};

TEST(Run2, WithTheRatioCutToAWholeNumberBurstsOutAsReported) {
  const Runs runs("civil_violence", "floor", test::seeds(20));
  EXPECT_THAT(missed(runs, run_2), IsEmpty());
  // A seed alone: wider than the 105 to 121 of the replications. Ours lie between 100 and 127 for 20 seeds, with a
  // standard deviation of 6.7; 98 to 128 is 2.2 of these around their mean.
  EXPECT_GE(runs.least("outbursts"), 98);
  EXPECT_LE(runs.most("outbursts"), 128);
}

TEST(Run2, IsNotReproducedByWrongRules) {
  for (const char* wrong : {"ratio='literal'", "ratio='round'", "fear_constant=0.2", "max_jail=20", "legitimacy=0.8",
                            "threshold=0.08", "cop_density=0.05", "neighbourhood='moore'", "vision=8"})
    EXPECT_THAT(missed(Runs("civil_violence", "floor", 2, {wrong}), run_2), Not(IsEmpty())) << wrong;
}

// The rule as printed: no outburst at all.
TEST(Run2, AsPrintedStaysCalm) {
  const Runs literal("civil_violence", "literal", test::seeds(20));
  EXPECT_THAT(literal.of("outbursts"), Each(0));
  EXPECT_LT(literal.most("peak_active"), 50);
  // It would show: the pinned rule bursts out, and so does the printed one when legitimacy is far lower.
  EXPECT_GT(Runs("civil_violence", "floor", 1).least("peak_active"), 50);
  EXPECT_THAT(missed(Runs("civil_violence", "literal", 3, {"legitimacy=0.5"}), {{"outbursts", 20, 55}}), IsEmpty());
}

TEST(Run2, WithASmoothRuleBurstsOutMoreOftenTheSteeperItIs) {
  const std::vector<Band> four{{"outbursts", 58, 70}}, eight{{"outbursts", 97, 106}};
  const Runs smooth_4("civil_violence", "smooth_4", test::seeds(20));
  const Runs smooth_8("civil_violence", "smooth_8", test::seeds(20));
  EXPECT_THAT(missed(smooth_4, four), IsEmpty());
  EXPECT_THAT(missed(smooth_8, eight), IsEmpty());
  EXPECT_THAT(missed(smooth_4, eight), Not(IsEmpty()));
  EXPECT_THAT(missed(smooth_8, four), Not(IsEmpty()));
  for (const char* wrong : {"fear_steepness=3", "fear_steepness=6"}) {
    const Runs runs("civil_violence", "smooth_4", 2, {wrong});
    EXPECT_THAT(missed(runs, four), Not(IsEmpty())) << wrong;
    EXPECT_THAT(missed(runs, eight), Not(IsEmpty())) << wrong;
  }
}

// Relations between variants that no rounding of one's own should change.
TEST(Run2, VariantsRelateAsReported) {
  const int seeds = 3;
  const auto runs = [&](const char* hypothesis, std::vector<std::string> changes = {}) {
    return Runs("civil_violence", hypothesis, seeds, changes);
  };
  const Runs floor = runs("floor"), round = runs("round"), moore = runs("moore"), diamond = runs("von_neumann"),
             jail_10 = runs("floor", {"max_jail=10"}), jail_60 = runs("floor", {"max_jail=60"});
  const auto wait = [](const Runs& r) { return r.mean("outburst_wait"); };
  // Reported means: 137 in a square (sd 126 over waits), 21 in a disc, 17.5 in a diamond; 28 when rounded.
  EXPECT_GT(wait(moore), 4 * wait(floor));
  EXPECT_LT(wait(diamond), 0.9 * wait(floor));
  EXPECT_GT(wait(round), 1.1 * wait(floor));
  EXPECT_LT(round.mean("outbursts"), 0.9 * floor.mean("outbursts"));
  EXPECT_LT(round.mean("outburst_activation"), 0.6 * floor.mean("outburst_activation"));
  EXPECT_GT(moore.mean("outburst_activation"), 1.5 * floor.mean("outburst_activation"));
  // Reported for terms up to 10 and 60: 3.5 and 40.4.
  EXPECT_LT(wait(jail_10), 0.25 * wait(floor));
  EXPECT_THAT(missed(jail_60, {{"outburst_wait", 34, 46}}), IsEmpty());
}

// Reported: 59 of 60 and 20 of 20 tip, peak 206 and 194, at tick 180 and 177.
TEST(Run5, TipsWhenTheCopsLeave) {
  const std::vector<Band> reported{{"peak_active", 160, 250}, {"first_outburst", 155, 205}};
  const Runs runs("civil_violence_shocks", "run_5_cops_leave", test::seeds(60));
  EXPECT_GE(runs.share_above("outbursts", 0), 0.95);
  EXPECT_THAT(missed(runs, reported), IsEmpty());
  const auto wrong = [&](const char* change) { return Runs("civil_violence_shocks", "run_5_cops_leave", 8, {change}); };
  EXPECT_LT(wrong("cop_density_change=0").share_above("outbursts", 0), 0.95);
  for (const char* change : {"cops_change_to=1100", "ratio='literal'", "neighbourhood='moore'", "legitimacy=0.7"})
    EXPECT_THAT(missed(wrong(change), reported), Not(IsEmpty())) << change;
}

// D4, after 300 ticks. Reported of two programs: an outburst after the jump in .31 to .37 of trials, after the small
// steps in .16 to .22; in jail 242 to 266 after the jump and 494 to 505 after the small steps. Ours have as many in
// jail, and an outburst after the small steps in .34; what is reported is had by those of the first 100 ticks, a choice
// of ours. Bands are what is reported, wider by two standard errors of 60 trials (.062, .05, 35 and 27).
TEST(Runs3And4, HaveWhatIsReportedAfter300Ticks) {
  const auto after_300 = [](const char* hypothesis, std::vector<std::string> changes = {}) {
    changes.push_back("clock.ticks=300");
    return Runs("civil_violence_shocks", hypothesis, test::seeds(60), changes);
  };
  const std::vector<Band> steps{{"jailed_at_end", 440, 559}}, jump{{"jailed_at_end", 172, 336}};
  const auto early_outbursts = [](const Runs& runs) {
    return runs.share_above("outbursts", 0) - runs.share_above("first_outburst", 100);
  };
  const Runs step_by_step = after_300("run_3_salami");
  EXPECT_THAT(missed(step_by_step, steps), IsEmpty());
  EXPECT_GE(early_outbursts(step_by_step), 0.06);
  EXPECT_LE(early_outbursts(step_by_step), 0.32);
  EXPECT_LT(early_outbursts(after_300("run_3_salami", {"legitimacy_change=-0.1"})), 0.06);
  EXPECT_THAT(missed(after_300("run_3_salami", {"max_jail=30"}), steps), Not(IsEmpty()));
  const Runs at_once = after_300("run_4_jump");
  EXPECT_THAT(missed(at_once, jump), IsEmpty());
  EXPECT_GE(at_once.share_above("outbursts", 0), 0.19);
  EXPECT_LE(at_once.share_above("outbursts", 0), 0.49);
  const Runs smaller = after_300("run_4_jump", {"legitimacy_change=-0.1"});
  EXPECT_THAT(missed(smaller, jump), Not(IsEmpty()));
  EXPECT_LT(smaller.share_above("outbursts", 0), 0.19);
}

// Reported: 48 (33 to 62 by seed) and 49.5 actives. It takes citizens who move, unlike in the published table.
TEST(Run1, KeepsAboutFiftyActiveWhenCitizensMove) {
  const std::vector<Band> reported{{"mean_active", 45, 53}};
  const Runs runs("civil_violence", "run_1", test::seeds(20), {"movement=true", "clock.ticks=1000"});
  EXPECT_THAT(missed(runs, reported), IsEmpty());
  EXPECT_GE(runs.least("mean_active"), 33);
  EXPECT_LE(runs.most("mean_active"), 62);
  for (const char* wrong : {"movement=false", "legitimacy=0.88", "cop_density=0.05", "max_jail=25"})
    EXPECT_THAT(missed(Runs("civil_violence", "run_1", 4, {"movement=true", "clock.ticks=1000", wrong}), reported),
                Not(IsEmpty()))
        << wrong;
}

// Reported: no kills in 20 of 20.
TEST(Run6, IsPeace) {
  EXPECT_THAT(Runs("civil_violence_groups", "run_6_coexistence", test::seeds(8), {"clock.ticks=300"}).of("killed"),
              Each(0));
  // With H below 1 nobody's grievance H (1 - L) exceeds 0.1 at L = 0.9; at a little less some do.
  EXPECT_GT(
      Runs("civil_violence_groups", "run_6_coexistence", 2, {"clock.ticks=300", "legitimacy=0.88"}).least("killed"), 0);
}

// Reported: 20 of 20, between ticks 30 and 190, mean 94. The spread of a trial is 39 ticks, so the two means (20 and 40
// seeds) lie within 21 ticks of each other in 95 of 100 pairs.
TEST(Run7, EndsInGenocide) {
  const std::vector<Band> reported{{"group_gone", 1, 1}, {"group_gone_at", 73, 115}};
  const Runs runs("civil_violence_groups", "run_7_no_cops", test::seeds(40), {"clock.ticks=400"});
  EXPECT_THAT(missed(runs, reported), IsEmpty());
  for (const char* wrong : {"legitimacy=0.9", "vision=3", "max_age=50"})
    EXPECT_THAT(missed(Runs("civil_violence_groups", "run_7_no_cops", 12, {"clock.ticks=400", wrong}), reported),
                Not(IsEmpty()))
        << wrong;
}

// The article has a stable Run 8, and peacekeepers who make safe havens. Neither is reported by the replication, nor by
// us: all of these end in genocide too. We dock on that only, not on when: our means are 104 ticks against 180 and 131.
TEST(Run8, AndPeacekeepersEndInGenocideToo) {
  for (const char* hypothesis : {"run_8_cops", "peacekeepers"})
    EXPECT_THAT(Runs("civil_violence_groups", hypothesis, test::seeds(20), {"clock.ticks=600"}).of("group_gone"),
                Each(1))
        << hypothesis;
  EXPECT_THAT(Runs("civil_violence_groups", "run_8_cops", 2, {"legitimacy=0.9"}).of("group_gone"), Each(0));
}

}  // namespace
}  // namespace qantar
