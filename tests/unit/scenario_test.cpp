// Configuration: every key sets exactly its own field, keeps its range, and says where it was wrong.
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/crisis_case.hpp"

namespace qantar::agents {
namespace {

using sim::Diagnostics;
using test::ScenarioPtr;
using ::testing::HasSubstr;

// The resolved text as "section[.id].key" -> value.
std::map<std::string, std::string> keys_of(const std::string& text) {
  std::map<std::string, std::string> out;
  std::istringstream in(text);
  std::string head;
  for (std::string line; std::getline(in, line);) {
    if (line.empty()) continue;
    if (line.starts_with("[")) {
      head = line.substr(line.find_last_of('[') + 1, line.find(']') - line.find_last_of('[') - 1) + ".";
      continue;
    }
    const auto equals = line.find(" = ");
    const std::string key = line.substr(0, equals), value = line.substr(equals + 3);
    if (key == "id") head += value.substr(1, value.size() - 2) + ".";
    EXPECT_TRUE(out.emplace(head + key, value).second) << head << key << " is written twice";
  }
  return out;
}

// The keys in which two resolved texts differ.
std::vector<std::string> changed_keys(const ScenarioPtr& a, const ScenarioPtr& b) {
  const auto x = keys_of(resolved_text(*a)), y = keys_of(resolved_text(*b));
  std::vector<std::string> out;
  for (const auto& [key, value] : x)
    if (const auto found = y.find(key); found == y.end() || found->second != value) out.push_back(key);
  for (const auto& [key, value] : y)
    if (!x.contains(key)) out.push_back(key);
  return out;
}

// A key of the case, where to try it, and what its row of fields says about it.
struct Key {
  std::string path, type;  ///< "units.harbour_line.strength", "number or prior"
  nlohmann::json schema;
  std::string name() const { return path.substr(path.rfind('.') + 1); }
  std::string section() const { return path.substr(0, path.rfind('.')); }
  bool numeric() const { return type == "number" || type == "number or prior"; }
  nlohmann::json range() const { return type == "number" ? schema : schema.at("anyOf").at(0); }
};

template <class T>
void collect(std::vector<Key>& out, const sim::Fields<T>& fields, const std::string& head) {
  for (const auto& field : fields.all()) out.push_back({head + "." + field.key, field.type, field.schema});
}

// Every key of every kind, each at an entry that nothing else forbids to change.
const std::vector<Key>& all_keys() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> out;
    collect(out, case_fields(), "case");
    collect(out, input_fields(), "inputs");
    collect(out, structure_fields(), "structure");
    collect(out, intervention_fields(), "intervention");
    collect(out, place_fields(), "places.lakes_town");
    collect(out, site_fields(), "sites.harbour_party");
    collect(out, organisation_fields(), "organisations.companies");
    collect(out, faction_fields(), "factions.street");
    collect(out, office_fields(), "offices.magnate");
    collect(out, unit_fields(), "units.harbour_line");
    collect(out, group_fields(), "groups.gang");
    collect(out, snapshot_fields(), "snapshots.day_03");
    for (const auto& row : parameter_rows())
      out.push_back({"parameters." + row.name, "number or prior", sim::number_schema({row.low, row.high, ""}, true)});
    const auto names = test::crisis()->ids.names("switches");
    for (const auto& name : names)
      out.push_back({"switches." + name, "number or prior", sim::number_schema({0, 1, ""}, true)});
    std::erase_if(out, [](const Key& k) { return k.name() == "id"; });  // other entries refer to it: see below
    // What they hold has keys of its own: tests/unit/actions_test.cpp.
    std::erase_if(out, [](const Key& k) { return k.type == "list of tables" || k.type == "table"; });
#ifdef QANTAR_SANITIZED
    // Every key goes the same way, and slowly here.
    std::vector<Key> some;
    for (std::size_t i = 0; i < out.size(); i += 8) some.push_back(out[i]);
    out = std::move(some);
#endif
    return out;
  }();
  return keys;
}

