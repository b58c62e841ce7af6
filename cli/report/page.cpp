#include "cli/report/page.hpp"

#include <stdexcept>

#include <nlohmann/json.hpp>

// CMake puts the page together and says where it is. The assembler takes it as it is: as an array of characters it
// would take the compiler minutes.
#ifdef QANTAR_REPORT_PAGE
__asm__(
    ".section .rodata\n"
    ".global qantar_report_page, qantar_report_page_end\n"
    "qantar_report_page:\n"
    ".incbin \"" QANTAR_REPORT_PAGE
    "\"\n"
    "qantar_report_page_end:\n"
    ".byte 0\n"
    ".previous\n");
extern "C" const char qantar_report_page[], qantar_report_page_end[];
#endif

namespace qantar::cli {

std::string_view empty_page() {
#ifdef QANTAR_REPORT_PAGE
  return {qantar_report_page, static_cast<std::size_t>(qantar_report_page_end - qantar_report_page)};
#else
  return {};
#endif
}

std::string page_with(std::string_view page, const nlohmann::json& data) {
  constexpr std::string_view place = "{\"data\":\"goes here\"}";
  const auto at = page.find(place);
  if (at == std::string_view::npos) throw std::logic_error("the page of the report has no place for data");
  std::string out(page.substr(0, at));
  // Names that are no UTF-8 (of files, say) are shown with a replacement character.
  for (const char c : data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)) {
    if (c == '<')
      out += "\\u003c";
    else
      out += c;
  }
  return out += page.substr(at + place.size());
}

}  // namespace qantar::cli
