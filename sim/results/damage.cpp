// What is wrong with a file. A damaged file can crash or stall the HDF5 library itself, so the library looks
// at it in a child process that is allowed to die.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <new>
#include <optional>
#include <set>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "sim/conversions.hpp"
#include "sim/results/child.hpp"
#include "sim/results/result_file.hpp"
#include "sim/results/seal.hpp"

namespace qantar::sim {
namespace {

namespace fs = std::filesystem;

/// How long one question may take: no disk needs more to read the whole file.
unsigned patience(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return 10 + (error ? 0 : static_cast<unsigned>(size / 10'000'000));
}

/// End of the file according to its own superblock (versions 0 to 3), or nothing when there is none.
std::optional<std::uint64_t> declared_size(const fs::path& path) {
  std::array<unsigned char, 64> head{};
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(head.data()), head.size());
  static constexpr unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  if (in.gcount() < 48 || std::memcmp(head.data(), signature, 8) != 0) return {};
  const unsigned version = head[8];
  const std::size_t at = version >= 2 ? 28 : version == 1 ? 44 : 40;
  std::uint64_t end = 0;
  std::memcpy(&end, &head[at], sizeof end);
  return end;
}

/// Too few descriptors would look like damage. Throws std::system_error.
void check_descriptors() {
  std::array<int, 8> held{};  // more than a check, its pipe and its child have open at a time
  int error = 0;
  for (auto& id : held)
    if ((id = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0) error = errno;
  for (const int id : held)
    if (id >= 0) close(id);
  if (error) throw std::system_error(error, std::generic_category(), "no file can be opened (ulimit -n)");
}

/// The first questions need no library. Returns whether it may be asked.
bool look_at_bytes(const fs::path& path, const Report& report) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    report(fs::exists(path, error) ? "it is no regular file" : "there is no such file");
    return false;
  }
  const auto size = fs::file_size(path, error);
  std::ifstream in(path, std::ios::binary);
  if (error || !in) {
    report("the file cannot be read");
    return false;
  }
  const auto declared = declared_size(path);
  if (!declared) {
    report(size < 48 ? fmt::format("the file is truncated: only {} bytes are left", size)
                     : "the file is not HDF5: its first bytes are damaged or it is something else");
    return false;
  }
  if (*declared > size) report(fmt::format("the file is truncated: {} of {} bytes are left", size, *declared));
  if (*declared < size) report(fmt::format("the file has {} bytes after its end", size - *declared));
  return true;
}

void compare_digests(hid_t file, unsigned seconds, const Report& report) {
  Digests expected;
  try {
    expected = read_manifest(file);
  } catch (const h5::Error& e) {
    return report(std::string("the list of digests provenance/manifest is damaged: ") + e.what());
  }
  std::vector<std::string> trouble;
  std::set<std::string> present;
  try {
    const auto objects = list_objects(file, &trouble);
    present.insert(objects.begin(), objects.end());
  } catch (const h5::Error& e) {
    trouble.emplace_back(e.what());
  }
  for (const auto& t : trouble) report(t);
  ObjectDigests digests(file);
  for (const auto& [object, digest] : expected) {
    alarm(seconds);
    try {
      if (!present.contains(object) && trouble.empty())
        report(object + " was removed");
      else if (digests.of(object) != digest)
        report(object + " was changed");
    } catch (const h5::Error& e) {
      report(object + " cannot be read: " + e.what());
    }
  }
  for (const auto& object : present)
    if (!expected.contains(object)) report(object + " was added");
}

template <class Work>
void attempt(const std::string& what, unsigned seconds, const Report& report, Work work) {
  alarm(seconds);
  try {
    work();
  } catch (const std::exception& e) {
    report(what + ": " + e.what());
  }
}