// A valid TOML value other than the one that the case has.
std::string another_value(const Key& key) {
  static const ScenarioPtr base = test::crisis();
  const auto current = keys_of(resolved_text(*base));
  const auto found = current.find(key.path);
  const std::string now = found == current.end() ? "" : found->second;
  std::vector<std::string> candidates;
  if (key.numeric()) {
    const double low = key.range().at("minimum"), high = key.range().at("maximum");
    for (double at : {0.001, 0.002}) candidates.push_back(sim::write_number(low + at * (high - low)));
  } else if (key.type == "true/false") {
    candidates = {"true", "false"};
  } else if (key.type.starts_with("one of")) {
    for (const auto& name : key.schema.at("enum")) candidates.push_back(name.dump());
  } else if (key.type.starts_with("list of: ")) {
    candidates = {"[" + key.schema.at("items").at("enum").at(0).dump() + "]"};
  } else if (key.type.starts_with("id from ")) {
    for (const auto& id : base->ids.names(key.type.substr(8))) candidates.push_back('"' + id + '"');
  } else if (key.type.starts_with("table: id from ")) {
    const auto kind = key.type.substr(15, key.type.find(' ', 15) - 15);
    candidates = {"{ " + base->ids.names(kind).back() + " = 0.375 }"};
  } else if (key.type == "date-time with offset") {
    candidates = {"2030-03-03T04:05:06+02:00"};
  } else {
    candidates = {"\"another \\\"text\\\" \\u007f \\t\""};
  }
  for (const auto& value : candidates)
    if (value != now) return value;
  ADD_FAILURE() << "no other value for " << key.path;
  return now;
}

// The crisis under a hypothesis that sets one key, so that the place of a problem is known: line 3, after "key = ".
Diagnostics problems_of(const Key& key, const std::string& value) {
  Diagnostics diagnostics;
  build_case("case",
             {{"case.toml", test::crisis_text()},
              {"hypotheses/h.toml", "title = \"t\"\n[" + key.section() + "]\n" + key.name() + " = " + value + "\n"}},
             {}, diagnostics);
  return diagnostics;
}

void expect_refused(const Key& key, const std::string& value) {
  const auto diagnostics = problems_of(key, value);
  ASSERT_EQ(diagnostics.problems().size(), 1U) << key.path << " = " << value << "\n" << diagnostics.text();
  const auto& problem = diagnostics.problems().front();
  EXPECT_EQ(problem.where.file, "case/hypotheses/h.toml") << key.path;
  EXPECT_EQ(problem.where.line, 3U) << key.path;
  EXPECT_GE(problem.where.column, key.name().size() + 4) << key.path;
  EXPECT_TRUE(problem.key.starts_with(key.path)) << problem.key << " for " << key.path;
  EXPECT_THAT(problem.message, ::testing::AnyOf(HasSubstr("expected"), HasSubstr("is not "))) << key.path;
}

TEST(Keys, EachSetsExactlyItsOwnField) {
  const auto usual = test::crisis();
  for (const auto& key : all_keys()) {
    if (key.section().starts_with("snapshots")) continue;  // shared by all hypotheses: below
    const std::string value = another_value(key);
    const auto diagnostics = problems_of(key, value);
    ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
    EXPECT_THAT(changed_keys(usual, test::crisis({key.path + "=" + value})), ::testing::ElementsAre(key.path))
        << " for " << value;
  }
}

TEST(Keys, OfTheClockSetExactlyTheirOwnField) {
  const auto usual = test::crisis();
  for (const auto& [key, value] : {std::pair{"clock.start", "2030-03-01T11:30:15+02:00"},
                                   {"clock.end", "2030-03-20T00:00:00+02:00"},
                                   {"clock.step_hours", "0.5"},
                                   {"snapshots.day_03.at", "2030-03-03T04:05:06+02:00"}})
    EXPECT_THAT(changed_keys(usual, test::crisis({std::string(key) + "=" + value})), ::testing::ElementsAre(key));
  Diagnostics diagnostics;
  test::read_case(test::crisis_text(), {"clock.step_hours=7"}, diagnostics);
  ASSERT_EQ(diagnostics.problems().size(), 1U);
  EXPECT_EQ(diagnostics.problems().front().key, "clock.step_hours");
}

TEST(Keys, AnIdCanBeChosenFreely) {
  std::string text = test::crisis_text();
  text.replace(text.find("id = \"day_03\""), 13, "id = \"third\"");
  EXPECT_EQ(test::scenario_of(text)->snapshots[2].id, "third");
}

