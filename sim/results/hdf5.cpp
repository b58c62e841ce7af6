#include "sim/results/hdf5.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include <fcntl.h>
#include <hdf5_hl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace qantar::sim::h5 {
namespace {

/// Why a handle could not be closed since the last file was made. A destructor cannot throw, but numbers that
/// HDF5 held back until then would be lost in silence.
std::string& lost() {
  static std::string reason_of_loss;
  return reason_of_loss;
}

constexpr unsigned index_width = 4;               // half of the chunks that a node of an index holds
constexpr std::size_t index_memory = 640u << 10;  // as on disk; in memory a node is seven times as large

void start_library() {
  static const bool started = [] {
    // Every handle is owned, so nothing is left for exit; after a full disk the library would retry and abort
    // there.
    H5dont_atexit();
    H5open();
    return true;
  }();
  (void)started;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // per thread: errors become exceptions, never prints
}

std::string reason() {
  std::string innermost;
  const auto keep_first = [](unsigned, const H5E_error2_t* e, void* out) -> herr_t {
    auto& found = *static_cast<std::string*>(out);
    if (found.empty() && e->desc) found = e->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &innermost);
  H5Eclear2(H5E_DEFAULT);
  // The file driver wraps the system's message in addresses and times that help nobody.
  const std::string mark = "error message = '";
  if (const auto at = innermost.find(mark); at != std::string::npos) {
    const auto from = at + mark.size();
    return innermost.substr(from, innermost.find('\'', from) - from);
  }
  return innermost.empty() ? "no reason given by HDF5" : innermost;
}

/// Why a call failed. What was lost on closing a handle comes first: a later call then misses only what that one lost.
std::string cause() {
  const std::string here = reason();
  return lost().empty() ? here : lost();
}

Handle access_list() {
  Handle list = take(H5Pcreate(H5P_FILE_ACCESS), "cannot set up HDF5");
  // Version 1.8 has checksums in its metadata and opens in every reader in use.
  check(H5Pset_libver_bounds(list, H5F_LIBVER_V18, H5F_LIBVER_V18), "cannot choose the HDF5 file version");
  check(H5Pset_fclose_degree(list, H5F_CLOSE_STRONG), "cannot set up HDF5");
  // Indices of chunks grow with the rows; those that are full need not stay in memory.
  H5AC_cache_config_t cache{};
  cache.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  check(H5Pget_mdc_config(list, &cache), "cannot set up HDF5");
  cache.min_size = cache.initial_size = cache.max_size = index_memory;
  check(H5Pset_mdc_config(list, &cache), "cannot set up HDF5");
#if H5_VERSION_GE(1, 10, 7)
  // Files appear complete by renaming, so locks protect nothing, and on some cluster file systems they fail.
  check(H5Pset_file_locking(list, false, true), "cannot set up HDF5");
#endif
  return list;
}

template <class List>
void keep_order(const List& list) {
  check(H5Pset_link_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), "cannot set up HDF5");
  check(H5Pset_obj_track_times(list, false), "cannot set up HDF5");
}

Handle space(const Dims& shape, const Dims& limit) {
  if (shape.empty()) return take(H5Screate(H5S_SCALAR), "cannot make a scalar");
  return take(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), limit.data()), "cannot make a shape");
}

constexpr std::size_t chunk_low = 64 * 1024, chunk_high = 1024 * 1024;

/// One row, cut when it is larger than 1 MiB, and as many rows as fill about 64 KiB.
Dims chunk_of(Dims row, hsize_t rows, std::size_t element) {
  for (auto& d : row) d = std::max<hsize_t>(d, 1);
  while (elements(row) * element > chunk_high) {
    auto& longest = *std::ranges::max_element(row);
    longest = (longest + 1) / 2;
  }
  const hsize_t full = std::bit_floor(std::max<hsize_t>(chunk_low / (elements(row) * element), 1));
  row.insert(row.begin(), std::min(full, std::max<hsize_t>(rows, 1)));
  return row;
}

