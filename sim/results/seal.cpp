#include "sim/results/seal.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "sim/conversions.hpp"
#include "sim/results/digest.hpp"
#include "sim/results/schema.hpp"

namespace qantar::sim {
namespace {

const std::string manifest_path = "/provenance/manifest", seal_path = "/provenance/file_sha256";
constexpr std::uint64_t seal_bytes = 32;

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// A file descriptor that closes itself.
struct Descriptor {
  int id;
  Descriptor(const std::filesystem::path& path, int flags) : id(open(path.c_str(), flags | O_CLOEXEC)) {
    if (id < 0) throw_errno("cannot open " + path.string());
  }
  ~Descriptor() { close(id); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
};

std::string manifest_digest(const std::vector<std::string>& lines) {
  Sha256 sum;
  for (const auto& line : lines) sum.add_text(line);
  return sum.hex();
}

}  // namespace

void write_manifest(hid_t file, ChunkSums begun) {
  std::vector<std::string> lines;
  ObjectDigests digests(file, std::move(begun));
  for (const auto& object : list_objects(file)) lines.push_back(digests.of(object) + "  " + object);
  const h5::Handle group = h5::open_group(file, "provenance");
  write_index(group, "manifest_entry", lines.size(), "number of the entry");
  h5::write_texts(group, "manifest", lines);
  const h5::Handle manifest = h5::open_dataset(group, "manifest");
  h5::put(manifest, "units", "1");
  h5::put(manifest, "long_name", "SHA-256 of every part of the file");
  h5::put(manifest, "sha256", manifest_digest(lines));
  h5::attach_scale(manifest, group, "manifest_entry", 0);

  // Contiguous and without filters, so that its bytes have a place in the file that can be filled afterwards.
  write_index(group, "file_sha256_byte", seal_bytes, "number of the byte");
  const h5::Handle seal = h5::create_dataset(group, "file_sha256", {H5T_STD_U8LE}, {seal_bytes});
  const std::array<std::uint8_t, seal_bytes> zeros{};
  h5::write(seal, H5T_NATIVE_UINT8, zeros.data());
  h5::put(seal, "units", "1");
  h5::put(seal, "long_name", "SHA-256 of this file with these bytes taken as zero");
  h5::attach_scale(seal, group, "file_sha256_byte", 0);
}

Digests read_manifest(hid_t file) {
  const auto lines = h5::read_texts(file, manifest_path);
  if (h5::text(h5::open_dataset(file, manifest_path), "sha256") != manifest_digest(lines))
    throw h5::Error("its own SHA-256 does not match");
  Digests out;
  for (const auto& line : lines)
    if (line.size() > 66) out[line.substr(66)] = line.substr(0, 64);
  return out;
}

std::uint64_t seal_offset(hid_t file) {
  const h5::Handle dataset = h5::open_dataset(file, seal_path);
  const haddr_t offset = H5Dget_offset(dataset);
  if (offset == HADDR_UNDEF || h5::dims(dataset) != h5::Dims{seal_bytes})
    throw h5::Error("'" + seal_path + "' is not where a seal can be");
  return offset;
}

std::string stored_seal(hid_t file) { return hex(h5::read_all<std::uint8_t>(file, seal_path, H5T_NATIVE_UINT8)); }

std::string sum_of_file(const std::filesystem::path& path, std::uint64_t offset) {
  const Descriptor file(path, O_RDONLY);
  Sha256 sum;
  std::vector<char> block(1 << 20);
  std::uint64_t at = 0;
  for (ssize_t n; (n = read(file.id, block.data(), block.size())) != 0;) {
    if (n < 0) throw_errno("cannot read " + path.string());
    const std::uint64_t size = n;
    const std::uint64_t from = std::max(at, offset), to = std::min(at + size, offset + seal_bytes);
    for (std::uint64_t i = from; i < to; ++i) block[i - at] = 0;
    sum.add(block.data(), size);
    at += size;
  }
  return sum.hex();
}

void seal_file(const std::filesystem::path& path, std::uint64_t offset) {
  const auto bytes = bytes_of(sum_of_file(path, offset));
  const Descriptor file(path, O_WRONLY);
  if (pwrite(file.id, bytes.data(), bytes.size(), static_cast<off_t>(offset)) != static_cast<ssize_t>(bytes.size()))
    throw_errno("cannot write " + path.string());
  if (fsync(file.id) != 0) throw_errno("cannot sync " + path.string());
}

void write_blocks(hid_t provenance, const std::map<std::int64_t, RowDigest::Block>& blocks) {
  std::vector<double> numbers;
  std::vector<std::string> digests;
  for (const auto& [number, digest] : blocks) {
    numbers.push_back(real(number));
    digests.push_back(hex(digest));
  }
  write_scale(provenance, "block", numbers, "1", fmt::format("index of the trial / {}", block_trials), H5T_STD_I64LE);
  h5::write_texts(provenance, "block_sha256", digests);
  const h5::Handle dataset = h5::open_dataset(provenance, "block_sha256");
  h5::put(dataset, "units", "1");
  h5::put(dataset, "long_name", "SHA-256 of the rows of each block, of which content_digest is made");
  h5::attach_scale(dataset, provenance, "block", 0);
}

std::map<std::int64_t, RowDigest::Block> read_blocks(hid_t file) {
  const h5::Handle provenance = h5::open_group(file, "provenance");
  const auto numbers = h5::read_all<std::int64_t>(provenance, "block", H5T_NATIVE_INT64);
  const auto digests = h5::read_texts(provenance, "block_sha256");
  std::map<std::int64_t, RowDigest::Block> out;
  for (std::size_t i = 0; i < numbers.size(); ++i) out[numbers[i]] = bytes_of(digests.at(i));
  return out;
}

RowDigest recompute_rows(hid_t file) {
  std::vector<std::string> names;
  for (const auto& name : h5::links(file)) {
    const h5::Handle object = h5::take(H5Oopen(file, name.c_str(), H5P_DEFAULT), "cannot open '" + name + "'");
    if (name == "trial" || H5Iget_type(object) != H5I_DATASET || h5::is_text(object)) continue;
    if (h5::has_attribute(object, "DIMENSION_LIST") && h5::scales(object).at(0) == "trial") names.push_back(name);
  }
  std::ranges::sort(names);
  std::vector<std::size_t> sizes;
  const h5::Handle trial = h5::open_dataset(file, "trial");
  const hsize_t rows = h5::dims(trial).at(0);
  for (const auto& name : names) {
    h5::Dims shape = h5::dims(h5::open_dataset(file, name));
    if (shape.at(0) != rows) throw h5::Error("'" + name + "' has another number of trials");
    shape[0] = 1;
    sizes.push_back(h5::elements(shape));
  }
  RowDigest digest;
  constexpr hsize_t batch = 4 * block_trials;
  for (hsize_t first = 0; first < rows; first += batch) {
    const hsize_t n = std::min(batch, rows - first);
    const auto trials = h5::read_rows<std::int64_t>(trial, H5T_NATIVE_INT64, first, n);
    std::vector<std::vector<double>> numbers;
    // Opened anew each time, for a variable that is open keeps chunks in memory.
    for (const auto& name : names)
      numbers.push_back(h5::read_rows<double>(h5::open_dataset(file, name), H5T_NATIVE_DOUBLE, first, n));
    for (hsize_t row = 0; row < n; ++row) {
      digest.begin_row(trials[row]);
      for (std::size_t c = 0; c < numbers.size(); ++c)
        digest.add(std::span(numbers[c]).subspan(row * sizes[c], sizes[c]));
    }
  }
  digest.end();
  return digest;
}

}  // namespace qantar::sim
