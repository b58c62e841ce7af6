// The house has floors, and includes point only downwards:
//
//   cli -> agents -> sim
//   cli -> analysis -> sim
//
// The analysis knows a model only as numbers and a concept, so that its methods can be proved on toy models;
// the agents do not know how they are judged. Inside a floor files may include each other as long as there is
// no cycle.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Each floor with the floors that it may include.
const std::map<std::string, std::set<std::string>> floors = {
    {"sim", {"sim"}},
    {"agents", {"agents", "sim"}},
    {"analysis", {"analysis", "sim"}},
    {"cli", {"cli", "agents", "analysis", "sim"}},
};

/// One include line: which file, relative to the root, includes what, as written between the quotes or
/// brackets.
struct Include {
  std::string from, to;
  bool quoted = true;
};

/// A source file: path relative to the root and full text.
struct Source {
  std::string path, text;
};

std::string floor_of(const std::string& path) { return path.substr(0, path.find('/')); }

std::vector<std::string> lines_of(const Source& source) {
  std::vector<std::string> lines;
  std::istringstream text(source.text);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::string_view without_leading_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

std::vector<Include> includes_of(const Source& source) {
  std::vector<Include> includes;
  for (const std::string& line : lines_of(source)) {
    std::string_view rest = without_leading_blanks(line);
    if (!rest.starts_with('#')) continue;
    rest = without_leading_blanks(rest.substr(1));
    if (!rest.starts_with("include")) continue;
    rest = without_leading_blanks(rest.substr(7));
    if (!rest.starts_with('"') && !rest.starts_with('<')) continue;
    const bool quoted = rest.front() == '"';
    rest.remove_prefix(1);
    includes.push_back({source.path, std::string(rest.substr(0, rest.find(quoted ? '"' : '>'))), quoted});
  }
  return includes;
}

/// One sentence per include that points upwards, sideways or outside.
std::vector<std::string> wrong_arrows(const std::vector<Include>& includes) {
  std::vector<std::string> faults;
  for (const auto& [from, to, quoted] : includes) {
    const auto& allowed = floors.at(floor_of(from));
    const std::string target = floor_of(to);
    if (floors.contains(target)) {
      if (!allowed.contains(target)) {
        faults.push_back(from + " includes " + to + ": " + floor_of(from) + " must not know " + target);
      }
    } else if (quoted) {
      // A path relative to the including file would hide its floor from this test.
      faults.push_back(from + " includes \"" + to + "\": write own headers from the root, others in <>");
    }
  }
  return faults;
}

/// The cycles that a depth-first walk meets, each as "a -> b -> a"; empty exactly when there is no cycle.
std::vector<std::string> cycles(const std::vector<Include>& includes) {
  std::map<std::string, std::set<std::string>> graph;
  for (const auto& include : includes) graph[include.from].insert(include.to);

  std::vector<std::string> found, path;
  std::set<std::string> done;
  const auto walk = [&](const auto& self, const std::string& file) -> void {
    if (done.contains(file)) return;
    const auto earlier = std::find(path.begin(), path.end(), file);
    if (earlier != path.end()) {
      std::string text;
      for (auto step = earlier; step != path.end(); ++step) text += *step + " -> ";
      found.push_back(text + file);
      return;
    }
    path.push_back(file);
    if (const auto edges = graph.find(file); edges != graph.end()) {
      for (const auto& next : edges->second) self(self, next);
    }
    path.pop_back();
    done.insert(file);
  };
  for (const auto& edge : graph) walk(walk, edge.first);
  return found;
}

bool is_header(const std::string& path) { return path.ends_with(".hpp") || path.ends_with(".h"); }

/// Whether a line opens this namespace or one inside it.
bool opens(const std::string& line, const std::string& name_space) {
  return line.starts_with(name_space + " ") || line.starts_with(name_space + "::");
}

/// One sentence per file that breaks a habit: headers are guarded, and folder = namespace.
std::vector<std::string> broken_habits(const Source& source) {
  std::vector<std::string> faults;
  const auto lines = lines_of(source);
  // What is compiled once for each instruction set is included more than once, and guarded by Highway's toggle.
  const bool toggled = source.path.ends_with("-inl.hpp") && std::any_of(lines.begin(), lines.end(), [](const auto& l) {
                         return l.find("HWY_TARGET_TOGGLE") != l.npos;
                       });
  if (is_header(source.path) && !toggled && std::find(lines.begin(), lines.end(), "#pragma once") == lines.end()) {
    faults.push_back(source.path + " has no #pragma once");
  }
  // A file of main() may have nothing to put into a namespace.
  const std::string expected = "namespace qantar::" + floor_of(source.path);
  if (!source.path.ends_with("main.cpp") &&
      std::none_of(lines.begin(), lines.end(), [&](const auto& line) { return opens(line, expected); })) {
    faults.push_back(source.path + " has no \"" + expected + "\"");
  }
  return faults;
}

std::vector<Source> sources_of(const std::string& floor) {
  namespace fs = std::filesystem;
  const fs::path root = QANTAR_SOURCE_DIR;
  std::vector<Source> sources;
  for (const auto& entry : fs::recursive_directory_iterator(root / floor)) {
    const std::string extension = entry.path().extension().string();
    if (!entry.is_regular_file() || (extension != ".cpp" && extension != ".hpp" && extension != ".h")) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    sources.push_back({entry.path().lexically_relative(root).generic_string(),
                       std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>())});
  }
  return sources;
}

