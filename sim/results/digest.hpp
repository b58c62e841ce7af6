// SHA-256 of texts, and the digest of all rows that names a result independently of the file that holds it.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct evp_md_ctx_st;

namespace qantar::sim {

/// A running SHA-256 (OpenSSL).
class Sha256 {
 public:
  Sha256();
  void add(const void* data, std::size_t bytes);
  /// Length first, so that two texts in a row cannot be confused with two others.
  void add_text(std::string_view text);
  std::array<std::uint8_t, 32> bytes();  ///< ends the sum
  std::string hex();                     ///< ends the sum

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

std::string hex(std::span<const std::uint8_t> bytes);

/// Canonical rows in trial order: the trial index as little-endian int64, then the numbers of every root
/// variable in name order as little-endian float64, NaN as 0x7ff8000000000000 and -0 as +0. Knows nothing of
/// batches, chunks, threads, hosts or time.
class RowDigest {
 public:
  void begin_row(std::int64_t trial);
  void add(std::span<const double> numbers);
  std::string hex() { return sum_.hex(); }

 private:
  Sha256 sum_;
  std::vector<std::uint64_t> words_;
};

}  // namespace qantar::sim