TEST(Keys, NumbersKeepTheirRange) {
  for (const auto& key : all_keys()) {
    if (!key.numeric()) continue;
    const double low = key.range().at("minimum"), high = key.range().at("maximum");
    for (const std::string& bad : {sim::write_number(low - 0.5), sim::write_number(high * 1.5 + 1), std::string("nan"),
                                   std::string("inf"), std::string("-inf")}) {
      const auto diagnostics = problems_of(key, bad);
      ASSERT_EQ(diagnostics.problems().size(), 1U) << key.path << " = " << bad << "\n" << diagnostics.text();
      const auto& problem = diagnostics.problems().front();
      EXPECT_EQ(problem.where.file, "case/hypotheses/h.toml");
      EXPECT_EQ(problem.where.line, 3U);
      EXPECT_EQ(problem.where.column, key.name().size() + 4);
      EXPECT_EQ(problem.key, key.path);
      EXPECT_THAT(problem.message, HasSubstr("is outside the range"));
    }
    for (double good : {low, high}) {
      if (key.path == "case.persons_per_agent" || key.path == "case.mobilisable_share" || key.name() == "population" ||
          (key.section().starts_with("units") && key.name() == "strength"))
        continue;  // their ends make too many citizens, or more police than people; these limits are tested below
      EXPECT_TRUE(problems_of(key, sim::write_number(good)).empty()) << key.path << " = " << good;
    }
  }
}

TEST(Keys, RefuseAWrongType) {
  for (const auto& key : all_keys()) {
    if (key.section().starts_with("snapshots")) continue;
    const bool boolean = key.type == "true/false";
    expect_refused(key, boolean ? "3" : "true");
    expect_refused(key, key.type == "text" ? "2.5" : "\"quite wrong\"");
    if (key.type.starts_with("list") || key.type.starts_with("table")) continue;
    expect_refused(key, "[1, [2]]");
  }
}

TEST(Keys, TakePriorsOnlyWhereTheyMay) {
  for (const auto& key : all_keys()) {
    if (!key.numeric()) continue;
    const double low = key.range().at("minimum"), high = key.range().at("maximum");
    const std::string prior = "{ uniform = [" + sim::write_number(low + 0.001 * (high - low)) + ", " +
                              sim::write_number(low + 0.002 * (high - low)) + "] }";
    if (key.type == "number") {
      expect_refused(key, prior);
      continue;
    }
    ASSERT_TRUE(problems_of(key, prior).empty()) << problems_of(key, prior).text();
    const auto scenario = test::crisis({key.path + "=" + prior});
    EXPECT_EQ(keys_of(resolved_text(*scenario)).at(key.path), prior);
    ASSERT_EQ(scenario->priors.all().size(), 1U) << key.path;  // the crisis itself has none
    EXPECT_EQ(scenario->priors.all().front().name, key.path);
    // A prior that cannot be: no such family, too few arguments, nothing inside the range.
    for (const std::string& bad :
         {std::string("{ unifrom = [0, 1] }"), std::string("{ uniform = [0] }"), std::string("{ uniform = [1, 0] }"),
          "{ uniform = [" + sim::write_number(high + 1) + ", " + sim::write_number(high + 2) + "] }",
          std::string("{ beta = [2, 2], normal = [0, 1] }"), std::string("{ normal = [0, true] }")})
      EXPECT_EQ(problems_of(key, bad).problems().size(), 1U) << key.path << " = " << bad;
  }
}

std::string problems_in(const std::string& hypothesis, const std::string& base = test::crisis_text()) {
  Diagnostics diagnostics;
  build_case("case", {{"case.toml", base}, {"hypotheses/h.toml", hypothesis}}, {}, diagnostics);
  return diagnostics.text();
}

