// SHA-256 of texts, and the digest of all rows that names a result independently of the file that holds it.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
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
/// The bytes of 64 hexadecimal digits. Throws std::invalid_argument.
std::array<std::uint8_t, 32> bytes_of(const std::string& hex);

/// Trials with the same index / block_trials are digested together, so that a part of a sweep knows the digests of the
/// blocks that lie in it as a whole.
inline constexpr std::int64_t block_trials = 1024;

/// The content digest: SHA-256 over the number of each block (little-endian int64) and the SHA-256 of its rows, in
/// trial order. A row is canonical: the trial index as little-endian int64, then the numbers of every root variable in
/// name order as little-endian float64, NaN as 0x7ff8000000000000 and -0 as +0. Knows nothing of batches, chunks,
/// threads, hosts or time.
class RowDigest {
 public:
  using Block = std::array<std::uint8_t, 32>;
  void begin_row(std::int64_t trial);
  void add(std::span<const double> numbers);
  /// A block as a whole, instead of its rows.
  void add_block(std::int64_t number, const Block& digest);
  /// No row comes any more.
  void end();
  const std::map<std::int64_t, Block>& blocks() const { return blocks_; }  ///< complete after end()
  std::string hex() const;                                                 ///< after end()

 private:
  std::optional<std::int64_t> open_;  ///< the block of the last row
  Sha256 rows_;
  std::map<std::int64_t, Block> blocks_;
  std::vector<std::uint64_t> words_;
};

}  // namespace qantar::sim
