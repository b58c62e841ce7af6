// Cases of classic models: every key sets its field and changes the trial's world or its course, faulty ones are
// reported with their place, and the rules on small grids do what they say.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/case.hpp"
#include "agents/classic/civil_violence.hpp"
#include "sim/trial.hpp"
#include "tests/support/plain_civil_violence.hpp"
#include "tests/support/statistics.hpp"

namespace qantar::agents::classic {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string small(const std::string& parameters) {
  return "schema = 1\nmodel = \"civil_violence\"\n[case]\ntitle = \"t\"\n[clock]\nticks = 40\n[parameters]\n" +
         parameters;
}

agents::Case built_from(const std::string& text, sim::Diagnostics& diagnostics,
                        const std::vector<std::string>& overrides = {}) {
  return build_case("case", {{"case.toml", text}}, overrides, diagnostics);
}

std::string problems_in(const std::string& text) {
  sim::Diagnostics diagnostics;
  built_from(text, diagnostics);
  return diagnostics.text();
}

/// A model whose parameters differ from the defaults in these lines.
CivilViolence model_of(const std::string& parameters) {
  sim::Diagnostics diagnostics;
  const auto tree = sim::parse_toml(small(parameters), "case.toml", diagnostics);
  auto read = read_case<CivilViolenceParameters>(*tree, "case.toml", CivilViolence::fields(), diagnostics);
  CivilViolence::check(read.parameters, *tree->get_as<toml::table>("parameters"), diagnostics);
  if (!diagnostics.empty()) throw sim::InputError(diagnostics);
  return CivilViolence(std::move(read));
}

sim::TrialResult trial_of(const std::string& parameters) {
  auto record = sim::run_trial(model_of(parameters), {5, 0, 0});
  if (record.status != sim::TrialStatus::ok) throw std::runtime_error(record.message);
  return record;
}

// Of every key: another value than the default, and a world in which it matters.
const std::vector<std::pair<std::string, std::string>> matters{
    {"width = 30", ""},
    {"height = 30", ""},
    {"fill = \"bernoulli\"", ""},
    {"agent_density = 0.6", ""},
    {"cop_density = 0.06", ""},
    {"cop_density_change = 0.02", ""},
    {"cops_change_from = 5", "cop_density_change = 0.02\ncops_change_to = 20\n"},
    {"cops_change_to = 20", "cop_density_change = 0.02\n"},
    {"vision = 3", ""},
    {"neighbourhood = \"moore\"", ""},
    {"movement = false", ""},
    {"order = \"act_move\"", ""},
    {"counts_itself_twice = true", "ratio = \"floor\"\n"},
    {"ratio = \"floor\"", ""},
    {"fear_steepness = 3", ""},
    {"fear_constant = 1", ""},
    {"threshold = 0.05", ""},
    {"legitimacy = 0.7", ""},
    {"legitimacy_change = -0.2", ""},
    {"legitimacy_change_from = 5", "legitimacy_change = -0.2\nlegitimacy_change_to = 20\n"},
    {"legitimacy_change_to = 20", "legitimacy_change = -0.2\n"},
    {"min_jail = 0", ""},
    {"max_jail = 5", ""},
    {"jailed = \"blocking\"", ""},
    {"step_to_arrest = true", ""},
    {"groups = 2", ""},
    {"clone_probability = 0.2", "groups = 2\n"},
    {"max_age = 50", "groups = 2\n"}};

TEST(CivilViolenceCase, EveryKeySetsItsFieldAndMatters) {
  std::vector<std::string> seen, keys;
  for (const auto& [line, world] : matters) {
    seen.push_back(line.substr(0, line.find(' ')));
    EXPECT_THAT(model_of(world + line).resolved_text(), HasSubstr("\n" + line + "\n"));
    EXPECT_THAT(model_of(world).resolved_text(), Not(HasSubstr("\n" + line + "\n")));
    EXPECT_NE(trial_of(world + line).series, trial_of(world).series) << line;
  }
  for (const auto& field : CivilViolence::fields().all()) keys.push_back(field.key);
  std::ranges::sort(seen);
  std::ranges::sort(keys);
  EXPECT_EQ(seen, keys);
}

TEST(CivilViolenceCase, ReadAgainItIsTheSame) {
  const std::string text = model_of("max_jail = inf\nlegitimacy = { uniform = [0.7, 0.9] }\n").resolved_text();
  sim::Diagnostics diagnostics;
  const auto again = built_from(text, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  EXPECT_EQ(again.hypotheses.front().model->resolved_text(), text);
  EXPECT_EQ(again.hypotheses.front().title, "t");
  EXPECT_THAT(again.scenarios(), IsEmpty());
}

TEST(CivilViolenceCase, APriorIsDrawnInEachTrialAndReported) {
  const auto model = model_of("legitimacy = { uniform = [0.7, 0.9] }\n");
  std::size_t at = 0;
  while (model.layout().parameters[at].name != "legitimacy") ++at;
  const auto a = sim::run_trial(model, {5, 0, 0}).parameters[at], b = sim::run_trial(model, {5, 0, 1}).parameters[at];
  EXPECT_NE(a, b);
  for (const double x : {a, b}) EXPECT_TRUE(x > 0.7 && x < 0.9) << x;
}

TEST(CivilViolenceCase, FaultsAreReportedWithTheirPlace) {
  const std::vector<std::pair<std::string, std::string>> faulty{
      {"legitimcy = 0.8", "case/case.toml:8:1: parameters.legitimcy: unknown key; did you mean \"legitimacy\"?"},
      {"legitimacy = 1.2", "case/case.toml:8:14: parameters.legitimacy: 1.2 is outside the range 0 to 1"},
      {"ratio = \"flor\"", "did you mean \"floor\"?"},
      {"neighbourhood = 3", "parameters.neighbourhood"},
      {"movement = 1", "expected true or false"},
      {"width = 40.5", "case/case.toml:8:9: parameters.width: expected a whole number"},
      {"vision = 20", "case/case.toml:8:10: parameters.vision: nobody may see round the torus"},
      {"agent_density = 0.97", "more than the cells"},
      {"cop_density_change = -0.5", "takes away more cops than there are"},
      {"cops_change_from = 9", "must not come before cops_change_from"},
      {"legitimacy_change_from = 9", "must not come before legitimacy_change_from"},
      {"legitimacy_change = 0.3", "takes legitimacy out of the range"},
      {"max_jail = 0", "outside the range"},
      {"min_jail = 0.5", "expected a whole number"},
      {"groups = 3", "outside the range"},
      {"groups = 1.5", "expected a whole number"}};
  for (const auto& [line, message] : faulty) EXPECT_THAT(problems_in(small(line + "\n")), HasSubstr(message)) << line;
  EXPECT_THAT(problems_in(small("")), IsEmpty());
  // All at once.
  const std::string both = problems_in(small("legitimacy = 2\nratio = \"x\"\n"));
  EXPECT_THAT(both, HasSubstr("parameters.legitimacy"));
  EXPECT_THAT(both, HasSubstr("parameters.ratio"));
}

TEST(CivilViolenceCase, FaultsAroundTheParametersAreReported) {
  const auto with = [](std::string text, const std::string& old, const std::string& by) {
    return text.replace(text.find(old), old.size(), by);
  };
  EXPECT_THAT(problems_in(with(small(""), "civil_violence", "civil_violense")),
              HasSubstr("case/case.toml:2:9: model: \"civil_violense\" is not one of"));
  EXPECT_THAT(problems_in(with(small(""), "civil_violence", "civil_violense")),
              HasSubstr("did you mean \"civil_violence\"?"));
  EXPECT_THAT(problems_in(with(small(""), "schema = 1", "schema = 2")), HasSubstr("expected schema = 1"));
  EXPECT_THAT(problems_in(with(small(""), "ticks = 40", "ticks = 0")), HasSubstr("clock.ticks"));
  EXPECT_THAT(problems_in(with(small(""), "ticks = 40", "ticks = 4.5")), HasSubstr("whole number of ticks"));
  EXPECT_THAT(problems_in(with(small(""), "[clock]\nticks = 40\n", "")), HasSubstr("clock: is missing"));
  EXPECT_THAT(problems_in(with(small(""), "title = \"t\"", "")), HasSubstr("case.title: is missing"));
  EXPECT_THAT(problems_in(with(small(""), "[parameters]", "[places]")), HasSubstr("unknown section"));
}

TEST(Sight, HasTheCellsOfItsShape) {
  EXPECT_EQ(Sight(40, 40, 7, Shape::euclidean).size(), 148);
  EXPECT_EQ(Sight(40, 40, 8, Shape::euclidean).size(), 196);
  EXPECT_EQ(Sight(40, 40, 7, Shape::moore).size(), 224);
  EXPECT_EQ(Sight(40, 40, 7, Shape::von_neumann).size(), 112);
  EXPECT_EQ(Sight(40, 40, 1.7, Shape::euclidean).size(), 8);
}

TEST(Sight, CountsWhatItSeesAcrossTheEdges) {
  for (const Shape shape : {Shape::euclidean, Shape::moore, Shape::von_neumann}) {
    const Sight sight(9, 7, 3, shape);
    for (int cell = 0; cell < 63; ++cell) {
      std::vector<std::int16_t> counts(63, 0), expected(63, 0);
      sight.add(counts, cell, 1);
      const auto seen = sight.from(cell);
      for (int i = 0; i < sight.size(); ++i) ++expected[static_cast<std::size_t>(seen[i])];
      ++expected[static_cast<std::size_t>(cell)];
      EXPECT_EQ(counts, expected) << cell;
      EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0), sight.size() + 1);
    }
  }
}