std::vector<Source> all_sources() {
  std::vector<Source> all;
  for (const auto& floor : floors) {
    for (auto& source : sources_of(floor.first)) all.push_back(std::move(source));
  }
  return all;
}

std::vector<Include> all_includes() {
  std::vector<Include> all;
  for (const auto& source : all_sources()) {
    for (auto& include : includes_of(source)) all.push_back(std::move(include));
  }
  return all;
}

TEST(Architecture, EveryFloorHasSources) {
  for (const auto& floor : floors) EXPECT_FALSE(sources_of(floor.first).empty()) << floor.first;
}

TEST(Architecture, IncludesPointDownwards) { EXPECT_THAT(wrong_arrows(all_includes()), IsEmpty()); }

TEST(Architecture, FilesDoNotIncludeEachOtherInACircle) { EXPECT_THAT(cycles(all_includes()), IsEmpty()); }

TEST(Architecture, HeadersAreGuardedAndFoldersAreNamespaces) {
  std::vector<std::string> faults;
  for (const auto& source : all_sources()) {
    for (auto& fault : broken_habits(source)) faults.push_back(std::move(fault));
  }
  EXPECT_THAT(faults, IsEmpty());
}

// The checks above are worth something only if they can fail.

TEST(ArchitectureCheck, AcceptsTheArrowsOfTheHouse) {
  EXPECT_THAT(wrong_arrows({{"sim/a.cpp", "sim/a.hpp"},
                            {"agents/a.cpp", "sim/a.hpp"},
                            {"agents/rules/a.hpp", "agents/b.hpp"},
                            {"analysis/a.cpp", "sim/results/a.hpp"},
                            {"cli/a.cpp", "agents/a.hpp"},
                            {"cli/a.cpp", "analysis/a.hpp"},
                            {"cli/a.cpp", "sim/a.hpp"},
                            {"sim/a.cpp", "vector", false},
                            {"sim/a.cpp", "simple/thing.h", false}}),
              IsEmpty());
}

