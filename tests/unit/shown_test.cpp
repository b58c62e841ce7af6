// Nothing that a terminal obeys comes out of what is printed; everything else comes out as it is.
#include "cli/text/shown.hpp"

#include <sstream>
#include <string>

#include <gtest/gtest.h>

namespace qantar::cli {
namespace {

std::string shown(const std::string& text) {
  std::ostringstream out;
  {
    ShownStream stream(out);
    stream << text;
  }
  return out.str();
}

TEST(ShownStream, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(shown("a\x1b[31mred\a\r\x7f"), "a\\u001b[31mred\\u0007\\u000d\\u007f");
  EXPECT_EQ(shown("\u202eright to left\u2066\u200f"), "\\u202eright to left\\u2066\\u200f");
  EXPECT_EQ(shown("\u009b31m"), "\\u009b31m") << "a control sequence of one character";
}

TEST(ShownStream, LeavesWordsAsTheyAre) {
  for (const std::string text :
       {"", "two lines\n\ttabbed\n", "Қантар, Жаңаөзен, 扎瑙津, 🙂, ñ, …, 95 %"})
    EXPECT_EQ(shown(text), text);
}

TEST(ShownStream, ShowsBytesThatAreNoCharacters) {
  EXPECT_EQ(shown("\x9b"), "\\x9b");
  EXPECT_EQ(shown("\xc0\xaf"), "\\xc0\\xaf") << "longer than it need be";
  EXPECT_EQ(shown("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "half of a pair";
  EXPECT_EQ(shown("\xe2\x80"), "\\xe2\\x80") << "cut short";
  EXPECT_EQ(shown("\xe2\x80x"), "\\xe2\\x80x");
}

TEST(ShownStream, DoesNotMindWhereATextIsCut) {
  const std::string text = "Қантар \u202e \x1b \xf0\x9f\x99\x82 \xff";
  std::ostringstream out;
  {
    ShownStream stream(out);
    for (const char c : text) stream.put(c).flush();
  }
  EXPECT_EQ(out.str(), shown(text));
}

TEST(ShownStream, SaysWhenItCannotBeWritten) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  ShownStream stream(out);
  stream << "lost" << std::flush;
  EXPECT_FALSE(stream.good());
}

}  // namespace
}  // namespace qantar::cli