Handle creation_list(const Storage& storage, const Dims& chunk) {
  Handle list = take(H5Pcreate(H5P_DATASET_CREATE), "cannot set up HDF5");
  check(H5Pset_obj_track_times(list, false), "cannot set up HDF5");
  if (storage.fill) check(H5Pset_fill_value(list, storage.type, storage.fill), "cannot set a fill value");
  if (chunk.empty()) return list;
  check(H5Pset_chunk(list, static_cast<int>(chunk.size()), chunk.data()), "cannot set a chunk size");
  if (H5Tget_class(storage.type) == H5T_STRING) return list;  // filters would only see pointers: HDF5 refuses
  check(H5Pset_shuffle(list), "cannot set a filter");
  check(H5Pset_deflate(list, 1), "cannot set a filter");
  check(H5Pset_fletcher32(list), "cannot set a filter");
  return list;
}

/// Keeps the chunks of one row in memory, which is what appending needs. The library would keep 1 MiB of each of
/// hundreds of variables, and so grow with every row until then.
Handle access_list(const Storage& storage, const Dims& shape, const Dims& chunk) {
  Handle list = take(H5Pcreate(H5P_DATASET_ACCESS), "cannot set up HDF5");
  if (chunk.empty()) return list;
  std::size_t chunks = 1;
  for (std::size_t i = 1; i < chunk.size(); ++i) chunks *= (std::max<hsize_t>(shape[i], 1) + chunk[i] - 1) / chunk[i];
  check(H5Pset_chunk_cache(list, 2 * chunks + 1, chunks * elements(chunk) * H5Tget_size(storage.type), 1.0),
        "cannot set up HDF5");
  return list;
}

Handle create(hid_t parent, const std::string& name, const Storage& storage, const Dims& shape, const Dims& limit,
              const Dims& chunk) {
  const Handle area = space(shape, limit);
  const Handle list = creation_list(storage, chunk), access = access_list(storage, shape, chunk);
  return take(H5Dcreate2(parent, name.c_str(), storage.type, area, H5P_DEFAULT, list, access),
              "cannot create '" + name + "'");
}

std::vector<const char*> pointers(const std::vector<std::string>& texts) {
  std::vector<const char*> out;
  out.reserve(texts.size());
  for (const auto& t : texts) out.push_back(t.c_str());
  return out;
}

herr_t collect(const char* name, void* out) {
  static_cast<std::vector<std::string>*>(out)->emplace_back(name);
  return 0;
}

/// Copies variable-length strings out of the library's memory and frees it.
std::vector<std::string> adopt(std::vector<char*>& raw) {
  std::vector<std::string> out;
  out.reserve(raw.size());
  for (char* p : raw) {
    out.emplace_back(p ? p : "");
    H5free_memory(p);
  }
  return out;
}

}  // namespace

void Handle::reset() noexcept {
  if (id_ >= 0 && H5Idec_ref(release()) < 0) lost() = reason();
}

void check(herr_t status, const std::string& what) {
  if (status < 0) throw Error(what + ": " + cause());
}

Handle take(hid_t id, const std::string& what) {
  if (id < 0) throw Error(what + ": " + cause());
  return Handle(id);
}

Handle create_file(const std::filesystem::path& path) {
  start_library();
  const Handle list = take(H5Pcreate(H5P_FILE_CREATE), "cannot set up HDF5");
  keep_order(list);
  check(H5Pset_istore_k(list, index_width), "cannot set up HDF5");
  lost().clear();
  return take(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, list, access_list()), "cannot create the file");
}

Handle open_file(const std::filesystem::path& path, bool writable) {
  start_library();
  return take(H5Fopen(path.c_str(), writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, access_list()),
              "cannot open the file as HDF5");
}

void close_file(Handle& file) {
  check(H5Fflush(file, H5F_SCOPE_GLOBAL), "cannot flush the file");
  if (!lost().empty()) throw Error("cannot close a variable: " + lost());
  // Once only, even when it fails: HDF5 has freed half of the file by then.
  check(H5Fclose(file.release()), "cannot close the file");
}

void abandon_file(Handle& file, const std::function<void()>& close_contents) {
  void* driver = nullptr;
  if (!file.empty() && H5Fget_vfd_handle(file, H5P_DEFAULT, &driver) >= 0 && driver) {
    const int target = *static_cast<int*>(driver);
    const int memory = memfd_create("abandoned result", MFD_CLOEXEC);
    if (memory >= 0) {
      dup2(memory, target);
      close(memory);
    }
  }
  close_contents();
  if (!file.empty()) H5Fclose(file.release());
  H5Eclear2(H5E_DEFAULT);
  lost().clear();
}