TEST(ArchitectureCheck, RejectsEveryOtherArrow) {
  const std::vector<Include> wrong = {
      {"sim/a.cpp", "agents/a.hpp"},      {"sim/a.cpp", "analysis/a.hpp"}, {"sim/a.cpp", "cli/a.hpp"},
      {"agents/a.cpp", "analysis/a.hpp"}, {"agents/a.cpp", "cli/a.hpp"},   {"analysis/a.cpp", "agents/a.hpp"},
      {"analysis/a.cpp", "cli/a.hpp"},    {"sim/deep/a.cpp", "cli/a.hpp"},
  };
  for (const auto& include : wrong) {
    EXPECT_THAT(wrong_arrows({include}), SizeIs(1)) << include.from << " includes " << include.to;
    // Brackets are no way round.
    EXPECT_THAT(wrong_arrows({{include.from, include.to, false}}), SizeIs(1)) << include.from;
  }
  EXPECT_THAT(wrong_arrows({{"analysis/a.cpp", "agents/world.hpp"}}),
              ElementsAre(HasSubstr("analysis must not know agents")));
}

TEST(ArchitectureCheck, RejectsIncludesThatDoNotStartAtTheRoot) {
  EXPECT_THAT(wrong_arrows({{"sim/a.cpp", "a.hpp"}}), SizeIs(1));
  EXPECT_THAT(wrong_arrows({{"sim/a.cpp", "../cli/a.hpp"}}), SizeIs(1));
}

TEST(ArchitectureCheck, FindsCircles) {
  EXPECT_THAT(cycles({{"a", "b"}, {"b", "c"}, {"a", "c"}}), IsEmpty());
  EXPECT_THAT(cycles({{"a", "a"}}), ElementsAre("a -> a"));
  EXPECT_THAT(cycles({{"x", "a"}, {"a", "b"}, {"b", "c"}, {"c", "a"}}), ElementsAre("a -> b -> c -> a"));
}

TEST(ArchitectureCheck, ReadsIncludeLinesAsTheCompilerDoes) {
  const Source source{"sim/a.cpp",
                      "#include \"sim/a.hpp\"\n"
                      "  #  include <cli/b.hpp>  // why\n"
                      "// #include \"agents/c.hpp\"\n"
                      "const char* text = \"#include\";\n"
                      "#include \"sim/last.hpp\""};
  const auto includes = includes_of(source);
  ASSERT_THAT(includes, SizeIs(3));
  EXPECT_EQ(includes[0].to, "sim/a.hpp");
  EXPECT_TRUE(includes[0].quoted);
  EXPECT_EQ(includes[1].to, "cli/b.hpp");
  EXPECT_FALSE(includes[1].quoted);
  EXPECT_EQ(includes[2].to, "sim/last.hpp");
}

TEST(ArchitectureCheck, MissesNoBrokenHabit) {
  const std::string body = "namespace qantar::sim {\n}\n";
  EXPECT_THAT(broken_habits({"sim/a.hpp", "#pragma once\n" + body}), IsEmpty());
  EXPECT_THAT(broken_habits({"sim/a.hpp", "// first\n#pragma once\nnamespace qantar::sim::inner {\n}\n"}), IsEmpty());
  EXPECT_THAT(broken_habits({"sim/a.hpp", body}), ElementsAre(HasSubstr("#pragma once")));
  EXPECT_THAT(broken_habits({"sim/a-inl.hpp", body}), ElementsAre(HasSubstr("#pragma once")));
  EXPECT_THAT(broken_habits({"sim/a-inl.hpp", "#if defined(A) == defined(HWY_TARGET_TOGGLE)\n" + body}), IsEmpty());
  EXPECT_THAT(broken_habits({"sim/a.hpp", "// #pragma once\n" + body}), SizeIs(1));
  EXPECT_THAT(broken_habits({"agents/a.cpp", body}), ElementsAre(HasSubstr("namespace qantar::agents")));
  EXPECT_THAT(broken_habits({"sim/a.cpp", "namespace qantar::simulation {\n}\n"}), SizeIs(1));
  EXPECT_THAT(broken_habits({"cli/main.cpp", "int main() {}\n"}), IsEmpty());
}

}  // namespace