/// Every count that the model keeps, taken afresh from where everybody is.
void expect_consistent(const CivilViolenceWorld& w) {
  std::vector<std::vector<std::size_t>> here(w.occupant.size());
  std::vector<std::int16_t> actives(w.occupant.size(), 0), cops(w.occupant.size(), 0);
  int police = 0;
  const bool may_share = w.p.jailed == Jailed::passable || w.p.step_to_arrest;
  for (std::size_t i = 0; i < w.actors.size(); ++i) {
    const Actor& a = w.actors[i];
    EXPECT_FALSE(a.active && (a.cop || a.cell < 0 || a.jailed));
    EXPECT_EQ(a.cell < 0, a.gone || (a.jailed && w.p.jailed == Jailed::away));
    if (a.cell < 0 || (a.jailed && w.p.jailed == Jailed::passable)) continue;
    here[static_cast<std::size_t>(a.cell)].push_back(i);
    if (a.cop) w.sight.add(cops, a.cell, 1);
    if (a.active) w.sight.add(actives, a.cell, 1);
    police += a.cop;
  }
  for (std::size_t cell = 0; cell < here.size(); ++cell) {
    std::vector<std::size_t> listed;
    for (int who = w.occupant[cell]; who >= 0; who = w.actors[static_cast<std::size_t>(who)].next)
      listed.push_back(static_cast<std::size_t>(who));
    std::ranges::sort(listed);
    EXPECT_EQ(listed, here[cell]);
    EXPECT_TRUE(may_share || listed.size() < 2) << "two on one cell";
    EXPECT_EQ(w.empty.count(static_cast<int>(cell), static_cast<int>(cell) + 1), listed.empty());
  }
  EXPECT_EQ(actives, w.actives_near);
  EXPECT_EQ(cops, w.cops_near);
  EXPECT_EQ(police, w.cops);
}