TEST(Problems, UnknownNamesGetTheNearestOne) {
  const struct {
    const char *text, *place, *hint;
  } cases[] = {
      {"title = \"t\"\n[units.harbour_line]\nstrenght = 3\n", "h.toml:3:1: units.harbour_line.strenght", "strength"},
      {"title = \"t\"\n[units.harbour_lin]\nstrength = 3\n", "h.toml:2", "harbour_line"},
      {"title = \"t\"\n[unit.harbour_line]\nstrength = 3\n", "h.toml:2", "units"},
      {"title = \"t\"\n[parameters]\nfear_stepness = 3\n", "h.toml:3", "fear_steepness"},
      {"title = \"t\"\n[switches]\nclan_fundin = 1\n", "h.toml:3", "clan_funding"},
      {"title = \"t\"\n[units.harbour_line]\nplace = \"harbor\"\n", "h.toml:3:9: units.harbour_line.place", "harbour"},
      {"title = \"t\"\n[factions.palace]\nrole = \"incumbant\"\n", "h.toml:3:8: factions.palace.role", "incumbent"},
      {"title = \"t\"\n[groups.gang]\nplaces = { harbor = 1 }\n", "h.toml:3:21: groups.gang.places.harbor", "harbour"},
      {"title = \"t\"\n[motives.asked]\naction = \"intervention_agred\"\n", "h.toml:3:10", "intervention_agreed"},
      {"title = \"t\"\n[units.harbour_line]\nstrength = { lognormall = [1, 1] }\n", "h.toml:3", "lognormal"}};
  for (const auto& c : cases) {
    const std::string text = problems_in(c.text);
    EXPECT_THAT(text, HasSubstr(c.place));
    EXPECT_THAT(text, HasSubstr("did you mean \"" + std::string(c.hint) + "\"?"));
    EXPECT_EQ(std::ranges::count(text, '\n'), 0) << text;
  }
}

TEST(Problems, AreAllReportedAtOnceInTheOrderOfTheFile) {
  const std::string text = problems_in(
      "title = 3\n[places.harbour]\nnetwork = 7\n[units.harbour_line]\nstrength = -1\nsite = \"nowhere_at_all\"\n"
      "[parameters]\nbias = true\n[switches]\nunheard_of_switch = 1\n");
  std::vector<std::size_t> at;
  for (const char* key : {"h.title", "places.harbour.network", "units.harbour_line.strength", "units.harbour_line.site",
                          "parameters.bias", "switches.unheard_of_switch"})
    at.push_back(text.find(key));
  EXPECT_TRUE(std::ranges::is_sorted(at)) << text;
  EXPECT_NE(at.back(), std::string::npos) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 5) << text;
}

TEST(Problems, OfAWholeCase) {
  const auto with = [](const std::string& more) { return problems_in("title = \"t\"\n", test::crisis_text() + more); };
  EXPECT_THAT(with("\n[[places]]\nid = \"mine\"\nname = \"m\"\nregion = \"r\"\npopulation = 9\n"),
              HasSubstr("places.mine: this id is used twice"));
  EXPECT_THAT(with("\n[[snapshots]]\nid = \"Bad Id\"\nat = 2030-03-03T00:00:00+02:00\n"), HasSubstr("no valid id"));
  EXPECT_THAT(with("\n[[snapshots]]\nid = \"late\"\nat = 2031-03-03T00:00:00+02:00\n"),
              HasSubstr("snapshots.late.at: 2031-03-03 00:00 +02:00 is outside the clock"));
  EXPECT_THAT(with("\n[[units]]\nid = \"nameless\"\n"), HasSubstr("units.nameless.name: is missing"));
  EXPECT_THAT(with("\n[surprise]\nx = 1\n"), HasSubstr("surprise: unknown section"));
  EXPECT_THAT(with("\nx = = 1\n"), HasSubstr("TOML syntax"));
  EXPECT_THAT(problems_in("title = \"t\"\n[units.harbour_station]\nplace = \"seat\"\n"),
              HasSubstr("guards a site that lies in another place"));
  EXPECT_THAT(problems_in("title = \"t\"\n[offices.president]\nsuperior = \"harbour_chief\"\n"), HasSubstr("circle"));
  EXPECT_THAT(problems_in("title = \"t\"\n[sites.harbour_shops]\nseat = true\n"),
              HasSubstr("leave out businesses, or seat"));
  EXPECT_THAT(
      problems_in(
          "title = \"t\"\n[case]\npersons_per_agent = 1\nmobilisable_share = 1\n[places.harbour]\npopulation = 3e7\n"),
      HasSubstr("at most 15 million"));
  EXPECT_THAT(problems_in("title = \"t\"\n[factions.palace]\nrole = \"patron\"\n"), HasSubstr("incumbent"));
  EXPECT_THAT(problems_in("description = \"no title\"\n"), HasSubstr("case/hypotheses/h.toml:1:1: title: is missing"));
  EXPECT_EQ(problems_in("description = \"no title\"\n").find('\n'), std::string::npos);
  EXPECT_THAT(problems_in("title = \"t\"\n[clock]\nstep_hours = 2\n"), HasSubstr("cannot change this"));
}

