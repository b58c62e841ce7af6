// Tables for the documents that are written by the program.
#pragma once
#include <string>
#include <vector>

namespace qantar::cli {

/// A word in the typeface of code.
std::string code(const std::string& word);

/// A table of Markdown; bars within a cell do not end it.
std::string markdown_table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows);

}  // namespace qantar::cli
