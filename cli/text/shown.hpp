// What is printed is data: titles, names and values come from files of strangers, and a terminal obeys some characters.
#pragma once
#include <array>
#include <cstddef>
#include <ostream>
#include <streambuf>
#include <string>

namespace qantar::cli {

/// A stream that shows by their numbers all control characters but newline and tab, all marks that reorder text, and
/// all bytes that are not UTF-8: backslash, u and four digits as in JSON, where they mean the same character, or
/// backslash, x and two digits for a byte.
class ShownStream : public std::ostream {
 public:
  /// Refers to the other stream, and flushes it as often.
  explicit ShownStream(std::ostream& shown_on);

 private:
  class Buffer : public std::streambuf {
   public:
    explicit Buffer(std::ostream& out) : out_(out) {}
    ~Buffer() override { flush_pending(); }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;

   protected:
    int_type overflow(int_type c) override;
    std::streamsize xsputn(const char* text, std::streamsize n) override;
    int sync() override;

   private:
    void take(unsigned char byte);
    void flush_pending();
    void show(char32_t character);

    std::ostream& out_;
    std::string ready_;
    std::array<char, 4> pending_{};  ///< of a character that has begun
    std::size_t have_ = 0, need_ = 0;
  };

  Buffer buffer_;
};

}  // namespace qantar::cli
