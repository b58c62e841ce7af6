// Prose keeps its form: headings, tables and comments are as a person writes them. A formatter of C++ that is let loose
// on Markdown or TOML joins and breaks the rows of tables, and takes the blank out of "# Title".
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// The cells of a line of a table: what stands between bars that no backslash precedes.
int cells_of_row(const std::string& line) {
  int bars = 0;
  for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
  return bars - 1;
}

/// What a formatter of code leaves behind in Markdown, a sentence each.
std::vector<std::string> markdown_faults(const std::string& file, const std::string& text) {
  static const std::regex fence("^ *(```|~~~).*"), heading("^#{1,6}[^# ].*"), code("`[^`]*`"), rule("^\\|[-:| ]+\\|$"),
      blank_before(" [:;,]( |$)"), no_blank("[0-9]\\([0-9]|[a-z]{4,}\\([a-z]{2,} ");
  std::vector<std::string> faults;
  std::istringstream in(text);
  bool in_code = false;
  int number = 0, rows = 0, cells = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto fault = [&](const char* message) { faults.push_back(fmt::format("{}:{}: {}", file, number, message)); };
    if (std::regex_match(line, fence)) in_code = !in_code;
    const bool row = !in_code && line.starts_with('|');
    rows = row ? rows + 1 : 0;
    if (in_code) continue;
    const std::string prose = std::regex_replace(line, code, "``");
    if (std::regex_match(prose, heading)) fault("a heading without a blank after #");
    if (std::regex_search(prose, blank_before)) fault("a blank before a punctuation mark");
    if (std::regex_search(prose, no_blank)) fault("no blank before a bracket");
    if (row != line.ends_with('|')) fault("a row of a table on more than one line");
    if (rows == 1) cells = cells_of_row(line);
    if (rows == 2 && !std::regex_match(line, rule)) fault("no line of dashes below the head of a table");
    if (row && cells_of_row(line) != cells) fault("a row of a table with more or fewer cells than its head");
  }
  return faults;
}

/// The same in files whose comments begin with #, which C++ takes for its preprocessor's.
std::vector<std::string> comment_faults(const std::string& file, const std::string& text) {
  static const std::regex comment("^ *#[A-Za-z].*");
  std::vector<std::string> faults;
  std::istringstream in(text);
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (std::regex_match(line, comment))
      faults.push_back(fmt::format("{}:{}: a comment without a blank", file, number));
  }
  return faults;
}

TEST(Prose, HasTheFormThatAPersonGaveIt) {
  const fs::path root = QANTAR_SOURCE_DIR;
  std::vector<std::string> faults;
  int documents = 0, others = 0;
  for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator(); ++at) {
    const fs::path& path = at->path();
    const std::string name = path.filename().string(), kind = path.extension().string();
    if (at->is_directory() && (name == ".git" || name == "build" || name == "node_modules"))
      at.disable_recursion_pending();
    const bool document = kind == ".md";
    if (!at->is_regular_file() || (!document && kind != ".toml" && kind != ".py" && kind != ".sh" && kind != ".cmake" &&
                                   name != "CMakeLists.txt"))
      continue;
    ++(document ? documents : others);
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    const std::string shown = path.lexically_relative(root).generic_string();
    for (auto& f : document ? markdown_faults(shown, text.str()) : comment_faults(shown, text.str()))
      faults.push_back(std::move(f));
  }
  EXPECT_THAT(faults, IsEmpty());
  EXPECT_GT(documents, 10);
  EXPECT_GT(others, 50);
}

/// Paths in code spans that begin with a room of the house, without placeholders: of files that should be there.
std::vector<std::string> paths_in(const std::string& text) {
  static const std::regex path("`((sim|agents|analysis|cli|configs|tests|docs)/[a-z0-9_/.A-Z]+)`");
  std::vector<std::string> out;
  for (std::sregex_iterator at(text.begin(), text.end(), path), end; at != end; ++at) out.push_back((*at)[1]);
  return out;
}

TEST(Recipes, NameFilesThatAreThere) {
  const fs::path root = QANTAR_SOURCE_DIR;
  std::ostringstream text;
  text << std::ifstream(root / "CONTRIBUTING.md", std::ios::binary).rdbuf();
  const auto paths = paths_in(text.str());
  EXPECT_GT(paths.size(), 20U);
  for (const auto& path : paths) EXPECT_TRUE(fs::exists(root / path)) << "CONTRIBUTING.md names " << path;
  EXPECT_THAT(paths_in("`agents/no such`, `agents/gone.cpp`, `cli/<command>.cpp`"), ElementsAre("agents/gone.cpp"));
}

TEST(ProseCheck, AcceptsWhatAPersonWrites) {
  EXPECT_THAT(markdown_faults("a.md",
                              "# Title\n\n| a | b |\n|---|:-:|\n| `x(y)` | 1 (2) |\n| a \\| b | |\n\n"
                              "```sh\n#not a heading ; x | y |\n```\nSee f(x), `a ; b`: 3 (of 4).\n"),
              IsEmpty());
  EXPECT_THAT(comment_faults("a.sh", "#!/bin/sh\n# why\necho a#b\n#\n"), IsEmpty());
}

TEST(ProseCheck, RejectsWhatAFormatterOfCodeMakesOfIt) {
  const auto only = [](const char* message) { return ElementsAre(HasSubstr(message)); };
  const std::string head = "| a | b |\n|---|---|\n";
  EXPECT_THAT(markdown_faults("a.md", "\n#Title\n"), only("a.md:2: a heading without"));
  EXPECT_THAT(markdown_faults("a.md", "Run 1 : 48\n"), only("a blank before"));
  EXPECT_THAT(markdown_faults("a.md", "the table(nobody moves)\n"), only("no blank before a bracket"));
  EXPECT_THAT(markdown_faults("a.md", "94(30 to 190)\n"), only("no blank before a bracket"));
  EXPECT_THAT(markdown_faults("a.md", head + "| c | d | | e | f |\n"), only("a.md:3: a row of a table with more"));
  EXPECT_THAT(markdown_faults("a.md", head + "| c | d;\ne |\n"), Not(IsEmpty()));
  EXPECT_THAT(markdown_faults("a.md", "| a | b |\n| c | d |\n"), only("no line of dashes"));
  EXPECT_THAT(comment_faults("a.toml", "x = 1\n#Why\n"), only("a.toml:2"));
}

}  // namespace
