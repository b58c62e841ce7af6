#include "sim/results/digest.hpp"

#include <bit>
#include <charconv>
#include <stdexcept>

#include <openssl/evp.h>

#include "sim/results/result_file.hpp"

namespace qantar::sim {

static_assert(std::endian::native == std::endian::little, "canonical rows are written as they lie in memory");

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available in this build of OpenSSL");
}

void Sha256::add(const void* data, std::size_t bytes) { EVP_DigestUpdate(context_.get(), data, bytes); }

void Sha256::add_text(std::string_view text) {
  const std::uint64_t n = text.size();
  add(&n, sizeof n);
  add(text.data(), text.size());
}

std::array<std::uint8_t, 32> Sha256::bytes() {
  std::array<std::uint8_t, 32> out{};
  EVP_DigestFinal_ex(context_.get(), out.data(), nullptr);
  return out;
}

std::string Sha256::hex() { return sim::hex(bytes()); }

std::string hex(std::span<const std::uint8_t> bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const auto b : bytes) {
    out += digits[b >> 4];
    out += digits[b & 15];
  }
  return out;
}

std::array<std::uint8_t, 32> bytes_of(const std::string& hex) {
  std::array<std::uint8_t, 32> out{};
  const char* const text = hex.data();
  for (std::size_t i = 0; i < out.size(); ++i)
    if (hex.size() != 2 * out.size() ||
        std::from_chars(text + 2 * i, text + 2 * i + 2, out[i], 16).ptr != text + 2 * i + 2)
      throw std::invalid_argument("'" + hex + "' is no SHA-256");
  return out;
}

std::string sha256(const std::string& text) {
  Sha256 sum;
  sum.add(text.data(), text.size());
  return sum.hex();
}

void RowDigest::end() {
  if (!open_) return;
  blocks_[*open_] = rows_.bytes();
  rows_ = Sha256();
  open_.reset();
}

void RowDigest::begin_row(std::int64_t trial) {
  const std::int64_t number = trial / block_trials;
  if (open_ != number) end();
  open_ = number;
  rows_.add(&trial, sizeof trial);
}

void RowDigest::add_block(std::int64_t number, const Block& digest) {
  end();
  blocks_[number] = digest;
}

std::string RowDigest::hex() const {
  Sha256 sum;
  for (const auto& [number, digest] : blocks_) {
    sum.add(&number, sizeof number);
    sum.add(digest.data(), digest.size());
  }
  return sum.hex();
}

void RowDigest::add(std::span<const double> numbers) {
  words_.clear();
  for (const double x : numbers) {
    const double canonical = x == 0 ? 0.0 : x;
    words_.push_back(x != x ? 0x7ff8000000000000ULL : std::bit_cast<std::uint64_t>(canonical));
  }
  rows_.add(words_.data(), words_.size() * sizeof(std::uint64_t));
}

}  // namespace qantar::sim