Handle create_group(hid_t parent, const std::string& name) {
  const Handle list = take(H5Pcreate(H5P_GROUP_CREATE), "cannot set up HDF5");
  keep_order(list);
  return take(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, list, H5P_DEFAULT), "cannot create group '" + name + "'");
}

Handle open_group(hid_t parent, const std::string& name) {
  return take(H5Gopen2(parent, name.c_str(), H5P_DEFAULT), "cannot open group '" + name + "'");
}

Handle open_dataset(hid_t parent, const std::string& name) {
  return take(H5Dopen2(parent, name.c_str(), H5P_DEFAULT), "cannot open '" + name + "'");
}

bool exists(hid_t parent, const std::string& name) {
  const bool found = H5Lexists(parent, name.c_str(), H5P_DEFAULT) > 0;
  H5Eclear2(H5E_DEFAULT);
  return found;
}

std::vector<std::string> links(hid_t group) {
  std::vector<std::string> out;
  const auto visit = [](hid_t, const char* name, const H5L_info_t*, void* to) { return collect(name, to); };
  if (H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, visit, &out) < 0) {
    out.clear();
    check(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &out), "cannot list a group");
  }
  return out;
}

std::vector<std::string> attributes(hid_t object) {
  std::vector<std::string> out;
  const auto visit = [](hid_t, const char* name, const H5A_info_t*, void* to) { return collect(name, to); };
  check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &out), "cannot list attributes");
  return out;
}

Dims dims(hid_t dataset) {
  const Handle area = take(H5Dget_space(dataset), "cannot read the shape of a variable");
  const int rank = H5Sget_simple_extent_ndims(area);
  check(rank, "cannot read the shape of a variable");
  Dims out(static_cast<std::size_t>(rank));
  if (rank > 0) check(H5Sget_simple_extent_dims(area, out.data(), nullptr), "cannot read the shape of a variable");
  return out;
}

std::size_t elements(const Dims& d) {
  std::size_t n = 1;
  for (const auto x : d) n *= x;
  return n;
}

Handle string_type() {
  Handle type = take(H5Tcopy(H5T_C_S1), "cannot make a string type");
  check(H5Tset_size(type, H5T_VARIABLE), "cannot make a string type");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "cannot make a string type");
  return type;
}

bool is_text(hid_t dataset) {
  const Handle type = take(H5Dget_type(dataset), "cannot read the type of a variable");
  return H5Tget_class(type) == H5T_STRING;
}

Handle create_dataset(hid_t parent, const std::string& name, const Storage& storage, const Dims& shape) {
  const std::size_t element = H5Tget_size(storage.type);
  const bool small = elements(shape) * element < chunk_low;
  const Dims chunk =
      small || shape.empty() ? Dims{} : chunk_of(Dims(shape.begin() + 1, shape.end()), shape[0], element);
  return create(parent, name, storage, shape, shape, chunk);
}

void write(hid_t dataset, hid_t memory_type, const void* data) {
  if (elements(dims(dataset)) == 0) return;
  check(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "cannot write a variable");
}

void write_texts(hid_t parent, const std::string& name, const std::vector<std::string>& texts) {
  const Handle type = string_type();
  const Handle dataset = create_dataset(parent, name, {type, nullptr}, {texts.size()});
  write(dataset, type, pointers(texts).data());
}

Table::Table(hid_t parent, const std::string& name, const Storage& storage, const Dims& row, hsize_t expected_rows)
    : name_(name), shape_(row) {
  shape_.insert(shape_.begin(), 0);
  Dims limit = shape_;
  limit[0] = H5S_UNLIMITED;
  chunk_ = chunk_of(row, expected_rows, H5Tget_size(storage.type));
  dataset_ = create(parent, name, storage, shape_, limit, chunk_);
}

