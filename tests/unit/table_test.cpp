// Tables on screens of all widths.
#include "cli/text/table.hpp"

#include <gtest/gtest.h>

namespace qantar::cli {
namespace {

Table small() {
  Table table({"name", "n", "meaning"}, "lrl");
  table.add({"qañtar", "7", "the first month of the year"});
  table.add({"b", "12", ""});
  return table;
}

TEST(Table, IsAsWideAsItsCellsWhereNothingHasToFit) {
  const std::string wide =
      "name     n  meaning\n"
      "qañtar   7  the first month of the year\n"
      "b       12\n";
  EXPECT_EQ(small().text("", 0), wide);
  EXPECT_EQ(small().text("", 39), wide);
}

TEST(Table, WrapsWordsWhereItMust) {
  EXPECT_EQ(small().text("", 38),
            "name     n  meaning\n"
            "qañtar   7  the first month of the\n"
            "            year\n"
            "b       12\n");
  EXPECT_EQ(small().text(" ", 23),
            " name     n  meaning\n"
            " qañtar   7  the first\n"
            "             month of\n"
            "             the year\n"
            " b       12\n");
}

TEST(Table, StacksRowsWhereCellsBecomeTooNarrow) {
  EXPECT_EQ(small().text("", 21),
            "qañtar\n"
            "  n: 7\n"
            "  meaning: the\n"
            "    first month of\n"
            "    the year\n"
            "b\n"
            "  n: 12\n");
}

TEST(SideBySide, TakesAsManyColumnsAsFit) {
  const auto tables = [](std::size_t screen) {
    const std::string text = side_by_side(
        {"one", "two"}, {"a", "b", "c", "d"}, [](std::size_t, std::size_t) { return std::string(20, 'x'); }, screen);
    std::size_t n = 0;
    for (std::size_t at = 0; (at = text.find("\none", at)) != std::string::npos; ++at) ++n;
    return n;
  };
  EXPECT_EQ(tables(0), 2U);
  EXPECT_EQ(tables(80), 2U);
  EXPECT_EQ(tables(50), 2U);
  EXPECT_EQ(tables(40), 4U);
}

TEST(Wrapped, BreaksAtBlanksAndInsideWordsOnlyWhereItMust) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(wrapped("a bb ccc", 4), (Lines{"a bb", "ccc"}));
  EXPECT_EQ(wrapped("abcdef g", 3), (Lines{"abcdef", "g"}));
  EXPECT_EQ(wrapped("0.45 [0.40, 0.51]", 12), (Lines{"0.45", "[0.40, 0.51]"}));
  EXPECT_EQ(wrapped("0.45 [0.40, 0.51]", 11), (Lines{"0.45 [0.40,", "0.51]"}));
  EXPECT_EQ(wrapped("of site_fell:almaty", 11), (Lines{"of site_", "fell:almaty"}));
  EXPECT_EQ(wrapped("", 3), (Lines{""}));
}

}  // namespace
}  // namespace qantar::cli