TEST(CivilViolence, KeepsItsCounts) {
  const std::string netlogo = "ratio = \"floor\"\ncounts_itself_twice = true\njailed = \"passable\"\nmin_jail = 0\n";
  for (const std::string& world :
       {std::string("ratio = \"floor\"\n"), std::string("movement = false\nratio = \"floor\"\n"),
        std::string("groups = 2\nvision = 1.7\nmax_age = 30\ncop_density_change = 0.05\ncops_change_from = 5\n"
                    "cops_change_to = 9\n"),
        std::string("agent_density = 0.96\nratio = \"floor\"\n"),
        std::string("cop_density_change = -0.04\ncops_change_from = 5\ncops_change_to = 30\nmax_jail = inf\n"),
        std::string("fill = \"bernoulli\"\norder = \"act_move\"\njailed = \"blocking\"\nratio = \"round\"\n"),
        std::string("groups = 2\nfill = \"bernoulli\"\norder = \"act_move\"\njailed = \"blocking\"\nmax_age = 30\n"),
        netlogo + "step_to_arrest = true\n", netlogo + "step_to_arrest = true\nagent_density = 0.95\n",
        netlogo + "groups = 2\nmax_age = 30\n"}) {
    const auto model = model_of(world);
    const sim::Draws draws({8, 0, 0});
    auto w = model.make_world(draws);
    expect_consistent(w);
    const int before = w.free;
    for (int step = 0; step < 40; ++step) {
      model.step(w, draws, step);
      expect_consistent(w);
      if (w.p.groups < 2) {
        EXPECT_EQ(w.free + w.jailed, before);
      }
    }
    EXPECT_GT(w.tally.arrests, 0) << world;
  }
}

