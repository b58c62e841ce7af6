// The parts of a file and the digest of each.
#include <algorithm>

#include <fmt/format.h>

#include "sim/results/digest.hpp"
#include "sim/results/seal.hpp"

namespace qantar::sim {
namespace {

bool is_own(const std::string& path) {
  return path.starts_with("/provenance/manifest") || path.starts_with("/provenance/file_sha256");
}

/// Runs `work`, turning a failure into an entry when the caller collects them.
template <class Work>
void attempt(const std::string& what, std::vector<std::string>* trouble, Work work) {
  try {
    work();
  } catch (const h5::Error& e) {
    if (!trouble) throw;
    trouble->push_back(what + " cannot be read: " + e.what());
  }
}

void list_attributes(hid_t object, const std::string& path, std::vector<std::string>& out,
                     std::vector<std::string>* trouble) {
  attempt("the attributes of " + path, trouble, [&] {
    for (const auto& name : h5::attributes(object)) out.push_back("attribute " + path + "@" + name);
  });
}

void list_group(hid_t group, const std::string& path, int depth, std::vector<std::string>& out,
                std::vector<std::string>* trouble) {
  if (depth > 8) throw h5::Error("groups lie too deep");  // also ends a cycle in a damaged file
  std::vector<std::string> names;
  attempt("group " + path, trouble, [&] { names = h5::links(group); });
  for (const auto& name : names) {
    const std::string full = (path == "/" ? path : path + "/") + name;
    if (is_own(full)) continue;
    attempt(full, trouble, [&] {
      H5L_info_t link;
      h5::check(H5Lget_info(group, name.c_str(), &link, H5P_DEFAULT), "cannot look at a link");
      if (link.type != H5L_TYPE_HARD) return out.push_back("link " + full);
      const h5::Handle object = h5::take(H5Oopen(group, name.c_str(), H5P_DEFAULT), "cannot open it");
      const bool folder = H5Iget_type(object) == H5I_GROUP;
      out.push_back((folder ? "group " : "dataset ") + full);
      list_attributes(object, full, out, trouble);
      if (folder) list_group(object, full, depth + 1, out, trouble);
    });
  }
}

std::string shape_text(hid_t type, const h5::Dims& shape) {
  std::string out = fmt::format("{} {} {}", static_cast<int>(H5Tget_class(type)), H5Tget_size(type),
                                static_cast<int>(H5Tget_sign(type)));
  for (const auto d : shape) out += fmt::format(" {}", d);
  return out;
}

/// One entry of REFERENCE_LIST of a dimension scale, as the dimension scale interface lays it out.
struct Use {
  hobj_ref_t variable;
  int axis;
};

}  // namespace

void ChunkSum::add(std::uint32_t filters, std::span<const char> bytes) {
  sum.add(&filters, sizeof filters);
  sum.add_text({bytes.data(), bytes.size()});
}

/// Of a variable in chunks the stored bytes count, so that nothing has to be inflated; of texts what they say, because
/// they are stored elsewhere in the file.
std::string ObjectDigests::of_dataset(const std::string& path) {
  const h5::Handle dataset = h5::open_dataset(file_, path);
  const h5::Handle type = h5::take(H5Dget_type(dataset), "cannot read its type");
  const h5::Dims shape = h5::dims(dataset), chunk = h5::chunk(dataset);
  const bool text = H5Tget_class(type) == H5T_STRING;
  if (text && H5Tis_variable_str(type) <= 0) throw h5::Error("a type that no result has");
  const std::size_t rows = shape.empty() ? 1 : shape[0];
  ChunkSum sum;
  if (text) {
    constexpr std::size_t batch = 4096;
    for (std::size_t first = 0; first < rows; first += batch)
      for (const auto& t : h5::read_texts(dataset, first, std::min(batch, rows - first))) sum.sum.add_text(t);
  } else if (!chunk.empty()) {
    if (const auto begun = begun_.find(path); begun != begun_.end()) sum = std::move(begun->second);
    h5::each_chunk(
        dataset, sum.rows, rows - sum.rows,
        [&](const h5::Dims&, std::uint32_t filters, std::span<const char> bytes) { sum.add(filters, bytes); });
  } else {
    std::vector<char> all(h5::elements(shape) * H5Tget_size(type));
    h5::read_rows(dataset, type, 0, rows, all.data());
    sum.sum.add(all.data(), all.size());
  }
  sum.sum.add_text(text ? "text " + shape_text(type, shape) : shape_text(type, shape));
  sum.sum.add_text(shape_text(type, chunk));
  return sum.sum.hex();
}

ObjectDigests::ObjectDigests(hid_t file, ChunkSums begun) : file_(file), begun_(std::move(begun)) {
  const auto note = [](hid_t, const char* name, const H5O_info_t* info, void* out) -> herr_t {
    static_cast<std::map<hobj_ref_t, std::string>*>(out)->emplace(info->addr, std::string("/") + name);
    return 0;
  };
  // In a damaged file some names stay unknown; whoever needs one says so.
  H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_NATIVE, note, &names_, H5O_INFO_BASIC);
}