// Found by tests/fuzz: toml++ calls a place unreachable that it comes to with such a character.
TEST(Problems, OfCharactersThatMayNotStandWhereTheyDo) {
  const auto problem = [](const std::string& line) { return problems_in("title = \"t\"\n" + line + "\n"); };
  for (const char* bad : {"\u043f = 1", "description = \"\u043f\" \u00b7", "x = '\u043f' # \u00b7\n\ufcff = 1",
                          "x = 2y\"\u00b7", "description = \"\"\"\na \\\u043f\"\"\""})
    EXPECT_THAT(problem(bad), HasSubstr("TOML syntax")) << bad;
  for (const char* good : {"description = \"\u043f \\\" # \u00b7\" # \u043f '", "description = 'a \\' # \u043f",
                           "description = '''\n\u043f'\u043f''\n'''''", "description = \"\"\"\"\u043f\"\"\"\"\"",
                           "description = \"\"  # \u043f", "description = \"\"\"\\\n \u043f\"\"\""})
    EXPECT_EQ(problem(good), "") << good;
}

TEST(Resolved, ReadAgainItIsTheSame) {
  auto scenarios = test::january().scenarios();
  scenarios.push_back(test::crisis());
  scenarios.push_back(
      test::crisis({"clock.start=2030-03-01T11:59:59+02:00", "case.description=\"a \\\\ \\n \\\" b\""}));
  for (const auto& scenario : scenarios) {
    const std::string text = resolved_text(*scenario);
    const auto again = test::scenario_of(text);
    EXPECT_EQ(resolved_text(*again), text) << scenario->hypothesis;
    const auto a = test::run(scenario, 3), b = test::run(again, 3);
    EXPECT_TRUE(test::same_numbers(a.outcomes, b.outcomes)) << scenario->hypothesis;
    EXPECT_TRUE(test::same_numbers(a.parameters, b.parameters)) << scenario->hypothesis;
  }
}

TEST(Hypotheses, ChangeOnlyWhatTheyName) {
  Diagnostics diagnostics;
  const auto built = build_case("case",
                                {{"case.toml", test::crisis_text()},
                                 {"hypotheses/a.toml", "title = \"A\"\nheld_by = [\"x\"]\n"},
                                 {"hypotheses/b.toml",
                                  "title = \"B\"\n[switches]\nclan_funding = 1\n[units.harbour_line]\nstrength = 99\n"
                                  "[organisations.army.loyalty]\nold_family = 0.5\n"}},
                                {"bias=0.2"}, diagnostics);
  ASSERT_TRUE(diagnostics.empty()) << diagnostics.text();
  ASSERT_EQ(built.hypotheses.size(), 2U);
  EXPECT_EQ(built.hypotheses[0].scenario->hypothesis_title, "A");
  EXPECT_EQ(built.hypotheses[0].scenario->held_by, std::vector<std::string>{"x"});
  EXPECT_THAT(changed_keys(test::crisis(), built.hypotheses[0].scenario), ::testing::ElementsAre("parameters.bias"));
  EXPECT_THAT(
      changed_keys(built.hypotheses[0].scenario, built.hypotheses[1].scenario),
      ::testing::ElementsAre("organisations.army.loyalty", "switches.clan_funding", "units.harbour_line.strength"));
}

