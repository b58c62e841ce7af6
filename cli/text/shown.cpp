#include "cli/text/shown.hpp"

#include <iterator>

#include <fmt/format.h>

namespace qantar::cli {
namespace {

bool is_obeyed(char32_t c) {
  const bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
  const bool line_of_its_own = c == 0x2028 || c == 0x2029;
  const bool reorders =
      c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
  return control || line_of_its_own || reorders;
}

}  // namespace

ShownStream::ShownStream(std::ostream& shown_on) : std::ostream(nullptr), buffer_(shown_on) {
  rdbuf(&buffer_);
  setf(shown_on.flags() & std::ios::unitbuf);
}

void ShownStream::Buffer::flush_pending() {
  for (std::size_t i = 0; i < have_; ++i)
    fmt::format_to(std::back_inserter(ready_), "\\x{:02x}", static_cast<unsigned char>(pending_[i]));
  have_ = need_ = 0;
  out_.write(ready_.data(), static_cast<std::streamsize>(ready_.size()));
  ready_.clear();
}

void ShownStream::Buffer::show(char32_t c) {
  if (is_obeyed(c))
    fmt::format_to(std::back_inserter(ready_), "\\u{:04x}", static_cast<unsigned>(c));
  else
    ready_.append(pending_.data(), have_);
  have_ = need_ = 0;
}

void ShownStream::Buffer::take(unsigned char byte) {
  const bool follows = (byte & 0xc0U) == 0x80U;
  if (have_ > 0 && !follows) flush_pending();
  if (have_ == 0) {
    need_ = byte < 0x80                   ? 1
            : byte >= 0xc2 && byte < 0xe0 ? 2
            : byte >= 0xe0 && byte < 0xf0 ? 3
            : byte >= 0xf0 && byte < 0xf5 ? 4
                                          : 0;
    pending_[have_++] = static_cast<char>(byte);
    if (need_ == 0) return flush_pending();
  } else {
    pending_[have_++] = static_cast<char>(byte);
  }
  if (have_ < need_) return;
  constexpr std::array<unsigned char, 5> of_the_first{0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t c = static_cast<unsigned char>(pending_[0]) & of_the_first[need_];
  for (std::size_t i = 1; i < need_; ++i) c = c << 6 | (static_cast<unsigned char>(pending_[i]) & 0x3fU);
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (c < least[need_] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return flush_pending();
  show(c);
}

std::streamsize ShownStream::Buffer::xsputn(const char* text, std::streamsize n) {
  for (std::streamsize i = 0; i < n; ++i) take(static_cast<unsigned char>(text[i]));
  out_.write(ready_.data(), static_cast<std::streamsize>(ready_.size()));
  ready_.clear();
  return out_ ? n : 0;
}

ShownStream::Buffer::int_type ShownStream::Buffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char one = traits_type::to_char_type(c);
  return xsputn(&one, 1) == 1 ? c : traits_type::eof();
}

int ShownStream::Buffer::sync() {
  out_.flush();
  return out_ ? 0 : -1;
}

}  // namespace qantar::cli