std::string ObjectDigests::name_of(const hobj_ref_t& reference) const {
  const auto found = names_.find(reference);
  if (found == names_.end()) throw h5::Error("a reference leads nowhere");
  return found->second;
}

/// Names of the variables that use a scale, without ours, in alphabetical order.
std::vector<std::string> ObjectDigests::uses(hid_t attribute, std::size_t n) const {
  const h5::Handle type = h5::take(H5Tcreate(H5T_COMPOUND, sizeof(Use)), "cannot make a type");
  h5::check(H5Tinsert(type, "dataset", HOFFSET(Use, variable), H5T_STD_REF_OBJ), "cannot make a type");
  h5::check(H5Tinsert(type, "dimension", HOFFSET(Use, axis), H5T_NATIVE_INT), "cannot make a type");
  std::vector<Use> all(n);
  if (n) h5::check(H5Aread(attribute, type, all.data()), "cannot read it");
  std::vector<std::string> out;
  for (const auto& u : all) out.push_back(fmt::format("{} {}", name_of(u.variable), u.axis));
  std::ranges::sort(out);
  return out;
}

std::vector<std::string> ObjectDigests::axes(hid_t attribute, hid_t type, std::size_t n) const {
  std::vector<hvl_t> all(n);
  if (n) h5::check(H5Aread(attribute, type, all.data()), "cannot read it");
  std::vector<std::string> out;
  for (const auto& list : all) {
    const auto* references = static_cast<const hobj_ref_t*>(list.p);
    for (std::size_t i = 0; i < list.len; ++i) out.push_back(name_of(references[i]));
    out.emplace_back();
    H5free_memory(list.p);
  }
  return out;
}

std::string ObjectDigests::of_attribute(const std::string& path, const std::string& name) const {
  const h5::Handle object = h5::take(H5Oopen(file_, path.c_str(), H5P_DEFAULT), "cannot open its object");
  const h5::Handle attribute = h5::take(H5Aopen(object, name.c_str(), H5P_DEFAULT), "cannot open it");
  const h5::Handle type = h5::take(H5Aget_type(attribute), "cannot read its type");
  const h5::Handle area = h5::take(H5Aget_space(attribute), "cannot read its shape");
  const hssize_t points = H5Sget_simple_extent_npoints(area);
  if (points < 0) throw h5::Error("cannot read its shape");
  const std::size_t n = points;
  const h5::Dims shape(1, n);
  Sha256 sum;
  std::vector<std::string> texts;
  switch (H5Tget_class(type)) {
    case H5T_STRING:
      texts = h5::texts(object, name);
      break;
    case H5T_VLEN:
      texts = axes(attribute, type, n);
      break;
    case H5T_COMPOUND:
      texts = uses(attribute, n);
      break;
    default: {
      std::vector<char> raw(n * H5Tget_size(type));
      if (n) h5::check(H5Aread(attribute, type, raw.data()), "cannot read it");
      sum.add_text(shape_text(type, shape));
      sum.add(raw.data(), raw.size());
      return sum.hex();
    }
  }
  sum.add_text("texts");
  for (const auto& t : texts) sum.add_text(t);
  return sum.hex();
}

std::vector<std::string> list_objects(hid_t file, std::vector<std::string>* trouble) {
  std::vector<std::string> out;
  const h5::Handle root = h5::open_group(file, "/");
  list_attributes(root, "/", out, trouble);
  attempt("group /", trouble, [&] { list_group(root, "/", 0, out, trouble); });
  return out;
}

std::string ObjectDigests::of(const std::string& object) {
  const auto space = object.find(' ');
  const std::string kind = object.substr(0, space), path = object.substr(space + 1);
  if (kind == "dataset") return of_dataset(path);
  if (kind == "attribute") {
    const auto at = path.rfind('@');
    return of_attribute(path.substr(0, at), path.substr(at + 1));
  }
  if (kind == "group") h5::open_group(file_, path);
  return std::string(64, '0');
}

}  // namespace qantar::sim