void Table::append(hid_t memory_type, const void* data, hsize_t rows) {
  if (rows == 0) return;
  start_library();  // rows may come from another thread than the one that made the file
  Dims start(shape_.size(), 0), count = shape_;
  start[0] = shape_[0];
  count[0] = rows;
  shape_[0] += rows;
  const std::string what = "cannot write '" + name_ + "'";
  check(H5Dset_extent(dataset_, shape_.data()), what);
  if (elements(count) == 0) return;
  const Handle target = take(H5Dget_space(dataset_), what);
  check(H5Sselect_hyperslab(target, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), what);
  check(H5Dwrite(dataset_, memory_type, space(count, count), target, H5P_DEFAULT, data), what);
}

void Table::append(const std::vector<std::string>& texts) {
  append(string_type(), pointers(texts).data(), texts.size());
}

bool Table::fits(hid_t from, hsize_t first, hsize_t n) const {
  Dims other = dims(from);
  if (other.empty() || n == 0 || first + n > other[0] || chunk(from) != chunk_) return false;
  other[0] = shape_[0];
  const auto between = [&](hsize_t row) { return row % chunk_[0] == 0; };
  return other == shape_ && between(first) && between(n) && between(shape_[0]);
}

void Table::append_stored(hid_t from, hsize_t first, hsize_t n, const TakeChunk& seen) {
  const std::string what = "cannot write '" + name_ + "'";
  const hsize_t begin = shape_[0];
  shape_[0] += n;
  check(H5Dset_extent(dataset_, shape_.data()), what);
  each_chunk(from, first, n, [&](const Dims& offset, std::uint32_t filters, std::span<const char> bytes) {
    Dims to = offset;
    to[0] = to[0] - first + begin;
    check(H5Dwrite_chunk(dataset_, H5P_DEFAULT, filters, to.data(), bytes.size(), bytes.data()), what);
    seen(to, filters, bytes);
  });
}

Dims chunk(hid_t dataset) {
  const Handle list = take(H5Dget_create_plist(dataset), "cannot read how a variable is stored");
  if (H5Pget_layout(list) != H5D_CHUNKED) return {};
  Dims out = dims(dataset);
  check(H5Pget_chunk(list, static_cast<int>(out.size()), out.data()), "cannot read how a variable is stored");
  return out;
}

void each_chunk(hid_t dataset, hsize_t first, hsize_t n, const TakeChunk& take_chunk) {
  const Dims size = chunk(dataset);
  Dims end = dims(dataset), at(end.size(), 0);
  if (elements(end) == 0 || n == 0) return;
  at[0] = first;
  end[0] = first + n;
  std::vector<char> bytes;
  while (at[0] < end[0]) {
    hsize_t stored = 0;
    std::uint32_t filters = 0;
    check(H5Dget_chunk_storage_size(dataset, at.data(), &stored), "cannot read a chunk");
    bytes.resize(stored);
    if (stored) check(H5Dread_chunk(dataset, H5P_DEFAULT, at.data(), &filters, bytes.data()), "cannot read a chunk");
    take_chunk(at, filters, bytes);
    for (std::size_t d = at.size(); d-- > 0;) {
      at[d] += size[d];
      if (at[d] < end[d] || d == 0) break;
      at[d] = 0;
    }
  }
}

void read_rows(hid_t dataset, hid_t memory_type, hsize_t first, hsize_t n, void* out) {
  Dims count = dims(dataset);
  if (elements(count) == 0 || n == 0) return;
  const Handle source = take(H5Dget_space(dataset), "cannot read a variable");
  if (!count.empty()) {
    Dims start(count.size(), 0);
    if (first > count[0] || n > count[0] - first) throw Error("rows past the end of a variable are asked for");
    start[0] = first;
    count[0] = n;
    check(H5Sselect_hyperslab(source, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
          "cannot read a variable");
  }
  check(H5Dread(dataset, memory_type, space(count, count), source, H5P_DEFAULT, out), "cannot read a variable");
}

std::vector<std::string> read_texts(hid_t dataset, hsize_t first, hsize_t n) {
  auto raw = read_rows<char*>(dataset, string_type(), first, n);
  return adopt(raw);
}

std::vector<std::string> read_texts(hid_t parent, const std::string& name) {
  const Handle dataset = open_dataset(parent, name);
  if (!is_text(dataset)) throw Error("'" + name + "' does not hold text");
  const Dims shape = dims(dataset);
  return read_texts(dataset, 0, shape.empty() ? 1 : shape[0]);
}

}  // namespace qantar::sim::h5