TEST(Overrides, OneEntryOfATableLeavesTheOthersAndBracesReplaceAll) {
  const auto loyalty = [](const std::vector<std::string>& overrides) {
    const auto scenario = test::crisis(overrides);
    const auto at = std::ranges::find(scenario->organisations, "police_force", &Organisation::id);
    std::vector<double> out;
    for (const auto& number : at->loyalty) out.push_back(number.value);
    return out;
  };
  const auto before = loyalty({});
  const auto palace = static_cast<std::size_t>(test::crisis({})->ids.find("factions", "palace"));
  ASSERT_GT(std::ranges::count_if(before, [](double x) { return x > 0; }), 1);
  auto one = before;
  one[palace] = 0.25;
  EXPECT_EQ(loyalty({"organisations.police_force.loyalty.palace=0.25"}), one);
  EXPECT_EQ(loyalty({"organisations.police_force.loyalty.palace={ uniform = [0.2, 0.3] }"}), one);
  std::vector<double> all(before.size(), 0.0);
  EXPECT_EQ(loyalty({"organisations.police_force.loyalty={}"}), all);
  all[palace] = 0.25;
  EXPECT_EQ(loyalty({"organisations.police_force.loyalty={ palace = 0.25 }"}), all);
}

TEST(Overrides, TakeTheFormsOfTheCommandLine) {
  const auto usual = test::crisis();
  for (const auto& [assignment, key] :
       {std::pair{"fear_steepness=3", "parameters.fear_steepness"},
        {"clan_funding=1", "switches.clan_funding"},
        {"clan_funding = 1", "switches.clan_funding"},
        {"parameters.bias=0.5", "parameters.bias"},
        {"units.harbour_line.strength={ normal = [100, 5] }", "units.harbour_line.strength"},
        {"places.mine.name=\"Pit\"", "places.mine.name"},
        {"places.mine.name=Pit", "places.mine.name"},
        {"inputs.shock_size=3", "inputs.shock_size"}})
    EXPECT_THAT(changed_keys(usual, test::crisis({assignment})), ::testing::ElementsAre(key)) << assignment;
  for (const char* bad : {"fear_steepness", "=3", "fear_steepness=", "fear_steepnes=3", "fear_steepness=abc",
                          "places.mine.name=Pit and pit", "places.nowhere.name=\"x\"", "places=3", "a.b.c.d=1",
                          "schema=2", "fear_steepness=99", "[x]=1", "bias=0.2\nfear_steepness=3\n[[["}) {
    Diagnostics diagnostics;
    test::read_case(test::crisis_text(), {bad}, diagnostics);
    ASSERT_FALSE(diagnostics.empty()) << bad;
    EXPECT_THAT(diagnostics.text(), HasSubstr("--set ")) << bad;
  }
}

TEST(Priors, KeepTheirDrawsWhenAnotherIsAdded) {
  const std::vector<std::string> few{"bias={ uniform = [0, 1] }", "units.harbour_line.strength={ normal = [300, 50] }"};
  auto more = few;
  more.insert(more.begin(), {"shock_grievance={ uniform = [0, 1] }", "places.mine.network={ beta = [2, 2] }"});
  const auto a = test::crisis(few), b = test::crisis(more);
  for (std::uint32_t k = 0; k < 5; ++k) {
    const sim::Draws draws(test::trial(k));
    const World x = make_world(*a, draws), y = make_world(*b, draws);
    EXPECT_EQ(x.p.bias, y.p.bias);
    EXPECT_EQ(x.units[1].strength, y.units[1].strength);
    EXPECT_NE(x.p.shock_grievance, y.p.shock_grievance);
  }
}

TEST(Priors, DrawsCoverThePriorAndDifferByName) {
  const auto scenario = test::crisis({"bias={ uniform = [0, 1] }", "waiting_blocks={ uniform = [0, 1] }"});
  double sum = 0, product = 0;
  constexpr int n = 2000;  // mean of n uniforms: sd .0065; of the product of two independent ones: sd .0049
  for (std::uint32_t k = 0; k < n; ++k) {
    World w(*scenario);
    const sim::Draws draws(test::trial(k));
    w = make_world(*scenario, draws);
    sum += w.p.bias;
    product += w.p.bias * w.p.waiting_blocks;
  }
  EXPECT_NEAR(sum / n, 0.5, 0.03);
  EXPECT_NEAR(product / n, 0.25, 0.025);
}

}  // namespace
}  // namespace qantar::agents
