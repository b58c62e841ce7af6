// Attributes and dimension scales: what makes the file describe itself.
#include <algorithm>

#include <hdf5_hl.h>

#include "sim/conversions.hpp"
#include "sim/results/hdf5.hpp"

namespace qantar::sim::h5 {
namespace {

void put_raw(hid_t object, const std::string& name, hid_t type, hid_t memory_type, const void* value, hid_t area) {
  const std::string what = "cannot write attribute '" + name + "'";
  const Handle attribute = take(H5Acreate2(object, name.c_str(), type, area, H5P_DEFAULT, H5P_DEFAULT), what);
  if (value) check(H5Awrite(attribute, memory_type, value), what);
}

Handle open_attribute(hid_t object, const std::string& name) {
  return take(H5Aopen(object, name.c_str(), H5P_DEFAULT), "attribute '" + name + "' is missing");
}

void get_number(hid_t object, const std::string& name, hid_t memory_type, void* out) {
  const Handle attribute = open_attribute(object, name);
  const Handle area = take(H5Aget_space(attribute), "cannot read attribute '" + name + "'");
  if (H5Sget_simple_extent_npoints(area) != 1) throw Error("attribute '" + name + "' is not one number");
  check(H5Aread(attribute, memory_type, out), "cannot read attribute '" + name + "'");
}

}  // namespace

void put(hid_t object, const std::string& name, std::string_view value) {
  const std::string copy(value);
  const char* pointer = copy.c_str();
  const Handle type = string_type(), area = take(H5Screate(H5S_SCALAR), "cannot make a scalar");
  put_raw(object, name, type, type, &pointer, area);
}

void put(hid_t object, const std::string& name, const std::vector<std::string>& values) {
  std::vector<const char*> pointers;
  for (const auto& v : values) pointers.push_back(v.c_str());
  const hsize_t n = values.size();
  const Handle type = string_type(), area = take(H5Screate_simple(1, &n, nullptr), "cannot make a list");
  put_raw(object, name, type, type, n ? pointers.data() : nullptr, area);
}

void put(hid_t object, const std::string& name, hid_t type, hid_t memory_type, const void* value) {
  put_raw(object, name, type, memory_type, value, take(H5Screate(H5S_SCALAR), "cannot make a scalar"));
}

void put(hid_t object, const std::string& name, hid_t type, const std::vector<std::int64_t>& values) {
  const hsize_t n = values.size();
  put_raw(object, name, type, H5T_NATIVE_INT64, values.data(),
          take(H5Screate_simple(1, &n, nullptr), "cannot make a list"));
}

void put_int(hid_t object, const std::string& name, std::int64_t value) {
  put(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

void put_real(hid_t object, const std::string& name, double value) {
  put(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

bool has_attribute(hid_t object, const std::string& name) { return H5Aexists(object, name.c_str()) > 0; }

std::vector<std::string> texts(hid_t object, const std::string& name) {
  const std::string what = "cannot read attribute '" + name + "'";
  const Handle attribute = open_attribute(object, name);
  const Handle type = take(H5Aget_type(attribute), what), area = take(H5Aget_space(attribute), what);
  if (H5Tget_class(type) != H5T_STRING) throw Error("attribute '" + name + "' is not a text");
  const std::size_t n = std::max<hssize_t>(H5Sget_simple_extent_npoints(area), 0);
  std::vector<std::string> out;
  if (H5Tis_variable_str(type) > 0) {
    std::vector<char*> raw(n);
    if (n) check(H5Aread(attribute, string_type(), raw.data()), what);
    for (char* p : raw) {
      out.emplace_back(p ? p : "");
      H5free_memory(p);
    }
  } else {  // only the library's own CLASS and NAME of a dimension scale
    const std::size_t size = H5Tget_size(type);
    std::string raw(n * size, '\0');
    if (n) check(H5Aread(attribute, type, raw.data()), what);
    for (std::size_t i = 0; i < n; ++i) out.emplace_back(raw.substr(i * size, size).c_str());
  }
  return out;
}

std::string text(hid_t object, const std::string& name) {
  auto all = texts(object, name);
  if (all.size() != 1) throw Error("attribute '" + name + "' is not one text");
  return std::move(all.front());
}

std::int64_t integer(hid_t object, const std::string& name) {
  std::int64_t out = 0;
  get_number(object, name, H5T_NATIVE_INT64, &out);
  return out;
}

std::uint64_t unsigned_integer(hid_t object, const std::string& name) {
  std::uint64_t out = 0;
  get_number(object, name, H5T_NATIVE_UINT64, &out);
  return out;
}

double real(hid_t object, const std::string& name) {
  double out = 0;
  get_number(object, name, H5T_NATIVE_DOUBLE, &out);
  return out;
}

void make_scale(hid_t dataset) { check(H5DSset_scale(dataset, nullptr), "cannot make a dimension"); }

void attach_scale(hid_t variable, hid_t scale, unsigned axis) {
  check(H5DSattach_scale(variable, scale, axis), "cannot name an axis");
}

void attach_scale(hid_t variable, hid_t parent, const std::string& scale, unsigned axis) {
  attach_scale(variable, open_dataset(parent, scale), axis);
}

std::vector<std::string> scales(hid_t variable) {
  std::vector<std::string> out;
  const auto visit = [](hid_t, unsigned, hid_t scale, void* to) -> herr_t {
    std::string path(1024, '\0');
    const ssize_t n = H5Iget_name(scale, path.data(), path.size());
    if (n < 0) return -1;
    path.resize(std::min<std::size_t>(static_cast<std::size_t>(n), path.size() - 1));
    static_cast<std::vector<std::string>*>(to)->push_back(path.substr(path.rfind('/') + 1));
    return 1;
  };
  const std::size_t rank = dims(variable).size();
  for (unsigned axis = 0; axis < rank; ++axis) {
    check(H5DSiterate_scales(variable, axis, nullptr, visit, &out), "cannot read the names of axes");
    if (out.size() != axis + 1) throw Error("a variable has an axis without a name");
  }
  return out;
}

}  // namespace qantar::sim::h5
