// The HDF5 C library behind one owning handle and a few verbs. HDF5 is not safe to call from two threads:
// everything here is used from one thread at a time, the sink of the trials.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hdf5.h>

#include "sim/conversions.hpp"

namespace qantar::sim::h5 {

/// A call into HDF5 that failed, with what was tried and the library's own reason.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Owns any HDF5 identifier.
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(id) {}
  ~Handle() { reset(); }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, H5I_INVALID_HID);
    }
    return *this;
  }
  operator hid_t() const { return id_; }
  bool empty() const { return id_ < 0; }
  void reset() noexcept;
  /// Hands the identifier over to the caller.
  hid_t release() { return std::exchange(id_, H5I_INVALID_HID); }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

/// Throws Error("<what>: <reason of the library>") when an HDF5 call reports failure.
void check(herr_t status, const std::string& what);
Handle take(hid_t id, const std::string& what);

using Dims = std::vector<hsize_t>;

Handle create_file(const std::filesystem::path& path);
Handle open_file(const std::filesystem::path& path, bool writable = false);
/// Flushes and closes. This is where a full disk may show first; a variable that could not be closed also
/// shows here.
void close_file(Handle& file);
/// Gives up a file that cannot be written: what HDF5 still wants to flush goes to anonymous memory, so that
/// closing succeeds and the library does not try again at exit.
void abandon_file(Handle& file, const std::function<void()>& close_contents);

Handle create_group(hid_t parent, const std::string& name);
Handle open_group(hid_t parent, const std::string& name);
Handle open_dataset(hid_t parent, const std::string& name);
bool exists(hid_t parent, const std::string& name);
/// Names of the links of a group, in the order of their creation.
std::vector<std::string> links(hid_t group);
std::vector<std::string> attributes(hid_t object);
Dims dims(hid_t dataset);
std::size_t elements(const Dims& d);
/// Variable-length UTF-8: the only string type that every netCDF reader survives.
Handle string_type();
bool is_text(hid_t dataset);

void put(hid_t object, const std::string& name, std::string_view text);
void put(hid_t object, const std::string& name, const std::vector<std::string>& texts);
/// One number, stored as `type`.
void put(hid_t object, const std::string& name, hid_t type, hid_t memory_type, const void* value);
/// A list of whole numbers, stored as `type`.
void put(hid_t object, const std::string& name, hid_t type, const std::vector<std::int64_t>& values);
void put_int(hid_t object, const std::string& name, std::int64_t value);
void put_real(hid_t object, const std::string& name, double value);

bool has_attribute(hid_t object, const std::string& name);
std::string text(hid_t object, const std::string& name);
std::vector<std::string> texts(hid_t object, const std::string& name);
std::int64_t integer(hid_t object, const std::string& name);
std::uint64_t unsigned_integer(hid_t object, const std::string& name);
double real(hid_t object, const std::string& name);

/// How the elements of a dataset lie on disk.
struct Storage {
  hid_t type = H5T_IEEE_F64LE;
  const void* fill = nullptr;  ///< of this type; zero without one
};

/// A dataset of fixed shape: contiguous when small, else chunked, shuffled, deflated and checked by
/// Fletcher32.
Handle create_dataset(hid_t parent, const std::string& name, const Storage& storage, const Dims& shape);
void write(hid_t dataset, hid_t memory_type, const void* data);
void write_texts(hid_t parent, const std::string& name, const std::vector<std::string>& texts);

/// The shape of the chunks of a dataset; empty when it has none.
Dims chunk(hid_t dataset);
/// A chunk as it is stored: its first element, the filters that were left out (see H5Dread_chunk) and its bytes.
using TakeChunk = std::function<void(const Dims& offset, std::uint32_t filters, std::span<const char> bytes)>;
/// Every chunk of rows [first, first + n) in the order of its elements; both ends lie between chunks or at the end.
void each_chunk(hid_t dataset, hsize_t first, hsize_t n, const TakeChunk& take);

/// A dataset whose first dimension grows by batches of rows.
class Table {
 public:
  /// `row` is the shape of one row. Chunks hold 64 KiB to 1 MiB and a power of two of rows, but no more than
  /// `expected_rows`.
  Table(hid_t parent, const std::string& name, const Storage& storage, const Dims& row, hsize_t expected_rows);
  void append(hid_t memory_type, const void* data, hsize_t rows);
  void append(const std::vector<std::string>& texts);
  /// Whether rows [first, first + n) of another dataset are whole chunks there that can be whole chunks here.
  bool fits(hid_t from, hsize_t first, hsize_t n) const;
  /// Appends such rows as they are stored, neither inflated nor deflated, and shows each chunk to `seen`.
  void append_stored(hid_t from, hsize_t first, hsize_t n, const TakeChunk& seen);
  hsize_t rows() const { return shape_[0]; }
  hid_t id() const { return dataset_; }

 private:
  std::string name_;
  Dims shape_, chunk_;
  Handle dataset_;
};

/// Rows [first, first + n) of a dataset, as the given memory type.
template <class T>
std::vector<T> read_rows(hid_t dataset, hid_t memory_type, hsize_t first, hsize_t n);
void read_rows(hid_t dataset, hid_t memory_type, hsize_t first, hsize_t n, void* out);
template <class T>
std::vector<T> read_all(hid_t parent, const std::string& name, hid_t memory_type);
/// Every element of a dataset of variable-length strings, or those of a range of rows.
std::vector<std::string> read_texts(hid_t parent, const std::string& name);
std::vector<std::string> read_texts(hid_t dataset, hsize_t first, hsize_t n);

/// Makes the dataset a dimension scale, so that netCDF sees a dimension of its name.
void make_scale(hid_t dataset);
/// Names axis `axis` of a variable by a scale.
void attach_scale(hid_t variable, hid_t scale, unsigned axis);
void attach_scale(hid_t variable, hid_t parent, const std::string& scale, unsigned axis);
/// Names of the scales of all axes of a variable, the last part of their path.
std::vector<std::string> scales(hid_t variable);

template <class T>
std::vector<T> read_rows(hid_t dataset, hid_t memory_type, hsize_t first, hsize_t n) {
  Dims shape = dims(dataset);
  if (!shape.empty()) shape[0] = n;
  std::vector<T> out(elements(shape));
  read_rows(dataset, memory_type, first, n, out.data());
  return out;
}

template <class T>
std::vector<T> read_all(hid_t parent, const std::string& name, hid_t memory_type) {
  const Handle dataset = open_dataset(parent, name);
  const Dims shape = dims(dataset);
  return read_rows<T>(dataset, memory_type, 0, shape.empty() ? 1 : shape[0]);
}

}  // namespace qantar::sim::h5
