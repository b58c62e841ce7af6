// How a finished file proves itself: a list of digests that can name what was changed, and one SHA-256 over
// all bytes that finds any change.
#pragma once
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "sim/results/digest.hpp"
#include "sim/results/hdf5.hpp"

namespace qantar::sim {

/// Something that the list of digests covers: "group /series", "dataset /status", "attribute /status@units",
/// or "link /x" for a soft or external link, which our files never have.
using Digests = std::map<std::string, std::string>;

/// All objects of an open file except the list and the seal themselves. What cannot be listed is named in
/// `trouble` when given, else it throws.
std::vector<std::string> list_objects(hid_t file, std::vector<std::string>* trouble = nullptr);

/// The digest of the first chunks of a variable that grows, as they are stored.
struct ChunkSum {
  Sha256 sum;
  hsize_t rows = 0;  ///< that these chunks hold

  void add(std::uint32_t filters, std::span<const char> bytes);
};

/// By the path of the variable.
using ChunkSums = std::map<std::string, ChunkSum>;

/// Digests of the objects of an open file.
class ObjectDigests {
 public:
  /// `begun`: sums of what need not be read again; each serves once.
  explicit ObjectDigests(hid_t file, ChunkSums begun = {});
  /// SHA-256 of one object: of the content of texts and attributes, of the chunks of a variable as they are stored.
  /// Independent of addresses in the file. Throws h5::Error.
  std::string of(const std::string& object);

 private:
  std::string of_attribute(const std::string& path, const std::string& name) const;
  std::string name_of(const hobj_ref_t& reference) const;
  std::vector<std::string> uses(hid_t attribute, std::size_t n) const;
  std::vector<std::string> axes(hid_t attribute, hid_t type, std::size_t n) const;

  std::string of_dataset(const std::string& path);

  hid_t file_;
  ChunkSums begun_;
  std::map<hobj_ref_t, std::string> names_;  ///< HDF5 would search the whole file for each reference
};

/// Writes the list of digests and room for the seal, as the last act before the file is closed.
void write_manifest(hid_t file, ChunkSums begun);
/// Reads the list. Throws h5::Error when it is missing or does not match its own digest.
Digests read_manifest(hid_t file);

/// Place in the file of the 32 bytes of the seal.
std::uint64_t seal_offset(hid_t file);
/// SHA-256 of all bytes with those of the seal taken as zero. Throws std::system_error.
std::string sum_of_file(const std::filesystem::path& path, std::uint64_t offset);
/// Fills the seal of a closed file and syncs it to disk. Throws std::system_error.
void seal_file(const std::filesystem::path& path, std::uint64_t offset);
/// The seal as stored.
std::string stored_seal(hid_t file);

/// What find_damage() says; when not thorough, only whether the file is HDF5, of a schema that we know, sealed, and of
/// a structure that our files can have. Throws std::system_error when the system does not let it look.
std::vector<std::string> inspect(const std::filesystem::path& path, bool thorough);

/// The digests of the blocks of a part of a sweep, and of a block that the part ends in, of the rows that it has.
void write_blocks(hid_t provenance, const std::map<std::int64_t, RowDigest::Block>& blocks);
std::map<std::int64_t, RowDigest::Block> read_blocks(hid_t file);

/// The digests of all rows, recomputed from the root variables as they are stored.
RowDigest recompute_rows(hid_t file);

}  // namespace qantar::sim
