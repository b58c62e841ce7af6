// Documents that the program writes say what the code says.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "cli/commands.hpp"

namespace {

using namespace qantar;

std::string printed(const std::string& command) {
  std::ostringstream out, err;
  const char* words[] = {"qantar", command.c_str(), "--markdown"};
  EXPECT_EQ(cli::main_program(3, words, out, err), 0) << err.str();
  return out.str();
}

std::string text_of(const std::string& file) {
  std::ifstream in(QANTAR_SOURCE_DIR "/" + file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// Number of the first line in which two texts differ; 0 for none.
int first_difference(const std::string& a, const std::string& b) {
  std::istringstream as(a), bs(b);
  std::string x, y;
  for (int line = 1;; ++line) {
    const bool more_a = static_cast<bool>(std::getline(as, x)), more_b = static_cast<bool>(std::getline(bs, y));
    if (more_a != more_b || (more_a && x != y)) return line;
    if (!more_a) return 0;
  }
}

void expect_current(const std::string& command, const std::string& file) {
  const std::string now = printed(command);
  EXPECT_GT(now.size(), 1000U);
  EXPECT_EQ(first_difference(text_of(file), now), 0)
      << file << " is not what the code says from this line on. Renew it with:\n  build/release/qantar " << command
      << " --markdown > " << file;
}

TEST(WrittenDocuments, ParametersAreCurrent) { expect_current("parameters", "agents/PARAMETERS.md"); }
TEST(WrittenDocuments, ObservablesAreCurrent) { expect_current("observables", "agents/OBSERVABLES.md"); }
TEST(WrittenDocuments, VocabularyIsCurrent) { expect_current("vocabulary", "agents/VOCABULARY.md"); }
TEST(WrittenDocuments, CommandsAreCurrent) { expect_current("man", "docs/COMMANDS.md"); }

TEST(WrittenDocuments, ADifferenceIsFound) {
  EXPECT_EQ(first_difference("a\nb\n", "a\nb\n"), 0);
  EXPECT_EQ(first_difference("a\nb\n", "a\nc\n"), 2);
  EXPECT_EQ(first_difference("a\nb\n", "a\n"), 2);
  EXPECT_EQ(first_difference("", "a\n"), 1);
}

}  // namespace