TEST(CivilViolence, DrawsInEachCellGiveTheDensitiesOnAverage) {
  const auto model =
      model_of("fill = \"bernoulli\"\ncop_density_change = 0.1\ncops_change_from = 5\ncops_change_to = 5\n");
  std::vector<double> citizens, cops;
  for (std::uint32_t k = 0; k < 100; ++k) {
    const sim::Draws draws({4, 0, k});
    auto w = model.make_world(draws);
    citizens.push_back(w.free);
    cops.push_back(w.cops);
    const int first = w.cops;
    for (int step = 0; step < 5; ++step) {
      model.step(w, draws, step);
      EXPECT_EQ(w.cops, first + (step < 4 ? 0 : 160));  // those who were drawn, and the change
    }
  }
  // Binomial. A false alarm in each once in a thousand seeds.
  EXPECT_GT(test::known_mean(citizens, 1120, std::sqrt(1600 * 0.7 * 0.3)).p_value, 1e-3);
  EXPECT_GT(test::known_mean(cops, 64, std::sqrt(1600 * 0.04 * 0.96)).p_value, 1e-3);
  const auto [least, most] = std::ranges::minmax(cops);
  EXPECT_LT(least, 54);
  EXPECT_GT(most, 74);
}

// Keeping counts changes nothing: looking at every cell anew gives the same tick, to the bit.
TEST(CivilViolence, DoesWhatThePlainProgramDoes) {
  for (const std::string world :
       {"ratio = \"floor\"\n", "ratio = \"floor\"\nmovement = false\nneighbourhood = \"moore\"\n",
        "ratio = \"floor\"\nagent_density = 0.95\nvision = 2\nlegitimacy = 0.6\n"}) {
    const auto model = model_of(world);
    const sim::Draws draws({9, 0, 0});
    auto w = model.make_world(draws);
    test::PlainCivilViolence plain(w);
    int peak = 0;
    for (int step = 0; step < 150; ++step) {
      model.step(w, draws, step);
      plain.tick(draws, step + 1);
      ASSERT_EQ(w.occupant, plain.world().occupant) << world << "tick " << step + 1;
      for (std::size_t i = 0; i < w.actors.size(); ++i) {
        const Actor &a = w.actors[i], &b = plain.world().actors[i];
        ASSERT_TRUE(a.active == b.active && a.jailed == b.jailed && (!a.jailed || a.term == b.term)) << i;
      }
      peak = std::max(peak, w.active);
    }
    EXPECT_GT(peak, 20) << "nothing happened";
  }
}

TEST(CivilViolence, AJailTermIsUniformFromTheShortestToTheLongest) {
  for (const int shortest : {1, 0}) {
    const auto model = model_of("ratio = \"floor\"\nmax_jail = 4\n" +
                                std::string(shortest == 0 ? "min_jail = 0\njailed = \"passable\"\n" : ""));
    const sim::Draws draws({8, 0, 0});
    auto w = model.make_world(draws);
    std::vector<int> terms(6, 0);
    for (int step = 0; step < 40; ++step) {
      const auto before = w.actors;
      const int arrests = w.tally.arrests;
      model.step(w, draws, step);
      int kept = 0;
      for (std::size_t i = 0; i < w.actors.size(); ++i)
        if (const Actor& a = w.actors[i]; a.jailed && (!before[i].jailed || a.term != before[i].term - 1)) {
          ++terms.at(static_cast<std::size_t>(a.term));
          ++kept;
        }
      if (shortest == 0) terms[0] += w.tally.arrests - arrests - kept;  // a term of 0 leaves no trace
    }
    const int all = std::accumulate(terms.begin(), terms.end(), 0);
    ASSERT_GT(all, 400);
    EXPECT_EQ(terms[5] + (shortest == 1 ? terms[0] : 0), 0);
    // Four standard deviations: one false alarm in 4000 seeds for each pass.
    const double share = 1.0 / (5 - shortest);
    for (int term = shortest; term <= 4; ++term)
      EXPECT_NEAR(terms[static_cast<std::size_t>(term)], all * share, 4 * std::sqrt(all * share * (1 - share))) << term;
  }
}

}  // namespace
}  // namespace qantar::agents::classic
