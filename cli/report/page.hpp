// The page of `qantar report`: one HTML file with everything in it, made at build time, and the data that goes into it.
#pragma once
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace qantar::cli {

/// The page without data. Empty in a program that was built without npm.
std::string_view empty_page();

/// The page with its data. No text of the data can end the element that it stands in. Throws std::logic_error when the
/// page has no place for it.
std::string page_with(std::string_view page, const nlohmann::json& data);

}  // namespace qantar::cli
