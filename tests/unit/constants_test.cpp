// A number in the behaviour of the model is a parameter: with name, unit, range, prior and source
// (agents/parameters.cpp), or it is a key of the case. What stands in the code itself is 0, 1, 2, or one of the few
// numbers below.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agents/parameters.hpp"

namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Sources in which numbers are no behaviour: where parameters are written, bounds of keys, addresses of draws, hashes
/// of names, the layout of vectors.
const std::set<std::string> elsewhere{"parameters.cpp",  "scenario_fields.cpp", "action_fields.cpp", "random_draws.hpp",
                                      "prior_draws.cpp", "screening.cpp",       "effects.cpp"};

/// Other numbers, by file, and why they may stand there.
const std::map<std::string, std::set<std::string>> allowed{
    {"action.hpp", {"4"}},                                 // how many kinds of resources there are
    {"citizens.cpp", {"1.0001f", "8", "0x1p-24f", "16"}},  // from 32 random bits to [0, 1), slots of draws
    {"idle.cpp", {"5"}},                                   // trials that a list of idle ones names
    {"messages.cpp", {"64"}},                              // slots of draws
    {"observables.cpp", {"6.0", "0.5"}},                   // "the same six hours", "a loss of weight": definitions
    {"sites.cpp", {"16", "3"}},                            // room of a list; columns that a crowd splits into
    {"vocabulary.hpp", {"9"}},                             // how many things a citizen can be doing
    {"world.hpp", {"16", "64"}},                           // citizens of a circle, and drawn together
    {"rules/participation.hpp", {"0.5f", "12.0f"}},        // of a series for the exponential
    {"rules/rhythm.hpp", {"24.0"}},                        // hours of a day
    {"rules/travel.hpp", {"3.14159265358979323846", "180.0", "14", "6371.0"}},  // degrees and kilometres
};

std::string without_texts(std::string source) {
  static const std::regex text(R"("(\\.|[^"\\\n])*")"), comment(R"(//[^\n]*)"), include(R"(#include[^\n]*)"),
      size(R"(array<[^<>]*>)");
  for (const auto& pattern : {text, comment, include, size}) source = std::regex_replace(source, pattern, "");
  return source;
}

/// The numbers of a source that are neither 0, 1 nor 2, as they are written.
std::vector<std::string> numbers_in(const std::string& source) {
  static const std::regex number(R"((^|[^\w.])(0x[0-9a-fA-Fp.+-]+f?|\d+\.?\d*([eE][+-]?\d+)?f?|\.\d+f?))");
  static const std::set<std::string> plain{"0", "1", "2", "0.0", "1.0", "2.0", "0.0f", "1.0f", "2.0f"};
  std::vector<std::string> out;
  const std::string code = without_texts(source);
  for (auto it = std::sregex_iterator(code.begin(), code.end(), number); it != std::sregex_iterator(); ++it)
    if (!plain.contains((*it)[2])) out.push_back((*it)[2]);
  return out;
}

std::vector<std::string> bare_numbers(const fs::path& folder) {
  std::vector<std::string> out;
  for (const char* part : {"", "rules"})
    for (const auto& entry : fs::directory_iterator(folder / part)) {
      const std::string extension = entry.path().extension();
      if ((extension != ".cpp" && extension != ".hpp") || elsewhere.contains(entry.path().filename())) continue;
      const std::string name = entry.path().lexically_relative(folder);
      std::ifstream in(entry.path());
      const auto known = allowed.find(name);
      for (const auto& n : numbers_in(std::string(std::istreambuf_iterator<char>(in), {})))
        if (known == allowed.end() || !known->second.contains(n)) out.push_back(name + ": " + n);
    }
  return out;
}

TEST(Constants, OfTheBehaviourAreParameters) {
  EXPECT_THAT(bare_numbers(fs::path(QANTAR_SOURCE_DIR) / "agents"), IsEmpty())
      << "give each a row in agents/parameters.cpp, or a key in the case, or drop it";
}

// The screening of January 2022 leaves out no parameter that has a prior.
TEST(Constants, AllAreScreened) {
  std::ifstream in(fs::path(QANTAR_SOURCE_DIR) / "configs/january_2022/sweeps/screening.toml");
  const std::string design(std::istreambuf_iterator<char>(in), {});
  for (const auto& row : qantar::agents::parameter_rows())
    EXPECT_EQ(design.find("key = \"" + row.name + "\"\n") == std::string::npos, row.prior.is_fixed()) << row.name;
}

TEST(Constants, AreFoundInCode) {
  EXPECT_THAT(numbers_in("double f(double x) { return 0.3 * x + (x > 150 ? 1.0 : 2e-3); }  // 7\n"),
              ElementsAre("0.3", "150", "2e-3"));
  EXPECT_THAT(numbers_in("text(\"at 0.5\"); std::array<double, 3> a2{0, 1.0}; return x / 2.0;"), IsEmpty());
}

}  // namespace