/// What our files never have: links, data in other files, filters of others, and shapes that claim more than the file
/// can hold, which a reader would make room for.
void look_at_structure(hid_t file, std::uint64_t file_bytes, const Report& report) {
  constexpr std::uint64_t most_shrunk = 1032, slack = 1 << 20;  // no stream of deflate grows by more
  std::uint64_t text_bytes = 0;
  ObjectDigests texts(file);
  for (const auto& object : list_objects(file)) {
    const auto blank = object.find(' ');
    const std::string sort = object.substr(0, blank), path = object.substr(blank + 1);
    if (sort == "link") report(path + " is a link to somewhere else");
    // Texts lie in heaps of their own, where the library can lose its way: they are read here before anybody else does.
    if (sort == "attribute") texts.of(object);
    if (sort != "dataset") continue;
    const h5::Handle dataset = h5::open_dataset(file, path);
    const h5::Handle plan = h5::take(H5Dget_create_plist(dataset), "cannot read how '" + path + "' is stored");
    const h5::Handle type = h5::take(H5Dget_type(dataset), "cannot read the type of '" + path + "'");
    const H5D_layout_t layout = H5Pget_layout(plan);
    if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
      report(path + " is made of other variables");
    if (H5Pget_external_count(plan) > 0) report(path + " has its numbers in another file");
    for (int i = 0; i < H5Pget_nfilters(plan); ++i) {
      unsigned flags = 0, settings = 0;
      std::size_t values = 0;
      const auto filter =
          H5Pget_filter2(plan, static_cast<unsigned>(i), &flags, &values, nullptr, 0, nullptr, &settings);
      if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
        report(fmt::format("{} is stored by filter {}, which this program never uses", path, static_cast<int>(filter)));
    }
    const h5::Dims shape = h5::dims(dataset);
    double bytes = real(H5Tget_size(type));  // may be more than any whole number holds
    for (const auto n : shape) bytes *= real(n);
    const std::uint64_t stored = H5Dget_storage_size(dataset);
    if (bytes > real(most_shrunk * stored + slack))
      report(fmt::format("{} claims {:.0f} bytes, and has {} in the file", path, bytes, stored));
    else if (H5Tis_variable_str(type) > 0 && h5::elements(shape) > 0) {  // many may share one text
      const h5::Handle area = h5::take(H5Dget_space(dataset), "cannot read the shape of '" + path + "'");
      hsize_t n = 0;
      if (!shape.empty())  // the library does not say it of a single text
        h5::check(H5Dvlen_get_buf_size(dataset, type, area, &n), "cannot read the texts of '" + path + "'");
      text_bytes += n;
      if (text_bytes <= 4 * file_bytes + slack) texts.of(object);
    }
  }
  if (text_bytes > 4 * file_bytes + slack)
    report(fmt::format("its texts claim {} bytes, more than the file can hold", text_bytes));
}

/// Of a file whose bytes are known to be damaged: lengths in it may be anything, and HDF5 believes them.
void limit_memory(const fs::path& path) {
  constexpr rlim_t files = 4, and_more = 128 << 20;
  std::ifstream pages("/proc/self/statm");
  rlim_t total, resident, shared, code, library, data;
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error || !(pages >> total >> resident >> shared >> code >> library >> data)) return;
  const rlim_t most = data * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + files * size + and_more;
  const rlimit limit{most, most};
  setrlimit(RLIMIT_DATA, &limit);
}

/// The questions for the library: the seal, and what it stands for when asked to be thorough.
void look_inside(const fs::path& path, bool thorough, const Report& report) {
  h5::Handle file;
  const unsigned seconds = patience(path);
  try {
    alarm(seconds);
    file = h5::open_file(path);
  } catch (const h5::Error& e) {
    return report(e.what());
  }
  bool newer = false, named = false, sealed = true;
  const Report name = [&](const std::string& entry) {
    named = true;
    report(entry);
  };
  attempt("the root attribute schema_version", seconds, name, [&] {
    const auto version = h5::integer(file, "schema_version");
    newer = version > result_schema_version;
    if (newer)
      name(fmt::format("schema_version {} is newer than {}, the newest that this program can check", version,
                       result_schema_version));
  });
  attempt("the seal provenance/file_sha256", seconds, name, [&] {
    const auto offset = seal_offset(file);
    sealed = sum_of_file(path, offset) == stored_seal(file);
    if (!sealed) report("the seal provenance/file_sha256 does not match the bytes of the file");
  });
  if (!sealed || named) limit_memory(path);
  if (newer) return;
  attempt("the structure of the file", seconds, name, [&] { look_at_structure(file, fs::file_size(path), name); });
  if (!thorough) return;
  compare_digests(file, seconds, name);
  attempt("the configuration", seconds, name, [&] {
    const h5::Handle group = h5::open_group(file, "provenance");
    if (sha256(h5::read_texts(group, "configuration").at(0)) != h5::text(group, "configuration_sha256"))
      name("provenance/configuration does not match configuration_sha256");
  });
  attempt("the content digest", seconds, name, [&] {
    // What is no table of trials says its kind, and its digest is the business of whoever writes that kind.
    if (!h5::has_attribute(file, "kind") && recompute_rows(file).hex() != h5::text(file, "content_digest"))
      name("content_digest does not match the rows of the file");
  });
  attempt("the root attribute complete", seconds, name, [&] {
    if (h5::integer(file, "complete") != 1) name("the result is incomplete");
  });
  if (!sealed && !named) report("only bytes outside of any variable or attribute were changed");
}

}  // namespace

std::vector<std::string> inspect(const fs::path& path, bool thorough) {
  check_descriptors();
  std::vector<std::string> out;
  if (!look_at_bytes(path, [&](const std::string& entry) { out.push_back(entry); })) return out;
  const Outcome outcome = in_child([&](const Report& report) {
    try {
      look_inside(path, thorough, report);
    } catch (const std::bad_alloc&) {
      report("the structure of the file is damaged: it asks for far more memory than a file of its size");
    }
  });
  out.insert(out.end(), outcome.reports.begin(), outcome.reports.end());
  if (outcome.end == Outcome::End::stalled)
    out.emplace_back("the structure of the file is damaged: the HDF5 library does not come to an end with it");
  if (outcome.end == Outcome::End::crashed)
    out.emplace_back("the structure of the file is damaged: the HDF5 library fails on it");
  return out;
}

std::vector<std::string> find_damage(const fs::path& path) { return inspect(path, true); }

}  // namespace qantar::sim
